#pragma once
// Shape: the sizes of a tensor, batch first, with what each axis means.

#include "core/tensor/dim.h"
#include "core/tensor/dtype.h"

#include <array>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace shapewise::tensor {

/// What an axis stands for, carried through the graph so that a message can say "time" and not "axis 1".
enum class AxisMeaning : std::uint8_t { Unknown, Batch, Time, Frequency, Height, Width, Depth, Channels, Features };

/// "batch", "time", "height", ... ; "axis" for Unknown.
[[nodiscard]] std::string_view axisName(AxisMeaning meaning);

/// The most axes a tensor may have, the batch counted. Shapes are held in place, without allocation.
inline constexpr int kMaximumRank = 8;

class Shape {
  public:
    Shape() = default;  ///< rank 0: a scalar
    Shape(std::initializer_list<Dim> sizes);
    /// Precondition: at most kMaximumRank sizes.
    explicit Shape(std::span<const Dim> sizes);
    explicit Shape(std::span<const std::int64_t> sizes);

    [[nodiscard]] int rank() const { return rank_; }
    [[nodiscard]] Dim operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis)]; }
    [[nodiscard]] AxisMeaning meaning(int axis) const { return meanings_[static_cast<std::size_t>(axis)]; }

    void setSize(int axis, Dim size) { sizes_[static_cast<std::size_t>(axis)] = size; }
    void setMeaning(int axis, AxisMeaning meaning) { meanings_[static_cast<std::size_t>(axis)] = meaning; }
    /// Precondition: rank() < kMaximumRank.
    void append(Dim size, AxisMeaning meaning = AxisMeaning::Unknown);

    [[nodiscard]] bool isFullyKnown() const;
    [[nodiscard]] bool hasTooLarge() const;
    /// Product of all sizes: number, expression, None when one is None, or tooLarge.
    [[nodiscard]] Dim elementCount() const;
    /// The same without the first axis.
    [[nodiscard]] Dim elementCountPerSample() const;

    /// "(None, 18, 32)" as Keras prints it; "(None,)" for rank 1; "()" for rank 0.
    [[nodiscard]] std::string text() const;
    /// The same without the first axis: "(18, 32)".
    [[nodiscard]] std::string textWithoutBatch() const;
    /// "(batch, time, channels)".
    [[nodiscard]] std::string axesText() const;

    /// Sizes only; meanings are commentary.
    friend bool operator==(const Shape& a, const Shape& b);
    [[nodiscard]] bool sameMeaningsAs(const Shape& other) const;

    [[nodiscard]] std::span<const Dim> sizes() const { return {sizes_.data(), static_cast<std::size_t>(rank_)}; }

  private:
    std::array<Dim, kMaximumRank> sizes_{};
    std::array<AxisMeaning, kMaximumRank> meanings_{};
    std::int8_t rank_ = 0;
};

/// Where the indices of one axis lie in seconds or hertz: position = origin + index * step.
struct AxisScale {
    enum class Kind : std::uint8_t { None, Seconds, Hertz, Mel };  ///< Mel: origin and step in mel, 1127 ln(1 + f/700)
    Kind kind = Kind::None;
    double origin = 0.0;
    double step = 1.0;
    double stretch = 1.0;  ///< Mel: true hertz for one hertz of f, where bands were made for another sample rate
    friend bool operator==(const AxisScale&, const AxisScale&) = default;
};

/// Units that travel with a tensor of audio: one scale per axis, the sample rate it came from (Hz), the hop in
/// samples of that rate, and what its values are ("ln magnitude", "dB"), for read-outs.
struct SignalScales {
    std::array<AxisScale, kMaximumRank> axes{};
    double sampleRateHz = 0.0;
    double hopSamples = 1.0;
    std::string valueKind;
    friend bool operator==(const SignalScales&, const SignalScales&) = default;
};

/// Everything known of a tensor before it is computed: shape, declared element type, units of its axes.
struct TensorType {
    Shape shape;
    DType dtype = DType::Float32;
    /// Rests on a layer nobody knows: shown as a guess, and never the ground for an error. Beside dtype, where it takes
    /// no room: one is copied for each node at an edit.
    bool guessed = false;
    std::shared_ptr<const SignalScales> scales;  ///< null when no axis has a unit

    [[nodiscard]] AxisScale scale(int axis) const {
        return scales ? scales->axes[static_cast<std::size_t>(axis)] : AxisScale{};
    }
    /// Equal sizes, meanings, dtype, scales and certainty: what a consumer would see as "nothing changed".
    friend bool operator==(const TensorType& a, const TensorType& b);
};

/// Reads "(None, 20, 1)", "20, 1", "[20 1]", "20x1", "(T, 8)". nullopt with a reason in `why` when it cannot.
[[nodiscard]] std::optional<std::vector<Dim>> parseSizes(std::string_view text, std::string* why = nullptr);

}  // namespace shapewise::tensor
