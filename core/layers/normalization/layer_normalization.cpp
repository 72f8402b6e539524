// LayerNormalization, RMSNormalization, UnitNormalization: each sample made comparable over its own axes.
//   Layer: (x - mean) / sqrt(variance + epsilon) * gamma + beta; RMS: x / sqrt(mean(x²) + epsilon) * scale;
//   Unit: x / ‖x‖.
// Output: the shape of the input.
// Reference: https://keras.io/api/layers/normalization_layers/

#include "core/base/checked_math.h"
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

ParamSpec axisParam(std::string_view help) {
    return {.key = "axis", .kind = ParamKind::IntegerList, .fallback = -1, .help = help, .affects = Affects::Weights};
}

ParamSpec epsilonParam(double fallback) {
    return {.key = "epsilon",
            .kind = ParamKind::Real,
            .fallback = fallback,
            .help = "Added under the root, so that nothing is divided by 0",
            .minimum = 0.0,
            .affects = Affects::Values};
}

ParamSpec switchParam(std::string_view key, std::string_view help) {
    return {.key = key, .kind = ParamKind::Boolean, .fallback = true, .help = help, .affects = Affects::Weights};
}

/// Axes of a tensor of that rank, ascending. Precondition: they have passed resolveAxes.
std::vector<int> axesOf(const Params& params, int rank) {
    std::vector<int> axes;
    for (const std::int64_t axis : params.integers("axis"))
        axes.push_back(static_cast<int>(axis < 0 ? axis + rank : axis));
    std::sort(axes.begin(), axes.end());
    return axes;
}

/// All axes in range and each named once, else refused.
bool resolveAxes(InferContext& context) {
    AxisList<int> seen;
    for (const std::int64_t axis : context.params().integers("axis")) {
        const std::optional<int> index = axisIndex(context, "axis", axis);
        if (!index) return false;
        if (std::find(seen.begin(), seen.end(), *index) != seen.end()) {
            context.refuse({diag::Code::ParameterRange,
                            "axis",
                            -1,
                            {{"value", context.params()["axis"]}, {"expected", std::string("each axis named once")}}});
            return false;
        }
        seen.append(*index);
    }
    return true;
}

void checkAxes(InferContext& context) {
    if (context.params().integers("axis").empty())
        context.refuse({diag::Code::ParameterTupleLength,
                        "axis",
                        -1,
                        {{"value", context.params()["axis"]}, {"needed", std::int64_t{1}}, {"got", std::int64_t{0}}}});
}

void keepNormalized(InferContext& context) {
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
    dropValueKind(context.output());
}

void explainAxes(InferContext& context) {
    if (!context.isExplaining()) return;
    for (const std::int64_t axis : context.params().integers("axis")) {
        const tensor::Shape& shape = context.input().shape;
        const int index = static_cast<int>(axis < 0 ? axis + shape.rank() : axis);
        context.explain(diag::axisOf(shape, index), shape[index], "normalized over this axis; the shape stays");
    }
}

void inferWithWeights(InferContext& context) {
    if (!resolveAxes(context)) return;
    for (const int axis : axesOf(context.params(), context.input().shape.rank()))
        if (!knownSize(context, axis)) return;
    keepNormalized(context);
    explainAxes(context);
}

void inferUnit(InferContext& context) {
    if (!resolveAxes(context)) return;
    keepNormalized(context);
    explainAxes(context);
}

/// Sizes of these axes, negative ones counted from the end; empty while one is not known.
tensor::Extents weightExtents(const AxisList<std::int64_t>& axes, const tensor::Shape& shape) {
    tensor::Extents extents;
    for (const std::int64_t axis : axes) {
        const tensor::Dim size = shape[static_cast<int>(axis < 0 ? axis + shape.rank() : axis)];
        if (!size.isKnown()) return {};
        extents.push_back(size.size());
    }
    return extents;
}

std::vector<WeightSpec> layerWeights(const Params& params, std::span<const TensorType* const> inputs) {
    // Ascending, however they are written: build in keras/src/layers/normalization/layer_normalization.py.
    AxisList<std::int64_t> axes;
    for (const int axis : axesOf(params, inputs[0]->shape.rank())) axes.append(axis);
    const tensor::Extents extents = weightExtents(axes, inputs[0]->shape);
    if (extents.empty()) return {};
    std::vector<WeightSpec> weights;
    if (params.flag("scale") || params.flag("rms_scaling"))
        weights.push_back({.name = "gamma", .extents = extents, .initializer = Initializer::Ones});
    if (params.flag("center") && !params.flag("rms_scaling"))
        weights.push_back({.name = "beta", .extents = extents, .initializer = Initializer::Zeros});
    return weights;
}

std::vector<WeightSpec> rmsWeights(const Params& params, std::span<const TensorType* const> inputs) {
    AxisList<std::int64_t> axes = params.integers("axis");
    std::sort(&axes[0], &axes[0] + axes.size());  // as Keras does with the numbers as written: -1 before 1
    tensor::Extents extents = weightExtents(axes, inputs[0]->shape);
    if (extents.empty()) return {};
    return {{.name = "scale", .extents = std::move(extents), .initializer = Initializer::Ones}};
}

