// Add, Subtract, Multiply, Average, Maximum, Minimum: two or more tensors value by value, with broadcasting.
// Aligned from the right without the batch; inputs of lower rank get axes of size 1 after the batch. Sizes must be
// equal, 1, or unknown; known batch sizes must be equal. Reference: https://keras.io/api/layers/merging_layers/

#include "core/kernels/elementwise.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using diag::Code;
using tensor::AxisMeaning;
using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

/// nullopt when they do not fit. As in Keras, None with a number is None; a name with a number can only be that number.
std::optional<Dim> broadcast(Dim a, Dim b) {
    if (a == b) return a;
    if (a.isUnknown() || b.isUnknown()) return Dim::unknown();
    if (a == Dim(1)) return b;
    if (b == Dim(1)) return a;
    if (!mayBeEqual(a, b)) return std::nullopt;
    return a.isKnown() || b.isKnown() ? moreKnown(a, b) : Dim::unknown();
}

/// Merges input `index` into output 0, which holds the inputs before it.
bool mergeShape(InferContext& context, int index) {
    TensorType& output = context.output();
    const TensorType earlier = output;
    const Shape& before = earlier.shape;
    const TensorType& other = context.input(index);
    const Shape& shape = other.shape;
    const Shape& longer = before.rank() >= shape.rank() ? before : shape;
    const Shape& shorter = before.rank() >= shape.rank() ? shape : before;
    const int shift = longer.rank() - shorter.rank();
    const TensorType& shorterType = longer.rank() != before.rank() ? earlier : other;
    if (longer.rank() != before.rank()) output.scales = other.scales;
    output.shape = longer;
    output.shape.setSize(0, before[0]);
    for (int axis = 1; axis < shorter.rank(); ++axis) {
        const std::optional<Dim> size = broadcast(longer[axis + shift], shorter[axis]);
        if (!size) {
            const int axisHere = longer.rank() == shape.rank() ? axis + shift : axis;
            const int axisBefore = longer.rank() == before.rank() ? axis + shift : axis;
            context.refuse({Code::MergeMismatch,
                            {},
                            index,
                            {{"shape", shape},
                             {"other", before},
                             {"axis", std::int64_t{axisHere}},
                             {"axis_name", diag::axisOf(longer, axis + shift)},
                             {"size", shape[axisHere]},
                             {"other_size", before[axisBefore]}}});
            return false;
        }
        joinScale(output, axis + shift, shorterType, axis, longer[axis + shift] == Dim(1) && shorter[axis] != Dim(1));
        output.shape.setSize(axis + shift, *size);
        if (longer.meaning(axis + shift) == AxisMeaning::Unknown)
            output.shape.setMeaning(axis + shift, shorter.meaning(axis));
    }
    return true;
}

/// Known batch sizes must be equal; the output has the known one.
bool mergeBatch(InferContext& context, int index) {
    Shape& output = context.output().shape;
    const Dim batch = context.input(index).shape[0];
    if (!mayBeEqual(output[0], batch)) {
        context.refuse({Code::BatchMismatch,
                        {},
                        index,
                        {{"shape", context.input(index).shape},
                         {"other", context.input(0).shape},
                         {"size", batch},
                         {"other_size", output[0]}}});
        return false;
    }
    output.setSize(0, moreKnown(output[0], batch));
    return true;
}

void inferMerge(InferContext& context) {
    const bool isSubtract = context.params().type().className == "Subtract";
    if (isSubtract && context.inputCount() > 2)
        return context.refuse({Code::TooManyInputs,
                               {},
                               2,
                               {{"needed", std::int64_t{2}},
                                {"got", std::int64_t{context.inputCount()}},
                                {"port", std::string("inputs")}}});
    context.output() = context.input();
    if (context.output().shape.meaning(0) == AxisMeaning::Unknown)
        context.output().shape.setMeaning(0, AxisMeaning::Batch);
    for (int index = 1; index < context.inputCount(); ++index)
        if (!mergeBatch(context, index) || !mergeShape(context, index)) return;
    dropValueKind(context.output());
    if (context.isExplaining())
        for (int index = 0; index < context.inputCount(); ++index)
            context.explain(fmt::format("input {}", index + 1), context.input(index).shape,
                            index == 0 ? "sizes must be equal or 1" : "");
}

