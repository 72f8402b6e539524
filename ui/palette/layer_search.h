#pragma once
// Finding layers of the catalogue by words. Shared by the palette's filter and the quick-add field.

#include "core/layers/framework/layer.h"

#include <QString>

#include <vector>

namespace shapewise::ui {

/// All layers whose title, class name, keywords or summary contain every word of `query`, best first; all of them in
/// the order of the catalogue when it is empty.
[[nodiscard]] std::vector<const layers::LayerType*> searchLayers(const QString& query);

/// Whether `query` is the title or the class name of the layer, whatever its case, spaces and separators.
[[nodiscard]] bool isExactName(const layers::LayerType& type, const QString& query);

/// "Conv2D" or what the palette calls it.
[[nodiscard]] QString layerTitle(const layers::LayerType& type);
/// The title as lists show it: with the dialect of a layer that Keras 3 does not have, "CuDNNGRU (Keras 2)".
[[nodiscard]] QString layerListTitle(const layers::LayerType& type);
[[nodiscard]] QString layerSummary(const layers::LayerType& type);
[[nodiscard]] QString layerClassName(const layers::LayerType& type);

/// Why a tensor of that rank (batch counted; -1: not known) cannot go into the first input; empty when it can.
[[nodiscard]] QString whyNotFed(const layers::LayerType& type, int rank);

}  // namespace shapewise::ui
