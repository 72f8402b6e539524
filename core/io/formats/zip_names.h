#pragma once
// What lies in a zip archive, without unpacking anything.

#include "core/io/files/input_file.h"

#include <string>
#include <vector>

namespace shapewise::io {

/// Names of the members, at most 4,096 of them: of the directory at the end, or where there is none (a file cut short),
/// of the first member alone.
[[nodiscard]] std::vector<std::string> zipNames(const InputFile& file);

}  // namespace shapewise::io
