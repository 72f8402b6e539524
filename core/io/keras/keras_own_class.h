#pragma once
// Classes of the file's own. Many have the name of a layer of Keras (Attention, RMSNormalization) and do something
// else.

#include "core/io/keras/keras_entry.h"
#include "core/layers/framework/layer.h"

namespace shapewise::io {

/// Whether a layer is declared as a class of somebody else than Keras, by its module or its registered name, or has a
/// name that only this program gives a layer.
[[nodiscard]] bool isDeclaredOwn(const LayerEntry& entry, const layers::LayerType& type);

/// Whether an entry in our words cannot be the layer of Keras that has its name: settings that it has not stand there,
/// and what it needs does not. In a dialect without that layer, either of them is enough.
[[nodiscard]] bool isMisfit(const LayerEntry& entry, const layers::LayerType& type, layers::Dialect dialect);

/// Why a layer of Keras cannot be followed, as sentence without full stop; empty where it can: a function of the file's
/// own or a layer as its activation, a mode that one backend had. `config`: as it stands in the file.
[[nodiscard]] std::string_view unfollowed(const ValueDict& config, const layers::LayerType& type,
                                          layers::Dialect dialect);

/// A name that no layer of ours has, as Keras writes it for registered classes: "package>Name".
[[nodiscard]] std::string ownClassName(const LayerEntry& entry);

}  // namespace shapewise::io
