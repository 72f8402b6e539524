// Files people have and this program does not read, so that opening one says what it is and what to do instead. A row
// tells a file by its content: first bytes, and where these are not enough a look further inside.

#include "core/io/formats/unread_formats.h"

#include "core/io/formats/protobuf_fields.h"
#include "core/io/formats/text_tables.h"
#include "core/io/formats/zip_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace shapewise::io {

namespace {

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

// First bytes

template <std::size_t Size>
struct Text {
    char text[Size]{};
    constexpr Text(const char (&from)[Size]) { std::copy_n(from, Size, text); }
    [[nodiscard]] constexpr std::string_view view() const { return {text, Size - 1}; }
};

template <Text Bytes, std::size_t At = 0>
Match bytesAt(std::string_view head) {
    return head.size() >= At && head.substr(At).starts_with(Bytes.view()) ? Match::Certain : Match::No;
}

template <Match (*... Tests)(std::string_view)>
Match anyOf(std::string_view head) {
    return ((Tests(head) != Match::No) || ...) ? Match::Certain : Match::No;
}

template <Match (*... Tests)(std::string_view)>
Match allOf(std::string_view head) {
    return ((Tests(head) != Match::No) && ...) ? Match::Certain : Match::No;
}

std::uint64_t littleEndian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t index = bytes.size(); index-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[index]);
    return value;
}

bool isPrintable(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

/// The first line that is neither empty nor a comment, without spaces in front.
std::string_view firstLine(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        std::string_view line = text.substr(0, end);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!line.empty() && line.front() != '#' && line.front() != ';' && line != "---") return line;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

Match isNetConfiguration(std::string_view head) {
    const std::string_view line = firstLine(head);
    return isPrintable(head) && (line.starts_with("[net]") || line.starts_with("[network]")) ? Match::Certain
                                                                                             : Match::No;
}

Match isCaffeText(std::string_view head) {
    const auto has = [&](std::string_view text) { return head.find(text) != std::string_view::npos; };
    return isPrintable(head) && !head.starts_with('{') && (has("layer {") || has("layers {") || has("layer{")) &&
                   (has("type:") || has("bottom:") || has("top:"))
               ? Match::Certain
               : Match::No;
}

Match isYamlModel(std::string_view head) {
    const std::string_view line = firstLine(head);
    return isPrintable(head) && (line.starts_with("backend:") || line.starts_with("class_name:")) &&
                   head.find("class_name:") != std::string_view::npos
               ? Match::Certain
               : Match::No;
}

Match isOpenVino(std::string_view head) {
    return isPrintable(head) && head.find("<net ") != std::string_view::npos &&
                   head.find("<layers>") != std::string_view::npos
               ? Match::Certain
               : Match::No;
}

template <char Separator, TableColumns Columns>
Match isTable(std::string_view head) {
    return matchTable(head, Separator, Columns);
}

bool startsWithText(std::string_view head, std::string_view lowerCase) {
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), head.size()));
    return head.size() >= lowerCase.size() &&
           std::equal(lowerCase.begin(), lowerCase.end(), head.begin(),
                      [](char wanted, char c) { return wanted == std::tolower(static_cast<unsigned char>(c)); });
}
template <Text Start>
Match textAt(std::string_view head) {
    return startsWithText(head, Start.view()) ? Match::Certain : Match::No;
}

/// A matrix begins with its kind, extents, whether it is complex, and the length of its name, in either byte order.
Match isMatlab4(std::string_view head) {
    constexpr std::size_t kHead = 20;
    if (head.size() <= kHead) return Match::No;
    for (const bool isBigEndian : {false, true}) {
        const auto number = [&](std::size_t at) {
            std::string bytes(head.substr(4 * at, 4));
            if (isBigEndian) std::reverse(bytes.begin(), bytes.end());
            return littleEndian(bytes);
        };
        const std::uint64_t kind = number(0);
        const std::uint64_t length = number(4);
        constexpr std::uint64_t kBigEndian = 1000;
        const bool isKind = kind / 100 * 100 == (isBigEndian ? kBigEndian : 0) && kind / 10 % 10 <= 5 && kind % 10 <= 2;
        if (!isKind || number(3) > 1 || length < 2 || length > 64 || head.size() < kHead + length) continue;
        const std::string_view name = head.substr(kHead, length - 1);
        const bool isName = std::all_of(name.begin(), name.end(), [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
        });
        // libsndfile writes sound so, its rate first.
        if (isName && head[kHead + length - 1] == '\0' && name != "samplerate") return Match::Certain;
    }
    return Match::No;
}

