// BatchNormalization: each index of one axis is shifted and scaled to the mean and variance learned in training.
//   y = gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta
// Reference: https://keras.io/api/layers/normalization_layers/batch_normalization/

#include "core/kernels/normalization.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

std::vector<ParamSpec> batchNormalizationParams() {
    return {
        {.key = "axis",
         .kind = ParamKind::IntegerList,
         .fallback = -1,
         .help = "Axis whose indices are normalised each by itself, usually the channels",
         .affects = Affects::Weights},
        {.key = "momentum",
         .kind = ParamKind::Real,
         .fallback = 0.99,
         .help = "Share of the moving averages that a training step keeps",
         .affects = Affects::Nothing},
        {.key = "epsilon",
         .kind = ParamKind::Real,
         .fallback = 0.001,
         .help = "Small number added to the variance, so that nothing is divided by 0",
         .affects = Affects::Values},
        {.key = "center",
         .kind = ParamKind::Boolean,
         .fallback = true,
         .help = "Add the trained offset beta",
         .affects = Affects::Weights},
        {.key = "scale",
         .kind = ParamKind::Boolean,
         .fallback = true,
         .help = "Multiply by the trained factor gamma",
         .affects = Affects::Weights},
        {.key = "renorm",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "Batch renormalization: correct small batches while training",
         .affects = Affects::Weights},
        {.key = "renorm_clipping",
         .kind = ParamKind::Any,
         .help = "Bounds rmin, rmax and dmax of the correction",
         .noneAllowed = true,
         .affects = Affects::Nothing,
         .visibleWhenKey = "renorm",
         .visibleWhenValue = "True"},
        {.key = "renorm_momentum",
         .kind = ParamKind::Real,
         .fallback = 0.99,
         .help = "Share of the averages for renormalization that a training step keeps",
         .affects = Affects::Nothing,
         .visibleWhenKey = "renorm",
         .visibleWhenValue = "True"},
        {.key = "synchronized",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "While training, share the statistics among all devices",
         .affects = Affects::Nothing},
    };
}

void refuseClipping(InferContext& context, const Value& value, const char* expected) {
    context.refuse(
        {diag::Code::ParameterRange, "renorm_clipping", -1, {{"value", value}, {"expected", std::string(expected)}}});
}

void checkClipping(InferContext& context) {
    const Value& clipping = context.params()["renorm_clipping"];
    if (clipping.isNone()) return;
    if (!clipping.isDict()) return refuseClipping(context, clipping, "a dictionary with rmin, rmax and dmax");
    for (const auto& [key, bound] : clipping.asDict()) {
        if (key != "rmin" && key != "rmax" && key != "dmax")
            return refuseClipping(context, clipping, "no other keys than rmin, rmax and dmax");
        if (!bound.isNumber() || bound.asReal() < 0.0) return refuseClipping(context, clipping, "bounds of at least 0");
    }
    const Value* lowest = clipping.find("rmin");
    const Value* highest = clipping.find("rmax");
    if (lowest != nullptr && highest != nullptr && lowest->asReal() > highest->asReal())
        refuseClipping(context, clipping, "rmin not above rmax");
}

void checkBatchNormalization(InferContext& context) {
    const Value& axis = context.params()["axis"];
    if (axis.isList() && axis.asList().size() != 1)
        context.refuse(
            {diag::Code::ParameterTupleLength,
             "axis",
             -1,
             {{"value", axis}, {"needed", std::int64_t{1}}, {"got", static_cast<std::int64_t>(axis.asList().size())}}});
    checkClipping(context);
}

void inferBatchNormalization(InferContext& context) {
    const std::optional<int> axis = axisIndex(context, "axis", context.params().integers("axis")[0]);
    if (!axis || !knownSize(context, *axis)) return;
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
    dropValueKind(context.output());
    if (context.isExplaining())
        context.explain("statistics", context.input().shape[*axis], "one mean and variance for each index of the axis");
}