/// A step counts where it counts in any input; inputs without a mask leave the output without one, which is empty then.
tensor::Tensor mergedMask(const ForwardContext& context) {
    std::vector<tensor::TensorView> masks;
    for (const tensor::Tensor* mask : context.inputMasks)
        if (mask != nullptr) masks.push_back({mask->data(), mask->extents()});
    if (masks.empty() || masks.size() != context.inputs.size()) return {};
    const std::optional<tensor::Extents> extents = kernels::mergedExtents(masks);
    if (!extents) return {};
    tensor::Tensor merged(*extents);
    kernels::merge(kernels::MergeKind::Maximum, masks, merged.data(), context.parallel());
    return merged;
}

/// Calls each(value) for the values of the steps that the mask of x hides. Masks of other extents hide nothing.
template <class Each>
void forHidden(tensor::Tensor& x, const tensor::Tensor* mask, Each each) {
    if (mask == nullptr || x.rank() < 1 ||
        mask->extents() != tensor::Extents(x.extents().begin(), x.extents().end() - 1))
        return;
    const std::int64_t width = x.size(x.rank() - 1);
    for (std::int64_t step = 0; step < mask->count(); ++step)
        if (mask->data()[step] == 0.0F)
            for (std::int64_t index = 0; index < width; ++index) each(x.data()[step * width + index]);
}

tensor::Tensor spread(const ForwardContext& context, const tensor::Tensor& x) {
    const tensor::Tensor ones(context.output().extents(), 1.0F);
    const tensor::TensorView views[] = {{ones.data(), ones.extents()}, {x.data(), x.extents()}};
    tensor::Tensor result(ones.extents());
    kernels::merge(kernels::MergeKind::Multiply, views, result.data(), context.parallel());
    return result;
}

/// 1 for each value of the output that the mask of that input shows; empty where it hides nothing.
tensor::Tensor shownBy(const ForwardContext& context, int index) {
    const tensor::Tensor* mask = context.inputMask(index);
    const tensor::Extents& extents = context.input(index).extents();
    if (mask == nullptr || extents.empty() || mask->extents() != tensor::Extents(extents.begin(), extents.end() - 1))
        return {};
    tensor::Extents steps = mask->extents();
    steps.push_back(1);
    return spread(context, tensor::Tensor(std::move(steps), mask->values()));
}

/// Maximum and Minimum leave out what an input hides: _apply_merge_op_and_or_mask in
/// keras/src/layers/merging/base_merge.py.
void mergeShown(ForwardContext& context, kernels::MergeKind kind) {
    tensor::Tensor result = spread(context, context.input());
    tensor::Tensor shown = shownBy(context, 0);
    for (int index = 1; index < static_cast<int>(context.inputs.size()); ++index) {
        tensor::Tensor next = spread(context, context.input(index));
        tensor::Tensor nextShown = shownBy(context, index);
        const bool bothHide = shown.rank() > 0 && nextShown.rank() > 0;
        for (std::int64_t place = 0; place < result.count(); ++place) {
            if (nextShown.rank() > 0 && nextShown.data()[place] == 0.0F) next.data()[place] = result.data()[place];
            if (shown.rank() > 0 && shown.data()[place] == 0.0F) result.data()[place] = next.data()[place];
            if (bothHide) shown.data()[place] = std::max(shown.data()[place], nextShown.data()[place]);
        }
        if (!bothHide) shown = {};
        const tensor::Tensor before = std::move(result);
        result = tensor::Tensor(before.extents());
        const tensor::TensorView views[] = {{before.data(), before.extents()}, {next.data(), next.extents()}};
        kernels::merge(kind, views, result.data(), context.parallel());
    }
    std::copy(result.values().begin(), result.values().end(), context.output().data());
}

