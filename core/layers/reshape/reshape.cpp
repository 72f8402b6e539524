// Reshape: the same values in the same order under other sizes.
// [batch, a, b, ...] -> [batch, *target_shape]; one entry of -1 stands for what is left over.
// Reference: https://keras.io/api/layers/reshaping_layers/reshape/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using diag::Code;
using tensor::AxisMeaning;
using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

bool isLeftOver(const Value& entry) { return entry.isInteger() && entry.asInteger() == -1; }

/// Place of the -1 in target_shape.
std::optional<std::size_t> leftOverPlace(const Value& target) {
    const ValueList& list = target.asList();
    const auto found = std::find_if(list.begin(), list.end(), isLeftOver);
    return found == list.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - list.begin()));
}

void checkReshape(InferContext& context) {
    const Value& target = context.params()["target_shape"];
    const ValueList& list = target.asList();
    const auto leftOver = std::count_if(list.begin(), list.end(), isLeftOver);
    if (leftOver > 1)
        context.refuse(
            {Code::ReshapeTwoUnknown, "target_shape", -1, {{"value", target}, {"count", std::int64_t{leftOver}}}});
    if (std::any_of(list.begin(), list.end(), [](const Value& entry) { return entry.isNone(); }))
        context.refuse({Code::ParameterKind,
                        "target_shape",
                        -1,
                        {{"value", target}, {"expected", std::string("sizes, or -1 for the one that is left over")}}});
    if (list.size() >= static_cast<std::size_t>(tensor::kMaximumRank))
        context.refuse(
            {Code::RankTooLarge,
             "target_shape",
             -1,
             {{"rank", static_cast<std::int64_t>(list.size()) + 1}, {"most", std::int64_t{tensor::kMaximumRank}}}});
}

/// The size that -1 stands for. A total that is not known makes it unknown, unless it divides as an expression.
Dim leftOverSize(InferContext& context, Dim total, Dim others) {
    const bool dividesByZero = others == Dim(0);
    const std::optional<Dim> size = dividesByZero ? std::nullopt : divideExactly(total, others);
    if (size) return *size;
    if (total.isKnown() && others.isKnown() && !(dividesByZero && total == Dim(0)))
        context.refuse({Code::ReshapeNotDividing,
                        "target_shape",
                        0,
                        {{"shape", context.input().shape},
                         {"target", context.params()["target_shape"]},
                         {"got", total.size()},
                         {"divisor", others.size()}}});
    return Dim::unknown();
}

/// An axis whose values are walked through as before keeps what it means: equal sizes at either end, and the one axis
/// that is left between them on both sides.
void keepMeanings(const TensorType& input, TensorType& output) {
    const int inputRank = input.shape.rank();
    const int outputRank = output.shape.rank();
    auto scales = input.scales ? std::make_shared<tensor::SignalScales>(*input.scales) : nullptr;
    if (scales) scales->axes = {};
    const auto keep = [&](int from, int to) {
        output.shape.setMeaning(to, input.shape.meaning(from));
        if (scales) scales->axes[static_cast<std::size_t>(to)] = input.scale(from);
    };
    const auto same = [&](int from, int to) {
        return input.shape[from] == output.shape[to] && !output.shape[to].isUnknown();
    };
    const int shorter = std::min(inputRank, outputRank);
    int front = 1;
    for (; front < shorter && same(front, front); ++front) keep(front, front);
    int back = 0;
    for (; back < shorter - front && same(inputRank - 1 - back, outputRank - 1 - back); ++back)
        keep(inputRank - 1 - back, outputRank - 1 - back);
    if (inputRank - front - back == 1 && outputRank - front - back == 1) keep(front, front);
    const int last = outputRank - 1;
    if (outputRank > 2 && output.shape.meaning(last) == AxisMeaning::Unknown && output.shape[last] == Dim(1))
        output.shape.setMeaning(last, AxisMeaning::Channels);
    output.scales = std::move(scales);
}

void explainReshape(InferContext& context, Dim total, std::optional<std::size_t> leftOver, Dim others) {
    const Shape& output = context.output().shape;
    context.explain("values", diag::say("{} in one sample of {}", total, diag::Sample{context.input().shape}));
    if (leftOver)
        context.explain(diag::say("axis {}", *leftOver + 1),
                        diag::say("{} / {} = {}", total, others, output[static_cast<int>(*leftOver) + 1]),
                        "what −1 stands for");
}

void inferReshape(InferContext& context) {
    const Value& target = context.params()["target_shape"];
    const AxisList<Dim> sizes = context.params().sizes("target_shape");
    const std::optional<std::size_t> leftOver = leftOverPlace(target);
    const Dim total = context.input().shape.elementCountPerSample();
    Dim others = 1;
    for (std::size_t place = 0; place < sizes.size(); ++place)
        if (place != leftOver) others = others * sizes[place];
    TensorType& output = context.output();
    output.dtype = context.input().dtype;
    output.shape.append(context.input().shape[0], AxisMeaning::Batch);
    for (std::size_t place = 0; place < sizes.size(); ++place)
        output.shape.append(place == leftOver ? leftOverSize(context, total, others) : sizes[place]);
    if (!leftOver && !mayBeEqual(total, others))
        context.refuse(
            {Code::ElementCountMismatch,
             "target_shape",
             0,
             {{"shape", context.input().shape}, {"target", target}, {"got", total.size()}, {"needed", others.size()}}});
    keepMeanings(context.input(), output);
    if (context.isExplaining()) explainReshape(context, total, leftOver, others);
}

std::string reshapeTelling(const Params& params) { return "to " + params["target_shape"].text(); }

}  // namespace

const LayerType& reshape() {
    static const LayerType type{
        .className = "Reshape",
        .category = Category::Reshape,
        .title = "Reshape",
        .summary = "Gives the values of a sample other sizes, keeping their order",
        .keywords = "view fold unfold expand squeeze dimensions",
        .doc =
            "Keeps the values and their order, and cuts them into other axes.\n\n"
            "Input `[batch, a, b, ...]`, output `[batch, *target_shape]`. `target_shape` leaves the batch out; one "
            "size may be "
            "`-1` for what is left over: `a · b · ... / the others`, which must come out even.\n\n"
            "To exchange axes use Permute: Reshape would only cut the same row of numbers elsewhere.\n\n"
            "Reference: <https://keras.io/api/layers/reshaping_layers/reshape/>",
        .params = {{.key = "target_shape",
                    .kind = ParamKind::Sizes,
                    .help = "Sizes of the output without the batch; one may be -1 for what is left over",
                    .required = true,
                    .initial = Value::list({-1}),
                    .minimum = -1}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ...)"}},
        .telling = {"target_shape"},
        .role = Role::Reshape,
        .effects = {AxisEffect::Rearranges, ChannelEffect::Makes},
        .onlyMovesValues = true,
        .infer = inferReshape,
        .check = checkReshape,
        .forward = copyForward,
        .tellingText = reshapeTelling,
        .foreign = {.keys = {{"dims", "target_shape"}}},
    };
    return type;
}

}  // namespace shapewise::layers
