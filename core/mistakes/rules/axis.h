#pragma once
// Axes named by number, as a repair that parameters need too.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// Complete orders near the dims that were set.
void proposeOrder(const Case& input, Proposals& proposals);

}  // namespace shapewise::mistakes
