#pragma once
// Tensor: float32 values in row-major order with known sizes; memory aligned to 64 bytes.

#include "core/tensor/shape.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace shapewise::tensor {

/// Sizes of a computed tensor, the batch first. Every entry >= 0; at most kMaximumRank entries.
using Extents = std::vector<std::int64_t>;

/// Product of the extents; the largest number when it does not fit in 63 bits.
[[nodiscard]] std::int64_t elementCount(const Extents& extents);
/// "(1, 18, 32)".
[[nodiscard]] std::string extentsText(const Extents& extents);

class Tensor {
  public:
    Tensor() = default;
    /// Uninitialised values. Throws std::bad_alloc when the memory is not there.
    explicit Tensor(Extents extents);
    Tensor(Extents extents, float fill);
    /// Precondition: values.size() == elementCount(extents).
    Tensor(Extents extents, std::span<const float> values);

    Tensor(const Tensor& other);
    Tensor& operator=(const Tensor& other);
    Tensor(Tensor&&) noexcept = default;
    Tensor& operator=(Tensor&&) noexcept = default;

    [[nodiscard]] const Extents& extents() const { return extents_; }
    [[nodiscard]] int rank() const { return static_cast<int>(extents_.size()); }
    [[nodiscard]] std::int64_t size(int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
    [[nodiscard]] std::int64_t count() const { return count_; }

    [[nodiscard]] float* data() { return data_.get(); }
    [[nodiscard]] const float* data() const { return data_.get(); }
    [[nodiscard]] std::span<float> values() { return {data_.get(), static_cast<std::size_t>(count_)}; }
    [[nodiscard]] std::span<const float> values() const { return {data_.get(), static_cast<std::size_t>(count_)}; }

    /// Same values under other sizes of the same product. Moves, does not copy.
    [[nodiscard]] Tensor reshaped(Extents extents) &&;

    [[nodiscard]] Shape shape() const;

  private:
    struct AlignedDelete {
        void operator()(float* memory) const;
    };
    Extents extents_;
    std::int64_t count_ = 0;
    std::unique_ptr<float[], AlignedDelete> data_;
};

/// A view of values owned elsewhere, for kernels. [row-major, float32]
struct TensorView {
    const float* data = nullptr;
    Extents extents;
    [[nodiscard]] std::int64_t size(int axis) const { return extents[static_cast<std::size_t>(axis)]; }
    [[nodiscard]] std::int64_t count() const { return elementCount(extents); }
};

}  // namespace shapewise::tensor
