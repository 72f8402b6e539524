// Rescaling: x * scale + offset. Normalization: (x - mean) / sqrt(variance), with numbers given or learned
// beforehand. Output: the shape of the input. Reference: https://keras.io/api/layers/preprocessing_layers/

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/elementwise.h"
#include "core/kernels/normalization.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

/// The numbers of a number, a list, or a list of lists, row by row. False when something else is among them.
bool collectNumbers(const Value& value, std::vector<float>& numbers) {
    if (value.isNumber()) {
        numbers.push_back(static_cast<float>(value.asReal()));
        return true;
    }
    // NumPy arrays and scalars as Keras writes them: {"class_name": "__numpy__", "config": {"value": [...],
    // "dtype": ...}}.
    if (const Value* config = value.find("config"))
        if (const Value* inner = config->find("value")) return collectNumbers(*inner, numbers);
    if (!value.isList()) return false;
    return std::all_of(value.asList().begin(), value.asList().end(),
                       [&](const Value& entry) { return collectNumbers(entry, numbers); });
}

/// Lengths of nested lists, none for a number; nullopt when they are ragged.
std::optional<tensor::Extents> listExtents(const Value& value) {
    if (const Value* config = value.find("config"))
        if (const Value* inner = config->find("value")) return listExtents(*inner);
    if (!value.isList()) return tensor::Extents{};
    std::optional<tensor::Extents> inner;
    for (const Value& entry : value.asList()) {
        std::optional<tensor::Extents> own = listExtents(entry);
        if (!own || (inner && *inner != *own)) return std::nullopt;
        inner = std::move(own);
    }
    tensor::Extents extents{static_cast<std::int64_t>(value.asList().size())};
    if (inner) extents.insert(extents.end(), inner->begin(), inner->end());
    return extents;
}

std::vector<float> numbersOf(const Params& params, ParamKey key) {
    std::vector<float> numbers;
    if (!collectNumbers(params[key], numbers)) numbers.clear();
    return numbers;
}

/// Refuses values that are neither a number nor a list of numbers.
bool checkNumbers(InferContext& context, ParamKey key) {
    std::vector<float> numbers;
    if (collectNumbers(context.params()[key], numbers) && !numbers.empty()) return true;
    context.refuse({diag::Code::ParameterKind,
                    key.name,
                    -1,
                    {{"value", context.params()[key]}, {"expected", std::string("a number or a list of numbers")}}});
    return false;
}

void keepValues(InferContext& context) {
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
    dropValueKind(context.output());
}

// Rescaling
// -------------------------------------------------------------------------------------------------------------

void checkRescaling(InferContext& context) {
    checkNumbers(context, "scale");
    checkNumbers(context, "offset");
}

/// A list must have 1 entry or one for each index of the last axis.
bool listFits(InferContext& context, ParamKey key) {
    const std::size_t count = numbersOf(context.params(), key).size();
    const tensor::Shape& shape = context.input().shape;
    if (count == 1) return true;
    const tensor::Dim last = shape.rank() > 0 ? shape[shape.rank() - 1] : tensor::Dim(1);
    if (mayBeEqual(last, tensor::Dim(static_cast<std::int64_t>(count)))) return true;
    context.refuse(
        {diag::Code::ParameterTupleLength,
         key.name,
         0,
         {{"value", context.params()[key]}, {"needed", last.sizeOr(1)}, {"got", static_cast<std::int64_t>(count)}}});
    return false;
}

void inferRescaling(InferContext& context) {
    if (listFits(context, "scale") && listFits(context, "offset")) keepValues(context);
}

Result<void> rescalingForward(ForwardContext& context) {
    const std::vector<float> scale = numbersOf(context.params, "scale");
    const std::vector<float> offset = numbersOf(context.params, "offset");
    const tensor::Tensor& x = context.input();
    float* y = context.output().data();
    if (scale.size() == 1 && offset.size() == 1) {
        kernels::scaleAndOffset(x.data(), x.count(), scale[0], offset[0], y, context.parallel());
        return {};
    }
    const auto last = static_cast<std::size_t>(std::max<std::int64_t>(1, x.size(x.rank() - 1)));
    for (std::size_t index = 0; index < static_cast<std::size_t>(x.count()); ++index) {
        const std::size_t channel = index % last;
        y[index] = x.data()[index] * scale[scale.size() == 1 ? 0 : channel] + offset[offset.size() == 1 ? 0 : channel];
    }
    return {};
}

std::string rescalingTelling(const Params& params) {
    const Value& scale = params["scale"];
    const Value& offset = params["offset"];
    const bool isPlain = scale.isNumber() && offset.isNumber();
    if (!isPlain) return "per channel";
    return offset.asReal() == 0.0 ? fmt::format("×{:.4g}", scale.asReal())
                                  : fmt::format("×{:.4g} + {:.4g}", scale.asReal(), offset.asReal());
}

// Normalization
// ---------------------------------------------------------------------------------------------------------

bool isLearned(const Params& params) { return params.isNone("mean"); }

