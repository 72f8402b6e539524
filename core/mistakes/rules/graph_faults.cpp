// Wiring and files: inputs without a link, too few or too many, loops, classes nobody knows, files that are not there.

#include "core/mistakes/rules/rule.h"

#include "core/graph/topology.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/parts/data_node.h"
#include "core/mistakes/rules/nested_model.h"

#include <algorithm>
#include <tuple>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::say;
using diag::setArgument;
using graph::Link;
using graph::Node;
using layers::LayerType;

/// As it was written: names and paths, where textOf is for choices.
std::string writtenText(const Node& node, std::string_view key) {
    const Value& value = valueOf(node, key);
    return value.isText() ? value.asText() : std::string();
}

std::string argumentOr(const Case& input, diag::ArgumentName name, std::string_view otherwise) {
    return diag::textOf(input.refusal.arguments, name, otherwise);
}

/// The port a refusal names, else the first one that needs a link and has none, else the last.
std::uint16_t missingPort(const Case& input) {
    const std::string name = argumentOr(input, "port", "");
    const auto& ports = input.type.inputs;
    const auto isLinked = [&](std::size_t port) {
        return std::ranges::any_of(input.node.inputs, [&](const Link& link) { return link.toPort == port; });
    };
    for (std::size_t port = 0; port < ports.size(); ++port)
        if (!name.empty() && ports[port].name == name && (!isLinked(port) || ports[port].many))
            return static_cast<std::uint16_t>(port);
    for (std::size_t port = 0; port < ports.size(); ++port)
        if (!ports[port].optional && (!isLinked(port) || ports[port].many)) return static_cast<std::uint16_t>(port);
    return static_cast<std::uint16_t>(ports.empty() ? 0 : ports.size() - 1);
}

void describeMissing(const Case& input, diag::Diagnostic& diagnostic) {
    const std::uint16_t port = missingPort(input);
    const std::string name = port < input.type.inputs.size() ? std::string(input.type.inputs[port].name) : "input";
    setArgument(diagnostic.arguments, {"port", name.empty() ? std::string("input") : name});
    if (port >= input.type.inputs.size()) return;
    const tensor::AxesPattern axes = input.type.inputs[port].axes;
    if (axes.namesAxes()) diagnostic.wanted = axes;
}

void describeCount(const Case& input, diag::Diagnostic& diagnostic) {
    const auto count = static_cast<std::int64_t>(input.node.inputs.size());
    setArgument(diagnostic.arguments, {"count", numberArgument(input.refusal, "got", count)});
    setArgument(diagnostic.arguments, {"minimum", say("at least {}", numberArgument(input.refusal, "needed", 2))});
    setArgument(diagnostic.arguments, {"maximum", say("at most {}", numberArgument(input.refusal, "needed", 1))});
}

struct Candidate {
    const Node* node = nullptr;
    bool fits = false;
    bool isFree = false;  ///< leads nowhere yet
    double distance = 0.0;
};

/// Nodes that could feed a port, the likeliest first: of the right rank, leading nowhere, near, to the left.
std::vector<Candidate> producersFor(const Case& input, std::uint16_t port, std::size_t most) {
    const layers::PortSpec& spec = input.type.inputs[port];
    const graph::CanvasPlace here = input.project.canvas.place(input.node.id);
    std::vector<Candidate> candidates;
    input.graph().forEach([&](const Node& node) {
        const tensor::TensorType* output = input.analysis[node.id].outputAt(0);
        const bool isLinked =
            std::ranges::any_of(input.node.inputs, [&](const Link& link) { return link.from == node.id; });
        if (!output || node.id == input.node.id || isLinked || node.type->outputs.empty()) return;
        const graph::CanvasPlace there = input.project.canvas.place(node.id);
        const double right = there.x > here.x ? 10.0 : 1.0;
        Candidate candidate{&node, false, input.analysis.consumers(node.id).empty(), 0.0};
        const int rank = output->shape.rank();
        candidate.fits = rank >= spec.minimumRank && rank <= spec.maximumRank;
        candidate.distance =
            (std::abs(here.x - there.x) + std::abs(here.y - there.y)) * right +
            std::abs(static_cast<double>(input.node.id.value) - static_cast<double>(node.id.value)) * 0.01;
        candidates.push_back(candidate);
    });
    const auto order = [](const Candidate& c) { return std::tuple(!c.fits, !c.isFree, c.distance, c.node->id); };
    const std::size_t count = std::min(most, candidates.size());
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(count), candidates.end(),
                      [&](const Candidate& a, const Candidate& b) { return order(a) < order(b); });
    candidates.resize(count);
    return candidates;
}

