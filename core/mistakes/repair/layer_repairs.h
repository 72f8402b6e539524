#pragma once
// Repairs by another layer or by a setting of one, which several families propose.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// A layer type by what it does and its number of spatial axes; null when there is none.
[[nodiscard]] const layers::LayerType* typeWith(layers::Role role, int spatialRank);

/// "Use Dense without TimeDistributed".
void proposeUnwrapped(const Case& input, Proposals& proposals);
/// Turns return_sequences of the recurrent layer that made the rank on or off.
void proposeReturnSequences(const Case& input, Proposals& proposals, bool on);

}  // namespace shapewise::mistakes
