#include "core/io/files/file_stamp.h"

#include "core/base/hash.h"
#include "core/io/files/input_file.h"

#include <sys/stat.h>
#include <bit>
#include <vector>

namespace shapewise::io {

namespace {

/// Without its contents.
FileStamp stampFrom(const struct stat& state) {
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    FileStamp stamp;
    stamp.isThere = true;
    stamp.bytes = static_cast<std::uint64_t>(state.st_size);
    stamp.changed = state.st_mtim.tv_sec * kNanoseconds + state.st_mtim.tv_nsec;
    return stamp;
}

FileStamp looksLike(const std::filesystem::path& path) {
    struct stat state {};
    return ::stat(path.c_str(), &state) == 0 ? stampFrom(state) : FileStamp{};
}

std::uint64_t contentsOf(const InputFile& file) {
    constexpr std::size_t kPiece = 1 << 20;
    std::vector<char> piece(kPiece);
    Hasher hasher;
    for (std::uint64_t at = 0;;) {
        const std::size_t count = file.readAt(at, piece);
        if (count == 0) return hasher.result();
        hasher.add(std::string_view(piece.data(), count));
        at += count;
    }
}

}  // namespace

FileStamp FileStamp::of(const std::filesystem::path& path) {
    const auto file = InputFile::open(path);
    return file ? of(**file) : FileStamp{};
}

FileStamp FileStamp::of(const InputFile& file) {
    // Looked at first: what is changed while it is read is taken for changed.
    struct stat state {};
    if (file.descriptor() < 0 || ::fstat(file.descriptor(), &state) != 0) return {};
    FileStamp stamp = stampFrom(state);
    if (file.isRegular()) stamp.contents = contentsOf(file);
    return stamp;
}

Value FileStamp::value() const {
    if (!isThere) return {};
    return Value(ValueDict{{"bytes", std::bit_cast<std::int64_t>(bytes)},
                           {"changed", changed},
                           {"contents", std::bit_cast<std::int64_t>(contents)}});
}

FileStamp FileStamp::from(const Value& value) {
    const auto number = [&](std::string_view key) {
        const Value* member = value.find(key);
        return member != nullptr && member->isInteger() ? member->asInteger() : std::int64_t{0};
    };
    if (!value.isDict()) return {};
    return {true, std::bit_cast<std::uint64_t>(number("bytes")), number("changed"),
            std::bit_cast<std::uint64_t>(number("contents"))};
}

OutsideChange changeSince(FileStamp& known, const std::filesystem::path& path) {
    const FileStamp look = looksLike(path);
    if (!look.isThere) return known.isThere ? OutsideChange::Gone : OutsideChange::None;
    if (known.isThere && look.bytes == known.bytes && look.changed == known.changed) return OutsideChange::None;
    const FileStamp now = FileStamp::of(path);
    if (!known.isThere || now.bytes != known.bytes || now.contents != known.contents) return OutsideChange::Contents;
    known = now;
    return OutsideChange::None;
}

}  // namespace shapewise::io
