#pragma once
// What a file was like when we last read or wrote it, to notice that someone else changed it since.

#include "core/base/value.h"

#include <cstdint>
#include <filesystem>

namespace shapewise::io {

class InputFile;

struct FileStamp {
    bool isThere = false;
    std::uint64_t bytes = 0;
    std::int64_t changed = 0;    ///< nanoseconds since 1970, by the clock of its disk
    std::uint64_t contents = 0;  ///< a hash of all its bytes

    /// Reads the file. Not there, or not to be read: a stamp of nothing.
    [[nodiscard]] static FileStamp of(const std::filesystem::path& path);
    [[nodiscard]] static FileStamp of(const InputFile& file);

    [[nodiscard]] Value value() const;
    /// A stamp of nothing for what is none.
    [[nodiscard]] static FileStamp from(const Value& value);
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

enum class OutsideChange { None, Contents, Gone };

/// How the file differs from what it was. Reads it only where its time or size is another, and brings the stamp up to
/// date when it holds the same all the same (as after a touch or a copy back).
[[nodiscard]] OutsideChange changeSince(FileStamp& known, const std::filesystem::path& path);

}  // namespace shapewise::io
