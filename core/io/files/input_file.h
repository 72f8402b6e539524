#pragma once
// A file opened for reading. It is opened once: whoever looks at its first bytes, probes it or reads it shares this.

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace shapewise::io {

class InputFile {
  public:
    /// Fails for what cannot be opened and for folders, with the reason.
    [[nodiscard]] static Result<std::shared_ptr<const InputFile>> open(const std::filesystem::path& path);
    /// What came from somewhere else than a disk: the clipboard, an example inside the program.
    [[nodiscard]] static std::shared_ptr<const InputFile> ofBytes(std::string bytes);

    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    /// Empty for bytes that came from no disk.
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// The first bytes, at most kHeadBytes.
    [[nodiscard]] std::string_view head() const;
    /// False for pipes and devices, which can be read once and from the start alone.
    [[nodiscard]] bool isRegular() const { return isRegular_; }
    /// Of a regular file, when it was opened.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// For libraries that read by a descriptor of their own position; -1 for bytes that came from no disk.
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// The whole, refused above `limit` bytes with both numbers.
    [[nodiscard]] Result<std::string> readAll(std::uint64_t limit) const;
    /// Number of bytes read from `offset` on: fewer than wanted at the end of the file. Thread-safe.
    [[nodiscard]] std::size_t readAt(std::uint64_t offset, std::span<char> bytes) const;

    /// Files opened by this program so far: a test that nothing is opened twice counts with it.
    [[nodiscard]] static std::uint64_t openedSoFar();

    static constexpr std::size_t kHeadBytes = 4096;

  private:
    InputFile() = default;

    std::filesystem::path path_;
    int descriptor_ = -1;
    bool isRegular_ = true;
    std::uint64_t size_ = 0;
    std::string start_;  ///< the head; of bytes that came from no disk all of them
};

/// The whole file, refused above `limit` bytes with both numbers.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace shapewise::io
