#pragma once
// Repairs of the number of channels that the rules of channels and of weights share.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// Other data, a repeated or a dropped channel, a projection. Arguments `needed` and `got` of the refusal.
void proposeChannels(const Case& input, Proposals& proposals);
/// Pooling in the place of the Flatten that feeds the link, which gives one number for each channel. With
/// `makeNew` the consumer forgets what its weights were made for.
void poolInstead(const Case& input, Proposals& proposals, bool makeNew);

}  // namespace shapewise::mistakes
