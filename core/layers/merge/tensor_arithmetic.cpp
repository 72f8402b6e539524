// TensorArithmetic: x + y, x * 2, 1 - x ... as code writes them: two tensors, or one and a constant, value by value.
// Sizes are aligned from the last axis on, the batch included, as NumPy does; merge layers align after the batch.
// Reference: tf.math.add and its like, keras.ops.add and its like

#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>

namespace shapewise::layers {

namespace {

using diag::Code;
using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

struct Function {
    std::string_view name;
    std::string_view sign;
    float (*of)(float, float);
};

float floorRemainder(float a, float b) {
    const float rest = std::fmod(a, b);
    return rest != 0.0F && (rest < 0.0F) != (b < 0.0F) ? rest + b : rest;
}

constexpr std::array<Function, 9> kFunctions{{
    {"add", "+", [](float a, float b) { return a + b; }},
    {"subtract", "−", [](float a, float b) { return a - b; }},
    {"multiply", "×", [](float a, float b) { return a * b; }},
    {"divide", "/", [](float a, float b) { return a / b; }},
    {"power", "^", [](float a, float b) { return std::pow(a, b); }},
    {"maximum", "max", [](float a, float b) { return std::isnan(a) || a >= b ? a : b; }},
    {"minimum", "min", [](float a, float b) { return std::isnan(a) || a <= b ? a : b; }},
    {"floor_divide", "//", [](float a, float b) { return std::floor(a / b); }},
    {"mod", "%", floorRemainder},
}};

const Function& functionOf(const Params& params) {
    const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                    [&](const Function& each) { return each.name == params.text("function"); });
    return found == kFunctions.end() ? kFunctions[0] : *found;
}

/// The sizes of nested lists of numbers; nullopt when they are ragged, too deep or hold anything else.
std::optional<tensor::Extents> extentsOf(const Value& value, int depth = 0) {
    if (value.isNumber()) return tensor::Extents{};
    if (!value.isList() || depth >= tensor::kMaximumRank) return std::nullopt;
    tensor::Extents extents{static_cast<std::int64_t>(value.asList().size())};
    std::optional<tensor::Extents> inner;
    for (const Value& entry : value.asList()) {
        std::optional<tensor::Extents> own = extentsOf(entry, depth + 1);
        if (!own || (inner && *own != *inner)) return std::nullopt;
        inner = std::move(own);
    }
    if (inner) extents.insert(extents.end(), inner->begin(), inner->end());
    return extents;
}

void collectNumbers(const Value& value, std::vector<float>& numbers) {
    if (value.isNumber()) numbers.push_back(static_cast<float>(value.asReal()));
    if (value.isList())
        for (const Value& entry : value.asList()) collectNumbers(entry, numbers);
}

bool holdsReal(const Value& value) {
    if (!value.isList()) return value.isReal();
    return std::any_of(value.asList().begin(), value.asList().end(), holdsReal);
}

void checkArithmetic(InferContext& context) {
    const Value& constant = context.params()["constant"];
    if (constant.isNone() || extentsOf(constant)) return;
    context.refuse({Code::ParameterKind,
                    "constant",
                    -1,
                    {{"value", constant}, {"expected", std::string("a number, or lists of numbers of equal length")}}});
}

/// nullopt when they do not fit.
std::optional<Dim> broadcast(Dim a, Dim b) {
    if (a == b) return a;
    if (a == Dim(1)) return b;
    if (b == Dim(1)) return a;
    if (a.isUnknown() || b.isUnknown()) return a.isKnown() ? a : b.isKnown() ? b : Dim::unknown();
    if (!mayBeEqual(a, b)) return std::nullopt;
    return moreKnown(a, b);
}

bool combine(InferContext& context, const Shape& before, const Shape& shape, int index) {
    TensorType& output = context.output();
    const bool isLonger = shape.rank() > before.rank();
    Shape longer = isLonger ? shape : before;
    const Shape& shorter = isLonger ? before : shape;
    const int shift = longer.rank() - shorter.rank();
    for (int axis = 0; axis < shorter.rank(); ++axis) {
        const std::optional<Dim> size = broadcast(longer[axis + shift], shorter[axis]);
        if (!size) {
            const int axisHere = isLonger ? axis + shift : axis;
            context.refuse({Code::MergeMismatch,
                            {},
                            index,
                            {{"shape", shape},
                             {"other", before},
                             {"axis", std::int64_t{axisHere}},
                             {"axis_name", diag::axisOf(longer, axis + shift)},
                             {"size", shape[axisHere]},
                             {"other_size", before[isLonger ? axis : axis + shift]}}});
            return false;
        }
        longer.setSize(axis + shift, *size);
        if (longer.meaning(axis + shift) == tensor::AxisMeaning::Unknown)
            longer.setMeaning(axis + shift, shorter.meaning(axis));
    }
    output.shape = longer;
    return true;
}

/// The output has the scales of the operand with more axes, the first of equals; those of the other join them.
void joinScales(InferContext& context) {
    const bool isLonger = context.input(1).shape.rank() > context.input(0).shape.rank();
    const TensorType& longer = context.input(isLonger ? 1 : 0);
    const TensorType& shorter = context.input(isLonger ? 0 : 1);
    const int shift = longer.shape.rank() - shorter.shape.rank();
    for (int axis = 0; axis < shorter.shape.rank(); ++axis)
        joinScale(context.output(), axis + shift, shorter, axis,
                  longer.shape[axis + shift] == Dim(1) && shorter.shape[axis] != Dim(1));
}

void inferArithmetic(InferContext& context) {
    const Params& params = context.params();
    const bool hasConstant = !params.isNone("constant");
    const int wanted = hasConstant ? 1 : 2;
    if (context.inputCount() < wanted)
        return context.refuse({Code::TooFewInputs,
                               {},
                               -1,
                               {{"needed", std::int64_t{wanted}}, {"got", std::int64_t{context.inputCount()}}}});
    if (context.inputCount() > wanted)
        return context.refuse({Code::TooManyInputs,
                               {},
                               wanted,
                               {{"needed", std::int64_t{wanted}},
                                {"got", std::int64_t{context.inputCount()}},
                                {"port", std::string("inputs")}}});
    TensorType& output = context.output();
    output = context.input();
    bool isReal = output.dtype == tensor::DType::Float32 || params.text("function") == "divide";
    Shape other;
    if (hasConstant) {
        const tensor::Extents extents = *extentsOf(params["constant"]);
        for (const std::int64_t size : extents) other.append(Dim(size));
        isReal = isReal || holdsReal(params["constant"]);
    } else {
        other = context.input(1).shape;
        if (other.rank() > output.shape.rank()) output.scales = context.input(1).scales;
        isReal = isReal || context.input(1).dtype == tensor::DType::Float32;
    }
    if (isReal) output.dtype = tensor::DType::Float32;
    if (!combine(context, Shape(output.shape), other, hasConstant ? 0 : 1)) return;
    if (!hasConstant) joinScales(context);
    dropValueKind(output);
    if (context.isExplaining())
        context.explain("shape", output.shape, "sizes aligned from the last axis must be equal or 1");
}

/// Strides over the values of an operand, 0 along axes that are repeated. Aligned from the last axis.
std::vector<std::int64_t> stridesOf(const tensor::Extents& extents, const tensor::Extents& output) {
    std::vector<std::int64_t> strides(output.size(), 0);
    std::int64_t stride = 1;
    for (std::size_t back = 1; back <= extents.size(); ++back) {
        const std::int64_t size = extents[extents.size() - back];
        if (size != 1) strides[output.size() - back] = stride;
        stride *= size;  // fits: a tensor in memory
    }
    return strides;
}

Result<void> arithmeticForward(ForwardContext& context) {
    const Params& params = context.params;
    tensor::Tensor constant;
    if (!params.isNone("constant")) {
        std::vector<float> numbers;
        collectNumbers(params["constant"], numbers);
        constant = tensor::Tensor(*extentsOf(params["constant"]), numbers);
    }
    const tensor::Tensor* a = &context.input();
    const tensor::Tensor* b = params.isNone("constant") ? &context.input(1) : &constant;
    if (!params.isNone("constant") && params.flag("constant_first")) std::swap(a, b);
    tensor::Tensor& y = context.output();
    const tensor::Extents& extents = y.extents();
    const std::vector<std::int64_t> aStrides = stridesOf(a->extents(), extents);
    const std::vector<std::int64_t> bStrides = stridesOf(b->extents(), extents);
    const auto of = functionOf(params).of;
    kernels::parallelFor(context.parallel(), y.count(), 1 << 15, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t at = begin; at < end; ++at) {
            std::int64_t rest = at;
            std::int64_t fromA = 0;
            std::int64_t fromB = 0;
            for (std::size_t axis = extents.size(); axis-- > 0; rest /= extents[axis]) {
                const std::int64_t place = rest % extents[axis];
                fromA += place * aStrides[axis];
                fromB += place * bStrides[axis];
            }
            y.data()[at] = of(a->data()[fromA], b->data()[fromB]);
        }
    });
    return {};
}

