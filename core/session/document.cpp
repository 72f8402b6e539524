#include "core/session/document.h"

#include "core/edit/inside.h"

namespace shapewise::session {

Document::Document() = default;

Document::Document(graph::Project project)
    : project_(std::move(project)), analysis_(infer::Analysis::of(project_.graph)) {}

Result<Change> Document::open(std::vector<NodeId> path) {
    Change change;
    change.revision = revision_;
    if (path == path_) return change;
    std::optional<OpenGroup> group;
    if (!path.empty()) {
        Result<OpenGroup> opened = openGroup(project_, analysis_, path);
        if (!opened) return Unexpected(std::move(opened).error());
        group = std::move(*opened);
    }
    path_ = std::move(path);
    group_ = std::move(group);
    change.replaced = change.reopened = true;
    change.revision = ++revision_;
    return noted(std::move(change));
}

Result<Change> Document::perform(const edit::Edit& edit) {
    std::optional<edit::Edit> whole;  // of the graph inside, as an edit of the whole
    if (group_) {
        const Result<edit::Applied> inside = edit::apply(group_->project, edit, &group_->analysis);
        if (!inside) return Unexpected(inside.error());
        if (inside->touched.isEmpty()) return Change{{}, {}, false, false, revision_};
        whole = edit;
        whole->steps.insert(whole->steps.begin(), group_->preparation.begin(), group_->preparation.end());
        whole = edit::enclosed(std::move(*whole), path_);
    }
    const edit::Edit& wanted = whole ? *whole : edit;
    Result<edit::Applied> applied = edit::apply(project_, wanted, &analysis_);
    if (!applied) return Unexpected(std::move(applied).error());
    Change change;
    change.revision = revision_;
    if (applied->touched.isEmpty()) return change;
    history_.push(project_, applied->project, wanted, applied->touched);
    return noted(moveTo(std::move(applied->project), std::move(applied->touched), false));
}

Change Document::undo() {
    if (!history_.canUndo()) return Change{{}, {}, false, false, revision_};
    edit::History::Step step = history_.undo();
    return noted(moveTo(std::move(step.project), std::move(step.touched), true));
}

Change Document::redo() {
    if (!history_.canRedo()) return Change{{}, {}, false, false, revision_};
    edit::History::Step step = history_.redo();
    return noted(moveTo(std::move(step.project), std::move(step.touched), true));
}

Change Document::replace(graph::Project project, const infer::Analysis* known) {
    project_ = std::move(project);
    const bool isKnown = known != nullptr && known->graph().sharesAllWith(project_.graph);
    analysis_ = isKnown ? *known : infer::Analysis::of(project_.graph);
    history_.clear();
    path_.clear();
    group_.reset();
    return noted(Change{{}, {}, true, false, ++revision_});
}

/// Remembers for what is worked out of the graph shown, and when someone asks, which of its nodes changed.
Change Document::noted(Change change) {
    const std::size_t slots = shown().graph.slotCount();
    for (DueNodes* due : {&silentDue_, &costsDue_}) {
        if (change.replaced) due->addEverything();
        due->add(change.touched.nodes, slots);
        due->add(change.inferred, slots);
    }
    return change;
}

Change Document::moveTo(graph::Project project, edit::Touched touched, bool mayLeave) {
    project_ = std::move(project);
    Change change;
    if (!touched.nodes.empty()) change.inferred = analysis_.update(project_.graph, touched);
    change.touched = std::move(touched);
    change.revision = ++revision_;
    if (!group_) return change;
    const std::vector<NodeId> path = path_;
    const OpenGroup before = std::move(*group_);
    openNearest(path);
    if (path_ == path) change = changeInside(before);
    const bool isSeen = path_ == path && (!change.touched.isEmpty() || !change.inferred.empty());
    if (isSeen || !mayLeave) {
        change.replaced = change.reopened = path_ != path;
        return change;
    }
    if (path_ == path) openNearest({});
    change.replaced = change.reopened = true;
    return change;
}

Change Document::changeInside(const OpenGroup& before) {
    Change change;
    change.touched = differences(before.project, group_->project);
    change.inferred = differences(before.analysis, group_->analysis);
    // Something else arrives from outside: what is inferred otherwise has other values too.
    if (change.touched.nodes.empty()) change.touched.nodes = change.inferred;
    change.revision = revision_;
    return change;
}

/// Opens what `path` leads to, or as far as it leads now.
void Document::openNearest(std::vector<NodeId> path) {
    group_.reset();
    for (; !path.empty(); path.pop_back()) {
        Result<OpenGroup> opened = openGroup(project_, analysis_, path);
        if (!opened) continue;
        group_ = std::move(*opened);
        break;
    }
    path_ = std::move(path);
}

}  // namespace shapewise::session
