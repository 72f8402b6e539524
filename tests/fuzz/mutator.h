#pragma once
// Broken files out of good ones. The same seed and number give the same bytes.

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::fuzz {

using Random = std::mt19937_64;

/// One to a few changes of `original`: bits, bytes, runs cut, doubled, moved or taken from `other`; in JSON also
/// numbers at the ends of what fits, other kinds of values, and members that go or come twice.
[[nodiscard]] std::string mutated(std::string_view original, std::string_view other, Random& random);

}  // namespace shapewise::fuzz
