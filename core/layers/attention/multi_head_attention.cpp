// MultiHeadAttention, GroupQueryAttention: query, key and value projected into heads, attention in each,
// projected back.
//   softmax(q·kᵀ / √depth)·v in each head; in GroupQueryAttention several query heads share one key-value
//   head.
// query [batch, ..., queries, features], value and key [batch, ..., keys, features] -> query's shape, the
// last axis as output_shape. Kernels: query [features, heads, depth], key, value alike, output [heads, value
// depth, output...]. Reference: https://keras.io/api/layers/attention_layers/multi_head_attention/

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/kernels/matmul.h"
#include "core/layers/parts/attention_heads.h"
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

/// Sizes of the output after the query's leading axes: output_shape, or the query's own features.
tensor::Extents outputSizes(const Params& params, Dim features) {
    if (!isGrouped(params)) {
        const AxisList<std::int64_t> sizes = params.integers("output_shape");
        if (!sizes.empty()) return {sizes.begin(), sizes.end()};  // an empty list is none to Keras
    }
    return {features.sizeOr(1)};
}

/// Keras' fast kernel neither drops weights nor hands them out.
void checkFlash(InferContext& context) {
    const Params& params = context.params();
    if (params.isNone("flash_attention") || !params.flag("flash_attention")) return;
    const bool drops = params.real("dropout") > 0.0;
    if (!drops && !params.flag("return_attention_scores")) return;
    const ParamKey other = drops ? ParamKey("dropout") : ParamKey("return_attention_scores");
    context.refuse({diag::Code::ParameterConflict,
                    "flash_attention",
                    -1,
                    {{"first", std::string("flash_attention")},
                     {"first_value", params["flash_attention"]},
                     {"second", std::string(other.name)},
                     {"second_value", params[other]},
                     {"rule", std::string(drops ? "flash attention knows no dropout, which must be 0"
                                                : "flash attention gives no scores")}}});
}

void checkHeads(InferContext& context) {
    checkFlash(context);
    const Params& params = context.params();
    if (isGrouped(params)) {
        const Heads heads = headsOf(params);
        if (heads.query % heads.keyValue != 0)
            context.refuse({diag::Code::ParameterConflict,
                            "num_query_heads",
                            -1,
                            {{"first", std::string("num_query_heads")},
                             {"first_value", params["num_query_heads"]},
                             {"second", std::string("num_key_value_heads")},
                             {"second_value", params["num_key_value_heads"]},
                             {"rule", std::string("num_query_heads must be a multiple of num_key_value_heads")}}});
    }
}

bool checkFeatures(InferContext& context, const TensorType& input) {
    const int last = input.shape.rank() - 1;
    if (input.shape[last].isKnown()) return true;
    context.refuse({diag::Code::SizeUnknown,
                    {},
                    0,
                    {{"axis", std::int64_t{last}},
                     {"axis_name", diag::Axis{tensor::AxisMeaning::Features, last}},
                     {"size", input.shape[last]},
                     {"shape", input.shape}}});
    return false;
}

