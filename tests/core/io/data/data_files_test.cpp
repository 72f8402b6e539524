#include "core/io/data/data_files.h"

#include "core/edit/apply.h"
#include "core/infer/analysis.h"
#include "core/io/data/audio_file.h"
#include "core/io/data/image_file.h"
#include "core/io/files/files.h"
#include "tests/support/little_endian.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

namespace shapewise::io {
namespace {

using test::littleEndian;
using test::TemporaryFolder;
using testing::HasSubstr;
namespace fs = std::filesystem;

/// A float WAV, interleaved.
std::string wav(const std::vector<float>& samples, int channels, int rate) {
    std::string data(reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float));
    const auto count = static_cast<std::uint64_t>(channels);
    const auto hertz = static_cast<std::uint64_t>(rate);
    const std::string format = littleEndian(3, 2) + littleEndian(count, 2) + littleEndian(hertz, 4) +
                               littleEndian(hertz * count * 4, 4) + littleEndian(count * 4, 2) + littleEndian(32, 2);
    const std::string chunks =
        "WAVEfmt " + littleEndian(format.size(), 4) + format + "data" + littleEndian(data.size(), 4) + data;
    return "RIFF" + littleEndian(chunks.size(), 4) + chunks;
}

std::vector<float> sine(std::size_t frames, double hertz, double rate) {
    std::vector<float> samples(frames);
    for (std::size_t i = 0; i < frames; ++i)
        samples[i] = static_cast<float>(0.5 * std::sin(2.0 * M_PI * hertz * static_cast<double>(i) / rate));
    return samples;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& data, bool fortran = false,
                char version = 1) {
    std::string header =
        "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
    return std::string("\x93NUMPY") + version + '\0' + littleEndian(header.size(), version == 1 ? 2 : 4) + header +
           data;
}

template <class T>
std::string bytesOf(std::initializer_list<T> values, bool bigEndian = false) {
    std::string bytes;
    for (const T value : values) {
        std::string one(reinterpret_cast<const char*>(&value), sizeof value);
        if (bigEndian) std::reverse(one.begin(), one.end());
        bytes += one;
    }
    return bytes;
}

std::vector<float> valuesOf(const Result<tensor::Tensor>& tensor) {
    EXPECT_TRUE(tensor) << (tensor ? "" : tensor.error().text());
    return tensor ? std::vector<float>(tensor->values().begin(), tensor->values().end()) : std::vector<float>{};
}

TEST(Npy, ReadsEveryTypeAndByteOrder) {
    const TemporaryFolder folder;
    const std::vector<float> expected{1.0F, 0.0F, 2.0F};
    const std::pair<std::string, std::string> cases[] = {
        {npy("<f4", "(3,)", bytesOf<float>({1, 0, 2})), "f4"},
        {npy(">f4", "(3,)", bytesOf<float>({1, 0, 2}, true)), "big f4"},
        {npy("<f8", "(3,)", bytesOf<double>({1, 0, 2})), "f8"},
        {npy("<f2", "(3,)", bytesOf<std::uint16_t>({0x3C00, 0, 0x4000})), "f2"},
        {npy("<i8", "(3,)", bytesOf<std::int64_t>({1, 0, 2})), "i8"},
        {npy(">i2", "(3,)", bytesOf<std::int16_t>({1, 0, 2}, true)), "big i2"},
        {npy("|u1", "(3,)", bytesOf<std::uint8_t>({1, 0, 2})), "u1"},
        {npy("<f4", "(3,)", bytesOf<float>({1, 0, 2}), false, 2), "version 2"},
        {npy("<f4", "(3,)", bytesOf<float>({1, 0, 2}), false, 3), "version 3"},
    };
    for (const auto& [bytes, name] : cases)
        EXPECT_EQ(valuesOf(readNpy(folder.write("a.npy", bytes))), expected) << name;
    EXPECT_EQ(valuesOf(readNpy(folder.write("a.npy", npy("|b1", "(2,)", std::string("\x01\x00", 2))))),
              (std::vector<float>{1, 0}));
    EXPECT_EQ(valuesOf(readNpy(folder.write("a.npy", npy("<i1", "(1,)", "\xFF")))), (std::vector<float>{-1}));
    EXPECT_TRUE(
        std::isinf(valuesOf(readNpy(folder.write("a.npy", npy("<f2", "(1,)", bytesOf<std::uint16_t>({0x7C00})))))[0]));
}

TEST(Npy, FortranOrderIsTransposed) {
    const TemporaryFolder folder;
    const Result<tensor::Tensor> read =
        readNpy(folder.write("a.npy", npy("<f4", "(2, 3)", bytesOf<float>({1, 4, 2, 5, 3, 6}), true)));
    EXPECT_EQ(valuesOf(read), (std::vector<float>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, WritesWhatItReads) {
    const TemporaryFolder folder;
    for (const tensor::Extents& extents : {tensor::Extents{}, {5}, {2, 3}, {2, 0, 3}, {1, 2, 3, 4}}) {
        tensor::Tensor values(extents);
        for (std::int64_t i = 0; i < values.count(); ++i) values.data()[i] = static_cast<float>(i) / 3.0F;
        ASSERT_TRUE(writeNpy(values, folder.path() / "a.npy"));
        const Result<tensor::Tensor> read = readNpy(folder.path() / "a.npy");
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(read->extents(), extents);
        EXPECT_EQ(valuesOf(read), std::vector<float>(values.values().begin(), values.values().end()));
        EXPECT_EQ(fs::file_size(folder.path() / "a.npy") % 64, static_cast<std::uintmax_t>(values.count() * 4) % 64);
    }
}

TEST(Npy, RefusesWhatItCannotReadAndSaysWhy) {
    const TemporaryFolder folder;
    const std::pair<std::string, const char*> cases[] = {
        {npy("|O", "(3,)", "xxx"), "Python objects"},
        {npy("<c8", "(1,)", "12345678"), "<c8"},
        {npy("<f4", "(3,)", "123"), "cut off"},
        {npy("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "1234"), "9 axes"},
        {npy("<f4", "(99999999999, 99999999999)", ""), "at most"},
        {npy("<f4", "(-1,)", ""), "damaged"},
        {npy("<f4", "3", "1234"), "damaged"},
        {std::string("\x93NUMPY\x07\x00\x10\x00", 10) + std::string(16, ' '), "version 7"},
        {std::string("\x93NUMPY\x02\x00\xFF\xFF\xFF\x7F", 12), "header has"},
        {std::string("\x93NUMPY\x01\x00\x76\x00", 10), "inside its header"},
        {"hello", "no .npy"},
    };
    for (const auto& [bytes, words] : cases) {
        const Result<tensor::Tensor> read = readNpy(folder.write("a.npy", bytes));
        ASSERT_FALSE(read) << words;
        EXPECT_THAT(read.error().text(), HasSubstr(words));
        EXPECT_FALSE(read.error().advice.empty());
    }
}

TEST(AudioFile, ReadsChannelsAsAsked) {
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.wav", wav({0.5F, -0.5F, 0.25F, 0.75F}, 2, 8000));
    const layers::AudioExcerpt all = layers::audioExcerpt(2, 8000, 0, 0, 0);
    EXPECT_EQ(valuesOf(readAudio(file, all, "mix")), (std::vector<float>{0.0F, 0.5F}));
    EXPECT_EQ(valuesOf(readAudio(file, all, "left")), (std::vector<float>{0.5F, 0.25F}));
    EXPECT_EQ(valuesOf(readAudio(file, all, "right")), (std::vector<float>{-0.5F, 0.75F}));
    EXPECT_EQ(readAudio(file, all, "all")->extents(), (tensor::Extents{1, 2, 2}));
}

TEST(AudioFile, StartAndDurationChooseAPart) {
    const TemporaryFolder folder;
    std::vector<float> ramp(100);
    for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<float>(i) / 100.0F;
    const fs::path file = folder.write("a.wav", wav(ramp, 1, 100));
    const Result<tensor::Tensor> part = readAudio(file, layers::audioExcerpt(100, 100, 0.25, 0.5, 0), "mix");
    ASSERT_TRUE(part);
    EXPECT_EQ(part->extents(), (tensor::Extents{1, 50, 1}));
    EXPECT_FLOAT_EQ(part->data()[0], 0.25F);
}

TEST(AudioFile, ResamplingKeepsATone) {
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.wav", wav(sine(8000, 440.0, 8000.0), 1, 8000));
    const layers::AudioExcerpt excerpt = layers::audioExcerpt(8000, 8000, 0, 0, 11025);
    const Result<tensor::Tensor> read = readAudio(file, excerpt, "mix");
    ASSERT_TRUE(read) << read.error().text();
    ASSERT_EQ(read->extents(), (tensor::Extents{1, 11025, 1}));
    const std::vector<float> wanted = sine(11025, 440.0, 11025.0);
    for (std::size_t i = 500; i < 10500; ++i) ASSERT_NEAR(read->data()[i], wanted[i], 2e-3) << i;
}

TEST(AudioFile, FaultsAreNamed) {
    const TemporaryFolder folder;
    const std::string whole = wav(sine(1000, 100, 8000), 1, 8000);
    EXPECT_THAT(probeDataFile(folder.write("empty.wav", wav({}, 1, 8000))).error().text(),
                HasSubstr("holds no samples"));
    EXPECT_THAT(probeDataFile(folder.write("cut.wav", whole.substr(0, 46))).error().text(), HasSubstr("cut off"));
    EXPECT_THAT(probeDataFile(folder.write("none.wav", "")).error().text(), HasSubstr("is empty"));
    EXPECT_THAT(probeDataFile(folder.path() / "missing.wav").error().text(), HasSubstr("is not there"));
    EXPECT_THAT(probeDataFile(folder.path()).error().text(), HasSubstr("is a folder"));
    EXPECT_EQ(probeDataFile(folder.path() / "").error().message,
              folder.path().filename().string() + " is a folder");  // whatever its path ends with
    EXPECT_THAT(probeDataFile(folder.write("text.wav", "hello world, this is no sound")).error().text(),
                HasSubstr("neither sound"));
}

TEST(DataNodes, AnArrayBecomesANodeWithItsShape) {
    const TemporaryFolder folder;
    ASSERT_TRUE(writeNpy(tensor::Tensor({100, 200}, 0.5F), folder.path() / "flat.npy"));
    graph::Graph graph;
    const auto node = makeDataNode(folder.path() / "flat.npy", graph.nextId(), graph);
    ASSERT_TRUE(node) << node.error().text();
    EXPECT_EQ((*node)->type->className, "ArrayFile");
    EXPECT_EQ((*node)->name, "flat");
    graph.put(*node);
    EXPECT_EQ(infer::Analysis::of(graph)[(*node)->id].outputAt(0)->shape.text(), "(100, 200)");
    EXPECT_TRUE(refreshDataNodes(graph, folder.path()).empty());
}

TEST(DataNodes, SoundCarriesItsRate) {
    const TemporaryFolder folder;
    const fs::path file = folder.write("tone.wav", wav(sine(800, 100, 8000), 1, 8000));
    graph::Graph graph;
    const auto node = makeDataNode(file, graph.nextId(), graph);
    ASSERT_TRUE(node) << node.error().text();
    const Result<exec::NodeData> data = dataLoader(folder.path())(**node, {});
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(data->type.shape.text(), "(1, 800, 1)");
    ASSERT_TRUE(data->type.scales);
    EXPECT_DOUBLE_EQ(data->type.scales->sampleRateHz, 8000.0);
}

TEST(DataNodes, AChangedFileIsFollowedAndAMissingOneKeepsItsShape) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.npy";
    ASSERT_TRUE(writeNpy(tensor::Tensor({4, 2}, 0.0F), file));
    graph::Project project;
    const auto node = makeDataNode(file, project.graph.nextId(), project.graph);
    ASSERT_TRUE(node);
    project.graph.put(*node);
    ASSERT_TRUE(writeNpy(tensor::Tensor({6, 3}, 0.0F), file));
    const std::vector<edit::Step> steps = refreshDataNodes(project.graph, folder.path());
    ASSERT_EQ(steps.size(), 1u);
    const Result<edit::Applied> applied = edit::apply(project, {"", "", steps});
    ASSERT_TRUE(applied) << applied.error().text();
    EXPECT_EQ(infer::Analysis::of(applied->project.graph)[NodeId(0)].outputAt(0)->shape.text(), "(6, 3)");
    fs::remove(file);
    const std::vector<edit::Step> missing = refreshDataNodes(applied->project.graph, folder.path());
    const Result<edit::Applied> without = edit::apply(applied->project, {"", "", missing});
    ASSERT_TRUE(without);
    EXPECT_EQ(infer::Analysis::of(without->project.graph)[NodeId(0)].outputAt(0)->shape.text(), "(6, 3)");
    EXPECT_THAT(without->project.graph.find(NodeId(0))->setting("file_problem")->asText(), HasSubstr("is not there"));
    const Result<exec::NodeData> data = dataLoader(folder.path())(*without->project.graph.find(NodeId(0)), {});
    ASSERT_FALSE(data);
    EXPECT_THAT(data.error().text(), HasSubstr("is not there"));
}

TEST(DataNodes, PathsAreKeptRelativeToTheProject) {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "data");
    fs::create_directory(folder.path() / "elsewhere");
    ASSERT_TRUE(writeNpy(tensor::Tensor({4, 2}, 0.0F), folder.path() / "data/a.npy"));
    graph::Project project;
    project.graph.put(*makeDataNode(folder.path() / "data/a.npy", project.graph.nextId(), project.graph));
    ASSERT_TRUE(saveProject(project, folder.path() / "p.shapewise"));
    EXPECT_THAT(*readFile(folder.path() / "p.shapewise", 10000), HasSubstr("\"path\": \"data/a.npy\""));
    const Result<Opened> opened = openProject(folder.path() / "p.shapewise");
    ASSERT_TRUE(opened);
    ASSERT_TRUE(saveProject(opened->project, folder.path() / "elsewhere/q.shapewise"));
    EXPECT_THAT(*readFile(folder.path() / "elsewhere/q.shapewise", 10000), HasSubstr("\"path\": \"../data/a.npy\""));
}

TEST(DataNodes, NumbersThatAreNoneAreReadAsTheyAre) {
    const TemporaryFolder folder;
    tensor::Tensor values({2, 2}, 1.0F);
    values.data()[3] = NAN;
    ASSERT_TRUE(writeNpy(values, folder.path() / "a.npy"));
    graph::Graph graph;
    const auto node = makeDataNode(folder.path() / "a.npy", graph.nextId(), graph);
    ASSERT_TRUE(node);
    const Result<exec::NodeData> data = dataLoader(folder.path())(**node, {});
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_TRUE(std::isnan(data->values->data()[3]));
}

/// Damaged files are refused with words, or give a tensor of the sizes that are stated.
TEST(DataFiles, DamageNeverCrashes) {
    constexpr std::int64_t kMostNumbers = 1 << 24;
    const TemporaryFolder folder;
    const std::string sources[] = {wav(sine(50, 100, 8000), 1, 8000),
                                   npy("<f4", "(2, 3)", bytesOf<float>({1, 2, 3, 4, 5, 6})),
                                   *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.png", 100000),
                                   *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.jpg", 100000)};
    graph::Graph graph;
    std::mt19937 random(3);
    int refused = 0;
    int read = 0;
    for (const std::string& source : sources)
        for (int round = 0; round < 160; ++round) {
            std::string damaged =
                source.substr(0, round < 80 ? source.size() * static_cast<std::size_t>(round) / 80 : source.size());
            if (round >= 80 && !damaged.empty())
                for (int flips = 0; flips < 3; ++flips)
                    damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
            const auto node = makeDataNode(folder.write("a", damaged), graph.nextId(), graph);
            if (!node) {
                EXPECT_FALSE(node.error().text().empty());
                ++refused;
                continue;
            }
            const auto loaded = dataLoader(folder.path())(**node, {});
            if (!loaded) {
                EXPECT_FALSE(loaded.error().text().empty());
                ++refused;
                continue;
            }
            ++read;
            const tensor::Tensor& values = *loaded->values;
            EXPECT_GE(values.rank(), 1);
            EXPECT_EQ(values.count(), tensor::elementCount(values.extents()));
            EXPECT_LE(values.count(), kMostNumbers) << tensor::extentsText(values.extents());
        }
    EXPECT_EQ(refused + read, 4 * 160);
    EXPECT_GE(refused, 40) << "a file that is cut off in its head cannot be read";
}

struct PictureCase {
    const char* file;
    std::int64_t channels;
    double tolerance;
};

TEST(ImageFile, EveryKindOfPictureGivesTheSameColours) {
    // 16 x 8 pixels: left half red, right half white (grey files: the luma of these).
    const fs::path folder = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures";
    for (const PictureCase& picture :
         {PictureCase{"rgb.png", 3, 1e-6}, PictureCase{"rgb16.png", 3, 1e-4}, PictureCase{"palette.png", 3, 1e-6},
          PictureCase{"interlaced.png", 3, 1e-6}, PictureCase{"rgba.png", 4, 1e-6}, PictureCase{"rgb.jpg", 3, 0.03}}) {
        SCOPED_TRACE(picture.file);
        const Result<ImageFormat> format = probeImage(folder / picture.file);
        ASSERT_TRUE(format) << format.error().text();
        EXPECT_EQ(format->channels, picture.channels);
        const Result<tensor::Tensor> image = readImage(folder / picture.file, {});
        ASSERT_TRUE(image) << image.error().text();
        ASSERT_EQ(image->extents(), (tensor::Extents{1, 8, 16, 3}));
        EXPECT_NEAR(image->data()[0], 1.0, picture.tolerance);
        EXPECT_NEAR(image->data()[1], 0.0, picture.tolerance);
        EXPECT_NEAR(image->data()[15 * 3 + 1], 1.0, picture.tolerance);
        const Result<tensor::Tensor> grey = readImage(folder / picture.file, {"grey", 0, 0});
        ASSERT_TRUE(grey);
        EXPECT_NEAR(grey->data()[0], 0.299, picture.tolerance + 1e-3);
    }
    const Result<tensor::Tensor> grey = readImage(folder / "grey.png", {"rgba", 0, 0});
    ASSERT_TRUE(grey) << grey.error().text();
    EXPECT_EQ(grey->extents(), (tensor::Extents{1, 8, 16, 4}));
    EXPECT_FLOAT_EQ(grey->data()[3], 1.0F);
}

TEST(ImageFile, IsResizedBetweenCellCentres) {
    const fs::path file = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.png";
    const Result<tensor::Tensor> image = readImage(file, {"rgb", 4, 2});
    ASSERT_TRUE(image);
    ASSERT_EQ(image->extents(), (tensor::Extents{1, 4, 2, 3}));
    EXPECT_FLOAT_EQ(image->data()[1], 0.0F);
    EXPECT_FLOAT_EQ(image->data()[4], 1.0F);
}

}  // namespace
}  // namespace shapewise::io
