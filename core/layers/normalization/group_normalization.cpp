// GroupNormalization: the channels in groups, each group of each sample with mean 0 and variance 1.
//   groups 1 is a layer normalisation over everything, groups -1 (one channel each) an instance
//   normalisation.
// Output: the shape of the input.
// Reference: https://keras.io/api/layers/normalization_layers/group_normalization/

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/normalization.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

std::int64_t singleAxis(const Params& params) { return params.integers("axis")[0]; }

int axisOf(const Params& params, int rank) {
    const std::int64_t axis = singleAxis(params);
    return static_cast<int>(axis < 0 ? axis + rank : axis);
}

void checkGroups(InferContext& context) {
    const Params& params = context.params();
    const std::int64_t groups = params.integer("groups");
    if (groups == 0 || groups < -1)
        context.refuse(
            {diag::Code::ParameterRange,
             "groups",
             -1,
             {{"value", params["groups"]}, {"expected", std::string("at least 1, or -1 for one channel each")}}});
    if (params.integers("axis").size() != 1)
        context.refuse({diag::Code::ParameterTupleLength,
                        "axis",
                        -1,
                        {{"value", params["axis"]},
                         {"needed", std::int64_t{1}},
                         {"got", static_cast<std::int64_t>(params.integers("axis").size())}}});
}

void inferGroups(InferContext& context) {
    const Params& params = context.params();
    const std::optional<int> axis = axisIndex(context, "axis", singleAxis(params));
    if (!axis) return;
    if (*axis == 0) {
        context.refuse({diag::Code::AxisOutOfRange,
                        "axis",
                        0,
                        {{"axis", std::int64_t{0}},
                         {"lowest", std::int64_t{1}},
                         {"highest", std::int64_t{context.input().shape.rank() - 1}},
                         {"rank", std::int64_t{context.input().shape.rank()}},
                         {"shape", context.input().shape}}});
        return;
    }
    const std::optional<std::int64_t> channels = knownSize(context, *axis);
    if (!channels) return;
    const std::int64_t groups = params.integer("groups") == -1 ? *channels : params.integer("groups");
    if (groups > *channels || *channels % groups != 0) {
        context.refuse({diag::Code::GroupsNotDividing,
                        "groups",
                        0,
                        {{"what", std::string("channels")},
                         {"value", *channels},
                         {"groups", groups},
                         {"shape", context.input().shape}}});
        return;
    }
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
    dropValueKind(context.output());
    if (context.isExplaining())
        context.explain("groups", fmt::format("{} / {} = {}", *channels, groups, *channels / groups),
                        "channels in each group");
}

std::vector<WeightSpec> groupWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const tensor::Shape& shape = inputs[0]->shape;
    const tensor::Dim channels = shape[axisOf(params, shape.rank())];
    if (!channels.isKnown()) return {};
    std::vector<WeightSpec> weights;
    if (params.flag("scale"))
        weights.push_back({.name = "gamma", .extents = {channels.size()}, .initializer = Initializer::Ones});
    if (params.flag("center"))
        weights.push_back({.name = "beta", .extents = {channels.size()}, .initializer = Initializer::Zeros});
    return weights;
}

Result<void> groupForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& x = context.input();
    const int axis = axisOf(params, x.rank());
    const std::int64_t groups = params.integer("groups") == -1 ? x.size(axis) : params.integer("groups");
    int next = 0;
    kernels::AffineWeights affine;
    if (params.flag("scale")) affine.gamma = context.weight(next++).data();
    if (params.flag("center")) affine.beta = context.weight(next).data();
    kernels::groupNormalization(x.extents(), axis, groups, x.data(), affine, static_cast<float>(params.real("epsilon")),
                                context.output().data(), context.parallel());
    return {};
}

std::string groupTelling(const Params& params) {
    const std::int64_t groups = params.integer("groups");
    return groups == -1 ? "instance norm" : counted(groups, "group");
}

}  // namespace

const LayerType& groupNormalization() {
    static const LayerType type{
        .className = "GroupNormalization",
        .category = Category::Normalization,
        .title = "GroupNormalization",
        .summary = "Gives each group of channels mean 0 and variance 1",
        .keywords = "norm normalize instance standardize small batch",
        .doc =
            "Mean and variance of each sample over one group of channels and all positions; `groups` −1 "
            "makes each channel a "
            "group of its own.\n\n$y = \\gamma \\frac{x - mean}{\\sqrt{variance + \\epsilon}} + \\beta$\n\n"
            "Output: the shape of the input. Weights gamma and beta `[channels]`. `groups` must divide the "
            "channels.\n\n"
            "Reference: <https://keras.io/api/layers/normalization_layers/group_normalization/>",
        .params = {{.key = "groups",
                    .kind = ParamKind::Integer,
                    .fallback = 32,
                    .help = "Parts the channels are divided into; -1 for one channel each",
                    .affects = Affects::Values},
                   {.key = "axis",
                    .kind = ParamKind::IntegerList,
                    .fallback = -1,
                    .help = "Axis of the channels",
                    .affects = Affects::Weights},
                   {.key = "epsilon",
                    .kind = ParamKind::Real,
                    .fallback = 0.001,
                    .help = "Added under the root, so that nothing is divided by 0",
                    .minimum = 0.0,
                    .affects = Affects::Values},
                   {.key = "center",
                    .kind = ParamKind::Boolean,
                    .fallback = true,
                    .help = "Add a trained beta",
                    .affects = Affects::Weights},
                   {.key = "scale",
                    .kind = ParamKind::Boolean,
                    .fallback = true,
                    .help = "Multiply by a trained gamma",
                    .affects = Affects::Weights}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 2, .axes = "(batch, ..., channels)"}},
        .telling = {"groups"},
        .role = Role::Normalization,
        .effects = {AxisEffect::Keeps, ChannelEffect::Mixes},
        .channelAxis = "axis",
        .masks = Masks::PassOn,
        .infer = inferGroups,
        .check = checkGroups,
        .weights = groupWeights,
        .forward = groupForward,
        .multiplyAdds = twoPerValue,
        .tellingText = groupTelling,
    };
    return type;
}

}  // namespace shapewise::layers
