#include "core/mistakes/repair/plan.h"

#include "core/layers/framework/catalog.h"

#include <algorithm>

namespace shapewise::mistakes {
namespace {

using graph::Link;
using graph::LinkPlace;
using layers::LayerType;
using layers::ParamKind;
using layers::ParamSpec;

constexpr double kNodeDistance = 60.0;  ///< canvas units between a node and one put beside it
constexpr double kColumn = 300.0;       ///< from one column of the layout to the next
constexpr std::size_t kMostMoved = 500;

/// A node and what lies behind it on the canvas, nearest first; empty when that is too much to move.
std::vector<NodeId> placedBehind(const graph::Project& project, const infer::Analysis& analysis, NodeId start) {
    std::vector<NodeId> order{start};
    const double left = project.canvas.place(start).x;
    for (std::size_t index = 0; index < order.size(); ++index)
        for (const LinkPlace& place : analysis.consumers(order[index])) {
            if (project.canvas.place(place.to).x < left || std::ranges::find(order, place.to) != order.end()) continue;
            if (order.size() == kMostMoved) return {};
            order.push_back(place.to);
        }
    return order;
}

/// A value of a per-axis parameter for another number of axes.
Value forAxes(const Value& value, int axes) {
    if (!value.isList() || value.asList().empty()) return value;
    const ValueList& list = value.asList();
    if (axes == 1) return list.front();
    ValueList result = list;
    result.resize(static_cast<std::size_t>(axes), list.back());
    return Value(std::move(result));
}

bool isPerAxis(const ParamSpec& spec) { return spec.kind == ParamKind::Spatial || spec.kind == ParamKind::Padding; }

bool acceptsChoice(const ParamSpec& spec, const Value& value) {
    if (spec.kind != ParamKind::Choice || !value.isText()) return true;
    return std::ranges::find(spec.choices, std::string_view(value.asText())) != spec.choices.end();
}

void put(Settings& settings, std::string_view key, Value value) {
    for (auto& [present, old] : settings)
        if (present == key) {
            old = std::move(value);
            return;
        }
    settings.emplace_back(key, std::move(value));
}

}  // namespace

Settings settingsFor(const graph::Node& node, const LayerType& type) {
    Settings settings;
    for (const ParamSpec& spec : type.params) {
        const ParamSpec* own = node.type->param(spec.key);
        const Value* value = own ? node.setting(ParamKey::of(spec.key)) : nullptr;
        if (value && own->kind == spec.kind && acceptsChoice(spec, *value))
            settings.emplace_back(spec.key,
                                  isPerAxis(spec) && own->axes != spec.axes ? forAxes(*value, spec.axes) : *value);
        else if (spec.required && !value)
            settings.emplace_back(spec.key, spec.initial);
    }
    return settings;
}

Value layerValue(const graph::Node& node, const LayerType& type, const Settings& overrides) {
    Settings settings = settingsFor(node, type);
    for (const auto& [key, value] : overrides) put(settings, key, value);
    ValueDict config;
    for (auto& [key, value] : settings) config.emplace_back(std::string(key), std::move(value));
    ValueDict layer;
    layer.emplace_back("class_name", Value(type.className));
    layer.emplace_back("config", Value(std::move(config)));
    return Value(std::move(layer));
}

Settings innerSettings(const InnerLayer& inner) {
    Settings settings;
    if (!inner.type || !inner.config || !inner.config->isDict()) return settings;
    for (const auto& [key, value] : inner.config->asDict())
        if (const layers::ParamSpec* spec = inner.type->param(key)) settings.emplace_back(spec->key, value);
    return settings;
}

Value withInnerSetting(const Value& layer, std::string_view key, const Value& value) {
    ValueDict result = layer.isDict() ? layer.asDict() : ValueDict{};
    for (auto& [name, entry] : result) {
        if (name != "config" || !entry.isDict()) continue;
        ValueDict config = entry.asDict();
        const auto present = std::ranges::find_if(config, [&](const auto& pair) { return pair.first == key; });
        if (present != config.end())
            present->second = value;
        else
            config.emplace_back(std::string(key), value);
        entry = Value(std::move(config));
    }
    return Value(std::move(result));
}

Plan::Plan(const graph::Project& project, const infer::Analysis& analysis)
    : project_(&project), analysis_(&analysis), nextId_(project.graph.nextId().value) {}

std::string Plan::freeName(const std::string& wanted) {
    const auto isTaken = [&](const std::string& name) {
        return project_->graph.findByName(name) || std::ranges::find(names_, name) != names_.end();
    };
    std::string name = project_->graph.freeName(wanted);
    for (int number = 1; isTaken(name); ++number) name = wanted + "_" + std::to_string(number);
    names_.push_back(name);
    return name;
}

NodeId Plan::make(std::string_view className, const Settings& settings, graph::CanvasPlace place) {
    const LayerType* type = layers::findLayer(className);
    if (!type) {
        isPossible_ = false;
        return {};
    }
    const NodeId id(nextId_++);
    const auto node = layers::makeInitialNode(*type, id, freeName(layers::automaticName(*type)));
    for (const auto& [key, value] : settings) {
        if (!hasParameter(*type, key))
            isPossible_ = false;
        else
            node->set(key, value);
    }
    steps_.emplace_back(edit::AddNode{node, place});
    return id;
}

NodeId Plan::insert(LinkPlace place, std::string_view className, const Settings& settings) {
    const graph::Node* consumer = project_->graph.find(place.to);
    if (!consumer || place.slot >= consumer->inputs.size()) {
        isPossible_ = false;
        return {};
    }
    auto chain = std::ranges::find_if(chains_, [&](const Chain& entry) { return entry.place == place; });
    if (chain == chains_.end()) {
        const Link original = consumer->inputs[place.slot];
        chains_.push_back(Chain{place, original, original.from, {}});
        chain = chains_.end() - 1;
    }
    const std::uint16_t fromPort = chain->steps.empty() ? chain->original.fromPort : std::uint16_t{0};
    chain->steps.push_back(steps_.size());
    const NodeId id = make(className, settings, {});
    if (id.isValid()) steps_.emplace_back(edit::Connect{Link{chain->last, fromPort, 0}, id, std::nullopt});
    chain->last = id;
    return id;
}

/// Spreads new nodes between the ends of their link; what lies behind moves to the right where room is short.
void Plan::placeChain(const Chain& chain) {
    const graph::CanvasPlace from = project_->canvas.place(chain.original.from);
    graph::CanvasPlace to = project_->canvas.place(chain.place.to);
    const bool isPlaced = from.x != to.x || from.y != to.y;
    const double needed = kColumn * static_cast<double>(chain.steps.size() + 1);
    const double shift = needed - (to.x - from.x);
    if (isPlaced && to.x > from.x && shift > 0.0) {
        to.x += shift;
        for (const NodeId id : placedBehind(*project_, *analysis_, chain.place.to)) {
            graph::CanvasPlace place = project_->canvas.place(id);
            place.x += shift;
            steps_.emplace_back(edit::MoveNode{id, place});
        }
    }
    for (std::size_t index = 0; index < chain.steps.size(); ++index) {
        const double share = static_cast<double>(index + 1) / static_cast<double>(chain.steps.size() + 1);
        auto& added = std::get<edit::AddNode>(steps_[chain.steps[index]]);
        added.place.x = from.x + (to.x - from.x) * share;
        added.place.y = from.y + (to.y - from.y) * share;
    }
}

NodeId Plan::add(std::string_view className, const Settings& settings, const std::vector<Link>& links, NodeId near) {
    graph::CanvasPlace place = project_->canvas.place(near);
    place.x -= kNodeDistance;
    place.y += kNodeDistance;
    const NodeId id = make(className, settings, place);
    if (!id.isValid()) return id;
    for (const Link& link : links) steps_.emplace_back(edit::Connect{link, id, std::nullopt});
    return id;
}

void Plan::disconnect(LinkPlace place) {
    const graph::Node* consumer = project_->graph.find(place.to);
    if (!consumer || place.slot >= consumer->inputs.size()) {
        isPossible_ = false;
        return;
    }
    steps_.emplace_back(edit::Disconnect{place.to, consumer->inputs[place.slot]});
}

void Plan::feed(LinkPlace place, NodeId from, std::uint16_t fromPort) {
    const graph::Node* consumer = project_->graph.find(place.to);
    if (!consumer || place.slot >= consumer->inputs.size() || !from.isValid()) {
        isPossible_ = false;
        return;
    }
    const Link& old = consumer->inputs[place.slot];
    steps_.emplace_back(edit::Disconnect{place.to, old});
    steps_.emplace_back(edit::Connect{Link{from, fromPort, old.toPort}, place.to, place.slot});
}

void Plan::connect(const Link& link, NodeId to) { steps_.emplace_back(edit::Connect{link, to, std::nullopt}); }

void Plan::set(NodeId node, std::string_view key, Value value) {
    steps_.emplace_back(edit::SetParameter{node, std::string(key), std::move(value)});
}

void Plan::reset(NodeId node, std::string_view key) {
    steps_.emplace_back(edit::SetParameter{node, std::string(key), std::nullopt});
}

void Plan::replace(const graph::Node& node, const LayerType& type, const Settings& settings) {
    const auto replacement = layers::makeNode(type, node.id, node.name);
    for (const auto& [key, value] : settingsFor(node, type)) replacement->set(key, value);
    for (const auto& [key, value] : settings) {
        if (!hasParameter(type, key))
            isPossible_ = false;
        else
            replacement->set(key, value);
    }
    replacement->inputs = node.inputs;
    steps_.emplace_back(edit::ReplaceNode{replacement});
}

void Plan::bypass(const graph::Node& node) {
    const auto consumers = analysis_->consumers(node.id);
    const std::vector<LinkPlace> places(consumers.begin(), consumers.end());
    if (node.inputs.empty() && !places.empty()) {
        isPossible_ = false;
        return;
    }
    for (const LinkPlace& place : places) feed(place, node.inputs.front().from, node.inputs.front().fromPort);
    remove(node.id);
}

void Plan::remove(NodeId node) { steps_.emplace_back(edit::RemoveNode{node}); }

edit::Edit Plan::take(std::string label) {
    for (const Chain& chain : chains_) {
        placeChain(chain);
        steps_.emplace_back(edit::Disconnect{chain.place.to, chain.original});
        steps_.emplace_back(
            edit::Connect{Link{chain.last, 0, chain.original.toPort}, chain.place.to, chain.place.slot});
    }
    chains_.clear();
    edit::Edit edit;
    edit.label = std::move(label);
    edit.steps = std::move(steps_);
    return edit;
}

}  // namespace shapewise::mistakes
