// Compiled with -ffp-contract=off: a fused multiply-add would round differently from machine to machine.
#include "core/base/random.h"

#include <cassert>
#include <cmath>

namespace shapewise {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15u;

std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// Natural logarithm of a normal number > 0 from exact operations: std::log may differ in the last bit.
/// ln(m * 2^e) = e ln 2 + 2 artanh((m - 1) / (m + 1)) with m in [1/sqrt(2), sqrt(2)).
double logarithm(double x) {
    constexpr double kLn2 = 0.69314718055994530942;
    constexpr double kSqrtHalf = 0.70710678118654752440;
    constexpr int kLastPower = 21;  // |s| <= 0.1716: the next term is below 2^-53
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);
    if (mantissa < kSqrtHalf) {
        mantissa *= 2.0;
        --exponent;
    }
    const double s = (mantissa - 1.0) / (mantissa + 1.0);
    const double square = s * s;
    double sum = 0.0;
    for (int power = kLastPower; power >= 1; power -= 2) sum = sum * square + 1.0 / power;
    return exponent * kLn2 + 2.0 * s * sum;
}

/// x of the lower tail, probability < 0.02425; the upper one is its mirror image.
double lowerTail(double probability) {
    const double q = std::sqrt(-2.0 * logarithm(probability));
    const double numerator = ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q -
                               2.549732539343734e+00) *
                                  q +
                              4.374664141464968e+00) *
                                 q +
                             2.938163982698783e+00;
    const double denominator = (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q +
                                3.754408661437416e+00) *
                                   q +
                               1.0;
    return numerator / denominator;
}

double centre(double probability) {
    const double q = probability - 0.5;
    const double r = q * q;
    const double numerator = ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
                               1.383577518672690e+02) *
                                  r -
                              3.066479806614716e+01) *
                                 r +
                             2.506628277459239e+00;
    const double denominator =
        ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
          6.680131188771972e+01) *
             r -
         1.328068155288572e+01) *
            r +
        1.0;
    return q * numerator / denominator;
}

/// In (0, 1), never at its ends: the middle of one of 2^52 steps.
double openUniform(std::uint64_t bits) { return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52; }

}  // namespace

RandomSequence::RandomSequence(std::uint64_t seed) : start_(mixed(seed + kGolden)) {}

std::uint64_t RandomSequence::bits(std::uint64_t index) const { return mixed(start_ + (index + 1) * kGolden); }

double RandomSequence::uniform(std::uint64_t index) const { return static_cast<double>(bits(index) >> 11) * 0x1p-53; }

float RandomSequence::uniformFloat(std::uint64_t index) const {
    return static_cast<float>(bits(index) >> 40) * 0x1p-24f;
}

std::uint64_t RandomSequence::below(std::uint64_t bound, std::uint64_t index) const {
    assert(bound > 0);
    // High half of the 128-bit product bits * bound (Lemire 2019), in 32-bit halves; the bias is below bound / 2^64.
    const std::uint64_t value = bits(index);
    const std::uint64_t low = value & 0xFFFFFFFFu;
    const std::uint64_t high = value >> 32;
    const std::uint64_t boundLow = bound & 0xFFFFFFFFu;
    const std::uint64_t boundHigh = bound >> 32;
    const std::uint64_t middle = high * boundLow + ((low * boundLow) >> 32);
    const std::uint64_t carried = low * boundHigh + (middle & 0xFFFFFFFFu);
    return high * boundHigh + (middle >> 32) + (carried >> 32);
}

double RandomSequence::normal(std::uint64_t index) const { return inverseNormal(openUniform(bits(index))); }

double RandomSequence::truncatedNormal(std::uint64_t index) const {
    constexpr double kBelowMinusTwo = 0.022750131948179207;  // distribution function at -2
    return inverseNormal(kBelowMinusTwo + openUniform(bits(index)) * (1.0 - 2.0 * kBelowMinusTwo));
}

void RandomSequence::fillUniform(std::span<float> values, float low, float high, std::uint64_t firstIndex) const {
    const double range = static_cast<double>(high) - static_cast<double>(low);
    for (float& value : values) value = static_cast<float>(static_cast<double>(low) + uniform(firstIndex++) * range);
}

void RandomSequence::fillNormal(std::span<float> values, float mean, float deviation, std::uint64_t firstIndex) const {
    for (float& value : values)
        value = static_cast<float>(static_cast<double>(mean) + normal(firstIndex++) * static_cast<double>(deviation));
}

void RandomSequence::fillTruncatedNormal(std::span<float> values, float mean, float deviation,
                                         std::uint64_t firstIndex) const {
    for (float& value : values)
        value = static_cast<float>(static_cast<double>(mean) +
                                   truncatedNormal(firstIndex++) * static_cast<double>(deviation));
}

double inverseNormal(double probability) {
    constexpr double kTail = 0.02425;
    assert(probability > 0.0 && probability < 1.0);
    if (probability < kTail) return lowerTail(probability);
    if (probability > 1.0 - kTail) return -lowerTail(1.0 - probability);
    return centre(probability);
}

}  // namespace shapewise
