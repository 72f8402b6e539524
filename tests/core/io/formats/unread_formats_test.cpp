// Files of known kinds that are not read are called by their names, whatever the ending of the file says.

#include "core/io/formats/unread_formats.h"

#include "core/io/data/data_files.h"
#include "core/io/formats/open.h"
#include "tests/support/little_endian.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

using test::littleEndian;
using test::TemporaryFolder;
using testing::HasSubstr;
namespace fs = std::filesystem;

/// A zip archive of empty members.
std::string zipOf(const std::vector<std::string>& names) {
    std::string members;
    std::string directory;
    for (const std::string& name : names) {
        directory += "PK\x01\x02" + std::string(24, '\0') + littleEndian(name.size(), 2) + std::string(12, '\0') +
                     littleEndian(members.size(), 4) + name;
        members += "PK\x03\x04" + std::string(22, '\0') + littleEndian(name.size(), 2) + littleEndian(0, 2) + name;
    }
    return members + directory + "PK\x05\x06" + std::string(4, '\0') + littleEndian(names.size(), 2) +
           littleEndian(names.size(), 2) + littleEndian(directory.size(), 4) + littleEndian(members.size(), 4) +
           littleEndian(0, 2);
}

/// A field of a protocol buffer that holds bytes.
std::string field(int number, const std::string& bytes) {
    std::string text;
    for (auto tag = static_cast<unsigned>(number << 3 | 2); true; tag >>= 7U) {
        text += static_cast<char>(tag > 127 ? (tag & 127U) | 128U : tag);
        if (tag <= 127) break;
    }
    return text + static_cast<char>(bytes.size()) + bytes;
}

struct Named {
    std::string bytes;
    const char* what;
};

std::vector<Named> kinds() {
    const std::string version{'\x08', '\x07'};
    return {
        {version + field(2, "pytorch") + field(7, "graph"), "an ONNX model"},
        {field(7, "graph") + field(8, std::string("\x10\x0B", 2)), "an ONNX model"},
        {std::string("\x08\x01", 2) + field(2, "graphs"), "a TensorFlow SavedModel"},
        {version + field(2, "description") + field(500, "net"), "a Core ML model"},
        {field(1, "AlexNet") + field(100, "layer"), "a Caffe model"},
        {field(1, "\n\x01x") + field(4, "\x08\x01"), "a TensorFlow graph"},
        {"\x89HDF\r\n\x1a\n" + std::string(500, ' ') + "model_config", "a Keras model in an HDF5 file"},
        {"\x89HDF\r\n\x1a\n" + std::string(500, ' ') + "layer_names", "with the weights of a Keras model"},
        {"\x89HDF\r\n\x1a\n", "an HDF5 file"},
        {zipOf({"metadata.json", "config.json", "model.weights.h5"}), "a Keras model (.keras)"},
        {zipOf({"archive/data.pkl", "archive/data/0"}), "a PyTorch file"},
        {zipOf({"net/data.pkl", "net/constants.pkl"}), "a TorchScript model"},
        {zipOf({"a.npy", "b.npy"}), "a NumPy archive (.npz)"},
        {zipOf({"model/saved_model.pb"}), "a zip archive with a TensorFlow SavedModel"},
        {zipOf({"readme.txt"}), "a zip archive"},
        {std::string("\x1C\0\0\0TFL3", 8) + std::string(20, '\0'), "a TensorFlow Lite model"},
        {"\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", "a PyTorch file"},
        {std::string("\x80\x04\x95\x10\0\0\0\0\0\0\0]", 12), "a Python pickle"},
        {"\x80\x03}q", "a Python pickle"},
        {"MATLAB 5.0 MAT-file, Platform", "a MATLAB file (version 5)"},
        {"MATLAB 7.3 MAT-file, Platform", "a MATLAB file (version 7.3)"},
        {littleEndian(30, 8) + R"({"w":{"dtype":"F32"}}         )", "a safetensors file"},
        {"GGUF" + std::string(20, '\1'), "a GGUF model"},
        {"# YOLO\n[net]\nbatch=1\n", "a Darknet configuration"},
        {"name: \"LeNet\"\nlayer {\n  name: \"conv\"\n  type: \"Convolution\"\n}\n", "a Caffe model (.prototxt)"},
        {"backend: tensorflow\nclass_name: Sequential\n", "a Keras model in YAML"},
        {R"({"format": "graph-model"})", "a TensorFlow.js graph model"},
        {littleEndian(0, 8) + littleEndian(0x07980329, 4) + std::string(8, '\0'), "a TFRecord file"},
        {"PAR1" + std::string(20, '\0'), "a Parquet table"},
        {std::string("RIFF\x10\0\0\0WEBPVP8 ", 16), "a WebP picture"},
        {std::string("RIFF\x10\0\0\0AVI LIST", 16), "a video (AVI)"},
        {"GIF89a" + std::string(20, '\0'), "a GIF picture"},
        {"BM" + littleEndian(100, 4) + littleEndian(0, 4) + littleEndian(54, 4) + littleEndian(40, 4), "a BMP picture"},
        {std::string("II*\0\x08\0\0\0", 8), "a TIFF picture"},
        {std::string("MM\0*\0\0\0\x08", 8), "a TIFF picture"},
        {std::string("\0\0\0\x20"
                     "ftypisom",
                     12) +
             std::string(20, '\0'),
         "a video (MP4 or QuickTime)"},
        {std::string("\0\0\0\x20"
                     "ftypheic",
                     12) +
             std::string(20, '\0'),
         "a HEIC picture"},
        {std::string("\0\0\0\x20"
                     "ftypM4A ",
                     12) +
             std::string(20, '\0'),
         "sound in MPEG-4"},
        {"\x1A\x45\xDF\xA3" + std::string(20, '\1'), "a video (Matroska or WebM)"},
        {"\xFF\xF1\x50\x80" + std::string(20, '\1'), "sound in AAC"},
        {"%PDF-1.7\n", "a PDF document"},
        {"\x1F\x8B\x08" + std::string(20, '\0'), "a gzip archive"},
        {"x,y\n1.5,2\n3,-4e2\n", "a table of numbers in a text file (CSV)"},
        {"1;2;3\r\n4;5;6\r\n", "a table of numbers in a text file (CSV)"},
        {"# made by numpy.savetxt\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n", "a table of numbers in a text file"},
        {"1\n2\n3.5\n", "a table of numbers in a text file"},
        {"5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n", "a table with text in a text file"},
        {"name\tlabel\nfirst\t1\nsecond\t0\n", "a table with text in a text file"},
        {"[[1, 2.5], [-3e2, 4]]", "numbers as JSON"},
        {littleEndian(0, 4) + littleEndian(2, 4) + littleEndian(3, 4) + littleEndian(0, 4) + littleEndian(2, 4) +
             std::string("x\0", 2) + std::string(48, '\1'),
         "a MATLAB file (version 4)"},
        {std::string("\0\0\x03\xE8\0\0\0\x02\0\0\0\x03\0\0\0\0\0\0\0\x02x\0", 22) + std::string(48, '\1'),
         "a MATLAB file (version 4)"},
        {std::string("\0\0\x08\x03\0\0\0\x01\0\0\0\x02\0\0\0\x02\1\2\3\4", 20), "an IDX array"},
        {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "a pointer of Git LFS"},
        {"\n<!DOCTYPE HTML>\n<html><body>404</body></html>", "a web page"},
        {"<?xml version=\"1.0\"?>\n<a/>", "an XML file"},
        {"\x04\x22\x4D\x18" + std::string(20, '\1'), "an LZ4 archive"},
    };
}

