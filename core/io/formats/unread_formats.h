#pragma once
// The rows of formats that are known and not read.

#include "core/io/formats/format.h"

#include <filesystem>
#include <string>
#include <vector>

namespace shapewise::io {

[[nodiscard]] std::vector<Format> unreadFormats();

/// What a folder is that other programs keep a model in: "a TensorFlow SavedModel"; empty for other folders.
[[nodiscard]] std::string unreadFolder(const std::filesystem::path& folder);

}  // namespace shapewise::io
