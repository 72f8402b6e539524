#pragma once
// Mistakes of the layer inside TimeDistributed or Bidirectional: it is diagnosed behind an Input of what it gets, and
// its repairs become edits of the wrapper's `layer`.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// Tells what the inner layer refuses, in the words of its own diagnostic.
void describeWrapped(const Case& input, diag::Diagnostic& diagnostic);
/// Repairs that change settings or the class of the inner layer.
void proposeWrapped(const Case& input, Proposals& proposals);

}  // namespace shapewise::mistakes
