#include "core/io/files/record_file.h"

#include "core/base/hash.h"
#include "core/io/files/descriptor.h"
#include "core/io/files/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <array>
#include <cerrno>
#include <cstdio>

namespace shapewise::io {

namespace {

constexpr std::size_t kFrameBytes = 16;

std::string headerOf(std::string_view kind) { return fmt::format("shapewise {} 1\n", kind); }

std::uint64_t checksum(std::uint64_t number, std::string_view record) {
    return Hasher().add(number).add(record).result();
}

void putNumber(char* to, std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) to[byte] = static_cast<char>(number >> (8 * byte));
}

std::uint64_t numberAt(const char* from) {
    std::uint64_t number = 0;
    for (int byte = 0; byte < 8; ++byte) number |= std::uint64_t{static_cast<unsigned char>(from[byte])} << (8 * byte);
    return number;
}

Unexpected cannotKeep(const std::filesystem::path& path, int error) {
    std::string advice = "Check the rights of that folder";
    if (error == ENOSPC || error == EDQUOT) advice = "Free some space on that disk";
    return failure(fmt::format("{} cannot be written: {}", shownPath(path), errnoText(error)), advice);
}

}  // namespace

RecordFile::RecordFile(std::filesystem::path path, std::unique_ptr<Descriptor> file)
    : path_(std::move(path)), file_(std::move(file)) {}

RecordFile::~RecordFile() = default;

Result<std::unique_ptr<RecordFile>> RecordFile::create(const std::filesystem::path& path, std::string_view kind) {
    auto file =
        std::make_unique<Descriptor>(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    if (!file->isOpen()) return cannotKeep(path, errno);
    const std::string header = headerOf(kind);
    if (const int error = writeAll(file->number(), header)) return cannotKeep(path, error);
    std::unique_ptr<RecordFile> made(new RecordFile(path, std::move(file)));
    made->bytes_ = header.size();
    return made;
}

Result<void> RecordFile::append(std::string_view record) {
    if (isBroken_) return cannotKeep(path_, EIO);
    std::array<char, kFrameBytes> frame{};
    putNumber(frame.data(), record.size());
    putNumber(frame.data() + 8, checksum(count_, record));
    constexpr std::size_t kAtOnce = 1 << 16;
    std::string bytes(frame.data(), frame.size());  // a small record is written by one call
    bytes += record.substr(0, kAtOnce);
    int error = writeAll(file_->number(), bytes);
    if (error == 0 && record.size() > kAtOnce) error = writeAll(file_->number(), record.substr(kAtOnce));
    if (error != 0) {
        isBroken_ = ::ftruncate(file_->number(), static_cast<off_t>(bytes_)) != 0;
        return cannotKeep(path_, error);
    }
    bytes_ += kFrameBytes + record.size();
    ++count_;
    return {};
}

Result<void> RecordFile::sync() {
    if (::fdatasync(file_->number()) != 0) return cannotKeep(path_, errno);
    return {};
}

Result<void> RecordFile::rename(const std::filesystem::path& path) {
    if (std::rename(path_.c_str(), path.c_str()) != 0) return cannotKeep(path, errno);
    path_ = path;
    return {};
}

Result<bool> readRecords(const std::filesystem::path& path, std::string_view kind,
                         const std::function<void(std::string record)>& take) {
    const Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(file.error());
    const std::string header = headerOf(kind);
    if (!(*file)->head().starts_with(header))
        return failure(fmt::format("{} was written by another version of Shapewise", shownPath(path)),
                       "Start that version to use it");
    std::uint64_t at = header.size();
    const std::uint64_t end = (*file)->size();
    for (std::uint64_t number = 0; at < end; ++number) {
        std::array<char, kFrameBytes> frame{};
        if ((*file)->readAt(at, frame) != kFrameBytes) return false;
        const std::uint64_t size = numberAt(frame.data());
        if (size > end - at - kFrameBytes) return false;
        std::string record(size, '\0');
        if ((*file)->readAt(at + kFrameBytes, record) != size) return false;
        if (numberAt(frame.data() + 8) != checksum(number, record)) return false;
        at += kFrameBytes + size;
        take(std::move(record));
    }
    return true;
}

}  // namespace shapewise::io
