#pragma once
// The parts of sound files: numbers in their order of bytes, and sizes that are wrong or not known.

#include "core/io/files/input_file.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace shapewise::io {

enum class ByteOrder { Little, Big };

/// Recorders that cannot know a size write 0, the largest number, or one near half of it.
inline constexpr std::uint64_t kUnknownFrom = 0x7FFF0000;
inline constexpr std::uint64_t kLargest32 = 0xFFFFFFFF;
inline constexpr int kMostParts = 10000;

/// Numbers and names at places of a file, in one order of bytes.
class HeaderBytes {
  public:
    HeaderBytes(const InputFile& file, ByteOrder order) : file_(file), order_(order) {}
    [[nodiscard]] std::uint64_t fileSize() const { return file_.size(); }
    [[nodiscard]] std::string text(std::uint64_t at, std::size_t count) const {
        std::string bytes(count, '\0');
        bytes.resize(file_.readAt(at, bytes));
        return bytes;
    }
    /// 0 behind the end of the file.
    [[nodiscard]] std::uint64_t number(std::uint64_t at, std::size_t count) const {
        const std::string bytes = text(at, count);
        if (bytes.size() < count) return 0;
        std::uint64_t value = 0;
        for (std::size_t index = 0; index < count; ++index)
            value =
                value << 8U | static_cast<unsigned char>(bytes[order_ == ByteOrder::Big ? index : count - 1 - index]);
        return value;
    }
    [[nodiscard]] std::string written(std::uint64_t value, std::size_t count) const {
        std::string bytes;
        for (std::size_t index = 0; index < count; ++index) {
            const std::size_t shift = 8 * (order_ == ByteOrder::Big ? count - 1 - index : index);
            bytes += static_cast<char>(value >> shift & 0xFFU);
        }
        return bytes;
    }

  private:
    const InputFile& file_;
    ByteOrder order_;
};

/// At most 2^60; 0 for frames of no bytes.
inline std::int64_t framesIn(std::uint64_t bytes, std::uint64_t frameBytes) {
    return frameBytes == 0 ? 0 : static_cast<std::int64_t>(std::min<std::uint64_t>(bytes / frameBytes, 1ULL << 60U));
}

/// A part of data with the size that its header gives it, and what that means for the file.
struct DataPart {
    std::uint64_t start = 0;     ///< of the data
    std::uint64_t promised = 0;  ///< bytes
    bool isUnknown = false;      ///< the header says: to the end
    [[nodiscard]] std::uint64_t held(const HeaderBytes& bytes) const {
        return bytes.fileSize() > start ? bytes.fileSize() - start : 0;
    }
};

}  // namespace shapewise::io
