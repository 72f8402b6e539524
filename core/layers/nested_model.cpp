// Sequential and Functional: a whole model used as one layer. Its outputs are those of the graph inside it.
// Reference: https://keras.io/api/models/model/

#include "core/layers/nested_model.h"

#include "core/base/checked_math.h"
#include "core/graph/topology.h"

#include <fmt/format.h>
#include <unordered_set>

namespace shapewise::layers {

using tensor::TensorType;

namespace {

/// Types at the links of an inner node; empty when one of its producers gives nothing.
std::optional<std::vector<const TensorType*>> inputTypesOf(const graph::Node& node, const BodyTypes& types) {
    std::vector<const TensorType*> found;
    for (const graph::Link& link : node.inputs) {
        const auto from = types.find(link.from);
        if (from == types.end() || link.fromPort >= from->second.size()) return std::nullopt;
        found.push_back(&from->second[link.fromPort]);
    }
    return found;
}

bool fits(const tensor::Shape& given, const tensor::Shape& declared) {
    if (given.rank() != declared.rank()) return false;
    for (int axis = 1; axis < given.rank(); ++axis)
        if (!tensor::mayBeEqual(given[axis], declared[axis])) return false;
    return true;
}

std::vector<TensorType> outputsOf(const graph::Node& node, std::span<const TensorType* const> inputs, std::optional<BodyProblem>& problem) {
    InferContext context(Params(node), inputs, node.inputs, &node);
    if (!inferLayer(context)) {
        problem = BodyProblem{node.name, fmt::format("'{}' ({}) inside it refuses its input or its settings", node.name, node.type->className)};
        return {};
    }
    return {context.outputs().begin(), context.outputs().end()};
}

/// The ends of the body as the file names them, else the nodes whose output nothing inside uses.
std::vector<graph::Link> endsOf(const graph::Graph& body, const Value& named) {
    std::vector<graph::Link> ends;
    if (named.isList())
        for (const Value& entry : named.asList()) {
            const bool isEnd = entry.isList() && entry.asList().size() == 2 && entry.asList()[0].isText() && entry.asList()[1].isInteger();
            const graph::Node* node = isEnd ? body.findByName(entry.asList()[0].asText()) : nullptr;
            if (node != nullptr) ends.push_back({node->id, static_cast<std::uint16_t>(entry.asList()[1].asInteger()), 0});
        }
    if (!ends.empty()) return ends;
    std::unordered_set<NodeId> used;
    body.forEach([&](const graph::Node& node) {
        for (const graph::Link& link : node.inputs) used.insert(link.from);
    });
    body.forEach([&](const graph::Node& node) {
        if (!used.contains(node.id) && !node.type->outputs.empty()) ends.push_back({node.id, 0, 0});
    });
    return ends;
}

void inferModel(InferContext& context) {
    if (context.node() == nullptr || context.node()->body == nullptr) return;
    const graph::Graph& body = *context.node()->body;
    std::vector<const TensorType*> inputs;
    for (int index = 0; index < context.inputCount(); ++index) inputs.push_back(&context.input(index));
    std::optional<BodyProblem> problem;
    const BodyTypes types = inferBody(body, inputs, problem);
    if (problem) {
        context.refuse({diag::Code::NestedLayer, "outputs", problem->node.empty() ? 0 : -1,
                        {{"layer", std::string(context.params().type().className)}, {"problem", problem->reason}}});
        return;
    }
    int output = 0;
    for (const graph::Link& end : endsOf(body, context.params()["outputs"])) {
        const auto found = types.find(end.from);
        if (found == types.end() || end.fromPort >= found->second.size()) continue;
        context.output(output++) = found->second[end.fromPort];
    }
    if (context.isExplaining())
        context.explain("shape", output > 0 ? context.output().shape.text() : std::string("not known"),
                        fmt::format("of the {} nodes inside it", body.nodeCount()));
}

std::string modelTelling(const Params& params) { return std::string(params.type().summary.substr(0, params.type().summary.find(','))); }

LayerType modelType(std::string_view className, std::string_view summary) {
    return {
        .className = className,
        .category = Category::Core,
        .title = className,
        .summary = summary,
        .keywords = "model nested group submodel encoder decoder block",
        .doc = "A model used as one layer, as a saved model brings it. The graph inside takes this node's inputs at its Input "
               "nodes, in their order.\n\nOutput: that of the last node inside, or one for each end.",
        .params = {{.key = "outputs",
                    .kind = ParamKind::Any,
                    .help = "Which nodes inside are the outputs, when they are not simply the last ones",
                    .noneAllowed = true,
                    .hidden = true}},
        .inputs = {PortSpec{.name = "inputs", .optional = true, .many = true, .minimumLinks = 0, .minimumRank = 0, .axes = "as the Input inside"}},
        .role = Role::Custom,
        .infer = inferModel,
        .tellingText = modelTelling,
    };
}

}  // namespace

BodyTypes inferBody(const graph::Graph& body, std::span<const TensorType* const> inputs, std::optional<BodyProblem>& problem) {
    BodyTypes types;
    std::size_t next = 0;
    std::unordered_map<NodeId, std::size_t> inputOf;
    body.forEach([&](const graph::Node& node) {
        if (node.type->className == "InputLayer") inputOf.emplace(node.id, next++);
    });
    if (next != inputs.size()) {
        problem = BodyProblem{{}, fmt::format("it takes {} inputs and gets {}", next, inputs.size())};
        return types;
    }
    for (const NodeId id : graph::topologicalOrder(body).nodes) {
        const graph::Node& node = *body.find(id);
        const std::optional<std::vector<const TensorType*>> given = inputTypesOf(node, types);
        if (!given) continue;
        std::vector<TensorType> outputs = outputsOf(node, *given, problem);
        if (problem) return types;
        if (const auto input = inputOf.find(id); input != inputOf.end()) {
            const TensorType& outer = *inputs[input->second];
            if (!outputs.empty() && !fits(outer.shape, outputs[0].shape)) {
                problem = BodyProblem{{}, fmt::format("'{}' inside it takes {} and gets {}", node.name, outputs[0].shape.text(), outer.shape.text())};
                return types;
            }
            outputs = {outer};
        }
        if (!outputs.empty()) types.emplace(id, std::move(outputs));
    }
    return types;
}

std::optional<ParameterCount> bodyParameterCount(const graph::Graph& body, std::span<const TensorType* const> inputs) {
    std::optional<BodyProblem> problem;
    const BodyTypes types = inferBody(body, inputs, problem);
    if (problem) return std::nullopt;
    ParameterCount sum;
    bool isKnown = true;
    body.forEach([&](const graph::Node& node) {
        if (node.sharesLayerOf.isValid()) return;
        const std::optional<std::vector<const TensorType*>> given = inputTypesOf(node, types);
        const std::optional<ParameterCount> count = given ? parameterCount(node, *given) : std::nullopt;
        isKnown = isKnown && count.has_value();
        sum.total = saturatingAdd(sum.total, count ? count->total : 0);
        sum.trainable = saturatingAdd(sum.trainable, count ? count->trainable : 0);
    });
    return isKnown ? std::optional(sum) : std::nullopt;
}

const LayerType& functional() {
    static const LayerType type = modelType("Functional", "A model inside the model, with branches");
    return type;
}

const LayerType& sequential() {
    static const LayerType type = modelType("Sequential", "A chain of layers inside the model, used as one");
    return type;
}

}  // namespace shapewise::layers
