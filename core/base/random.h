#pragma once
// Random numbers that depend on (seed, index) only: threads may fill parts of a tensor in any order and number,
// and the values are the same to the last bit on every machine.

#include <cstdint>
#include <span>

namespace shapewise {

/// An endless sequence of numbers, read at any index. Cheap to copy; thread-safe.
/// Index i gives the output of SplitMix64 (Steele, Lea, Flood 2014) at a start derived from the seed.
class RandomSequence {
  public:
    explicit RandomSequence(std::uint64_t seed);

    /// 64 random bits.
    [[nodiscard]] std::uint64_t bits(std::uint64_t index) const;

    /// In [0, 1), in steps of 2^-53 and 2^-24.
    [[nodiscard]] double uniform(std::uint64_t index) const;
    [[nodiscard]] float uniformFloat(std::uint64_t index) const;

    /// In 0 .. bound - 1. Precondition: bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound, std::uint64_t index) const;

    /// Mean 0, standard deviation 1, by the inverse of the distribution function.
    [[nodiscard]] double normal(std::uint64_t index) const;

    /// The same, cut off at -2 and 2 (the TruncatedNormal of Keras). Its standard deviation is 0.8796.
    [[nodiscard]] double truncatedNormal(std::uint64_t index) const;

    // values[k] is made from index firstIndex + k.
    void fillUniform(std::span<float> values, float low, float high, std::uint64_t firstIndex = 0) const;
    void fillNormal(std::span<float> values, float mean, float deviation, std::uint64_t firstIndex = 0) const;
    void fillTruncatedNormal(std::span<float> values, float mean, float deviation, std::uint64_t firstIndex = 0) const;

  private:
    std::uint64_t start_;
};

/// The x with a probability of `probability` to be below it, of the normal distribution. Relative error below
/// 1.2e-9 (P. J. Acklam's rational approximation). Uses only operations that IEEE 754 defines to the last bit.
/// Precondition: 0 < probability < 1.
[[nodiscard]] double inverseNormal(double probability);

}  // namespace shapewise
