// Attention, AdditiveAttention: means of values, weighted by how well queries fit keys.
//   Attention: softmax(scale·q·kᵀ)·v, or with score_mode concat softmax(w·Σ tanh(scale·(q + k)))·v
//   AdditiveAttention: softmax(Σ scale·tanh(q + k))·v
// query [batch, ..., queries, depth], value [batch, ..., keys, value depth], key as value without a third
// input
// -> [batch, ..., queries, value depth]; axes between batch and queries are like further batches.
// Reference: https://keras.io/api/layers/attention_layers/attention/

#include "core/kernels/attention.h"
#include "core/base/checked_math.h"
#include "core/layers/parts/attention_ports.h"
#include "core/layers/parts/audio_scales.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::TensorType;

bool isAdditive(const Params& params) { return params.type().param("score_mode") == nullptr; }
bool addsBeforeScore(const Params& params) { return isAdditive(params) || params.text("score_mode") == "concat"; }

void inferAttention(InferContext& context) {
    const TensorType& query = *context.inputAtPort(kQueryPort);
    const TensorType& value = *context.inputAtPort(kValuePort);
    if (!checkKeysFit(context)) return;
    const TensorType* key = context.inputAtPort(kKeyPort) != nullptr ? context.inputAtPort(kKeyPort) : &value;
    const int rank = query.shape.rank();
    const int attended[] = {rank - 2};
    if (!checkFreeAxes(context, attended)) return;
    const Dim depth = query.shape[query.shape.rank() - 1];
    const Dim keyDepth = key->shape[key->shape.rank() - 1];
    const bool hasVector = isAdditive(context.params()) && context.params().flag("use_scale");
    if (hasVector && !depth.isKnown()) {  // the vector has the query's features, whatever the key has
        context.refuse({diag::Code::SizeUnknown,
                        {},
                        0,
                        {{"axis", std::int64_t{rank - 1}},
                         {"axis_name", diag::Axis{tensor::AxisMeaning::Features, rank - 1}},
                         {"size", depth},
                         {"shape", query.shape}}});
        return;
    }
    if (!mayBeEqual(depth, keyDepth)) {
        refuseDepth(context, *key, query);
        return;
    }
    TensorType& output = context.output();
    output.shape = query.shape;
    output.shape.setMeaning(0, tensor::AxisMeaning::Batch);
    output.shape.setSize(rank - 1, value.shape[rank - 1]);
    output.shape.setMeaning(rank - 1, tensor::AxisMeaning::Features);
    for (int axis = 1; axis + 1 < rank; ++axis) takeScale(output, axis, context.input(), axis);
    if (context.isExplaining()) {
        context.explain("queries", query.shape[rank - 2], "one output for each");
        context.explain("features", value.shape[rank - 1], "those of value");
    }
    if (!context.params().flag("return_attention_scores")) return;
    tensor::Shape& scores = context.output(1).shape;
    for (int axis = 0; axis + 1 < rank; ++axis) scores.append(query.shape[axis], query.shape.meaning(axis));
    scores.append(value.shape[rank - 2]);
}

std::vector<WeightSpec> attentionWeights(const Params& params, std::span<const TensorType* const> inputs) {
    std::vector<WeightSpec> weights;
    if (isAdditive(params)) {
        if (!params.flag("use_scale")) return {};
        const Dim depth = inputs[0]->shape[inputs[0]->shape.rank() - 1];
        return {{.name = "scale", .extents = {depth.sizeOr(1)}}};
    }
    if (params.flag("use_scale")) weights.push_back({.name = "scale", .extents = {}, .initializer = Initializer::Ones});
    if (params.text("score_mode") == "concat")
        weights.push_back({.name = "concat_score_weight", .extents = {}, .initializer = Initializer::Ones});
    return weights;
}

tensor::Tensor scaled(const tensor::Tensor& x, float factor) {
    tensor::Tensor result(x.extents());
    std::transform(x.values().begin(), x.values().end(), result.data(), [&](float value) { return value * factor; });
    return result;
}

