// The small widgets on top of the canvas: callout, search field, name field, overview, and the empty canvas.
#include "core/edit/builders.h"
#include "core/layers/framework/catalog.h"
#include "core/mistakes/rules/scrambling.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/callout.h"
#include "ui/canvas/overlays/empty_canvas.h"
#include "ui/canvas/overlays/minimap.h"
#include "ui/canvas/overlays/rename_field.h"
#include "ui/palette/layer_search.h"
#include "ui/palette/quick_add.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <QLabel>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr double kCalloutZoom = 0.4;
constexpr double kPortRoom = 32.0;       ///< nearer behind a node, another would hide its output
constexpr int kViewMargin = 40;          ///< between a new node and the edge of the view, pixels
constexpr std::size_t kMinimapFrom = 6;  ///< fewer nodes need no overview

/// An input that nobody has connected yet is said on the node itself.
bool isWorthACallout(const diag::Diagnostic& diagnostic) {
    return diagnostic.code != diag::Code::InputMissing && diagnostic.code != diag::Code::TooFewInputs;
}

}  // namespace

void CanvasController::buildWidgets() {
    QWidget* viewport = view_.viewport();
    empty_ = new EmptyCanvas(viewport);
    connect(empty_, &EmptyCanvas::exampleRequested, &view_, &CanvasView::exampleRequested);

    minimap_ = new Minimap(sync_, viewport);
    minimap_->hide();
    connect(minimap_, &Minimap::travelled, this, [this](const QPointF& scene) { view_.centerOn(scene); });

    callout_ = new Callout(viewport);
    connect(callout_, &Callout::fixChosen, this, [this](const diag::Fix& fix) {
        document_.applyFix(fix);
        view_.setFocus(Qt::OtherFocusReason);
    });
    connect(callout_, &Callout::explainRequested, &view_, &CanvasView::explainRequested);
    connect(callout_, &Callout::nodeRequested, &view_, &CanvasView::reveal);
    connect(callout_, &Callout::closed, this, [this] {
        closedProblem_ = shownProblem_;
        chooseProblem();
        view_.setFocus(Qt::OtherFocusReason);
    });

    pointerText_ = new QLabel(viewport);
    pointerText_->setObjectName(QStringLiteral("pointerText"));
    pointerText_->setAttribute(Qt::WA_TransparentForMouseEvents);
    pointerText_->setMargin(5);
    pointerText_->hide();

    quickAdd_ = new QuickAdd(viewport);
    connect(quickAdd_, &QuickAdd::layerChosen, this, &CanvasController::addChosen);
    connect(quickAdd_, &QuickAdd::closed, this, [this] {
        quickAddEnd_.reset();
        placeCallout();
    });
    connect(quickAdd_, &QuickAdd::closing, this, &CanvasController::takeFocusBack);

    renameField_ = new RenameField(viewport);
    connect(renameField_, &RenameField::renamed, this, [this](NodeId node, const QString& name) {
        if (name != document_.nodeName(node)) perform(edit::renameNode(node, name.toStdString()));
    });
    connect(renameField_, &RenameField::closing, this, &CanvasController::takeFocusBack);
}

void CanvasController::takeFocusBack() {
    // Not from a field elsewhere that was clicked and has the focus by now.
    const QWidget* now = view_.window()->focusWidget();
    if (now == nullptr || now == &view_ || view_.isAncestorOf(now)) view_.setFocus(Qt::OtherFocusReason);
}

void CanvasController::viewChanged() {
    empty_->place();
    empty_->setVisible(sync_.nodeCount() == 0);
    minimap_->place();
    minimap_->setVisibleRect(view_.mapToScene(view_.viewport()->rect()).boundingRect());
    placeCallout();
}

void CanvasController::showMinimap() {
    const bool isCovered = !callout_->isHidden() && callout_->geometry().intersects(minimap_->geometry());
    // In a small view it would hide more than it shows.
    const QSize room = view_.viewport()->size();
    const bool hasRoom = room.width() >= 3 * minimap_->width() && room.height() >= 3 * minimap_->height();
    minimap_->setVisible(view_.isMinimapWanted() && sync_.nodeCount() >= kMinimapFrom && hasRoom && !isCovered);
}

void CanvasController::problemsChanged() {
    sync_.updateProblems();
    chooseProblem();
    minimap_->update();
}

void CanvasController::selectionMoved() {
    const std::vector<NodeId> nodes = selectedNodes();
    // A closed callout stays closed until its own node is asked for again.
    const diag::Diagnostic* problem = problemToShow();
    if (problem != nullptr && std::find(nodes.begin(), nodes.end(), problem->node) != nodes.end())
        closedProblem_.clear();
    chooseProblem();
    minimap_->update();
    Q_EMIT view_.selectionChanged(nodes);
}

const diag::Diagnostic* CanvasController::problemToShow() const {
    const std::vector<diag::Diagnostic>& problems = document_.diagnostics();
    const std::vector<NodeId> nodes = selectedNodes();
    const std::vector<edits::Splice> links = selectedLinks();
    const auto isSelected = [&](const diag::Diagnostic& problem) {
        if (std::find(nodes.begin(), nodes.end(), problem.node) != nodes.end()) return true;
        return problem.link && std::any_of(links.begin(), links.end(),
                                           [&](const edits::Splice& link) { return link.place == *problem.link; });
    };
    const diag::Diagnostic* first = nullptr;
    for (const diag::Diagnostic& problem : problems) {
        if (!isWorthACallout(problem) || sync_.node(problem.node) == nullptr) continue;
        if (isSelected(problem)) return &problem;
        if (first == nullptr && problem.severity == diag::Severity::Error) first = &problem;
    }
    return first;
}

