#include "tests/conformance/compare.h"

#include <fmt/format.h>
#include <cmath>
#include <limits>

namespace shapewise::conformance {

namespace {

/// How far two values are apart, in units of what is tolerated: up to 1 is equal.
double distance(double expected, double got, double tolerance) {
    if (std::isnan(expected) || std::isnan(got))
        return std::isnan(expected) && std::isnan(got) ? 0.0 : std::numeric_limits<double>::infinity();
    if (std::isinf(expected) || std::isinf(got)) return expected == got ? 0.0 : std::numeric_limits<double>::infinity();
    return std::abs(got - expected) / (tolerance * (1.0 + std::abs(expected)));
}

std::string placeText(std::int64_t index, const tensor::Extents& extents) {
    std::string text;
    for (std::size_t axis = extents.size(); axis-- > 0;) {
        text = fmt::format("{}{}", index % extents[axis], text.empty() ? "" : ", " + text);
        index /= extents[axis];
    }
    return "[" + text + "]";
}

}  // namespace

bool sameShape(const tensor::Shape& expected, const tensor::Shape& got) {
    if (expected.rank() != got.rank()) return false;
    for (int axis = 0; axis < expected.rank(); ++axis) {
        if (expected[axis].isKnown() != got[axis].isKnown() || got[axis].isTooLarge()) return false;
        if (expected[axis].isKnown() && expected[axis] != got[axis]) return false;
    }
    return true;
}

std::string shapesText(const std::vector<tensor::Shape>& shapes) {
    std::string text;
    for (const tensor::Shape& shape : shapes) text += (text.empty() ? "" : ", ") + shape.text();
    return text.empty() ? "no output" : text;
}

std::optional<Mismatch> compareValues(const tensor::Tensor& expected, const tensor::Tensor& got, double tolerance) {
    if (expected.extents() != got.extents())
        return Mismatch{tensor::extentsText(expected.extents()), tensor::extentsText(got.extents())};
    std::int64_t wrong = 0;
    std::int64_t worst = 0;
    double worstDistance = 1.0;
    for (std::int64_t index = 0; index < expected.count(); ++index) {
        const double apart =
            distance(static_cast<double>(expected.data()[index]), static_cast<double>(got.data()[index]), tolerance);
        if (apart <= 1.0) continue;
        ++wrong;
        if (apart > worstDistance) {
            worstDistance = apart;
            worst = index;
        }
    }
    if (wrong == 0) return std::nullopt;
    return Mismatch{fmt::format("{} at {}", expected.data()[worst], placeText(worst, expected.extents())),
                    fmt::format("{}; {} of {} values differ", got.data()[worst], wrong, expected.count())};
}

}  // namespace shapewise::conformance
