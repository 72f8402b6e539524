// Permute: the axes of a sample in another order.
// [batch, a1, a2, ...] -> [batch, a(dims[0]), a(dims[1]), ...], axes counted from 1.
// Reference: https://keras.io/api/layers/reshaping_layers/permute/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

void checkPermute(InferContext& context) {
    const AxisList<std::int64_t> dims = context.params().integers("dims");
    for (std::int64_t axis = 1; axis <= static_cast<std::int64_t>(dims.size()); ++axis)
        if (std::find(dims.begin(), dims.end(), axis) == dims.end()) {
            context.refuse({diag::Code::PermutationNotComplete,
                            "dims",
                            -1,
                            {{"value", context.params()["dims"]}, {"needed", static_cast<std::int64_t>(dims.size())}}});
            return;
        }
}

void refuseRank(InferContext& context, int needed) {
    const tensor::Shape& shape = context.input().shape;
    context.refuse({shape.rank() < needed ? diag::Code::RankTooLow : diag::Code::RankTooHigh,
                    "dims",
                    0,
                    {{"needed", std::int64_t{needed}},
                     {"got", std::int64_t{shape.rank()}},
                     {"exact", std::int64_t{1}},
                     {"shape", shape}}});
}

void inferPermute(InferContext& context) {
    const AxisList<std::int64_t> dims = context.params().integers("dims");
    const tensor::TensorType& input = context.input();
    const int rank = static_cast<int>(dims.size()) + 1;
    if (input.shape.rank() != rank) return refuseRank(context, rank);
    tensor::TensorType& output = context.output();
    output.dtype = input.dtype;
    output.shape.append(input.shape[0], tensor::AxisMeaning::Batch);
    auto scales = input.scales ? std::make_shared<tensor::SignalScales>(*input.scales) : nullptr;
    for (std::size_t place = 0; place < dims.size(); ++place) {
        const int from = static_cast<int>(dims[place]);
        output.shape.append(input.shape[from], input.shape.meaning(from));
        if (scales) scales->axes[place + 1] = input.scale(from);
        if (context.isExplaining())
            context.explain(diag::say("axis {}", place + 1), input.shape[from], diag::say("was axis {}", from));
    }
    output.scales = std::move(scales);
}

Result<void> permuteForward(ForwardContext& context) {
    std::vector<int> order{0};
    for (const std::int64_t axis : context.params.integers("dims")) order.push_back(static_cast<int>(axis));
    const tensor::Tensor& x = context.input();
    kernels::permute(x.extents(), order, x.data(), context.output().data(), context.parallel());
    return {};
}

int axisBeforePermutation(const Params& params, int outputAxis) {
    const AxisList<std::int64_t> dims = params.integers("dims");
    const auto index = static_cast<std::size_t>(outputAxis - 1);
    return outputAxis == 0 ? 0 : index < dims.size() ? static_cast<int>(dims[index]) : -1;
}

std::string permuteTelling(const Params& params) { return "axes " + params["dims"].text(); }

}  // namespace

const LayerType& permute() {
    static const LayerType type{
        .className = "Permute",
        .category = Category::Reshape,
        .title = "Permute",
        .summary = "Puts the axes of a sample in another order",
        .keywords = "transpose swap exchange axes order channels",
        .doc =
            "Exchanges axes and moves the values with them.\n\n"
            "Input `[batch, a1, a2, ...]`, output `[batch, a(dims[0]), a(dims[1]), ...]`. `dims` holds each of 1 ... n "
            "once; "
            "1 is the first axis after the batch.\n\n"
            "Reference: <https://keras.io/api/layers/reshaping_layers/permute/>",
        .params = {{.key = "dims",
                    .kind = ParamKind::IntegerList,
                    .help = "For each output axis the input axis it comes from, counted from 1",
                    .required = true,
                    .initial = Value::list({2, 1})}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 2, .axes = "(batch, ...)"}},
        .telling = {"dims"},
        .role = Role::Permute,
        .effects = {AxisEffect::Permutes, ChannelEffect::Makes},
        .onlyMovesValues = true,
        .infer = inferPermute,
        .check = checkPermute,
        .forward = permuteForward,
        .inputAxis = axisBeforePermutation,
        .tellingText = permuteTelling,
    };
    return type;
}

}  // namespace shapewise::layers
