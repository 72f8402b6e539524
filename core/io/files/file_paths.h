#pragma once
// Paths of data files: relative to the project in files, absolute in memory, so that "Save as" elsewhere keeps them
// right.

#include "core/graph/project.h"

#include <filesystem>
#include <string>
#include <vector>

namespace shapewise::io {

/// The file's name without its folders, cut when it is long: for messages.
[[nodiscard]] std::string shownName(const std::filesystem::path& path);

/// A setting may name several files, one a line.
[[nodiscard]] std::vector<std::string> pathsIn(const std::string& setting);

/// Absolute, unless the path or the folder is empty. Line by line.
[[nodiscard]] std::string absoluteFrom(const std::filesystem::path& folder, const std::string& path);
/// As seen from `folder`, with forward slashes; unchanged when the path is relative or the folder empty. Line by
/// line.
[[nodiscard]] std::string relativeTo(const std::filesystem::path& folder, const std::string& path);

/// The node with each of its FilePath settings replaced by convert(folder, setting), a list of texts by its lines. Null
/// when none differs.
[[nodiscard]] std::shared_ptr<graph::Node> withPaths(const graph::Node& node, const std::filesystem::path& folder,
                                                     std::string (*convert)(const std::filesystem::path&,
                                                                            const std::string&));

}  // namespace shapewise::io
