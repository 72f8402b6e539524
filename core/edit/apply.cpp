#include "core/edit/apply.h"

#include "core/base/text.h"
#include "core/edit/inside.h"
#include "core/edit/loop_guard.h"
#include "core/graph/seeds.h"
#include "core/graph/topology.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::edit {

namespace {

using graph::Graph;
using graph::Link;
using graph::LinkPlace;
using graph::Node;

bool hasPort(const Node& node, std::uint16_t port) { return port < node.inputPortCount; }

/// "conv1 → conv2 → conv3"; the middle of a long way is left out.
std::string wayText(const Graph& graph, const std::vector<NodeId>& way) {
    constexpr std::size_t kShownAtEachEnd = 4;
    std::string text;
    for (std::size_t index = 0; index < way.size(); ++index) {
        const bool skips = way.size() > 2 * kShownAtEachEnd + 1 && index == kShownAtEachEnd;
        if (index > 0) text += " → ";
        if (skips) {
            index = way.size() - kShownAtEachEnd - 1;
            text += "…";
            continue;
        }
        text += graph.find(way[index])->name;
    }
    return text;
}

/// Links of `old` that fit the ports of `node`: what no longer has a port goes to the one that takes many, if there
/// is one; a port for one link keeps the first.
std::vector<Link> linksThatFit(const Node& node, const std::vector<Link>& old) {
    std::vector<Link> kept;
    for (Link link : old) {
        if (!hasPort(node, link.toPort)) {
            if (node.manyPort == Node::kNoManyPort) continue;
            link.toPort = node.manyPort;
        }
        const bool isTaken =
            std::any_of(kept.begin(), kept.end(), [&](const Link& l) { return l.toPort == link.toPort; });
        if (!isTaken || link.toPort == node.manyPort) kept.push_back(link);
    }
    std::stable_sort(kept.begin(), kept.end(), [](const Link& a, const Link& b) { return a.toPort < b.toPort; });
    return kept;
}

/// Carries out the steps one after the other on a copy of the project.
class Application {
  public:
    Application(const graph::Project& project, const WiringIndex* wiring)
        : applied_{project, {}}, wiring_(wiring), guard_(project.graph, wiring) {}

    Result<void> operator()(const AddNode& step);
    Result<void> operator()(const RemoveNode& step);
    Result<void> operator()(const ReplaceNode& step);
    Result<void> operator()(const SetParameter& step);
    Result<void> operator()(const RenameNode& step);
    Result<void> operator()(const Connect& step);
    Result<void> operator()(const Disconnect& step);
    Result<void> operator()(const MoveNode& step);
    Result<void> operator()(const SetWeights& step);
    Result<void> operator()(const SetRunSettings& step);
    Result<void> operator()(const Dismiss& step);
    Result<void> operator()(const EditInside& step);

    [[nodiscard]] Applied finish() && { return std::move(applied_); }

  private:
    [[nodiscard]] Graph& graph() { return applied_.project.graph; }

    Result<void> requireNode(NodeId id, std::string_view deed) {
        if (graph().find(id) != nullptr) return {};
        return failure(fmt::format("There is no node to {}", deed), "It was removed; look at the graph as it is now");
    }
    Result<void> requireFreeName(const std::string& name, NodeId owner);
    Result<void> requireLinkable(const Link& link, const Node& to);

    /// Puts a changed copy of a node in its place.
    template <class Change>
    void change(NodeId id, Change&& apply) {
        auto node = std::make_shared<Node>(*graph().find(id));
        apply(*node);
        graph().put(std::move(node));
        applied_.touched.nodes.push_back(id);
    }
    template <class Change>
    void changeAllThatShare(NodeId id, Change&& apply) {
        for (const NodeId user : graph().nodesSharingLayerOf(id)) change(user, apply);
    }
    void leaveSharedLayer(NodeId id);
    /// Of the layer that the node uses.
    [[nodiscard]] std::string ownSeed(NodeId id) { return graph::seedOf(*graph().find(layerOwner(graph(), id))); }
    [[nodiscard]] std::vector<NodeId> consumersOf(NodeId id);

