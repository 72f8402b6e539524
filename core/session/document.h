#pragma once
// Document: the project on screen with its history and analysis. The one door for edits.
//
// A nested model may be opened: then its graph is what is shown and edited, with the shapes that arrive there;
// project() stays the whole.

#include "core/edit/history.h"
#include "core/infer/cost_table.h"
#include "core/mistakes/silent_mistakes.h"
#include "core/session/due_nodes.h"
#include "core/session/open_group.h"

#include <functional>
#include <optional>

namespace shapewise::session {

/// What changed, so that views patch themselves.
struct Change {
    edit::Touched touched;
    std::vector<NodeId> inferred;  ///< nodes whose shapes or refusals came out different
    bool replaced = false;         ///< another graph altogether: rebuild
    bool reopened = false;         ///< the same project, but another of its graphs is shown; `replaced` is set as well
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
    /// What is shown: the whole, or the graph inside the open group.
    [[nodiscard]] const graph::Project& shown() const { return group_ ? group_->project : project_; }
    [[nodiscard]] const infer::Analysis& shownAnalysis() const { return group_ ? group_->analysis : analysis_; }
    /// Leads from the whole to what is shown; empty when that is the whole.
    [[nodiscard]] const std::vector<NodeId>& openPath() const { return path_; }
    /// Counts up with every change, undo and redo included.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }
    [[nodiscard]] bool isModified() const { return !history_.isSaved(); }

    /// Shows the graph inside the nested model that `path` leads to, or the whole for an empty path. No edit.
    Result<Change> open(std::vector<NodeId> path);

    /// Applies to what is shown, infers, remembers. On failure nothing has changed. An edit that changes nothing leaves
    /// no entry and the revision as it is.
    Result<Change> perform(const edit::Edit& edit);
    /// Nothing to undo or redo: a Change without content. What cannot be seen inside the open group closes it.
    Change undo();
    Change redo();
    /// Another project, with an empty history. `known`: the analysis of its graph; null: it is inferred here.
    Change replace(graph::Project project, const infer::Analysis* known = nullptr);
    void markSaved() { history_.markSaved(); }
    void markUnsaved() { history_.markUnsaved(); }
    void beginSave() { history_.beginSave(); }
    void endSave(bool written) { history_.endSave(written); }

    /// Diagnostics of what is shown, of the present revision; computed when first asked for after a change.
    [[nodiscard]] const std::vector<diag::Diagnostic>& diagnostics() const;

    /// Costs of what is shown, of the present revision; brought up to date when first asked for after a change.
    [[nodiscard]] const infer::Costs& costs() const;

  private:
    [[nodiscard]] Change noted(Change change);
    Change moveTo(graph::Project project, edit::Touched touched, bool mayLeave);
    Change changeInside(const OpenGroup& before);
    void openNearest(std::vector<NodeId> path);

    graph::Project project_;
    infer::Analysis analysis_;
    edit::History history_;
    std::vector<NodeId> path_;
    std::optional<OpenGroup> group_;  ///< has a value while path_ is not empty
    std::uint64_t revision_ = 0;
    mutable mistakes::SilentMistakes silent_;
    mutable DueNodes silentDue_;
    mutable infer::CostTable costs_;
    mutable DueNodes costsDue_;
    mutable std::vector<diag::Diagnostic> diagnostics_;
    mutable std::uint64_t diagnosedRevision_ = ~std::uint64_t{0};
};

}  // namespace shapewise::session
