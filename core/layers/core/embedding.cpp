// Embedding: a trained vector for each whole number: [...] -> [..., output_dim].
// Reference: https://keras.io/api/layers/core_layers/embedding/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::layers {

namespace {

using tensor::TensorType;

void inferEmbedding(InferContext& context) {
    const tensor::Shape& input = context.input().shape;
    if (input.rank() >= tensor::kMaximumRank) {
        context.refuse({diag::Code::RankTooLarge,
                        {},
                        0,
                        {{"rank", std::int64_t{input.rank() + 1}}, {"most", std::int64_t{tensor::kMaximumRank}}}});
        return;
    }
    TensorType& output = context.output();
    output = context.input();
    output.dtype = tensor::DType::Float32;
    if (output.shape.rank() > 0 && output.shape.meaning(0) == tensor::AxisMeaning::Unknown)
        output.shape.setMeaning(0, tensor::AxisMeaning::Batch);
    // Token ids stand one behind the other: what was a list of features is a sequence now.
    if (output.shape.rank() == 2 && output.shape.meaning(1) != tensor::AxisMeaning::Time)
        output.shape.setMeaning(1, tensor::AxisMeaning::Time);
    output.shape.append(tensor::Dim(context.params().integer("output_dim")), tensor::AxisMeaning::Features);
    dropValueKind(output);
    if (context.isExplaining())
        context.explain("features", fmt::format("output_dim = {}", context.params().integer("output_dim")),
                        "a vector for each id");
}

std::vector<WeightSpec> embeddingWeights(const Params& params, std::span<const TensorType* const>) {
    return {{.name = "embeddings",
             .extents = {params.integer("input_dim"), params.integer("output_dim")},
             .initializer = Initializer::RandomUniform}};
}

Result<void> embeddingForward(ForwardContext& context) {
    const std::int64_t rows = context.params.integer("input_dim");
    const tensor::Tensor& ids = context.input();
    const kernels::Gathered gathered =
        kernels::gatherRows(context.weight(0).data(), rows, context.params.integer("output_dim"), ids.values(),
                            context.output().data(), context.parallel());
    if (context.params.flag("mask_zero")) {
        tensor::Tensor mask(ids.extents());
        std::transform(ids.values().begin(), ids.values().end(), mask.data(),
                       [](float id) { return id != 0.0F ? 1.0F : 0.0F; });
        context.giveMask(std::move(mask));
    }
    if (gathered.allInside) return {};
    return failure(fmt::format("Embedding has rows 0 to {}, but element {} of its input is {:g}", rows - 1,
                               gathered.firstOutside, ids.data()[gathered.firstOutside]),
                   "Raise input_dim or feed whole numbers below it");
}

std::string embeddingTelling(const Params& params) {
    return fmt::format("{} × {}", params.integer("input_dim"), params.integer("output_dim"));
}

}  // namespace

const LayerType& embedding() {
    static const LayerType type{
        .className = "Embedding",
        .category = Category::Core,
        .title = "Embedding",
        .summary = "Looks up a trained vector for each whole number",
        .keywords = "token word id vocabulary lookup vector text",
        .doc =
            "Row `i` of a trained table for each input `i`.\n\n"
            "Input `[batch, ...]` of whole numbers below `input_dim`, output `[batch, ..., output_dim]`, "
            "table "
            "`[input_dim, output_dim]`.\n\nReference: <https://keras.io/api/layers/core_layers/embedding/>",
        .params = {{.key = "input_dim",
                    .kind = ParamKind::Integer,
                    .help = "Size of the vocabulary: the largest id plus 1",
                    .required = true,
                    .initial = 1000,
                    .minimum = 1,
                    .affects = Affects::Weights},
                   {.key = "output_dim",
                    .kind = ParamKind::Integer,
                    .help = "Size of the vector for each id",
                    .required = true,
                    .initial = 16,
                    .minimum = 1},
                   {.key = "mask_zero",
                    .kind = ParamKind::Boolean,
                    .fallback = false,
                    .help = "Id 0 marks padding that later layers skip",
                    .affects = Affects::Values}},
        .inputs = {PortSpec{
            .name = "input", .minimumRank = 0, .axes = "(batch, tokens)", .dtype = tensor::DType::Int32}},
        .telling = {"input_dim", "output_dim"},
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .integersBelow = "input_dim",
        .masks = Masks::Compute,
        .infer = inferEmbedding,
        .weights = embeddingWeights,
        .forward = embeddingForward,
        .tellingText = embeddingTelling,
        .foreign = {.keys = joined(kernelNames(), {{"kernel_initializer", "embeddings_initializer"}})},
    };
    return type;
}

}  // namespace shapewise::layers
