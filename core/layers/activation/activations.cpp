// Layers that apply a function to each value, or along an axis: Activation, ReLU, LeakyReLU, ELU, PReLU, Softmax.
// Output: the shape of the input.
// Reference: https://keras.io/api/layers/activation_layers/

#include "core/kernels/elementwise.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace shapewise::layers {

namespace {

using kernels::Activation;
using tensor::TensorType;

constexpr PortSpec kAnyInput{.name = "input", .minimumRank = 0, .axes = "any"};

/// keepInput for values that change.
void inferValues(InferContext& context) {
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
    dropValueKind(context.output());
}

void inferActivationLayer(InferContext& context) {
    inferValues(context);
    inferActivation(context);
}

Result<void> applyElementwise(ForwardContext& context, const Activation& activation) {
    const tensor::Tensor& x = context.input();
    kernels::activate(activation, x.data(), x.count(), context.output().data(), context.parallel());
    return {};
}

Result<void> activationForward(ForwardContext& context) {
    const Activation activation = activationOf(context.params["activation"]);
    if (activation.isElementwise()) return applyElementwise(context, activation);
    const tensor::Tensor& x = context.input();
    kernels::activateAlong(activation, x.data(), kernels::splitAt(x.extents(), -1), context.output().data(),
                           context.parallel());
    return {};
}

Result<void> reluForward(ForwardContext& context) {
    const Params& params = context.params;
    const double maximum =
        params.isNone("max_value") ? std::numeric_limits<double>::infinity() : params.real("max_value");
    return applyElementwise(
        context, Activation::relu(static_cast<float>(maximum), static_cast<float>(params.real("negative_slope")),
                                  static_cast<float>(params.real("threshold"))));
}

Result<void> leakyReluForward(ForwardContext& context) {
    return applyElementwise(context, Activation::leakyRelu(static_cast<float>(context.params.real("negative_slope"))));
}

Result<void> eluForward(ForwardContext& context) {
    return applyElementwise(context, Activation::elu(static_cast<float>(context.params.real("alpha"))));
}

// PReLU
// -----------------------------------------------------------------------------------------------------------------

bool isShared(const AxisList<std::int64_t>& shared, int axis) {
    return std::find(shared.begin(), shared.end(), std::int64_t{axis}) != shared.end();
}

void inferPRelu(InferContext& context) {
    const AxisList<std::int64_t> shared = context.params().integers("shared_axes");
    for (const std::int64_t axis : shared)
        if (!axisIndex(context, "shared_axes", axis, 1)) return;
    for (int axis = 1; axis < context.input().shape.rank(); ++axis)
        if (!isShared(shared, axis) && !knownSize(context, axis)) return;
    inferValues(context);
}

tensor::Extents alphaExtents(const Params& params, const tensor::Shape& shape) {
    const AxisList<std::int64_t> shared = params.integers("shared_axes");
    tensor::Extents extents;
    for (int axis = 1; axis < shape.rank(); ++axis)
        extents.push_back(isShared(shared, axis) ? 1 : shape[axis].sizeOr(1));
    return extents;
}

std::vector<WeightSpec> pReluWeights(const Params& params, std::span<const TensorType* const> inputs) {
    return {{.name = "alpha", .extents = alphaExtents(params, inputs[0]->shape), .initializer = Initializer::Zeros}};
}

/// alpha with shared axes repeated: one factor for each value of a sample.
tensor::Tensor expandedAlpha(const tensor::Tensor& alpha, const tensor::Extents& input) {
    tensor::Tensor expanded(tensor::Extents(input.begin() + 1, input.end()));
    std::vector<std::int64_t> place(static_cast<std::size_t>(alpha.rank()), 0);
    for (float& value : expanded.values()) {
        std::int64_t offset = 0;
        for (int axis = 0; axis < alpha.rank(); ++axis) {
            const bool isRepeated = alpha.size(axis) == 1;
            offset = offset * alpha.size(axis) + (isRepeated ? 0 : place[static_cast<std::size_t>(axis)]);
        }
        value = alpha.data()[offset];
        for (std::size_t axis = place.size(); axis-- > 0;) {
            if (++place[axis] < expanded.size(static_cast<int>(axis))) break;
            place[axis] = 0;
        }
    }
    return expanded;
}

Result<void> pReluForward(ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const tensor::Tensor alpha = expandedAlpha(context.weight(0), x.extents());
    kernels::parametricRelu(x.data(), x.size(0), alpha.count(), alpha.data(), context.output().data(),
                            context.parallel());
    return {};
}

// Softmax
// ---------------------------------------------------------------------------------------------------------------

void inferSoftmax(InferContext& context) {
    for (const std::int64_t axis : context.params().integers("axis"))
        if (!axisIndex(context, "axis", axis)) return;
    inferValues(context);
}

/// The mask for each value: as numpy broadcasts it, from the last axis on. Empty when there is none, or one that does
/// not fit, as a mask of the steps of a sequence: Keras cannot run that model.
tensor::Tensor valueMask(const ForwardContext& context) {
    const tensor::Tensor& x = context.input();
    const tensor::Tensor* mask = context.inputMask();
    if (mask == nullptr || kernels::broadcastExtents(mask->extents(), x.extents()) != x.extents()) return {};
    tensor::Tensor expanded(x.extents());
    const tensor::Tensor ones(x.extents(), 1.0F);
    kernels::broadcastBinary(kernels::MergeKind::Multiply, {ones.data(), ones.extents()},
                             {mask->data(), mask->extents()}, expanded.data(), context.parallel());
    return expanded;
}

/// Over several axes at once: these are moved last, and taken as one.
void softmaxOverAxes(ForwardContext& context, const tensor::Tensor& x, const std::vector<int>& axes) {
    std::vector<int> order;
    for (int axis = 0; axis < x.rank(); ++axis)
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
    order.insert(order.end(), axes.begin(), axes.end());
    tensor::Tensor moved(kernels::permutedExtents(x.extents(), order));
    kernels::permute(x.extents(), order, x.data(), moved.data(), context.parallel());
    std::int64_t size = 1;
    for (const int axis : axes) size *= x.size(axis);
    const kernels::AxisSplit split{.outer = x.count() / std::max<std::int64_t>(size, 1), .size = size, .inner = 1};
    kernels::activateAlong(Activation::of(kernels::ActivationKind::Softmax), moved.data(), split, moved.data(),
                           context.parallel());
    std::vector<int> back(order.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        back[static_cast<std::size_t>(order[place])] = static_cast<int>(place);
    kernels::permute(moved.extents(), back, moved.data(), context.output().data(), context.parallel());
}

void softmaxOver(ForwardContext& context, const tensor::Tensor& x, const std::vector<int>& axes) {
    if (axes.size() > 1) return softmaxOverAxes(context, x, axes);
    kernels::activateAlong(Activation::of(kernels::ActivationKind::Softmax), x.data(),
                           kernels::splitAt(x.extents(), axes.at(0)), context.output().data(), context.parallel());
}

Result<void> softmaxForward(ForwardContext& context) {
    constexpr float kHidden = -1e9F;  // keras: _large_negative_number of float32
    const tensor::Tensor& x = context.input();
    std::vector<int> axes;
    for (const std::int64_t axis : context.params.integers("axis"))
        axes.push_back(static_cast<int>(axis < 0 ? axis + x.rank() : axis));
    std::sort(axes.begin(), axes.end());
    axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
    if (context.inputMask() != nullptr) context.giveMask(*context.inputMask());
    const tensor::Tensor mask = valueMask(context);
    if (mask.rank() == 0) {
        softmaxOver(context, x, axes);
        return {};
    }
    tensor::Tensor shown(x);
    for (std::int64_t index = 0; index < x.count(); ++index)
        if (mask.data()[index] == 0.0F) shown.data()[index] = kHidden;
    softmaxOver(context, shown, axes);
    // Where everything is hidden the outputs are 0, not equal shares.
    for (std::int64_t index = 0; index < x.count(); ++index) context.output().data()[index] *= mask.data()[index];
    return {};
}

void checkSoftmax(InferContext& context) {
    if (context.params().integers("axis").empty())
        context.refuse({diag::Code::ParameterTupleLength,
                        "axis",
                        -1,
                        {{"value", context.params()["axis"]}, {"needed", std::int64_t{1}}, {"got", std::int64_t{0}}}});
}

std::string activationTelling(const Params& params) { return params.activation("activation"); }

ParamSpec slopeParam(double fallback) {
    return {.key = "negative_slope",
            .kind = ParamKind::Real,
            .fallback = fallback,
            .help = "Factor of values below the threshold",
            .minimum = 0.0,
            .affects = Affects::Values};
}

LayerType activationType(std::string_view className, std::string_view summary, std::string_view doc) {
    return {.className = className,
            .category = Category::Activation,
            .title = className,
            .summary = summary,
            .keywords = "activation nonlinearity function",
            .doc = doc,
            .inputs = {kAnyInput},
            .effects = kKeepsAll,
            .masks = Masks::PassOn,
            .infer = inferValues};
}

}  // namespace

const LayerType& activation() {
    static const LayerType type = [] {
        LayerType made = activationType(
            "Activation", "Applies a function to each value",
            "Applies the named function. `softmax`, `log_softmax` and `sparsemax` work along the last "
            "axis; `glu` halves it. `hard_sigmoid` is $x / 6 + 0.5$ as in Keras 3, `hard_sigmoid_keras2` "
            "$0.2 x + 0.5$ as in Keras 1 and 2, tf.keras and TensorFlow.js, both cut to 0 to 1; `gelu_tanh` is "
            "the approximation of `gelu`.\n\nOutput: the shape of the input.\n\n"
            "Reference: <https://keras.io/api/layers/activations/>");
        ParamSpec function = activationParam();
        function.required = true;
        function.initial = "relu";
        function.help = "Name of the function";
        made.params = {std::move(function)};
        made.keywords = "relu sigmoid tanh softmax gelu swish silu mish nonlinearity function";
        made.telling = {"activation"};
        made.infer = inferActivationLayer;
        made.forward = activationForward;
        made.tellingText = activationTelling;
        return made;
    }();
    return type;
}

const LayerType& reLU() {
    static const LayerType type = [] {
        LayerType made = activationType("ReLU", "Sets negative values to 0",
                                        "$y = \\min(\\max(x, 0), max\\_value)$ with the defaults; below `threshold` "
                                        "$y = negative\\_slope (x - threshold)$.\n\nOutput: the shape of the input.\n\n"
                                        "Reference: <https://keras.io/api/layers/activation_layers/relu/>");
        made.params = {{.key = "max_value",
                        .kind = ParamKind::Real,
                        .help = "Largest output; None for no limit",
                        .noneAllowed = true,
                        .minimum = 0.0,
                        .affects = Affects::Values},
                       slopeParam(0.0),
                       {.key = "threshold",
                        .kind = ParamKind::Real,
                        .fallback = 0.0,
                        .help = "Values below it are damped",
                        .minimum = 0.0,
                        .affects = Affects::Values}};
        made.keywords = "rectifier rectified linear unit relu6 activation";
        made.telling = {"max_value", "negative_slope", "threshold"};
        made.forward = reluForward;
        made.foreign.keys = {{"max", "max_value"}};
        return made;
    }();
    return type;
}

const LayerType& leakyReLU() {
    static const LayerType type = [] {
        LayerType made = activationType(
            "LeakyReLU", "Damps negative values instead of removing them",
            "$y = x$ for $x \\ge 0$, else $negative\\_slope\\, x$.\n\nOutput: the shape of the input.\n\n"
            "Reference: <https://keras.io/api/layers/activation_layers/leaky_relu/>");
        made.params = {slopeParam(0.3)};
        made.telling = {"negative_slope"};
        made.forward = leakyReluForward;
        made.foreign.keys = {{"alpha", "negative_slope", kBeforeKeras3}};
        return made;
    }();
    return type;
}

const LayerType& eLU() {
    static const LayerType type = [] {
        LayerType made =
            activationType("ELU", "Bends negative values smoothly towards a limit",
                           "$y = x$ for $x > 0$, else $alpha (e^x - 1)$.\n\nOutput: the shape of the input.\n\n"
                           "Reference: <https://keras.io/api/layers/activation_layers/elu/>");
        made.params = {{.key = "alpha",
                        .kind = ParamKind::Real,
                        .fallback = 1.0,
                        .help = "Values far below 0 become minus this",
                        .affects = Affects::Values}};
        made.keywords = "exponential linear unit activation";
        made.telling = {"alpha"};
        made.forward = eluForward;
        return made;
    }();
    return type;
}

const LayerType& pReLU() {
    static const LayerType type = [] {
        LayerType made =
            activationType("PReLU", "Damps negative values by trained factors",
                           "$y = x$ for $x > 0$, else $\\alpha x$ with a trained $\\alpha$ for each value of a sample, "
                           "or one for all along `shared_axes`.\n\nOutput: the shape of the input.\n\n"
                           "Reference: <https://keras.io/api/layers/activation_layers/prelu/>");
        made.params = {{.key = "shared_axes",
                        .kind = ParamKind::IntegerList,
                        .help = "Axes along which one factor serves all, counted from 1",
                        .noneAllowed = true,
                        .minimum = 1,
                        .affects = Affects::Weights}};
        made.inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ...)"}};
        made.keywords = "parametric rectifier trained slope activation";
        made.telling = {"shared_axes"};
        made.infer = inferPRelu;
        made.weights = pReluWeights;
        made.forward = pReluForward;
        made.foreign.keys = kernelNames();
        return made;
    }();
    return type;
}

const LayerType& softmax() {
    static const LayerType type = [] {
        LayerType made = activationType("Softmax", "Turns scores into probabilities that sum to 1",
                                        "$y_i = e^{x_i} / \\sum_j e^{x_j}$ along `axis`; values that a mask hides "
                                        "count as 0.\n\nOutput: the shape of the "
                                        "input.\n\n"
                                        "Reference: <https://keras.io/api/layers/activation_layers/softmax/>");
        made.params = {{.key = "axis",
                        .kind = ParamKind::IntegerList,
                        .fallback = -1,
                        .help = "Axis, or axes, along which the outputs sum to 1",
                        .affects = Affects::Values}};
        made.inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ..., classes)"}};
        made.keywords = "probability classifier classes normalize activation";
        made.telling = {"axis"};
        made.effects = {AxisEffect::Keeps, ChannelEffect::Mixes};
        made.masks = Masks::Compute;
        made.infer = inferSoftmax;
        made.check = checkSoftmax;
        made.forward = softmaxForward;
        // tfjs-layers 4.22, advanced_activations.ts: DEFAULT_AXIS = 1.0 of Softmax.
        made.foreign.defaults = {{"axis", 1, kTensorFlowJs}};
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
