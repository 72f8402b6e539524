// Custom: stands in for a layer nobody knows. Its output is what is declared; without a declaration it is unknown,
// which is no error.

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

#include <optional>
#include <vector>

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

/// The output that a config of Keras names (Lambda): nobody has checked it. nullopt when it names none.
std::optional<std::vector<tensor::Dim>> namedInConfig(const Params& params) {
    const Value* named = params["config"].find("output_shape");
    if (named == nullptr || !named->isList() || named->asList().empty()) return std::nullopt;
    if (named->asList().size() >= static_cast<std::size_t>(tensor::kMaximumRank)) return std::nullopt;
    std::vector<tensor::Dim> sizes;
    for (const Value& size : named->asList()) {
        if (!size.isNone() && !size.isInteger()) return std::nullopt;
        sizes.push_back(size.isInteger() && size.asInteger() > 0 ? tensor::Dim(size.asInteger()) : tensor::Dim());
    }
    return sizes;
}

void inferCustom(InferContext& context) {
    const Params& params = context.params();
    const bool isDeclared = !params.isNone("output_shape");
    const std::optional<std::vector<tensor::Dim>> named = isDeclared ? std::nullopt : namedInConfig(params);
    if (!isDeclared && !named) return;
    tensor::Shape& output = context.output().shape;
    const bool hasInput = context.inputCount() > 0 && context.input().shape.rank() > 0;
    output.append(hasInput ? context.input().shape[0] : tensor::Dim::unknown(), tensor::AxisMeaning::Batch);
    if (isDeclared)
        for (const tensor::Dim size : params.sizes("output_shape")) output.append(size);
    else
        for (const tensor::Dim size : *named) output.append(size);
    context.output().guessed = !isDeclared;
    nameUsualAxes(output);
    if (context.isExplaining())
        context.explain("shape", output, isDeclared ? "as declared" : "a guess: as its config says");
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
            "Output `[batch, *output_shape]`. Without `output_shape` what follows is a guess, and its parameters are "
            "not "
            "counted.",
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
        .isOpaque = true,
        .infer = inferCustom,
        .check = checkCustom,
        .tellingText = customTelling,
    };
    return type;
}

}  // namespace shapewise::layers
