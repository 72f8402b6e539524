#pragma once
// AxesPattern: which axes a port takes, in order: (batch, time, channels), or (batch, ..., features) for any number.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace shapewise::tensor {

/// What a port calls an axis. Others and SpatialAxes stand for any number of axes.
enum class AxisWord : std::uint8_t {
    Batch,
    Channels,
    Classes,
    Depth,
    Features,
    Filters,
    Height,
    Keys,
    Queries,
    Samples,
    Steps,
    Time,
    Tokens,
    Units,
    Width,
    SpatialAxes,
    Others
};
inline constexpr std::string_view kAxisWords[] = {"batch",  "channels", "classes", "depth",      "features", "filters",
                                                  "height", "keys",     "queries", "samples",    "steps",    "time",
                                                  "tokens", "units",    "width",   "spatial...", "..."};

class AxesPattern {
  public:
    enum class Kind : std::uint8_t {
        Unsaid,    ///< nothing is known
        Any,       ///< takes whatever comes
        AsInside,  ///< what the Input layers inside declare
        Listed
    };

    constexpr AxesPattern() = default;
    /// "(batch, height, width, channels)", "any" or "as its Input layers"; a word that is no AxisWord does not compile.
    consteval AxesPattern(const char* written) {
        std::string_view text(written);
        if (text.empty()) return;
        kind_ = text == "any" ? Kind::Any : text == "as its Input layers" ? Kind::AsInside : Kind::Listed;
        if (kind_ != Kind::Listed) return;
        if (!text.starts_with("(batch, ") || !text.ends_with(')')) throw "axes are written as (batch, ...)";
        text = text.substr(1, text.size() - 2);
        while (!text.empty()) {
            const std::size_t end = text.find(", ");
            words_[count_++] = wordNamed(text.substr(0, end));
            text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
        }
    }

    [[nodiscard]] constexpr Kind kind() const { return kind_; }
    [[nodiscard]] constexpr std::span<const AxisWord> words() const { return {words_.data(), count_}; }
    /// False where it names no axis besides the batch.
    [[nodiscard]] constexpr bool namesAxes() const {
        return kind_ == Kind::Listed && !(count_ == 2 && words_[1] == AxisWord::Others);
    }
    /// (batch, height, width, channels) -> (batch, channels, height, width); the same where channels are not last.
    [[nodiscard]] constexpr AxesPattern withChannelsFirst() const {
        AxesPattern changed = *this;
        if (count_ < 2 || words_[count_ - 1] != AxisWord::Channels) return changed;
        for (std::size_t place = count_ - 1; place > 1; --place) changed.words_[place] = words_[place - 1];
        changed.words_[1] = AxisWord::Channels;
        return changed;
    }

    friend constexpr bool operator==(const AxesPattern&, const AxesPattern&) = default;

  private:
    static consteval AxisWord wordNamed(std::string_view name) {
        for (std::size_t index = 0; index < std::size(kAxisWords); ++index)
            if (kAxisWords[index] == name) return static_cast<AxisWord>(index);
        throw "no axis is called that";
    }

    std::array<AxisWord, 8> words_{};
    std::uint8_t count_ = 0;
    Kind kind_ = Kind::Unsaid;
};

}  // namespace shapewise::tensor
