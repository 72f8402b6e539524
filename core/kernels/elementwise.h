#pragma once
// Arithmetic of two or more tensors with broadcasting, and sums of numbers with a scale.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <optional>
#include <span>

namespace shapewise::kernels {

enum class MergeKind { Add, Subtract, Multiply, Average, Maximum, Minimum };

/// Sizes aligned from the right, each pair equal or one of them 1. nullopt when they do not fit.
[[nodiscard]] std::optional<Extents> broadcastExtents(const Extents& a, const Extents& b);
/// Merge layers of Keras: inputs of fewer axes get axes of size 1 after the batch first. nullopt when they do not fit.
[[nodiscard]] std::optional<Extents> mergedExtents(std::span<const TensorView> inputs);

/// y: mergedExtents(inputs). NaN wins in Maximum and Minimum. Preconditions: at least one input; Subtract: exactly two.
void merge(MergeKind kind, std::span<const TensorView> inputs, float* y, const Parallel& parallel = {});

/// y = a op b under numpy broadcasting (Average: (a+b)/2). y: broadcastExtents(a, b).
void broadcastBinary(MergeKind kind, const TensorView& a, const TensorView& b, float* y, const Parallel& parallel = {});

/// y[i] = x[i] * scale + offset.
void scaleAndOffset(const float* x, std::int64_t count, float scale, float offset, float* y,
                    const Parallel& parallel = {});

/// Masking: steps all of whose values equal maskValue become 0. x, y: [steps, features]; mask: [steps] of 1 and 0, or
/// null.
void maskSteps(const float* x, std::int64_t steps, std::int64_t features, float maskValue, float* y, float* mask);

}  // namespace shapewise::kernels
