#include "core/io/data/exif.h"

#include <array>
#include <string>

namespace shapewise::io {

namespace {

constexpr int kMostParts = 10000;

std::uint64_t numberIn(std::string_view bytes, std::size_t at, std::size_t count, bool isBigEndian) {
    if (at > bytes.size() || bytes.size() - at < count) return 0;
    std::uint64_t value = 0;
    for (std::size_t index = 0; index < count; ++index)
        value = value << 8U | static_cast<unsigned char>(bytes[at + (isBigEndian ? index : count - 1 - index)]);
    return value;
}

/// EXIF data is a TIFF file: its byte order, 42, where the first directory is; entries of 12 bytes.
int orientationInTiff(std::string_view tiff) {
    constexpr std::uint64_t kOrientation = 0x0112;
    const bool isBig = tiff.starts_with("MM");
    if (!isBig && !tiff.starts_with("II")) return 1;
    if (numberIn(tiff, 2, 2, isBig) != 42) return 1;
    const auto directory = static_cast<std::size_t>(numberIn(tiff, 4, 4, isBig));
    const std::uint64_t entries = numberIn(tiff, directory, 2, isBig);
    for (std::size_t entry = 0; entry < entries; ++entry) {
        const std::size_t at = directory + 2 + entry * 12;
        if (at + 12 > tiff.size()) return 1;
        if (numberIn(tiff, at, 2, isBig) != kOrientation) continue;
        const std::size_t width = numberIn(tiff, at + 2, 2, isBig) == 4 ? 4 : 2;
        const std::uint64_t value = numberIn(tiff, at + 8, width, isBig);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

std::string bytesAt(const InputFile& file, std::uint64_t at, std::size_t count) {
    std::string bytes(count, '\0');
    bytes.resize(file.readAt(at, bytes));
    return bytes;
}

int orientationInJpeg(const InputFile& file) {
    constexpr std::string_view kExif{"Exif\0\0", 6};
    constexpr std::uint64_t kExifPart = 0xE1;
    constexpr std::uint64_t kScan = 0xDA;
    std::uint64_t at = 2;
    for (int part = 0; part < kMostParts; ++part) {
        const std::string head = bytesAt(file, at, 4);
        if (head.size() < 4 || head[0] != '\xFF') return 1;
        const std::uint64_t marker = numberIn(head, 1, 1, true);
        if (marker == 0xFF) {  // filled up
            ++at;
            continue;
        }
        const auto size = static_cast<std::size_t>(numberIn(head, 2, 2, true));
        if (marker == kScan || size < 2) return 1;
        if (marker == kExifPart) {
            const std::string content = bytesAt(file, at + 4, size - 2);
            if (content.starts_with(kExif)) return orientationInTiff(std::string_view(content).substr(kExif.size()));
        }
        at += 2 + size;
    }
    return 1;
}

int orientationInPng(const InputFile& file) {
    constexpr std::size_t kLongest = 1 << 16;
    std::uint64_t at = 8;
    for (int part = 0; part < kMostParts && at + 8 <= file.size(); ++part) {
        const std::string head = bytesAt(file, at, 8);
        const auto size = static_cast<std::size_t>(numberIn(head, 0, 4, true));
        if (head.ends_with("eXIf")) return orientationInTiff(bytesAt(file, at + 8, std::min(size, kLongest)));
        at += 12 + size;
    }
    return 1;
}

}  // namespace

int orientationOf(const InputFile& file) {
    if (file.head().starts_with("\xFF\xD8")) return orientationInJpeg(file);
    return file.head().starts_with("\x89PNG") ? orientationInPng(file) : 1;
}

std::string_view orientationText(int orientation) {
    constexpr std::array<std::string_view, 9> kTexts{"",
                                                     "",
                                                     "mirrored left to right",
                                                     "turned by 180°",
                                                     "mirrored top to bottom",
                                                     "mirrored along its diagonal",
                                                     "turned by 90° clockwise",
                                                     "mirrored along its other diagonal",
                                                     "turned by 90° anticlockwise"};
    return orientation >= 1 && orientation <= 8 ? kTexts[static_cast<std::size_t>(orientation)] : kTexts[0];
}

}  // namespace shapewise::io
