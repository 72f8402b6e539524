// EinsumDense: a product with trained weights over the axes an equation names: "abc,cd->abd".
// Reference: https://keras.io/api/layers/core_layers/einsum_dense/ (rules of _analyze_einsum_string in Keras)

#include "core/base/checked_math.h"
#include "core/kernels/contraction.h"
#include "core/kernels/elementwise.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

/// "ab,bc->ac", "...ab,bc->...ac" or "ab...,bc->ac...".
struct Equation {
    std::string input;
    std::string weight;
    std::string output;
    bool leftElided = false;
    bool rightElided = false;
};

bool isLetters(std::string_view text, std::size_t least) {
    return text.size() >= least && std::all_of(text.begin(), text.end(),
                                               [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

std::optional<Equation> readEquation(std::string_view text) {
    const std::string packed(text);  // Keras knows no spaces in it
    const std::size_t comma = packed.find(',');
    const std::size_t arrow = packed.find("->");
    if (comma == std::string::npos || arrow == std::string::npos || comma > arrow) return std::nullopt;
    Equation equation{packed.substr(0, comma), packed.substr(comma + 1, arrow - comma - 1), packed.substr(arrow + 2)};
    constexpr std::string_view kDots = "...";
    if (equation.input.starts_with(kDots) && equation.output.starts_with(kDots)) {
        equation.leftElided = true;
        equation.input.erase(0, kDots.size());
        equation.output.erase(0, kDots.size());
    } else if (equation.input.ends_with(kDots) && equation.output.ends_with(kDots)) {
        equation.rightElided = true;
        equation.input.erase(equation.input.size() - kDots.size());
        equation.output.erase(equation.output.size() - kDots.size());
    }
    if (!isLetters(equation.input, equation.rightElided ? 2 : 1) || !isLetters(equation.weight, 1) ||
        !isLetters(equation.output, 1))
        return std::nullopt;
    return equation;
}

struct Analysed {
    std::vector<Dim> output;
    std::vector<Dim> weight;
    std::vector<Dim> bias;
    std::vector<std::pair<int, int>> kept;  ///< axes of output and input that are one
    std::string problem;                    ///< empty when all is well
    std::string_view parameter;             ///< to blame for the problem
};

/// Sizes of output, kernel and bias for an input shape, as Keras derives them.
Analysed analyse(const Params& params, const Equation& equation, const Shape& input) {
    Analysed result;
    const int elided = input.rank() - static_cast<int>(equation.input.size());
    const bool hasDots = equation.leftElided || equation.rightElided;
    if (elided < 0 || (elided > 0 && !hasDots)) {
        result.problem =
            fmt::format("the equation names {} axes of the input, which has {}", equation.input.size(), input.rank());
        result.parameter = "equation";
        return result;
    }
    result.output.push_back(input[0]);
    if (equation.leftElided)
        for (int axis = 1; axis < elided; ++axis) {
            result.kept.emplace_back(axis, axis);
            result.output.push_back(input[axis]);
        }
    for (const Dim size : params.sizes("output_shape")) result.output.push_back(size);
    // With dots on the left and nothing elided the first letter is the batch; with some elided the batch is
    // among the dots.
    if (equation.rightElided)
        for (int axis = input.rank() - elided; axis < input.rank(); ++axis) {
            result.kept.emplace_back(static_cast<int>(result.output.size()), axis);
            result.output.push_back(input[axis]);
        }
    const std::size_t shift = equation.leftElided ? static_cast<std::size_t>(elided) : 0;
    const std::size_t expected = equation.output.size() + static_cast<std::size_t>(elided);
    if (result.output.size() != expected) {
        result.problem =
            fmt::format("output_shape gives {} axes with the batch, the equation {}", result.output.size(), expected);
        result.parameter = "output_shape";
        return result;
    }
    const auto inputAxis = [&](char letter) -> std::optional<int> {
        const std::size_t place = equation.input.rfind(letter);  // the last of a repeated letter, as in Keras
        if (place == std::string::npos) return std::nullopt;
        return static_cast<int>(place + shift);
    };
    const auto outputAxis = [&](char letter) -> std::optional<std::size_t> {
        const std::size_t place = equation.output.rfind(letter);
        if (place == std::string::npos) return std::nullopt;
        return place + shift;
    };
    const std::vector<Dim> statedOutput = result.output;
    for (const char letter : equation.input) {
        const auto to = outputAxis(letter);
        if (!to) continue;
        const Dim from = input[*inputAxis(letter)];
        // Keras refuses a number in output_shape for an axis of which the input does not know the size.
        const Dim stated = result.output[*to];
        if (!mayBeEqual(stated, from) || (stated.isKnown() && !from.isKnown())) {
            result.problem = fmt::format("axis '{}' has size {} in the input and {} in output_shape", letter,
                                         from.text(), stated.text());
            result.parameter = "output_shape";
            return result;
        }
        result.kept.emplace_back(static_cast<int>(*to), *inputAxis(letter));
        // As Keras declares it: None in output_shape stays None until the whole input is known.
        if (input.isFullyKnown()) result.output[*to] = from;
    }
    for (const char letter : equation.output)
        if (equation.input.find(letter) == std::string::npos && equation.weight.find(letter) == std::string::npos) {
            result.problem = fmt::format("axis '{}' of the output is neither in the input nor in the weights", letter);
            result.parameter = "equation";
            return result;
        }
    for (const char letter : equation.weight) {
        const auto from = inputAxis(letter);
        const auto to = outputAxis(letter);
        if (!from && !to) {
            result.problem = fmt::format("axis '{}' of the weights is neither in the input nor in the output", letter);
            result.parameter = "equation";
            return result;
        }
        result.weight.push_back(from ? input[*from] : result.output[*to]);
    }
    for (std::size_t place = 0; place < equation.input.size(); ++place) {
        const int axis = static_cast<int>(place + shift);
        const int last = *inputAxis(equation.input[place]);
        if (mayBeEqual(input[axis], input[last])) continue;
        result.problem = fmt::format("axis '{}' is named twice, with sizes {} and {}", equation.input[place],
                                     input[axis].text(), input[last].text());
        result.parameter = "equation";
        return result;
    }
    const std::string_view biasAxes = params.text("bias_axes");
    if (biasAxes.empty()) return result;
    std::size_t first = equation.output.size();
    for (const char letter : biasAxes) {
        const std::size_t place = equation.output.find(letter);
        if (place == std::string::npos) {
            result.problem = fmt::format("bias axis '{}' is not among the output's '{}'", letter, equation.output);
            result.parameter = "bias_axes";
            return result;
        }
        first = std::min(first, place);
        // Keras takes the size from output_shape as it is written, also where the input knows it.
        if (statedOutput[*outputAxis(letter)].isKnown()) continue;
        result.problem = fmt::format("axis '{}' has a bias, so its size must be a number", letter);
        result.parameter = "output_shape";
        return result;
    }
    for (std::size_t place = first; place < equation.output.size(); ++place)
        result.bias.push_back(biasAxes.find(equation.output[place]) == std::string_view::npos
                                  ? Dim(1)
                                  : result.output[*outputAxis(equation.output[place])]);
    if (equation.rightElided)
        for (int axis = 0; axis < elided; ++axis) result.bias.emplace_back(1);
    return result;
}

void refuse(InferContext& context, std::string_view parameter, std::string expected) {
    context.refuse({diag::Code::ParameterRange,
                    parameter,
                    -1,
                    {{"value", context.params()[ParamKey::of(parameter)]}, {"expected", std::move(expected)}}});
}

void checkEinsum(InferContext& context) {
    if (!readEquation(context.params().text("equation")))
        refuse(context, "equation", "of the form ab,bc->ac, ...ab,bc->...ac or ab...,bc->ac...");
}

void inferEinsum(InferContext& context) {
    const std::optional<Equation> equation = readEquation(context.params().text("equation"));
    if (!equation) return checkEinsum(context);
    const Analysed analysed = analyse(context.params(), *equation, context.input().shape);
    if (!analysed.problem.empty()) return refuse(context, analysed.parameter, "such that it fits: " + analysed.problem);
    for (std::size_t place = 0; place < analysed.weight.size(); ++place) {
        const Dim size = analysed.weight[place];
        if (!size.isKnown()) {
            const std::size_t axis = equation->input.find(equation->weight[place]);
            const int index = axis == std::string::npos ? 0 : static_cast<int>(axis);
            context.refuse({diag::Code::SizeUnknown,
                            {},
                            0,
                            {{"axis", std::int64_t{index}},
                             {"axis_name", diag::axisOf(context.input().shape, index)},
                             {"size", size},
                             {"shape", context.input().shape}}});
            return;
        }
    }
    if (analysed.output.size() > static_cast<std::size_t>(tensor::kMaximumRank))
        return context.refuse({diag::Code::RankTooLarge,
                               "output_shape",
                               -1,
                               {{"rank", static_cast<std::int64_t>(analysed.output.size())},
                                {"most", std::int64_t{tensor::kMaximumRank}}}});
    Shape& output = context.output().shape;
    for (std::size_t axis = 0; axis < analysed.output.size(); ++axis)
        output.append(analysed.output[axis], axis == 0 ? tensor::AxisMeaning::Batch : tensor::AxisMeaning::Unknown);
    for (const auto& [to, from] : analysed.kept) takeScale(context.output(), to, context.input(), from);
    if (context.isExplaining())
        for (std::size_t place = 0; place < equation->weight.size(); ++place)
            context.explain(fmt::format("weights '{}'", equation->weight[place]), analysed.weight[place]);
    inferActivation(context);
}

tensor::Extents known(const std::vector<Dim>& sizes) {
    tensor::Extents extents;
    for (const Dim size : sizes) extents.push_back(size.sizeOr(1));
    return extents;
}

std::vector<WeightSpec> einsumWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const std::optional<Equation> equation = readEquation(params.text("equation"));
    if (!equation) return {};
    const Analysed analysed = analyse(params, *equation, inputs[0]->shape);
    const auto isKnown = [](const std::vector<Dim>& sizes) {
        return std::all_of(sizes.begin(), sizes.end(), [](Dim size) { return size.isKnown(); });
    };
    if (!isKnown(analysed.weight) || !isKnown(analysed.bias)) return {};
    std::vector<WeightSpec> weights{{.name = "kernel", .extents = known(analysed.weight)}};
    if (!params.text("bias_axes").empty())
        weights.push_back({.name = "bias", .extents = known(analysed.bias), .initializer = Initializer::Zeros});
    return weights;
}

Result<void> einsumForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& x = context.input();
    const tensor::Tensor& kernel = context.weight(0);
    const std::optional<Equation> equation = readEquation(params.text("equation"));
    for (std::size_t place = 0; equation && place < equation->output.size(); ++place)
        if (equation->output.rfind(equation->output[place]) != place)
            return failure(fmt::format("The output of '{}' names axis '{}' twice", params.text("equation"),
                                       equation->output[place]),
                           "Give each axis of the output a letter of its own");
    activated(context, "activation",
              [&](const kernels::Activation& activation, const tensor::Extents& extents, float* y) {
                  kernels::einsum(params.text("equation"), {x.data(), x.extents()}, {kernel.data(), kernel.extents()},
                                  y, context.parallel());
                  const std::int64_t count = tensor::elementCount(extents);
                  if (!params.text("bias_axes").empty()) {
                      const tensor::Tensor& bias = context.weight(1);
                      const tensor::Tensor product(extents, std::span<const float>(y, static_cast<std::size_t>(count)));
                      kernels::broadcastBinary(kernels::MergeKind::Add, {product.data(), extents},
                                               {bias.data(), bias.extents()}, y, context.parallel());
                  }
                  kernels::activate(activation, y, count, y, context.parallel());
              });
    return {};
}

std::int64_t einsumMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                                std::span<const TensorType> outputs) {
    const std::optional<Equation> equation = readEquation(params.text("equation"));
    const Dim count = outputs[0].shape.elementCount();
    if (!equation || !count.isKnown()) return -1;
    const Analysed analysed = analyse(params, *equation, inputs[0]->shape);
    std::int64_t summed = 1;
    for (std::size_t place = 0; place < analysed.weight.size(); ++place)
        if (equation->output.find(equation->weight[place]) == std::string::npos)
            summed = saturatingMultiply(summed, analysed.weight[place].sizeOr(1));
    return saturatingMultiply(summed, count.size());
}

