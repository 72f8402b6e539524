#include "core/io/data/sound_header.h"

#include "core/io/data/header_bytes.h"
#include "core/io/data/mp3_header.h"
#include "core/io/data/wave_header.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace shapewise::io {

namespace {

SoundHeader aiff(const InputFile& file) {
    const HeaderBytes bytes(file, ByteOrder::Big);
    SoundHeader header;
    const bool isCompressed = file.head().substr(8, 4) == "AIFC";
    header.container = isCompressed ? "AIFC" : "AIFF";
    std::uint64_t channels = 0;
    std::uint64_t frames = 0;
    std::uint64_t framesAt = 0;
    std::uint64_t bits = 0;
    std::string kind = "NONE";
    std::uint64_t at = 12;
    for (int part = 0; part < kMostParts && at + 8 <= bytes.fileSize(); ++part) {
        const std::string id = bytes.text(at, 4);
        const std::uint64_t size = bytes.number(at + 4, 4);
        if (id == "COMM") {
            channels = bytes.number(at + 8, 2);
            framesAt = at + 10;
            frames = bytes.number(framesAt, 4);
            bits = bytes.number(at + 14, 2);
            if (isCompressed && size >= 22) kind = bytes.text(at + 26, 4);
            const bool isPlain = kind == "NONE" || kind == "twos" || kind == "sowt" || kind == "in24" || kind == "in32";
            header.encoding = isPlain ? fmt::format("{}-bit integers", bits) : fmt::format("encoding '{}'", kind);
            header.encodingIsRead = isPlain && bits <= 32;
        }
        if (id == "SSND") {
            const std::uint64_t padding = bytes.number(at + 8, 4);
            const DataPart data{at + 16 + padding, size >= 8 + padding ? size - 8 - padding : 0, false};
            const std::uint64_t held = data.held(bytes);
            const bool isUnknown = size == 0 || (size >= kUnknownFrom && data.promised > held);
            const std::uint64_t width = kind == "fl64" || kind == "FL64"   ? 8
                                        : kind == "fl32" || kind == "FL32" ? 4
                                        : kind == "ulaw" || kind == "ULAW" || kind == "alaw" || kind == "ALAW"
                                            ? 1
                                            : (bits + 7) / 8;
            const bool isPlain = kind != "ima4" && kind != "GSM " && kind != "dwvw" && width * channels > 0;
            // Of compressed kinds COMM counts the packets.
            const std::uint64_t samplesEach = isPlain ? 1 : kind == "ima4" ? 64 : 0;
            if (frames > 0 && frames < kUnknownFrom && samplesEach > 0)
                header.promisedFrames = static_cast<std::int64_t>(frames * samplesEach);
            const bool lacksFrames = isPlain && header.promisedFrames && frames * width * channels > held;
            if (!isUnknown && data.promised <= held && frames > 0 && !lacksFrames) return header;
            if (!isUnknown && (data.promised > held || lacksFrames)) header.endIsMissing = true;
            if (isPlain && framesAt > 0)
                header.patches.push_back({framesAt, bytes.written(held / (width * channels), 4)});
            header.patches.push_back({4, bytes.written(bytes.fileSize() - 8, 4)});
            header.patches.push_back({at + 4, bytes.written(bytes.fileSize() - at - 8, 4)});
            return header;
        }
        at += 8 + size + size % 2;
    }
    return header;
}

SoundHeader au(const InputFile& file) {
    const HeaderBytes bytes(file, file.head().starts_with(".snd") ? ByteOrder::Big : ByteOrder::Little);
    SoundHeader header;
    header.container = "AU";
    const DataPart data{bytes.number(4, 4), bytes.number(8, 4), false};
    const std::uint64_t kind = bytes.number(12, 4);
    const std::uint64_t channels = bytes.number(20, 4);
    constexpr std::array<std::uint64_t, 8> kWidths{0, 1, 1, 2, 3, 4, 4, 8};
    const std::uint64_t width = kind < kWidths.size() ? kWidths[kind] : kind == 27 ? 1 : 0;
    header.encoding = fmt::format("encoding {}", kind);
    header.encodingIsRead = width > 0;
    const std::uint64_t held = data.held(bytes);
    const bool isUnknown = data.promised == kLargest32 || (data.promised == 0 && held > 0) ||
                           (data.promised >= kUnknownFrom && data.promised > held);
    if (!isUnknown && width * channels > 0) header.promisedFrames = framesIn(data.promised, width * channels);
    if (!isUnknown && data.promised <= held) return header;
    header.endIsMissing = !isUnknown;
    if (held < kLargest32) header.patches.push_back({8, bytes.written(held, 4)});
    return header;
}

SoundHeader caf(const InputFile& file) {
    const HeaderBytes bytes(file, ByteOrder::Big);
    SoundHeader header;
    header.container = "CAF";
    std::uint64_t packetBytes = 0;
    std::uint64_t packetFrames = 0;
    std::uint64_t at = 8;
    for (int part = 0; part < kMostParts && at + 12 <= bytes.fileSize(); ++part) {
        const std::string id = bytes.text(at, 4);
        const std::uint64_t size = bytes.number(at + 4, 8);
        if (id == "desc") {
            header.encoding = fmt::format("encoding '{}'", bytes.text(at + 20, 4));
            packetBytes = bytes.number(at + 28, 4);
            packetFrames = bytes.number(at + 32, 4);
        }
        if (id == "data") {
            const DataPart data{at + 16, size >= 4 ? size - 4 : 0, false};  // behind a count of edits
            const std::uint64_t held = data.held(bytes);
            const bool isUnknown = size == 0 || size > std::numeric_limits<std::uint64_t>::max() / 2;
            if (!isUnknown && packetBytes > 0)
                header.promisedFrames = framesIn(data.promised, packetBytes) *
                                        static_cast<std::int64_t>(std::min<std::uint64_t>(packetFrames, 1U << 20U));
            if (!isUnknown && data.promised <= held) return header;
            header.endIsMissing = !isUnknown;
            header.patches.push_back({at + 4, bytes.written(held + 4, 8)});
            return header;
        }
        if (size > bytes.fileSize()) break;
        at += 12 + size;
    }
    return header;
}

SoundHeader flac(const InputFile& file) {
    const HeaderBytes bytes(file, ByteOrder::Big);
    SoundHeader header;
    header.container = "FLAC";
    constexpr std::uint64_t kFrames = (1ULL << 36U) - 1;  // 36 bits behind rate, channels and depth
    if (const std::uint64_t frames = bytes.number(18, 8) & kFrames; frames > 0)
        header.promisedFrames = static_cast<std::int64_t>(frames);
    return header;
}

/// Streams that begin behind the end of another: of such a chain libsndfile reads the first link.
int linksBehindTheFirst(const HeaderBytes& bytes) {
    int links = 0;
    bool isBehindHeads = false;
    for (std::uint64_t at = 0; at + 27 <= bytes.fileSize();) {
        constexpr std::size_t kLongestHead = 27 + 255;
        const std::string head = bytes.text(at, kLongestHead);
        if (!head.starts_with("OggS")) break;
        const auto byteAt = [&](std::size_t index) { return std::size_t{static_cast<unsigned char>(head[index])}; };
        const std::size_t segments = byteAt(26);
        if (head.size() < 27 + segments) break;
        std::size_t length = 27 + segments;
        for (std::size_t segment = 0; segment < segments; ++segment) length += byteAt(27 + segment);
        const bool isFirstPage = (byteAt(5) & 2U) != 0;
        if (isFirstPage && isBehindHeads) {
            ++links;
            isBehindHeads = false;
        }
        if (!isFirstPage) isBehindHeads = true;
        at += length;
    }
    return links;
}

/// The last page of an Ogg stream says that it is the last, and is there as a whole.
SoundHeader ogg(const InputFile& file) {
    SoundHeader header;
    header.container = "Ogg";
    for (const auto& [mark, name] : {std::pair("Speex   ", "Speex"), std::pair("\x80theora", "a video (Theora)"),
                                     std::pair("\x80kate", "subtitles (Kate)")})
        if (file.head().find(mark) != std::string_view::npos) header.encoding = name;
    constexpr std::uint64_t kLongestPage = 65307;
    const HeaderBytes bytes(file, ByteOrder::Little);
    if (const int links = linksBehindTheFirst(bytes); links > 0)
        header.note = fmt::format("{} streams follow one another in the file, the first is read", links + 1);
    const std::uint64_t from = bytes.fileSize() > 2 * kLongestPage ? bytes.fileSize() - 2 * kLongestPage : 0;
    const std::string tail = bytes.text(from, static_cast<std::size_t>(bytes.fileSize() - from));
    header.endIsMissing = true;
    const std::size_t page = tail.rfind("OggS");
    if (page == std::string::npos || page + 27 > tail.size()) return header;
    const auto at = [&](std::size_t index) { return std::size_t{static_cast<unsigned char>(tail[page + index])}; };
    constexpr std::size_t kLast = 4;
    const std::size_t segments = at(26);
    if (page + 27 + segments > tail.size()) return header;
    std::size_t length = 27 + segments;
    for (std::size_t segment = 0; segment < segments; ++segment) length += at(27 + segment);
    header.endIsMissing = (at(5) & kLast) == 0 || page + length > tail.size();
    return header;
}

}  // namespace

SoundHeader soundHeaderOf(const InputFile& file) {
    const std::string_view head = file.head();
    const bool isRiff =
        head.starts_with("RIFF") || head.starts_with("RIFX") || head.starts_with("RF64") || head.starts_with("BW64");
    if (isRiff && head.size() > 12 && head.substr(8, 4) == "WAVE") return waveHeaderOf(file);
    if (head.starts_with("riff") && head.size() > 40) return wave64HeaderOf(file);
    if (head.starts_with("FORM") && head.size() > 12 && head.substr(8, 3) == "AIF") return aiff(file);
    if ((head.starts_with(".snd") || head.starts_with("dns.")) && head.size() >= 24) return au(file);
    if (head.starts_with("caff")) return caf(file);
    if (head.starts_with("fLaC")) return flac(file);
    if (head.starts_with("OggS")) return ogg(file);
    if (isMp3(head)) return mp3HeaderOf(file);
    return {};
}

}  // namespace shapewise::io
