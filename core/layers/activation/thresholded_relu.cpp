// ThresholdedReLU: y = x for x > theta, else 0. Keras 1 and 2; in Keras 3 a ReLU with `threshold`.
// Reference: keras/layers/advanced_activations.py of Keras 2.x

#include "core/kernels/activation.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <limits>

namespace shapewise::layers {

namespace {

void inferThresholded(InferContext& context) {
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
    dropValueKind(context.output());
}

Result<void> thresholdedForward(ForwardContext& context) {
    const kernels::Activation activation = kernels::Activation::relu(std::numeric_limits<float>::infinity(), 0.0F,
                                                                     static_cast<float>(context.params.real("theta")));
    const tensor::Tensor& x = context.input();
    kernels::activate(activation, x.data(), x.count(), context.output().data(), context.parallel());
    return {};
}

std::string thresholdedTelling(const Params& params) { return fmt::format("above {:g}", params.real("theta")); }

}  // namespace

const LayerType& thresholdedReLU() {
    static const LayerType type{
        .className = "ThresholdedReLU",
        .category = Category::Activation,
        .title = "ThresholdedReLU",
        .summary = "Sets values up to a threshold to 0",
        .keywords = "rectifier threshold theta activation old keras 1 2",
        .doc =
            "$y = x$ for $x > theta$, else 0.\n\nOutput: the shape of the input. Keras 3 has ReLU with `threshold` "
            "instead.",
        .params = {{.key = "theta",
                    .kind = ParamKind::Real,
                    .fallback = 1.0,
                    .help = "Values up to it become 0",
                    .minimum = 0.0,
                    .affects = Affects::Values}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "any"}},
        .telling = {"theta"},
        .effects = kKeepsAll,
        .masks = Masks::PassOn,
        .infer = inferThresholded,
        .forward = thresholdedForward,
        .tellingText = thresholdedTelling,
        .foreign = {.classes = {{"ThresholdedReLU", kBeforeKeras3}}},
    };
    return type;
}

}  // namespace shapewise::layers
