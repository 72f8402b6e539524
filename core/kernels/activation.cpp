#include "core/kernels/activation.h"

#include "core/kernels/activation_pieces.h"
#include "core/kernels/gemm_driver.h"
#include "core/kernels/scratch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

namespace shapewise::kernels {
namespace {

using K = ActivationKind;

constexpr std::array kNames{
    ActivationName{"celu", K::Celu, "max(x, 0) + min(α·(eˣᐟᵅ − 1), 0), α = 1"},
    ActivationName{"elu", K::Elu, "x where x > 0, else α·(eˣ − 1), α = 1"},
    ActivationName{"exponential", K::Exponential, "eˣ"},
    ActivationName{"gelu", K::Gelu, "x·Φ(x), Φ the normal distribution"},
    ActivationName{"gelu_tanh", K::GeluTanh, "x·(1 + tanh(√(2/π)·(x + 0.044715x³)))/2"},
    ActivationName{"glu", K::Glu, "first half · σ(second half) of the last axis, which is halved"},
    ActivationName{"hard_shrink", K::HardShrink, "x where |x| > 0.5, else 0"},
    ActivationName{"hard_sigmoid", K::HardSigmoid, "min(max(x + 3, 0), 6) / 6"},
    ActivationName{"hard_sigmoid_keras2", K::HardSigmoidKeras2,
                   "0.2x + 0.5, clipped to 0 to 1: Keras 1, 2, TensorFlow.js"},
    ActivationName{"hard_silu", K::HardSilu, "x·min(max(x + 3, 0), 6) / 6"},
    ActivationName{"hard_swish", K::HardSilu, "x·min(max(x + 3, 0), 6) / 6", true},
    ActivationName{"hard_tanh", K::HardTanh, "min(max(x, −1), 1)"},
    ActivationName{"leaky_relu", K::LeakyRelu, "x where x ≥ 0, else 0.2·x"},
    ActivationName{"linear", K::Linear, "x"},
    ActivationName{"log_sigmoid", K::LogSigmoid, "ln σ(x)"},
    ActivationName{"log_softmax", K::LogSoftmax, "x − ln Σeˣ over the last axis"},
    ActivationName{"mish", K::Mish, "x·tanh(ln(1 + eˣ))"},
    ActivationName{"relu", K::Relu, "max(x, 0)"},
    ActivationName{"relu6", K::Relu6, "min(max(x, 0), 6)"},
    ActivationName{"selu", K::Selu, "1.0507·x where x > 0, else 1.7581·(eˣ − 1)"},
    ActivationName{"sigmoid", K::Sigmoid, "σ(x) = 1 / (1 + e⁻ˣ)"},
    ActivationName{"silu", K::Silu, "x·σ(x)"},
    ActivationName{"soft_shrink", K::SoftShrink, "x − 0.5 where x > 0.5, x + 0.5 where x < −0.5, else 0"},
    ActivationName{"softmax", K::Softmax, "eˣ / Σeˣ over the last axis"},
    ActivationName{"softplus", K::Softplus, "ln(1 + eˣ)"},
    ActivationName{"softsign", K::Softsign, "x / (1 + |x|)"},
    ActivationName{"sparse_plus", K::SparsePlus, "0 where x ≤ −1, x where x ≥ 1, else (x + 1)² / 4"},
    ActivationName{"sparse_sigmoid", K::SparseSigmoid, "min(max((x + 1) / 2, 0), 1)"},
    ActivationName{"sparsemax", K::Sparsemax, "the nearest point of the simplex to x, over the last axis"},
    ActivationName{"squareplus", K::Squareplus, "(x + √(x² + 4)) / 2"},
    ActivationName{"swish", K::Silu, "x·σ(x)", true},
    ActivationName{"tanh", K::Tanh, "tanh x"},
    ActivationName{"tanh_shrink", K::TanhShrink, "x − tanh x"},
    ActivationName{"threshold", K::Threshold, "x where x > threshold, else a fixed value"},
};

/// Martins and Astudillo, "From softmax to sparsemax" (2016).
void sparsemaxRow(const float* x, std::int64_t count, float* y, float* sorted) {
    std::copy(x, x + count, sorted);
    const bool hasNan = std::any_of(x, x + count, [](float v) { return std::isnan(v); });
    if (hasNan) {
        std::fill(y, y + count, std::numeric_limits<float>::quiet_NaN());
        return;
    }
    std::sort(sorted, sorted + count, std::greater<>());
    double sum = 0.0;
    double threshold = 0.0;
    for (std::int64_t index = 0; index < count; ++index) {
        sum += static_cast<double>(sorted[index]);
        const auto members = static_cast<double>(index + 1);
        if (1.0 + members * static_cast<double>(sorted[index]) > sum) threshold = (sum - 1.0) / members;
    }
    for (std::int64_t index = 0; index < count; ++index)
        y[index] = std::max(x[index] - static_cast<float>(threshold), 0.0F);
}

/// One line along the axis, contiguous; room: `count` floats.
void activateLine(const Activation& activation, const float* x, std::int64_t count, float* y, float* room) {
    switch (activation.kind) {
        case K::Softmax: activationSet().softmax(x, count, y); return;
        case K::LogSoftmax: activationSet().logSoftmax(x, count, y); return;
        case K::Sparsemax: sparsemaxRow(x, count, y, room); return;
        case K::Glu: {
            const std::int64_t half = count / 2;
            activatePiece(Activation::of(K::Sigmoid), x + half, half, room);
            for (std::int64_t index = 0; index < half; ++index) y[index] = x[index] * room[index];
            return;
        }
        default: activatePiece(activation, x, count, y); return;
    }
}

}  // namespace

Activation Activation::of(ActivationKind kind) {
    Activation activation;
    activation.kind = kind;
    switch (kind) {
        case K::LeakyRelu: activation.slope = 0.2F; break;
        case K::Squareplus: activation.alpha = 4.0F; break;
        case K::HardShrink:
        case K::SoftShrink: activation.threshold = 0.5F; break;
        case K::Threshold: activation.alpha = 0.0F; break;
        default: break;
    }
    return activation;
}

Activation Activation::relu(float maximum, float slope, float threshold) {
    Activation activation;
    activation.kind = K::Relu;
    activation.maximum = maximum;
    activation.slope = slope;
    activation.threshold = threshold;
    return activation;
}

Activation Activation::leakyRelu(float slope) {
    Activation activation;
    activation.kind = K::LeakyRelu;
    activation.slope = slope;
    return activation;
}

Activation Activation::elu(float alpha) {
    Activation activation;
    activation.kind = K::Elu;
    activation.alpha = alpha;
    return activation;
}

std::span<const ActivationName> activationNames() { return kNames; }

std::optional<Activation> activationFromName(std::string_view name) {
    const auto* found =
        std::find_if(kNames.begin(), kNames.end(), [&](const ActivationName& entry) { return entry.name == name; });
    if (found == kNames.end()) return std::nullopt;
    return Activation::of(found->kind);
}

std::string_view activationName(ActivationKind kind) {
    const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                     [&](const ActivationName& entry) { return entry.kind == kind && !entry.isAlias; });
    return found->name;
}