void connectProducers(const Case& input, Proposals& proposals) {
    const std::uint16_t port = missingPort(input);
    if (port >= input.type.inputs.size()) return;
    for (const Candidate& candidate : producersFor(input, port, 6)) {
        if (!candidate.fits) continue;
        Plan plan = input.plan();
        plan.connect(Link{candidate.node->id, 0, port}, input.node.id);
        proposals.add("connect-" + candidate.node->name, "Connect " + labelOf(*candidate.node),
                      say("It gives {}.", input.analysis[candidate.node->id].output.shape), std::move(plan),
                      Applicability::Maybe);
    }
}

void addSource(const Case& input, Proposals& proposals) {
    const std::uint16_t port = missingPort(input);
    if (port >= input.type.inputs.size()) return;
    const layers::PortSpec& spec = input.type.inputs[port];
    const tensor::TensorType* other = input.inputAt(0);
    Value shape;
    if (other && other->shape.rank() > 1) {
        shape = sizesValue(sampleSizes(other->shape));
        for (Value& size : shape.asList())
            if (size == Value(-1)) size = Value();
    } else {
        const int rank = std::clamp(input.type.family.spatialRank > 0 ? input.type.family.spatialRank + 2 : 2,
                                    std::max(2, spec.minimumRank), std::max(2, spec.maximumRank));
        Numbers sizes(static_cast<std::size_t>(std::max(0, rank - 2)), 32);
        sizes.push_back(rank == 4 ? 3 : 16);
        shape = Value::list(sizes);
    }
    Plan plan = input.plan();
    diag::Phrase title = say("Add an Input {}", shape);
    const NodeId source = plan.add("InputLayer", {{"shape", std::move(shape)}}, {}, input.node.id);
    plan.connect(Link{source, 0, port}, input.node.id);
    proposals.add("add-input", std::move(title), "Set its shape to that of your data.", std::move(plan),
                  Applicability::Placeholder);
}

void proposeInput(const Case& input, Proposals& proposals) {
    connectProducers(input, proposals);
    if (input.analysis.consumers(input.node.id).empty()) {
        Plan plan = input.plan();
        plan.remove(input.node.id);
        proposals.add("delete-this", "Delete " + labelOf(input.node), "Nothing depends on it.", std::move(plan),
                      Applicability::Maybe);
    }
    addSource(input, proposals);
}

void proposeMoreInputs(const Case& input, Proposals& proposals) {
    connectProducers(input, proposals);
    if (!input.node.inputs.empty()) {
        Plan plan = input.plan();
        plan.bypass(input.node);
        proposals.add("remove-this", "Remove " + labelOf(input.node), "Its one input goes straight on.",
                      std::move(plan));
        Plan same = input.plan();
        Link again = input.node.inputs.front();
        again.toPort = missingPort(input);
        same.connect(again, input.node.id);
        proposals.add("connect-again", "Connect " + labelOf(*input.graph().find(again.from)) + " a second time",
                      "The layer then combines a tensor with itself.", std::move(same), Applicability::Maybe);
    }
    addSource(input, proposals);
}

void proposeFewerInputs(const Case& input, Proposals& proposals) {
    for (std::size_t back = 0; back < input.node.inputs.size(); ++back) {
        const std::size_t slot = input.node.inputs.size() - 1 - back;
        const Node* producer = input.graph().find(input.node.inputs[slot].from);
        Plan plan = input.plan();
        const auto most =
            static_cast<std::size_t>(std::max<std::int64_t>(1, numberArgument(input.refusal, "needed", 1)));
        std::string slug = "disconnect-" + std::to_string(slot + 1);
        if (back == 0 && input.node.inputs.size() > most + 1) {
            for (std::size_t extra = input.node.inputs.size(); extra-- > most;) plan.disconnect({input.node.id, extra});
            proposals.add("disconnect-rest",
                          "Remove the last " + std::to_string(input.node.inputs.size() - most) + " links", {},
                          std::move(plan));
            plan = input.plan();
        }
        plan.disconnect({input.node.id, slot});
        proposals.add(std::move(slug),
                      "Remove the link from " + (producer ? labelOf(*producer) : std::string("the last input")), {},
                      std::move(plan), Applicability::Maybe);
    }
}

// ---- loops

void describeLoop(const Case& input, diag::Diagnostic& diagnostic) {
    std::string path;
    const std::vector<NodeId> loop = graph::loopThrough(input.graph(), input.node.id);
    for (const NodeId id : loop)
        if (const Node* node = input.graph().find(id)) path += (path.empty() ? "" : " → ") + labelOf(*node);
    if (!loop.empty()) path += " → " + labelOf(*input.graph().find(loop.front()));
    setArgument(diagnostic.arguments, {"path", path.empty() ? std::string("through nodes before it") : path});
    diagnostic.wanted.clear();
    diagnostic.got.clear();
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const NodeId from = input.node.inputs[slot].from;
        if (std::ranges::find(loop, from) == loop.end()) continue;
        diagnostic.link = graph::LinkPlace{input.node.id, slot};
        diagnostic.from = from;
    }
}

