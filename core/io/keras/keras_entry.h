#pragma once
// One layer as a Keras file writes it, brought to today's spelling.

#include "core/base/value.h"
#include "core/layers/framework/foreign.h"

#include <string>
#include <string_view>
#include <vector>

namespace shapewise::io {

struct LayerEntry {
    std::string className;
    std::string name;    ///< empty when the file gives none
    std::string module;  ///< Keras 3: "keras.layers", empty before
    std::string registeredName;
    ValueDict config;    ///< without the name
    Value inbound;       ///< inbound_nodes as they came
    Value operation;     ///< of an operation that became a layer, as it came (keras_operations.h); else None
    bool isOwn = false;  ///< a class of the file's own that only has the name of a layer of Keras (keras_own_class.h)
    Value buildShape;    ///< build_config.input_shape of Keras 3, else None
    /// What the writer does with this layer and this program does not, as sentences without full stop.
    std::vector<std::string_view> gaps;
};

/// {"class_name", "config", ...}; None for a value that is no layer.
[[nodiscard]] bool isLayerEntry(const Value& value);
/// How an entry is to be understood.
struct Reading {
    layers::Dialect dialect = layers::Dialect::Keras3;
    std::string_view dataFormat{};  ///< of layers whose writer did not say it; empty: the default
};
/// Wrapped values are unwrapped, names and formulas of other writers become ours, what is not said means what it means
/// to the writer; what only describes training (regularizers, constraints that are not set, default initializers) is
/// left out.
[[nodiscard]] LayerEntry readEntry(const Value& value, const Reading& reading);

/// Takes Keras' wrappers off: dtype policies become their name, functions theirs, {"class_name": "__tuple__"} a list,
/// arrays their values; in lists and dicts too.
[[nodiscard]] Value unwrapped(const Value& value);

/// Renames and regroups what other writers wrote otherwise (keras_legacy.cpp).
void modernize(LayerEntry& entry, const Reading& reading);

// Small steps on ordered dicts.
[[nodiscard]] Value* findMember(ValueDict& dict, std::string_view key);
/// The member taken out, None when there is none.
Value takeMember(ValueDict& dict, std::string_view key);
/// Replaces or appends.
void setMember(ValueDict& dict, std::string_view key, Value value);

}  // namespace shapewise::io
