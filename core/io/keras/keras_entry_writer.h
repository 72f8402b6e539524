#pragma once
// One layer as a Keras file writes it: the entry it had with what was changed, or a new one in the words of a dialect.

#include "core/base/result.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/keras_targets.h"
#include "core/layers/framework/layer.h"

#include <memory>

namespace shapewise::io {

/// Notes in a record what else than its entry decided how the node was read.
void completeRecord(LayerRecord& record, const graph::Node& read);

/// The node as it was when it was read; null when the record does not lead to a layer of the node's class.
[[nodiscard]] std::shared_ptr<const graph::Node> asRead(const LayerRecord& record, const graph::Node& node);

/// The entry the layer had, with the settings that were changed since under the names they have there.
[[nodiscard]] Result<Value> changedEntry(const graph::Node& node, const graph::Node& read, const LayerRecord& record);

/// {"class_name", "config": {"name", ...}} with module and registered name where the dialect has them. Refuses by name
/// what the dialect has no word for.
[[nodiscard]] Result<Value> newEntry(const graph::Node& node, layers::Dialect dialect);

/// Refuses, naming layer and setting, when the entry would be read as something else than the node.
[[nodiscard]] Result<void> readsBack(const Value& entry, const graph::Node& node, layers::Dialect dialect,
                                     const LayerRecord* record);

/// The config kept for a class nobody knows; an empty dict where there is none.
[[nodiscard]] Value effectiveConfig(const graph::Node& node);

/// Objects (initializers, regularizers, dtypes) in the form of a dialect.
[[nodiscard]] Value spelledObject(std::string_view key, const Value& value, layers::Dialect dialect);

/// The sizes an Input declares, the batch first; None where it declares none.
[[nodiscard]] Value batchShape(const graph::Node& input);

}  // namespace shapewise::io
