#pragma once
// Activation functions of Keras 3 by name, elementwise or along an axis. NaN stays NaN.
// Formulas: keras.activations and keras.ops.nn of Keras 3.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace shapewise::kernels {

enum class ActivationKind {
    Linear,
    Relu,
    Relu6,
    LeakyRelu,
    Elu,
    Selu,
    Celu,
    Gelu,
    GeluTanh,
    Silu,
    Mish,
    Sigmoid,
    HardSigmoid,
    HardSigmoidKeras2,
    HardSilu,
    LogSigmoid,
    Softplus,
    Softsign,
    Tanh,
    TanhShrink,
    HardTanh,
    HardShrink,
    SoftShrink,
    Squareplus,
    SparsePlus,
    SparseSigmoid,
    Exponential,
    Threshold,
    Softmax,
    LogSoftmax,
    Sparsemax,
    Glu
};

/// A function with its numbers. What they mean, by kind; the defaults are those of the function of that name:
/// Relu: maximum, slope (of the negative part), threshold · LeakyRelu: slope · Elu, Celu: alpha · Squareplus: alpha is
/// b HardShrink, SoftShrink: threshold · Threshold: threshold, alpha is the value below it. Others have none.
struct Activation {
    ActivationKind kind = ActivationKind::Linear;
    float alpha = 1.0F;
    float slope = 0.0F;
    float threshold = 0.0F;
    float maximum = std::numeric_limits<float>::infinity();

    /// The function of that kind with Keras' default numbers.
    [[nodiscard]] static Activation of(ActivationKind kind);
    /// layers.ReLU: maximum for x >= maximum, x for threshold < x, slope*(x - threshold) from there down.
    [[nodiscard]] static Activation relu(float maximum, float slope, float threshold);
    [[nodiscard]] static Activation leakyRelu(float slope);
    [[nodiscard]] static Activation elu(float alpha);

    [[nodiscard]] bool isLinear() const { return kind == ActivationKind::Linear; }
    /// False for softmax, log_softmax, sparsemax and glu, which look at a whole axis.
    [[nodiscard]] bool isElementwise() const { return kind < ActivationKind::Softmax; }
};

struct ActivationName {
    std::string_view name;  ///< Keras' name: "relu", "hard_sigmoid"
    ActivationKind kind;
    std::string_view formula;  ///< one line for help: "max(x, 0)"
    bool isAlias = false;      ///< "swish" for "silu", "hard_swish" for "hard_silu"
};

/// All names, aliases included, sorted by name. Keras 3 has none for hard_sigmoid_keras2 and gelu_tanh.
[[nodiscard]] std::span<const ActivationName> activationNames();
/// By name, with default numbers. nullopt when there is no such name.
[[nodiscard]] std::optional<Activation> activationFromName(std::string_view name);
/// Keras' name of the kind, never an alias.
[[nodiscard]] std::string_view activationName(ActivationKind kind);

/// y[i] = f(x[i]), i < count; y may be x. Precondition: activation.isElementwise().
void activate(const Activation& activation, const float* x, std::int64_t count, float* y,
              const Parallel& parallel = {});
/// Any activation; those of an axis work along the middle one of [outer, size, inner]. y may be x except for Glu, whose
/// y is [outer, size / 2, inner]: first half times sigmoid of the second half. Precondition for Glu: an even size.
void activateAlong(const Activation& activation, const float* x, const AxisSplit& axis, float* y,
                   const Parallel& parallel = {});

/// x: [outer, size, inner], alpha: [size * inner] -> y of x's shape: x for x > 0, alpha * x below. Shared axes: expand
/// alpha first.
void parametricRelu(const float* x, std::int64_t outer, std::int64_t inner, const float* alpha, float* y,
                    const Parallel& parallel = {});

/// One value, for read-outs, curves in help and tests; same numbers as activate() up to rounding.
[[nodiscard]] float activationValue(const Activation& activation, float x);

}  // namespace shapewise::kernels
