#include "core/kernels/activation_pieces.h"

#include <array>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/activation_pieces.cpp"
#include "core/kernels/simd_targets.h"
#include <hwy/foreach_target.h>  // before all other headers of Highway: it includes this file once for each target

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace shapewise::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using V = hn::Vec<Tag>;

HWY_INLINE V constant(float value) { return hn::Set(Tag(), value); }

/// e^x. Highway's wants arguments below 2^7; e^128 is infinite already.
HWY_INLINE V exponential(V x) {
    const V most = constant(128.0F);
    return hn::Exp(Tag(), hn::IfThenElse(hn::Gt(x, most), most, x));
}

HWY_INLINE V sigmoid(V x) { return hn::Div(constant(1.0F), hn::Add(constant(1.0F), exponential(hn::Neg(x)))); }

HWY_INLINE V softplus(V x) {
    const V tail = hn::Log1p(Tag(), exponential(hn::Neg(hn::Abs(x))));
    return hn::Add(hn::Max(x, hn::Zero(Tag())), tail);
}

/// tanh; beyond 9 it is 1 in float32.
HWY_INLINE V hyperbolicTangent(V x) {
    const V limit = constant(9.5F);
    return hn::Tanh(Tag(), hn::Min(hn::Max(x, hn::Neg(limit)), limit));
}

/// e^x - 1 for x <= 0.
HWY_INLINE V exponentialMinusOne(V x) { return hn::Expm1(Tag(), hn::Max(x, constant(-100.0F))); }

HWY_INLINE V clamp(V x, float low, float high) { return hn::Min(hn::Max(x, constant(low)), constant(high)); }

/// The error function as a quotient of polynomials on [-4, 4], outside of which it is 1 in float32 (coefficients:
/// Eigen, XLA).
HWY_INLINE V errorFunction(V argument) {
    const V x = clamp(argument, -4.0F, 4.0F);
    const V square = hn::Mul(x, x);
    V numerator = constant(-2.72614225801306e-10F);
    for (const float coefficient : {2.77068142495902e-08F, -2.10102402082508e-06F, -5.69250639462346e-05F,
                                    -7.34990630326855e-04F, -2.95459980854025e-03F, -1.60960333262415e-02F}) {
        numerator = hn::MulAdd(numerator, square, constant(coefficient));
    }
    V denominator = constant(-1.45660718464996e-05F);
    for (const float coefficient :
         {-2.13374055278905e-04F, -1.68282697438203e-03F, -7.37332916720468e-03F, -1.42647390514189e-02F}) {
        denominator = hn::MulAdd(denominator, square, constant(coefficient));
    }
    return hn::Div(hn::Mul(x, numerator), denominator);
}

HWY_INLINE V hardSigmoid(V x) { return hn::Mul(clamp(hn::Add(x, constant(3.0F)), 0.0F, 6.0F), constant(1.0F / 6.0F)); }

