// ExpandDims, Squeeze and GetItem: axes of size 1 put in and taken out, and parts cut out, as code writes it.
// All of them count the batch as axis 0. Reference: keras.ops.expand_dims, keras.ops.squeeze, x[...]

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>
#include <numeric>

namespace shapewise::layers {

namespace {

using diag::Code;
using tensor::AxisMeaning;
using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

/// Output 0 with only these axes of the input; -1 for a new axis of size 1.
void takeAxes(InferContext& context, const std::vector<int>& axes) {
    const TensorType& input = context.input();
    TensorType& output = context.output();
    output.dtype = input.dtype;
    auto scales = input.scales ? std::make_shared<tensor::SignalScales>(*input.scales) : nullptr;
    if (scales) scales->axes = {};
    for (std::size_t place = 0; place < axes.size(); ++place) {
        const int axis = axes[place];
        output.shape.append(axis < 0 ? Dim(1) : input.shape[axis],
                            axis < 0 ? AxisMeaning::Unknown : input.shape.meaning(axis));
        if (scales && axis >= 0) scales->axes[place] = input.scale(axis);
    }
    output.scales = std::move(scales);
}

void refuseAxis(InferContext& context, std::string_view key, std::int64_t axis, std::int64_t lowest, int highest) {
    const Shape& shape = context.input().shape;
    context.refuse({Code::AxisOutOfRange,
                    key,
                    0,
                    {{"axis", axis},
                     {"lowest", lowest},
                     {"highest", std::int64_t{highest}},
                     {"rank", std::int64_t{shape.rank()}},
                     {"shape", shape}}});
}

void refuseRank(InferContext& context, std::int64_t rank) {
    context.refuse({Code::RankTooLarge, {}, -1, {{"rank", rank}, {"most", std::int64_t{tensor::kMaximumRank}}}});
}

// ExpandDims
// ------------------------------------------------------------------------------------------------------------

void inferExpand(InferContext& context) {
    const int rank = context.input().shape.rank();
    const std::int64_t axis = context.params().integer("axis");
    const std::int64_t place = axis < 0 ? axis + rank + 1 : axis;
    if (place < 0 || place > rank) return refuseAxis(context, "axis", axis, 0, rank);
    if (rank == tensor::kMaximumRank) return refuseRank(context, rank + 1);
    std::vector<int> axes(static_cast<std::size_t>(rank));
    std::iota(axes.begin(), axes.end(), 0);
    axes.insert(axes.begin() + place, -1);
    takeAxes(context, axes);
    if (context.isExplaining()) context.explain("shape", context.output().shape, "one axis of size 1 more");
}

// Squeeze
// ---------------------------------------------------------------------------------------------------------------

void inferSqueeze(InferContext& context) {
    const Shape& shape = context.input().shape;
    std::vector<bool> isTaken(static_cast<std::size_t>(shape.rank()), false);
    for (const std::int64_t axis : context.params().integers("axis")) {
        const std::int64_t place = axis < 0 ? axis + shape.rank() : axis;
        if (place < 0 || place >= shape.rank()) return refuseAxis(context, "axis", axis, 0, shape.rank() - 1);
        const Dim size = shape[static_cast<int>(place)];
        if (size.isKnown() && size != Dim(1))
            return context.refuse({Code::ParameterRange,
                                   "axis",
                                   0,
                                   {{"value", context.params()["axis"]},
                                    {"expected", fmt::format("axes of size 1; axis {} has {}", axis, size.size())}}});
        isTaken[static_cast<std::size_t>(place)] = true;
    }
    std::vector<int> axes;
    for (int axis = 0; axis < shape.rank(); ++axis)
        if (!isTaken[static_cast<std::size_t>(axis)]) axes.push_back(axis);
    takeAxes(context, axes);
    if (context.isExplaining()) context.explain("shape", context.output().shape, "without axes of size 1");
}

// GetItem
// ---------------------------------------------------------------------------------------------------------------

/// What becomes of one axis of the input, or a new one.
struct Part {
    int axis = -1;  ///< of the input; -1: a new axis
    bool isIndex = false;
    std::int64_t start = 0;
    std::int64_t step = 1;
    Dim size{};
};

bool isEllipsis(const Value& entry) { return entry == Value("..."); }

bool isSlice(const Value& entry) {
    return entry.isDict() && std::all_of(entry.asDict().begin(), entry.asDict().end(), [](const auto& member) {
               return (member.first == "start" || member.first == "stop" || member.first == "step") &&
                      (member.second.isNone() || member.second.isInteger());
           });
}

void checkItem(InferContext& context) {
    const Value& key = context.params()["key"];
    const auto isPart = [](const Value& entry) {
        return entry.isInteger() || entry.isNone() || isEllipsis(entry) || isSlice(entry);
    };
    const bool isRight = key.isList() && std::all_of(key.asList().begin(), key.asList().end(), isPart) &&
                         std::count_if(key.asList().begin(), key.asList().end(), isEllipsis) <= 1;
    if (isRight) return;
    context.refuse({Code::ParameterKind,
                    "key",
                    -1,
                    {{"value", key},
                     {"expected", std::string("a list of indices, {start, stop, step}, \"...\" once, and None")}}});
}

std::int64_t memberOr(const Value& slice, std::string_view key, std::int64_t otherwise) {
    const Value* found = slice.find(key);
    return found != nullptr && found->isInteger() ? found->asInteger() : otherwise;
}

bool isAbsent(const Value& slice, std::string_view key) {
    const Value* found = slice.find(key);
    return found == nullptr || found->isNone();
}

/// start:stop:step of an axis. nullopt, refused, for a step of 0.
std::optional<Part> slicePart(InferContext& context, int axis, const Value& slice) {
    const Dim length = context.input().shape[axis];
    Part part{.axis = axis, .step = memberOr(slice, "step", 1)};
    if (part.step == 0) {
        context.refuse({Code::ParameterRange,
                        "key",
                        -1,
                        {{"value", context.params()["key"]}, {"expected", std::string("a step other than 0")}}});
        return std::nullopt;
    }
    if (!length.isKnown()) {
        const bool isWhole = isAbsent(slice, "start") && isAbsent(slice, "stop");
        part.size = isWhole && (part.step == 1 || part.step == -1) ? length : Dim::unknown();
        part.start = isAbsent(slice, "start") && part.step > 0 ? 0 : -1;  // not known
        return part;
    }
    const std::int64_t n = length.size();
    const bool forward = part.step > 0;
    const auto clipped = [&](std::int64_t at) {
        if (at < 0) at = at < -n ? -1 : at + n;  // -1: before the first
        return std::clamp<std::int64_t>(at, forward ? 0 : -1, forward ? n : n - 1);
    };
    part.start = isAbsent(slice, "start") ? (forward ? 0 : n - 1) : clipped(memberOr(slice, "start", 0));
    const std::int64_t stop = isAbsent(slice, "stop") ? (forward ? n : -1) : clipped(memberOr(slice, "stop", 0));
    const std::int64_t span = forward ? stop - part.start : part.start - stop;
    const auto width = static_cast<std::uint64_t>(forward ? part.step : -(part.step + 1)) + (forward ? 0U : 1U);
    part.size = Dim(span <= 0 ? 0 : static_cast<std::int64_t>((static_cast<std::uint64_t>(span) - 1) / width) + 1);
    if (part.size == Dim(0) || part.size == Dim(1)) part.step = forward ? 1 : -1;  // never taken, however large
    return part;
}

/// The axes of the result, those of indices included. nullopt when it is refused.
std::optional<std::vector<Part>> partsOf(InferContext& context) {
    const Shape& shape = context.input().shape;
    const ValueList& key = context.params()["key"].asList();
    const auto used =
        std::count_if(key.begin(), key.end(), [](const Value& entry) { return !entry.isNone() && !isEllipsis(entry); });
    if (used > shape.rank()) {
        refuseAxis(context, "key", used - 1, 0, shape.rank() - 1);
        return std::nullopt;
    }
    std::vector<Part> parts;
    int axis = 0;
    const auto keepWhole = [&](std::int64_t count) {
        for (; count > 0; --count, ++axis) parts.push_back({.axis = axis, .size = shape[axis]});
    };
    for (const Value& entry : key) {
        if (isEllipsis(entry)) {
            keepWhole(shape.rank() - used);
        } else if (entry.isNone()) {
            parts.push_back({.size = Dim(1)});
        } else if (entry.isInteger()) {
            const Dim length = shape[axis];
            std::int64_t at = entry.asInteger();
            if (length.isKnown() && (at < -length.size() || at >= length.size())) {
                context.refuse(
                    {Code::ParameterRange,
                     "key",
                     0,
                     {{"value", context.params()["key"]},
                      {"expected", fmt::format("an index of axis {}, which has size {}", axis, length.size())}}});
                return std::nullopt;
            }
            if (length.isKnown() && at < 0) at += length.size();
            parts.push_back({.axis = axis++, .isIndex = true, .start = at, .size = Dim(1)});
        } else {
            std::optional<Part> part = slicePart(context, axis++, entry);
            if (!part) return std::nullopt;
            parts.push_back(*part);
        }
    }
    keepWhole(shape.rank() - axis);
    return parts;
}

void inferItem(InferContext& context) {
    const std::optional<std::vector<Part>> parts = partsOf(context);
    if (!parts) return;
    std::vector<int> axes;
    std::vector<Part> kept;
    for (const Part& part : *parts)
        if (!part.isIndex) kept.push_back(part);
    if (kept.size() > static_cast<std::size_t>(tensor::kMaximumRank))
        return refuseRank(context, static_cast<std::int64_t>(kept.size()));
    axes.reserve(kept.size());
    for (const Part& part : kept) axes.push_back(part.axis);
    takeAxes(context, axes);
    for (std::size_t place = 0; place < kept.size(); ++place) {
        const int axis = static_cast<int>(place);
        const Part& part = kept[place];
        context.output().shape.setSize(axis, part.size);
        if (part.step < 0 || (part.start != 0 && !context.input().shape[part.axis].isKnown()))
            dropScale(context.output(), axis);
        else
            rescaleAxis(context.output(), axis, static_cast<double>(part.start), static_cast<double>(part.step));
    }
    if (context.isExplaining()) context.explain("shape", context.output().shape, "the part that the key cuts out");
}

Result<void> itemForward(ForwardContext& context) {
    TensorType known;
    const tensor::Tensor& x = context.input();
    known.shape = x.shape();
    const TensorType* const types[] = {&known};
    InferContext exact(context.params, types, {}, nullptr);
    const std::optional<std::vector<Part>> parts = partsOf(exact);
    if (!parts) return failure("the key does not fit the input");
    std::vector<std::int64_t> inputStrides(static_cast<std::size_t>(x.rank()), 1);
    for (std::size_t axis = inputStrides.size(); axis-- > 1;)
        inputStrides[axis - 1] = inputStrides[axis] * x.size(static_cast<int>(axis));
    std::int64_t first = 0;
    std::vector<std::int64_t> sizes;
    std::vector<std::int64_t> strides;
    for (const Part& part : *parts) {
        const std::int64_t stride = part.axis < 0 ? 0 : inputStrides[static_cast<std::size_t>(part.axis)];
        first += part.start * stride;
        if (part.isIndex) continue;
        sizes.push_back(part.size.size());
        strides.push_back(part.step * stride);
    }
    tensor::Tensor& y = context.output();
    for (std::int64_t at = 0; at < y.count(); ++at) {
        std::int64_t rest = at;
        std::int64_t from = first;
        for (std::size_t axis = sizes.size(); axis-- > 0; rest /= sizes[axis])
            from += rest % sizes[axis] * strides[axis];
        y.data()[at] = x.data()[from];
    }
    return {};
}

std::string partText(const Value& entry) {
    if (!entry.isDict()) return entry.isText() ? entry.asText() : entry.text();
    const auto number = [&](std::string_view key) {
        return isAbsent(entry, key) ? std::string() : entry.find(key)->text();
    };
    const std::string text = number("start") + ":" + number("stop");
    return isAbsent(entry, "step") ? text : text + ":" + number("step");
}

std::string itemTelling(const Params& params) {
    if (!params["key"].isList()) return {};
    std::string text;
    for (const Value& entry : params["key"].asList()) text += (text.empty() ? "" : ", ") + partText(entry);
    return "[" + text + "]";
}

std::string axisTelling(const Params& params) { return "axis " + params["axis"].text(); }

LayerType axesType(std::string_view className, std::string_view summary, std::string_view keywords,
                   std::string_view doc) {
    return {.className = className,
            .category = Category::Reshape,
            .title = className,
            .summary = summary,
            .keywords = keywords,
            .doc = doc,
            .inputs = {PortSpec{.name = "input", .minimumRank = 1, .axes = "(batch, ...)"}},
            .role = Role::Reshape,
            .effects = {AxisEffect::Rearranges, ChannelEffect::Makes},
            .onlyMovesValues = true,
            .forward = copyForward};
}

Value slice(const Value& start, const Value& stop, const Value& step) {
    return Value(ValueDict{{"start", start}, {"stop", stop}, {"step", step}});
}

}  // namespace

const LayerType& expandDims() {
    static const LayerType type = [] {
        LayerType made = axesType("ExpandDims", "Puts in an axis of size 1", "operation new axis unsqueeze newaxis",
                                  "Puts an axis of size 1 in at `axis`, which counts the batch as 0.\n\nOutput: the "
                                  "sizes of the input and a 1.\n\nReference: <https://keras.io/api/ops/numpy/>");
        made.params = {{.key = "axis",
                        .kind = ParamKind::Integer,
                        .help = "Where the axis stands in the output; -1 is last",
                        .required = true,
                        .initial = -1}};
        made.telling = {"axis"};
        made.infer = inferExpand;
        made.tellingText = axisTelling;
        made.examples = {{{{"axis", 1}}, {{2, 3, 4}}}, {{{"axis", -1}}, {{2, 3, 4}}}, {{{"axis", 0}}, {{2, 3}}}};
        return made;
    }();
    return type;
}

const LayerType& squeeze() {
    static const LayerType type = [] {
        LayerType made = axesType("Squeeze", "Takes axes of size 1 out", "operation remove axis unit",
                                  "Takes out the axes `axis`, which must have size 1.\n\nOutput: the "
                                  "other sizes.\n\nReference: <https://keras.io/api/ops/numpy/>");
        made.params = {{.key = "axis",
                        .kind = ParamKind::IntegerList,
                        .help = "Axes that are taken out, the batch being 0",
                        .required = true,
                        .initial = -1}};
        made.telling = {"axis"};
        made.infer = inferSqueeze;
        made.tellingText = axisTelling;
        made.examples = {{{{"axis", 1}}, {{2, 1, 4}}}, {{{"axis", Value::list({1, -1})}}, {{2, 1, 4, 1}}}};
        return made;
    }();
    return type;
}

const LayerType& getItem() {
    static const LayerType type = [] {
        LayerType made = axesType(
            "GetItem", "Cuts a part out by index and slice, as x[:, 0] does",
            "operation slice slicing index strided subset lambda",
            "What `x[key]` in code gives. `key` holds for each axis from the batch on an index, which takes the axis "
            "away, or {start, stop, step}; \"...\" stands for all axes between, None for a new axis of size 1.\n\n"
            "Output: the sizes of the slices.\n\nReference: <https://numpy.org/doc/stable/user/basics.indexing.html>");
        made.params = {{.key = "key",
                        .kind = ParamKind::Any,
                        .help = "An index or a slice for each axis, the batch first",
                        .required = true,
                        .initial = Value(ValueList{Value("..."), Value(0)})}};
        made.telling = {"key"};
        made.infer = inferItem;
        made.check = checkItem;
        made.forward = itemForward;
        made.tellingText = itemTelling;
        made.examples = {
            {{{"key", Value(ValueList{slice({}, {}, {}), Value(0)})}}, {{2, 3, 4}}},
            {{{"key", Value(ValueList{Value("..."), slice(1, -1, {}), Value()})}}, {{2, 3, 4}}},
            {{{"key", Value(ValueList{slice({}, {}, {}), slice({}, {}, -1)})}}, {{2, 5, 4}}},
            {{{"key", Value(ValueList{slice({}, {}, {}), slice(4, 0, -2), Value(-1)})}}, {{2, 5, 4}}},
        };
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
