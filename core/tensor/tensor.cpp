#include "core/tensor/tensor.h"

#include "core/base/checked_math.h"

#include <fmt/format.h>
#include <algorithm>
#include <cassert>
#include <limits>
#include <new>
#include <utility>

namespace shapewise::tensor {
namespace {

constexpr std::align_val_t kAlignment{64};

/// Memory for count values, or null for none. Throws std::bad_alloc.
float* allocate(std::int64_t count) {
    if (count == 0) return nullptr;
    constexpr std::int64_t kMostValues = std::numeric_limits<std::ptrdiff_t>::max() / std::int64_t{sizeof(float)};
    if (count > kMostValues) throw std::bad_alloc();
    return static_cast<float*>(::operator new[](static_cast<std::size_t>(count) * sizeof(float), kAlignment));
}

}  // namespace

std::int64_t elementCount(const Extents& extents) {
    std::int64_t count = 1;
    for (const std::int64_t extent : extents) {
        assert(extent >= 0);
        if (extent == 0) return 0;
        count = saturatingMultiply(count, extent);
    }
    return count;
}

std::string extentsText(const Extents& extents) {
    return fmt::format("({}{})", fmt::join(extents, ", "), extents.size() == 1 ? "," : "");
}

void Tensor::AlignedDelete::operator()(float* memory) const { ::operator delete[](memory, kAlignment); }

Tensor::Tensor(Extents extents)
    : extents_(std::move(extents)), count_(elementCount(extents_)), data_(allocate(count_)) {}

Tensor::Tensor(Extents extents, float fill) : Tensor(std::move(extents)) { std::ranges::fill(this->values(), fill); }

Tensor::Tensor(Extents extents, std::span<const float> values) : Tensor(std::move(extents)) {
    assert(values.size() == static_cast<std::size_t>(count_));
    std::copy_n(values.begin(), std::min(values.size(), static_cast<std::size_t>(count_)), this->values().begin());
}

Tensor::Tensor(const Tensor& other)
    : extents_(other.extents_), count_(other.data_ ? other.count_ : 0), data_(allocate(count_)) {
    std::copy_n(other.data_.get(), count_, data_.get());
}

Tensor& Tensor::operator=(const Tensor& other) {
    if (this != &other) *this = Tensor(other);
    return *this;
}

Tensor Tensor::reshaped(Extents extents) && {
    assert(elementCount(extents) == count_);
    Tensor result = std::move(*this);
    result.extents_ = std::move(extents);
    return result;
}

Shape Tensor::shape() const { return Shape(std::span<const std::int64_t>(extents_)); }

}  // namespace shapewise::tensor
