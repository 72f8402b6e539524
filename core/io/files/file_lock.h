#pragma once
// A lock on a file that goes with the program that holds it, however that ends.

#include "core/io/files/descriptor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <filesystem>
#include <memory>

namespace shapewise::io {

/// True when the descriptor's file is locked now by whoever has the descriptor, and still has a name.
[[nodiscard]] inline bool lockNow(int descriptor) {
    struct stat state {};
    return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor, &state) == 0 && state.st_nlink > 0;
}

class FileLock {
  public:
    /// Makes the file where there is none. Null when someone else, this program included, holds it.
    [[nodiscard]] static std::unique_ptr<FileLock> tryTake(const std::filesystem::path& path) {
        std::unique_ptr<FileLock> lock(new FileLock(path));
        return lock->file_.isOpen() && lockNow(lock->file_.number()) ? std::move(lock) : nullptr;
    }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock() = default;

    /// The file goes; what it stood for must be gone already.
    void remove() { ::unlink(path_.c_str()); }

  private:
    explicit FileLock(const std::filesystem::path& path)
        : path_(path), file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}

    std::filesystem::path path_;
    Descriptor file_;
};

}  // namespace shapewise::io
