// What is worked out of the graph shown only when someone asks for it.

#include "core/mistakes/diagnose.h"
#include "core/session/document.h"

namespace shapewise::session {

const std::vector<diag::Diagnostic>& Document::diagnostics() const {
    if (diagnosedRevision_ == revision_) return diagnostics_;
    if (silentDue_.isEverything())
        silent_ = mistakes::SilentMistakes::of(shown(), shownAnalysis());
    else
        silent_.update(shown(), shownAnalysis(), silentDue_.nodes());
    silentDue_.clear();
    diagnostics_ = mistakes::diagnose(shown(), shownAnalysis(), silent_);
    diagnosedRevision_ = revision_;
    return diagnostics_;
}

const infer::Costs& Document::costs() const {
    if (costsDue_.isEverything())
        costs_ = infer::CostTable::of(shownAnalysis());
    else if (!costsDue_.nodes().empty())
        costs_.update(shownAnalysis(), costsDue_.nodes());
    costsDue_.clear();
    return costs_.costs();
}

}  // namespace shapewise::session
