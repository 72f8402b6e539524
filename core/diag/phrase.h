#pragma once
// Phrase: a message before it is shown. Its words are a pattern, its shapes, axes and sizes are data, so that a
// Renderer can write them in any notation and language.

#include "core/base/ids.h"
#include "core/base/value.h"
#include "core/tensor/axes_pattern.h"
#include "core/tensor/shape.h"

#include <concepts>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace shapewise::diag {

/// One axis: "time", or "axis 1" where nobody knows what it means.
struct Axis {
    tensor::AxisMeaning meaning = tensor::AxisMeaning::Unknown;
    int index = 0;
    friend bool operator==(Axis, Axis) = default;
};
[[nodiscard]] Axis axisOf(const tensor::Shape& shape, int axis);  ///< `axis` may be out of range

/// What the axes of a shape mean: "(batch, time, channels)".
struct AxisNames {
    tensor::Shape shape;
    friend bool operator==(const AxisNames& a, const AxisNames& b) { return a.shape.sameMeaningsAs(b.shape); }
};

/// A shape without its batch axis: "(18, 32)".
struct Sample {
    tensor::Shape shape;
    friend bool operator==(const Sample&, const Sample&) = default;
};

/// A size in a product or quotient: sums stand in brackets.
struct Factor {
    tensor::Dim size;
    friend bool operator==(Factor, Factor) = default;
};

struct Argument;
struct Datum;

class Phrase {
  public:
    Phrase();
    Phrase(const Phrase& other);
    Phrase(Phrase&& other) noexcept;
    Phrase& operator=(const Phrase& other);
    Phrase& operator=(Phrase&& other) noexcept;
    ~Phrase();

    /// Words of the program, without braces.
    Phrase(const char* words);
    /// Names, numbers and whatever else is shown as it is.
    Phrase(std::string text);
    Phrase(std::string_view text);
    Phrase(const tensor::Shape& shape);
    Phrase(const tensor::AxesPattern& axes);
    Phrase(tensor::Dim size);
    Phrase(Axis axis);
    Phrase(const AxisNames& names);

    /// Each {} of the pattern stands for one datum, in order. See say().
    Phrase(std::string_view pattern, std::vector<Datum> data);
    /// Takes {name} of the pattern from the arguments; a name that is not there reads "?".
    [[nodiscard]] static Phrase ofNamed(std::string_view pattern, const std::vector<Argument>& arguments);

    [[nodiscard]] bool empty() const { return pattern_.empty(); }
    void clear();
    [[nodiscard]] const std::string& pattern() const { return pattern_; }
    [[nodiscard]] const std::vector<Datum>& data() const { return data_; }

    Phrase& operator+=(const Phrase& more);
    friend bool operator==(const Phrase& a, const Phrase& b);
    friend Phrase operator+(Phrase first, const Phrase& second) { return std::move(first += second); }

  private:
    std::string pattern_;
    std::vector<Datum> data_;
};

using Content = std::variant<std::int64_t, double, std::string, Value, NodeId, tensor::Shape, tensor::Dim,
                             tensor::AxesPattern, Axis, AxisNames, Sample, Factor, Phrase>;

/// What stands in a message. Phrases hold phrases.
struct Datum {
    Content value;

    template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, Datum>) Datum(T&& datum) : value(stored(std::forward<T>(datum))) {}
    // Defined in phrase.cpp, as those of Value are.
    Datum(const Datum&);
    Datum(Datum&&) noexcept;
    Datum& operator=(const Datum&);
    Datum& operator=(Datum&&) noexcept;
    ~Datum();

    friend bool operator==(const Datum& a, const Datum& b);

  private:
    template <class T>
    static auto stored(T&& datum) {
        using Plain = std::remove_cvref_t<T>;
        if constexpr (std::integral<Plain>)
            return static_cast<std::int64_t>(datum);
        else if constexpr (std::convertible_to<T, std::string_view>)
            return std::string(std::string_view(datum));
        else
            return Plain(std::forward<T>(datum));
    }
};

/// say("{} comes from {}", size, label): a sentence with data in the place of each {}.
template <class... Data>
[[nodiscard]] Phrase say(std::string_view pattern, Data&&... data) {
    std::vector<Datum> list;
    list.reserve(sizeof...(data));
    (list.emplace_back(std::forward<Data>(data)), ...);
    return {pattern, std::move(list)};
}

/// "a, b, c".
[[nodiscard]] Phrase joined(const std::vector<Phrase>& list, const char* separator);

}  // namespace shapewise::diag
