#pragma once
// A file that grows by whole records: what stands behind a record that was cut off or damaged is never read. For
// journals, which may end at any byte.
//
// "shapewise KIND 1\n", then for each record: its number of bytes and its checksum (64 bits each, little-endian), its
// bytes. The checksum covers the record's number in the file as well.

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shapewise::io {

class Descriptor;

class RecordFile {
  public:
    /// A new file, readable by its owner alone, in place of one of that name.
    [[nodiscard]] static Result<std::unique_ptr<RecordFile>> create(const std::filesystem::path& path,
                                                                    std::string_view kind);
    RecordFile(const RecordFile&) = delete;
    RecordFile& operator=(const RecordFile&) = delete;
    ~RecordFile();

    /// When it fails, as on a full disk, the file is as before.
    [[nodiscard]] Result<void> append(std::string_view record);
    /// To the disk itself: what was appended outlives a loss of power. (The end of the program it outlives anyway.)
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] Result<void> rename(const std::filesystem::path& path);
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    RecordFile(std::filesystem::path path, std::unique_ptr<Descriptor> file);

    std::filesystem::path path_;
    std::unique_ptr<Descriptor> file_;
    std::uint64_t bytes_ = 0;
    std::uint64_t count_ = 0;
    bool isBroken_ = false;  ///< a record could be written in part only, and not be taken back
};

/// Gives the whole records in turn; false when the file ends in the middle of one, or one is damaged. Fails when there
/// is no such file, or it is of another kind or version.
[[nodiscard]] Result<bool> readRecords(const std::filesystem::path& path, std::string_view kind,
                                       const std::function<void(std::string record)>& take);

}  // namespace shapewise::io