void inferHeads(InferContext& context) {
    const Params& params = context.params();
    const TensorType& query = *context.inputAtPort(kQueryPort);
    const TensorType& value = *context.inputAtPort(kValuePort);
    const TensorType& key = context.inputAtPort(kKeyPort) != nullptr ? *context.inputAtPort(kKeyPort) : value;
    const int rank = query.shape.rank();
    if (!checkKeysFit(context, true)) return;  // Keras compares None with a size too
    if (!checkFeatures(context, query) || !checkFeatures(context, value) || !checkFeatures(context, key)) return;
    // compute_output_shape in keras/src/layers/attention/grouped_query_attention.py.
    if (isGrouped(params) && !mayBeEqual(query.shape[rank - 1], value.shape[value.shape.rank() - 1]))
        return refuseDepth(context, value, query);
    if (!checkAttentionAxes(context, rank) || !checkFreeAxes(context, attentionAxes(params, rank))) return;
    const std::optional<tensor::Shape> scores = scoresShape(params, query.shape, value.shape);
    if (!checkAttentionMask(context, scores)) return;
    const tensor::Extents sizes = outputSizes(params, query.shape[rank - 1]);
    TensorType& output = context.output();
    for (int axis = 0; axis + 1 < rank; ++axis) {
        output.shape.append(query.shape[axis], axis == 0 ? tensor::AxisMeaning::Batch : query.shape.meaning(axis));
        takeScale(output, axis, query, axis);
    }
    if (rank - 1 + static_cast<int>(sizes.size()) > tensor::kMaximumRank)
        return context.refuse({diag::Code::RankTooLarge,
                               "output_shape",
                               -1,
                               {{"rank", static_cast<std::int64_t>(rank - 1) + static_cast<std::int64_t>(sizes.size())},
                                {"most", std::int64_t{tensor::kMaximumRank}}}});
    for (const std::int64_t size : sizes) output.shape.append(Dim(size), tensor::AxisMeaning::Features);
    if (context.isExplaining()) {
        const Heads heads = headsOf(params);
        context.explain("heads", diag::say("{} of depth {}", heads.query, heads.depth));
        context.explain("features", output.shape[output.shape.rank() - 1],
                        params.isSet("output_shape") ? "output_shape" : "those of the query");
    }
    if (!params.flag("return_attention_scores")) return;
    if (!scores) return refuseScores(context);
    context.output(1).shape = *scores;
}

std::vector<WeightSpec> headWeights(const Params& params, std::span<const TensorType* const> inputs) {
    const Heads heads = headsOf(params);
    const auto features = [&](std::size_t index) {
        const tensor::Shape& shape = inputs[index]->shape;
        return shape[shape.rank() - 1];
    };
    const Dim query = features(kQueryPort);
    const Dim value = features(kValuePort);
    const Dim key = inputs.size() > kKeyPort && inputs[kKeyPort] != nullptr ? features(kKeyPort) : value;
    if (!query.isKnown() || !value.isKnown() || !key.isKnown()) return {};
    std::vector<WeightSpec> weights;
    const auto project = [&](Dim from, std::int64_t count, std::int64_t depth) {
        weights.push_back({.name = "kernel", .extents = {from.size(), count, depth}});
        if (params.flag("use_bias"))
            weights.push_back({.name = "bias", .extents = {count, depth}, .initializer = Initializer::Zeros});
    };
    project(query, heads.query, heads.depth);
    project(key, heads.keyValue, heads.depth);
    project(value, heads.keyValue, heads.valueDepth);
    if (params.flag("use_gate")) project(query, heads.query, heads.valueDepth);
    const tensor::Extents sizes = outputSizes(params, query);
    tensor::Extents kernel{heads.query, heads.valueDepth};
    kernel.insert(kernel.end(), sizes.begin(), sizes.end());
    weights.push_back({.name = "kernel", .extents = std::move(kernel)});
    if (params.flag("use_bias"))
        weights.push_back({.name = "bias", .extents = sizes, .initializer = Initializer::Zeros});
    return weights;
}

/// x·kernel + bias: [.., features] -> [.., columns].
tensor::Tensor project(const ForwardContext& context, const tensor::Tensor& x, std::int64_t features, int& next,
                       const kernels::Activation& activation = {}) {
    const tensor::Tensor& kernel = context.weight(next++);
    const float* bias = context.params.flag("use_bias") ? context.weight(next++).data() : nullptr;
    const std::int64_t columns = kernel.count() / features;
    const std::int64_t rows = x.count() / features;
    tensor::Tensor y(tensor::Extents{rows, columns});
    kernels::dense(x.data(), rows, kernels::MatrixView::rowMajor(kernel.data(), features, columns),
                   {.bias = bias, .activation = activation}, y.data(), context.parallel());
    return y;
}

