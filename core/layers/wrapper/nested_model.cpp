// Functional, Sequential: a model used as a layer; one node that holds a graph of its own.
// Reference: https://keras.io/guides/functional_api/ (nested models)

#include "core/layers/framework/prepared_layer.h"
#include "core/layers/parts/body.h"
#include "core/layers/parts/common_params.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

bool isEmpty(const Params& params) { return params.body() == nullptr || params.body()->nodeCount() == 0; }

void passOn(InferContext& context) {
    for (int index = 0; index < context.inputCount(); ++index) context.output(index) = context.input(index);
    if (context.isExplaining()) context.explain("layers", "none", "an empty model gives its inputs back");
}

void refuseCount(InferContext& context, std::int64_t needed) {
    const std::int64_t got = context.inputCount();
    if (got < needed)
        context.refuse({diag::Code::TooFewInputs, {}, -1, {{"needed", needed}, {"got", got}}});
    else
        context.refuse({diag::Code::TooManyInputs,
                        {},
                        context.inputCount() - 1,
                        {{"needed", needed}, {"got", got}, {"port", std::string("inputs")}}});
}

void explainBody(InferContext& context, const Body& body) {
    for (const BodyNode& entry : body.nodes()) {
        std::vector<diag::Phrase> shapes;
        for (const TensorType& output : entry.outputs) shapes.emplace_back(output.shape);
        context.explain(entry.node->name, shapes.empty() ? diag::Phrase("unknown") : joined(shapes, ", "),
                        std::string(entry.node->type->className));
    }
}

void inferModel(InferContext& context) {
    const Params& params = context.params();
    if (isEmpty(params)) return passOn(context);
    const std::size_t needed = bodyEntries(params).size();
    if (static_cast<std::size_t>(context.inputCount()) != needed)
        return refuseCount(context, static_cast<std::int64_t>(needed));
    std::vector<const TensorType*> inputs;
    inputs.reserve(needed);
    for (int index = 0; index < context.inputCount(); ++index) inputs.push_back(&context.input(index));
    const Body body(params, inputs);
    if (context.isExplaining()) explainBody(context, body);
    if (const std::optional<BodyProblem>& problem = body.problem()) {
        context.refuse({diag::Code::NestedLayer, {}, -1, {{"layer", problem->layer}, {"problem", problem->problem}}});
        return;
    }
    if (!body.isKnown()) return;
    for (std::size_t index = 0; index < body.ends().size(); ++index) {
        const BodyEnd& end = body.ends()[index];
        context.output(static_cast<int>(index)) = body.nodes()[end.node].outputs[end.port];
    }
}

std::vector<WeightSpec> modelWeights(const Params& params, std::span<const TensorType* const> inputs) {
    return isEmpty(params) ? std::vector<WeightSpec>() : Body(params, inputs).weights();
}

std::int64_t modelMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                               std::span<const TensorType>) {
    return isEmpty(params) ? 0 : Body(params, inputs).multiplyAdds();
}

PreparedLayer prepareModel(const ForwardContext& context) {
    return isEmpty(context.params) ? PreparedLayer() : Body(context.params, context.inputTypes).prepare(context);
}

Result<void> modelForward(ForwardContext& context) {
    if (!isEmpty(context.params)) return Body(context.params, context.inputTypes).run(context);
    for (std::size_t index = 0; index < context.outputs.size(); ++index)
        std::copy(context.inputs[index]->values().begin(), context.inputs[index]->values().end(),
                  context.outputs[index].data());
    return {};
}

std::string modelTelling(const Params& params) {
    const std::size_t layers = params.body() != nullptr ? params.body()->nodeCount() : 0;
    return layers == 0 ? "empty" : fmt::format("{} {}", layers, layers == 1 ? "layer" : "layers");
}

LayerType modelType(std::string_view className, std::string_view summary) {
    return {
        .className = className,
        .category = Category::Wrapper,
        .title = className == "Sequential" ? "Sequential model" : "Nested model",
        .summary = summary,
        .keywords = "nested model group submodel encoder decoder backbone",
        .doc =
            "A model used as a layer: a graph of its own, whose Input layers take the inputs of this node one by "
            "one.\n\n"
            "Outputs are those of the model. Its weights are those of its layers, and a model that is called several "
            "times "
            "has them once. An input must have the sizes its Input layer declares; the batch is not compared, and a "
            "last "
            "axis of 1 is added or dropped.\n\nAn empty model gives its inputs back.\n\n"
            "Reference: <https://keras.io/guides/functional_api/>",
        .params =
            {{.key = "inputs",
              .kind = ParamKind::Any,
              .help =
                  "Names of its Input layers in the order they take the inputs; None for the order they were added in",
              .noneAllowed = true,
              .hidden = true},
             {.key = "outputs",
              .kind = ParamKind::Any,
              .help = "Name and port of each output; None for all layers that feed no other",
              .noneAllowed = true,
              .hidden = true}},
        .inputs = {PortSpec{
            .name = "inputs", .many = true, .minimumLinks = 1, .minimumRank = 0, .axes = "as its Input layers"}},
        .holdsModel = true,
        .masks = Masks::Compute,
        .infer = inferModel,
        .weights = modelWeights,
        .forward = modelForward,
        .prepare = prepareModel,
        .multiplyAdds = modelMultiplyAdds,
        .tellingText = modelTelling,
    };
}

}  // namespace

const LayerType& functional() {
    static const LayerType type = [] {
        LayerType made =
            modelType("Functional", "A model inside the model, with several inputs and outputs if need be");
        made.foreign.classes = {{"Model", kBeforeKeras3}};
        return made;
    }();
    return type;
}

const LayerType& sequential() {
    static const LayerType type = modelType("Sequential", "A chain of layers used as one layer");
    return type;
}

}  // namespace shapewise::layers
