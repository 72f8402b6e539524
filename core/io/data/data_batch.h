#pragma once
// Several recordings, pictures or arrays as one batch: one sample a file.

#include "core/io/data/data_reader.h"
#include "core/io/formats/format.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shapewise::io {

/// What a node's path names: one file, several (one a line), or the files of a folder in the order of their names
/// (those that begin with a dot and folders in it are left out).
struct DataPlaces {
    std::vector<std::filesystem::path> files;
    bool isBatch = false;  ///< a list or a folder, be it of one file
};
/// Fails for an empty folder, one that is another program's model, and more than 10,000 files.
[[nodiscard]] Result<DataPlaces> dataPlaces(const std::string& path, const std::filesystem::path& folder);

/// One reader for all files. Files that cannot be read, or hold another kind of data than the first (or `wanted`), are
/// left out and named in the notes. Sound: the rate of the first, the most channels there are, extents of the longest;
/// pictures: the size of the first; arrays: those of the shape of the first, stacked. Fails when no file is left.
[[nodiscard]] Result<std::unique_ptr<DataReader>> openDataBatch(const std::vector<std::filesystem::path>& files,
                                                                std::optional<DataKind> wanted, FormatTable table);

}  // namespace shapewise::io
