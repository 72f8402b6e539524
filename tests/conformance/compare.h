#pragma once
// Comparing what came out with what was recorded.

#include "core/tensor/tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace shapewise::conformance {

/// Holds between the reference implementations: |got - expected| <= tolerance * (1 + |expected|).
inline constexpr double kTolerance = 2e-4;
/// Of logarithms and decibels.
inline constexpr double kLogarithmTolerance = 1e-3;

struct Mismatch {
    std::string expected;
    std::string got;
};

/// Same sizes, None exactly where None (or a name) is expected.
[[nodiscard]] bool sameShape(const tensor::Shape& expected, const tensor::Shape& got);
[[nodiscard]] std::string shapesText(const std::vector<tensor::Shape>& shapes);

/// The worst of the values that differ by more than the tolerance, with how many there are. NaN equals NaN,
/// and infinities equal those of their sign.
[[nodiscard]] std::optional<Mismatch> compareValues(const tensor::Tensor& expected, const tensor::Tensor& got,
                                                    double tolerance);

}  // namespace shapewise::conformance
