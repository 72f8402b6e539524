#include "small_graph.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <stdexcept>

namespace shapewise::exec::testing {

namespace {

using layers::ForwardContext;
using layers::InferContext;

void sameShape(InferContext& context) { context.output() = context.input(); }

std::int64_t onePerValue(const layers::Params&, std::span<const tensor::TensorType* const>,
                         std::span<const tensor::TensorType> outputs) {
    return outputs.front().shape.elementCount().sizeOr(-1);
}

Result<void> runScale(ForwardContext& context) {
    ++scaleRuns();
    const auto factor = static_cast<float>(context.params.real("factor"));
    std::transform(context.input().values().begin(), context.input().values().end(), context.output().data(),
                   [&](float value) { return factor * value; });
    return {};
}

std::vector<layers::WeightSpec> weightsOfWeighted(const layers::Params&,
                                                  std::span<const tensor::TensorType* const> inputs) {
    const tensor::Shape& shape = inputs.front()->shape;
    const std::int64_t channels = shape[shape.rank() - 1].sizeOr(0);
    return {{"kernel", {channels}}, {"bias", {channels}, layers::Initializer::Zeros}};
}

Result<void> runWeighted(ForwardContext& context) {
    const std::int64_t channels = context.weight(0).count();
    for (std::int64_t index = 0; index < context.output().count(); ++index)
        context.output().data()[index] = context.input().data()[index] * context.weight(0).data()[index % channels] +
                                         context.weight(1).data()[index % channels];
    return {};
}

void inferSum(InferContext& context) {
    if (!(context.input(0).shape == context.input(1).shape))
        return context.refuse({diag::Code::MergeMismatch,
                               {},
                               1,
                               {{"shape", context.input(1).shape},
                                {"other", context.input(0).shape},
                                {"axis", std::int64_t{0}},
                                {"axis_name", diag::axisOf(context.input(1).shape, 0)},
                                {"size", context.input(1).shape[0]},
                                {"other_size", context.input(0).shape[0]}}});
    sameShape(context);
}

Result<void> runSum(ForwardContext& context) {
    for (std::int64_t index = 0; index < context.output().count(); ++index)
        context.output().data()[index] = context.input(0).data()[index] + context.input(1).data()[index];
    return {};
}

void inferTwin(InferContext& context) {
    context.output(0) = context.input();
    context.output(1) = context.input();
}

Result<void> runTwin(ForwardContext& context) {
    for (std::int64_t index = 0; index < context.input().count(); ++index) {
        context.output(0).data()[index] = context.input().data()[index];
        context.output(1).data()[index] = -context.input().data()[index];
    }
    return {};
}

Result<void> copyInput(ForwardContext& context) {
    std::copy_n(context.input().data(), context.input().count(), context.output().data());
    return {};
}

layers::LayerType oneToOne(std::string_view className, Result<void> (*forward)(ForwardContext&)) {
    return {.className = className,
            .title = className,
            .infer = sameShape,
            .forward = forward,
            .multiplyAdds = onePerValue};
}

}  // namespace

std::atomic<int>& scaleRuns() {
    static std::atomic<int> runs{0};
    return runs;
}

std::optional<std::stop_source>& stoppingSource() {
    static std::optional<std::stop_source> source;
    return source;
}

const layers::LayerType& scaleLayer() {
    static const layers::LayerType type = [] {
        layers::LayerType made = oneToOne("Scale", runScale);
        made.params = {{.key = "factor",
                        .kind = layers::ParamKind::Real,
                        .fallback = 2.0,
                        .affects = layers::Affects::Values,
                        .keyHash = hashName("factor")},
                       {.key = "remark",
                        .kind = layers::ParamKind::Text,
                        .fallback = "",
                        .affects = layers::Affects::Nothing,
                        .keyHash = hashName("remark")}};
        return made;
    }();
    return type;
}

const layers::LayerType& weightedLayer() {
    static const layers::LayerType type = [] {
        layers::LayerType made = oneToOne("Weighted", runWeighted);
        made.weights = weightsOfWeighted;
        return made;
    }();
    return type;
}

const layers::LayerType& sumLayer() {
    static const layers::LayerType type = [] {
        layers::LayerType made = oneToOne("Sum", runSum);
        made.infer = inferSum;
        made.inputs = {{.name = "inputs", .many = true, .minimumLinks = 2}};
        return made;
    }();
    return type;
}

const layers::LayerType& dropLayer() {
    static const layers::LayerType type = [] {
        layers::LayerType made = oneToOne("Drop", copyInput);
        made.identityWhenRunning = true;
        return made;
    }();
    return type;
}

const layers::LayerType& throwingLayer() {
    static const layers::LayerType type =
        oneToOne("Throwing", [](ForwardContext&) -> Result<void> { throw std::runtime_error("out of ink"); });
    return type;
}

const layers::LayerType& twinLayer() {
    static const layers::LayerType type = [] {
        layers::LayerType made = oneToOne("Twin", runTwin);
        made.infer = inferTwin;
        made.outputs = {"same", "negative"};
        return made;
    }();
    return type;
}

const layers::LayerType& stoppingLayer() {
    static const layers::LayerType type = oneToOne("Stopping", [](ForwardContext&) -> Result<void> {
        stoppingSource()->request_stop();
        return {};
    });
    return type;
}

NodeId SmallGraph::input(const std::string& name, std::vector<std::int64_t> sizes) {
    const NodeId id = add(*layers::findLayer("InputLayer"), name, std::vector<NodeId>());
    ValueList list;
    for (const std::int64_t size : sizes) list.push_back(size < 0 ? Value() : Value(size));
    set(id, "batch_shape", std::move(list));
    return id;
}

NodeId SmallGraph::add(const layers::LayerType& type, const std::string& name, const std::vector<NodeId>& from) {
    std::vector<graph::Link> links;
    for (const NodeId id : from) {
        const bool many = !type.inputs.empty() && type.inputs.front().many;
        links.push_back({id, 0, static_cast<std::uint16_t>(many ? 0 : links.size())});
    }
    return add(type, name, links);
}

NodeId SmallGraph::add(const layers::LayerType& type, const std::string& name, const std::vector<graph::Link>& links) {
    const NodeId id = project_.graph.nextId();
    std::shared_ptr<graph::Node> node = layers::makeNode(type, id, name);
    node->inputs = links;
    project_.graph.put(std::move(node));
    return id;
}

void SmallGraph::set(NodeId id, const std::string& key, Value value) {
    auto changed = std::make_shared<graph::Node>(*project_.graph.find(id));
    changed->set(key, std::move(value));
    project_.graph.put(std::move(changed));
}

RunReport runAll(const RunRequest& request) {
    ActivationStore store;
    return runAll(request, store);
}

RunReport runAll(const RunRequest& request, ActivationStore& store) {
    Progress progress;
    Result<RunReport> report = run(request, store, {}, progress);
    if (!report) {
        ADD_FAILURE() << report.error().text();
        return {};
    }
    return std::move(*report);
}

}  // namespace shapewise::exec::testing
