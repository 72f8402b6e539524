#include "core/session/grouping.h"

#include "core/edit/inside.h"
#include "core/edit/labels.h"
#include "core/graph/seeds.h"
#include "core/graph/topology.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/parts/body.h"
#include "core/session/open_group.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

namespace shapewise::session {

namespace {

using edit::Edit;
using graph::Graph;
using graph::Link;
using graph::Node;
using tensor::TensorType;

/// An output of a node.
using Source = std::pair<NodeId, std::uint16_t>;

/// In another graph a node draws what it drew. `owner`: the node whose layer it uses.
void fixSeed(Node& node, const Node& owner, std::string_view around = {}) {
    node.seed = graph::seedOf(owner, around);
    graph::fixSeedsInside(node);
}

class Grouping {
  public:
    Grouping(const graph::Project& project, const infer::Analysis& analysis, std::span<const NodeId> nodes)
        : project_(project), analysis_(analysis), graph_(project.graph) {
        for (const NodeId id : nodes)
            if (graph_.find(id) != nullptr) chosen_.insert(id);
    }

    Result<Edit> edit();

  private:
    Result<void> check() const;
    Result<void> fill();
    Result<NodeId> inputFor(const Source& source);
    void findOutputs();
    [[nodiscard]] std::shared_ptr<Node> makeModel() const;