Match isSafetensors(std::string_view head) {
    if (head.size() < 10 || head.substr(8, 1) != "{") return Match::No;
    const std::uint64_t length = littleEndian(head.substr(0, 8));
    constexpr std::uint64_t kLongest = 100'000'000;
    return length >= 2 && length <= kLongest && head.find('"', 8) != std::string_view::npos ? Match::Certain
                                                                                            : Match::No;
}

Match isPickle(std::string_view head) {
    const bool isProtocol = head.size() > 3 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5;
    // Protocols 4 and 5 have frames; before them a first instruction follows at once.
    return isProtocol && (head[2] == '\x95' ||
                          std::string_view("c](}X\x8a\x8bq)KGN\x88\x89\x8cU").find(head[2]) != std::string_view::npos)
               ? Match::Certain
               : Match::No;
}

/// A record starts with its length and a masked CRC-32C of that.
Match isTfRecord(std::string_view head) {
    if (head.size() < 12) return Match::No;
    std::uint32_t remainder = 0xFFFFFFFFU;
    for (const char byte : head.substr(0, 8)) {
        remainder ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder & 1U) != 0 ? remainder >> 1U ^ 0x82F63B78U : remainder >> 1U;
    }
    remainder = ~remainder;
    const std::uint32_t masked = (remainder >> 15U | remainder << 17U) + 0xA282EAD8U;
    return littleEndian(head.substr(8, 4)) == masked ? Match::Certain : Match::No;
}

Match isBmp(std::string_view head) {
    return head.size() >= 18 && head.starts_with("BM") && littleEndian(head.substr(6, 4)) == 0 &&
                   littleEndian(head.substr(14, 4)) <= 256
               ? Match::Certain
               : Match::No;
}

Match isPnm(std::string_view head) {
    return head.size() > 3 && head[0] == 'P' && head[1] >= '1' && head[1] <= '7' && (head[2] == '\n' || head[2] == ' ')
               ? Match::Certain
               : Match::No;
}

Match isSvg(std::string_view head) {
    return isPrintable(head) && head.find("<svg") != std::string_view::npos ? Match::Certain : Match::No;
}

Match isAac(std::string_view head) {
    return head.size() > 7 && head[0] == '\xFF' && (static_cast<unsigned char>(head[1]) & 0xF6U) == 0xF0U
               ? Match::Certain
               : Match::No;
}

template <Text Brand>
Match isBrand(std::string_view head) {
    return head.size() > 12 && head.substr(4, 4) == "ftyp" && head.substr(8).starts_with(Brand.view()) ? Match::Certain
                                                                                                       : Match::No;
}

Match isHdf5(std::string_view head) {
    for (const std::size_t at : {0U, 512U, 1024U, 2048U})
        if (head.size() > at && head.substr(at).starts_with("\x89HDF")) return Match::Certain;
    return Match::No;
}

// Further inside

/// Among the first bytes, as many as names of attributes and groups take.
bool hasWord(const InputFile& file, std::string_view word) {
    constexpr std::size_t kLook = 1 << 18;
    std::string start(kLook, '\0');
    start.resize(file.readAt(0, start));
    return start.find(word) != std::string::npos;
}
bool hasKerasModel(const InputFile& file) { return hasWord(file, "model_config"); }
bool hasKerasWeights(const InputFile& file) {
    return hasWord(file, "layer_names") || hasWord(file, "model_weights") || hasWord(file, "_layer_checkpoint_deps");
}

template <Text Ending>
bool hasMember(const InputFile& file) {
    const std::vector<std::string> names = zipNames(file);
    return std::any_of(names.begin(), names.end(),
                       [](const std::string& name) { return name.ends_with(Ending.view()); });
}
bool isKerasArchive(const InputFile& file) {
    return hasMember<"model.weights.h5">(file) || (hasMember<"config.json">(file) && hasMember<"metadata.json">(file));
}
bool isNpz(const InputFile& file) {
    const std::vector<std::string> names = zipNames(file);
    return !names.empty() &&
           std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.ends_with(".npy"); });
}
bool isOffice(const InputFile& file) { return hasMember<"[Content_Types].xml">(file); }

