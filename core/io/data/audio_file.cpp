#include "core/io/data/audio_file.h"

#include "core/io/data/resample.h"
#include "core/io/files/file_paths.h"
#include "core/io/formats/format.h"

#include <fmt/format.h>
#include <sndfile.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <memory>

namespace shapewise::io {

namespace {

struct CloseSound {
    void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundFile = std::unique_ptr<SNDFILE, CloseSound>;

/// Null when libsndfile does not take the file for sound. It is told by its content alone: libsndfile is given no name.
SoundFile openSound(const InputFile& file, SF_INFO& format) {
    format = {};
    if (::lseek(file.descriptor(), 0, SEEK_SET) != 0) return nullptr;
    return SoundFile(sf_open_fd(file.descriptor(), SFM_READ, &format, SF_FALSE));
}

Result<void> checkFormat(const std::filesystem::path& path, const SF_INFO& format) {
    if (format.channels < 1 || format.samplerate < 1)
        return failure(
            fmt::format("{} gives {} channels at {} Hz", shownName(path), format.channels, format.samplerate),
            "Save it as WAV or FLAC and open that");
    if (format.frames < 1)
        return failure(fmt::format("{} holds no samples", shownName(path)), "Record it again or choose another file");
    return {};
}

/// "WAV" of "WAV (Microsoft)"; "16-bit PCM" of "Signed 16 bit PCM".
std::string formatText(int code) {
    SF_FORMAT_INFO major{};
    major.format = code & SF_FORMAT_TYPEMASK;
    SF_FORMAT_INFO coding{};
    coding.format = code & SF_FORMAT_SUBMASK;
    std::string text = "sound";
    if (sf_command(nullptr, SFC_GET_FORMAT_INFO, &major, sizeof major) == 0 && major.name != nullptr) text = major.name;
    text = text.substr(0, text.find(" ("));
    if (sf_command(nullptr, SFC_GET_FORMAT_INFO, &coding, sizeof coding) != 0 || coding.name == nullptr) return text;
    std::string name = coding.name;
    for (const char* prefix : {"Signed ", "Unsigned "})
        if (name.starts_with(prefix)) name = name.substr(std::string_view(prefix).size());
    if (const std::size_t bit = name.find(" bit"); bit != std::string::npos) name[bit] = '-';
    return text + ", " + name;
}

std::string channelText(int channels) {
    if (channels == 1) return "mono";
    if (channels == 2) return "stereo";
    return fmt::format("{} channels", channels);
}

/// A WAV header says how long the file is; recorders that cannot know write 0 or the largest number.
Result<void> checkRiffLength(const InputFile& file) {
    constexpr std::size_t kHeader = 8;
    const std::string_view head = file.head();
    if (head.size() < kHeader || !head.starts_with("RIFF")) return {};
    std::uint64_t promised = 0;
    for (std::size_t index = kHeader; index-- > 4;)
        promised = (promised << 8) | static_cast<unsigned char>(head[index]);
    constexpr std::uint64_t kNotKnown = 0x7FFF0000;
    if (promised == 0 || promised >= kNotKnown || promised + 8 <= file.size() + 1) return {};
    return failure(fmt::format("{} is cut off: its header promises {} bytes, the file has {}", shownName(file.path()),
                               promised + 8, file.size()),
                   "Get a complete copy of the file");
}

Result<void> checkLastSample(const std::filesystem::path& path, SNDFILE* sound, const SF_INFO& format) {
    if (format.seekable == 0) return {};
    std::vector<float> frame(static_cast<std::size_t>(format.channels));
    if (sf_seek(sound, format.frames - 1, SEEK_SET) == format.frames - 1 && sf_readf_float(sound, frame.data(), 1) == 1)
        return {};
    return failure(
        fmt::format("{} is cut off: the last of its {} samples cannot be read", shownName(path), format.frames),
        "Get a complete copy of the file");
}

Unexpected cutOff(const std::filesystem::path& path, std::int64_t promised, std::int64_t held) {
    return failure(fmt::format("{} is cut off: {} samples promised, {} can be read", shownName(path), promised, held),
                   "Get a complete copy of the file");
}

/// Reads frame by frame into `channels` outputs: one when they are mixed or one is chosen.
class ChannelReader {
  public:
    ChannelReader(int fileChannels, std::string_view wanted) : fileChannels_(fileChannels) {
        takesAll_ = wanted == "all";
        if (wanted == "left") only_ = 0;
        if (wanted == "right") only_ = std::min(1, fileChannels - 1);
    }
    [[nodiscard]] int outputs() const { return takesAll_ ? fileChannels_ : 1; }
    void take(std::span<const float> interleaved, std::vector<float>& out) const {
        if (takesAll_) {
            out.insert(out.end(), interleaved.begin(), interleaved.end());
            return;
        }
        const auto step = static_cast<std::size_t>(fileChannels_);
        for (std::size_t frame = 0; frame + step <= interleaved.size(); frame += step) {
            if (only_ >= 0) {
                out.push_back(interleaved[frame + static_cast<std::size_t>(only_)]);
                continue;
            }
            double sum = 0.0;
            for (std::size_t channel = 0; channel < step; ++channel)
                sum += static_cast<double>(interleaved[frame + channel]);
            out.push_back(static_cast<float>(sum / static_cast<double>(step)));
        }
    }