template <ActivationKind kKind>
HWY_INLINE V value(const Activation& a, V x) {
    const V zero = hn::Zero(Tag());
    const V one = constant(1.0F);
    using K = ActivationKind;
    if constexpr (kKind == K::Linear) {
        return x;
    } else if constexpr (kKind == K::Relu) {
        // Without a slope nothing is multiplied: 0 times minus infinity would be NaN.
        const V below = a.slope == 0.0F ? zero : hn::Mul(constant(a.slope), hn::Sub(x, constant(a.threshold)));
        return hn::Min(hn::IfThenElse(hn::Gt(x, constant(a.threshold)), x, below), constant(a.maximum));
    } else if constexpr (kKind == K::Relu6) {
        return clamp(x, 0.0F, 6.0F);
    } else if constexpr (kKind == K::LeakyRelu) {
        return hn::IfThenElse(hn::Ge(x, zero), x, hn::Mul(constant(a.slope), x));
    } else if constexpr (kKind == K::Elu) {
        return hn::IfThenElse(hn::Gt(x, zero), x, hn::Mul(constant(a.alpha), exponentialMinusOne(hn::Min(x, zero))));
    } else if constexpr (kKind == K::Selu) {
        constexpr float kAlpha = 1.6732632423543772848170429916717F;
        constexpr float kScale = 1.0507009873554804934193349852946F;
        const V negative = hn::Mul(constant(kAlpha), exponentialMinusOne(hn::Min(x, zero)));
        return hn::Mul(constant(kScale), hn::IfThenElse(hn::Gt(x, zero), x, negative));
    } else if constexpr (kKind == K::Celu) {
        const V negative =
            hn::Mul(constant(a.alpha), exponentialMinusOne(hn::Min(hn::Div(x, constant(a.alpha)), zero)));
        return hn::Add(hn::Max(x, zero), negative);
    } else if constexpr (kKind == K::Gelu) {
        constexpr float kInverseRoot2 = 0.70710678118654752440F;
        return hn::Mul(hn::Mul(constant(0.5F), x), hn::Add(one, errorFunction(hn::Mul(x, constant(kInverseRoot2)))));
    } else if constexpr (kKind == K::GeluTanh) {
        constexpr float kRoot2OverPi = 0.79788456080286535588F;
        const V cubic = hn::MulAdd(hn::Mul(constant(0.044715F), x), hn::Mul(x, x), x);
        return hn::Mul(hn::Mul(constant(0.5F), x),
                       hn::Add(one, hyperbolicTangent(hn::Mul(constant(kRoot2OverPi), cubic))));
    } else if constexpr (kKind == K::Silu) {
        return hn::Mul(x, sigmoid(x));
    } else if constexpr (kKind == K::Mish) {
        return hn::Mul(x, hyperbolicTangent(softplus(x)));
    } else if constexpr (kKind == K::Sigmoid) {
        return sigmoid(x);
    } else if constexpr (kKind == K::HardSigmoid) {
        return hardSigmoid(x);
    } else if constexpr (kKind == K::HardSigmoidKeras2) {
        return clamp(hn::MulAdd(constant(0.2F), x, constant(0.5F)), 0.0F, 1.0F);
    } else if constexpr (kKind == K::HardSilu) {
        return hn::Mul(x, hardSigmoid(x));
    } else if constexpr (kKind == K::LogSigmoid) {
        return hn::Neg(softplus(hn::Neg(x)));
    } else if constexpr (kKind == K::Softplus) {
        return softplus(x);
    } else if constexpr (kKind == K::Softsign) {
        return hn::Div(x, hn::Add(one, hn::Abs(x)));
    } else if constexpr (kKind == K::Tanh) {
        return hyperbolicTangent(x);
    } else if constexpr (kKind == K::TanhShrink) {
        return hn::Sub(x, hyperbolicTangent(x));
    } else if constexpr (kKind == K::HardTanh) {
        return clamp(x, -1.0F, 1.0F);
    } else if constexpr (kKind == K::HardShrink) {
        return hn::IfThenElseZero(hn::Gt(hn::Abs(x), constant(a.threshold)), x);
    } else if constexpr (kKind == K::SoftShrink) {
        const V t = constant(a.threshold);
        return hn::IfThenElse(hn::Gt(x, t), hn::Sub(x, t), hn::IfThenElseZero(hn::Lt(x, hn::Neg(t)), hn::Add(x, t)));
    } else if constexpr (kKind == K::Squareplus) {
        return hn::Mul(constant(0.5F), hn::Add(x, hn::Sqrt(hn::MulAdd(x, x, constant(a.alpha)))));
    } else if constexpr (kKind == K::SparsePlus) {
        const V shifted = hn::Add(x, one);
        const V middle = hn::Mul(constant(0.25F), hn::Mul(shifted, shifted));
        return hn::IfThenElse(hn::Ge(x, one), x, hn::IfThenElseZero(hn::Gt(x, hn::Neg(one)), middle));
    } else if constexpr (kKind == K::SparseSigmoid) {
        return clamp(hn::MulAdd(constant(0.5F), x, constant(0.5F)), 0.0F, 1.0F);
    } else if constexpr (kKind == K::Exponential) {
        return exponential(x);
    } else {
        static_assert(kKind == K::Threshold);
        return hn::IfThenElse(hn::Gt(x, constant(a.threshold)), x, constant(a.alpha));
    }
}

/// NaN stays NaN whatever the formula makes of it.
template <ActivationKind kKind>
HWY_INLINE V guarded(const Activation& a, V x) {
    return hn::IfThenElse(hn::IsNaN(x), x, value<kKind>(a, x));
}

