// Writing files so that a crash leaves the old one.

#include "core/io/files/descriptor.h"
#include "core/io/files/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <atomic>
#include <cerrno>
#include <chrono>

namespace shapewise::io {

namespace {

Unexpected cannotWrite(const std::filesystem::path& path, int error) {
    std::string advice = "Save under another name or in another folder";
    if (error == ENOSPC || error == EDQUOT) advice = "Free some space or save on another disk";
    if (error == ENOENT) advice = "The folder is not there: create it or save in another one";
    return failure(fmt::format("{} cannot be written: {}", shownPath(path), errnoText(error)), advice);
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

}  // namespace shapewise::io
