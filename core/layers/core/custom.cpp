// Custom: stands in for a layer nobody knows. Its output is what is declared; without a declaration it is unknown,
// which is no error.

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

namespace shapewise::layers {

namespace {

void checkCustom(InferContext& context) {
    const std::size_t axes = context.params().sizes("output_shape").size();
    if (axes >= static_cast<std::size_t>(tensor::kMaximumRank))
        context.refuse({diag::Code::RankTooLarge,
                        "output_shape",
                        -1,
                        {{"rank", static_cast<std::int64_t>(axes) + 1}, {"most", std::int64_t{tensor::kMaximumRank}}}});
}

void inferCustom(InferContext& context) {
    const Params& params = context.params();
    if (params.isNone("output_shape")) return;
    tensor::Shape& output = context.output().shape;
    const bool hasInput = context.inputCount() > 0 && context.input().shape.rank() > 0;
    output.append(hasInput ? context.input().shape[0] : tensor::Dim::unknown(), tensor::AxisMeaning::Batch);
    for (const tensor::Dim size : params.sizes("output_shape")) output.append(size);
    nameUsualAxes(output);
    if (context.isExplaining()) context.explain("shape", output, "as declared");
}

std::string customTelling(const Params& params) { return std::string(params.text("class_name")); }

}  // namespace

const LayerType& custom() {
    static const LayerType type{
        .className = "Custom",
        .category = Category::Core,
        .title = "Custom layer",
        .summary = "Stands in for a layer of your own, with the output you declare",
        .keywords = "unknown own lambda placeholder user defined",
        .doc =
            "Keeps the class name and the config of a layer that is not in the catalogue, so that a model that has it "
            "can be "
            "opened, edited and saved.\n\n"
            "Output `[batch, *output_shape]`. Without `output_shape` what follows is unknown.",
        .params = {{.key = "class_name",
                    .kind = ParamKind::Text,
                    .fallback = "",
                    .help = "Name of the layer's class",
                    .affects = Affects::Nothing},
                   {.key = "config",
                    .kind = ParamKind::Any,
                    .help = "Its config, kept as it came",
                    .noneAllowed = true,
                    .affects = Affects::Nothing,
                    .hidden = true},
                   {.key = "output_shape",
                    .kind = ParamKind::Sizes,
                    .help = "Sizes of its output without the batch; None when you do not know",
                    .noneAllowed = true,
                    .minimum = 0}},
        .inputs = {PortSpec{
            .name = "inputs", .optional = true, .many = true, .minimumLinks = 0, .minimumRank = 0, .axes = "any"}},
        .telling = {"class_name"},
        .declaresOutput = true,
        .infer = inferCustom,
        .check = checkCustom,
        .tellingText = customTelling,
    };
    return type;
}

}  // namespace shapewise::layers