    const graph::Project& project_;
    const infer::Analysis& analysis_;
    const Graph& graph_;
    std::set<NodeId> chosen_;
    Graph body_;
    std::vector<edit::Step> places_;  ///< inside
    std::map<NodeId, NodeId> innerOf_;
    std::vector<Source> sources_;      ///< outside, in the order of the model's inputs
    std::map<Source, NodeId> inputs_;  ///< the Input inside of each
    std::vector<Source> outputs_;      ///< outside ids of nodes inside
};

Result<void> Grouping::check() const {
    if (chosen_.empty()) return failure("There is nothing to group", "Select one node or more");
    for (const NodeId id : chosen_) {
        const Node& node = *graph_.find(id);
        if (node.type->isSource() || node.type->outputs.empty())
            return failure(fmt::format("{} cannot be inside a group", node.name),
                           "Select layers; data come from outside");
        for (const NodeId user : graph_.nodesSharingLayerOf(id))
            if (!chosen_.contains(user))
                return failure(fmt::format("{} and {} are calls of one layer", node.name, graph_.find(user)->name),
                               "Select all calls or none");
    }
    // What is behind the group must not lead back into it.
    std::set<NodeId> behind;
    for (const NodeId id : graph::topologicalOrder(graph_).nodes) {
        const Node& node = *graph_.find(id);
        const bool follows = std::any_of(node.inputs.begin(), node.inputs.end(), [&](const Link& link) {
            return behind.contains(link.from) || (chosen_.contains(link.from) && !chosen_.contains(id));
        });
        if (!follows) continue;
        const auto outside = std::find_if(node.inputs.begin(), node.inputs.end(),
                                          [&](const Link& link) { return behind.contains(link.from); });
        if (chosen_.contains(id) && outside != node.inputs.end())
            return failure(fmt::format("{} would be before and behind the group", graph_.find(outside->from)->name),
                           "Select it as well");
        if (!chosen_.contains(id)) behind.insert(id);
    }
    return {};
}

Result<NodeId> Grouping::inputFor(const Source& source) {
    if (const auto known = inputs_.find(source); known != inputs_.end()) return known->second;
    const TensorType* type = analysis_[source.first].outputAt(source.second);
    const Node& producer = *graph_.find(source.first);
    if (type == nullptr)
        return failure(fmt::format("The shape of {} is not known", producer.name),
                       "Repair what is before the group first");
    const NodeId id = body_.nextId();
    auto input = layers::openInput(id, body_.freeName(producer.name + "_input"), *type);
    body_.put(input);
    const graph::CanvasPlace at = project_.canvas.place(source.first);
    places_.emplace_back(edit::MoveNode{id, at});
    inputs_.emplace(source, id);
    sources_.push_back(source);
    return id;
}

Result<void> Grouping::fill() {
    // Inputs first, in the order in which links ask for them, so that they are the model's inputs in that order.
    const std::vector<NodeId> order = graph::topologicalOrder(graph_).nodes;
    for (const NodeId id : order)
        if (chosen_.contains(id))
            for (const Link& link : graph_.find(id)->inputs)
                if (!chosen_.contains(link.from))
                    if (auto input = inputFor({link.from, link.fromPort}); !input) return Unexpected(input.error());
    for (const NodeId id : order) {
        if (!chosen_.contains(id)) continue;
        innerOf_[id] = body_.nextId();
        auto inner = std::make_shared<Node>(*graph_.find(id));
        inner->id = innerOf_[id];
        fixSeed(*inner, *graph_.find(edit::layerOwner(graph_, id)));
        inner->name = body_.freeName(inner->name);
        for (Link& link : inner->inputs) {
            const bool isInside = chosen_.contains(link.from);
            const NodeId from = isInside ? innerOf_.at(link.from) : inputs_.at({link.from, link.fromPort});
            link = {from, isInside ? link.fromPort : std::uint16_t{0}, link.toPort};
        }
        if (const auto owner = innerOf_.find(inner->sharesLayerOf); owner != innerOf_.end())
            inner->sharesLayerOf = owner->second;
        body_.put(inner);
        places_.emplace_back(edit::MoveNode{inner->id, project_.canvas.place(id)});
    }
    return {};
}

void Grouping::findOutputs() {
    std::set<NodeId> feeds;
    std::set<Source> wanted;
    graph_.forEach([&](const Node& node) {
        for (const Link& link : node.inputs) {
            feeds.insert(link.from);
            if (chosen_.contains(link.from) && !chosen_.contains(node.id)) wanted.insert({link.from, link.fromPort});
        }
    });
    for (const NodeId id : chosen_)
        if (!feeds.contains(id)) wanted.insert({id, 0});
    outputs_.assign(wanted.begin(), wanted.end());
}

std::shared_ptr<Node> Grouping::makeModel() const {
    std::shared_ptr<Node> model =
        layers::makeNode(*layers::findLayer("Functional"), graph_.nextId(), graph_.freeName("group"));
    model->body = std::make_shared<const Graph>(body_);
    ValueList ends;
    for (const Source& output : outputs_)
        ends.emplace_back(ValueList{Value(body_.find(innerOf_.at(output.first))->name), Value(int{output.second})});
    model->set("outputs", Value(std::move(ends)));
    return model;
}

Result<Edit> Grouping::edit() {
    if (auto fine = check(); !fine) return Unexpected(fine.error());
    if (auto filled = fill(); !filled) return Unexpected(filled.error());
    findOutputs();
    const std::shared_ptr<Node> model = makeModel();
    const std::vector<NodeId> nodes(chosen_.begin(), chosen_.end());
    Edit edit{fmt::format("Group {}", edit::nodesText(graph_, nodes)), "", {}};
    graph::CanvasPlace place = project_.canvas.place(nodes.front());
    for (const NodeId id : nodes) place.x = std::min(place.x, project_.canvas.place(id).x);
    edit.steps.emplace_back(edit::AddNode{model, place});
    for (const Source& source : sources_)
        edit.steps.emplace_back(edit::Connect{{source.first, source.second, 0}, model->id, std::nullopt});
    graph_.forEach([&](const Node& node) {
        if (chosen_.contains(node.id)) return;
        for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
            const Link& link = node.inputs[slot];
            const auto output = std::find(outputs_.begin(), outputs_.end(), Source{link.from, link.fromPort});
            if (output == outputs_.end()) continue;
            const Link replaced{model->id, static_cast<std::uint16_t>(output - outputs_.begin()), link.toPort};
            edit.steps.emplace_back(edit::Disconnect{node.id, link});
            edit.steps.emplace_back(edit::Connect{replaced, node.id, slot});
        }
    });
    for (const NodeId id : nodes) edit.steps.emplace_back(edit::RemoveNode{id});
    auto places = std::make_shared<Edit>();
    places->steps = places_;
    edit.steps.emplace_back(edit::EditInside{model->id, std::move(places)});
    return edit;
}

}  // namespace

