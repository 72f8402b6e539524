#include "core/io/data/mp3_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace shapewise::io {

namespace {

std::uint64_t bigEndian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

/// A file of which one place after another is looked at, read in blocks.
class Window {
  public:
    explicit Window(const InputFile& file) : file_(file) {}
    [[nodiscard]] std::uint64_t fileSize() const { return file_.size(); }
    /// Fewer bytes at the end of the file; good until the next call.
    std::string_view at(std::uint64_t offset, std::size_t count) {
        const bool isInside = offset >= start_ && offset - start_ <= block_.size() &&
                              block_.size() - static_cast<std::size_t>(offset - start_) >= count;
        if (!isInside) {
            constexpr std::size_t kBlock = 1 << 16;
            start_ = offset;
            block_.assign(std::max(kBlock, count), '\0');
            block_.resize(file_.readAt(offset, block_));
        }
        const std::string_view all(block_);
        return all.substr(std::min(static_cast<std::size_t>(offset - start_), all.size()), count);
    }

  private:
    const InputFile& file_;
    std::uint64_t start_ = 0;
    std::string block_;
};

struct Frame {
    bool isFirstVersion = true;  ///< MPEG 1, else 2 or 2.5
    bool isMono = false;
    std::uint64_t layer = 3;
    std::uint64_t rateHz = 0;
    std::uint64_t bytes = 0;
    std::uint64_t samples = 0;
    /// What stays the same all through a stream.
    [[nodiscard]] bool belongsTo(const Frame& other) const { return layer == other.layer && rateHz == other.rateHz; }
    [[nodiscard]] std::size_t sideBytes() const { return isFirstVersion ? (isMono ? 17 : 32) : (isMono ? 9 : 17); }
};

/// ISO 11172-3, 2.4.1.3, and 13818-3; nullopt for other bytes, and for frames of a size they do not tell.
std::optional<Frame> frameOf(std::string_view head) {
    if (head.size() < 4) return std::nullopt;
    const std::uint64_t bits = bigEndian(head.substr(0, 4));
    const std::uint64_t version = bits >> 19U & 3U;
    const std::uint64_t layerBits = bits >> 17U & 3U;
    const std::uint64_t rateIndex = bits >> 10U & 3U;
    const std::uint64_t bitRateIndex = bits >> 12U & 15U;
    const bool isSync = bits >> 21U == 0x7FF;
    if (!isSync || version == 1 || layerBits == 0 || rateIndex == 3 || bitRateIndex == 0 || bitRateIndex == 15)
        return std::nullopt;
    constexpr std::array<std::array<std::uint64_t, 15>, 5> kBitRates{
        {{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
         {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
         {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
         {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
         {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}}};
    constexpr std::array<std::uint64_t, 3> kRates{44100, 48000, 32000};
    Frame frame;
    frame.isFirstVersion = version == 3;
    frame.isMono = (bits >> 6U & 3U) == 3;
    frame.layer = 4 - layerBits;
    frame.rateHz = kRates[rateIndex] / (version == 3 ? 1U : version == 2 ? 2U : 4U);
    const std::size_t row = frame.isFirstVersion ? frame.layer - 1 : frame.layer == 1 ? 3 : 4;
    const std::uint64_t bitRate = kBitRates[row][bitRateIndex] * 1000;
    const std::uint64_t padding = bits >> 9U & 1U;
    frame.samples = frame.layer == 1 ? 384 : frame.layer == 3 && !frame.isFirstVersion ? 576 : 1152;
    frame.bytes = frame.layer == 1 ? (12 * bitRate / frame.rateHz + padding) * 4
                                   : frame.samples / 8 * bitRate / frame.rateHz + padding;
    return frame;
}

/// Bytes of the ID3v2 tag that begins so; 0 when there is none.
std::uint64_t tagBytes(std::string_view head) {
    if (head.size() < 10 || !head.starts_with("ID3")) return 0;
    std::uint64_t size = 0;
    for (const char byte : head.substr(6, 4)) size = size << 7U | (static_cast<unsigned char>(byte) & 0x7FU);
    constexpr unsigned kHasFooter = 0x10;
    return size + ((static_cast<unsigned char>(head[5]) & kHasFooter) != 0 ? 20 : 10);
}

struct Walk {
    std::uint64_t frames = 0;
    bool isCut = false;  ///< the file ends inside the last one
};

/// Where the stream goes on behind bytes that are none of it.
std::optional<std::uint64_t> nextFrame(Window& window, std::uint64_t from, const Frame& first) {
    constexpr std::uint64_t kFarthest = 1 << 17;
    for (std::uint64_t at = from; at < from + kFarthest && at + 4 <= window.fileSize(); ++at) {
        const std::optional<Frame> frame = frameOf(window.at(at, 4));
        if (!frame || !frame->belongsTo(first)) continue;
        const std::uint64_t behind = at + frame->bytes;
        if (behind == window.fileSize()) return at;
        const std::optional<Frame> second = frameOf(window.at(behind, 4));
        if (second && second->belongsTo(first)) return at;
    }
    return std::nullopt;
}

Walk walkAlong(Window& window, std::uint64_t start, const Frame& first) {
    Walk walk;
    std::uint64_t at = start;
    while (at + 4 <= window.fileSize()) {
        const std::optional<Frame> frame = frameOf(window.at(at, 4));
        if (frame && frame->belongsTo(first)) {
            walk.isCut = at + frame->bytes > window.fileSize();
            walk.frames += walk.isCut ? 0 : 1;
            at += frame->bytes;
            continue;
        }
        const std::string_view other = window.at(at, 10);
        if (other.starts_with("TAG") || other.starts_with("APETAG") || other.starts_with("LYRICS")) break;
        const std::uint64_t tag = tagBytes(other);
        const std::optional<std::uint64_t> next = nextFrame(window, at + std::max<std::uint64_t>(tag, 1), first);
        if (!next) break;
        at = *next;
    }
    return walk;
}

std::string bigEndianBytes(std::uint64_t value) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(value >> shift & 0xFFU);
    return bytes;
}

/// A silent frame that counts those behind it, as encoders write it: "Xing", which members follow, their number.
std::string countingFrame(std::string_view head, const Frame& first, std::uint64_t frames) {
    // No checksum, no padding, and a bit rate whose frames are long enough.
    std::string bytes{
        head[0], static_cast<char>(static_cast<unsigned char>(head[1]) | 1U),
        static_cast<char>((static_cast<unsigned char>(head[2]) & 0x0DU) | (first.isFirstVersion ? 0x50U : 0x80U)),
        head[3]};
    const std::optional<Frame> own = frameOf(bytes);
    if (!own) return {};
    const std::size_t size = own->bytes;
    bytes.append(own->sideBytes(), '\0');
    bytes += "Xing" + bigEndianBytes(1) + bigEndianBytes(frames);
    bytes.resize(size, '\0');
    return bytes;
}

}  // namespace

bool isMp3(std::string_view head) {
    if (head.starts_with("ID3")) return true;
    return head.size() > 2 && head[0] == '\xFF' && (static_cast<unsigned char>(head[1]) & 0xE6U) == 0xE2U;
}

SoundHeader mp3HeaderOf(const InputFile& file) {
    SoundHeader header;
    header.container = "MP3";
    Window window(file);
    const std::uint64_t start = tagBytes(window.at(0, 10));
    constexpr std::size_t kLook = 4096;
    const std::string look(window.at(start, kLook));
    const std::optional<Frame> first = frameOf(look);
    if (!first) return header;
    std::size_t mark = look.find("Xing");
    if (mark == std::string::npos) mark = look.find("Info");
    const auto at = [&](std::size_t offset, std::size_t count) {
        return bigEndian(std::string_view(look).substr(std::min(offset, look.size()), count));
    };
    const bool isCounted = mark != std::string::npos && mark + 16 <= look.size() && (at(mark + 4, 4) & 1U) != 0;
    if (!isCounted) {
        const Walk walk = walkAlong(window, start, *first);
        header.endIsMissing = walk.isCut;
        if (!walk.isCut) header.promisedFrames = static_cast<std::int64_t>(walk.frames * first->samples);
        std::string counting = first->layer == 3 ? countingFrame(look, *first, walk.frames) : std::string();
        if (walk.frames > 0 && walk.frames <= std::numeric_limits<std::uint32_t>::max() && !counting.empty())
            header.insertion = BytePatch{start, std::move(counting)};
        return header;
    }
    const std::uint64_t flags = at(mark + 4, 4);
    const std::uint64_t bytes = (flags & 2U) != 0 ? at(mark + 12, 4) : 0;
    std::uint64_t frames = at(mark + 8, 4);
    const std::uint64_t held = file.size() - std::min<std::uint64_t>(start, file.size());
    if (bytes < held) {  // something follows: a tag, or another recording
        const std::uint64_t walked = walkAlong(window, start + first->bytes, *first).frames;
        if (walked > frames + 2) {
            frames = walked;
            const std::string size = (flags & 2U) != 0 ? bigEndianBytes(held) : std::string();
            header.patches.push_back({start + mark + 8, bigEndianBytes(walked) + size});
            header.note = "several MP3 streams follow one another, read as one";
        }
    }
    std::uint64_t samples = frames * first->samples;
    const std::size_t behind =
        mark + 12 + ((flags & 2U) != 0 ? 4 : 0) + ((flags & 4U) != 0 ? 100 : 0) + ((flags & 8U) != 0 ? 4 : 0);
    if (at(behind, 1) == 'L') {
        const std::uint64_t delays = at(behind + 21, 3);
        const std::uint64_t leftOut = (delays >> 12U) + (delays & 0xFFFU);
        if (leftOut < samples) samples -= leftOut;
    }
    header.endIsMissing = bytes > held;
    header.promisedFrames = static_cast<std::int64_t>(samples);
    return header;
}

}  // namespace shapewise::io
