#pragma once
// Opening and writing models by the table of formats.

#include "core/io/formats/format.h"

namespace shapewise::io {

/// As io::openProject of a path, for a file that is open already, or by another table.
[[nodiscard]] Result<Opened> openProject(std::shared_ptr<const InputFile> file, FormatTable table = formats(),
                                         std::optional<layers::Dialect> readAs = std::nullopt);

/// Writes the format that the name ends in, else the first that keeps all of a project.
[[nodiscard]] Result<void> writeModel(const graph::Project& project, const std::filesystem::path& path,
                                      FormatTable table = formats());
/// Writes the format that the name ends in. Fails when there is none.
[[nodiscard]] Result<void> writeData(const tensor::Tensor& values, const std::filesystem::path& path,
                                     FormatTable table = formats());

}  // namespace shapewise::io
