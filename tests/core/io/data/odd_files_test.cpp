// Files that are cut short, mislabelled, turned, or of numbers that float32 cannot hold.

#include "core/io/data/data_files.h"
#include "core/io/data/exif.h"
#include "core/io/files/files.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <cmath>
#include <cstring>

namespace shapewise::io {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path kGolden = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/data";

/// What a node of the file puts out, or why it cannot.
Result<exec::NodeData> loaded(const fs::path& path, const std::vector<std::pair<const char*, Value>>& settings = {}) {
    graph::Graph graph;
    const auto node = makeDataNode(path, graph.nextId(), graph);
    if (!node) return Unexpected(node.error());
    for (const auto& [key, value] : settings) (*node)->set(key, value);
    return dataLoader(path.parent_path())(**node, {});
}

struct GoldenCase {
    const char* file;
    const char* shape;  ///< empty: refused
    const char* words;  ///< of the note or the refusal
};

TEST(OddFiles, EachGivesItsValuesAndTheNoteOrSaysWhatToDo) {
    for (const GoldenCase& odd :
         {GoldenCase{"cut-300-bytes.wav", "(1, 650, 1)", "the file is cut, 650 of 800 samples read"},
          {"data-size-0.wav", "(1, 800, 1)", ""},
          {"pcm64.wav", "", "WAV with 64-bit integers, which is not read"},
          {"pcm36-in-40.wav", "", "WAV with 36-bit integers in 40 bits, which is not read"},
          {"extraneous-bytes.jpg", "(1, 20, 40, 3)", "libjpeg warns: Corrupt JPEG data: 3 extraneous bytes"},
          {"exif-orientation-6.jpg", "(1, 40, 20, 3)", "turned by 90° clockwise"},
          {"cut-progressive.jpg", "(1, 64, 64, 3)", "the file is cut: all rows are there, the last detail"},
          {"float64-1e300.npy", "(2, 2)", "too large for float32 (1e+300)"},
          {"complex.npy", "", "numpy.abs"},
          {"strings.npy", "", "Encode it as numbers first"},
          {"struct.npy", "", "Save one field"}}) {
        SCOPED_TRACE(odd.file);
        const Result<exec::NodeData> data = loaded(kGolden / odd.file);
        ASSERT_EQ(data.has_value(), *odd.shape != '\0') << (data ? "" : data.error().text());
        if (!data) {
            EXPECT_THAT(data.error().text(), HasSubstr(odd.words));
            EXPECT_FALSE(data.error().advice.empty());
            continue;
        }
        EXPECT_EQ(data->type.shape.text(), odd.shape);
        EXPECT_EQ(tensor::extentsText(data->values->extents()), odd.shape);
        EXPECT_THAT(data->note, HasSubstr(odd.words));
        if (*odd.words == '\0') {
            EXPECT_EQ(data->note, "");
        }
    }
}

struct SoundCase {
    const char* name;
    int format;
    bool isCounted;  ///< the header says how many samples there are
};

constexpr SoundCase kSounds[] = {
    {"wav 16", SF_FORMAT_WAV | SF_FORMAT_PCM_16, true},
    {"wav float", SF_FORMAT_WAV | SF_FORMAT_FLOAT, true},
    {"wav ima adpcm", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, true},
    {"wav extensible", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, true},
    {"rifx", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, true},
    {"rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, true},
    {"w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, true},
    {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, true},
    {"aifc float", SF_FORMAT_AIFF | SF_FORMAT_FLOAT, true},
    {"au", SF_FORMAT_AU | SF_FORMAT_PCM_16, true},
    {"au little", SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, true},
    {"au ulaw", SF_FORMAT_AU | SF_FORMAT_ULAW, true},
    {"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, true},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, true},
    {"ogg vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, false},
    {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, false},
};

constexpr int kFrames = 160000;

/// Empty when this libsndfile does not write the format.
std::string written(const SoundCase& sound, const fs::path& path) {
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = 1;
    info.format = sound.format;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    if (file == nullptr) return {};
    std::vector<float> samples(kFrames);
    for (int index = 0; index < kFrames; ++index)
        samples[static_cast<std::size_t>(index)] = 0.5F * std::sin(0.3F * static_cast<float>(index));
    sf_writef_float(file, samples.data(), kFrames);
    sf_close(file);
    return *readFile(path, 1 << 24);
}

TEST(SoundFiles, ACutFileOfEveryKindGivesWhatIsThereAndSaysSo) {
    const TemporaryFolder folder;
    int tried = 0;
    for (const SoundCase& sound : kSounds) {
        SCOPED_TRACE(sound.name);
        const fs::path path = folder.path() / "a";
        const std::string whole = written(sound, path);
        if (whole.empty()) continue;
        ++tried;
        const Result<exec::NodeData> complete = loaded(path);
        ASSERT_TRUE(complete) << complete.error().text();
        EXPECT_EQ(complete->note, "");
        for (const std::size_t share : {2U, 4U}) {
            const Result<exec::NodeData> cut = loaded(folder.write("b", whole.substr(0, whole.size() * share / 5)));
            ASSERT_TRUE(cut) << cut.error().text();
            const auto expected = static_cast<double>(kFrames) * static_cast<double>(share) / 5.0;
            EXPECT_NEAR(static_cast<double>(cut->values->size(1)), expected, 0.2 * kFrames);
            EXPECT_THAT(cut->note, HasSubstr("the file is cut"));
            EXPECT_THAT(cut->note, HasSubstr(std::to_string(cut->values->size(1))));
            if (sound.isCounted) {
                EXPECT_THAT(cut->note, HasSubstr(fmt::format("of {} samples", complete->values->size(1))));
            }
            // What is there is what the whole file has there.
            for (std::int64_t at = 0; at + 4000 < cut->values->size(1); at += 501)
                ASSERT_NEAR(cut->values->data()[at], complete->values->data()[at], 0.02) << at;
        }
    }
    EXPECT_GE(tried, 12);
}

TEST(SoundFiles, APartOfACutFileIsThePartThatWasAskedFor) {
    const TemporaryFolder folder;
    const std::string whole = written({"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, true}, folder.path() / "a");
    if (whole.empty()) GTEST_SKIP() << "this libsndfile writes no FLAC";
    const Result<exec::NodeData> complete = loaded(folder.path() / "a");
    const Result<exec::NodeData> part =
        loaded(folder.write("b", whole.substr(0, whole.size() * 3 / 5)), {{"start", 1.0}, {"duration", 0.5}});
    ASSERT_TRUE(part) << part.error().text();
    ASSERT_EQ(part->values->size(1), 4000);
    for (std::int64_t at = 0; at < 4000; ++at)
        ASSERT_EQ(part->values->data()[at], complete->values->data()[8000 + at]) << at;
}

TEST(SoundFiles, ASizeThatIsNotKnownMeansToTheEnd) {
    const TemporaryFolder folder;
    struct Patch {
        SoundCase sound;
        std::size_t at;
    };
    for (const Patch& patch : {Patch{{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, true}, 40},
                               {{"au", SF_FORMAT_AU | SF_FORMAT_PCM_16, true}, 8},
                               {{"au little", SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, true}, 8}})
        for (const char byte : {'\0', '\xFF'}) {
            SCOPED_TRACE(patch.sound.name);
            std::string bytes = written(patch.sound, folder.path() / "a");
            if (patch.sound.format == (SF_FORMAT_WAV | SF_FORMAT_PCM_16)) {
                bytes.replace(4, 4, std::string(4, byte));
                ASSERT_EQ(bytes.substr(36, 4), "data");
            }
            bytes.replace(patch.at, 4, std::string(4, byte));
            const Result<exec::NodeData> data = loaded(folder.write("b", bytes));
            ASSERT_TRUE(data) << data.error().text();
            EXPECT_EQ(data->values->size(1), kFrames);
            EXPECT_EQ(data->note, "");
        }
}

TEST(SoundFiles, AFileWithoutSamplesStaysEmptyWhateverFollows) {
    const TemporaryFolder folder;
    const std::string text =
        std::string("RIFF\x30\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0", 36) +
        std::string("data\0\0\0\0LIST\x04\0\0\0INFO", 20);
    EXPECT_THAT(loaded(folder.write("a.wav", text)).error().text(), HasSubstr("holds no samples"));
}

TEST(SoundFiles, WhatIsDoneToTheSamplesIsSaid) {
    const TemporaryFolder folder;
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = 2;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    const fs::path path = folder.path() / "a.wav";
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    std::vector<float> samples(2000, 0.25F);
    samples[6] = 1.5F;
    sf_writef_float(file, samples.data(), 1000);
    sf_close(file);
    EXPECT_THAT(loaded(path)->note, HasSubstr("mixed down: the mean of 2 channels"));
    EXPECT_THAT(loaded(path, {{"channels", "left"}})->note, HasSubstr("the left channel of 2"));
    EXPECT_THAT(loaded(path, {{"channels", "all"}})->note, HasSubstr("samples reach 1.5, beyond full scale"));
    EXPECT_THAT(loaded(path, {{"sample_rate", 4000.0}})->note, HasSubstr("resampled from 8000 to 4000 Hz"));
    EXPECT_THAT(loaded(path, {{"start", 0.1}, {"duration", 2.0}})->note,
                HasSubstr("the recording ends before the part does: 0.025 of 2 s are there"));
    EXPECT_EQ(loaded(path, {{"channels", "all"}, {"start", 0.1}, {"duration", 0.025}})->note, "");
}

TEST(SoundFiles, NaNIsReadAsItIs) {
    const TemporaryFolder folder;
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    const fs::path path = folder.path() / "a.wav";
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    const std::vector<float> samples{0.0F, NAN, 0.5F, INFINITY};
    sf_writef_float(file, samples.data(), 4);
    sf_close(file);
    const Result<exec::NodeData> data = loaded(path);
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_TRUE(std::isnan(data->values->data()[1]));
    EXPECT_TRUE(std::isinf(data->values->data()[3]));
}

// Pictures

/// EXIF data that says nothing but how the picture is to be turned.
std::string exifOf(int orientation, bool isBigEndian) {
    std::string text = isBigEndian ? std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", 26)
                                   : std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0", 26);
    text[isBigEndian ? 19 : 18] = static_cast<char>(orientation);
    return text;
}

std::string jpegWith(const std::string& exif) {
    const std::string plain = *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.jpg", 100000);
    const std::string content = std::string("Exif\0\0", 6) + exif;
    const std::size_t length = content.size() + 2;
    return plain.substr(0, 2) + "\xFF\xE1" + static_cast<char>(length >> 8) + static_cast<char>(length & 0xFF) +
           content + plain.substr(2);
}

std::string pngWith(const std::string& exif) {
    const std::string plain = *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.png", 100000);
    constexpr std::size_t kBehindHeader = 33;
    const std::string size{0, 0, 0, static_cast<char>(exif.size())};
    return plain.substr(0, kBehindHeader) + size + "eXIf" + exif + std::string(4, '\0') + plain.substr(kBehindHeader);
}

TEST(Pictures, AreTurnedAsPeopleSeeThem) {
    // The stored picture is 16 wide and 8 high, its left half red and its right half white: where does the red go?
    struct Turn {
        int orientation;
        bool onItsSide;
        char red;
    };
    const TemporaryFolder folder;
    for (const bool isPng : {false, true})
        for (const Turn& turn : {Turn{1, false, 'l'},
                                 {2, false, 'r'},
                                 {3, false, 'r'},
                                 {4, false, 'l'},
                                 {5, true, 't'},
                                 {6, true, 't'},
                                 {7, true, 'b'},
                                 {8, true, 'b'}}) {
            SCOPED_TRACE(turn.orientation);
            const std::string exif = exifOf(turn.orientation, isPng);
            const Result<exec::NodeData> data =
                loaded(folder.write("a", isPng ? pngWith(exif) : jpegWith(exif)), {{"scale", "0..1"}});
            ASSERT_TRUE(data) << data.error().text();
            const tensor::Tensor& values = *data->values;
            ASSERT_EQ(tensor::extentsText(values.extents()), turn.onItsSide ? "(1, 16, 8, 3)" : "(1, 8, 16, 3)");
            EXPECT_EQ(data->type.shape.text(), tensor::extentsText(values.extents()));
            const auto green = [&](std::int64_t row, std::int64_t column) {
                return values.data()[(row * values.size(2) + column) * 3 + 1];
            };
            const std::int64_t bottom = values.size(1) - 1;
            const std::int64_t right = values.size(2) - 1;
            const bool isLeft = turn.red == 'l';
            const bool isTop = turn.red == 't';
            const float red = turn.onItsSide ? green(isTop ? 0 : bottom, 2) : green(2, isLeft ? 0 : right);
            const float white = turn.onItsSide ? green(isTop ? bottom : 0, 2) : green(2, isLeft ? right : 0);
            EXPECT_NEAR(red, 0.0, 0.05);
            EXPECT_NEAR(white, 1.0, 0.05);
            const std::string said(orientationText(turn.orientation));
            EXPECT_EQ(data->note.find("EXIF") != std::string::npos, turn.orientation != 1) << data->note;
            EXPECT_THAT(data->note, HasSubstr(said));
        }
}

TEST(Pictures, ACutOneGivesItsRowsAndSaysHowMany) {
    const TemporaryFolder folder;
    const std::string jpeg = *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.jpg", 100000);
    const Result<exec::NodeData> cut = loaded(folder.write("a.jpg", jpeg.substr(0, jpeg.size() - 4)));
    ASSERT_TRUE(cut) << cut.error().text();
    EXPECT_THAT(cut->note, HasSubstr("the file is cut"));
    const std::string png = *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.png", 100000);
    const Result<exec::NodeData> noEnd = loaded(folder.write("a.png", png.substr(0, png.size() - 12)));
    ASSERT_TRUE(noEnd) << noEnd.error().text();
    EXPECT_THAT(noEnd->note, HasSubstr("the file is cut"));
    EXPECT_EQ(noEnd->values->data()[0], 1.0F);
}

/// A picture whose red is noise, row by row from 0 on, so that little of it can be packed.
std::string pngOf(std::uint32_t size) {
    const auto part = [](const std::string& name, const std::string& content) {
        return std::string{static_cast<char>(content.size() >> 24), static_cast<char>(content.size() >> 16 & 0xFF),
                           static_cast<char>(content.size() >> 8 & 0xFF), static_cast<char>(content.size() & 0xFF)} +
               name + content + std::string(4, '\0');  // checksums are warned of, not asked for
    };
    const auto number = [](std::uint32_t value) {
        return std::string{static_cast<char>(value >> 24), static_cast<char>(value >> 16 & 0xFF),
                           static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
    };
    std::string rows;
    for (std::uint32_t row = 0; row < size; ++row) {
        rows += '\0';
        for (std::uint32_t column = 0; column < size; ++column)
            rows += static_cast<char>((row * 7919U + column * 104729U) % 251U);
    }
    std::string packed("\x78\x01", 2);  // stored blocks of Deflate
    constexpr std::size_t kBlock = 1000;
    for (std::size_t at = 0; at < rows.size(); at += kBlock) {
        const std::string block = rows.substr(at, kBlock);
        const std::size_t length = block.size();
        packed += static_cast<char>(at + kBlock >= rows.size() ? 1 : 0);
        packed += {static_cast<char>(length & 0xFF), static_cast<char>(length >> 8), static_cast<char>(~length & 0xFF),
                   static_cast<char>(~length >> 8 & 0xFF)};
        packed += block;
    }
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char byte : rows) {
        low = (low + static_cast<unsigned char>(byte)) % 65521U;
        high = (high + low) % 65521U;
    }
    packed += number(high << 16U | low);
    return "\x89PNG\r\n\x1a\n" + part("IHDR", number(size) + number(size) + std::string("\x08\0\0\0\0", 5)) +
           part("acTL", number(3) + number(0)) + part("IDAT", packed) + part("IEND", "");
}

TEST(Pictures, OfACutPngEveryRowThatIsThereIsReadHoweverSmallItIs) {
    const TemporaryFolder folder;
    const std::string whole = pngOf(64);
    const Result<exec::NodeData> complete = loaded(folder.write("a.png", whole), {{"scale", "0..255"}});
    ASSERT_TRUE(complete) << complete.error().text();
    EXPECT_THAT(complete->note, HasSubstr("an animation of 3 pictures, the first is read"));
    for (const std::size_t share : {3U, 5U, 9U}) {
        const Result<exec::NodeData> cut =
            loaded(folder.write("b.png", whole.substr(0, whole.size() * share / 10)), {{"scale", "0..255"}});
        ASSERT_TRUE(cut) << cut.error().text();
        const auto rows = static_cast<std::int64_t>(64 * share / 10 - 2);
        EXPECT_THAT(cut->note, HasSubstr("the file is cut"));
        EXPECT_THAT(cut->note, HasSubstr("of 64 whole rows read"));
        for (std::int64_t at = 0; at < rows * 64; ++at)
            ASSERT_EQ(cut->values->data()[at], complete->values->data()[at]) << at;
    }
}

TEST(Pictures, OneThatCannotBeReadIsRefusedBeforeItTakesMemory) {
    struct Case {
        const char* name;
        std::string bytes;
        const char* words;
    };
    const fs::path pictures = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures";
    std::string png = *readFile(pictures / "rgb.png", 100000);
    png.replace(16, 8, std::string("\0\0\x3E\x80\0\0\x3E\x80", 8));
    const std::string jpeg = *readFile(pictures / "rgb.jpg", 100000);
    const std::size_t frame = jpeg.find("\xFF\xC0");
    ASSERT_NE(frame, std::string::npos);
    std::string large = jpeg;
    large.replace(frame + 5, 4, "\x3E\x80\x3E\x80");
    std::string deep = jpeg;
    deep[frame + 4] = 12;
    const TemporaryFolder folder;
    for (const Case& picture : {Case{"png", png, "more pixels are promised than the file can hold"},
                                {"jpeg", large, "more pixels are promised than the file can hold"},
                                {"12 bits", deep, "is a JPEG picture of a kind that is not read"}}) {
        SCOPED_TRACE(picture.name);
        const Result<DataProbe> probe = probeDataFile(folder.write("a", picture.bytes));
        ASSERT_FALSE(probe);
        EXPECT_THAT(probe.error().message, HasSubstr(picture.words));
    }
}

TEST(Pictures, AJpegThatLacksItsEndMarkAloneHasAllItsRows) {
    const TemporaryFolder folder;
    const std::string jpeg = *readFile(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.jpg", 100000);
    const Result<exec::NodeData> complete = loaded(folder.write("a.jpg", jpeg));
    const Result<exec::NodeData> data = loaded(folder.write("b.jpg", jpeg.substr(0, jpeg.size() - 2)));
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_THAT(data->note, HasSubstr("its end mark is missing, all rows are there"));
    for (std::int64_t at = 0; at < data->values->count(); ++at)
        ASSERT_EQ(data->values->data()[at], complete->values->data()[at]);
}

TEST(Pictures, WhatIsDoneToColoursAndSizesIsSaid) {
    const fs::path pictures = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures";
    EXPECT_EQ(loaded(pictures / "rgb.png")->note, "");
    EXPECT_THAT(loaded(pictures / "rgba.png")->note, HasSubstr("transparency left out"));
    EXPECT_THAT(loaded(pictures / "palette.png")->note, HasSubstr("palette"));
    EXPECT_THAT(loaded(pictures / "rgb.png", {{"colour", "grey"}})->note, HasSubstr("became grey"));
    EXPECT_THAT(loaded(pictures / "grey.png", {{"colour", "rgb"}})->note, HasSubstr("grey repeated"));
    EXPECT_THAT(loaded(pictures / "rgb.png", {{"height", 4}})->note, HasSubstr("resized from 16 × 8 to 16 × 4"));
}

// Arrays

template <class Number>
std::string npyOf(const std::string& type, const std::string& shape, const std::vector<Number>& numbers,
                  const char* fortran = "False") {
    const std::string header =
        "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
    std::string bytes = std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header;
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
    return bytes;
}

TEST(Arrays, ACutOneGivesWhatIsThere) {
    struct Cut {
        const char* shape;
        const char* fortran;
        std::size_t held;
        const char* left;  ///< empty: refused
    };
    const TemporaryFolder folder;
    for (const Cut& cut : {Cut{"(4, 3)", "False", 8, "(2, 3)"},
                           {"(12,)", "False", 5, "(5,)"},
                           {"(1, 4, 3)", "False", 7, "(1, 2, 3)"},
                           {"(4, 3)", "True", 9, "(4, 2)"},
                           {"(2, 6)", "False", 4, "(1, 4)"},
                           {"(4, 3)", "False", 0, ""}}) {
        SCOPED_TRACE(cut.shape);
        std::vector<float> numbers(cut.held);
        for (std::size_t index = 0; index < numbers.size(); ++index) numbers[index] = static_cast<float>(index);
        const Result<exec::NodeData> data =
            loaded(folder.write("a.npy", npyOf("<f4", cut.shape, numbers, cut.fortran)));
        ASSERT_EQ(data.has_value(), *cut.left != '\0');
        if (!data) {
            EXPECT_THAT(data.error().text(), HasSubstr("cut off before the first of its 12 values"));
            continue;
        }
        EXPECT_EQ(tensor::extentsText(data->values->extents()), cut.left);
        EXPECT_THAT(data->note, HasSubstr("the file is cut"));
        EXPECT_THAT(data->note, HasSubstr("of 12 values read"));
    }
}

TEST(Arrays, OnesOfAnUnusualShapeAreReadWithANoteOrRefusedAsWhatTheyAre) {
    const TemporaryFolder folder;
    const auto load = [&](const std::string& bytes) { return loaded(folder.write("a.npy", bytes)); };
    const Result<exec::NodeData> single = load(npyOf<float>("<f4", "()", {7.0F}));
    ASSERT_TRUE(single) << single.error().text();
    EXPECT_EQ(single->type.shape.text(), "(1,)");
    EXPECT_EQ(single->values->data()[0], 7.0F);
    EXPECT_THAT(single->note, HasSubstr("a single number"));
    EXPECT_THAT(load(npyOf<float>("<f4", "(2,)", {1.0F, 2.0F, 3.0F}))->note,
                HasSubstr("4 bytes behind the array are left out"));
    std::string nothing = npyOf<float>("<f4", "(1,)", {1.0F});
    nothing.replace(nothing.find("descr"), 5, "other");
    EXPECT_THAT(load(nothing).error().message, HasSubstr("is damaged: it says no type"));
}

TEST(Arrays, WhatFloat32CannotHoldIsSaid) {
    const TemporaryFolder folder;
    const auto note = [&](const std::string& bytes) { return loaded(folder.write("a.npy", bytes))->note; };
    EXPECT_EQ(note(npyOf<std::int64_t>("<i8", "(3,)", {16777216, -16777218, std::int64_t{1} << 40})), "");
    EXPECT_THAT(note(npyOf<std::int64_t>("<i8", "(2,)", {16777217, 5})), HasSubstr("1 value is rounded"));
    EXPECT_THAT(note(npyOf<std::uint64_t>("<u8", "(2,)", {~std::uint64_t{0}, 16777219})),
                HasSubstr("2 values are rounded"));
    EXPECT_THAT(note(npyOf<std::int64_t>("<i8", "(1,)", {INT64_MAX})), HasSubstr("1 value is rounded"));
    EXPECT_THAT(note(npyOf<double>("<f8", "(2,)", {-1e39, 1.0})), HasSubstr("too large for float32 (-1e+39)"));
    EXPECT_THAT(note(npyOf<double>("<f8", "(2,)", {1e-60, 1.0})), HasSubstr("too small for float32 (1e-60)"));
    EXPECT_EQ(note(npyOf<double>("<f8", "(3,)", {INFINITY, NAN, 0.0})), "");
}

}  // namespace
}  // namespace shapewise::io
