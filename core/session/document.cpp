#include "core/session/document.h"

namespace shapewise::session {

Document::Document() = default;

Document::Document(graph::Project project)
    : project_(std::move(project)), analysis_(infer::Analysis::of(project_.graph)) {}

Result<Change> Document::perform(const edit::Edit& edit) {
    Result<edit::Applied> applied = edit::apply(project_, edit, &analysis_);
    if (!applied) return Unexpected(std::move(applied).error());
    Change change;
    change.revision = revision_;
    if (applied->touched.isEmpty()) return change;
    history_.push(project_, applied->project, edit, applied->touched);
    return moveTo(std::move(applied->project), std::move(applied->touched));
}

Change Document::undo() {
    if (!history_.canUndo()) return Change{{}, {}, false, revision_};
    edit::History::Step step = history_.undo();
    return moveTo(std::move(step.project), std::move(step.touched));
}

Change Document::redo() {
    if (!history_.canRedo()) return Change{{}, {}, false, revision_};
    edit::History::Step step = history_.redo();
    return moveTo(std::move(step.project), std::move(step.touched));
}

Change Document::replace(graph::Project project) {
    project_ = std::move(project);
    analysis_ = infer::Analysis::of(project_.graph);
    history_.clear();
    return Change{{}, {}, true, ++revision_};
}

Change Document::moveTo(graph::Project project, edit::Touched touched) {
    project_ = std::move(project);
    Change change;
    if (!touched.nodes.empty()) change.inferred = analysis_.update(project_.graph, touched);
    change.touched = std::move(touched);
    change.revision = ++revision_;
    return change;
}

}  // namespace shapewise::session