Result<void> attentionForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& query = *context.inputAtPort(kQueryPort);
    const tensor::Tensor& value = *context.inputAtPort(kValuePort);
    const tensor::Tensor& key = context.inputAtPort(kKeyPort) != nullptr ? *context.inputAtPort(kKeyPort) : value;
    const int rank = query.rank();
    const std::int64_t perSample = query.size(rank - 2) * query.size(rank - 1);
    const kernels::AttentionShape shape{.batch = perSample > 0 ? query.count() / perSample : 0,
                                        .queries = query.size(rank - 2),
                                        .keys = key.size(rank - 2),
                                        .depth = query.size(rank - 1),
                                        .valueDepth = value.size(rank - 1)};
    kernels::AttentionOptions options;
    options.causal = params.flag("use_causal_mask");
    options.queryMask = stepMask(context.inputMaskAtPort(kQueryPort), shape.batch, shape.queries);
    options.keyMask = stepMask(context.inputMaskAtPort(kValuePort), shape.batch, shape.keys);
    if (options.queryMask != nullptr) context.giveMask(*context.inputMaskAtPort(kQueryPort));
    int next = 0;
    const bool hasScale = !isAdditive(params) && params.flag("use_scale");
    const float scale = hasScale ? context.weight(next++).data()[0] : 1.0F;
    std::vector<float> vector;
    tensor::Tensor scaledQuery;
    tensor::Tensor scaledKey;
    const float* queryValues = query.data();
    const float* keyValues = key.data();
    if (!addsBeforeScore(params)) {
        options.scale = scale;
    } else {
        options.score = kernels::AttentionScore::Additive;
        if (isAdditive(params)) {
            if (params.flag("use_scale")) options.scaleVector = context.weight(0).data();
        } else {
            vector.assign(static_cast<std::size_t>(shape.depth), context.weight(next).data()[0]);
            options.scaleVector = vector.data();
        }
        if (hasScale) {
            scaledQuery = scaled(query, scale);
            scaledKey = scaled(key, scale);
            queryValues = scaledQuery.data();
            keyValues = scaledKey.data();
        }
    }
    const kernels::AttentionOutputs outputs{
        .values = context.output().data(),
        .weights = params.flag("return_attention_scores") ? context.output(1).data() : nullptr};
    kernels::attention(shape, queryValues, keyValues, value.data(), options, outputs, context.parallel());
    return {};
}

std::int64_t attentionMultiplyAdds(const Params&, std::span<const TensorType* const> inputs,
                                   std::span<const TensorType>) {
    const tensor::Shape& query = inputs[0]->shape;
    const tensor::Shape& value = inputs[1]->shape;
    if (!query.isFullyKnown() || !value.isFullyKnown()) return -1;
    const int last = query.rank() - 1;
    const std::int64_t queries = query.elementCount().size() / std::max<std::int64_t>(1, query[last].size());
    const std::int64_t pairs = saturatingMultiply(queries, value[last - 1].size());
    return saturatingMultiply(pairs, saturatingAdd(query[last].size(), value[last].size()));
}

std::string attentionTelling(const Params& params) {
    return joinTelling({isAdditive(params) ? std::string("additive") : std::string(params.text("score_mode")),
                        params.flag("use_causal_mask") ? std::string("causal") : std::string()});
}

LayerType attentionType(std::string_view className, std::string_view summary, std::string_view doc) {
    return {.className = className,
            .category = Category::Attention,
            .title = className,
            .summary = summary,
            .keywords = "attention transformer query key value sequence luong bahdanau",
            .doc = doc,
            .inputs = attentionPorts(tensor::kMaximumRank),
            .outputs = {"output", "scores"},
            .telling = {"score_mode"},
            .role = Role::Attention,
            .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
            .takesList = true,
            .masks = Masks::Compute,
            .infer = inferAttention,
            .weights = attentionWeights,
            .forward = attentionForward,
            .multiplyAdds = attentionMultiplyAdds,
            .tellingText = attentionTelling,
            // tf.keras up to 2.9: an argument of the constructor
            .foreign = {.keys = {{"causal", "use_causal_mask", kKeras2}}}};
}

}  // namespace

const LayerType& attention() {
    static const LayerType type = [] {
        LayerType made =
            attentionType("Attention", "Means of values, weighted by products of queries and keys",
                          "$y = softmax(scale\\, q k^T)\\, v$; with `score_mode` concat the scores are "
                          "$w \\sum \\tanh(scale (q + k))$.\n\n"
                          "Inputs query `[batch, queries, depth]`, value `[batch, keys, value depth]`, optionally key "
                          "`[batch, keys, depth]`; output `[batch, queries, value depth]`.\n\n"
                          "Reference: <https://keras.io/api/layers/attention_layers/attention/>");
        made.params = {{.key = "use_scale",
                        .kind = ParamKind::Boolean,
                        .fallback = false,
                        .help = "Multiply the scores by a trained number",
                        .affects = Affects::Weights},
                       {.key = "score_mode",
                        .kind = ParamKind::Choice,
                        .fallback = "dot",
                        .help = "How a query and a key are compared",
                        .choices = {"dot", "concat"},
                        .affects = Affects::Weights},
                       attentionDropoutParam(),
                       seedParam(),
                       causalParam(),
                       scoresParam()};
        return made;
    }();
    return type;
}

const LayerType& additiveAttention() {
    static const LayerType type = [] {
        LayerType made =
            attentionType("AdditiveAttention", "Means of values, weighted by sums of queries and keys",
                          "$y = softmax(\\sum scale \\tanh(q + k))\\, v$\n\n"
                          "Inputs query `[batch, queries, depth]`, value `[batch, keys, depth]`, optionally key of the "
                          "same shape; output `[batch, queries, depth]`. Weight scale `[depth]`.\n\n"
                          "Reference: <https://keras.io/api/layers/attention_layers/additive_attention/>");
        made.params = {{.key = "use_scale",
                        .kind = ParamKind::Boolean,
                        .fallback = true,
                        .help = "Weigh the features by trained numbers",
                        .affects = Affects::Weights},
                       attentionDropoutParam(),
                       causalParam(),
                       scoresParam()};
        made.telling = {"use_scale"};
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