/// Axes that keep statistics of their own, ascending; empty for axis None: one mean for all.
std::vector<int> keptAxes(const Params& params, int rank) {
    std::vector<int> axes;
    for (const std::int64_t axis : params.integers("axis"))
        axes.push_back(static_cast<int>(axis < 0 ? axis + rank : axis));
    std::sort(axes.begin(), axes.end());
    return axes;
}

void checkNormalization(InferContext& context) {
    const Params& params = context.params();
    if (params.isNone("mean") != params.isNone("variance")) {
        context.refuse({diag::Code::ParameterConflict,
                        params.isNone("mean") ? "mean" : "variance",
                        -1,
                        {{"first", std::string("mean")},
                         {"first_value", params["mean"]},
                         {"second", std::string("variance")},
                         {"second_value", params["variance"]},
                         {"rule", std::string("mean and variance are given together or not at all")}}});
        return;
    }
    if (isLearned(params)) return;
    if (!checkNumbers(context, "mean") || !checkNumbers(context, "variance")) return;
    const std::optional<tensor::Extents> mean = listExtents(params["mean"]);
    const std::optional<tensor::Extents> variance = listExtents(params["variance"]);
    const auto refuse = [&](std::string_view key, std::string expected) {
        context.refuse({diag::Code::ParameterRange,
                        key,
                        -1,
                        {{"value", params[ParamKey::of(key)]}, {"expected", std::move(expected)}}});
    };
    if (!mean) return refuse("mean", "a number, or lists of equal length");
    if (!variance) return refuse("variance", "a number, or lists of equal length");
    if (*mean != *variance) return refuse("variance", "of the shape of mean, " + tensor::extentsText(*mean));
    const std::size_t axes = params.integers("axis").size();
    if (mean->size() > axes)
        refuse("mean", fmt::format("at most {} deep: one for each axis that is kept",
                                   counted(static_cast<std::int64_t>(axes), "list")));
}

void inferNormalization(InferContext& context) {
    const Params& params = context.params();
    for (const std::int64_t axis : params.integers("axis")) {
        const std::optional<int> index = axisIndex(context, "axis", axis);
        if (!index || !knownSize(context, *index)) return;
    }
    if (!isLearned(params)) {  // lists are aligned with the kept axes from the last one on; 1 is repeated
        const tensor::Shape& shape = context.input().shape;
        const std::vector<int> axes = keptAxes(params, shape.rank());
        const tensor::Extents lengths = listExtents(params["mean"]).value_or(tensor::Extents{});
        for (std::size_t back = 1; back <= lengths.size() && back <= axes.size(); ++back) {
            const std::int64_t got = lengths[lengths.size() - back];
            const std::int64_t needed = shape[axes[axes.size() - back]].sizeOr(1);
            if (got == 1 || got == needed) continue;
            context.refuse({diag::Code::ParameterTupleLength,
                            "mean",
                            0,
                            {{"value", params["mean"]}, {"needed", needed}, {"got", got}}});
            return;
        }
    }
    keepValues(context);
}

std::vector<WeightSpec> normalizationWeights(const Params& params, std::span<const TensorType* const> inputs) {
    if (!isLearned(params)) return {};
    const tensor::Shape& shape = inputs[0]->shape;
    tensor::Extents extents;
    for (const int axis : keptAxes(params, shape.rank())) extents.push_back(shape[axis].sizeOr(1));
    return {{.name = "mean", .extents = extents, .initializer = Initializer::Zeros, .trainable = false},
            {.name = "variance", .extents = extents, .initializer = Initializer::Ones, .trainable = false},
            {.name = "count", .extents = {}, .initializer = Initializer::Zeros, .trainable = false}};
}

/// One statistic for each index of the kept axes, whose sizes are `kept`.
std::vector<float> statistic(const ForwardContext& context, ParamKey key, int weight, const tensor::Extents& kept) {
    if (isLearned(context.params)) {
        const std::span<const float> learned = context.weight(weight).values();
        return {learned.begin(), learned.end()};
    }
    const std::vector<float> numbers = numbersOf(context.params, key);
    const tensor::Extents lengths = listExtents(context.params[key]).value_or(tensor::Extents{});
    std::vector<float> all(static_cast<std::size_t>(tensor::elementCount(kept)));
    for (std::size_t at = 0; at < all.size(); ++at) {
        auto rest = static_cast<std::int64_t>(at);
        std::int64_t from = 0;
        std::int64_t stride = 1;  // counts numbers that the setting holds
        for (std::size_t back = 1; back <= lengths.size(); ++back) {
            const std::int64_t size = kept[kept.size() - back];
            if (lengths[lengths.size() - back] != 1) from += rest % size * stride;  // fits: an index of them
            stride *= lengths[lengths.size() - back];                               // fits: as many as there are
            rest /= size;
        }
        all[at] = numbers[static_cast<std::size_t>(from)];
    }
    return all;
}