TEST(UnreadFormats, AreCalledByTheirNamesWhereAModelIsWanted) {
    const TemporaryFolder folder;
    for (const Named& kind : kinds()) {
        SCOPED_TRACE(kind.what);
        const Result<Opened> model = openProject(folder.write("a.json", kind.bytes));
        ASSERT_FALSE(model);
        EXPECT_THAT(model.error().message, HasSubstr(kind.what));
        EXPECT_FALSE(model.error().advice.empty());
    }
}

TEST(UnreadFormats, AndWhereDataIsWanted) {
    const TemporaryFolder folder;
    for (const Named& kind : kinds()) {
        SCOPED_TRACE(kind.what);
        const auto data = openDataFile(folder.write("a.wav", kind.bytes));
        ASSERT_FALSE(data);
        EXPECT_THAT(data.error().message, HasSubstr(kind.what));
        EXPECT_THAT(data.error().message, HasSubstr("a.wav is "));
        EXPECT_FALSE(data.error().advice.empty());
    }
}

TEST(UnreadFormats, AModelWhereDataIsWantedIsCalledAModel) {
    const TemporaryFolder folder;
    const auto data = openDataFile(
        folder.write("m.npy", R"({"class_name": "Sequential", "config": [{"class_name": "Flatten", "config": {}}]})"));
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().message, "m.npy is a model (Keras JSON), no data");
}

TEST(UnreadFormats, TextAndBytesOfNoKindAreNotTakenForOne) {
    const TemporaryFolder folder;
    for (const std::string& bytes :
         {std::string("hello, world\nhow are you?\n"), std::string("first, second\nthird, fourth\n"), std::string("42"),
          std::string(4000, '\0'), std::string("\0\0\x08\x03\0\0\0\x01\0\0\0\x02\0\0\0\x02\1\2\3", 19)}) {
        const auto data = openDataFile(folder.write("a.txt", bytes));
        ASSERT_FALSE(data);
        EXPECT_THAT(data.error().message, HasSubstr("is neither sound"));
    }
}

TEST(UnreadFormats, AnArrayInAFolderIsSavedAndNotExportedFromKeras) {
    const TemporaryFolder folder;
    folder.write(".zarray", "{}");
    const Result<Opened> model = openProject(folder.path());
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().message, HasSubstr("is a Zarr store"));
    EXPECT_THAT(model.error().advice, HasSubstr("numpy.save(path, zarr.open(name)[:])"));
}

TEST(UnreadFormats, FoldersOfOtherProgramsAreNamed) {
    const TemporaryFolder folder;
    folder.write("saved_model.pb", "x");
    const Result<Opened> model = openProject(folder.path());
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().message, HasSubstr("is a TensorFlow SavedModel"));
}

}  // namespace
}  // namespace shapewise::io
