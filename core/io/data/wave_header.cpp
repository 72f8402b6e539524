#include "core/io/data/wave_header.h"

#include "core/io/data/header_bytes.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>

namespace shapewise::io {

namespace {

struct WaveFormat {
    std::uint64_t tag = 0;
    std::uint64_t channels = 0;
    std::uint64_t blockBytes = 0;
    std::uint64_t bits = 0;
    std::uint64_t blockFrames = 0;  ///< of compressed kinds with blocks of one size
    std::uint64_t bytesPerSecond = 0;
    std::uint64_t rateHz = 0;
    std::uint64_t bitsAt = 0;      ///< where the file says how many bits
    std::uint64_t storedBits = 0;  ///< what it says there

    /// HeaderBytes that a sample of one channel takes; 0 when the header does not say.
    [[nodiscard]] std::uint64_t sampleBytes() const {
        return channels > 0 && blockBytes % channels == 0 ? blockBytes / channels : 0;
    }
};

std::string integersText(std::uint64_t bits, std::uint64_t blockBytes, std::uint64_t channels) {
    const std::uint64_t stored = channels == 0 ? 0 : blockBytes / channels * 8;
    if (stored > 0 && stored != (bits + 7) / 8 * 8) return fmt::format("{}-bit integers in {} bits", bits, stored);
    if (bits % 8 != 0 && stored > bits) return fmt::format("{}-bit integers in {} bits", bits, stored);
    return fmt::format("{}-bit integers", bits);
}

std::string waveEncoding(const WaveFormat& format) {
    struct Named {
        std::uint64_t tag;
        std::string_view name;
    };
    constexpr std::array kNames{Named{0x0002, "Microsoft ADPCM"},
                                Named{0x0005, "IBM CVSD"},
                                Named{0x0006, "A-law"},
                                Named{0x0007, "µ-law"},
                                Named{0x0008, "DTS"},
                                Named{0x0009, "DRM"},
                                Named{0x000A, "Windows Media Voice"},
                                Named{0x0010, "OKI ADPCM"},
                                Named{0x0011, "IMA ADPCM"},
                                Named{0x0014, "G.723 ADPCM"},
                                Named{0x0016, "Dialogic OKI ADPCM"},
                                Named{0x0020, "Yamaha ADPCM"},
                                Named{0x0022, "TrueSpeech"},
                                Named{0x0031, "GSM 6.10"},
                                Named{0x0040, "G.721 ADPCM"},
                                Named{0x0042, "G.723.1"},
                                Named{0x0045, "G.726 ADPCM"},
                                Named{0x0050, "MPEG layer 1 or 2"},
                                Named{0x0055, "MP3"},
                                Named{0x0061, "Duck ADPCM"},
                                Named{0x0064, "G.726 ADPCM"},
                                Named{0x0069, "IMA ADPCM (Xbox)"},
                                Named{0x0083, "G.729"},
                                Named{0x0092, "Dolby AC-3"},
                                Named{0x00FF, "AAC"},
                                Named{0x0160, "Windows Media Audio 1"},
                                Named{0x0161, "Windows Media Audio 2"},
                                Named{0x0162, "Windows Media Audio Pro"},
                                Named{0x0163, "Windows Media Audio Lossless"},
                                Named{0x0200, "Creative ADPCM"},
                                Named{0x0270, "ATRAC3"},
                                Named{0x1600, "AAC (ADTS)"},
                                Named{0x1602, "AAC (LATM)"},
                                Named{0x1610, "HE-AAC"},
                                Named{0x2000, "Dolby AC-3"},
                                Named{0x2001, "DTS"},
                                Named{0x566F, "Vorbis"},
                                Named{0x674F, "Vorbis"},
                                Named{0x6750, "Vorbis"},
                                Named{0x6771, "Vorbis"},
                                Named{0x704F, "Opus"},
                                Named{0xF1AC, "FLAC"}};
    if (format.tag == 1) return integersText(format.bits, format.blockBytes, format.channels);
    if (format.tag == 3) return fmt::format("{}-bit floating point numbers", format.bits);
    const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](const Named& n) { return n.tag == format.tag; });
    return found != kNames.end() ? std::string(found->name) : fmt::format("encoding 0x{:04X}", format.tag);
}