  private:
    int fileChannels_;
    int only_ = -1;
    bool takesAll_ = false;
};

Result<tensor::Tensor> readExcerpt(const std::filesystem::path& path, SNDFILE* sound, const SF_INFO& format,
                                   const layers::AudioExcerpt& excerpt, std::string_view channels,
                                   std::stop_token stop) {
    if (excerpt.frames < 1 || excerpt.samples < 1)
        return failure(fmt::format("the part of {} to read has no samples: it starts behind the end at {:.3g} s",
                                   shownName(path), static_cast<double>(format.frames) / format.samplerate),
                       "Set an earlier start or a longer duration");
    const bool isThere = format.seekable == 0 && excerpt.firstFrame == 0;
    if (!isThere && sf_seek(sound, excerpt.firstFrame, SEEK_SET) != excerpt.firstFrame)
        return cutOff(path, excerpt.firstFrame + excerpt.frames, format.frames);
    const ChannelReader reader(format.channels, channels);
    std::vector<float> values;
    constexpr std::int64_t kBlockValues = 1 << 16;
    const std::int64_t blockFrames = std::max<std::int64_t>(kBlockValues / format.channels, 1);
    std::vector<float> block(static_cast<std::size_t>(blockFrames * format.channels));
    for (std::int64_t done = 0; done < excerpt.frames;) {
        if (stop.stop_requested()) return failure("cancelled");
        const std::int64_t wanted = std::min(blockFrames, excerpt.frames - done);
        const std::int64_t count = sf_readf_float(sound, block.data(), wanted);
        if (count < wanted)
            return cutOff(path, excerpt.firstFrame + excerpt.frames,
                          excerpt.firstFrame + done + std::max<std::int64_t>(count, 0));
        reader.take(std::span(block).first(static_cast<std::size_t>(count * format.channels)), values);
        done += count;
    }
    const auto bad = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (bad != values.end())
        return failure(fmt::format("{} holds values that are no numbers (NaN or infinite), the first at sample {}",
                                   shownName(path), excerpt.firstFrame + (bad - values.begin()) / reader.outputs()),
                       "Save it again as 16-bit PCM");
    const double ratio = excerpt.sampleRateHz / static_cast<double>(format.samplerate);
    if (ratio != 1.0) {
        Result<std::vector<float>> resampled = resample(values, reader.outputs(), ratio, excerpt.samples, stop);
        if (!resampled) return Unexpected(std::move(resampled.error()));
        values = std::move(*resampled);
    }
    return tensor::Tensor({1, excerpt.samples, reader.outputs()}, values);
}

class SoundReader final : public DataReader {
  public:
    SoundReader(std::shared_ptr<const InputFile> file, SoundFile sound, const SF_INFO& format)
        : file_(std::move(file)),
          sound_(std::move(sound)),
          format_(format),
          probe_{DataKind::Audio, {format.frames, format.channels}, static_cast<double>(format.samplerate), {}} {
        probe_.description =
            fmt::format("{}, {} Hz, {}, {:.3g} s", formatText(format.format), format.samplerate,
                        channelText(format.channels), static_cast<double>(format.frames) / probe_.sampleRateHz);
    }

    [[nodiscard]] const DataProbe& probe() const override { return probe_; }
    Result<tensor::Tensor> read(const DataRequest& request) override {
        return readExcerpt(file_->path(), sound_.get(), format_, request.excerpt, request.channels, request.stop);
    }

  private:
    std::shared_ptr<const InputFile> file_;
    SoundFile sound_;
    SF_INFO format_;
    DataProbe probe_;
};

Result<std::unique_ptr<DataReader>> openSoundFile(std::shared_ptr<const InputFile> file) {
    if (Result<void> complete = checkRiffLength(*file); !complete) return Unexpected(std::move(complete.error()));
    SF_INFO format;
    SoundFile sound = openSound(*file, format);
    if (!sound) return nullptr;
    if (Result<void> right = checkFormat(file->path(), format); !right) return Unexpected(std::move(right.error()));
    if (Result<void> whole = checkLastSample(file->path(), sound.get(), format); !whole)
        return Unexpected(std::move(whole.error()));
    return std::make_unique<SoundReader>(std::move(file), std::move(sound), format);
}

/// Certain for the commonest containers; libsndfile knows some thirty.
Match matchSound(std::string_view head) {
    for (const std::string_view start : {"RIFF", "fLaC", "OggS"})
        if (head.starts_with(start)) return Match::Certain;
    return Match::Possible;
}

}  // namespace

Format soundFormat() {
    return {"WAV and other sound", "", matchSound, DataFormat{DataKind::Audio, "sound", openSoundFile}};
}

Result<tensor::Tensor> readAudio(const std::filesystem::path& path, const layers::AudioExcerpt& excerpt,
                                 std::string_view channels, std::stop_token stop) {
    const Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(file.error());
    SF_INFO format;
    const SoundFile sound = openSound(**file, format);
    if (!sound)
        return failure(fmt::format("{} cannot be read as sound: {}", shownName(path), sf_strerror(nullptr)),
                       "Save it as WAV or FLAC and open that");
    if (Result<void> right = checkFormat(path, format); !right) return Unexpected(std::move(right.error()));
    return readExcerpt(path, sound.get(), format, excerpt, channels, std::move(stop));
}

}  // namespace shapewise::io