    Applied applied_;
    const WiringIndex* wiring_;
    LoopGuard guard_;
    std::vector<std::pair<NodeId, NodeId>> newLinks_;  ///< (producer, consumer), not in wiring_
};

Result<void> Application::requireFreeName(const std::string& name, NodeId owner) {
    if (name.empty()) return failure("A node needs a name", "Type one letter or more");
    const Node* other = graph().findByName(name);
    if (other == nullptr || other->id == owner) return {};
    return failure(fmt::format("The name '{}' is taken", name), fmt::format("'{}' is free", graph().freeName(name)));
}

Result<void> Application::requireLinkable(const Link& link, const Node& to) {
    if (auto found = requireNode(link.from, "connect from"); !found) return found;
    const Node& from = *graph().find(link.from);
    if (from.id == to.id) return failure(fmt::format("{} cannot feed itself", to.name), "Connect it to another node");
    if (to.inputPortCount == 0)
        return failure(fmt::format("{} takes no input", to.name), "Connect to a node that has an input port");
    if (!hasPort(to, link.toPort))
        return failure(fmt::format("{} has no input port {}", to.name, link.toPort + 1),
                       "It has " + counted(static_cast<std::int64_t>(to.inputPortCount), "input port"));
    if (!guard_.wouldCloseLoop(graph(), from.id, to.id)) return {};
    std::vector<NodeId> loop = graph::path(graph(), to.id, from.id);
    loop.push_back(to.id);
    return failure(
        fmt::format("A link from {} to {} would close the loop {}", from.name, to.name, wayText(graph(), loop)),
        "Remove one of these links first");
}

Result<void> Application::operator()(const AddNode& step) {
    if (!step.node || step.node->type == nullptr) return failure("A node to add needs a layer type");
    const Node& node = *step.node;
    if (node.id != graph().nextId())
        return failure(
            fmt::format("'{}' has number {} where {} is next", node.name, node.id.value, graph().nextId().value),
            "Number new nodes upwards from the graph's next number");
    if (auto free = requireFreeName(node.name, node.id); !free) return free;
    if (node.sharesLayerOf.isValid())
        if (auto found = requireNode(node.sharesLayerOf, "share the layer of"); !found) return found;
    const std::vector<Link> links = node.inputs;
    const Node* owner = graph().find(node.sharesLayerOf);
    if (links.empty() && owner == nullptr && !node.seed.empty() && node.body == nullptr) {
        graph().put(step.node);
    } else {
        auto bare = std::make_shared<Node>(node);
        bare->inputs.clear();
        if (owner != nullptr)
            bare->seed = graph::seedOf(*owner);
        else if (bare->seed.empty())
            bare->seed = graph().freshSeed(bare->name);
        graph::fixSeedsInside(*bare);
        graph().put(std::move(bare));
    }
    applied_.touched.nodes.push_back(node.id);
    applied_.touched.moved.push_back(node.id);
    applied_.touched.wiring = true;
    applied_.project.canvas.setPlace(node.id, step.place);
    for (const Link& link : links)
        if (auto connected = (*this)(Connect{link, node.id, std::nullopt}); !connected) return connected;
    return {};
}

/// Gives the layer that `id` owns to the first of those who share it, so that they keep sharing.
void Application::leaveSharedLayer(NodeId id) {
    const std::vector<NodeId> users = graph().nodesSharingLayerOf(id);
    if (graph().find(id)->sharesLayerOf.isValid() || users.size() < 2) return;
    const NodeId heir = users[1];
    const std::string seed = graph::seedOf(*graph().find(id));
    for (std::size_t index = 1; index < users.size(); ++index)
        change(users[index], [&](Node& node) {
            node.sharesLayerOf = users[index] == heir ? NodeId() : heir;
            node.seed = seed;
        });
    graph::Canvas& canvas = applied_.project.canvas;
    if (const graph::Canvas* inside = canvas.inside(id)) canvas.setInside(heir, graph::Canvas(*inside));
}

/// Each node that `id` feeds now, once.
std::vector<NodeId> Application::consumersOf(NodeId id) {
    std::vector<NodeId> consumers;
    if (wiring_ != nullptr) {
        for (const LinkPlace& place : wiring_->consumers(id)) consumers.push_back(place.to);
        for (const auto& [from, to] : newLinks_)
            if (from == id) consumers.push_back(to);
    } else {
        for (const LinkPlace& place : graph::linksFrom(graph(), id)) consumers.push_back(place.to);
    }
    std::sort(consumers.begin(), consumers.end());
    consumers.erase(std::unique(consumers.begin(), consumers.end()), consumers.end());
    std::erase_if(consumers, [&](NodeId consumer) {
        const Node* node = graph().find(consumer);
        return node == nullptr || std::none_of(node->inputs.begin(), node->inputs.end(),
                                               [&](const Link& link) { return link.from == id; });
    });
    return consumers;
}

Result<void> Application::operator()(const RemoveNode& step) {
    if (auto found = requireNode(step.node, "remove"); !found) return found;
    leaveSharedLayer(step.node);
    for (const NodeId consumer : consumersOf(step.node))
        change(consumer,
               [&](Node& node) { std::erase_if(node.inputs, [&](const Link& l) { return l.from == step.node; }); });
    graph().erase(step.node);
    applied_.project.canvas.forgetInside(step.node);
    applied_.touched.nodes.push_back(step.node);
    applied_.touched.wiring = true;
    return {};
}

Result<void> Application::operator()(const ReplaceNode& step) {
    if (!step.node || step.node->type == nullptr) return failure("A node to put in place needs a layer type");
    const NodeId id = step.node->id;
    if (auto found = requireNode(id, "replace"); !found) return found;
    if (auto free = requireFreeName(step.node->name, id); !free) return free;
    const Node& old = *graph().find(id);
    auto node = std::make_shared<Node>(*step.node);
    node->inputs = linksThatFit(*node, old.inputs);
    if (node->seed.empty()) node->seed = ownSeed(id);
    graph::fixSeedsInside(*node);
    if (node->inputs != old.inputs) applied_.touched.wiring = true;
    if (node->type == old.type && !node->sharesLayerOf.isValid()) {
        node->sharesLayerOf = old.sharesLayerOf;
        changeAllThatShare(id, [&](Node& user) {
            user.settings = node->settings;
            user.weights = node->weights;
            user.body = node->body;
        });
    } else if (node->type != old.type) {
        leaveSharedLayer(id);
    }
    graph().put(std::move(node));
    applied_.touched.nodes.push_back(id);
    return {};
}

Result<void> Application::operator()(const SetParameter& step) {
    if (auto found = requireNode(step.node, "set a parameter of"); !found) return found;
    if (step.key.empty()) return failure("A parameter to set needs a name");
    const Value* now = graph().find(step.node)->setting(ParamKey::of(step.key));
    if (step.value ? now != nullptr && *now == *step.value : now == nullptr) return {};
    changeAllThatShare(step.node, [&](Node& node) {
        if (step.value)
            node.set(step.key, *step.value);
        else
            node.reset(step.key);
    });
    return {};
}

Result<void> Application::operator()(const RenameNode& step) {
    if (auto found = requireNode(step.node, "rename"); !found) return found;
    if (auto free = requireFreeName(step.name, step.node); !free) return free;
    if (graph().find(step.node)->name == step.name) return {};
    // What draws by the name goes on drawing it, in the calls of a shared layer as well.
    const std::string seed = ownSeed(step.node);
    if (graph().find(step.node)->seed != seed)
        changeAllThatShare(step.node, [&](Node& node) {
            node.seed = seed;
            graph::fixSeedsInside(node);
        });
    change(step.node, [&](Node& node) { node.name = step.name; });
    return {};
}

Result<void> Application::operator()(const Connect& step) {
    if (auto found = requireNode(step.to, "connect to"); !found) return found;
    const Node& to = *graph().find(step.to);
    if (auto linkable = requireLinkable(step.link, to); !linkable) return linkable;
    const bool takesMany = step.link.toPort == to.manyPort;
    std::vector<Link> inputs = to.inputs;
    if (!takesMany) std::erase_if(inputs, [&](const Link& link) { return link.toPort == step.link.toPort; });
    const auto first =
        std::find_if(inputs.begin(), inputs.end(), [&](const Link& l) { return l.toPort >= step.link.toPort; });
    const auto last = std::find_if(first, inputs.end(), [&](const Link& l) { return l.toPort > step.link.toPort; });
    auto place = last;
    if (step.slot) {
        const auto wanted = static_cast<std::ptrdiff_t>(std::min(*step.slot, inputs.size()));
        place = inputs.begin() + std::clamp(wanted, first - inputs.begin(), last - inputs.begin());
    }
    inputs.insert(place, step.link);
    if (inputs == to.inputs) return {};
    change(step.to, [&](Node& node) { node.inputs = std::move(inputs); });
    newLinks_.emplace_back(step.link.from, step.to);
    applied_.touched.wiring = true;
    return {};
}

Result<void> Application::operator()(const Disconnect& step) {
    if (auto found = requireNode(step.to, "disconnect"); !found) return found;
    const Node& to = *graph().find(step.to);
    const auto link = std::find(to.inputs.begin(), to.inputs.end(), step.link);
    if (link == to.inputs.end()) {
        const Node* from = graph().find(step.link.from);
        return failure(fmt::format("There is no link from {} to input port {} of {}",
                                   from ? from->name : "a removed node", step.link.toPort + 1, to.name),
                       "It was removed; look at the graph as it is now");
    }
    const auto slot = link - to.inputs.begin();
    change(step.to, [&](Node& node) { node.inputs.erase(node.inputs.begin() + slot); });
    applied_.touched.wiring = true;
    return {};
}

Result<void> Application::operator()(const MoveNode& step) {
    if (auto found = requireNode(step.node, "move"); !found) return found;
    if (applied_.project.canvas.place(step.node) == step.place) return {};
    applied_.project.canvas.setPlace(step.node, step.place);
    applied_.touched.moved.push_back(step.node);
    return {};
}

Result<void> Application::operator()(const SetWeights& step) {
    if (auto found = requireNode(step.node, "set the weights of"); !found) return found;
    const Node& present = *graph().find(step.node);
    if (present.weights == step.weights && !present.builtFor) return {};
    changeAllThatShare(step.node, [&](Node& node) {
        node.weights = step.weights;
        node.builtFor.reset();
    });
    return {};
}

Result<void> Application::operator()(const SetRunSettings& step) {
    if (applied_.project.run == step.run) return {};
    applied_.project.run = step.run;
    applied_.touched.runSettings = true;
    return {};
}

Result<void> Application::operator()(const Dismiss& step) {
    std::set<std::string>& dismissed = applied_.project.dismissed;
    const bool changed =
        step.dismissed ? dismissed.insert(step.diagnosticKey).second : dismissed.erase(step.diagnosticKey) > 0;
    if (changed) applied_.touched.dismissals = true;
    return {};
}

Result<void> Application::operator()(const EditInside& step) {
    if (auto found = requireNode(step.model, "edit the inside of"); !found) return found;
    const Node& model = *graph().find(step.model);
    if (!holdsModel(model))
        return failure(fmt::format("{} has no graph inside", model.name), "Only nested models can be opened");
    const graph::Project before = projectInside(applied_.project, model);
    Result<Applied> inner = apply(before, *step.edit);
    if (!inner) return Unexpected(std::move(inner).error());
    const graph::Project& after = inner->project;
    Touched& touched = applied_.touched;
    if (!after.graph.sharesAllWith(before.graph)) {
        const auto body = std::make_shared<const Graph>(after.graph);
        const std::vector<graph::Setting> settings = settingsWithEnds(model, before.graph, after.graph);
        changeAllThatShare(step.model, [&](Node& node) {
            node.body = body;
            node.settings = settings;
        });
    }
    if (!after.canvas.sharesAllWith(before.canvas)) {
        applied_.project.canvas.setInside(layerOwner(graph(), step.model), after.canvas);
        touched.moved.push_back(step.model);
    }
    if (inner->touched.runSettings) applied_.project.run = after.run;
    if (inner->touched.dismissals) takeDismissals(applied_.project, model.name, after.dismissed);
    touched.runSettings = touched.runSettings || inner->touched.runSettings;
    touched.dismissals = touched.dismissals || inner->touched.dismissals;
    return {};
}

}  // namespace

Result<Applied> apply(const graph::Project& project, const Edit& edit, const WiringIndex* wiring) {
    Application application(project, wiring);
    for (const Step& step : edit.steps)
        if (auto done = std::visit(application, step); !done) return Unexpected(std::move(done).error());
    return std::move(application).finish();
}

}  // namespace shapewise::edit