Result<void> normalizationForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const std::vector<int> axes = keptAxes(context.params, x.rank());
    // The kept axes side by side, seen as one; elsewhere they are moved together first.
    std::vector<int> order;
    for (int axis = 0; axis < x.rank(); ++axis)
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
    order.insert(order.end(), axes.begin(), axes.end());
    std::int64_t count = 1;
    tensor::Extents kept;
    for (const int axis : axes) kept.push_back(x.size(axis));
    for (const std::int64_t size : kept) count *= size;
    const std::vector<float> mean = statistic(context, "mean", 0, kept);
    const std::vector<float> variance = statistic(context, "variance", 1, kept);
    const kernels::BatchStatistics statistics{.mean = mean.data(), .variance = variance.data()};
    const bool inverted = context.params.flag("invert");
    const kernels::AxisSplit split{.outer = count > 0 ? x.count() / count : 0, .size = count, .inner = 1};
    if (std::is_sorted(order.begin(), order.end())) {
        kernels::meanVarianceNormalization(split, x.data(), statistics, inverted, context.output().data(),
                                           context.parallel());
        return {};
    }
    tensor::Tensor moved(kernels::permutedExtents(x.extents(), order));
    kernels::permute(x.extents(), order, x.data(), moved.data(), context.parallel());
    kernels::meanVarianceNormalization(split, moved.data(), statistics, inverted, moved.data(), context.parallel());
    std::vector<int> back(order.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        back[static_cast<std::size_t>(order[place])] = static_cast<int>(place);
    kernels::permute(moved.extents(), back, moved.data(), context.output().data(), context.parallel());
    return {};
}

std::string normalizationTelling(const Params& params) {
    if (isLearned(params)) return "learned statistics";
    return params["mean"].isNumber()
               ? fmt::format("mean {:.4g} · variance {:.4g}", params["mean"].asReal(), params.real("variance"))
               : "per channel";
}

ParamSpec numbersParam(std::string_view key, Value fallback, std::string_view help) {
    const bool optional = fallback.isNone();
    return {.key = key,
            .kind = ParamKind::Any,
            .fallback = std::move(fallback),
            .help = help,
            .noneAllowed = optional,
            .affects = Affects::Weights};
}

}  // namespace

const LayerType& rescaling() {
    static const LayerType type = [] {
        LayerType made{
            .className = "Rescaling",
            .category = Category::Preprocessing,
            .title = "Rescaling",
            .summary = "Multiplies by a number and adds another",
            .keywords = "scale offset 255 pixel normalize preprocess",
            .doc =
                "$y = scale\\, x + offset$, with numbers or one number for each channel.\n\nOutput: the "
                "shape of the input.\n\n"
                "Reference: "
                "<https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>",
            .params = {numbersParam("scale", Value(), "Factor: a number, or one for each channel"),
                       numbersParam("offset", Value(0.0), "Added afterwards: a number, or one for each channel")},
            .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "any"}},
            .telling = {"scale", "offset"},
            .role = Role::Normalization,
            .effects = kKeepsAll,
            .masks = Masks::PassOn,
            .infer = inferRescaling,
            .check = checkRescaling,
            .forward = rescalingForward,
            .tellingText = rescalingTelling,
        };
        made.params[0].required = true;
        made.params[0].noneAllowed = false;
        made.params[0].initial = 1.0 / 255.0;
        return made;
    }();
    return type;
}

const LayerType& normalization() {
    static const LayerType type{
        .className = "Normalization",
        .category = Category::Preprocessing,
        .title = "Normalization",
        .summary = "Shifts and scales to mean 0 and variance 1",
        .keywords = "standardize z score mean variance preprocess adapt",
        .doc =
            "$y = (x - mean) / \\max(\\sqrt{variance}, 10^{-7})$ for each index of `axis`; with `invert` the "
            "way back. Without given "
            "numbers mean and variance are those learned by `adapt()`.\n\nOutput: the shape of the input.\n\n"
            "Reference: <https://keras.io/api/layers/preprocessing_layers/numerical/normalization/>",
        .params = {{.key = "axis",
                    .kind = ParamKind::IntegerList,
                    .fallback = -1,
                    .help = "Axes with a mean of their own for each index; None for one mean of all",
                    .noneAllowed = true,
                    .affects = Affects::Weights},
                   numbersParam("mean", Value(), "Mean to take away; None for the learned one"),
                   numbersParam("variance", Value(), "Variance to divide by; None for the learned one"),
                   {.key = "invert",
                    .kind = ParamKind::Boolean,
                    .fallback = false,
                    .help = "Undo the normalization instead",
                    .affects = Affects::Values}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "(batch, ..., features)"}},
        .telling = {"mean", "variance"},
        .role = Role::Normalization,
        .effects = kKeepsAll,
        .masks = Masks::PassOn,
        .infer = inferNormalization,
        .check = checkNormalization,
        .weights = normalizationWeights,
        .forward = normalizationForward,
        .tellingText = normalizationTelling,
    };
    return type;
}

}  // namespace shapewise::layers
