#include "core/session/document.h"

namespace shapewise::session {

const std::vector<diag::Diagnostic>& Document::diagnostics() const {
    if (diagnosedRevision_ != revision_) {
        diagnostics_ = mistakes::diagnose(shown(), shownAnalysis());
        diagnosedRevision_ = revision_;
    }
    return diagnostics_;
}

}  // namespace shapewise::session
