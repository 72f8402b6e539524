#pragma once
// Opening and saving: the format is recognised by content, never by name.

#include "core/base/result.h"
#include "core/graph/project.h"
#include "core/io/files/input_file.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::layers {
enum class Dialect : std::uint8_t;
}

namespace shapewise::infer {
class Analysis;
}

namespace shapewise::layers {
enum class Dialect : std::uint8_t;
}

namespace shapewise::io {

struct Format;

/// A project as read, with what could not be taken over word for word.
struct Opened {
    graph::Project project;
    std::vector<std::string> notes;  ///< "layer 'lrn1': class LRN is not known, kept as Custom"
    const Format* format = nullptr;  ///< the row that read it
    /// Of the project's graph, where it was inferred on the way; io::openProject always gives it.
    std::shared_ptr<const infer::Analysis> analysis;
};

/// Reads what the table of formats reads as a model. A model with errors opens; any other file fails with where and
/// why. Probes the files of data nodes. (formats/open.h opens what is open already, and by another table.)
/// `readAs`: the dialect a Keras file is read in, in place of the one it seems to be in; other files are refused then.
[[nodiscard]] Result<Opened> openProject(const std::filesystem::path& path,
                                         std::optional<layers::Dialect> readAs = std::nullopt);
[[nodiscard]] Result<Opened> readProject(std::string_view text, const std::filesystem::path& folder = {});

/// Written to a temporary file beside it and renamed: a crash leaves the old file.
[[nodiscard]] Result<void> saveProject(const graph::Project& project, const std::filesystem::path& path);
/// What model.to_json() writes for it, in that dialect; null: as it was read, Keras 3 where it was not. Fails when the
/// project has errors, naming the first, and where the dialect has no word for something.
[[nodiscard]] Result<void> exportKerasJson(const graph::Project& project, const std::filesystem::path& path,
                                           std::optional<layers::Dialect> dialect = std::nullopt);

/// The texts of both formats. Stable: the same project gives the same bytes.
[[nodiscard]] std::string projectJson(const graph::Project& project, const std::filesystem::path& folder = {});
[[nodiscard]] Result<std::string> kerasJson(const graph::Project& project,
                                            std::optional<layers::Dialect> dialect = std::nullopt);
/// Python that builds the model with Keras; only the given nodes when `only` is not empty.
[[nodiscard]] Result<std::string> kerasCode(const graph::Project& project, const std::vector<NodeId>& only = {});

/// The folder of the examples that come with the program (their data lie in ../samples), beside the installed program
/// or in the sources it was built from. Pass it to readProject() for an example that is compiled in. Empty when not
/// there.
[[nodiscard]] std::filesystem::path exampleFolder();

/// Atomic write of any bytes: temporary file in the same folder, fsync, rename. Keeps permissions.
[[nodiscard]] Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace shapewise::io