std::string arithmeticTelling(const Params& params) {
    const std::string sign(functionOf(params).sign);
    if (params.isNone("constant")) return fmt::format("x {} y", sign);
    const std::string constant = params["constant"].isNumber() ? params["constant"].text() : std::string("constant");
    return params.flag("constant_first") ? fmt::format("{} {} x", constant, sign)
                                         : fmt::format("x {} {}", sign, constant);
}

std::vector<Example> arithmeticExamples() {
    std::vector<Example> examples;
    for (const Function& function : kFunctions) {
        examples.push_back({{{"function", Value(function.name)}, {"constant", Value()}}, {{2, 3, 4}, {2, 3, 4}}});
        examples.push_back({{{"function", Value(function.name)}, {"constant", Value()}}, {{2, 1, 4}, {3, 1}}});
        for (const bool first : {false, true})
            examples.push_back(
                {{{"function", Value(function.name)}, {"constant", 2.5}, {"constant_first", first}}, {{2, 3, 4}}});
        examples.push_back(
            {{{"function", Value(function.name)}, {"constant", Value::list({1, 2, 3, 4})}}, {{2, 3, 4}}});
    }
    return examples;
}

}  // namespace

const LayerType& tensorArithmetic() {
    static const LayerType type{
        .className = "TensorArithmetic",
        .category = Category::Merge,
        .title = "TensorArithmetic",
        .summary = "Arithmetic such as x + y or 1 − x: two tensors, or one and a constant",
        .keywords = "operator plus minus times divide power lambda tfoplambda operation constant add multiply",
        .doc =
            "What `x + y` or `2 * x` in code does, value by value. Sizes are aligned from the last axis on, the "
            "batch included; a size of 1 is repeated to fit the other.\n\n"
            "Output: the broadcast shape.\n\nReference: <https://keras.io/api/ops/numpy/>",
        .params = {{.key = "function",
                    .kind = ParamKind::Choice,
                    .fallback = "add",
                    .help = "What is done with each pair of values",
                    .choices = {"add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "floor_divide",
                                "mod"}},
                   {.key = "constant",
                    .kind = ParamKind::Any,
                    .fallback = 1,
                    .help = "The other operand: a number or lists of numbers; None takes a second input",
                    .noneAllowed = true},
                   {.key = "constant_first",
                    .kind = ParamKind::Boolean,
                    .fallback = false,
                    .help = "The constant is the first operand: 1 − x",
                    .affects = Affects::Values}},
        .inputs = {PortSpec{.name = "inputs", .many = true, .minimumLinks = 1, .minimumRank = 0, .axes = "any"}},
        .telling = {"function", "constant"},
        .effects = kKeepsAll,
        .infer = inferArithmetic,
        .check = checkArithmetic,
        .forward = arithmeticForward,
        .tellingText = arithmeticTelling,
        .examples = arithmeticExamples(),
    };
    return type;
}

}  // namespace shapewise::layers