/// Keras' rms_scaling: x * gamma / sqrt(variance + epsilon), the variance about the mean, the mean itself
/// left in. The axes are moved last and seen as one.
void scaleByVariance(ForwardContext& context, const std::vector<int>& axes, float epsilon) {
    const tensor::Tensor& x = context.input();
    std::vector<int> order;
    for (int axis = 0; axis < x.rank(); ++axis)
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
    order.insert(order.end(), axes.begin(), axes.end());
    tensor::Tensor moved(kernels::permutedExtents(x.extents(), order));
    kernels::permute(x.extents(), order, x.data(), moved.data(), context.parallel());
    const std::int64_t size = context.weight(0).count();
    for (std::int64_t row = 0; row < (size > 0 ? moved.count() / size : 0); ++row) {
        const std::span<float> values{moved.data() + row * size, static_cast<std::size_t>(size)};
        double mean = 0.0;
        for (const float value : values) mean += static_cast<double>(value);
        mean /= static_cast<double>(size);
        double variance = 0.0;
        for (const float value : values)
            variance += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
        variance /= static_cast<double>(size);
        const auto factor = static_cast<float>(1.0 / std::sqrt(variance + static_cast<double>(epsilon)));
        for (std::size_t index = 0; index < values.size(); ++index)
            values[index] *= factor * context.weight(0).data()[index];  // fits: real numbers
    }
    std::vector<int> back(order.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        back[static_cast<std::size_t>(order[place])] = static_cast<int>(place);
    kernels::permute(moved.extents(), back, moved.data(), context.output().data(), context.parallel());
}

Result<void> layerForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& x = context.input();
    const std::vector<int> axes = axesOf(params, x.rank());
    const auto epsilon = static_cast<float>(params.real("epsilon"));
    if (params.flag("rms_scaling")) {
        scaleByVariance(context, axes, epsilon);
        return {};
    }
    int next = 0;
    kernels::AffineWeights affine;
    if (params.flag("scale")) affine.gamma = context.weight(next++).data();
    if (params.flag("center")) affine.beta = context.weight(next).data();
    kernels::layerNormalization(x.extents(), axes, x.data(), affine, epsilon, context.output().data(),
                                context.parallel());
    return {};
}

Result<void> rmsForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const std::vector<int> axes = axesOf(context.params, x.rank());
    kernels::rmsNormalization(x.extents(), axes, x.data(), context.weight(0).data(),
                              static_cast<float>(context.params.real("epsilon")), context.output().data(),
                              context.parallel());
    return {};
}

Result<void> unitForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const std::vector<int> axes = axesOf(context.params, x.rank());
    kernels::unitNormalization(x.extents(), axes, x.data(), context.output().data(), context.parallel());
    return {};
}

std::string axisTelling(const Params& params) {
    return params.isSet("axis") ? "axis " + params["axis"].text() : std::string();
}

LayerType normalizationType(std::string_view className, std::string_view summary, std::string_view doc) {
    return {.className = className,
            .category = Category::Normalization,
            .title = className,
            .summary = summary,
            .keywords = "norm normalize standardize transformer",
            .doc = doc,
            .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ..., features)"}},
            .telling = {"axis"},
            .role = Role::Normalization,
            .effects = {AxisEffect::Keeps, ChannelEffect::Mixes},
            .channelAxis = "axis",
            .masks = Masks::PassOn,
            .infer = inferWithWeights,
            .check = checkAxes,
            .multiplyAdds = twoPerValue,
            .tellingText = axisTelling};
}

}  // namespace

const LayerType& layerNormalization() {
    static const LayerType type = [] {
        LayerType made =
            normalizationType("LayerNormalization", "Gives each sample mean 0 and variance 1",
                              "Mean and variance of each sample over `axis`.\n\n"
                              "$y = \\gamma \\frac{x - mean}{\\sqrt{variance + \\epsilon}} + \\beta$\n\n"
                              "Output: the shape of the input. Weights gamma and beta, each of the sizes of `axis`.\n\n"
                              "Reference: <https://keras.io/api/layers/normalization_layers/layer_normalization/>");
        made.params = {axisParam("Axis, or axes, over which mean and variance are taken"),
                       epsilonParam(0.001),
                       switchParam("center", "Add a trained beta"),
                       switchParam("scale", "Multiply by a trained gamma"),
                       {.key = "rms_scaling",
                        .kind = ParamKind::Boolean,
                        .fallback = false,
                        .help = "Scale by the variance without taking the mean away",
                        .affects = Affects::Weights}};
        made.weights = layerWeights;
        made.forward = layerForward;
        return made;
    }();
    return type;
}

const LayerType& rmsNormalization() {
    static const LayerType type = [] {
        LayerType made =
            normalizationType("RMSNormalization", "Divides each sample by its root mean square",
                              "$y = scale \\frac{x}{\\sqrt{mean(x^2) + \\epsilon}}$ over `axis`.\n\n"
                              "Output: the shape of the input. Weight scale of the sizes of `axis`.\n\n"
                              "Reference: <https://keras.io/api/layers/normalization_layers/rms_normalization/>");
        made.params = {axisParam("Axis, or axes, over which the mean square is taken"), epsilonParam(1e-6)};
        made.masks = Masks::Stop;
        made.weights = rmsWeights;
        made.forward = rmsForward;
        return made;
    }();
    return type;
}

const LayerType& unitNormalization() {
    static const LayerType type = [] {
        LayerType made =
            normalizationType("UnitNormalization", "Gives each sample length 1",
                              "$y = x / \\|x\\|_2$ over `axis`.\n\nOutput: the shape of the input.\n\n"
                              "Reference: <https://keras.io/api/layers/normalization_layers/unit_normalization/>");
        made.params = {axisParam("Axis, or axes, whose values together get length 1")};
        made.infer = inferUnit;
        made.forward = unitForward;
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
