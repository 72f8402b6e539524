#pragma once
// Files that feed a graph, and the nodes that read them.

#include "core/base/result.h"
#include "core/edit/edit.h"
#include "core/exec/run.h"
#include "core/graph/project.h"
#include "core/io/formats/format.h"

#include <filesystem>
#include <functional>

namespace shapewise::io {

/// The file by the first row of the table that takes it: opened once, its head parsed once. Fails for missing, empty,
/// truncated and unknown files, and sound of zero samples, saying which.
[[nodiscard]] Result<std::unique_ptr<DataReader>> openDataFile(const std::filesystem::path& path,
                                                               FormatTable table = formats());
[[nodiscard]] Result<std::unique_ptr<DataReader>> openDataFile(std::shared_ptr<const InputFile> file,
                                                               FormatTable table = formats());
/// What a file holds. Fails as openDataFile.
[[nodiscard]] Result<DataProbe> probeDataFile(const std::filesystem::path& path);

/// A node for a file or a folder dropped on the canvas: AudioFile, ImageFile or ArrayFile, with its probed shape.
[[nodiscard]] Result<std::shared_ptr<graph::Node>> makeDataNode(const std::filesystem::path& path, NodeId id,
                                                                const graph::Graph& graph,
                                                                FormatTable table = formats());
[[nodiscard]] Result<std::shared_ptr<graph::Node>> makeDataNode(std::shared_ptr<const InputFile> file, NodeId id,
                                                                const graph::Graph& graph,
                                                                FormatTable table = formats());

/// Steps that bring the remembered shapes of data nodes in line with their files; a missing file keeps its last known
/// shape. Empty when nothing differs. `folder`: what relative paths start from.
[[nodiscard]] std::vector<edit::Step> refreshDataNodes(const graph::Graph& graph, const std::filesystem::path& folder,
                                                       const std::vector<NodeId>& only = {},
                                                       FormatTable table = formats());

/// The loader exec::run calls for data nodes. The table must outlive it.
[[nodiscard]] exec::DataLoader dataLoader(std::filesystem::path folder, FormatTable table = formats());
/// RunRequest::dataStamp: changes with path, size and time of change of a node's file; 0 when the file is not there.
[[nodiscard]] std::function<std::uint64_t(const graph::Node&)> dataStamp(std::filesystem::path folder);

/// .npy, format versions 1 to 3; float, integer and bool types of any byte order, C and Fortran order -> float32.
[[nodiscard]] Result<tensor::Tensor> readNpy(const std::filesystem::path& path);
/// Little-endian float32, C order, version 1.0.
[[nodiscard]] Result<void> writeNpy(const tensor::Tensor& values, const std::filesystem::path& path);

}  // namespace shapewise::io
