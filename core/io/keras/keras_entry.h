#pragma once
// One layer as a Keras file writes it, brought to today's spelling.

#include "core/base/value.h"

#include <string>
#include <string_view>

namespace shapewise::io {

struct LayerEntry {
    std::string className;
    std::string name;    ///< empty when the file gives none
    std::string module;  ///< Keras 3: "keras.layers", empty before
    std::string registeredName;
    ValueDict config;  ///< without the name
    Value inbound;     ///< inbound_nodes as they came
    Value buildShape;  ///< build_config.input_shape of Keras 3, else None
};

/// {"class_name", "config", ...}; None for a value that is no layer.
[[nodiscard]] bool isLayerEntry(const Value& value);
/// `kerasVersion`: major version of the writer. Wrapped values are unwrapped, Keras 1 and 2 names become those of Keras
/// 3, what only describes training (regularizers, constraints that are not set, default initializers) is left out.
[[nodiscard]] LayerEntry readEntry(const Value& value, int kerasVersion);

/// Takes Keras' wrappers off: dtype policies become their name, functions theirs, {"class_name": "__tuple__"} a list,
/// arrays their values; in lists and dicts too.
[[nodiscard]] Value unwrapped(const Value& value);

/// Renames and regroups what Keras 1 and 2 wrote otherwise (keras_legacy.cpp).
void modernize(LayerEntry& entry, int kerasVersion);

// Small steps on ordered dicts.
[[nodiscard]] Value* findMember(ValueDict& dict, std::string_view key);
/// The member taken out, None when there is none.
Value takeMember(ValueDict& dict, std::string_view key);
/// Replaces or appends.
void setMember(ValueDict& dict, std::string_view key, Value value);

}  // namespace shapewise::io