template <ActivationKind kKind>
void piece(const Activation& activation, const float* x, std::int64_t count, float* y) {
    const Tag d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t index = 0;
    for (; index + lanes <= count; index += lanes)
        hn::StoreU(guarded<kKind>(activation, hn::LoadU(d, x + index)), d, y + index);
    if (index == count) return;
    alignas(64) std::array<float, 16> rest{};
    const auto bytes = static_cast<std::size_t>(count - index) * sizeof(float);
    std::memcpy(rest.data(), x + index, bytes);
    hn::StoreU(guarded<kKind>(activation, hn::LoadU(d, rest.data())), d, rest.data());
    std::memcpy(y + index, rest.data(), bytes);
}

float largest(const float* x, std::int64_t count) {
    const Tag d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    float most = x[0];
    std::int64_t index = 0;
    if (count >= lanes) {
        V mosts = hn::LoadU(d, x);
        for (index = lanes; index + lanes <= count; index += lanes) mosts = hn::Max(mosts, hn::LoadU(d, x + index));
        most = hn::GetLane(hn::MaxOfLanes(d, mosts));
    }
    for (; index < count; ++index) most = x[index] > most ? x[index] : most;
    return most;
}

/// y = e^(x - most); the sum of y.
template <bool kStores>
float exponentials(const float* x, std::int64_t count, float most, float* y) {
    const Tag d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const V shift = constant(most);
    V sums = hn::Zero(d);
    std::int64_t index = 0;
    for (; index + lanes <= count; index += lanes) {
        const V shifted = hn::Sub(hn::LoadU(d, x + index), shift);
        const V power = hn::IfThenElse(hn::IsNaN(shifted), shifted, exponential(shifted));
        if constexpr (kStores) hn::StoreU(power, d, y + index);
        sums = hn::Add(sums, power);
    }
    float sum = hn::GetLane(hn::SumOfLanes(d, sums));
    if (index == count) return sum;
    alignas(64) std::array<float, 16> rest{};
    std::memcpy(rest.data(), x + index, static_cast<std::size_t>(count - index) * sizeof(float));
    const V shifted = hn::Sub(hn::LoadU(d, rest.data()), shift);
    hn::StoreU(hn::IfThenElse(hn::IsNaN(shifted), shifted, exponential(shifted)), d, rest.data());
    for (std::int64_t place = 0; index + place < count; ++place) {
        if constexpr (kStores) y[index + place] = rest[static_cast<std::size_t>(place)];
        sum += rest[static_cast<std::size_t>(place)];
    }
    return sum;
}

void softmaxRow(const float* x, std::int64_t count, float* y) {
    const float sum = exponentials<true>(x, count, largest(x, count), y);
    for (std::int64_t index = 0; index < count; ++index) y[index] /= sum;
}

void logSoftmaxRow(const float* x, std::int64_t count, float* y) {
    const float most = largest(x, count);
    const float sum = exponentials<false>(x, count, most, nullptr);
    const float shift = hn::GetLane(hn::Log(Tag(), constant(sum)));
    const float guardedShift = sum != sum ? sum : shift;
    for (std::int64_t index = 0; index < count; ++index) y[index] = (x[index] - most) - guardedShift;
}

void parametricReluPiece(const float* x, const float* alpha, std::int64_t count, float* y) {
    for (std::int64_t index = 0; index < count; ++index)
        y[index] = x[index] > 0.0F ? x[index] : alpha[index] * x[index];
}

template <std::size_t... kIndex>
constexpr std::array<PieceFunction, sizeof...(kIndex)> pieces(std::index_sequence<kIndex...>) {
    return {&piece<static_cast<ActivationKind>(kIndex)>...};
}

const ActivationSet* activationsOfTarget() {
    static constexpr auto kPieces =
        pieces(std::make_index_sequence<static_cast<std::size_t>(ActivationKind::Softmax)>());
    static const ActivationSet kSet{kPieces.data(), &softmaxRow, &logSoftmaxRow, &parametricReluPiece};
    return &kSet;
}

}  // namespace shapewise::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shapewise::kernels {

HWY_EXPORT(activationsOfTarget);

const ActivationSet& activationSet() {
    static const ActivationSet* const kSet = HWY_DYNAMIC_DISPATCH(activationsOfTarget)();
    return *kSet;
}

}  // namespace shapewise::kernels
#endif
