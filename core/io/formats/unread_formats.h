#pragma once
// The rows of formats that are known and not read.

#include "core/io/formats/format.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace shapewise::io {

[[nodiscard]] std::vector<Format> unreadFormats();

/// A folder that other programs keep a model or an array in.
struct UnreadFolder {
    std::string_view what;  ///< "a TensorFlow SavedModel"
    std::string_view advice;
};
/// nullopt for other folders.
[[nodiscard]] std::optional<UnreadFolder> unreadFolder(const std::filesystem::path& folder);

}  // namespace shapewise::io
