#include "ui/canvas/canvas_marks.h"

#include "core/layers/framework/layer.h"
#include "ui/session/document_model.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr double kMarkMargin = 64.0;  ///< ports and shadows reach beyond a body

bool takesRank(const layers::LayerType& type, std::size_t port, int rank) {
    if (type.inputs.empty() || rank < 0) return true;
    const layers::PortSpec& spec = type.inputs[std::min(port, type.inputs.size() - 1)];
    return rank >= spec.minimumRank && rank <= spec.maximumRank;
}

/// Nodes of `asked` that feed `end` when it is an output, or are fed by it: a link to them would close a loop. Looks no
/// farther along the order of the graph than they stand.
std::set<NodeId> closingLoop(const DocumentModel& document, const LooseLink& end, const std::vector<NodeItem*>& asked) {
    const infer::Analysis& analysis = document.analysis();
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (const NodeItem* item : asked) {
        first = std::min(first, analysis.position(item->id()));
        last = std::max(last, analysis.position(item->id()));
    }
    const auto isBeyond = [&](NodeId id) {
        if (analysis.hasLoops()) return false;
        return end.fromOutput ? analysis.position(id) < first : analysis.position(id) > last;
    };
    std::set<NodeId> found{end.node};
    std::vector<NodeId> open{end.node};
    const auto visit = [&](NodeId id) {
        if (!isBeyond(id) && found.insert(id).second) open.push_back(id);
    };
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (!end.fromOutput) {
            for (const graph::LinkPlace& place : analysis.consumers(id)) visit(place.to);
        } else if (const graph::Node* node = document.graph().find(id)) {
            for (const graph::Link& link : node->inputs) visit(link.from);
        }
    }
    return found;
}

void setEdgeLook(const SceneSync& sync, const std::optional<graph::LinkPlace>& at, bool EdgeLook::*mark, bool on) {
    EdgeItem* edge = at ? sync.edge(*at) : nullptr;
    if (edge == nullptr) return;
    EdgeLook look = edge->look();
    look.*mark = on;
    edge->setLook(look);
}

void moveEdgeMark(const SceneSync& sync, std::optional<graph::LinkPlace>& from,
                  const std::optional<graph::LinkPlace>& to, bool EdgeLook::*mark) {
    if (from == to) return;
    setEdgeLook(sync, from, mark, false);
    from = to;
    setEdgeLook(sync, from, mark, true);
}

}  // namespace

void CanvasMarks::hover(const Hit& hit) {
    if (hit == hovered_) return;
    const auto mark = [this](const Hit& at, bool on) {
        if (NodeItem* node = sync_.node(at.node)) {
            NodeLook look = node->look();
            look.hovered = on && at.kind == Hit::Kind::Node;
            look.grownInputs = on && at.kind == Hit::Kind::Input ? std::vector<int>{at.port} : std::vector<int>{};
            look.grownOutputs = on && at.kind == Hit::Kind::Output ? std::vector<int>{at.port} : std::vector<int>{};
            node->setLook(std::move(look));
        }
        if (at.kind == Hit::Kind::Edge) setEdgeLook(sync_, at.link, &EdgeLook::hovered, on);
    };
    mark(hovered_, false);
    hovered_ = hit;
    mark(hovered_, true);
}

void CanvasMarks::splice(const std::optional<graph::LinkPlace>& link) {
    moveEdgeMark(sync_, splice_, link, &EdgeLook::spliceTarget);
}

void CanvasMarks::fade(const std::optional<graph::LinkPlace>& link) {
    moveEdgeMark(sync_, fade_, link, &EdgeLook::faded);
}

void CanvasMarks::clear() {
    hover({});
    splice(std::nullopt);
    fade(std::nullopt);
    targets(std::nullopt);
}

void CanvasMarks::setVisibleRect(const QRectF& scene) {
    visible_ = scene;
    if (end_) markTargetsIn(scene);
}

void CanvasMarks::targets(const std::optional<LooseLink>& end) {
    for (const NodeId id : marked_)
        if (NodeItem* item = sync_.node(id)) item->setLook({});
    marked_.clear();
    end_ = end;
    if (end_) markTargetsIn(visible_);
}

void CanvasMarks::markTargetsIn(const QRectF& scene) {
    std::vector<NodeItem*> fresh =
        sync_.nodesTouching(scene.adjusted(-kMarkMargin, -kMarkMargin, kMarkMargin, kMarkMargin));
    std::erase_if(fresh, [this](const NodeItem* item) { return marked_.count(item->id()) > 0; });
    if (fresh.empty()) return;
    const std::set<NodeId> loops = closingLoop(document_, *end_, fresh);
    for (NodeItem* item : fresh) {
        marked_.insert(item->id());
        item->setLook(targetLook(*item, loops.count(item->id()) > 0));
    }
}

NodeLook CanvasMarks::targetLook(const NodeItem& item, bool closesLoop) const {
    NodeLook look;
    look.faded = item.id() != end_->node;
    if (!look.faded) (end_->fromOutput ? look.grownOutputs : look.grownInputs).push_back(end_->port);
    if (closesLoop) return look;
    const NodeView& view = item.view();
    const NodeItem* fixed = sync_.node(end_->node);
    if (end_->fromOutput) {
        const auto& outputs = fixed->view().outputs;
        const int rank = end_->port < outputs.size() ? outputs[end_->port].rank : -1;
        const layers::LayerType& type = *document_.graph().find(item.id())->type;
        for (std::size_t port = 0; port < view.inputs.size(); ++port)
            if (takesRank(type, port, rank)) look.grownInputs.push_back(static_cast<int>(port));
    } else {
        const layers::LayerType& type = *document_.graph().find(end_->node)->type;
        for (std::size_t port = 0; port < view.outputs.size(); ++port)
            if (takesRank(type, end_->port, view.outputs[port].rank))
                look.grownOutputs.push_back(static_cast<int>(port));
    }
    return look;
}

}  // namespace shapewise::ui
