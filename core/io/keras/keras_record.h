#pragma once
// What a Keras file said of a layer and of the model, kept with the document so that what nobody touches is written as
// it stood.

#include "core/graph/node.h"

#include <optional>
#include <string>

namespace shapewise::io {

/// Member of Node::extras: a LayerRecord as JSON text, which takes a fifth of the memory of a Value.
inline constexpr std::string_view kFileRecord = "@file";
/// Project property: the file a model came from, without its layers.
inline constexpr const char* kKerasFile = "keras_file";

struct LayerRecord {
    std::string dialect;    ///< dialectName() of the file
    Value entry;            ///< the layer as the file has it; layers of models inside are left out. None: see isImplied
    std::string name;       ///< of the node when it was read
    std::int64_t call = 0;  ///< which call of its layer the node is
    std::int64_t index = 0;  ///< the number by which the file refers to that call
    bool isUnused = false;   ///< nothing takes it, and it is no output of the model
    ValueDict readAs;        ///< settings that something else in the file decided
    std::string className;   ///< of the node, where the entry alone says another; all its settings are in readAs then

    /// An Input that stands for the input shape of the first layer of a Sequential.
    [[nodiscard]] bool isImplied() const { return entry.isNone(); }
};

void keepRecord(graph::Node& node, const LayerRecord& record);
/// nullopt for a node that came from no file, or whose record is damaged.
[[nodiscard]] std::optional<LayerRecord> recordOf(const graph::Node& node);

/// The list of layers of {"class_name", "config": {"layers": [...]}}, of one whose config is the list, or of a bare
/// list; null for what holds none.
[[nodiscard]] const Value* layerListOf(const Value& model);
[[nodiscard]] Value* layerListOf(Value& model);

/// What says the name and the ends of a model: its config, or the model itself where a file has only that; null for a
/// bare list.
[[nodiscard]] Value* modelConfigOf(Value& model);

/// An entry of a layer, or a model, without the layers of models inside: their lists are empty.
[[nodiscard]] Value withoutInnerLayers(Value entry);

/// Member of a dict for writing; null when there is none.
[[nodiscard]] Value* memberOf(Value& value, std::string_view key);

}  // namespace shapewise::io