/// `at`: where the content of the fmt part begins.
WaveFormat waveFormat(const HeaderBytes& bytes, std::uint64_t at, std::uint64_t size) {
    constexpr std::uint64_t kExtensible = 0xFFFE;
    WaveFormat format{bytes.number(at, 2), bytes.number(at + 2, 2), bytes.number(at + 12, 2), bytes.number(at + 14, 2)};
    format.rateHz = bytes.number(at + 4, 4);
    format.bytesPerSecond = bytes.number(at + 8, 4);
    format.bitsAt = at + 14;
    format.storedBits = format.bits;
    if (size >= 20 && format.tag != kExtensible) format.blockFrames = bytes.number(at + 18, 2);
    if (format.tag == kExtensible && size >= 26) {
        format.tag = bytes.number(at + 24, 2);
        if (const std::uint64_t valid = bytes.number(at + 18, 2); valid > 0 && format.tag == 1) format.bits = valid;
    }
    return format;
}

/// libsndfile takes samples to be as long as their bits need. Of integers in longer ones Windows and most programs take
/// the upper bits, as of whole numbers of that length.
void readAsStored(const HeaderBytes& bytes, const WaveFormat& format, SoundHeader& header) {
    if (format.tag != 1 || format.storedBits == 0 || format.channels == 0 || format.blockBytes == 0) return;
    const std::uint64_t needed = (format.storedBits + 7) / 8;
    const std::uint64_t stored = format.sampleBytes();
    if (stored == needed) return;
    const bool isByBits = format.bytesPerSecond == format.rateHz * format.channels * needed;
    if (stored > needed && stored <= 4 && !isByBits) {
        header.patches.push_back({format.bitsAt, bytes.written(stored * 8, 2)});
        header.note = fmt::format("{} of which the upper bits are taken",
                                  integersText(format.bits, format.blockBytes, format.channels));
        return;
    }
    if (stored > needed && !isByBits) return;  // nothing reads these
    header.note =
        fmt::format("the header contradicts itself: {} in {} of {}, read as {}-bit integers",
                    format.channels == 1 ? "1 channel" : fmt::format("{} channels", format.channels), "blocks",
                    format.blockBytes == 1 ? "1 byte" : fmt::format("{} bytes", format.blockBytes), format.storedBits);
}

/// What libsndfile reads in these containers.
bool isReadEncoding(const WaveFormat& format) {
    if (format.tag == 1) return format.bits <= 32 && format.sampleBytes() <= 4;
    if (format.tag == 3) return format.bits == 32 || format.bits == 64;
    constexpr std::array<std::uint64_t, 6> kTags{0, 0x02, 0x06, 0x07, 0x11, 0x31};
    return std::find(kTags.begin(), kTags.end(), format.tag) != kTags.end();
}

/// Samples in that many bytes of data; nullopt for kinds whose blocks are of no fixed length.
std::optional<std::int64_t> waveFrames(const WaveFormat& format, std::uint64_t bytes) {
    if (format.blockBytes == 0) return std::nullopt;
    if (format.tag == 1 || format.tag == 3 || format.tag == 6 || format.tag == 7)
        return framesIn(bytes, format.blockBytes);
    const bool hasBlocks = format.tag == 2 || format.tag == 0x11 || format.tag == 0x31;
    if (!hasBlocks || format.blockFrames == 0) return std::nullopt;
    return framesIn(bytes, format.blockBytes) * static_cast<std::int64_t>(format.blockFrames);
}

/// True when what stands there is a chain of parts that ends where the file does: then a size of 0 is no "to the end".
bool isChain(const HeaderBytes& bytes, std::uint64_t at, std::uint64_t idBytes) {
    for (int part = 0; part < kMostParts && at < bytes.fileSize(); ++part) {
        const std::string id = bytes.text(at, idBytes);
        if (id.size() < idBytes || std::any_of(id.begin(), id.begin() + 4, [](char c) { return c < ' ' || c > '~'; }))
            return false;
        const std::uint64_t size = bytes.number(at + idBytes, 4);
        at += idBytes + 4 + size + size % 2;
    }
    return at == bytes.fileSize() || at == bytes.fileSize() + 1;
}

/// Where the parts begin that stand behind data whose size is not known; the end of the file when there are none.
std::uint64_t endOfData(const HeaderBytes& bytes, std::uint64_t start) {
    constexpr std::array<std::string_view, 9> kNames{"LIST", "id3 ", "ID3 ", "bext", "cue ",
                                                     "smpl", "iXML", "_PMX", "JUNK"};
    constexpr std::uint64_t kLook = 1 << 16;
    const std::uint64_t from = bytes.fileSize() > start + kLook ? bytes.fileSize() - kLook : start;
    const std::string tail = bytes.text(from, static_cast<std::size_t>(bytes.fileSize() - from));
    for (std::size_t at = 0; at + 8 <= tail.size(); ++at) {
        const std::string_view name = std::string_view(tail).substr(at, 4);
        const bool isName = std::find(kNames.begin(), kNames.end(), name) != kNames.end();
        if (isName && isChain(bytes, from + at, 4)) return from + at;
    }
    return bytes.fileSize();
}

}  // namespace