Result<void> headForward(ForwardContext& context) {
    const Params& params = context.params;
    const Heads heads = headsOf(params);
    const tensor::Tensor& queryInput = *context.inputAtPort(kQueryPort);
    const tensor::Tensor& valueInput = *context.inputAtPort(kValuePort);
    const tensor::Tensor& keyInput =
        context.inputAtPort(kKeyPort) != nullptr ? *context.inputAtPort(kKeyPort) : valueInput;
    const Arranged query = arrange(context, queryInput);
    const Arranged value = arrange(context, valueInput);
    const Arranged key = arrange(context, keyInput);
    const auto features = [](const tensor::Tensor& x) { return x.size(x.rank() - 1); };

    int next = 0;
    const tensor::Tensor q = project(context, query.tensor(), features(queryInput), next);
    const tensor::Tensor k = project(context, key.tensor(), features(keyInput), next);
    const tensor::Tensor v = project(context, value.tensor(), features(valueInput), next);
    tensor::Tensor gate;
    if (params.flag("use_gate"))
        gate = project(context, query.tensor(), features(queryInput), next,
                       kernels::Activation::of(kernels::ActivationKind::Sigmoid));

    const kernels::AttentionShape shape{.batch = query.batch,
                                        .queries = query.length,
                                        .keys = value.length,
                                        .queryHeads = heads.query,
                                        .keyHeads = heads.keyValue,
                                        .depth = heads.depth,
                                        .valueDepth = heads.valueDepth};
    kernels::AttentionOptions options;
    options.scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(heads.depth)));
    options.causal = params.flag("use_causal_mask");
    const PairMask mask = pairMask(context, shape);
    if (!mask.values.empty()) options.mask = mask.values.data();
    options.maskHeads = mask.heads;
    // Keras computes the scores themselves where they are wanted or there are more axes, and then a query that sees
    // nothing gets 0.
    options.hiddenIsZero = params.flag("return_attention_scores") || queryInput.rank() != 3;
    tensor::Tensor joined(tensor::Extents{query.batch * query.length, heads.query * heads.valueDepth});
    const bool withScores = params.flag("return_attention_scores") && context.outputs.size() > 1;
    kernels::attention(shape, q.data(), k.data(), v.data(), options,
                       {.values = joined.data(), .weights = withScores ? context.output(1).data() : nullptr},
                       context.parallel());
    if (gate.count() > 0)
        for (std::int64_t index = 0; index < joined.count(); ++index) joined.data()[index] *= gate.data()[index];
    const tensor::Tensor result = project(context, joined, heads.query * heads.valueDepth, next);
    handBack(context, queryInput, result);
    return {};
}

std::int64_t headMultiplyAdds(const Params& params, std::span<const TensorType* const> inputs,
                              std::span<const TensorType> outputs) {
    const tensor::Shape& query = inputs[0]->shape;
    const tensor::Shape& value = inputs[1]->shape;
    if (!query.isFullyKnown() || !value.isFullyKnown()) return -1;
    const Heads heads = headsOf(params);
    const std::int64_t queries =
        query.elementCount().size() / std::max<std::int64_t>(1, query[query.rank() - 1].size());
    const std::int64_t keys = value.elementCount().size() / std::max<std::int64_t>(1, value[value.rank() - 1].size());
    std::int64_t total = saturatingMultiply(query.elementCount().size(), saturatingMultiply(heads.query, heads.depth));
    total = saturatingAdd(
        total, saturatingMultiply(value.elementCount().size(),
                                  saturatingMultiply(heads.keyValue, saturatingAdd(heads.depth, heads.valueDepth))));
    const std::int64_t pairs = saturatingMultiply(queries, keys / std::max<std::int64_t>(1, value[0].size()));
    total = saturatingAdd(total, saturatingMultiply(saturatingMultiply(pairs, heads.query),
                                                    saturatingAdd(heads.depth, heads.valueDepth)));
    return saturatingAdd(total, saturatingMultiply(outputs[0].shape.elementCount().sizeOr(0),
                                                   saturatingMultiply(heads.query, heads.valueDepth)));
}

std::string headTelling(const Params& params) {
    const Heads heads = headsOf(params);
    return joinTelling({fmt::format("{} × {}", counted(heads.query, "head"), heads.depth),
                        isGrouped(params) ? fmt::format("{} key heads", heads.keyValue) : std::string(),
                        params.flag("use_causal_mask") ? std::string("causal") : std::string()});
}

ParamSpec countParam(std::string_view key, std::string_view help, std::int64_t initial) {
    return {.key = key,
            .kind = ParamKind::Integer,
            .help = help,
            .required = true,
            .initial = initial,
            .minimum = 1,
            .affects = Affects::Weights};
}

