#include "core/layers/parts/body.h"

#include "core/base/checked_math.h"
#include "core/graph/topology.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/framework/guess.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

using graph::Graph;
using graph::Node;
using tensor::TensorType;

namespace {

bool isInputLayer(const Node& node) { return node.type->supply == Supply::Given; }

/// A layer that wants an input and has none.
bool isHead(const Node& node) {
    if (!node.inputs.empty() || node.type->inputs.empty()) return false;
    const PortSpec& first = node.type->inputs.front();
    return !first.optional && !(first.many && first.minimumLinks == 0);
}

/// The nodes that take the model's inputs, in their order.
std::vector<NodeId> entriesOf(const Graph& graph, const Value& recorded) {
    std::vector<NodeId> entries;
    if (recorded.isList())
        for (const Value& name : recorded.asList()) {
            const Node* node = name.isText() ? graph.findByName(name.asText()) : nullptr;
            if (node != nullptr && isInputLayer(*node) &&
                std::find(entries.begin(), entries.end(), node->id) == entries.end())
                entries.push_back(node->id);
        }
    graph.forEach([&](const Node& node) {
        if (isInputLayer(node) && std::find(entries.begin(), entries.end(), node.id) == entries.end())
            entries.push_back(node.id);
    });
    if (!entries.empty()) return entries;
    graph.forEach([&](const Node& node) {
        if (isHead(node)) entries.push_back(node.id);
    });
    return entries;
}

diag::Phrase problemOf(const diag::Refusal& refusal, std::span<const TensorType* const> inputs) {
    std::string name(diag::row(refusal.code).name);
    std::replace(name.begin(), name.end(), '-', ' ');
    diag::Phrase problem =
        refusal.parameter.empty() ? diag::Phrase(name) : diag::say("{} ({})", name, refusal.parameter);
    if (inputs.empty()) return problem;
    std::vector<diag::Phrase> shapes;
    for (const TensorType* input : inputs)
        shapes.push_back(input != nullptr ? diag::Phrase(input->shape) : diag::Phrase("a shape that is not known"));
    return diag::say("{}, given {}", problem, joined(shapes, " and "));
}

}  // namespace

std::optional<TensorType> fittedInput(const TensorType& declared, const TensorType& given) {
    TensorType asDeclared = declared;  // a guess that contradicts it is dropped
    asDeclared.guessed = true;
    std::optional<TensorType> otherwise = given.guessed ? std::optional(asDeclared) : std::nullopt;
    const int rank = declared.shape.rank();
    const int givenRank = given.shape.rank();
    const bool dropsLast = givenRank == rank + 1 && given.shape[givenRank - 1] == tensor::Dim(1);
    const bool addsLast = givenRank == rank - 1 && declared.shape[rank - 1] == tensor::Dim(1);
    if (givenRank != rank && !dropsLast && !addsLast) return otherwise;
    TensorType type;
    type.guessed = given.guessed;
    type.dtype = declared.dtype;
    type.scales = given.scales;
    for (int axis = 0; axis < rank; ++axis) {
        const bool isAdded = axis >= givenRank;
        const tensor::Dim size = isAdded ? tensor::Dim(1) : given.shape[axis];
        if (axis > 0 && !tensor::mayBeEqual(size, declared.shape[axis])) return otherwise;
        const tensor::AxisMeaning meaning = isAdded ? tensor::AxisMeaning::Unknown : given.shape.meaning(axis);
        type.shape.append(axis > 0 && !size.isKnown() && declared.shape[axis].isKnown() ? declared.shape[axis] : size,
                          meaning != tensor::AxisMeaning::Unknown ? meaning : declared.shape.meaning(axis));
    }
    return type;
}

std::vector<NodeId> bodyEntries(const Params& model) { return entriesOf(*model.body(), model["inputs"]); }

Body::Body(const Params& model, std::span<const TensorType* const> inputs) : graph_(*model.body()) {
    const graph::TopologicalOrder order = graph::topologicalOrder(graph_);
    nodes_.reserve(order.nodes.size());
    places_.assign(graph_.slotCount(), -1);
    for (const NodeId id : order.nodes) {
        const Node* node = graph_.find(id);
        const Node* owner = graph_.find(node->sharesLayerOf);
        places_[id.value] = static_cast<std::int64_t>(nodes_.size());
        nodes_.push_back({node, owner != nullptr ? owner : node});
    }
    for (const NodeId id : bodyEntries(model))
        if (const std::optional<std::size_t> place = find(id)) entries_.push_back(*place);
    if (!order.inLoops.empty()) {
        const Node& node = *graph_.find(order.inLoops.front());
        problem_ = {node.name, "is on or behind a loop"};
        return;
    }
    inferAll(inputs);
    if (!problem_) findEnds(model["outputs"]);
}

std::optional<std::size_t> Body::find(NodeId id) const {
    if (!id.isValid() || id.value >= places_.size() || places_[id.value] < 0) return std::nullopt;
    return static_cast<std::size_t>(places_[id.value]);
}

