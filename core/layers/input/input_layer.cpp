// InputLayer: where data enter the model: (batch_size, *shape).
// Reference: https://keras.io/api/layers/core_layers/input/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

namespace shapewise::layers {

namespace {

using tensor::Dim;

std::vector<ParamSpec> inputParams() {
    return {
        {.key = "shape",
         .kind = ParamKind::Sizes,
         .help = "Sizes of one sample, without the batch; None or a name for a size that varies",
         .initial = Value::list({28, 28, 1}),
         .noneAllowed = true,
         .minimum = 1},
        {.key = "batch_size",
         .kind = ParamKind::Integer,
         .help = "Number of samples in a batch; None leaves it open",
         .noneAllowed = true,
         .minimum = 1},
        {.key = "batch_shape",
         .kind = ParamKind::Sizes,
         .help = "All sizes with the batch first, instead of shape and batch_size",
         .noneAllowed = true,
         .minimum = 1},
        {.key = "dtype",
         .kind = ParamKind::Text,
         .help = "Element type of the data; None means float32",
         .noneAllowed = true,
         .choices = {"float32", "int32", "bool"}},
        {.key = "sparse",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "Marks data that are mostly zeros; shapes do not depend on it",
         .noneAllowed = true,
         .affects = Affects::Nothing},
        {.key = "ragged",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "Marks rows of different lengths; shapes do not depend on it",
         .noneAllowed = true,
         .affects = Affects::Nothing},
        {.key = "optional",
         .kind = ParamKind::Boolean,
         .fallback = false,
         .help = "Whether the model may be called without this input",
         .affects = Affects::Nothing},
    };
}

void refuseBoth(InferContext& context, ParamKey other, const char* rule) {
    context.refuse({diag::Code::ParameterConflict,
                    "batch_shape",
                    -1,
                    {{"first", std::string(other.name)},
                     {"first_value", context.params()[other]},
                     {"second", std::string("batch_shape")},
                     {"second_value", context.params()["batch_shape"]},
                     {"rule", std::string(rule)}}});
}

void checkInput(InferContext& context) {
    const Params& params = context.params();
    const bool hasShape = !params.isNone("shape");
    const bool hasBatchShape = !params.isNone("batch_shape");
    if (hasShape && hasBatchShape) refuseBoth(context, "shape", "batch_shape already holds the sizes of shape");
    if (hasBatchShape && !params.isNone("batch_size"))
        refuseBoth(context, "batch_size", "batch_shape already holds the batch size");
    if (!hasShape && !hasBatchShape) context.refuse({diag::Code::ParameterMissing, "shape", -1, {}});
    if (hasBatchShape && params.sizes("batch_shape").empty())
        context.refuse({diag::Code::ParameterTupleLength,
                        "batch_shape",
                        -1,
                        {{"value", params["batch_shape"]}, {"needed", std::int64_t{1}}, {"got", std::int64_t{0}}}});
    if (hasShape && params.sizes("shape").size() >= static_cast<std::size_t>(tensor::kMaximumRank))
        context.refuse({diag::Code::RankTooLarge,
                        "shape",
                        -1,
                        {{"rank", static_cast<std::int64_t>(params.sizes("shape").size()) + 1},
                         {"most", std::int64_t{tensor::kMaximumRank}}}});
}

void inferInput(InferContext& context) {
    const Params& params = context.params();
    tensor::TensorType& output = context.output();
    if (params.isNone("batch_shape")) {
        output.shape.append(params.isNone("batch_size") ? Dim::unknown() : Dim(params.integer("batch_size")));
        for (const Dim size : params.sizes("shape")) output.shape.append(size);
    } else {
        for (const Dim size : params.sizes("batch_shape")) output.shape.append(size);
    }
    output.dtype = params.isNone("dtype") ? tensor::DType::Float32 : tensor::dtypeFromName(params.text("dtype"));
    nameUsualAxes(output.shape);
    if (context.isExplaining()) context.explain("shape", output.shape, "as declared, the batch first");
}

std::string inputTelling(const Params& params) {
    const Value& sizes = params.isNone("batch_shape") ? params["shape"] : params["batch_shape"];
    return sizes.isNone() ? std::string() : sizes.text();
}

}  // namespace

const LayerType& inputLayer() {
    static const LayerType type{
        .className = "InputLayer",
        .category = Category::Input,
        .title = "Input",
        .summary = "Where data enter the model, with the sizes of one sample",
        .keywords = "start source placeholder data shape",
        .doc =
            "Declares the shape of the data a model is called with.\n\n"
            "Output `[batch_size, *shape]`. A size may be `None` or a name such as `T` when it varies.\n\n"
            "`batch_shape` holds the batch as well and excludes `shape` and `batch_size`.\n\n"
            "Reference: <https://keras.io/api/layers/core_layers/input/>",
        .params = inputParams(),
        .inputs = {},
        .telling = {"shape", "batch_shape"},
        .supply = Supply::Given,
        .infer = inferInput,
        .check = checkInput,
        .tellingText = inputTelling,
        .foreign = {.classes = {{.name = "Input", .isTranslated = true}},
                    .keys = {{"batch_input_shape", "batch_shape", kBeforeKeras3},
                             {"input_shape", "shape", kBeforeKeras3}}},
    };
    return type;
}

}  // namespace shapewise::layers