void CanvasController::chooseProblem() {
    const diag::Diagnostic* problem = problemToShow();
    if (problem == nullptr) {
        shownProblem_.clear();
        callout_->hide();
        showMinimap();
        return;
    }
    shownProblem_ = problem->key;
    QString root;
    if (problem->rootCause.isValid() && problem->rootCause != problem->node)
        root = document_.nodeName(problem->rootCause);
    callout_->show(*problem, root, mistakes::scrambledPicture(document_.project(), document_.analysis(), *problem));
    placeCallout();
}

void CanvasController::placeCallout() {
    const NodeItem* node = shownProblem_.empty() ? nullptr : sync_.node(callout_->node());
    const bool wanted =
        node != nullptr && shownProblem_ != closedProblem_ && !tool_ && zoom() >= kCalloutZoom && quickAdd_->isHidden();
    if (!wanted) {
        callout_->hide();
        showMinimap();
        return;
    }
    const QTransform toView = view_.viewportTransform();
    constexpr double kBadgeRoom = 9.0;
    const QRectF anchor = toView.mapRect(node->sceneBody()).adjusted(-4, -kBadgeRoom, kBadgeRoom, 4);
    // The mistake is between the two nodes: both and their edge stay in sight.
    constexpr double kPartOfTheMistake = 20.0;
    std::vector<Callout::Obstacle> obstacles;
    const QRectF seen(view_.viewport()->rect());
    for (const NodeItem* other : sync_.nodes()) {
        const QRectF box = toView.mapRect(other->sceneBody());
        if (other == node || !seen.intersects(box)) continue;
        const bool isProducer = other == sync_.node(callout_->producer());
        obstacles.push_back({box, isProducer ? kPartOfTheMistake : 1.0});
        if (isProducer && box.right() < anchor.left())
            obstacles.push_back({QRectF(QPointF(box.right(), std::min(box.top(), anchor.top())),
                                        QPointF(anchor.left(), std::max(box.center().y(), anchor.center().y()))),
                                 kPartOfTheMistake});
    }
    callout_->setVisible(callout_->placeBeside(anchor, obstacles, view_.viewport()->rect()));
    showMinimap();
}

void CanvasController::openQuickAdd(const QPointF& scene) {
    quickAddPlace_ = scene;
    quickAddEnd_.reset();
    const std::vector<NodeId> nodes = selectedNodes();
    if (nodes.size() == 1 && !project().graph.find(nodes.front())->type->outputs.empty()) {
        const LooseLink end{true, nodes.front(), 0};
        quickAdd_->open(view_.mapFromScene(scene), tr("Add a layer behind %1").arg(document_.nodeName(end.node)),
                        rankAt(end), true);
        quickAddEnd_ = end;
        const bool isPointed = view_.viewport()->rect().contains(view_.lastPointer());
        if (!isPointed) quickAddPlace_ = placeBehind(end.node);
    } else {
        quickAdd_->open(view_.mapFromScene(scene), tr("Add a layer"), -1, false);
    }
    placeCallout();
}

void CanvasController::addChosen(const QString& className) {
    const QByteArray name = className.toUtf8();
    edits::NewLayer layer;
    layer.type = layers::findLayer({name.constData(), static_cast<std::size_t>(name.size())});
    if (layer.type == nullptr) return;
    layer.place = snapped(quickAddPlace_);
    if (quickAddEnd_ && quickAddEnd_->fromOutput) {
        const bool isBehind = layer.place.x() >= bodyOf(quickAddEnd_->node).right() + kPortRoom;
        if (!isBehind || !isFree(layer.place)) layer.place = placeBehind(quickAddEnd_->node);
        // Chosen although it does not fit: added all the same, with the problem on show. Without an input, unconnected.
        layer.feeds = graph::Link{quickAddEnd_->node, quickAddEnd_->port, 0};
    } else if (quickAddEnd_) {
        layer.fedTo = std::pair{quickAddEnd_->node, quickAddEnd_->port};
    } else {
        layer.place = freePlace(layer.place);
    }
    const NodeId id = project().graph.nextId();
    if (!perform(edits::add(project(), layer))) return;
    selectNodes({id}, Selecting::Replace);
    view_.ensureVisible(bodyOf(id), kViewMargin, kViewMargin);
}

void CanvasController::rename() {
    const std::vector<NodeId> nodes = selectedNodes();
    const NodeItem* item = nodes.size() == 1 ? sync_.node(nodes.front()) : nullptr;
    if (item == nullptr) {
        Q_EMIT view_.noticeShown(tr("Select one node to rename it"));
        return;
    }
    const QRectF header = item->layout().header.translated(item->pos());
    renameField_->open(item->id(), item->view().name, view_.viewportTransform().mapRect(header).toAlignedRect());
}

void CanvasController::revealProblemOf(NodeId node) {
    closedProblem_.clear();
    selectNodes({node}, Selecting::Replace);
    chooseProblem();
}

}  // namespace shapewise::ui
