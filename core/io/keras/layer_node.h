#pragma once
// From what files say of a layer (class name and config) to a node, and back.

#include "core/graph/node.h"
#include "core/layers/framework/catalog.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace shapewise::io {

/// Keys of the Custom layer, which stands in for classes nobody knows.
inline constexpr ParamKey kCustomClassName = "class_name";
inline constexpr ParamKey kCustomConfig = "config";
inline constexpr ParamKey kCustomOutputShape = "output_shape";

/// Node::builtFor among the settings of a project file.
inline constexpr std::string_view kBuiltForKey = "@built_for";
/// Member of Node::extras under which a project file's own unknown node-level keys are kept.
inline constexpr std::string_view kNodeLevelExtras = "@node";

/// True and False for 1 and 0, whole or not; anything else as it is.
[[nodiscard]] Value flagOf(const Value& value);

/// 4.0 as 4, also within lists: files of programs that know one kind of number only.
[[nodiscard]] Value withWholeNumbers(const Value& value);

/// A node of that class with the settings of `config`: parameters equal to their default are left out, keys the
/// catalogue does not know go to Node::extras. An unknown class gives a Custom node that keeps class name and config.
[[nodiscard]] std::shared_ptr<graph::Node> makeLayerNode(std::string_view className, const ValueDict& config, NodeId id,
                                                         std::string name);

/// Whether both values mean the same to the layer: 0 and 0.0, [1, 1] and 1, "linear" and None.
[[nodiscard]] bool sameMeaning(const layers::ParamSpec& spec, const Value& value, const Value& other);

/// True for a Custom node that stands in for a class nobody knows.
[[nodiscard]] bool isStandIn(const graph::Node& node);
/// The class a node has in files: that of its layer, for a stand-in the one it stands for.
[[nodiscard]] std::string fileClassName(const graph::Node& node);

/// Keras' base name for automatic names: "conv2d" for Conv2D, "lrn" for LRN.
[[nodiscard]] std::string baseName(std::string_view className);

/// Hands out names, each once: wanted, wanted_1, wanted_2, ... O(1) each, where Graph::freeName looks at all nodes.
class NameTable {
  public:
    void reserve(const std::string& name) { taken_.insert(name); }
    [[nodiscard]] bool isTaken(const std::string& name) const { return taken_.contains(name); }
    [[nodiscard]] std::string take(const std::string& wanted);

  private:
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, std::size_t> next_;
};

}  // namespace shapewise::io
