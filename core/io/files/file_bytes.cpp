// Writing files so that a crash leaves the old one.

#include "core/io/files/descriptor.h"
#include "core/io/files/file_lock.h"
#include "core/io/files/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>

namespace shapewise::io {

namespace {

Unexpected cannotWrite(const std::filesystem::path& path, int error) {
    std::string advice = "Save under another name or in another folder";
    if (error == ENOSPC || error == EDQUOT) advice = "Free some space or save on another disk";
    if (error == ENOENT) advice = "The folder is not there: create it or save in another one";
    return failure(fmt::format("{} cannot be written: {}", shownPath(path), errnoText(error)), advice);
}

/// Where a symbolic link leads, be it to a file that is yet to come, so that saving keeps the link.
std::filesystem::path behindLinks(const std::filesystem::path& path) {
    constexpr int kMostLinks = 40;  // as the system follows
    std::filesystem::path at = path;
    std::error_code problem;
    for (int links = 0; links < kMostLinks && std::filesystem::is_symlink(at, problem); ++links)
        at = at.parent_path() / std::filesystem::read_symlink(at, problem);
    return problem && at.empty() ? path : at;
}

constexpr std::string_view kTemporary = ".shapewise-";

/// Used by no other process and no other call of this one: .shapewise-PROCESS-CALL-TIME, the time in hexadecimal.
std::string temporaryName() {
    static std::atomic<unsigned> calls{0};
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    return fmt::format("{}{}-{}-{:x}", kTemporary, ::getpid(), calls.fetch_add(1), now);
}

/// The process that made a file of such a name; 0 for any other name.
pid_t makerOf(std::string_view name) {
    if (!name.starts_with(kTemporary)) return 0;
    const char* at = name.data() + kTemporary.size();
    const char* const end = name.data() + name.size();
    const auto skip = [&](auto& number, int base) {
        const auto [next, error] = std::from_chars(at, end, number, base);
        const bool isNumber = error == std::errc() && next != at && *at != '-';
        at = next;
        return isNumber;
    };
    const auto skipDash = [&] { return at != end && *at++ == '-'; };
    pid_t process = 0;
    unsigned call = 0;
    std::uint64_t time = 0;
    constexpr int kDecimal = 10;
    constexpr int kHexadecimal = 16;
    const bool isOurs = skip(process, kDecimal) && skipDash() && skip(call, kDecimal) && skipDash() &&
                        skip(time, kHexadecimal) && at == end;
    return isOurs ? process : 0;
}

/// True when nobody writes the file any more. Its writer holds a lock on it; where the disk knows no locks, the process
/// of its name counts.
bool isForgotten(const std::string& path, pid_t maker) {
    struct stat state {};
    if (::lstat(path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) return false;
    if (::geteuid() != 0 && state.st_uid != ::geteuid()) return false;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.isOpen()) return false;
    errno = 0;
    if (lockNow(file.number())) return true;
    return errno != EWOULDBLOCK && maker != ::getpid() && ::kill(maker, 0) != 0 && errno == ESRCH;
}

/// What saves left there that were killed.
void sweep(const std::filesystem::path& folder) {
    std::error_code problem;
    for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        const pid_t maker = makerOf(name);
        const std::string path = (folder / name).string();
        if (maker > 0 && isForgotten(path, maker)) ::unlink(path.c_str());
    }
}

/// A new file in `folder` that this process holds the lock of; null with errno when there is none to be had.
std::unique_ptr<Descriptor> makeTemporary(const std::filesystem::path& folder, mode_t rights, std::string& path) {
    constexpr int kTries = 20;
    for (int attempt = 0; attempt < kTries; ++attempt) {
        path = (folder / temporaryName()).string();
        auto file = std::make_unique<Descriptor>(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights));
        if (!file->isOpen()) return nullptr;
        errno = 0;
        if (lockNow(file->number())) return file;
        if (errno != 0 && errno != EWOULDBLOCK) return file;  // a disk without locks
        ::unlink(path.c_str());  // another process took it for forgotten before it was locked
    }
    errno = EBUSY;
    return nullptr;
}

/// Attributes beside the rights, access lists among them. Best effort: not every disk has them.
void copyAttributes(const std::filesystem::path& from, int to) {
    constexpr std::size_t kMost = 1 << 16;
    std::string names(kMost, '\0');
    const ssize_t size = ::listxattr(from.c_str(), names.data(), names.size());
    if (size <= 0) return;
    std::string value(kMost, '\0');
    for (const char* name = names.data(); name < names.data() + size; name += std::strlen(name) + 1) {
        const ssize_t count = ::getxattr(from.c_str(), name, value.data(), value.size());
        if (count >= 0) ::fsetxattr(to, name, value.data(), static_cast<std::size_t>(count), 0);
    }
}

/// Owner, group, rights and attributes of the file that is replaced. 0 or the errno.
int copyRights(const std::filesystem::path& from, const struct stat& state, int to) {
    struct stat fresh {};
    if (::fstat(to, &fresh) != 0) return errno;
    // Only the superuser gives files away; the group may go to one the user is in.
    if ((fresh.st_uid != state.st_uid || fresh.st_gid != state.st_gid) && ::fchown(to, state.st_uid, state.st_gid) != 0)
        (void)!::fchown(to, static_cast<uid_t>(-1), state.st_gid);
    copyAttributes(from, to);
    if (::fstat(to, &fresh) != 0) return errno;
    const bool isSameOwner = fresh.st_uid == state.st_uid && fresh.st_gid == state.st_gid;
    const mode_t rights = state.st_mode & (isSameOwner ? 07777 : 0777);  // nothing runs as someone else now
    return ::fchmod(to, rights) != 0 ? errno : 0;
}

}  // namespace

Result<void> writeFileAtomically(const std::filesystem::path& wanted, std::string_view bytes) {
    const std::filesystem::path path = behindLinks(wanted);
    struct stat before {};
    const bool exists = ::stat(path.c_str(), &before) == 0;
    if (!exists && errno == ELOOP) return cannotWrite(path, ELOOP);
    if (exists && S_ISDIR(before.st_mode)) return cannotWrite(path, EISDIR);
    if (exists && !S_ISREG(before.st_mode)) {  // a pipe or a device: nothing to replace
        Descriptor direct(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!direct.isOpen()) return cannotWrite(path, errno);
        if (const int error = writeAll(direct.number(), bytes)) return cannotWrite(path, error);
        return {};
    }
    if (exists && ::access(path.c_str(), W_OK) != 0) return cannotWrite(path, errno);

    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    sweep(folder);
    std::string temporary;
    const std::unique_ptr<Descriptor> file = makeTemporary(folder, exists ? 0600 : 0666, temporary);
    if (file == nullptr) return cannotWrite(path, errno);
    const auto giveUp = [&](int error) {
        ::unlink(temporary.c_str());
        return cannotWrite(path, error);
    };
    if (const int error = writeAll(file->number(), bytes)) return giveUp(error);
    if (exists)
        if (const int error = copyRights(path, before, file->number())) return giveUp(error);
    if (::fsync(file->number()) != 0) return giveUp(errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) return giveUp(errno);  // before the lock goes
    if (!file->close()) return cannotWrite(path, errno);
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.isOpen()) ::fsync(directory.number());  // best effort: the data is safe, only the name may be old
    return {};
}

}  // namespace shapewise::io
