#pragma once
// The right sizes in the wrong order, as a repair of what a layer refuses.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// Behind a refusal: the small axis of the source is not space at all, so the order is changed there.
void proposeOrderOfSource(const Case& input, Proposals& proposals);

}  // namespace shapewise::mistakes