/// The data of MNIST: two bytes of 0, a type, a number of extents, which make the size of the file.
bool isIdx(const InputFile& file) {
    const std::string_view head = file.head();
    constexpr std::string_view kTypes{"\x08\x09\x0B\x0C\x0D\x0E"};
    constexpr std::array<std::uint64_t, 6> kWidths{1, 1, 2, 4, 4, 8};
    const std::size_t type = kTypes.find(head.size() > 3 ? head[2] : '\0');
    const std::size_t rank = head.size() > 3 ? static_cast<unsigned char>(head[3]) : 0;
    if (type == std::string_view::npos || rank < 1 || rank > 8 || head.size() < 4 + 4 * rank) return false;
    std::uint64_t bytes = kWidths[type];
    for (std::size_t axis = 0; axis < rank; ++axis) {
        std::string extent(head.substr(4 + 4 * axis, 4));
        std::reverse(extent.begin(), extent.end());
        const std::uint64_t size = littleEndian(extent);
        if (size > 0 && bytes > file.size() / size) return false;
        bytes *= size;
    }
    return file.size() == 4 + 4 * rank + bytes;
}

bool hasField(const std::vector<ProtobufField>& fields, std::uint64_t number, unsigned wire) {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const ProtobufField& f) { return f.number == number && f.wire == wire; });
}
bool areWithin(const std::vector<ProtobufField>& fields, std::uint64_t highest) {
    return std::all_of(fields.begin(), fields.end(), [&](const ProtobufField& f) { return f.number <= highest; });
}
char firstByte(const InputFile& file, const ProtobufField& field) {
    char byte = 0;
    return field.length > 0 && file.readAt(field.start, {&byte, 1}) == 1 ? byte : '\0';
}

/// ModelProto: 1 version of the form, 7 graph, 8 operator sets.
bool isOnnx(const InputFile& file) {
    constexpr std::uint64_t kHighest = 26;
    const std::vector<ProtobufField> fields = protobufFields(file);
    return hasField(fields, 7, 2) && (hasField(fields, 1, 0) || hasField(fields, 8, 2)) && areWithin(fields, kHighest);
}
/// SavedModel: 1 version of the schema, 2 graphs.
bool isSavedModel(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return fields.size() >= 2 && hasField(fields, 1, 0) && hasField(fields, 2, 2) && areWithin(fields, 2);
}
/// Model: 1 version, 2 description, from 200 on the kinds of models.
bool isCoreMl(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return hasField(fields, 1, 0) && hasField(fields, 2, 2) &&
           std::any_of(fields.begin(), fields.end(), [](const ProtobufField& f) { return f.number >= 200; });
}
/// NetParameter: 1 name, 100 layers (2 in older files).
bool isCaffe(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return !fields.empty() && (hasField(fields, 100, 2) || (hasField(fields, 1, 2) && hasField(fields, 2, 2))) &&
           firstByte(file, fields.front()) != '\n';
}
/// GraphDef: 1 nodes (each begins with its name), 2 library, 4 versions.
bool isGraphDef(const InputFile& file) {
    const std::vector<ProtobufField> fields = protobufFields(file);
    return !fields.empty() && fields.front().number == 1 && fields.front().wire == 2 &&
           firstByte(file, fields.front()) == '\n' && areWithin(fields, 5);
}
bool isCheckpointIndex(const InputFile& file) {
    constexpr std::string_view kMagic = "\x57\xFB\x80\x8B\x24\x75\x47\xDB";  // ends the tables of LevelDB
    std::string end(kMagic.size(), '\0');
    return file.size() > 48 && file.readAt(file.size() - kMagic.size(), end) == end.size() && end == kMagic;
}

/// What may be a protocol buffer: field 1, or 100 in two bytes.
Match mayBeProtobuf(std::string_view head) {
    return head.starts_with('\x08') || head.starts_with('\n') || head.starts_with("\xA2\x06") ||
                   head.starts_with('\x12') || head.starts_with('\x3A')
               ? Match::Possible
               : Match::No;
}
Match mayBeAnything(std::string_view head) { return head.empty() ? Match::No : Match::Possible; }

bool isGraphModel(ModelFile& file) {
    const Value* format = file.member("format");
    return format != nullptr && *format == Value("graph-model");
}
bool isMxnet(ModelFile& file) { return file.member("arg_nodes") != nullptr && file.member("heads") != nullptr; }

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