/// Links of the loop, those that lead back and those to ports with other links first.
void proposeCut(const Case& input, Proposals& proposals) {
    struct Back {
        graph::LinkPlace place;
        bool hasOthers = false;
        std::int64_t length = 0;
    };
    const std::vector<NodeId> loop = graph::loopThrough(input.graph(), input.node.id);
    std::vector<Back> links;
    for (const NodeId id : loop) {
        const Node* node = input.graph().find(id);
        for (std::size_t slot = 0; node && slot < node->inputs.size(); ++slot) {
            const Link& link = node->inputs[slot];
            if (std::ranges::find(loop, link.from) == loop.end()) continue;
            const bool isMany = link.toPort == node->manyPort;
            const auto minimum = static_cast<std::size_t>(
                link.toPort < node->type->inputs.size() ? node->type->inputs[link.toPort].minimumLinks : 1);
            links.push_back({{id, slot},
                             isMany && node->inputs.size() > minimum,
                             static_cast<std::int64_t>(link.from.value) - static_cast<std::int64_t>(id.value)});
        }
    }
    std::ranges::stable_sort(links, [](const Back& a, const Back& b) {
        return std::tuple(!a.hasOthers, -a.length) < std::tuple(!b.hasOthers, -b.length);
    });
    for (const Back& back : links) {
        const Node* to = input.graph().find(back.place.to);
        const Node* from = input.graph().find(to->inputs[back.place.slot].from);
        Plan plan = input.plan();
        plan.disconnect(back.place);
        proposals.add("cut-" + from->name + "-" + to->name,
                      "Delete the link from " + labelOf(*from) + " to " + labelOf(*to), {}, std::move(plan),
                      Applicability::Maybe);
    }
}

// ---- unknown classes and files

std::string unknownClass(const Case& input) { return argumentOr(input, "class_name", input.type.className); }

void describeUnknownLayer(const Case& input, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"className", unknownClass(input)});
}

void proposeKnownLayer(const Case& input, Proposals& proposals) {
    for (const std::string_view name : layers::nearestLayers(unknownClass(input))) {
        const LayerType* type = layers::findLayer(name);
        if (!type || type->declaresOutput) continue;
        Plan plan = input.plan();
        plan.replace(input.node, *type);
        proposals.add("use-" + layers::automaticName(*type), "Use " + std::string(name) + " instead",
                      "The nearest known name.", std::move(plan), Applicability::Maybe);
    }
    const tensor::TensorType* type = input.inputAt(0);
    for (const layers::ParamSpec& spec : input.type.params) {
        if (spec.kind != layers::ParamKind::Sizes || !type) continue;
        Plan plan = input.plan();
        ValueList list;
        for (const tensor::Dim size : type->shape.sizes())
            list.push_back(size.isKnown() ? Value(size.size()) : Value());
        const Value whole(list);
        const Value sample(ValueList(list.begin() + (list.empty() ? 0 : 1), list.end()));
        plan.set(input.node.id, spec.key, spec.key == "batch_shape" ? whole : sample);
        proposals.add("declare-" + std::string(spec.key), say("Declare its output as {}", type->shape),
                      "Right if it keeps the shape.", std::move(plan), Applicability::Placeholder);
    }
    if (const LayerType* identity = layers::findLayer("Identity")) {
        Plan plan = input.plan();
        plan.replace(input.node, *identity);
        proposals.add("use-identity", "Use Identity instead", "Its input then goes through unchanged.", std::move(plan),
                      Applicability::Placeholder);
    }
}

void describeFile(const Case& input, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"path", argumentOr(input, "path", writtenText(input.node, "path"))});
    setArgument(diagnostic.arguments, {"reason", argumentOr(input, "problem", "It is damaged or of another kind")});
}

/// The shape of one sample a data node was last known to give, or a usual one.
Value lastShape(const Case& input) {
    if (const tensor::TensorType* output = input.analysis[input.node.id].outputAt(0);
        output && output->shape.rank() > 1)
        return sizesValue(sampleSizes(output->shape));
    for (const layers::ParamSpec& spec : input.type.params) {
        const Value* value = input.node.setting(ParamKey::of(spec.key));
        if (!value || spec.kind != layers::ParamKind::Sizes || !value->isList() || value->asList().size() < 2) continue;
        return Value(ValueList(value->asList().begin() + 1, value->asList().end()));
    }
    if (hasParameter(input.type, "colour")) return Value::list({224, 224, 3});
    if (hasParameter(input.type, "duration")) return Value::list({16000, 1});
    return Value::list({16});
}