std::string einsumTelling(const Params& params) {
    return joinTelling(
        {std::string(params.text("equation")), "to " + params["output_shape"].text(), activationText(params)});
}

Example einsumExample(const char* equation, const std::vector<std::int64_t>& output, const char* bias,
                      const std::vector<std::int64_t>& input) {
    return {{{"equation", equation},
             {"output_shape", Value::list(output)},
             {"bias_axes", bias != nullptr ? Value(bias) : Value()}},
            {tensor::Extents(input.begin(), input.end())}};
}

std::vector<Example> einsumExamples() {
    return {einsumExample("ab,bc->ac", {4}, "c", {2, 3}),
            einsumExample("abc,cd->abd", {3, 6}, "d", {2, 3, 4}),
            einsumExample("abc,cde->abde", {3, 2, 6}, "de", {2, 3, 4}),
            einsumExample("abc,cde->abde", {3, 2, 6}, "be", {2, 3, 4}),
            einsumExample("bnh,nhd->bd", {6}, "d", {2, 3, 4}),
            einsumExample("...x,xy->...y", {6}, "y", {2, 3, 5, 4}),
            einsumExample("...x,xy->...y", {6}, nullptr, {2, 3, 5, 4}),
            einsumExample("bc...,cd->bd...", {6}, nullptr, {2, 3, 4, 5}),
            einsumExample("bc...,cde->bde...", {5, 6}, "de", {2, 3, 4})};
}

}  // namespace

