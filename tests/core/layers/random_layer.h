#pragma once
// Random settings for any layer of the catalogue, for property tests. The seed is printed by the tests.

#include "core/layers/framework/catalog.h"

#include <random>

namespace shapewise::layers {

using Random = std::mt19937;

[[nodiscard]] std::int64_t randomBetween(Random& random, std::int64_t lowest, std::int64_t highest);

/// A value that may well be right for the parameter: small sizes, known names, within its bounds.
[[nodiscard]] Value plausibleValue(Random& random, const ParamSpec& spec, int rank);
/// Any value at all: wrong kinds, huge numbers, empty lists.
[[nodiscard]] Value wildValue(Random& random);

/// Settings for the required and some of the other parameters. `rank`: of the input they are meant for.
void randomize(Random& random, graph::Node& node, int rank);

}  // namespace shapewise::layers
