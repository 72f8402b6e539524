#pragma once
// What reading and writing files by descriptors have in common; used inside io alone.

#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace shapewise::io {

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

/// 0 or the errno of the first write that failed.
[[nodiscard]] inline int writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

/// What an errno means, in words.
[[nodiscard]] inline std::string errnoText(int error) { return std::generic_category().message(error); }

[[nodiscard]] inline std::string shownPath(const std::filesystem::path& path) {
    constexpr std::size_t kMost = 200;
    const std::string text = path.string();
    return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

}  // namespace shapewise::io