void Body::setProblem(const Node& node, const diag::Refusal& refusal, std::span<const TensorType* const> inputs) {
    problem_ = {node.name, problemOf(refusal, inputs)};
    if (refusal.code != diag::Code::NestedLayer) return;
    const std::string inner = diag::textOf(refusal.arguments, "layer", {});
    if (node.type->holdsModel && !inner.empty()) problem_->layer += "/" + inner;
    problem_->problem = diag::phraseOf(refusal.arguments, "problem", problem_->problem);
}

void Body::inferAll(std::span<const TensorType* const> inputs) {
    for (std::size_t place = 0; place < nodes_.size(); ++place) {
        BodyNode& entry = nodes_[place];
        const auto found = std::find(entries_.begin(), entries_.end(), place);
        const auto index = static_cast<std::size_t>(found - entries_.begin());
        const TensorType* given = found != entries_.end() && index < inputs.size() ? inputs[index] : nullptr;
        const bool isFed = given == nullptr ? inferNode(entry) : takeInput(entry, *given);
        if (isFed) continue;
        nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(place),
                     nodes_.end());  // what is behind a refusal is not asked
        return;
    }
}

bool Body::takeInput(BodyNode& entry, const TensorType& given) {
    if (!isInputLayer(*entry.node)) {
        entry.inputs = {&given};
        return inferNode(entry);
    }
    if (!inferNode(entry)) return false;
    const TensorType declared = entry.outputs.front();
    if (std::optional<TensorType> type = fittedInput(declared, given)) {
        entry.outputs.front() = std::move(*type);
        return true;
    }
    problem_ = {entry.node->name, diag::say("takes {}, given {}", declared.shape, given.shape)};
    return false;
}

bool Body::inferNode(BodyNode& entry) {
    const Node& node = *entry.node;
    const bool declaresItself = node.type->declaresOutput;  // what is before it need not be known
    std::vector<graph::Link> links;
    bool isCertain = true;
    for (const graph::Link& link : node.inputs) {
        const std::optional<std::size_t> producer = find(link.from);
        const std::vector<TensorType>* outputs = producer ? &nodes_[*producer].outputs : nullptr;
        if (outputs != nullptr && link.fromPort < outputs->size()) {
            entry.inputs.push_back(&(*outputs)[link.fromPort]);
            links.push_back(link);
            continue;
        }
        const bool isLost = outputs == nullptr || !(outputs->empty() || nodes_[*producer].node->type->isOpaque);
        if (isLost) {
            problem_ = {node.name, "takes its input from an output that is not there"};
            return false;
        }
        if (declaresItself) continue;
        isCertain = false;
        entry.inputs.push_back(nullptr);
        links.push_back(link);
    }
    if (isCertain) {
        InferContext context(Params(node), entry.inputs, links, &node);
        if (inferLayer(context)) {
            entry.outputs.assign(context.outputs().begin(), context.outputs().end());
            return true;
        }
        isCertain = std::none_of(entry.inputs.begin(), entry.inputs.end(),
                                 [](const TensorType* input) { return input->guessed; });
        if (isCertain) {
            setProblem(node, context.refusals().front(), entry.inputs);
            return false;
        }
    }
    PartlyInferred partly = inferPartly(node, entry.inputs, links);
    if (!partly.refusals.empty()) {
        setProblem(node, partly.refusals.front(), entry.inputs);
        return false;
    }
    entry.outputs = std::move(partly.outputs);
    return true;
}

void Body::findEnds(const Value& recorded) {
    if (recorded.isList())
        for (const Value& entry : recorded.asList()) {
            const ValueList parts = entry.isList() ? entry.asList() : ValueList{entry};
            const Node* node = !parts.empty() && parts[0].isText() ? graph_.findByName(parts[0].asText()) : nullptr;
            const std::int64_t port = parts.size() > 1 && parts[1].isInteger() ? parts[1].asInteger() : 0;
            if (node != nullptr && port >= 0) ends_.push_back({*find(node->id), static_cast<std::size_t>(port)});
        }
    if (!ends_.empty()) return;
    std::vector<bool> isUsed(nodes_.size(), false);
    for (const BodyNode& entry : nodes_)
        for (const graph::Link& link : entry.node->inputs)
            if (const std::optional<std::size_t> from = find(link.from); from && !entry.node->type->outputs.empty())
                isUsed[*from] = true;
    graph_.forEach([&](const Node& node) {
        const std::size_t place = *find(node.id);
        if (!isUsed[place] && !node.type->outputs.empty()) ends_.push_back({place, 0});
    });
}

bool Body::isKnown() const {
    return !problem_ && std::all_of(ends_.begin(), ends_.end(),
                                    [&](const BodyEnd& end) { return end.port < nodes_[end.node].outputs.size(); });
}