SoundHeader waveHeaderOf(const InputFile& file) {
    const std::string_view head = file.head();
    const HeaderBytes bytes(file, head.starts_with("RIFX") ? ByteOrder::Big : ByteOrder::Little);
    const bool is64 = head.starts_with("RF64") || head.starts_with("BW64");
    SoundHeader header;
    header.container = is64 ? std::string(head.substr(0, 4)) : "WAV";
    WaveFormat format;
    std::uint64_t fact = 0;
    std::uint64_t wideSize = 0;
    std::uint64_t wideAt = 0;
    std::uint64_t at = 12;
    for (int part = 0; part < kMostParts && at + 8 <= bytes.fileSize(); ++part) {
        const std::string id = bytes.text(at, 4);
        const std::uint64_t size = bytes.number(at + 4, 4);
        const std::uint64_t content = at + 8;
        if (id == "fmt ") format = waveFormat(bytes, content, size);
        if (id == "fact") fact = bytes.number(content, 4);
        if (id == "ds64") {
            wideAt = content;
            wideSize = bytes.number(content + 8, 8);
        }
        if (id != "data") {
            at = content + size + size % 2;
            continue;
        }
        DataPart data{content, is64 && size == kLargest32 ? wideSize : size, false};
        std::uint64_t held = data.held(bytes);
        data.isUnknown = (data.promised == 0 && held > 0 && !isChain(bytes, content, 4)) ||
                         (data.promised >= kUnknownFrom && data.promised > held && !is64) ||
                         data.promised == std::numeric_limits<std::uint64_t>::max();
        if (data.isUnknown) held = endOfData(bytes, content) - content;
        header.blockFrames = static_cast<std::int64_t>(format.blockFrames);
        header.encoding = waveEncoding(format);
        header.encodingIsRead = isReadEncoding(format);
        if (format.tag != 0) header.rateHz = format.rateHz;
        readAsStored(bytes, format, header);
        if (!data.isUnknown) {
            header.promisedFrames = waveFrames(format, data.promised);
            if (format.tag != 1 && format.tag != 3 && fact > 0 && fact < kUnknownFrom)
                header.promisedFrames = static_cast<std::int64_t>(fact);
        }
        if (!data.isUnknown && data.promised <= held) return header;
        header.endIsMissing = !data.isUnknown;
        if (is64 && wideAt > 0) {
            header.patches.push_back({wideAt, bytes.written(bytes.fileSize() - 8, 8)});
            header.patches.push_back({wideAt + 8, bytes.written(held, 8)});
        } else if (held < kLargest32 - 64) {
            header.patches.push_back({4, bytes.written(bytes.fileSize() - 8, 4)});
            header.patches.push_back({at + 4, bytes.written(held, 4)});
        }
        return header;
    }
    header.encoding = format.tag == 0 ? std::string() : waveEncoding(format);
    header.encodingIsRead = isReadEncoding(format);
    return header;
}

SoundHeader wave64HeaderOf(const InputFile& file) {
    const HeaderBytes bytes(file, ByteOrder::Little);
    SoundHeader header;
    header.container = "W64";
    WaveFormat format;
    std::uint64_t at = 40;
    for (int part = 0; part < kMostParts && at + 24 <= bytes.fileSize(); ++part) {
        const std::string id = bytes.text(at, 4);
        const std::uint64_t size = bytes.number(at + 16, 8);
        if (id == "fmt ") format = waveFormat(bytes, at + 24, size);
        if (id == "data") {
            const DataPart data{at + 24, size >= 24 ? size - 24 : 0, false};
            const std::uint64_t held = data.held(bytes);
            const bool isUnknown = size <= 24 || size >= std::numeric_limits<std::uint64_t>::max() / 2;
            header.encoding = waveEncoding(format);
            header.encodingIsRead = isReadEncoding(format);
            readAsStored(bytes, format, header);
            if (!isUnknown) header.promisedFrames = waveFrames(format, data.promised);
            if (!isUnknown && data.promised <= held) return header;
            header.endIsMissing = !isUnknown;
            header.patches.push_back({16, bytes.written(bytes.fileSize(), 8)});
            header.patches.push_back({at + 16, bytes.written(held + 24, 8)});
            return header;
        }
        if (size < 24 || size > bytes.fileSize()) break;
        at += (size + 7) / 8 * 8;
    }
    return header;
}

}  // namespace shapewise::io
