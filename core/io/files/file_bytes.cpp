// Reading whole files and writing them so that a crash leaves the old one.

#include "core/io/files/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

namespace shapewise::io {

namespace {

/// A file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool isOpen() const { return number_ >= 0; }
    bool close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

  private:
    int number_;
};

std::string reason(int error) { return std::generic_category().message(error); }

std::string shownPath(const std::filesystem::path& path) {
    constexpr std::size_t kMost = 200;
    const std::string text = path.string();
    return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

Unexpected cannotRead(const std::filesystem::path& path, int error) {
    std::string advice;
    if (error == ENOENT) advice = "Check the name and the folder";
    if (error == EACCES) advice = "Change its permissions or open a copy";
    if (error == ENAMETOOLONG) advice = "Use a shorter name";
    return failure(fmt::format("{} cannot be read: {}", shownPath(path), reason(error)), advice);
}

Unexpected cannotWrite(const std::filesystem::path& path, int error) {
    std::string advice = "Save under another name or in another folder";
    if (error == ENOSPC || error == EDQUOT) advice = "Free some space or save on another disk";
    if (error == ENOENT) advice = "The folder is not there: create it or save in another one";
    return failure(fmt::format("{} cannot be written: {}", shownPath(path), reason(error)), advice);
}

/// 0 or the errno of the first write that failed.
int writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

/// Where a symbolic link leads, so that saving keeps the link.
std::filesystem::path behindLinks(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_symlink(path, ignored)) return path;
    const std::filesystem::path target = std::filesystem::canonical(path, ignored);
    return target.empty() ? path : target;
}

/// Used by no other process and no other call of this one.
std::string temporaryName() {
    static std::atomic<unsigned> calls{0};
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    return fmt::format(".shapewise-{}-{}-{:x}", ::getpid(), calls.fetch_add(1), now);
}

}  // namespace

Result<void> writeFileAtomically(const std::filesystem::path& wanted, std::string_view bytes) {
    const std::filesystem::path path = behindLinks(wanted);
    struct stat before {};
    const bool exists = ::stat(path.c_str(), &before) == 0;
    if (exists && S_ISDIR(before.st_mode)) return cannotWrite(path, EISDIR);
    if (exists && !S_ISREG(before.st_mode)) {  // a pipe or a device: nothing to replace
        Descriptor direct(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!direct.isOpen()) return cannotWrite(path, errno);
        if (const int error = writeAll(direct.number(), bytes)) return cannotWrite(path, error);
        return {};
    }
    if (exists && ::access(path.c_str(), W_OK) != 0) return cannotWrite(path, errno);

    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const std::string temporary = (folder / temporaryName()).string();
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.isOpen()) return cannotWrite(path, errno);
    const auto giveUp = [&](int error) {
        ::unlink(temporary.c_str());
        return cannotWrite(path, error);
    };
    if (const int error = writeAll(file.number(), bytes)) return giveUp(error);
    if (exists && ::fchmod(file.number(), before.st_mode & 07777) != 0) return giveUp(errno);
    if (::fsync(file.number()) != 0) return giveUp(errno);
    if (!file.close()) return giveUp(errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) return giveUp(errno);
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.isOpen()) ::fsync(directory.number());  // best effort: the data is safe, only the name may be old
    return {};
}

Result<std::string> readFile(const std::filesystem::path& path, std::uint64_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.isOpen()) return cannotRead(path, errno);
    struct stat state {};
    if (::fstat(file.number(), &state) != 0) return cannotRead(path, errno);
    if (S_ISDIR(state.st_mode)) return failure(fmt::format("{} is a folder", shownPath(path)), "Choose a file in it");
    const auto tooLarge = [&](std::uint64_t size) {
        return failure(fmt::format("{} is too large: {} bytes, and at most {} are read", shownPath(path), size, limit),
                       "Choose a smaller file");
    };
    if (S_ISREG(state.st_mode) && static_cast<std::uint64_t>(state.st_size) > limit)
        return tooLarge(static_cast<std::uint64_t>(state.st_size));
    try {
        std::string bytes;
        if (S_ISREG(state.st_mode)) bytes.reserve(static_cast<std::size_t>(state.st_size));
        char block[1 << 16];
        while (true) {
            const ssize_t count = ::read(file.number(), block, sizeof block);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return cannotRead(path, errno);
            if (count == 0) return bytes;
            bytes.append(block, static_cast<std::size_t>(count));
            if (bytes.size() > limit) return tooLarge(bytes.size());
        }
    } catch (const std::bad_alloc&) {
        return cannotRead(path, ENOMEM);
    }
}

}  // namespace shapewise::io
