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

}  // namespace

SceneSync::SceneSync(QGraphicsScene& scene, const DocumentModel& document) : scene_(scene), document_(document) {}

NodeItem* SceneSync::node(NodeId id) const { return index(id) < nodes_.size() ? nodes_[index(id)] : nullptr; }

EdgeItem* SceneSync::edge(const graph::LinkPlace& place) const {
    if (index(place.to) >= edges_.size()) return nullptr;
    const auto& into = edges_[index(place.to)];
    return place.slot < into.size() ? into[place.slot] : nullptr;
}

NodeItem* SceneSync::firstNode() const {
    const auto found = std::find_if(nodes_.begin(), nodes_.end(), [](const NodeItem* item) { return item != nullptr; });
    return found == nodes_.end() ? nullptr : *found;
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
    marks_.clear();
    early_.clear();
    withThumbnail_.clear();
    nodeIndex_.clear();
    edgeIndex_.clear();
    extent_.clear();
    bodies_.clear();
    causes_.clear();
    waitingFor_.clear();
    late_.clear();
    lateNext_ = 0;
    isLate_.clear();
    lateCount_ = 0;
    nodeCount_ = 0;
    waiting_.clear();
    shown_ = 0;
    expected_ = QRectF();
    ++generation_;
    const graph::Graph& graph = document_.graph();
    nodes_.resize(graph.slotCount(), nullptr);
    edges_.resize(graph.slotCount());
    bodies_.resize(graph.slotCount());
    causes_.resize(graph.slotCount());
    isLate_.resize(graph.slotCount());
    graph.forEach([this](const graph::Node& node) {
        waiting_.push_back(node.id);
        const graph::CanvasPlace place = document_.project().canvas.place(node.id);
        expected_ = expected_.united(QRectF(QPointF(place.x, place.y), kExpectedSize));
    });
}

void SceneSync::showNext() {
    const NodeId id = waiting_[shown_ % waiting_.size()];
    if (shown_ < waiting_.size())
        showNode(id);
    else
        showEdgesInto(id);
    if (++shown_ < 2 * waiting_.size()) return;
    waiting_.clear();
    expected_ = QRectF();
    early_.clear();
    const QRectF content = contentRect().adjusted(-kSceneMargin, -kSceneMargin, kSceneMargin, kSceneMargin);
    scene_.setSceneRect(content);
}

void SceneSync::rebuild() {
    reset();
    finishRebuild();
}

void SceneSync::startRebuild() {
    reset();
    if (waiting_.size() <= kShownAtOnce) {
        finishRebuild();
        return;
    }
    scene_.setSceneRect(expected_.adjusted(-kSceneMargin, -kSceneMargin, kSceneMargin, kSceneMargin));
    catchUp();
}

void SceneSync::finishRebuild() {
    if (waiting_.empty()) scene_.setSceneRect(QRectF(-kSceneMargin, -kSceneMargin, 2 * kSceneMargin, 2 * kSceneMargin));
    while (!waiting_.empty()) showNext();
}

void SceneSync::catchUp() {
    const auto end = std::chrono::steady_clock::now() + kSlice;
    while (isBehind() && std::chrono::steady_clock::now() < end) {
        for (int count = 0; isBehind() && count < kBetweenLooks; ++count) {
            if (!waiting_.empty())
                showNext();
            else
                showLate(late_[lateNext_++]);
        }
    }
}

void SceneSync::setVisibleRect(const QRectF& scene) {
    visible_ = scene;
    showLateIn(visible_);
}

void SceneSync::postpone(NodeId id) {
    if (isLate_[index(id)]) return;
    isLate_[index(id)] = true;
    ++lateCount_;
    late_.push_back(id);
}

void SceneSync::showLate(NodeId id) {
    if (!isLate_[index(id)]) return;
    isLate_[index(id)] = false;
    if (--lateCount_ == 0) {
        late_.clear();
        lateNext_ = 0;
    }
    if (document_.graph().find(id) == nullptr) return;
    showNode(id);
    showEdgesInto(id);
    placeEdgesOf(id);
}

void SceneSync::showLateIn(const QRectF& rect) {
    if (lateCount_ == 0) return;
    std::size_t shown = 0;
    for (const NodeItem* item : nodesTouching(rect)) {
        if (!isLate_[index(item->id())]) continue;
        showLate(item->id());
        if (++shown == kShownAtOnce) return;
    }
}

std::vector<NodeId> SceneSync::affected(const session::Change& change) const {
    std::vector<NodeId> with(change.touched.nodes);
    with.insert(with.end(), change.inferred.begin(), change.inferred.end());
    const std::size_t changed = with.size();
    for (std::size_t at = 0; at < changed; ++at) {
        // Ports and edges of consumers show what their producers give.
        for (const graph::LinkPlace& place : document_.analysis().consumers(with[at])) with.push_back(place.to);
        // "waits for conv2d" names another node, which may have got another name.
        if (const auto found = waitingFor_.find(with[at]); found != waitingFor_.end())
            with.insert(with.end(), found->second.begin(), found->second.end());
    }
    std::sort(with.begin(), with.end());
    with.erase(std::unique(with.begin(), with.end()), with.end());
    return with;
}

