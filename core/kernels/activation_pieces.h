#pragma once
// Vectorised inner loops of the activation functions, chosen for the processor at run time.

#include "core/kernels/activation.h"

namespace shapewise::kernels {

using PieceFunction = void (*)(const Activation& activation, const float* x, std::int64_t count, float* y);
using RowFunction = void (*)(const float* x, std::int64_t count, float* y);

struct ActivationSet {
    const PieceFunction* elementwise;  ///< by ActivationKind, up to but without Softmax
    RowFunction softmax;
    RowFunction logSoftmax;
    /// y = x > 0 ? x : alpha[i] * x.
    void (*parametricRelu)(const float* x, const float* alpha, std::int64_t count, float* y);
};

[[nodiscard]] const ActivationSet& activationSet();

}  // namespace shapewise::kernels
