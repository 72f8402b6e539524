#pragma once
// The words of a diagnostic: what every case has in common, then what its rule adds.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

[[nodiscard]] diag::Diagnostic describe(const Case& input, const Silent& mistake);
/// The same by a given rule; null: the table's sentences alone.
[[nodiscard]] diag::Diagnostic describe(const Case& input, const Silent& mistake, const Rule* rule);

/// "(batch, height, width, channels)" as this node reads it, data_format considered; nothing when the port says
/// nothing.
[[nodiscard]] tensor::AxesPattern wantedAxes(const graph::Node& node, const graph::Link* link);
/// "(None, 18, 32) = (batch, time, channels)".
[[nodiscard]] diag::Phrase describeShape(const tensor::Shape& shape);

}  // namespace shapewise::mistakes
