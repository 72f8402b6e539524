// TimeDistributed: the same layer at every step of axis 1.
// [batch, time, ...] -> [batch, time, inner rule on (batch, ...)]
// Reference: https://keras.io/api/layers/recurrent_layers/time_distributed/

#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/nested_layer.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

/// The type of one step: axis 1 taken out.
TensorType stepType(const TensorType& input) {
    TensorType step;
    step.dtype = input.dtype;
    for (int axis = 0; axis < input.shape.rank(); ++axis) {
        if (axis == 1) continue;
        takeScale(step, step.shape.rank(), input, axis);
        step.shape.append(input.shape[axis], input.shape.meaning(axis));
    }
    return step;
}

void checkTimeDistributed(InferContext& context) {
    if (const NestedNode inner = nestedNode(context, "layer"); inner != nullptr) checkNested(context, inner, "layer");
}

void inferTimeDistributed(InferContext& context) {
    const NestedNode inner = nestedNode(context, "layer");
    if (inner == nullptr) return;
    const TensorType& input = context.input();
    const TensorType step = stepType(input);
    const TensorType* const steps[] = {&step};
    const std::vector<TensorType> inferred = inferNested(context, inner, "layer", steps);
    for (std::size_t index = 0; index < inferred.size(); ++index) {
        const tensor::Shape& one = inferred[index].shape;
        if (one.rank() >= tensor::kMaximumRank) {
            context.refuse({diag::Code::RankTooLarge,
                            "layer",
                            -1,
                            {{"rank", std::int64_t{one.rank() + 1}}, {"most", std::int64_t{tensor::kMaximumRank}}}});
            return;
        }
        TensorType& output = context.output(static_cast<int>(index));
        output = TensorType{};
        output.dtype = inferred[index].dtype;
        output.shape.append(one[0], tensor::AxisMeaning::Batch);
        const tensor::AxisMeaning time = input.shape.meaning(1);
        output.shape.append(input.shape[1], time == tensor::AxisMeaning::Unknown ? tensor::AxisMeaning::Time : time);
        for (int axis = 1; axis < one.rank(); ++axis) {
            output.shape.append(one[axis], one.meaning(axis));
            takeScale(output, axis + 1, inferred[index], axis);
        }
        takeScale(output, 1, input, 1);
    }
    if (context.isExplaining() && !inferred.empty())
        context.explain(diag::axisOf(context.output().shape, 1), input.shape[1],
                        diag::say("kept; {} sees {} at each step", inner->type->className, step.shape));
}

std::vector<WeightSpec> timeDistributedWeights(const Params& params, std::span<const TensorType* const> inputs) {
    return nestedWeights(nestedNode(params, "layer"), stepType(*inputs[0]));
}

/// [batch, time, ...] -> [batch * time, ...].
tensor::Extents mergedExtents(const tensor::Extents& extents) {
    tensor::Extents merged{extents[0] * extents[1]};
    merged.insert(merged.end(), extents.begin() + 2, extents.end());
    return merged;
}

/// The mask of each step for the inner layer, [batch * time, ...] of [batch, time, ...]; empty when the mask of x says
/// nothing of the axes behind time.
tensor::Tensor stepsMask(const tensor::Tensor* mask, const tensor::Tensor& x) {
    if (mask == nullptr || mask->rank() < 3 || mask->size(0) != x.size(0) || mask->size(1) != x.size(1)) return {};
    return tensor::Tensor(mergedExtents(mask->extents()), mask->values());
}

PreparedLayer prepareTimeDistributed(const ForwardContext& context) {
    TensorType steps = stepType(*context.inputTypes[0]);
    const tensor::Shape& shape = context.inputTypes[0]->shape;
    steps.shape.setSize(0, shape[0] * shape[1]);
    PreparedLayer prepared;
    prepared.inside.push_back(prepareNested(nestedNode(context.params, "layer"), context, steps));
    return prepared;
}

Result<void> timeDistributedForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const tensor::Tensor steps(mergedExtents(x.extents()), x.values());
    std::vector<tensor::Tensor> results;
    for (const tensor::Tensor& output : context.outputs) results.emplace_back(mergedExtents(output.extents()));
    const tensor::Tensor mask = stepsMask(context.inputMask(), x);
    Result<void> done = runNested(nestedNode(context.params, "layer"), context,
                                  {.input = steps,
                                   .weights = context.weights,
                                   .outputs = results,
                                   .mask = mask.rank() > 1 ? &mask : nullptr,
                                   .prepared = context.prepared != nullptr ? &context.prepared->inside[0] : nullptr});
    if (!done) return done;
    for (std::size_t index = 0; index < results.size(); ++index)
        std::copy(results[index].values().begin(), results[index].values().end(), context.outputs[index].data());
    return {};
}

std::int64_t timeDistributedMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                         std::span<const TensorType> outputs) {
    const NestedNode inner = nestedNode(params, "layer");
    if (inner == nullptr || inner->type->multiplyAdds == nullptr) return 0;
    const tensor::Shape& shape = inputs[0]->shape;
    if (!shape[0].isKnown() || !shape[1].isKnown()) return -1;
    TensorType input = stepType(*inputs[0]);
    input.shape.setSize(0, shape[0] * shape[1]);
    TensorType output = stepType(outputs[0]);
    output.shape.setSize(0, shape[0] * shape[1]);
    const TensorType* const innerInputs[] = {&input};
    return inner->type->multiplyAdds(Params(*inner), std::span<const TensorType* const>(innerInputs), {&output, 1});
}

std::string timeDistributedTelling(const Params& params) {
    const NestedNode inner = nestedNode(params, "layer");
    if (inner == nullptr) return nestedClassName(params, "layer");
    return joinTelling({nestedClassName(params, "layer"), tellingText(Params(*inner))});
}

Value initialLayer() {
    return Value(ValueDict{{"class_name", Value("Dense")}, {"config", Value(ValueDict{{"units", Value(8)}})}});
}

}  // namespace

const LayerType& timeDistributed() {
    static const LayerType type{
        .className = "TimeDistributed",
        .category = Category::Wrapper,
        .title = "TimeDistributed",
        .summary = "Applies a layer to every step of a sequence",
        .keywords = "wrapper per step frame video sequence",
        .doc =
            "Runs the inner layer on each step of axis 1 with the same weights.\n\n"
            "Input `[batch, time, ...]`, output `[batch, time, ...']` where `[batch, ...']` is what the "
            "inner layer makes of "
            "`[batch, ...]`.\n\nReference: <https://keras.io/api/layers/recurrent_layers/time_distributed/>",
        .params = {{.key = "layer",
                    .kind = ParamKind::Layer,
                    .help = "The layer applied at each step",
                    .required = true,
                    .initial = initialLayer()}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 3, .axes = "(batch, time, ...)"}},
        .telling = {"layer"},
        .role = Role::Wrapper,
        .goesStepByStep = true,
        .masks = Masks::PassOn,
        .infer = inferTimeDistributed,
        .check = checkTimeDistributed,
        .weights = timeDistributedWeights,
        .forward = timeDistributedForward,
        .prepare = prepareTimeDistributed,
        .multiplyAdds = timeDistributedMultiplyAdds,
        .tellingText = timeDistributedTelling,
    };
    return type;
}

}  // namespace shapewise::layers
