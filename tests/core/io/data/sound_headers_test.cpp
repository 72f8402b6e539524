// Sound whose header says too little, too much or the wrong thing of what follows.

#include "core/io/data/data_files.h"
#include "core/io/files/files.h"
#include "tests/support/little_endian.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <cmath>

namespace shapewise::io {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

Result<exec::NodeData> loaded(const fs::path& path, const std::vector<std::pair<const char*, Value>>& settings = {}) {
    graph::Graph graph;
    const auto node = makeDataNode(path, graph.nextId(), graph);
    if (!node) return Unexpected(node.error());
    for (const auto& [key, value] : settings) (*node)->set(key, value);
    return dataLoader(path.parent_path())(**node, {});
}

std::string littleEndian(std::int64_t value, int bytes) {
    return test::littleEndian(static_cast<std::uint64_t>(value), bytes);  // samples have signs
}

constexpr int kRateHz = 8000;

struct WaveHead {
    const char* name;
    int tag;
    int channels;
    int bits;
    int blockBytes;
    int bytesPerSecond;
    std::int64_t rateHz;
};

/// The header, and 100 samples of half of full scale in `width` bytes each.
std::string waveOf(const WaveHead& head, int width) {
    std::string data;
    for (int index = 0; index < 100; ++index) data += littleEndian(std::int64_t{1} << (8 * width - 2), width);
    const std::string format = littleEndian(head.tag, 2) + littleEndian(head.channels, 2) +
                               littleEndian(head.rateHz, 4) + littleEndian(head.bytesPerSecond, 4) +
                               littleEndian(head.blockBytes, 2) + littleEndian(head.bits, 2);
    const std::string parts = "WAVEfmt " + littleEndian(16, 4) + format + "data" +
                              littleEndian(static_cast<std::int64_t>(data.size()), 4) + data;
    return "RIFF" + littleEndian(static_cast<std::int64_t>(parts.size()), 4) + parts;
}

TEST(WaveHeaders, SamplesLongerThanTheirBitsAreReadAsTheyAreStored) {
    struct Case {
        WaveHead head;
        int width;
        int frames;
        const char* note;
    };
    const TemporaryFolder folder;
    for (const Case& wave :
         {Case{{"as usual", 1, 1, 16, 2, 16000, kRateHz}, 2, 100, ""},
          {{"12 bits in 16", 1, 1, 12, 2, 16000, kRateHz}, 2, 100, ""},
          {{"24 bits in 32", 1, 1, 24, 4, 32000, kRateHz}, 4, 100, "24-bit integers in 32 bits of which the upper"},
          {{"20 bits in 32", 1, 2, 20, 8, 64000, kRateHz}, 4, 50, "20-bit integers in 32 bits of which the upper"},
          {{"16 bits in 24", 1, 1, 16, 3, 24000, kRateHz}, 3, 100, "16-bit integers in 24 bits of which the upper"},
          {{"8 bits in 16", 1, 1, 8, 2, 16000, kRateHz}, 2, 100, "8-bit integers in 16 bits of which the upper"},
          {{"blocks too short", 1, 2, 16, 2, 16000, kRateHz}, 2, 50, "the header contradicts itself"},
          {{"bytes a second as the bits say", 1, 1, 16, 4, 16000, kRateHz}, 2, 100, "the header contradicts itself"},
          {{"no length of blocks", 1, 1, 16, 0, 16000, kRateHz}, 2, 100, ""}}) {
        SCOPED_TRACE(wave.head.name);
        const Result<exec::NodeData> data =
            loaded(folder.write("a.wav", waveOf(wave.head, wave.width)), {{"channels", "left"}});
        ASSERT_TRUE(data) << data.error().text();
        EXPECT_EQ(data->values->size(1), wave.frames);
        for (std::int64_t at = 0; at < data->values->count(); ++at) ASSERT_EQ(data->values->data()[at], 0.5F) << at;
        EXPECT_THAT(data->note, HasSubstr(wave.note));
        EXPECT_THAT(data->note, Not(HasSubstr("cut")));
        EXPECT_THAT(data->note, Not(HasSubstr("rounded")));
    }
}

TEST(WaveHeaders, OfDataOfUnknownSizeThePartsBehindAreNone) {
    const TemporaryFolder folder;
    const std::string list = "LIST" + littleEndian(16, 4) + "INFOIART" + littleEndian(4, 4) + std::string("abc\0", 4);
    for (const std::int64_t size : {std::int64_t{0}, std::int64_t{0xFFFFFFFF}}) {
        SCOPED_TRACE(size);
        std::string bytes = waveOf({"", 1, 1, 16, 2, 16000, kRateHz}, 2);
        bytes.replace(40, 4, littleEndian(size, 4));
        for (const std::string& behind : {std::string(), list, list + list}) {
            const Result<exec::NodeData> data = loaded(folder.write("a.wav", bytes + behind));
            ASSERT_TRUE(data) << data.error().text();
            EXPECT_EQ(data->values->size(1), 100);
            EXPECT_EQ(data->note, "");
        }
    }
}

TEST(WaveHeaders, ARefusalNamesWhatIsWrongAndNotWhatIsRight) {
    struct Case {
        WaveHead head;
        const char* words;
    };
    const TemporaryFolder folder;
    for (const Case& wave : {Case{{"no rate", 1, 1, 16, 2, 0, 0}, "a sample rate of 0 Hz"},
                             {{"rate", 1, 1, 16, 2, 0, 4000000000}, "a sample rate of 4000000000 Hz"},
                             {{"no channel", 1, 0, 16, 2, 16000, kRateHz}, "begins as WAV, but cannot be read"},
                             {{"AAC", 0xFF, 1, 16, 2, 16000, kRateHz}, "WAV with AAC, which is not read"},
                             {{"64 bits", 1, 1, 64, 8, 64000, kRateHz}, "WAV with 64-bit integers, which is not read"},
                             {{"half", 3, 1, 16, 2, 16000, kRateHz}, "WAV with 16-bit floating point numbers, which"},
                             {{"36 in 40", 1, 1, 36, 5, 40000, kRateHz}, "36-bit integers in 40 bits, which is not"}}) {
        SCOPED_TRACE(wave.head.name);
        const Result<exec::NodeData> data = loaded(folder.write("a.wav", waveOf(wave.head, 2)));
        ASSERT_FALSE(data);
        EXPECT_THAT(data.error().message, HasSubstr(wave.words));
        EXPECT_THAT(data.error().message, Not(HasSubstr("16-bit integers, which is not read")));
        EXPECT_FALSE(data.error().advice.empty());
    }
}

/// A tone of 1,000 Hz; empty when this libsndfile does not write the format.
std::string written(int format, const fs::path& path, std::int64_t frames, double amplitude = 0.5, int rateHz = 44100) {
    SF_INFO info{};
    info.samplerate = rateHz;
    info.channels = 1;
    info.format = format;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    if (file == nullptr) return {};
    std::vector<double> samples(static_cast<std::size_t>(frames));
    for (std::size_t at = 0; at < samples.size(); ++at)
        samples[at] = amplitude * std::sin(6.283185307179586 * 1000.0 * static_cast<double>(at) / rateHz);
    sf_writef_double(file, samples.data(), frames);
    sf_close(file);
    return *readFile(path, 1 << 24);
}

TEST(Mp3Headers, EveryFrameIsReadWhateverTheFirstSays) {
    constexpr std::int64_t kFrames = 400000;
    constexpr std::int64_t kPadding = 2400;  // encoders add silence, which no header counts here
    const TemporaryFolder folder;
    for (const int rateHz : {44100, 22050, 8000}) {  // MPEG 1, 2 and 2.5
        SCOPED_TRACE(rateHz);
        const std::string whole =
            written(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, folder.path() / "w", kFrames, 0.5, rateHz);
        if (whole.empty()) GTEST_SKIP() << "this libsndfile writes no MP3";
        ASSERT_NE(whole.substr(0, 200).find("Xing") == std::string::npos,
                  whole.substr(0, 200).find("Info") == std::string::npos);
        const std::string uncounted = whole.substr(whole.find(whole.substr(0, 2), 4));
        const std::string tag = std::string("ID3\x03\0\0\0\0\x10\0", 10) + std::string(2048, '\0');
        struct Case {
            const char* name;
            std::string bytes;
            std::int64_t frames;
            const char* note;
        };
        for (const Case& mp3 :
             {Case{"counted", whole, kFrames, ""},
              {"not counted", uncounted, kFrames, ""},
              {"behind a tag", tag + uncounted, kFrames, ""},
              {"in front of a tag", uncounted + "TAG" + std::string(125, 'x'), kFrames, ""},
              {"two, counted", whole + whole, 2 * kFrames, "several MP3 streams follow one another"},
              {"two, not counted", uncounted + uncounted, 2 * kFrames, ""},
              {"cut", uncounted.substr(0, uncounted.find(whole.substr(0, 2), uncounted.size() / 2) + 6), kFrames / 2,
               "the file is cut"}}) {
            SCOPED_TRACE(mp3.name);
            const Result<exec::NodeData> data = loaded(folder.write("a", mp3.bytes));
            ASSERT_TRUE(data) << data.error().text();
            EXPECT_NEAR(static_cast<double>(data->values->size(1)), static_cast<double>(mp3.frames), 2 * kPadding);
            EXPECT_THAT(data->note, HasSubstr(mp3.note));
            if (*mp3.note == '\0') {
                EXPECT_EQ(data->note, "");
            }
        }
    }
}

TEST(SoundHeaders, TheLastBlockEndsWhereTheHeaderSays) {
    const TemporaryFolder folder;
    std::string bytes = written(SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, folder.path() / "a", 50000);
    const std::size_t fact = bytes.find("fact");
    ASSERT_NE(fact, std::string::npos);
    bytes.replace(fact + 8, 4, littleEndian(50000, 4));
    const Result<exec::NodeData> data = loaded(folder.write("a.wav", bytes));
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(data->values->size(1), 50000);
    EXPECT_EQ(data->note, "");
    bytes.replace(fact + 8, 4, littleEndian(1000, 4));
    const Result<exec::NodeData> few = loaded(folder.write("a.wav", bytes));
    EXPECT_GE(few->values->size(1), 50000);
    EXPECT_THAT(few->note, HasSubstr("the header counts 1000 samples; all "));
}

TEST(SoundHeaders, PacketsAreNotCountedAsSamples) {
    const TemporaryFolder folder;
    const std::string bytes = written(SF_FORMAT_AIFF | SF_FORMAT_IMA_ADPCM, folder.path() / "a", 50000);
    EXPECT_EQ(loaded(folder.path() / "a")->note, "");
    const Result<exec::NodeData> cut = loaded(folder.write("b", bytes.substr(0, bytes.size() / 2)));
    ASSERT_TRUE(cut) << cut.error().text();
    EXPECT_THAT(cut->note, HasSubstr(fmt::format("the file is cut, {} of 50048 samples read", cut->values->size(1))));
}

TEST(SoundHeaders, ANumberOfSamplesThatIsNotKnownIsNoPromise) {
    const TemporaryFolder folder;
    std::string flac = written(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, folder.path() / "a", 50000);
    if (flac.empty()) GTEST_SKIP() << "this libsndfile writes no FLAC";
    flac[21] = static_cast<char>(flac[21] & 0xF0);
    flac.replace(22, 4, 4, '\0');
    const Result<exec::NodeData> data = loaded(folder.write("a.flac", flac));
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(data->values->size(1), 50000);
    EXPECT_EQ(data->note, "");
}

TEST(SoundHeaders, OfStreamsOneBehindTheOtherTheOnesLeftOutAreCounted) {
    const TemporaryFolder folder;
    const std::string one = written(SF_FORMAT_OGG | SF_FORMAT_VORBIS, folder.path() / "a", 50000);
    if (one.empty()) GTEST_SKIP() << "this libsndfile writes no Vorbis";
    const Result<exec::NodeData> chain = loaded(folder.write("a.ogg", one + one + one));
    ASSERT_TRUE(chain) << chain.error().text();
    EXPECT_EQ(chain->values->size(1), 50000);
    EXPECT_EQ(chain->note, "3 streams follow one another in the file, the first is read");
    const Result<exec::NodeData> trailed = loaded(folder.write("a.ogg", one + std::string(200, 'x')));
    ASSERT_TRUE(trailed) << trailed.error().text();
    EXPECT_EQ(trailed->values->size(1), 50000);
    EXPECT_EQ(trailed->note, "");
}

TEST(SoundHeaders, WhatCannotBeDecodedIsSilentAndSaid) {
    struct Case {
        const char* name;
        int format;
        bool goesOnBehindIt;
    };
    const TemporaryFolder folder;
    for (const Case& sound :
         {Case{"FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, true}, {"Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, false}}) {
        SCOPED_TRACE(sound.name);
        const std::string whole = written(sound.format, folder.path() / "a", 400000);
        if (whole.empty()) continue;
        const Result<exec::NodeData> complete = loaded(folder.write("a", whole));
        std::string damaged = whole;
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
        const Result<exec::NodeData> data = loaded(folder.write("b", damaged));
        ASSERT_TRUE(data) << data.error().text();
        ASSERT_EQ(data->values->size(1), 400000);
        EXPECT_THAT(data->note, HasSubstr("the file is damaged"));
        const auto isSame = [&](std::int64_t at) {
            return std::abs(data->values->data()[at] - complete->values->data()[at]) < 0.01F;
        };
        for (std::int64_t at = 0; at < 100000; ++at) ASSERT_TRUE(isSame(at)) << at;
        if (sound.goesOnBehindIt) {
            for (std::int64_t at = 300000; at < 400000; ++at) ASSERT_TRUE(isSame(at)) << at;
        } else {
            EXPECT_THAT(data->note, HasSubstr("what stands behind lies that much earlier"));
        }
    }
}

TEST(SoundHeaders, WhatBecomesOfTheNumbersIsSaidInEveryEncoding) {
    struct Case {
        const char* name;
        int format;
        double amplitude;
        std::vector<std::pair<const char*, Value>> settings;
        const char* note;
    };
    const TemporaryFolder folder;
    for (const Case& sound :
         {Case{"WAV", SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 1e300, {}, "values are too large for float32 ("},
          {"AIFF", SF_FORMAT_AIFF | SF_FORMAT_DOUBLE, 1e300, {}, "values are too large for float32 ("},
          {"float", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1.5, {}, "beyond full scale; they are not clipped"},
          {"Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 1.5, {}, "beyond full scale; they are not clipped"},
          {"32 bits", SF_FORMAT_WAV | SF_FORMAT_PCM_32, 0.5, {}, "rounded to the 24 bits of float32"},
          {"mono", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0.5, {{"channels", "right"}}, "the file has one channel"},
          {"NaN",
           SF_FORMAT_WAV | SF_FORMAT_FLOAT,
           NAN,
           {{"sample_rate", 22050.0}},
           "NaN or infinite in the file spread to the values around by resampling"}}) {
        SCOPED_TRACE(sound.name);
        if (written(sound.format, folder.path() / "a", 20000, sound.amplitude).empty()) continue;
        const Result<exec::NodeData> data = loaded(folder.path() / "a", sound.settings);
        ASSERT_TRUE(data) << data.error().text();
        EXPECT_THAT(data->note, HasSubstr(sound.note));
    }
}

}  // namespace
}  // namespace shapewise::io
