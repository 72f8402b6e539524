// Files people have and this program does not read, so that opening one says what it is and what to do instead. A row
// tells a file by its content: first bytes, and where these are not enough a look further inside.

#include "core/io/formats/unread_formats.h"

#include "core/io/formats/unread_matches.h"

#include <algorithm>

namespace shapewise::io {

namespace {

using namespace unread;

constexpr std::string_view kAsKerasJson =
    "Save its layers as JSON: in Keras, write model.to_json() to a file, and open that";
constexpr std::string_view kConvertToKeras =
    "Build the model in Keras, or convert it, and open what model.to_json() gives";
constexpr std::string_view kAsArray = "Read it in Python and save one array with numpy.save(path, array)";
constexpr std::string_view kAsPng = "Save it as PNG or JPEG and open that";
constexpr std::string_view kAsWave = "Save it as WAV or FLAC and open that, for example: ffmpeg -i FILE new.wav";
constexpr std::string_view kFrames =
    "Save single pictures as PNG, for example: ffmpeg -i FILE frame%04d.png, or its sound as WAV: ffmpeg -i FILE "
    "new.wav";
constexpr std::string_view kUnpack = "Unpack it and open the file in it";

struct Row {
    std::string_view name;
    Match (*match)(std::string_view head);
    std::string_view what;
    std::string_view advice;
    bool (*looks)(const InputFile& file) = nullptr;
    bool (*holds)(ModelFile& file) = nullptr;
};

// In the order in which they are asked: what is told by more stands in front of what is told by less.
constexpr Row kRows[] = {
    // models
    {"TensorFlow.js graph model", matchJson, "a TensorFlow.js graph model, which holds operations and no layers",
     "Convert it as a layers-model: tensorflowjs_converter --output_format=tfjs_layers_model", nullptr, isGraphModel},
    {"MXNet symbol", matchJson, "an MXNet model, which holds operations and no layers", kConvertToKeras, nullptr,
     isMxnet},
    {"MATLAB 7.3", bytesAt<"MATLAB 7.3 MAT-file">, "a MATLAB file (version 7.3)",
     "In Python: numpy.save(path, h5py.File(name)['VARIABLE']), which gives one array"},
    {"MATLAB 5", bytesAt<"MATLAB 5.0 MAT-file">, "a MATLAB file (version 5)",
     "In Python: numpy.save(path, scipy.io.loadmat(name)['VARIABLE']), which gives one array"},
    {"MATLAB 4", isMatlab4, "a MATLAB file (version 4)",
     "In Python: numpy.save(path, scipy.io.loadmat(name)['VARIABLE']), which gives one array"},
    {"Keras HDF5 model", isHdf5, "a Keras model in an HDF5 file (.h5)",
     "In Keras, write keras.models.load_model(name).to_json() to a .json file and open that", hasKerasModel},
    {"Keras HDF5 weights", isHdf5, "an HDF5 file with the weights of a Keras model, without its layers",
     "Open the model that model.to_json() gives", hasKerasWeights},
    {"HDF5", isHdf5, "an HDF5 file",
     "A model: write model.to_json() to a .json file. Data: numpy.save(path, h5py.File(name)['NAME'])"},
    {"Keras archive", bytesAt<"PK\x03\x04">, "a Keras model (.keras)",
     "In Keras, write keras.models.load_model(name).to_json() to a .json file and open that", isKerasArchive},
    {"TorchScript", bytesAt<"PK\x03\x04">, "a TorchScript model of PyTorch", kConvertToKeras,
     hasMember<"constants.pkl">},
    {"PyTorch archive", bytesAt<"PK\x03\x04">, "a PyTorch file (.pt, .pth)",
     "A model: build it in Keras and open what model.to_json() gives. A tensor: numpy.save(path, tensor.numpy())",
     hasMember<"/data.pkl">},
    {"NumPy archive", bytesAt<"PK\x03\x04">, "a NumPy archive (.npz) of several arrays",
     "Save one of them: numpy.save(path, numpy.load(name)['ARRAY'])", isNpz},
    {"SavedModel archive", bytesAt<"PK\x03\x04">, "a zip archive with a TensorFlow SavedModel", kAsKerasJson,
     hasMember<"saved_model.pb">},
    {"Office document", bytesAt<"PK\x03\x04">, "a document of an office program",
     "Export its numbers as an array with numpy.save", isOffice},
    {"zip archive", bytesAt<"PK\x03\x04">, "a zip archive", kUnpack},
    {"zip archive without members", bytesAt<"PK\x05\x06">, "a zip archive without a file in it", "Choose another file"},
    {"TensorFlow Lite", bytesAt<"TFL3", 4>, "a TensorFlow Lite model (.tflite)", kConvertToKeras},
    {"PyTorch pickle", bytesAt<"\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19">,
     "a PyTorch file (.pt, .pth)",
     "A model: build it in Keras and open what model.to_json() gives. A tensor: numpy.save(path, tensor.numpy())"},
    {"pickle", isPickle, "a Python pickle, which holds any objects",
     "Load it in Python, and save an array with numpy.save or a Keras model with model.to_json()"},
    {"safetensors", isSafetensors, "a safetensors file: weights without layers",
     "Build the model in Keras and open what model.to_json() gives. One tensor: numpy.save(path, tensor)"},
    {"GGUF", bytesAt<"GGUF">, "a GGUF model of llama.cpp", kConvertToKeras},
    {"GGML", anyOf<bytesAt<"lmgg">, bytesAt<"fmgg">, bytesAt<"tjgg">, bytesAt<"algg">>, "a GGML model of llama.cpp",
     kConvertToKeras},
    {"Darknet", isNetConfiguration, "a Darknet configuration (.cfg)", kConvertToKeras},
    {"Caffe prototxt", isCaffeText, "a Caffe model (.prototxt)", kConvertToKeras},
    {"Keras YAML", isYamlModel, "a Keras model in YAML", "Write model.to_json() to a file and open that"},
    {"OpenVINO", isOpenVino, "an OpenVINO model (.xml)", kConvertToKeras},
    {"R data", anyOf<bytesAt<"RDX2\n">, bytesAt<"RDX3\n">, bytesAt<"RDA">>, "an R data file",
     "In R: RcppCNPy::npySave(path, matrix)"},
    // data
    {"Parquet", bytesAt<"PAR1">, "a Parquet table",
     "In Python: numpy.save(path, pandas.read_parquet(name).to_numpy('float32'))"},
    {"Arrow", anyOf<bytesAt<"ARROW1">, bytesAt<"FEA1">>, "an Arrow (Feather) table",
     "In Python: numpy.save(path, pandas.read_feather(name).to_numpy('float32'))"},
    {"SQLite", bytesAt<"SQLite format 3">, "an SQLite database", kAsArray},
    {"DICOM", bytesAt<"DICM", 128>, "a DICOM picture",
     "In Python: numpy.save(path, pydicom.dcmread(name).pixel_array.astype('float32'))"},
    {"NIfTI", anyOf<bytesAt<Text("n+1\0"), 344>, bytesAt<Text("ni1\0"), 344>>, "a NIfTI volume",
     "In Python: numpy.save(path, nibabel.load(name).get_fdata('float32'))"},
    {"FITS", bytesAt<"SIMPLE  =">, "a FITS file", "In Python: numpy.save(path, astropy.io.fits.getdata(name))"},
    {"netCDF", anyOf<bytesAt<"CDF\x01">, bytesAt<"CDF\x02">, bytesAt<"CDF\x05">>, "a netCDF file", kAsArray},
    {"WebP", allOf<bytesAt<"RIFF">, bytesAt<"WEBP", 8>>, "a WebP picture", kAsPng},
    {"AVI", allOf<bytesAt<"RIFF">, bytesAt<"AVI ", 8>>, "a video (AVI)", kFrames},
    {"RIFF MIDI", allOf<bytesAt<"RIFF">, bytesAt<"RMID", 8>>, "a MIDI file: notes, no sound",
     "Play it into a WAV file and open that"},
    {"GIF", bytesAt<"GIF8">, "a GIF picture", kAsPng},
    {"BMP", isBmp, "a BMP picture", kAsPng},
    {"TIFF", anyOf<bytesAt<Text("II*\0")>, bytesAt<Text("MM\0*")>, bytesAt<Text("II+\0")>, bytesAt<Text("MM\0+")>>,
     "a TIFF picture", kAsPng},
    {"JPEG 2000", anyOf<bytesAt<Text("\0\0\0\x0CjP  ")>, bytesAt<"\xFF\x4F\xFF\x51">>, "a JPEG 2000 picture", kAsPng},
    {"JPEG XL", anyOf<bytesAt<"\xFF\x0A">, bytesAt<Text("\0\0\0\x0CJXL ")>>, "a JPEG XL picture", kAsPng},
    {"AVIF", anyOf<isBrand<"avif">, isBrand<"avis">>, "an AVIF picture", kAsPng},
    {"HEIC", anyOf<isBrand<"heic">, isBrand<"heix">, isBrand<"heim">, isBrand<"mif1">, isBrand<"msf1">>,
     "a HEIC picture", kAsPng},
    {"Photoshop", bytesAt<"8BPS">, "a Photoshop picture", kAsPng},
    {"Windows icon", bytesAt<Text("\0\0\x01\0")>, "a Windows icon", kAsPng},
    {"OpenEXR", bytesAt<"\x76\x2F\x31\x01">, "an OpenEXR picture", kAsPng},
    {"Radiance", anyOf<bytesAt<"#?RADIANCE">, bytesAt<"#?RGBE">>, "a Radiance HDR picture", kAsPng},
    {"QOI", bytesAt<"qoif">, "a QOI picture", kAsPng},
    {"PNM", isPnm, "a PBM, PGM or PPM picture", kAsPng},
    {"SVG", isSvg, "an SVG drawing", kAsPng},
    {"M4A", anyOf<isBrand<"M4A">, isBrand<"M4B">>, "sound in MPEG-4 (M4A)", kAsWave},
    {"MPEG-4", bytesAt<"ftyp", 4>, "a video (MP4 or QuickTime)", kFrames},
    {"QuickTime", anyOf<bytesAt<"moov", 4>, bytesAt<"mdat", 4>>, "a video (QuickTime)", kFrames},
    {"Matroska", bytesAt<"\x1A\x45\xDF\xA3">, "a video (Matroska or WebM)", kFrames},
    {"Flash video", bytesAt<"FLV\x01">, "a video (FLV)", kFrames},
    {"MPEG video", anyOf<bytesAt<Text("\0\0\x01\xBA")>, bytesAt<Text("\0\0\x01\xB3")>>, "a video (MPEG)", kFrames},
    {"Windows Media", bytesAt<"\x30\x26\xB2\x75\x8E\x66\xCF\x11">, "a Windows Media file (WMA or WMV)", kAsWave},
    {"AAC", isAac, "sound in AAC", kAsWave},
    {"AMR", bytesAt<"#!AMR">, "sound in AMR", kAsWave},
    {"Monkey's Audio", bytesAt<"MAC ">, "sound in Monkey's Audio (APE)", kAsWave},
    {"WavPack", bytesAt<"wvpk">, "sound in WavPack", kAsWave},
    {"Musepack", anyOf<bytesAt<"MP+">, bytesAt<"MPCK">>, "sound in Musepack", kAsWave},
    {"True Audio", bytesAt<"TTA1">, "sound in True Audio", kAsWave},
    {"DSD", anyOf<bytesAt<"DSD ">, bytesAt<"FRM8">>, "sound in DSD", kAsWave},
    {"MIDI", bytesAt<"MThd">, "a MIDI file: notes, no sound", "Play it into a WAV file and open that"},
    {"TFRecord", isTfRecord, "a TFRecord file",
     "In Python: read an example with tf.data.TFRecordDataset and save its array with numpy.save"},
    // documents and archives
    {"PDF", bytesAt<"%PDF-">, "a PDF document", "Save a page as PNG and open that"},
    {"gzip", bytesAt<"\x1F\x8B">, "a gzip archive", kUnpack},
    {"bzip2", bytesAt<"BZh">, "a bzip2 archive", kUnpack},
    {"xz",
     bytesAt<Text("\xFD"
                  "7zXZ\0")>,
     "an xz archive", kUnpack},
    {"zstd", bytesAt<"\x28\xB5\x2F\xFD">, "a zstd archive", kUnpack},
    {"7z", bytesAt<"7z\xBC\xAF\x27\x1C">, "a 7z archive", kUnpack},
    {"rar", bytesAt<"Rar!\x1A\x07">, "a rar archive", kUnpack},
    {"tar", bytesAt<"ustar", 257>, "a tar archive", kUnpack},
    {"program",
     anyOf<bytesAt<"\x7F"
                   "ELF">,
           bytesAt<"MZ\x90">>,
     "a program", "Choose another file"},
    // told by more than the first bytes, and what is least certain
    {"ONNX", mayBeProtobuf, "an ONNX model", kConvertToKeras, isOnnx},
    {"SavedModel", mayBeProtobuf, "a TensorFlow SavedModel (saved_model.pb)",
     "In Keras, write the JSON of the model it was saved from, model.to_json(), to a file and open that", isSavedModel},
    {"Core ML", mayBeProtobuf, "a Core ML model (.mlmodel)", kConvertToKeras, isCoreMl},
    {"Caffe", mayBeProtobuf, "a Caffe model (.caffemodel)", kConvertToKeras, isCaffe},
    {"TensorFlow graph", mayBeProtobuf, "a TensorFlow graph (.pb), which holds operations and no layers",
     kConvertToKeras, isGraphDef},
    {"TensorFlow checkpoint", mayBeAnything, "the index of a TensorFlow checkpoint: weights without layers",
     "Open the model that model.to_json() gives", isCheckpointIndex},
    {"IDX", bytesAt<Text("\0\0")>, "an IDX array, as those of MNIST",
     "In Python: numpy.save(path, numpy.frombuffer(open(name, 'rb').read(), 'uint8', offset=16).reshape(-1, 28, 28)), "
     "with offset=8 and no reshape for labels",
     isIdx},
    {"Git LFS pointer", bytesAt<"version https://git-lfs.github.com/spec/">,
     "a pointer of Git LFS, in place of the file itself", "Fetch the file: git lfs pull"},
    {"HTML", anyOf<textAt<"<!doctype html">, textAt<"<html">>, "a web page (HTML)",
     "It may have come in place of a file: download that itself"},
    {"XML", textAt<"<?xml">, "an XML file", kAsArray},
    {"JSON numbers", matchJsonNumbers, "numbers as JSON",
     "In Python: numpy.save(path, numpy.array(json.load(open(name)), 'float32'))"},
    {"ARFF", textAt<"@relation">, "an ARFF table of Weka", kAsArray},
    {"LZ4", bytesAt<"\x04\x22\x4D\x18">, "an LZ4 archive", kUnpack},
    {"DirectDraw", bytesAt<"DDS ">, "a DDS picture", kAsPng},
    {"number table", isTable<',', TableColumns::AllNumbers>, "a table of numbers in a text file (CSV)",
     "In Python: numpy.save(path, numpy.loadtxt(name, delimiter=',', skiprows=1)), with skiprows=0 where no line of "
     "names comes first"},
    {"number table with semicolons", isTable<';', TableColumns::AllNumbers>, "a table of numbers in a text file (CSV)",
     "In Python: numpy.save(path, numpy.loadtxt(name, delimiter=';', skiprows=1)), with skiprows=0 where no line of "
     "names comes first"},
    {"number table with tabs or blanks",
     anyOf<isTable<'\t', TableColumns::AllNumbers>, isTable<' ', TableColumns::AllNumbers>>,
     "a table of numbers in a text file",
     "In Python: numpy.save(path, numpy.loadtxt(name, skiprows=1)), with skiprows=0 where no line of names comes "
     "first"},
    {"table",
     anyOf<isTable<',', TableColumns::AlsoText>, isTable<';', TableColumns::AlsoText>,
           isTable<'\t', TableColumns::AlsoText>>,
     "a table with text in a text file (CSV)",
     "In Python: numpy.save(path, pandas.read_csv(name, sep=None).select_dtypes('number').to_numpy('float32')), which "
     "leaves out the columns of text"},
};

}  // namespace

std::vector<Format> unreadFormats() {
    std::vector<Format> formats;
    formats.reserve(std::size(kRows));
    for (const Row& row : kRows)
        formats.push_back({row.name, "", row.match, UnreadFormat{row.holds, row.looks, row.what, row.advice}});
    return formats;
}

std::optional<UnreadFolder> unreadFolder(const std::filesystem::path& folder) {
    constexpr std::string_view kFromKeras =
        "In Keras, write model.to_json() of that model to a file and open that; or choose a folder of data files";
    std::error_code ignored;
    const auto has = [&](const char* name) { return std::filesystem::exists(folder / name, ignored); };
    if (has("saved_model.pb") || has("saved_model.pbtxt")) return UnreadFolder{"a TensorFlow SavedModel", kFromKeras};
    if (has("Manifest.json") && has("Data/com.apple.CoreML"))
        return UnreadFolder{"a Core ML package (.mlpackage)", kFromKeras};
    if (has("config.json") && has("model.weights.h5"))
        return UnreadFolder{"an unpacked Keras model (.keras)", kFromKeras};
    if (has("checkpoint")) return UnreadFolder{"a folder of TensorFlow checkpoints", kFromKeras};
    if (has(".zarray") || has(".zgroup") || has("zarr.json"))
        return UnreadFolder{"a Zarr store", "In Python: numpy.save(path, zarr.open(name)[:]), which gives one array"};
    return std::nullopt;
}

}  // namespace shapewise::io
