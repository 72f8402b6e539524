#include "core/io/files/input_file.h"

#include "core/io/files/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>

namespace shapewise::io {

namespace {

std::atomic<std::uint64_t> openedFiles{0};

Unexpected cannotRead(const std::filesystem::path& path, int error) {
    std::string advice;
    if (error == ENOENT) advice = "Check the name and the folder";
    if (error == EACCES) advice = "Change its permissions or open a copy";
    if (error == ENAMETOOLONG) advice = "Use a shorter name";
    return failure(fmt::format("{} cannot be read: {}", shownPath(path), errnoText(error)), advice);
}

Unexpected tooLarge(const std::filesystem::path& path, std::uint64_t size, std::uint64_t limit) {
    return failure(fmt::format("{} is too large: {} bytes, and at most {} are read", shownPath(path), size, limit),
                   "Choose a smaller file");
}

/// As read(2), but not interrupted by signals.
ssize_t readSome(int descriptor, char* to, std::size_t count) {
    while (true) {
        const ssize_t done = ::read(descriptor, to, count);
        if (done >= 0 || errno != EINTR) return done;
    }
}

}  // namespace

InputFile::~InputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t InputFile::openedSoFar() { return openedFiles; }

Result<std::shared_ptr<const InputFile>> InputFile::open(const std::filesystem::path& path) {
    std::shared_ptr<InputFile> file(new InputFile);
    file->path_ = path;
    file->descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->descriptor_ < 0) return cannotRead(path, errno);
    ++openedFiles;
    struct stat state {};
    if (::fstat(file->descriptor_, &state) != 0) return cannotRead(path, errno);
    if (S_ISDIR(state.st_mode)) return failure(fmt::format("{} is a folder", shownPath(path)), "Choose a file in it");
    file->isRegular_ = S_ISREG(state.st_mode);
    if (file->isRegular_) file->size_ = static_cast<std::uint64_t>(state.st_size);
    file->start_.resize(kHeadBytes);
    const ssize_t count = file->isRegular_ ? static_cast<ssize_t>(file->readAt(0, file->start_))
                                           : readSome(file->descriptor_, file->start_.data(), file->start_.size());
    if (count < 0) return cannotRead(path, errno);
    file->start_.resize(static_cast<std::size_t>(count));
    return file;
}

std::shared_ptr<const InputFile> InputFile::ofBytes(std::string bytes) {
    std::shared_ptr<InputFile> file(new InputFile);
    file->size_ = bytes.size();
    file->start_ = std::move(bytes);
    return file;
}

std::string_view InputFile::head() const { return std::string_view(start_).substr(0, kHeadBytes); }

std::size_t InputFile::readAt(std::uint64_t offset, std::span<char> bytes) const {
    if (descriptor_ < 0) {
        const std::string_view rest = std::string_view(start_).substr(std::min<std::uint64_t>(offset, start_.size()));
        return rest.copy(bytes.data(), bytes.size());
    }
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count =
            ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

Result<std::string> InputFile::readAll(std::uint64_t limit) const {
    if (isRegular_ && size_ > limit) return tooLarge(path_, size_, limit);
    try {
        if (descriptor_ < 0) return start_;
        std::string bytes;
        if (isRegular_) {
            bytes.reserve(static_cast<std::size_t>(size_));
            if (::lseek(descriptor_, 0, SEEK_SET) != 0) return cannotRead(path_, errno);
        } else {
            bytes = start_;  // what a pipe has given is gone from it
        }
        char block[1 << 16];
        while (true) {
            const ssize_t count = readSome(descriptor_, block, sizeof block);
            if (count < 0) return cannotRead(path_, errno);
            if (count == 0) return bytes;
            bytes.append(block, static_cast<std::size_t>(count));
            if (bytes.size() > limit) return tooLarge(path_, bytes.size(), limit);
        }
    } catch (const std::bad_alloc&) {
        return cannotRead(path_, ENOMEM);
    }
}

Result<std::string> readFile(const std::filesystem::path& path, std::uint64_t limit) {
    const Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(file.error());
    return (*file)->readAll(limit);
}

}  // namespace shapewise::io
