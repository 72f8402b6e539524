// MaxoutDense and Highway of Keras 1 (and keras.legacy of 2.x): dense layers on [batch, inputs].
//   MaxoutDense: y[u] = max over k of (b[k, u] + sum over i of x[i] * W[k, i, u])
//   Highway: t = sigmoid(x·W_carry + b_carry), y = t * activation(x·W + b) + (1 - t) * x
// Reference: keras/layers/core.py of Keras 1.2.2, keras/legacy/layers.py of Keras 2.x

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/matmul.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

ParamSpec biasParam() {
    return {
        .key = "bias", .kind = ParamKind::Boolean, .fallback = true, .help = "Add a bias", .affects = Affects::Weights};
}

PortSpec featuresPort() { return {.name = "input", .minimumRank = 2, .maximumRank = 2, .axes = "(batch, features)"}; }

/// Fills output 0 with that many features; false when the input's are not known.
bool inferFeatures(InferContext& context, std::int64_t features) {
    if (!knownSize(context, 1)) return false;
    TensorType& output = context.output();
    output = context.input();
    output.dtype = tensor::DType::Float32;
    output.shape.setSize(1, features);
    output.shape.setMeaning(1, tensor::AxisMeaning::Features);
    dropScale(output, 1);
    dropValueKind(output);
    return true;
}

// MaxoutDense
// -----------------------------------------------------------------------------------------------------------

void inferMaxout(InferContext& context) {
    const Params& params = context.params();
    if (!inferFeatures(context, params.integer("output_dim")) || !context.isExplaining()) return;
    context.explain("features", fmt::format("output_dim = {}", params.integer("output_dim")),
                    fmt::format("each the largest of {} weighted sums", params.integer("nb_feature")));
}

std::vector<WeightSpec> maxoutWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Dim features = inputs[0]->shape[1];
    if (!features.isKnown()) return {};
    const std::int64_t pieces = params.integer("nb_feature");
    const std::int64_t units = params.integer("output_dim");
    std::vector<WeightSpec> weights{{.name = "W", .extents = {pieces, features.size(), units}}};
    if (params.flag("bias"))
        weights.push_back({.name = "b", .extents = {pieces, units}, .initializer = Initializer::Zeros});
    return weights;
}

Result<void> maxoutForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const tensor::Tensor& kernel = context.weight(0);
    const std::int64_t units = kernel.size(2);
    const std::int64_t inputs = kernel.size(1);
    tensor::Tensor& y = context.output();
    tensor::Tensor piece(y.extents());
    for (std::int64_t index = 0; index < kernel.size(0); ++index) {
        const float* bias = context.params.flag("bias") ? context.weight(1).data() + index * units : nullptr;
        float* sums = index == 0 ? y.data() : piece.data();
        kernels::dense(x.data(), x.size(0),
                       kernels::MatrixView::rowMajor(kernel.data() + index * inputs * units, inputs, units),
                       {.bias = bias, .activation = {}}, sums, context.parallel());
        for (std::int64_t at = 0; index > 0 && at < y.count(); ++at)
            if (!(y.data()[at] >= sums[at])) y.data()[at] = sums[at];
    }
    return {};
}

std::int64_t maxoutMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                std::span<const TensorType> outputs) {
    return saturatingMultiply(
        params.integer("nb_feature"),
        saturatingMultiply(inputs[0]->shape[1].sizeOr(0), outputs[0].shape.elementCount().sizeOr(-1)));
}

std::string maxoutTelling(const Params& params) {
    return joinTelling(
        {counted(params.integer("output_dim"), "unit"), fmt::format("largest of {}", params.integer("nb_feature"))});
}

// Highway
// ---------------------------------------------------------------------------------------------------------------

void checkHighway(InferContext& context) {
    if (context.params().activation("activation") != "glu") return;
    context.refuse({diag::Code::ParameterRange,
                    "activation",
                    -1,
                    {{"value", context.params()["activation"]},
                     {"expected", std::string("a function that keeps the size; glu halves it")}}});
}

void inferHighway(InferContext& context) {
    const std::optional<std::int64_t> features = knownSize(context, 1);
    if (!features || !inferFeatures(context, *features) || !context.isExplaining()) return;
    context.explain("features", fmt::format("{}", *features), "as many as come in");
}

