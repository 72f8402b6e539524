// Dense: a weighted sum of the last axis for each unit, at every position of the other axes.
//   y[..., u] = activation(bias[u] + sum over i of x[..., i] * kernel[i, u])
// [batch, ..., inputs] -> [batch, ..., units]
// Reference: https://keras.io/api/layers/core_layers/dense/

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/matmul.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

void inferDense(InferContext& context) {
    const TensorType& input = context.input();
    const int last = input.shape.rank() - 1;
    if (!knownSize(context, last)) return;
    TensorType& output = context.output();
    output = input;
    output.dtype = tensor::DType::Float32;
    output.shape.setSize(last, context.params().integer("units"));
    output.shape.setMeaning(last, tensor::AxisMeaning::Features);
    dropScale(output, last);
    dropValueKind(output);
    if (context.isExplaining())
        context.explain("features", fmt::format("units = {}", context.params().integer("units")),
                        diag::say("each a weighted sum of {} inputs", input.shape[last]));
    inferActivation(context);
}

std::vector<WeightSpec> denseWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Shape& shape = inputs[0]->shape;
    if (!shape[shape.rank() - 1].isKnown()) return {};
    const std::int64_t units = params.integer("units");
    std::vector<WeightSpec> weights{{.name = "kernel", .extents = {shape[shape.rank() - 1].size(), units}}};
    if (params.flag("use_bias"))
        weights.push_back({.name = "bias", .extents = {units}, .initializer = Initializer::Zeros});
    return weights;
}

kernels::MatrixView kernelOf(const ForwardContext& context) {
    const tensor::Tensor& kernel = context.weight(0);
    return kernels::MatrixView::rowMajor(kernel.data(), kernel.size(0), kernel.size(1));
}

PreparedLayer prepareDense(const ForwardContext& context) {
    const kernels::MatrixView kernel = kernelOf(context);
    PreparedLayer prepared;
    const std::int64_t numbers = tensor::elementCount(extentsOf(context.inputTypes[0]->shape));
    if (kernels::readsPacked(numbers / std::max<std::int64_t>(1, kernel.rows), kernel))
        prepared.packed.emplace_back(kernel, context.parallel());
    return prepared;
}

Result<void> denseForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& x = context.input();
    const std::int64_t units = params.integer("units");
    kernels::MatrixView kernel = kernelOf(context);
    if (const auto packed = packedOf(context); !packed.empty()) kernel.packed = &packed.front();
    const float* bias = params.flag("use_bias") ? context.weight(1).data() : nullptr;
    activated(
        context, "activation", [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
            const std::int64_t rows = tensor::elementCount(extents) / units;
            kernels::dense(x.data(), rows, kernel, {.bias = bias, .activation = activation}, y, context.parallel());
        });
    return {};
}

std::int64_t denseMultiplyAdds(const Params&, std::span<const TensorType* const> inputs,
                               std::span<const TensorType> outputs) {
    const tensor::Shape& shape = inputs[0]->shape;
    return saturatingMultiply(shape[shape.rank() - 1].sizeOr(0), outputs[0].shape.elementCount().sizeOr(-1));
}

SlidingWindow denseWindow(const Params&) { return {}; }

std::string denseTelling(const Params& params) {
    return joinTelling({counted(params.integer("units"), "unit"), activationText(params)});
}

}  // namespace

const LayerType& dense() {
    static const LayerType type{
        .className = "Dense",
        .category = Category::Core,
        .title = "Dense",
        .summary = "Weighted sums of the last axis, one for each unit",
        .keywords = "fully connected linear fc matrix multiply classifier perceptron",
        .doc =
            "Multiplies the last axis with a matrix; the other axes stay as they are.\n\n"
            "$y_u = activation(b_u + \\sum_i x_i\\, w_{i,u})$\n\n"
            "Input `[batch, ..., inputs]`, output `[batch, ..., units]`, kernel `[inputs, units]`. The last axis must "
            "have "
            "a known size. On a map or a sequence each position gets its own output: put Flatten or a global pooling "
            "before "
            "a classifier.\n\nReference: <https://keras.io/api/layers/core_layers/dense/>",
        .params = {{.key = "units",
                    .kind = ParamKind::Integer,
                    .help = "Size of the output's last axis",
                    .required = true,
                    .initial = 64,
                    .minimum = 1},
                   activationParam(),
                   useBiasParam()},
        .inputs = {PortSpec{.name = "input", .minimumRank = 2, .axes = "(batch, ..., features)"}},
        .telling = {"units", "activation"},
        .role = Role::Dense,
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .masks = Masks::PassOn,
        .infer = inferDense,
        .weights = denseWeights,
        .forward = denseForward,
        .prepare = prepareDense,
        .multiplyAdds = denseMultiplyAdds,
        .window = denseWindow,
        .tellingText = denseTelling,
        .foreign = {.classes = {{.name = "TimeDistributedDense", .in = kKeras1, .isTranslated = true}},
                    .keys = joined(kernelNames(), {{"output_dim", "units"}, {"bias", "use_bias"}})},
    };
    return type;
}

}  // namespace shapewise::layers
