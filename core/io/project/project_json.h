#pragma once
// The .shapewise format, as a Value.
//
// {"format": "shapewise", "version": 1, <properties>, "run": {...}, "dismissed": [...], "nodes": [...]}
// node:  {"name", "type", "settings": {...}, "inputs": [link, ...], "at": [x, y]} and, where there are some,
//        "collapsed", "shares" (name of the node whose layer it uses again), "declared_shape" (of a class nobody
//        knows), "weights": [{"name", "shape", "values": base64 of little-endian float32}], "body": {"nodes": [...]}
//        (places inside are there once the model was edited in the window), "file": {"dialect", "name", "entry", ...}
//        (what the Keras file it came from said of the layer, see io/keras/keras_record.h)
// link:  "producer" from its output 0 to input 0, ["producer", output], or ["producer", output, input]
//
// Defaults are left out. Keys this version does not know are kept at all three levels and written back.

#include "core/io/files/files.h"

namespace shapewise::io {

inline constexpr std::int64_t kProjectVersion = 1;
/// Member of a node: its record of the Keras file it came from.
inline constexpr std::string_view kFileKey = "file";

[[nodiscard]] bool isProject(const Value& file);
/// `folder`: what relative paths in the file start from; empty leaves them as they are.
[[nodiscard]] Result<Opened> projectFromValue(const Value& file, const std::filesystem::path& folder);
[[nodiscard]] Value projectToValue(const graph::Project& project, const std::filesystem::path& folder);
/// One entry of "nodes", paths as they are. The node may differ from the one of its id in the project.
[[nodiscard]] Value nodeToValue(const graph::Project& project, const graph::Node& node);

}  // namespace shapewise::io
