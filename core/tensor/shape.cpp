#include "core/tensor/shape.h"

#include <fmt/format.h>
#include <algorithm>
#include <cassert>

namespace shapewise::tensor {
namespace {

/// "(a, b)", with a comma after a single entry as Python prints tuples.
template <class Text>
std::string tuple(int first, int last, Text&& textOf) {
    std::string out = "(";
    for (int axis = first; axis < last; ++axis) {
        if (axis > first) out += ", ";
        out += textOf(axis);
    }
    return out + (last - first == 1 ? ",)" : ")");
}

Dim product(std::span<const Dim> sizes) {
    const auto any = [&](auto&& holds) { return std::any_of(sizes.begin(), sizes.end(), holds); };
    if (any([](Dim size) { return size == Dim(0); })) return 0;
    if (any([](Dim size) { return size.isTooLarge(); })) return Dim::tooLarge();
    if (any([](Dim size) { return size.isUnknown(); })) return Dim::unknown();
    Dim count = 1;
    for (const Dim size : sizes) count = count * size;
    return count;
}

}  // namespace

std::string_view axisName(AxisMeaning meaning) {
    switch (meaning) {
        case AxisMeaning::Unknown: return "axis";
        case AxisMeaning::Batch: return "batch";
        case AxisMeaning::Time: return "time";
        case AxisMeaning::Frequency: return "frequency";
        case AxisMeaning::Height: return "height";
        case AxisMeaning::Width: return "width";
        case AxisMeaning::Depth: return "depth";
        case AxisMeaning::Channels: return "channels";
        case AxisMeaning::Features: return "features";
    }
    return "axis";
}

Shape::Shape(std::initializer_list<Dim> sizes) : Shape(std::span<const Dim>(sizes.begin(), sizes.size())) {}

Shape::Shape(std::span<const Dim> sizes) {
    for (const Dim size : sizes) append(size);
}

Shape::Shape(std::span<const std::int64_t> sizes) {
    for (const std::int64_t size : sizes) append(Dim(size));
}

void Shape::append(Dim size, AxisMeaning meaning) {
    assert(rank_ < kMaximumRank);
    const auto axis = static_cast<std::uint8_t>(rank_);
    sizes_[axis] = size;
    meanings_[axis] = meaning;
    ++rank_;
}

bool Shape::isFullyKnown() const {
    return std::all_of(sizes().begin(), sizes().end(), [](Dim size) { return size.isKnown(); });
}

bool Shape::hasTooLarge() const {
    return std::any_of(sizes().begin(), sizes().end(), [](Dim size) { return size.isTooLarge(); });
}

Dim Shape::elementCount() const { return product(sizes()); }

Dim Shape::elementCountPerSample() const { return rank_ == 0 ? Dim(1) : product(sizes().subspan(1)); }

std::string Shape::text() const {
    return tuple(0, rank_, [this](int axis) { return (*this)[axis].text(); });
}

std::string Shape::textWithoutBatch() const {
    return tuple(std::min<int>(1, rank_), rank_, [this](int axis) { return (*this)[axis].text(); });
}

std::string Shape::axesText() const {
    return tuple(0, rank_, [this](int axis) {
        // A name twice would not tell the axes apart.
        const auto before = meanings_.begin() + axis;
        const bool isTaken =
            meaning(axis) != AxisMeaning::Unknown && std::find(meanings_.begin(), before, meaning(axis)) != before;
        return isTaken ? "axis " + std::to_string(axis) : std::string(axisName(meaning(axis)));
    });
}

bool operator==(const Shape& a, const Shape& b) { return std::ranges::equal(a.sizes(), b.sizes()); }

bool Shape::sameMeaningsAs(const Shape& other) const {
    return rank_ == other.rank_ && std::equal(meanings_.begin(), meanings_.begin() + rank_, other.meanings_.begin());
}

bool operator==(const TensorType& a, const TensorType& b) {
    if (a.dtype != b.dtype || a.guessed != b.guessed || a.shape != b.shape || !a.shape.sameMeaningsAs(b.shape))
        return false;
    if (a.scales == b.scales) return true;
    return a.scales && b.scales && *a.scales == *b.scales;
}

}  // namespace shapewise::tensor
