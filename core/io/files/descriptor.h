#pragma once
// What reading and writing files by descriptors have in common; used inside io/files alone.

#include <unistd.h>
#include <filesystem>
#include <string>
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

/// What an errno means, in words.
[[nodiscard]] inline std::string errnoText(int error) { return std::generic_category().message(error); }

[[nodiscard]] inline std::string shownPath(const std::filesystem::path& path) {
    constexpr std::size_t kMost = 200;
    const std::string text = path.string();
    return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

}  // namespace shapewise::io
