#pragma once
// The dialects a model can be written in: their names, the frame of a file, and what they have no word for.

#include "core/base/result.h"
#include "core/graph/project.h"
#include "core/layers/framework/foreign.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shapewise::io {

/// "keras3", "tf.keras2", ... as the command line and records spell it.
[[nodiscard]] std::string_view dialectName(layers::Dialect dialect);
/// "Keras 3", "tf.keras 2", ... as people say it.
[[nodiscard]] std::string_view dialectTitle(layers::Dialect dialect);
[[nodiscard]] std::optional<layers::Dialect> dialectNamed(std::string_view name);
/// The dialect a project was read in; Keras 3 for one that came from no file.
[[nodiscard]] layers::Dialect dialectOf(const graph::Project& project);

/// Whether the project was read from a Keras file.
[[nodiscard]] bool isFromKerasFile(const graph::Project& project);

/// The dialects new files are written in, the one to propose first.
[[nodiscard]] std::span<const layers::Dialect> writtenDialects();

/// A model without layers, as the dialect writes it inside a file and inside another model.
[[nodiscard]] Value newModel(layers::Dialect dialect, std::string_view name, bool isSequential);
/// A file of that dialect round a Functional model without layers.
[[nodiscard]] Value newFile(layers::Dialect dialect, std::string_view name);
/// Why the dialect has no layer of that class, with what to do; nullopt where it has one.
[[nodiscard]] std::optional<Error> missingClass(layers::Dialect dialect, const graph::Node& node);
[[nodiscard]] bool hasClass(layers::Dialect dialect, std::string_view className);
/// Whether constructors of that dialect take the setting.
[[nodiscard]] bool takesSetting(layers::Dialect dialect, std::string_view className, std::string_view key);

}  // namespace shapewise::io