Result<Edit> groupNodes(const graph::Project& project, const infer::Analysis& analysis, std::span<const NodeId> nodes) {
    return Grouping(project, analysis, nodes).edit();
}

Result<Edit> ungroup(const graph::Project& project, const infer::Analysis& analysis, NodeId id) {
    const Graph& graph = project.graph;
    const Node* model = graph.find(id);
    if (model == nullptr || !edit::holdsModel(*model))
        return failure("There is no graph to take out of this node", "Select a group");
    if (graph.nodesSharingLayerOf(id).size() > 1)
        return failure(fmt::format("{} is called {} times", model->name, graph.nodesSharingLayerOf(id).size()),
                       "Its layers are there once: only a model with one call can be taken apart");
    const std::array path{id};
    const Result<OpenGroup> group = openGroup(project, analysis, path);
    if (!group) return Unexpected(group.error());
    const Graph& inside = group->project.graph;
    const std::string around = graph::seedInside(*model);
    const graph::CanvasPlace corner = project.canvas.place(id);
    Edit edit{fmt::format("Ungroup {}", model->name), "", {}};
    std::map<NodeId, NodeId> outerOf;
    std::set<std::string, std::less<>> taken;
    std::uint32_t next = graph.nextId().value;
    double left = std::numeric_limits<double>::max();
    double top = left;
    const auto entryOf = [&](NodeId inner) {
        const auto found = std::find(group->inputs.begin(), group->inputs.end(), inner);
        return found == group->inputs.end() ? model->inputs.size()
                                            : static_cast<std::size_t>(found - group->inputs.begin());
    };
    const std::vector<NodeId> order = graph::topologicalOrder(inside).nodes;
    for (const NodeId inner : order) {
        if (entryOf(inner) < model->inputs.size()) continue;
        left = std::min(left, group->project.canvas.place(inner).x);
        top = std::min(top, group->project.canvas.place(inner).y);
    }
    // Where a link inside comes from, seen from outside.
    const auto outside = [&](const Link& link) -> std::optional<Link> {
        if (const std::size_t entry = entryOf(link.from); entry < model->inputs.size())
            return Link{model->inputs[entry].from, model->inputs[entry].fromPort, link.toPort};
        const auto found = outerOf.find(link.from);
        return found == outerOf.end() ? std::nullopt : std::optional(Link{found->second, link.fromPort, link.toPort});
    };
    for (const NodeId inner : order) {
        if (entryOf(inner) < model->inputs.size()) continue;
        auto node = std::make_shared<Node>(*inside.find(inner));
        node->id = NodeId(next++);
        fixSeed(*node, *inside.find(edit::layerOwner(inside, inner)), around);
        node->name = graph.freeName(node->name, taken);
        taken.insert(node->name);
        std::vector<Link> links;
        for (const Link& link : node->inputs)
            if (const std::optional<Link> from = outside(link)) links.push_back(*from);
        node->inputs = std::move(links);
        if (const auto owner = outerOf.find(node->sharesLayerOf); owner != outerOf.end())
            node->sharesLayerOf = owner->second;
        outerOf[inner] = node->id;
        graph::CanvasPlace place = group->project.canvas.place(inner);
        place.x += corner.x - left;
        place.y += corner.y - top;
        edit.steps.emplace_back(edit::AddNode{std::move(node), place});
    }
    const std::vector<const TensorType*> types = analysis.inputTypes(*model);
    const layers::Body body(layers::Params(*model), types);
    graph.forEach([&](const Node& consumer) {
        for (std::size_t slot = 0; slot < consumer.inputs.size(); ++slot) {
            const Link& link = consumer.inputs[slot];
            if (link.from != id || link.fromPort >= body.ends().size()) continue;
            const layers::BodyEnd& end = body.ends()[link.fromPort];
            const std::optional<Link> from =
                outside({body.nodes()[end.node].node->id, static_cast<std::uint16_t>(end.port), link.toPort});
            if (!from) continue;
            edit.steps.emplace_back(edit::Disconnect{consumer.id, link});
            edit.steps.emplace_back(edit::Connect{*from, consumer.id, slot});
        }
    });
    edit.steps.emplace_back(edit::RemoveNode{id});
    return edit;
}

}  // namespace shapewise::session