std::vector<WeightSpec> highwayWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Dim features = inputs[0]->shape[1];
    if (!features.isKnown()) return {};
    const std::int64_t size = features.size();
    std::vector<WeightSpec> weights{{.name = "W", .extents = {size, size}},
                                    {.name = "W_carry", .extents = {size, size}}};
    if (!params.flag("bias")) return weights;
    const auto start = static_cast<float>(params.real("transform_bias"));
    weights.push_back({.name = "b", .extents = {size}, .initializer = Initializer::Zeros});
    weights.push_back({.name = "b_carry",
                       .extents = {size},
                       .initializer = Initializer::Fixed,
                       .fixed = [start](std::span<float> values) { std::fill(values.begin(), values.end(), start); }});
    return weights;
}

Result<void> highwayForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const std::int64_t features = x.size(1);
    const bool hasBias = context.params.flag("bias");
    const auto weighted = [&](int kernel, const kernels::Activation& activation, float* y) {
        kernels::dense(x.data(), x.size(0),
                       kernels::MatrixView::rowMajor(context.weight(kernel).data(), features, features),
                       {.bias = hasBias ? context.weight(kernel + 2).data() : nullptr, .activation = activation}, y,
                       context.parallel());
    };
    tensor::Tensor gate(x.extents());
    weighted(1, kernels::Activation::of(kernels::ActivationKind::Sigmoid), gate.data());
    float* y = context.output().data();
    weighted(0, activationOf(context.params["activation"]), y);
    for (std::int64_t at = 0; at < x.count(); ++at)
        y[at] = gate.data()[at] * y[at] + (1.0F - gate.data()[at]) * x.data()[at];
    return {};
}

std::int64_t highwayMultiplyAdds(const Params&, std::span<const TensorType* const> inputs,
                                 std::span<const TensorType> outputs) {
    return saturatingMultiply(
        2, saturatingMultiply(inputs[0]->shape[1].sizeOr(0), outputs[0].shape.elementCount().sizeOr(-1)));
}

}  // namespace

const LayerType& maxoutDense() {
    static const LayerType type{
        .className = "MaxoutDense",
        .category = Category::Core,
        .title = "MaxoutDense",
        .summary = "The largest of several weighted sums, for each unit",
        .keywords = "maxout fully connected dense piecewise old keras 1",
        .doc =
            "$y_u = \\max_k (b_{k,u} + \\sum_i x_i\\, W_{k,i,u})$\n\n"
            "Input `[batch, inputs]`, output `[batch, output_dim]`, W `[nb_feature, inputs, output_dim]`, b "
            "`[nb_feature, output_dim]`. Only Keras 1 has it.\n\nReference: <https://arxiv.org/abs/1302.4389>",
        .params = {{.key = "output_dim",
                    .kind = ParamKind::Integer,
                    .help = "Size of the output's last axis",
                    .required = true,
                    .initial = 64,
                    .minimum = 1},
                   {.key = "nb_feature",
                    .kind = ParamKind::Integer,
                    .fallback = 4,
                    .help = "How many weighted sums the largest is taken of",
                    .minimum = 1,
                    .affects = Affects::Weights},
                   biasParam()},
        .inputs = {featuresPort()},
        .telling = {"output_dim", "nb_feature"},
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .infer = inferMaxout,
        .weights = maxoutWeights,
        .forward = maxoutForward,
        .multiplyAdds = maxoutMultiplyAdds,
        .tellingText = maxoutTelling,
        .foreign = {.classes = {{"MaxoutDense", kKeras1}}},
    };
    return type;
}

const LayerType& highway() {
    static const LayerType type{
        .className = "Highway",
        .category = Category::Core,
        .title = "Highway",
        .summary = "A dense layer with a trained gate past it",
        .keywords = "highway gate carry transform skip dense old keras 1",
        .doc =
            "$t = sigmoid(x W_{carry} + b_{carry})$, $y = t\\, activation(x W + b) + (1 - t)\\, x$\n\n"
            "Input and output `[batch, features]`, W and W_carry `[features, features]`, b and b_carry "
            "`[features]`. Only Keras 1 has it.\n\nReference: <https://arxiv.org/abs/1505.00387>",
        .params = {activationParam(),
                   biasParam(),
                   {.key = "transform_bias",
                    .kind = ParamKind::Real,
                    .fallback = 1.0,
                    .help = "What the bias of the gate starts with",
                    .affects = Affects::Weights}},
        .inputs = {featuresPort()},
        .telling = {"activation"},
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .infer = inferHighway,
        .check = checkHighway,
        .weights = highwayWeights,
        .forward = highwayForward,
        .multiplyAdds = highwayMultiplyAdds,
        .foreign = {.classes = {{"Highway", kKeras1}}},
    };
    return type;
}

}  // namespace shapewise::layers
