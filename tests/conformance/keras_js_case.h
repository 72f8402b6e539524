#pragma once
// The layer vectors of keras-js: real Keras 2 results, listed in cases.json with the attributes of each layer.

#include "tests/conformance/outcome.h"

#include <filesystem>
#include <functional>

namespace shapewise::conformance {

/// Runs all cases of a cases.json whose attributes are given, merge cases excepted. `wanted(id, layer)` chooses.
void checkKerasJs(const std::filesystem::path& casesFile, Report& report,
                  const std::function<bool(std::string_view id, std::string_view layer)>& wanted);

}  // namespace shapewise::conformance