Result<void> runMerge(ForwardContext& context, kernels::MergeKind kind) {
    const bool hidesSteps = kind == kernels::MergeKind::Multiply && !context.inputMasks.empty();
    std::vector<tensor::Tensor> shown;
    std::vector<tensor::TensorView> views;
    for (std::size_t index = 0; index < context.inputs.size(); ++index) {
        const tensor::Tensor& input = *context.inputs[index];
        views.push_back({input.data(), input.extents()});
        if (!hidesSteps) continue;
        // Steps that are hidden count as 1 in a product.
        shown.push_back(input);
        forHidden(shown.back(), context.inputMask(static_cast<int>(index)), [](float& value) { value = 1.0F; });
        views.back() = {shown.back().data(), input.extents()};
    }
    const bool leavesOut = kind == kernels::MergeKind::Maximum || kind == kernels::MergeKind::Minimum;
    if (leavesOut && !context.inputMasks.empty())
        mergeShown(context, kind);
    else
        kernels::merge(kind, views, context.output().data(), context.parallel());
    tensor::Tensor mask = mergedMask(context);
    if (mask.rank() == 0) return {};
    if (hidesSteps) forHidden(context.output(), &mask, [](float& value) { value = 0.0F; });
    context.giveMask(std::move(mask));
    return {};
}

template <kernels::MergeKind kKind>
Result<void> mergeForward(ForwardContext& context) {
    return runMerge(context, kKind);
}

constexpr std::string_view kDoc =
    "Combines its inputs value by value. Shapes are aligned from the right; a size of 1 is repeated to fit the other, "
    "and an "
    "input of fewer axes gets axes of size 1 after the batch.\n\n"
    "Output: the broadcast shape `[batch, ...]`.\n\nReference: <https://keras.io/api/layers/merging_layers/>";

struct Wording {
    std::string_view className;
    std::string_view summary;
    std::string_view keywords;
    std::string_view mode{};  ///< what a Merge layer of Keras 1 called it
};

LayerType mergeType(const Wording& wording, Result<void> (*forward)(ForwardContext&)) {
    const bool isSubtract = wording.className == "Subtract";
    return {.className = wording.className,
            .category = Category::Merge,
            .title = wording.className,
            .summary = wording.summary,
            .keywords = wording.keywords,
            .doc = kDoc,
            .inputs = {PortSpec{
                .name = "inputs", .many = true, .minimumLinks = isSubtract ? 2 : 1, .axes = "(batch, ...)"}},
            .role = Role::BroadcastMerge,
            .effects = kKeepsAll,
            .masks = Masks::Compute,
            .infer = inferMerge,
            .forward = forward,
            .foreign = {.classes = wording.mode.empty() ? std::vector<ForeignClass>{}
                                                        : std::vector<ForeignClass>{mergeMode(wording.mode)}}};
}

}  // namespace

const LayerType& add() {
    static const LayerType type = mergeType({"Add", "Sums its inputs", "plus sum residual skip shortcut merge", "sum"},
                                            mergeForward<kernels::MergeKind::Add>);
    return type;
}

const LayerType& subtract() {
    static const LayerType type =
        mergeType({"Subtract", "Takes the second input from the first", "minus difference merge"},
                  mergeForward<kernels::MergeKind::Subtract>);
    return type;
}

const LayerType& multiply() {
    static const LayerType type = [] {
        LayerType made = mergeType({"Multiply", "Multiplies its inputs", "times product gate mask scale merge", "mul"},
                                   mergeForward<kernels::MergeKind::Multiply>);
        made.isGate = true;
        return made;
    }();
    return type;
}

const LayerType& average() {
    static const LayerType type = mergeType({"Average", "Takes the mean of its inputs", "mean ensemble merge", "ave"},
                                            mergeForward<kernels::MergeKind::Average>);
    return type;
}

const LayerType& maximum() {
    static const LayerType type = mergeType({"Maximum", "Takes the largest of its inputs", "max largest merge", "max"},
                                            mergeForward<kernels::MergeKind::Maximum>);
    return type;
}

const LayerType& minimum() {
    static const LayerType type = mergeType({"Minimum", "Takes the smallest of its inputs", "min smallest merge"},
                                            mergeForward<kernels::MergeKind::Minimum>);
    return type;
}

}  // namespace shapewise::layers