const LayerType& einsumDense() {
    static const LayerType type{
        .className = "EinsumDense",
        .category = Category::Core,
        .title = "EinsumDense",
        .summary = "A product with weights over axes of choice",
        .keywords = "einsum dense tensor contraction linear projection",
        .doc =
            "Multiplies the input with a trained kernel as `equation` says: letters before the comma are "
            "axes of the input, then "
            "those of the kernel, then those of the output. `...` stands for any axes.\n\n"
            "`output_shape` excludes the batch; `bias_axes` names the output axes that have a bias.\n\n"
            "Reference: <https://keras.io/api/layers/core_layers/einsum_dense/>",
        .params = {{.key = "equation",
                    .kind = ParamKind::Text,
                    .help = "Axes of input, kernel and output: ab,bc->ac",
                    .required = true,
                    .initial = "...x,xy->...y"},
                   {.key = "output_shape",
                    .kind = ParamKind::Sizes,
                    .help = "Sizes of the output without the batch; None where the input has them",
                    .required = true,
                    .initial = Value::list({32}),
                    .singleAllowed = true},
                   activationParam(),
                   {.key = "bias_axes",
                    .kind = ParamKind::Text,
                    .help = "Letters of the output axes that have a bias; None for no bias",
                    .noneAllowed = true,
                    .affects = Affects::Weights}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ...)"}},
        .telling = {"equation", "output_shape"},
        .role = Role::Dense,
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .infer = inferEinsum,
        .check = checkEinsum,
        .weights = einsumWeights,
        .forward = einsumForward,
        .multiplyAdds = einsumMultiplyAdds,
        .tellingText = einsumTelling,
        .examples = einsumExamples(),
    };
    return type;
}

}  // namespace shapewise::layers