std::vector<WeightSpec> batchNormalizationWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Shape& shape = inputs[0]->shape;
    const std::int64_t axis = params.integers("axis")[0];
    const tensor::Dim size = shape[static_cast<int>(axis < 0 ? axis + shape.rank() : axis)];
    if (!size.isKnown()) return {};
    std::vector<WeightSpec> weights;
    const auto add = [&](std::string_view name, Initializer initializer, bool trainable) {
        weights.push_back({.name = name, .extents = {size.size()}, .initializer = initializer, .trainable = trainable});
    };
    if (params.flag("scale")) add("gamma", Initializer::Ones, true);
    if (params.flag("center")) add("beta", Initializer::Zeros, true);
    add("moving_mean", Initializer::Zeros, false);
    add("moving_variance", Initializer::Ones, false);
    if (params.flag("renorm")) {
        add("moving_stddev", Initializer::Ones, false);
        add("renorm_mean", Initializer::Zeros, false);
        add("renorm_stddev", Initializer::Ones, false);
    }
    return weights;
}

Result<void> batchNormalizationForward(ForwardContext& context) {
    const Params& params = context.params;
    int next = 0;
    kernels::AffineWeights affine;
    if (params.flag("scale")) affine.gamma = context.weight(next++).data();
    if (params.flag("center")) affine.beta = context.weight(next++).data();
    const kernels::BatchStatistics statistics{.mean = context.weight(next).data(),
                                              .variance = context.weight(next + 1).data()};
    const tensor::Tensor& x = context.input();
    const auto axis = static_cast<int>(params.integers("axis")[0]);
    kernels::batchNormalization(kernels::splitAt(x.extents(), axis), x.data(), statistics, affine,
                                static_cast<float>(params.real("epsilon")), context.output().data(),
                                context.parallel());
    return {};
}

std::int64_t onePerValue(const Params&, std::span<const TensorType* const>, std::span<const TensorType> outputs) {
    return outputs[0].shape.elementCount().sizeOr(-1);
}

std::string batchNormalizationTelling(const Params& params) {
    const std::int64_t axis = params.integers("axis")[0];
    return axis == -1 ? std::string() : fmt::format("axis {}", axis);
}

}  // namespace

const LayerType& batchNormalization() {
    static const LayerType type{
        .className = "BatchNormalization",
        .category = Category::Normalization,
        .title = "BatchNormalization",
        .summary = "Shifts and scales each channel to mean 0 and variance 1",
        .keywords = "batch norm bn normalize standardize whiten",
        .doc =
            "Uses the mean and variance learned in training for each index of `axis`.\n\n"
            "$y = \\gamma \\frac{x - mean}{\\sqrt{variance + \\epsilon}} + \\beta$\n\n"
            "Output: the shape of the input. Weights gamma, beta (trained), moving_mean, moving_variance (not "
            "trained), each "
            "`[size of axis]`; with `renorm` three more.\n\n"
            "Reference: <https://keras.io/api/layers/normalization_layers/batch_normalization/>",
        .params = batchNormalizationParams(),
        .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ..., channels)"}},
        .telling = {"axis"},
        .role = Role::Normalization,
        .effects = kKeepsAll,
        .channelAxis = "axis",
        .masks = Masks::PassOn,
        .infer = inferBatchNormalization,
        .check = checkBatchNormalization,
        .weights = batchNormalizationWeights,
        .forward = batchNormalizationForward,
        .multiplyAdds = onePerValue,
        .tellingText = batchNormalizationTelling,
        .foreign = {.classes = {{"BatchNormalizationV1", kKeras2},
                                {"BatchNormalizationV2", kKeras2},
                                {"SyncBatchNormalization", kKeras2}},
                    .keys = {{"gamma_init", "gamma_initializer"}, {"beta_init", "beta_initializer"}},
                    .ignored = {{"mode", kAnyKeras, Value(0)}},
                    .gaps = {{"mode", Value(1), kKeras1, "Keras 1 normalised each sample by itself with mode 1"},
                             {"mode", Value(2), kKeras1, "Keras 1 used the batch when running too with mode 2"}}},
    };
    return type;
}

}  // namespace shapewise::layers