std::vector<std::size_t> Body::layersInFileOrder() const {
    std::vector<std::size_t> places;
    graph_.forEach([&](const Node& node) {
        const std::optional<std::size_t> place = find(node.id);
        if (!place || *place >= nodes_.size()) return;
        const BodyNode& entry = nodes_[*place];
        const bool hasInputs = std::find(entry.inputs.begin(), entry.inputs.end(), nullptr) == entry.inputs.end();
        if (entry.owner == &node && hasInputs && !entry.outputs.empty()) places.push_back(*place);
    });
    return places;
}

std::vector<WeightSpec> Body::weights() const {
    std::vector<WeightSpec> all;
    for (const std::size_t place : layersInFileOrder()) {
        const Node& node = *nodes_[place].node;
        for (WeightSpec& spec : weightsOf(node, nodes_[place].inputs)) {
            spec.layer = spec.owner != nullptr ? node.name + "/" + spec.layer : node.name;
            if (spec.owner == nullptr) spec.owner = &node;
            all.push_back(std::move(spec));
        }
    }
    return all;
}

std::int64_t Body::multiplyAdds() const {
    std::int64_t sum = 0;
    for (const BodyNode& entry : nodes_) {
        if (entry.node->type->multiplyAdds == nullptr) continue;
        const std::optional<std::int64_t> count = multiplyAddCount(*entry.node, entry.inputs);
        if (!count) return -1;
        sum = saturatingAdd(sum, *count);
    }
    return sum;
}

std::int64_t Body::workingNumbers() const {
    std::vector<int> uses(nodes_.size(), 0);
    for (const BodyNode& entry : nodes_)
        for (const graph::Link& link : entry.node->inputs)
            if (const std::optional<std::size_t> from = find(link.from)) ++uses[*from];
    std::vector<bool> isEnd(nodes_.size(), false);
    for (const BodyEnd& end : ends_) isEnd[end.node] = true;
    const auto numbersAt = [&](std::size_t place) {
        std::int64_t numbers = 0;
        for (const TensorType& output : nodes_[place].outputs)
            numbers = saturatingAdd(numbers, output.shape.elementCount().sizeOr(0));
        return isEnd[place] ? 0 : numbers;
    };
    std::int64_t held = 0;
    std::int64_t most = 0;
    for (std::size_t place = 0; place < nodes_.size(); ++place) {
        if (uses[place] == 0 && !isEnd[place]) continue;  // nothing needs it
        const Node& node = *nodes_[place].node;
        held = saturatingAdd(held, numbersAt(place));
        const bool holdsLayers = isNestedModel(node);
        const std::int64_t inside = holdsLayers ? Body(Params(node), nodes_[place].inputs).workingNumbers() : 0;
        most = std::max(most, saturatingAdd(held, inside));
        for (const graph::Link& link : node.inputs)
            if (const std::optional<std::size_t> from = find(link.from); from && --uses[*from] == 0)
                held -= numbersAt(*from);
    }
    return most;
}

std::shared_ptr<Node> openInput(NodeId id, std::string name, const TensorType& type) {
    std::shared_ptr<Node> input = makeNode(*findLayer("InputLayer"), id, std::move(name));
    input->set("shape", Value(ValueList(static_cast<std::size_t>(std::max(0, type.shape.rank() - 1)))));
    if (type.dtype != tensor::DType::Float32) input->set("dtype", Value(tensor::dtypeName(type.dtype)));
    return input;
}

void declareInput(Node& inputLayer, const TensorType& type) {
    ValueList sizes;
    for (int axis = 1; axis < type.shape.rank(); ++axis) {
        const tensor::Dim size = type.shape[axis];
        sizes.push_back(size.isKnown() ? Value(size.size()) : size.isSymbolic() ? Value(size.text()) : Value());
    }
    inputLayer.reset("batch_shape");
    inputLayer.reset("batch_size");
    inputLayer.set("shape", Value(std::move(sizes)));
    if (type.shape.rank() > 0 && type.shape[0].isKnown()) inputLayer.set("batch_size", Value(type.shape[0].size()));
    if (type.dtype == tensor::DType::Float32)
        inputLayer.reset("dtype");
    else
        inputLayer.set("dtype", Value(tensor::dtypeName(type.dtype)));
}

Graph standingAlone(const Params& model, std::span<const TensorType* const> inputs) {
    Graph graph = *model.body();
    std::size_t index = 0;
    for (const NodeId id : bodyEntries(model)) {
        const Node& entry = *graph.find(id);
        const TensorType* given = index < inputs.size() ? inputs[index] : nullptr;
        ++index;
        if (isInputLayer(entry) || given == nullptr) continue;
        auto fed = std::make_shared<Node>(entry);
        std::shared_ptr<Node> input =
            makeNode(*findLayer("InputLayer"), graph.nextId(), graph.freeName(entry.name + "_input"));
        declareInput(*input, *given);
        fed->inputs = {{input->id, 0, 0}};
        graph.put(std::move(input));
        graph.put(std::move(fed));
    }
    return graph;
}

}  // namespace shapewise::layers
