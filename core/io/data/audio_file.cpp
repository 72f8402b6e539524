#include "core/io/data/audio_file.h"

#include "core/io/data/resample.h"
#include "core/io/data/sound_header.h"
#include "core/io/files/file_paths.h"
#include "core/io/formats/format.h"

#include <fmt/format.h>
#include <sndfile.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace shapewise::io {

namespace {

struct CloseSound {
    void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundFile = std::unique_ptr<SNDFILE, CloseSound>;

/// A file as libsndfile reads it: with the sizes that its header should have.
class PatchedFile {
  public:
    PatchedFile(const InputFile& file, const SoundHeader& header) : file_(file), header_(header) {}
    [[nodiscard]] sf_count_t size() const {
        return static_cast<sf_count_t>(file_.size() + (header_.insertion ? header_.insertion->bytes.size() : 0));
    }
    [[nodiscard]] sf_count_t position() const { return position_; }

    sf_count_t read(char* to, sf_count_t count) {
        sf_count_t done = 0;
        while (done < count) {  // in front of, inside and behind what is inserted
            const sf_count_t part = readPart(to + done, count - done);
            if (part < 1) break;
            done += part;
            position_ += part;
        }
        return done;
    }
    sf_count_t seek(sf_count_t offset, int whence) {
        const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position_ : size();
        position_ = std::clamp<sf_count_t>(from + offset, 0, size());
        return position_;
    }

  private:
    sf_count_t readPart(char* to, sf_count_t count) const {
        if (!header_.insertion) return readFile(to, count, position_);
        const auto start = static_cast<sf_count_t>(header_.insertion->offset);
        const auto length = static_cast<sf_count_t>(header_.insertion->bytes.size());
        if (position_ < start) return readFile(to, std::min(count, start - position_), position_);
        if (position_ >= start + length) return readFile(to, count, position_ - length);
        const sf_count_t part = std::min(count, start + length - position_);
        std::copy_n(header_.insertion->bytes.data() + (position_ - start), part, to);
        return part;
    }
    sf_count_t readFile(char* to, sf_count_t count, sf_count_t from) const {
        const auto done = static_cast<sf_count_t>(
            file_.readAt(static_cast<std::uint64_t>(from), std::span(to, static_cast<std::size_t>(count))));
        for (const BytePatch& patch : header_.patches)
            for (std::size_t index = 0; index < patch.bytes.size(); ++index) {
                const sf_count_t at = static_cast<sf_count_t>(patch.offset + index) - from;
                if (at >= 0 && at < done) to[at] = patch.bytes[index];
            }
        return done;
    }

