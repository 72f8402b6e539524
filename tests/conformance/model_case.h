#pragma once
// Whole networks: a folder with model.json, weights.bin and io.json.

#include "tests/conformance/outcome.h"

#include <filesystem>

namespace shapewise::conformance {

/// Opens model.json with its weights, compares shape and parameter count of every layer, runs the recorded inputs
/// and compares the outputs and the recorded intermediate values.
[[nodiscard]] Outcome checkModel(const std::filesystem::path& folder);

}  // namespace shapewise::conformance
