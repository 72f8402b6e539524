#pragma once
// What the inspector says of a node: how its shape comes about, what it costs.

#include "core/graph/node.h"
#include "core/infer/cost.h"

#include <QString>

namespace shapewise::ui {

class DocumentModel;

/// Lines "height = ⌊(28 − 3)/1⌋ + 1 = 26", the equals signs below one another. Empty when nothing is to be told.
[[nodiscard]] QString explanationText(const DocumentModel& document, const graph::Node& node);

/// Receptive field, parameters, multiply-adds and memory of the output, a line each.
[[nodiscard]] QString costText(const infer::NodeCost& cost, bool isKnown);

}  // namespace shapewise::ui
