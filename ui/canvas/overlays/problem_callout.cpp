#include "ui/canvas/overlays/problem_callout.h"

#include "core/mistakes/rules/scrambling.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/scene/node_painter.h"
#include "ui/session/document_model.h"

#include <algorithm>
#include <set>

namespace shapewise::ui {
namespace {

constexpr double kSmallestZoom = 0.4;
constexpr double kBadgeRoom = 9.0;
/// The mistake is between the two nodes: both and their edge stay in sight.
constexpr double kPartOfTheMistake = 20.0;

}  // namespace

ProblemCallout::ProblemCallout(CanvasView& view, DocumentModel& document, const SceneSync& sync,
                               const CanvasSelection& selection)
    : view_(view), document_(document), sync_(sync), selection_(selection), callout_(*new Callout(view.viewport())) {
    connect(&callout_, &Callout::fixChosen, this, [this](const diag::Fix& fix) {
        document_.applyFix(fix);
        view_.setFocus(Qt::OtherFocusReason);
    });
    connect(&callout_, &Callout::explainRequested, &view, &CanvasView::explainRequested);
    connect(&callout_, &Callout::nodeRequested, &view, &CanvasView::reveal);
    connect(&callout_, &Callout::closed, this, [this] {
        closed_ = shown_;
        choose();
        view_.setFocus(Qt::OtherFocusReason);
    });
}

const diag::Diagnostic* ProblemCallout::problemToShow() const {
    const std::vector<NodeId> nodes = selection_.nodes();
    const std::vector<edits::Splice> links = selection_.links();
    const auto isSelected = [&](const diag::Diagnostic& problem) {
        if (std::binary_search(nodes.begin(), nodes.end(), problem.node)) return true;
        return problem.link && std::any_of(links.begin(), links.end(),
                                           [&](const edits::Splice& link) { return link.place == *problem.link; });
    };
    const diag::Diagnostic* first = nullptr;
    for (const diag::Diagnostic& problem : document_.diagnostics()) {
        if (!isWorthAMark(problem) || sync_.node(problem.node) == nullptr) continue;
        if (isSelected(problem)) return &problem;
        if (first == nullptr && problem.severity == diag::Severity::Error) first = &problem;
    }
    return first;
}

void ProblemCallout::choose() {
    const diag::Diagnostic* problem = problemToShow();
    if (problem == nullptr) {
        shown_.clear();
    } else {
        shown_ = problem->key;
        QString root;
        if (problem->rootCause.isValid() && problem->rootCause != problem->node)
            root = document_.nodeName(problem->rootCause);
        callout_.show(*problem, root, mistakes::scrambledPicture(document_.project(), document_.analysis(), *problem));
    }
    Q_EMIT chosen();
}

void ProblemCallout::selectionChanged() {
    const diag::Diagnostic* problem = problemToShow();
    const std::vector<NodeId> nodes = selection_.nodes();
    if (problem != nullptr && std::binary_search(nodes.begin(), nodes.end(), problem->node)) closed_.clear();
    choose();
}

void ProblemCallout::open() { closed_.clear(); }

bool ProblemCallout::close() {
    if (!callout_.isVisible()) return false;
    Q_EMIT callout_.closed();
    return true;
}

void ProblemCallout::place(bool isWelcome) {
    const NodeItem* node = shown_.empty() ? nullptr : sync_.node(callout_.node());
    const bool isWanted = node != nullptr && shown_ != closed_ && isWelcome && view_.zoom() >= kSmallestZoom;
    if (!isWanted) {
        callout_.hide();
        return;
    }
    const QRectF body = view_.viewportTransform().mapRect(node->sceneBody());
    const QRectF anchor = body.adjusted(-4, -kBadgeRoom, kBadgeRoom, 4).united(labelOfMistake());
    const QRect room = view_.viewport()->rect();
    // Where its node is out of sight, so is the callout: nothing else needs a look.
    callout_.setVisible(QRectF(room).intersects(anchor) &&
                        callout_.placeBeside(anchor, obstacles(*node, anchor), room));
}

QRectF ProblemCallout::labelOfMistake() const {
    if (view_.zoom() < kTextZoom) return {};
    for (const diag::Diagnostic& problem : document_.diagnostics()) {
        if (problem.key != shown_) continue;
        const EdgeItem* edge = problem.link ? sync_.edge(*problem.link) : nullptr;
        if (edge == nullptr || !edge->showsLabel()) return {};
        return view_.viewportTransform().mapRect(edge->label());
    }
    return {};
}

std::vector<Callout::Obstacle> ProblemCallout::obstacles(const NodeItem& node, const QRectF& anchor) const {
    const QTransform toView = view_.viewportTransform();
    const NodeItem* producer = sync_.node(callout_.producer());
    std::vector<Callout::Obstacle> found;
    for (const NodeItem* other : sync_.nodesTouching(view_.visibleRect())) {
        if (other == &node) continue;
        const QRectF box = toView.mapRect(other->sceneBody());
        const bool isProducer = other == producer;
        found.push_back({box, isProducer ? kPartOfTheMistake : 1.0});
        if (isProducer && box.right() < anchor.left())
            found.push_back({QRectF(QPointF(box.right(), std::min(box.top(), anchor.top())),
                                    QPointF(anchor.left(), std::max(box.center().y(), anchor.center().y()))),
                             kPartOfTheMistake, false});
    }
    return found;
}

}  // namespace shapewise::ui
