#include "ui/canvas/scene/scene_sync.h"

#include "ui/session/document_model.h"

#include <QTextStream>

#include <algorithm>
#include <chrono>

namespace shapewise::ui {
namespace {

constexpr double kSceneMargin = 20000.0;
constexpr std::size_t kShownAtOnce = 256;  ///< nodes that are made well within a frame
constexpr int kBetweenLooks = 8;           ///< nodes made between two looks at the clock
constexpr std::chrono::milliseconds kSlice{6};
constexpr QSizeF kExpectedSize{208.0, 120.0};  ///< of a node not yet made
constexpr double kSceneSlack = 10000.0;        ///< grow when less than this is left, in steps of kSceneMargin

std::size_t index(NodeId id) { return static_cast<std::size_t>(id.value); }

bool isWorse(diag::Severity a, diag::Severity b) { return static_cast<int>(a) < static_cast<int>(b); }

/// An input that nobody has connected yet is no mistake while building: the node says so in grey.
bool isWorthABadge(const diag::Diagnostic& diagnostic) {
    return diagnostic.code != diag::Code::InputMissing && diagnostic.code != diag::Code::TooFewInputs;
}

}  // namespace

SceneSync::SceneSync(QGraphicsScene& scene, const DocumentModel& document) : scene_(scene), document_(document) {}

NodeItem* SceneSync::node(NodeId id) const { return index(id) < nodes_.size() ? nodes_[index(id)] : nullptr; }

EdgeItem* SceneSync::edge(const graph::LinkPlace& place) const {
    if (index(place.to) >= edges_.size()) return nullptr;
    const auto& into = edges_[index(place.to)];
    return place.slot < into.size() ? into[place.slot] : nullptr;
}

std::vector<NodeItem*> SceneSync::nodes() const {
    std::vector<NodeItem*> all;
    all.reserve(nodeCount_);
    std::copy_if(nodes_.begin(), nodes_.end(), std::back_inserter(all),
                 [](const NodeItem* item) { return item != nullptr; });
    return all;
}

std::vector<EdgeItem*> SceneSync::edges() const {
    std::vector<EdgeItem*> all;
    for (const auto& into : edges_) all.insert(all.end(), into.begin(), into.end());
    return all;
}

std::vector<EdgeItem*> SceneSync::edgesOf(NodeId id) const {
    std::vector<EdgeItem*> found;
    if (index(id) < edges_.size()) found = edges_[index(id)];
    for (const graph::LinkPlace& place : document_.analysis().consumers(id))
        if (EdgeItem* item = edge(place)) found.push_back(item);
    return found;
}

void SceneSync::reset() {
    scene_.clear();
    nodes_.clear();
    edges_.clear();
    badges_.clear();
    suspicious_.clear();
    early_.clear();
    nodeCount_ = 0;
    waiting_.clear();
    shown_ = 0;
    const graph::Graph& graph = document_.graph();
    nodes_.resize(graph.slotCount(), nullptr);
    edges_.resize(graph.slotCount());
    badges_.resize(graph.slotCount());
    graph.forEach([this](const graph::Node& node) { waiting_.push_back(node.id); });
}

void SceneSync::showNext() {
    const NodeId id = waiting_[shown_ % waiting_.size()];
    if (shown_ < waiting_.size())
        showNode(id);
    else
        showEdgesInto(id);
    if (++shown_ < 2 * waiting_.size()) return;
    waiting_.clear();
    early_.clear();
    const QRectF content = contentRect().adjusted(-kSceneMargin, -kSceneMargin, kSceneMargin, kSceneMargin);
    scene_.setSceneRect(content);
}

void SceneSync::rebuild() {
    reset();
    if (waiting_.empty()) scene_.setSceneRect(QRectF(-kSceneMargin, -kSceneMargin, 2 * kSceneMargin, 2 * kSceneMargin));
    while (isRebuilding()) showNext();
}

void SceneSync::startRebuild() {
    reset();
    if (waiting_.size() <= kShownAtOnce) {
        rebuild();
        return;
    }
    scene_.setSceneRect(expectedRect().adjusted(-kSceneMargin, -kSceneMargin, kSceneMargin, kSceneMargin));
    continueRebuild();
}

void SceneSync::continueRebuild() {
    const auto end = std::chrono::steady_clock::now() + kSlice;
    while (isRebuilding() && std::chrono::steady_clock::now() < end)
        for (int count = 0; isRebuilding() && count < kBetweenLooks; ++count) showNext();
}

QRectF SceneSync::expectedRect() const {
    QRectF rect;
    for (const NodeId id : waiting_) {
        const graph::CanvasPlace place = document_.project().canvas.place(id);
        rect = rect.united(QRectF(QPointF(place.x, place.y), kExpectedSize));
    }
    return rect;
}

std::set<NodeId> SceneSync::affected(const session::Change& change) const {
    std::set<NodeId> found(change.touched.nodes.begin(), change.touched.nodes.end());
    found.insert(change.inferred.begin(), change.inferred.end());
    std::set<NodeId> with = found;
    // Ports and edges of consumers show what their producers give.
    for (const NodeId id : found)
        for (const graph::LinkPlace& place : document_.analysis().consumers(id)) with.insert(place.to);
    // "waits for conv2d" names another node, which may have got another name.
    for (const NodeItem* item : nodes_) {
        if (item == nullptr || item->view().state != infer::State::Blocked) continue;
        if (found.count(document_.analysis()[item->id()].blockedBy) > 0) with.insert(item->id());
    }
    return with;
}

void SceneSync::patch(const session::Change& change) {
    if (change.replaced) {
        rebuild();
        return;
    }
    while (isRebuilding()) showNext();
    const graph::Graph& graph = document_.graph();
    nodes_.resize(std::max(nodes_.size(), graph.slotCount()), nullptr);
    edges_.resize(nodes_.size());
    badges_.resize(nodes_.size());
    const std::set<NodeId> ids = affected(change);
    for (const NodeId id : ids) {
        if (graph.find(id) != nullptr) {
            showNode(id);
        } else {
            removeNode(id);
        }
    }
    for (const NodeId id : ids)
        if (graph.find(id) != nullptr) showEdgesInto(id);
    for (const NodeId id : ids) placeEdgesOf(id);
    // All nodes first: an edge between two of them is then laid once.
    for (const NodeId id : change.touched.moved) {
        if (node(id) == nullptr || graph.find(id) == nullptr) continue;
        const graph::CanvasPlace place = document_.project().canvas.place(id);
        node(id)->showMoved({place.x, place.y});
    }
    for (const NodeId id : change.touched.moved) placeEdgesOf(id);
    growScene();
}

void SceneSync::showNode(NodeId id) {
    NodeItem*& item = nodes_[index(id)];
    auto view =
        std::make_shared<NodeView>(makeNodeView(document_.project(), document_.analysis(), id, badges_[index(id)]));
    if (item == nullptr) {
        item = new NodeItem;
        const auto early = early_.find(id);
        item->setThumbnail(early == early_.end() ? QImage() : early->second, thumbnailsVisible_);
        scene_.addItem(item);
        ++nodeCount_;
    } else if (item->view() == *view && item->pos() == view->place) {
        return;
    }
    item->show(std::move(view));
}

void SceneSync::removeNode(NodeId id) {
    removeEdgesInto(id, 0);
    NodeItem*& item = nodes_[index(id)];
    if (item == nullptr) return;
    delete item;
    item = nullptr;
    badges_[index(id)].reset();
    --nodeCount_;
}

void SceneSync::removeEdgesInto(NodeId id, std::size_t keep) {
    auto& into = edges_[index(id)];
    while (into.size() > keep) {
        delete into.back();
        into.pop_back();
    }
}

void SceneSync::showEdgesInto(NodeId id) {
    const graph::Node& consumer = *document_.graph().find(id);
    auto& into = edges_[index(id)];
    removeEdgesInto(id, consumer.inputs.size());
    for (std::size_t slot = 0; slot < consumer.inputs.size(); ++slot) {
        const bool suspicious = suspicious_.count({id.value, slot}) > 0;
        auto view =
            std::make_shared<EdgeView>(makeEdgeView(document_.project(), document_.analysis(), {id, slot}, suspicious));
        if (slot == into.size()) {
            into.push_back(new EdgeItem);
            scene_.addItem(into.back());
        } else if (into[slot]->view() == *view) {
            placeEdge(*into[slot]);
            continue;
        } else if (!(into[slot]->view().link == view->link)) {
            into[slot]->setSelected(false);
        }
        into[slot]->show(std::move(view));
        placeEdge(*into[slot]);
    }
}

void SceneSync::placeEdge(EdgeItem& edge) {
    const EdgeView& view = edge.view();
    const NodeItem* from = node(view.link.from);
    const NodeItem* to = node(view.place.to);
    if (from == nullptr || to == nullptr) return;
    edge.setEnds(from->outputAt(view.link.fromPort), to->inputAt(view.link.toPort));
}

void SceneSync::placeEdgesOf(NodeId id) {
    if (index(id) >= edges_.size()) return;
    for (EdgeItem* item : edges_[index(id)]) placeEdge(*item);
    for (const graph::LinkPlace& place : document_.analysis().consumers(id))
        if (EdgeItem* item = edge(place)) placeEdge(*item);
}

void SceneSync::growScene() {
    const QRectF content = contentRect();
    const QRectF needed = content.adjusted(-kSceneSlack, -kSceneSlack, kSceneSlack, kSceneSlack);
    if (scene_.sceneRect().contains(needed)) return;
    scene_.setSceneRect(
        scene_.sceneRect().united(content.adjusted(-kSceneMargin, -kSceneMargin, kSceneMargin, kSceneMargin)));
}

void SceneSync::updateProblems() {
    std::vector<std::optional<diag::Severity>> badges(nodes_.size());
    std::set<LinkKey> suspicious;
    for (const diag::Diagnostic& diagnostic : document_.diagnostics()) {
        if (!isWorthABadge(diagnostic) || index(diagnostic.node) >= badges.size()) continue;
        auto& badge = badges[index(diagnostic.node)];
        if (!badge || isWorse(diagnostic.severity, *badge)) badge = diagnostic.severity;
        if (diagnostic.link && diagnostic.severity == diag::Severity::Warning)
            suspicious.insert({diagnostic.link->to.value, diagnostic.link->slot});
    }
    std::set<NodeId> changedEdges;
    for (const LinkKey& key : suspicious_)
        if (suspicious.count(key) == 0) changedEdges.insert(NodeId(key.first));
    for (const LinkKey& key : suspicious)
        if (suspicious_.count(key) == 0) changedEdges.insert(NodeId(key.first));
    suspicious_ = std::move(suspicious);
    badges_.swap(badges);
    for (std::size_t slot = 0; slot < badges_.size(); ++slot)
        if (badges_[slot] != badges[slot] && nodes_[slot] != nullptr) showNode(nodes_[slot]->id());
    for (const NodeId id : changedEdges)
        if (document_.graph().find(id) != nullptr) showEdgesInto(id);
}

void SceneSync::layOutAgain() {
    for (NodeItem* item : nodes()) item->layOutAgain();
    for (EdgeItem* item : edges()) placeEdge(*item);
    for (EdgeItem* item : edges()) item->update();
}

void SceneSync::setThumbnail(NodeId id, const QImage& picture) {
    NodeItem* item = node(id);
    if (item == nullptr) {
        if (isRebuilding()) early_[id] = picture;
        return;
    }
    if (item->setThumbnail(picture, thumbnailsVisible_)) placeEdgesOf(id);
}

void SceneSync::clearThumbnails() {
    for (NodeItem* item : nodes()) item->setThumbnail({}, thumbnailsVisible_);
}

void SceneSync::setThumbnailsVisible(bool visible) {
    thumbnailsVisible_ = visible;
    for (NodeItem* item : nodes()) item->setThumbnail(item->thumbnail(), visible);
}

void SceneSync::showAt(NodeId id, const QPointF& place) {
    NodeItem* item = node(id);
    if (item == nullptr) return;
    item->setPos(place);
    placeEdgesOf(id);
}

void SceneSync::showAtHome(NodeId id) {
    if (const NodeItem* item = node(id)) showAt(id, item->view().place);
}

QRectF SceneSync::contentRect() const {
    QRectF rect = expectedRect();
    for (const NodeItem* item : nodes_)
        if (item != nullptr) rect = rect.united(item->sceneBody());
    return rect;
}

std::string SceneSync::description() const {
    QString text;
    QTextStream out(&text);
    for (const NodeItem* item : nodes()) {
        const NodeView& view = item->view();
        out << view.id.value << ' ' << view.name << '|' << view.typeName << '|' << view.telling << '|' << view.shape
            << '|' << view.count << '|' << view.stateText << '|' << (view.badge ? static_cast<int>(*view.badge) : -1)
            << " at " << item->pos().x() << ',' << item->pos().y() << " size " << item->layout().body.width() << 'x'
            << item->layout().body.height() << " ports";
        for (const PortView& port : view.inputs) out << ' ' << port.name << port.rank << port.connected << port.wrong;
        for (const PortView& port : view.outputs) out << " >" << port.name << port.rank;
        out << '\n';
    }
    for (const EdgeItem* item : edges()) {
        const EdgeView& view = item->view();
        out << view.link.from.value << ':' << view.link.fromPort << "->" << view.place.to.value << ':'
            << view.link.toPort << '#' << view.place.slot << ' ' << view.label << ' ' << view.rank << view.wrong
            << view.blocked << view.suspicious << ' ' << item->from().x() << ',' << item->from().y() << ' '
            << item->to().x() << ',' << item->to().y() << '\n';
    }
    out.flush();
    return text.toStdString();
}

}  // namespace shapewise::ui
