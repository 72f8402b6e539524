// Masking, ActivityRegularization: layers that mark or measure and keep the shape.
// Masking: a step all of whose values equal mask_value becomes 0. ActivityRegularization: a penalty while
// training. Reference: https://keras.io/api/layers/core_layers/masking/

#include "core/kernels/elementwise.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

Result<void> maskingForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const std::int64_t features = x.size(x.rank() - 1);
    const std::int64_t steps = features > 0 ? x.count() / features : 0;
    tensor::Tensor mask(tensor::Extents(x.extents().begin(), x.extents().end() - 1));
    kernels::maskSteps(x.data(), steps, features, static_cast<float>(context.params.real("mask_value")),
                       context.output().data(), mask.data());
    context.giveMask(std::move(mask));
    return {};
}

std::string maskingTelling(const Params& params) { return fmt::format("value {:g}", params.real("mask_value")); }
std::string penaltyTelling(const Params& params) {
    return fmt::format("l1 {:g} · l2 {:g}", params.real("l1"), params.real("l2"));
}

ParamSpec penaltyParam(std::string_view key, std::string_view help) {
    return {.key = key,
            .kind = ParamKind::Real,
            .fallback = 0.0,
            .help = help,
            .minimum = 0.0,
            .affects = Affects::Nothing};
}

}  // namespace

const LayerType& masking() {
    static const LayerType type{
        .className = "Masking",
        .category = Category::Core,
        .title = "Masking",
        .summary = "Marks steps that are padding",
        .keywords = "mask skip padding sequence variable length",
        .doc =
            "A step all of whose values equal `mask_value` is set to 0 and skipped by later layers.\n\n"
            "Output: the shape of the input `[batch, time, features]`.\n\n"
            "Reference: <https://keras.io/api/layers/core_layers/masking/>",
        .params = {{.key = "mask_value",
                    .kind = ParamKind::Real,
                    .fallback = 0.0,
                    .help = "Steps with only this value are padding",
                    .affects = Affects::Values}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, time, features)"}},
        .telling = {"mask_value"},
        .effects = {AxisEffect::Keeps, ChannelEffect::Mixes},
        .masks = Masks::Compute,
        .infer = keepInput,
        .forward = maskingForward,
        .tellingText = maskingTelling,
    };
    return type;
}

const LayerType& activityRegularization() {
    static const LayerType type{
        .className = "ActivityRegularization",
        .category = Category::Regularization,
        .title = "ActivityRegularization",
        .summary = "Punishes large outputs while training",
        .keywords = "regularize penalty sparse l1 l2",
        .doc =
            "Adds `l1 Σ|x| + l2 Σx²` to the loss while training. When running, as here, it changes "
            "nothing.\n\n"
            "Output: the shape of the input.\n\n"
            "Reference: <https://keras.io/api/layers/regularization_layers/activity_regularization/>",
        .params = {penaltyParam("l1", "Factor of the sum of absolute values"),
                   penaltyParam("l2", "Factor of the sum of squares")},
        .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "any"}},
        .telling = {"l1", "l2"},
        .effects = kKeepsAll,
        .identityWhenRunning = true,
        .masks = Masks::PassOn,
        .infer = keepInput,
        .forward = copyForward,
        .tellingText = penaltyTelling,
    };
    return type;
}

}  // namespace shapewise::layers