    const InputFile& file_;
    const SoundHeader& header_;
    sf_count_t position_ = 0;
};

PatchedFile& patched(void* user) { return *static_cast<PatchedFile*>(user); }

/// Null when libsndfile does not take the file for sound. It is told by its content alone: libsndfile is given no name.
SoundFile openSound(PatchedFile& file, SF_INFO& format) {
    SF_VIRTUAL_IO access{
        [](void* user) { return patched(user).size(); },
        [](sf_count_t offset, int whence, void* user) { return patched(user).seek(offset, whence); },
        [](void* to, sf_count_t count, void* user) { return patched(user).read(static_cast<char*>(to), count); },
        [](const void*, sf_count_t, void*) -> sf_count_t { return 0; },
        [](void* user) { return patched(user).position(); }};
    format = {};
    file.seek(0, SEEK_SET);
    return SoundFile(sf_open_virtual(&access, SFM_READ, &format, &file));
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

constexpr std::int64_t kBlockValues = 1 << 16;

/// How many samples can be read from the start on: what a header promises may not be there.
std::int64_t countFrames(SNDFILE* sound, const SF_INFO& format) {
    const std::int64_t blockFrames = std::max<std::int64_t>(kBlockValues / format.channels, 1);
    std::vector<float> block(static_cast<std::size_t>(blockFrames * format.channels));
    std::int64_t frames = 0;
    while (true) {
        const std::int64_t count = sf_readf_float(sound, block.data(), blockFrames);
        if (count <= 0) return frames;
        frames += count;
    }
}

bool hasLastSample(SNDFILE* sound, const SF_INFO& format) {
    if (format.seekable == 0 || format.frames < 1) return true;
    std::vector<float> frame(static_cast<std::size_t>(format.channels));
    return sf_seek(sound, format.frames - 1, SEEK_SET) == format.frames - 1 &&
           sf_readf_float(sound, frame.data(), 1) == 1;
}

Unexpected damaged(const std::filesystem::path& path, std::int64_t promised, std::int64_t held) {
    return failure(fmt::format("{} is damaged: {} of {} samples can be read", shownName(path), held, promised),
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

/// "the file is cut, 650 of 800 samples read"; empty for a whole file.
std::string cutText(const SoundHeader& header, std::int64_t frames) {
    if (!header.endIsMissing) return {};
    if (header.promisedFrames && *header.promisedFrames > frames)
        return fmt::format("the file is cut, {} of {} samples read", frames, *header.promisedFrames);
    return fmt::format("the file is cut: it has no end, {} samples read", frames);
}

std::string mixText(std::string_view channels, int inFile) {
    if (inFile == 1 && channels == "right") return "the file has one channel, which is taken for the right one";
    if (inFile == 1 || channels == "all") return {};
    if (channels == "mix") return fmt::format("mixed down: the mean of {} channels", inFile);
    return fmt::format("the {} channel of {}", channels, inFile);
}

/// Samples beyond full scale, which floating point files may hold.
std::string beyondText(std::span<const float> values) {
    constexpr float kFullScale = 1.0F;
    float largest = 0.0F;
    for (const float value : values)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    return largest > kFullScale ? fmt::format("samples reach {:.4g}, beyond full scale; they are not clipped", largest)
                                : std::string();
}

/// NaN and infinite values take those around them along.
std::string spreadText(std::span<const float> values) {
    const auto count = std::count_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    return count == 0 ? std::string()
                      : fmt::format("{} that {} NaN or infinite in the file {} to the values around by resampling",
                                    count == 1 ? "1 value" : fmt::format("{} values", count), count == 1 ? "is" : "are",
                                    count == 1 ? "spreads" : "spread");
}

/// What is not as in the file, besides what was asked for.
struct Changes {
    std::int64_t silent = 0;    ///< frames that cannot be decoded
    bool isShifted = false;     ///< the decoder leaves out what it cannot decode, and so ends early
    std::int64_t rounded = 0;   ///< values
    std::int64_t tooLarge = 0;  ///< values
    double firstTooLarge = 0.0;

    [[nodiscard]] std::vector<std::string> texts() const {
        std::vector<std::string> texts;
        const auto values = [](std::int64_t count) {
            return count == 1 ? std::string("1 value is") : fmt::format("{} values are", count);
        };
        const std::string samples = silent == 1 ? "1 sample" : fmt::format("{} samples", silent);
        if (silent > 0 && isShifted)
            texts.push_back(
                fmt::format("the file is damaged: {} cannot be decoded; what stands behind lies that much earlier, and "
                            "the end is silent",
                            samples));
        if (silent > 0 && !isShifted)
            texts.push_back(fmt::format("the file is damaged: at least {} cannot be decoded and {} silent", samples,
                                        silent == 1 ? "is" : "are"));
        if (rounded > 0) texts.emplace_back("32-bit integers rounded to the 24 bits of float32");
        if (tooLarge > 0)
            texts.push_back(
                fmt::format("{} too large for float32 ({:g}) and became infinite", values(tooLarge), firstTooLarge));
        return texts;
    }
};

/// As sf_readf_float; what float32 cannot hold is noted.
std::int64_t readBlock(SNDFILE* sound, const SF_INFO& format, std::span<float> block, std::int64_t frames,
                       Changes& changes) {
    const int coding = format.format & SF_FORMAT_SUBMASK;
    const auto most = static_cast<std::size_t>(frames * format.channels);
    if (coding == SF_FORMAT_DOUBLE) {
        std::vector<double> wide(most);
        const std::int64_t count = sf_readf_double(sound, wide.data(), frames);
        for (std::size_t index = 0; index < static_cast<std::size_t>(count * format.channels); ++index) {
            block[index] = static_cast<float>(wide[index]);
            if (std::isinf(block[index]) && !std::isinf(wide[index]) && changes.tooLarge++ == 0)
                changes.firstTooLarge = wide[index];
        }
        return count;
    }
    if (coding == SF_FORMAT_PCM_32) {
        std::vector<int> whole(most);
        const std::int64_t count = sf_readf_int(sound, whole.data(), frames);
        constexpr float kFullScale = 2147483648.0F;
        for (std::size_t index = 0; index < static_cast<std::size_t>(count * format.channels); ++index) {
            const auto value = static_cast<float>(whole[index]);
            if (static_cast<std::int64_t>(value) != whole[index]) ++changes.rounded;
            block[index] = value / kFullScale;
        }
        return count;
    }
    return sf_readf_float(sound, block.data(), frames);
}

class SoundReader final : public DataReader {
  public:
    explicit SoundReader(std::shared_ptr<const InputFile> file)
        : file_(std::move(file)), header_(soundHeaderOf(*file_)), bytes_(*file_, header_) {}

    /// False when libsndfile does not take the file for sound.
    bool open() {
        sound_ = openSound(bytes_, format_);
        return sound_ != nullptr;
    }

    /// Counts what is there where the end cannot be reached.
    Result<void> look() {
        if (format_.channels < 1 || format_.samplerate < 1)
            return failure(fmt::format("{} gives {} channels at {} Hz", shownName(file_->path()), format_.channels,
                                       format_.samplerate),
                           "Save it as WAV or FLAC and open that");
        if (!hasLastSample(sound_.get(), format_)) {
            isCut_ = true;
            constexpr std::int64_t kUnknown = SF_COUNT_MAX / 2;
            if (!header_.promisedFrames && format_.frames < kUnknown) header_.promisedFrames = format_.frames;
            if (!open()) return failure(fmt::format("{} cannot be read", shownName(file_->path())), kWholeCopy);
            format_.frames = countFrames(sound_.get(), format_);
            if (header_.promisedFrames && *header_.promisedFrames > format_.frames) header_.endIsMissing = true;
        }
        // Decoders leave out or add a frame or two at the ends.
        constexpr std::int64_t kTwoMp3Frames = 2304;
        if (header_.container == "MP3" && header_.promisedFrames &&
            *header_.promisedFrames - format_.frames > kTwoMp3Frames)
            header_.endIsMissing = true;
        if (const std::int64_t promised = header_.promisedFrames.value_or(format_.frames);
            promised < format_.frames && header_.container != "MP3") {
            if (format_.frames - promised < header_.blockFrames)
                format_.frames = promised;
            else
                probe_.notes.push_back(fmt::format("the header counts {} samples; all {} that are there are read",
                                                   promised, format_.frames));
        }
        if (format_.frames < 1 && header_.endIsMissing)
            return failure(fmt::format("{} is cut off before its first sample", shownName(file_->path())), kWholeCopy);
        if (format_.frames < 1)
            return failure(fmt::format("{} holds no samples", shownName(file_->path())),
                           "Record it again or choose another file");
        probe_.kind = DataKind::Audio;
        probe_.extents = {format_.frames, format_.channels};
        probe_.sampleRateHz = static_cast<double>(format_.samplerate);
        probe_.description =
            fmt::format("{}, {} Hz, {}, {:.3g} s", formatText(format_.format), format_.samplerate,
                        channelText(format_.channels), static_cast<double>(format_.frames) / probe_.sampleRateHz);
        if (std::string cut = cutText(header_, format_.frames); !cut.empty()) probe_.notes.push_back(std::move(cut));
        if (!header_.note.empty()) probe_.notes.push_back(header_.note);
        return {};
    }

    [[nodiscard]] const DataProbe& probe() const override { return probe_; }

    Result<tensor::Tensor> read(const DataRequest& request) override {
        const layers::AudioExcerpt& excerpt = request.excerpt;
        if (excerpt.frames < 1 || excerpt.samples < 1)
            return failure(
                fmt::format("the part of {} to read has no samples: it starts behind the end at {:.3g} s",
                            shownName(file_->path()), static_cast<double>(format_.frames) / format_.samplerate),
                "Set an earlier start or a longer duration");
        const ChannelReader reader(format_.channels, request.channels);
        Changes changes;
        Result<std::vector<float>> values = readFrames(excerpt, reader, request.stop, changes);
        if (!values) return Unexpected(std::move(values.error()));
        for (std::string& change : changes.texts()) request.note(std::move(change));
        if (std::string mixed = mixText(request.channels, format_.channels); !mixed.empty())
            request.note(std::move(mixed));
        if (std::string beyond = beyondText(*values); !beyond.empty()) request.note(std::move(beyond));
        const double ratio = excerpt.sampleRateHz / static_cast<double>(format_.samplerate);
        if (ratio != 1.0) {
            if (std::string spread = spreadText(*values); !spread.empty()) request.note(std::move(spread));
            Result<std::vector<float>> resampled =
                resample(*values, reader.outputs(), ratio, excerpt.samples, request.stop);
            if (!resampled) return Unexpected(std::move(resampled.error()));
            values = std::move(*resampled);
            request.note(fmt::format("resampled from {} to {:g} Hz", format_.samplerate, excerpt.sampleRateHz));
        }
        return tensor::Tensor({1, excerpt.samples, reader.outputs()}, *values);
    }

  private:
    static constexpr const char* kWholeCopy = "Get a complete copy of the file";

    /// libsndfile stands at the frame; a file without its end is read from the start, since seeking needs the end.
    bool goTo(std::int64_t frame) {
        if (!isCut_) {
            const bool isThere = format_.seekable == 0 && frame == 0;
            return isThere || sf_seek(sound_.get(), frame, SEEK_SET) == frame;
        }
        SF_INFO again;
        sound_ = openSound(bytes_, again);
        if (!sound_) return false;
        std::vector<float> block(static_cast<std::size_t>(format_.channels) * 1024);
        for (std::int64_t left = frame; left > 0;) {
            const std::int64_t count = sf_readf_float(sound_.get(), block.data(), std::min<std::int64_t>(left, 1024));
            if (count <= 0) return false;
            left -= count;
        }
        return true;
    }

    /// Behind a part that cannot be decoded: the next frame that can, or `end`. Frames of FLAC alone say where they
    /// belong; behind a hole in others all would lie too early.
    std::int64_t frameBehindFault(std::int64_t frame, std::int64_t end) {
        constexpr std::int64_t kStep = 4096;
        constexpr int kMostSteps = 16;
        if (isCut_ || (format_.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_FLAC) return end;
        std::int64_t next = frame;
        for (int step = 0; step < kMostSteps; ++step) {
            next += kStep;
            if (next >= end) return end;
            SF_INFO again;  // decoders do not come back from a fault
            sound_ = openSound(bytes_, again);
            if (!sound_) return end;
            if (sf_seek(sound_.get(), next, SEEK_SET) == next) return next;
        }
        return end;
    }

    Result<std::vector<float>> readFrames(const layers::AudioExcerpt& excerpt, const ChannelReader& reader,
                                          const std::stop_token& stop, Changes& changes) {
        if (!goTo(excerpt.firstFrame))
            return damaged(file_->path(), excerpt.firstFrame + excerpt.frames, excerpt.firstFrame);
        std::vector<float> values;
        const std::int64_t blockFrames = std::max<std::int64_t>(kBlockValues / format_.channels, 1);
        std::vector<float> block(static_cast<std::size_t>(blockFrames * format_.channels));
        for (std::int64_t done = 0; done < excerpt.frames;) {
            if (stop.stop_requested()) return failure("cancelled");
            const std::int64_t wanted = std::min(blockFrames, excerpt.frames - done);
            const std::int64_t count = readBlock(sound_.get(), format_, block, wanted, changes);
            if (count < 1) {
                const std::int64_t at = excerpt.firstFrame + done;
                const std::int64_t end = excerpt.firstFrame + excerpt.frames;
                if (done == 0) return damaged(file_->path(), end, at);
                const std::int64_t silent = frameBehindFault(at, end) - at;
                values.resize(values.size() + static_cast<std::size_t>(silent * reader.outputs()), 0.0F);
                changes.silent += silent;
                changes.isShifted = (format_.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG;
                done += silent;
                continue;
            }
            reader.take(std::span(block).first(static_cast<std::size_t>(count * format_.channels)), values);
            done += count;
        }
        return values;
    }

    std::shared_ptr<const InputFile> file_;
    SoundHeader header_;
    PatchedFile bytes_;
    SoundFile sound_;
    SF_INFO format_{};
    bool isCut_ = false;
    DataProbe probe_;
};

/// Sound in a container that is known, in a way that libsndfile does not read.
Unexpected unreadEncoding(const InputFile& file, const SoundHeader& header) {
    const std::string name = shownName(file.path());
    return failure(fmt::format("{} is {} with {}, which is not read", name, header.container, header.encoding),
                   fmt::format("Save it as WAV with 16-bit integers or 32-bit floating point numbers and open that, "
                               "for example: ffmpeg -i {} -c:a pcm_f32le new.wav",
                               name));
}

Result<std::unique_ptr<DataReader>> openSoundFile(std::shared_ptr<const InputFile> file) {
    auto reader = std::make_unique<SoundReader>(file);
    if (!reader->open()) {
        std::string why = sf_strerror(nullptr);
        while (why.ends_with('.')) why.pop_back();
        if (why.starts_with("Internal error")) why = "its header contradicts itself";
        const SoundHeader header = soundHeaderOf(*file);
        if (header.rateHz && (*header.rateHz < 1 || *header.rateHz > std::numeric_limits<int>::max()))
            why = fmt::format("its header gives a sample rate of {} Hz", *header.rateHz);
        if (!header.encoding.empty() && !header.encodingIsRead && file->head().size() > 44)
            return unreadEncoding(*file, header);
        if (!header.container.empty() && header.endIsMissing)
            return failure(fmt::format("{} is {} and cut off before its first sample can be read",
                                       shownName(file->path()), header.container),
                           "Get a complete copy of the file");
        if (!header.container.empty() && header.container != "MP3")
            return failure(
                fmt::format("{} begins as {}, but cannot be read: {}", shownName(file->path()), header.container, why),
                "Get a complete copy of the file, or save it as WAV or FLAC");
        return nullptr;
    }
    if (Result<void> right = reader->look(); !right) return Unexpected(std::move(right.error()));
    return reader;
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
    SoundReader reader(*file);
    if (!reader.open())
        return failure(fmt::format("{} cannot be read as sound: {}", shownName(path), sf_strerror(nullptr)),
                       "Save it as WAV or FLAC and open that");
    if (Result<void> right = reader.look(); !right) return Unexpected(std::move(right.error()));
    DataRequest request;
    request.excerpt = excerpt;
    request.channels = channels;
    request.stop = std::move(stop);
    return reader.read(request);
}

}  // namespace shapewise::io
