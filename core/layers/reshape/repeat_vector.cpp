// RepeatVector: the same vector n times, as a sequence: [batch, features] -> [batch, n, features].
// Reference: https://keras.io/api/layers/reshaping_layers/repeat_vector/

#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

void inferRepeatVector(InferContext& context) {
    const tensor::Shape& input = context.input().shape;
    tensor::TensorType& output = context.output();
    output.shape.append(input[0], tensor::AxisMeaning::Batch);
    output.shape.append(tensor::Dim(context.params().integer("n")), tensor::AxisMeaning::Time);
    output.shape.append(input[1], tensor::AxisMeaning::Features);
    if (context.isExplaining())
        context.explain("time", fmt::format("n = {}", context.params().integer("n")), "copies of the vector");
}

Result<void> repeatVectorForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    kernels::repeatWhole({.outer = x.size(0), .size = 1, .inner = x.size(1)}, context.params.integer("n"), x.data(),
                         context.output().data(), context.parallel());
    return {};
}

std::string repeatVectorTelling(const Params& params) { return counted(params.integer("n"), "time"); }

}  // namespace

const LayerType& repeatVector() {
    static const LayerType type{
        .className = "RepeatVector",
        .category = Category::Reshape,
        .title = "RepeatVector",
        .summary = "Makes a sequence of copies of a vector",
        .keywords = "repeat copy decoder sequence tile",
        .doc =
            "Gives the same vector at each of `n` steps: what a decoder wants after an encoder that keeps "
            "its last step only.\n\n"
            "Input `[batch, features]`, output `[batch, n, features]`.\n\n"
            "Reference: <https://keras.io/api/layers/reshaping_layers/repeat_vector/>",
        .params = {{.key = "n",
                    .kind = ParamKind::Integer,
                    .help = "How many steps the sequence has",
                    .required = true,
                    .initial = 4,
                    .minimum = 1}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 2, .maximumRank = 2, .axes = "(batch, features)"}},
        .telling = {"n"},
        .role = Role::Reshape,
        .effects = {AxisEffect::Rearranges, ChannelEffect::Makes},
        .onlyMovesValues = true,
        .infer = inferRepeatVector,
        .forward = repeatVectorForward,
        .tellingText = repeatVectorTelling,
    };
    return type;
}

}  // namespace shapewise::layers