/// Keras' attention_mask is an argument of the call as the tensors are.
std::vector<PortSpec> headPorts(int maximumRank) {
    std::vector<PortSpec> ports = attentionPorts(maximumRank);
    ports.push_back({.name = "attention mask",
                     .optional = true,
                     .minimumRank = 2,
                     .axes = "(batch, queries, keys)",
                     .passedAs = PassedAs::Name});
    return ports;
}

LayerType headType(std::string_view className, std::string_view summary, std::string_view doc, int maximumRank) {
    return {.className = className,
            .category = Category::Attention,
            .title = className,
            .summary = summary,
            .keywords = "attention transformer multi head self query key value",
            .doc = doc,
            .inputs = headPorts(maximumRank),
            .outputs = {"output", "scores"},
            .role = Role::Attention,
            .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
            .masks = Masks::Compute,
            .infer = inferHeads,
            .check = checkHeads,
            .weights = headWeights,
            .forward = headForward,
            .multiplyAdds = headMultiplyAdds,
            .tellingText = headTelling};
}

}  // namespace

const LayerType& multiHeadAttention() {
    static const LayerType type = [] {
        LayerType made =
            headType("MultiHeadAttention", "Attention in several heads at once",
                     "Projects query, key and value into `num_heads` heads of depth `key_dim`, attends in each, and "
                     "projects the joined heads back.\n\n"
                     "Inputs query `[batch, queries, features]`, value `[batch, keys, features]`, optionally key; "
                     "output "
                     "`[batch, queries, features of the query]`, or `output_shape` at the end.\n\n"
                     "Reference: <https://keras.io/api/layers/attention_layers/multi_head_attention/>",
                     tensor::kMaximumRank);
        made.params = {countParam("num_heads", "How many heads attend", 4),
                       countParam("key_dim", "Depth of each head's queries and keys", 16),
                       {.key = "value_dim",
                        .kind = ParamKind::Integer,
                        .help = "Depth of each head's values; None for key_dim",
                        .noneAllowed = true,
                        .minimum = 1,
                        .affects = Affects::Weights},
                       attentionDropoutParam(),
                       useBiasParam(),
                       {.key = "output_shape",
                        .kind = ParamKind::IntegerList,
                        .help = "Sizes at the end of the output; None for the features of the query",
                        .noneAllowed = true,
                        .minimum = 1},
                       {.key = "attention_axes",
                        .kind = ParamKind::IntegerList,
                        .help = "Axes attended over, the batch being 0; None for all but batch and features",
                        .noneAllowed = true},
                       slidingWindowParam(),
                       gateParam(),
                       flashParam(),
                       seedParam(),
                       causalParam(),
                       scoresParam()};
        made.telling = {"num_heads", "key_dim"};
        return made;
    }();
    return type;
}

const LayerType& groupQueryAttention() {
    static const LayerType type = [] {
        LayerType made =
            headType("GroupQueryAttention", "Attention whose query heads share key and value heads",
                     "As MultiHeadAttention, but `num_query_heads / num_key_value_heads` query heads share one key "
                     "and value head.\n\n"
                     "Inputs query `[batch, queries, features]`, value `[batch, keys, features]`, optionally key; "
                     "output "
                     "`[batch, queries, features of the query]`.\n\n"
                     "Reference: <https://keras.io/api/layers/attention_layers/group_query_attention/>",
                     3);
        made.params = {
            countParam("head_dim", "Depth of each head", 16),
            countParam("num_query_heads", "How many heads the queries have", 4),
            countParam("num_key_value_heads", "How many heads keys and values have; divides num_query_heads", 2),
            attentionDropoutParam(),
            useBiasParam(),
            slidingWindowParam(),
            gateParam(),
            flashParam(),
            seedParam(),
            causalParam(),
            scoresParam()};
        made.telling = {"num_query_heads", "num_key_value_heads", "head_dim"};
        made.foreign.classes = {{"GroupedQueryAttention"}};
        return made;
    }();
    return type;
}

}  // namespace shapewise::layers