void describeNoFile(const Case& input, diag::Diagnostic& diagnostic) {
    for (const layers::ParamSpec& spec : input.type.params)
        if (spec.kind == layers::ParamKind::FilePath)
            setArgument(diagnostic.arguments, {"help", std::string(spec.help)});
}

void proposeFile(const Case& input, Proposals& proposals) {
    for (const layers::ParamSpec& spec : input.type.params)
        if (spec.kind == layers::ParamKind::FilePath)
            proposals.addFileChoice(input.node.id, std::string(spec.key), spec.help);
    const LayerType* sample = layers::findLayer("Sample");
    if (!sample) return;
    const Value shape = lastShape(input);
    Plan plan = input.plan();
    plan.replace(input.node, *sample, {{"shape", shape}});
    proposals.add("use-sample", say("Use a Sample {} instead", shape),
                  "Generated data of that shape; choose the file again later.", std::move(plan),
                  Applicability::Placeholder);
    if (const LayerType* plain = layers::findLayer("InputLayer")) {
        Plan other = input.plan();
        other.replace(input.node, *plain, {{"shape", shape}});
        proposals.add("use-input", say("Use an Input {} instead", shape), "The run then makes data of that shape.",
                      std::move(other), Applicability::Placeholder);
    }
}

constexpr Rule kRules[] = {
    {diag::Code::InputMissing, describeMissing, proposeInput},
    {diag::Code::TooFewInputs, describeCount, proposeMoreInputs},
    {diag::Code::TooManyInputs, describeCount, proposeFewerInputs},
    {diag::Code::Loop, describeLoop, proposeCut},
    {diag::Code::UnknownLayer, describeUnknownLayer, proposeKnownLayer},
    {diag::Code::FileMissing, describeFile, proposeFile},
    {diag::Code::FileUnreadable, describeFile, proposeFile},
    {diag::Code::FileNotChosen, describeNoFile, proposeFile},
    {diag::Code::GroupInput, nullptr, proposeDeclared},
};

// ---- files that are not there while their shape is remembered, and nodes that have none yet

bool readsFile(const LayerType& type) {
    return std::ranges::any_of(type.params,
                               [](const layers::ParamSpec& spec) { return spec.kind == layers::ParamKind::FilePath; });
}

void detectFile(const graph::Project&, const infer::Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (analysis[node.id].refusals) return;
    const std::string path = writtenText(node, "path");
    const std::string problem = writtenText(node, "file_problem");
    if (path.empty()) {
        found.push_back({{diag::Code::FileNotChosen, "path", -1, {}}, 1.0, diag::Severity::Hint});
    } else if (problem == layers::kFileIsGone) {
        found.push_back({{diag::Code::FileMissing, "path", -1, {{"path", path}}}, 1.0, diag::Severity::Warning});
    } else if (!problem.empty()) {
        found.push_back({{diag::Code::FileUnreadable, "path", -1, {{"path", path}, {"problem", problem}}},
                         1.0,
                         diag::Severity::Warning});
    }
}

// ---- layers nobody knows

bool isOpaque(const LayerType& type) { return type.isOpaque; }

void detectUnknownLayer(const graph::Project&, const infer::Analysis&, const Node& node, std::vector<Silent>& found) {
    const std::string name = writtenText(node, "class_name");
    if (name.empty() || !valueOf(node, "output_shape").isNone()) return;  // a person has said what it is
    found.push_back({{diag::Code::UnknownLayer, {}, -1, {{"class_name", name}}}, 1.0, diag::Severity::Hint});
}

bool wrapsLayer(const LayerType& type) {
    return std::ranges::any_of(type.params,
                               [](const layers::ParamSpec& spec) { return spec.kind == layers::ParamKind::Layer; });
}

void detectUnknownInside(const graph::Project&, const infer::Analysis&, const Node& node, std::vector<Silent>& found) {
    for (const layers::ParamSpec& spec : node.type->params) {
        if (spec.kind != layers::ParamKind::Layer) continue;
        const Value& layer = valueOf(node, spec.key);
        const Value* name = layer.find("class_name");
        if (!name || !name->isText() || name->asText().empty() || layers::findLayer(name->asText())) continue;
        found.push_back({{diag::Code::NestedLayer,
                          spec.key,
                          -1,
                          {{"layer", name->asText()}, {"problem", std::string("this class is not known")}}},
                         1.0,
                         diag::Severity::Hint});
    }
}

constexpr SilentRule kDetectors[] = {
    {wrapsLayer, detectUnknownInside}, {readsFile, detectFile}, {isOpaque, detectUnknownLayer}};

}  // namespace

std::span<const Rule> graphFaultRules() { return kRules; }
std::span<const SilentRule> sourceDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