void activatePiece(const Activation& activation, const float* x, std::int64_t count, float* y) {
    activationSet().elementwise[static_cast<std::size_t>(activation.kind)](activation, x, count, y);
}

void activate(const Activation& activation, const float* x, std::int64_t count, float* y, const Parallel& parallel) {
    constexpr std::int64_t kPiece = 16 * 1024;
    parallelFor(parallel, count, kPiece, [&](std::int64_t first, std::int64_t last) {
        activatePiece(activation, x + first, last - first, y + first);
    });
}

void activateAlong(const Activation& activation, const float* x, const AxisSplit& axis, float* y,
                   const Parallel& parallel) {
    if (activation.isElementwise()) {
        activate(activation, x, axis.count(), y, parallel);
        return;
    }
    if (axis.size == 0) return;
    const std::int64_t resultSize = activation.kind == K::Glu ? axis.size / 2 : axis.size;
    parallelFor(parallel, axis.outer * axis.inner, grainFor(8 * axis.size), [&](std::int64_t first, std::int64_t last) {
        ScratchFrame frame;
        float* room = frame.floats(axis.size);
        float* line = frame.floats(axis.size);
        for (std::int64_t index = first; index < last; ++index) {
            const std::int64_t outer = index / axis.inner;
            const std::int64_t inner = index % axis.inner;
            const float* from = x + outer * axis.size * axis.inner + inner;
            float* to = y + outer * resultSize * axis.inner + inner;
            if (axis.inner == 1) {
                activateLine(activation, from, axis.size, to, room);
                continue;
            }
            for (std::int64_t place = 0; place < axis.size; ++place) line[place] = from[place * axis.inner];
            activateLine(activation, line, axis.size, line, room);
            for (std::int64_t place = 0; place < resultSize; ++place) to[place * axis.inner] = line[place];
        }
    });
}

void parametricRelu(const float* x, std::int64_t outer, std::int64_t inner, const float* alpha, float* y,
                    const Parallel& parallel) {
    parallelFor(parallel, outer, grainFor(inner), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) {
            activationSet().parametricRelu(x + index * inner, alpha, inner, y + index * inner);
        }
    });
}

float activationValue(const Activation& activation, float x) {
    float y = x;
    if (activation.isElementwise()) activatePiece(activation, &x, 1, &y);
    return y;
}

}  // namespace shapewise::kernels
