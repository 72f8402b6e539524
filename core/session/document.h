#pragma once
// Document: the project on screen with its history and analysis. The one door for edits.

#include "core/edit/history.h"
#include "core/infer/analysis.h"
#include "core/mistakes/diagnose.h"

#include <functional>

namespace shapewise::session {

/// What changed, so that views patch themselves.
struct Change {
    edit::Touched touched;
    std::vector<NodeId> inferred;  ///< nodes whose shapes or refusals came out different
    bool replaced = false;         ///< another project altogether: rebuild
    std::uint64_t revision = 0;
};

class Document {
public:
    Document();
    explicit Document(graph::Project project);

    [[nodiscard]] const graph::Project& project() const { return project_; }
    [[nodiscard]] const graph::Graph& graph() const { return project_.graph; }
    [[nodiscard]] const infer::Analysis& analysis() const { return analysis_; }
    [[nodiscard]] const edit::History& history() const { return history_; }
    /// Counts up with every change, undo and redo included.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }
    [[nodiscard]] bool isModified() const { return !history_.isSaved(); }

    /// Applies, infers, remembers. On failure nothing has changed. An edit that changes nothing leaves no entry and the
    /// revision as it is.
    Result<Change> perform(const edit::Edit& edit);
    /// Nothing to undo or redo: a Change without content.
    Change undo();
    Change redo();
    /// Another project, with an empty history.
    Change replace(graph::Project project);
    void markSaved() { history_.markSaved(); }
    void beginSave() { history_.beginSave(); }
    void endSave(bool written) { history_.endSave(written); }

    /// Diagnostics of the present revision; computed when first asked for after a change.
    [[nodiscard]] const std::vector<diag::Diagnostic>& diagnostics() const;

private:
    Change moveTo(graph::Project project, edit::Touched touched);

    graph::Project project_;
    infer::Analysis analysis_;
    edit::History history_;
    std::uint64_t revision_ = 0;
    mutable std::vector<diag::Diagnostic> diagnostics_;
    mutable std::uint64_t diagnosedRevision_ = ~std::uint64_t{0};
};

}  // namespace shapewise::session
