#pragma once
// From refusals and shapes to diagnostics: words, root cause, repairs. One file per family of mistakes.

#include "core/diag/diagnostic.h"
#include "core/graph/project.h"
#include "core/infer/analysis.h"

#include <vector>

namespace shapewise::mistakes {

class SilentMistakes;

struct Options {
    bool withFixes = true;       ///< repairs cost trial inferences; a list that shows none may leave them out
    bool withDismissed = false;  ///< also what the user has dismissed
    std::size_t most = 200;      ///< stop after this many; the rest is counted by Analysis::nodesInConflict
};

/// All diagnostics of a project: errors in topological order, then warnings, then hints. Pure, and the same in every
/// run.
[[nodiscard]] std::vector<diag::Diagnostic> diagnose(const graph::Project& project, const infer::Analysis& analysis,
                                                     const Options& options = {});
/// The same for one who keeps the silent mistakes of these two from edit to edit: looks at no other nodes than those at
/// which something is wrong.
[[nodiscard]] std::vector<diag::Diagnostic> diagnose(const graph::Project& project, const infer::Analysis& analysis,
                                                     const SilentMistakes& silent, const Options& options = {});

}  // namespace shapewise::mistakes