void SceneSync::patch(const session::Change& change) {
    if (change.replaced) {
        rebuild();
        return;
    }
    while (!waiting_.empty()) showNext();
    const graph::Graph& graph = document_.graph();
    nodes_.resize(std::max(nodes_.size(), graph.slotCount()), nullptr);
    edges_.resize(nodes_.size());
    bodies_.resize(nodes_.size());
    causes_.resize(nodes_.size());
    isLate_.resize(nodes_.size());
    std::vector<NodeId> ids = affected(change);
    const bool isMuch = ids.size() > kShownAtOnce;
    if (isMuch) {
        // Which items there are follows from what was touched; the others show other words and that can wait.
        std::vector<NodeId> touched(change.touched.nodes);
        std::sort(touched.begin(), touched.end());
        for (const NodeId id : ids)
            if (!std::binary_search(touched.begin(), touched.end(), id)) postpone(id);
        touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
        ids = std::move(touched);
    }
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
        NodeItem* item = node(id);
        if (item == nullptr || graph.find(id) == nullptr) continue;
        const graph::CanvasPlace place = document_.project().canvas.place(id);
        item->showMoved({place.x, place.y});
        placed(*item);
    }
    for (const NodeId id : change.touched.moved) placeEdgesOf(id);
    if (isMuch) showLateIn(visible_);
    growScene();
}

void SceneSync::placed(NodeItem& item) {
    const QRectF body = item.sceneBody();
    QRectF& before = bodies_[index(item.id())];
    if (body == before) return;
    if (!before.isEmpty()) extent_.remove(before);
    before = body;
    extent_.add(body);
    nodeIndex_.put(&item, body);
    ++generation_;
}

void SceneSync::waitFor(NodeId id, NodeId cause) {
    NodeId& known = causes_[index(id)];
    if (known == cause) return;
    if (known.isValid()) {
        const auto found = waitingFor_.find(known);
        found->second.erase(id);
        if (found->second.empty()) waitingFor_.erase(found);
    }
    known = cause;
    if (cause.isValid()) waitingFor_[cause].insert(id);
}

void SceneSync::showNode(NodeId id) {
    NodeItem*& item = nodes_[index(id)];
    auto view =
        std::make_shared<NodeView>(makeNodeView(document_.project(), document_.analysis(), id, marks_.badge(id)));
    waitFor(id, view->state == infer::State::Blocked ? document_.analysis()[id].blockedBy : NodeId());
    if (item == nullptr) {
        item = new NodeItem;
        const auto early = early_.find(id);
        item->setThumbnail(early == early_.end() ? QImage() : early->second, thumbnailsVisible_);
        if (!item->thumbnail().isNull()) withThumbnail_.insert(id);
        scene_.addItem(item);
        ++nodeCount_;
    } else if (item->view() == *view && item->pos() == view->place) {
        return;
    }
    item->show(std::move(view));
    placed(*item);
    ++generation_;
}

void SceneSync::removeNode(NodeId id) {
    removeEdgesInto(id, 0);
    NodeItem*& item = nodes_[index(id)];
    if (item == nullptr) return;
    waitFor(id, NodeId());
    withThumbnail_.erase(id);
    nodeIndex_.remove(item);
    extent_.remove(bodies_[index(id)]);
    bodies_[index(id)] = QRectF();
    ++generation_;
    delete item;
    item = nullptr;
    marks_.remove(id);
    --nodeCount_;
}

void SceneSync::removeEdgesInto(NodeId id, std::size_t keep) {
    auto& into = edges_[index(id)];
    while (into.size() > keep) {
        edgeIndex_.remove(into.back());
        delete into.back();
        into.pop_back();
    }
}

void SceneSync::showEdgesInto(NodeId id) {
    const graph::Node& consumer = *document_.graph().find(id);
    auto& into = edges_[index(id)];
    removeEdgesInto(id, consumer.inputs.size());
    for (std::size_t slot = 0; slot < consumer.inputs.size(); ++slot) {
        const bool suspicious = marks_.isSuspicious(id, slot);
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
    edgeIndex_.put(&edge, edge.boundingRect());
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
    const ProblemMarks::Changed changed = marks_.update(document_.diagnostics());
    for (const NodeId id : changed.nodes)
        if (node(id) != nullptr) showNode(id);
    for (const NodeId id : changed.consumers)
        if (node(id) != nullptr) showEdgesInto(id);
}

void SceneSync::layOutAgain() {
    for (NodeItem* item : nodes()) {
        item->layOutAgain();
        placed(*item);
    }
    for (EdgeItem* item : edges()) placeEdge(*item);
    for (EdgeItem* item : edges()) item->update();
}

bool SceneSync::setThumbnail(NodeId id, const QImage& picture) {
    NodeItem* item = node(id);
    if (item == nullptr) {
        if (!waiting_.empty()) early_[id] = picture;
        return false;
    }
    if (picture.isNull()) {
        withThumbnail_.erase(id);
    } else {
        withThumbnail_.insert(id);
    }
    if (!item->setThumbnail(picture, thumbnailsVisible_)) return false;
    placed(*item);
    placeEdgesOf(id);
    return true;
}

void SceneSync::clearThumbnails() {
    early_.clear();
    for (const NodeId id : std::set<NodeId>(withThumbnail_)) setThumbnail(id, {});
}

void SceneSync::setThumbnailsVisible(bool visible) {
    thumbnailsVisible_ = visible;
    for (const NodeId id : withThumbnail_) setThumbnail(id, node(id)->thumbnail());
}

void SceneSync::showAt(NodeId id, const QPointF& place) {
    NodeItem* item = node(id);
    if (item == nullptr) return;
    item->setPos(place);
    placed(*item);
    placeEdgesOf(id);
}

void SceneSync::showAtHome(NodeId id) {
    if (const NodeItem* item = node(id)) showAt(id, item->view().place);
}

QRectF SceneSync::contentRect() const { return expected_.united(extent_.rect()); }

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
            << view.blocked << view.suspicious << view.guessed << ' ' << item->from().x() << ',' << item->from().y()
            << ' ' << item->to().x() << ',' << item->to().y() << '\n';
    }
    out.flush();
    return text.toStdString();
}

}  // namespace shapewise::ui
