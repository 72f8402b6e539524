#include "core/layers/parts/attention_heads.h"

#include "core/kernels/data_movement.h"
#include "core/kernels/elementwise.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

bool contains(const std::vector<int>& axes, int axis) {
    return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

/// Axes reordered to [batch, free..., attended..., features]: the order, empty when it is that already.
std::vector<int> attendedLast(const Params& params, int rank) {
    const std::vector<int> attended = attentionAxes(params, rank);
    std::vector<int> order{0};
    for (int axis = 1; axis + 1 < rank; ++axis)
        if (!contains(attended, axis)) order.push_back(axis);
    order.insert(order.end(), attended.begin(), attended.end());
    order.push_back(rank - 1);
    return std::is_sorted(order.begin(), order.end()) ? std::vector<int>{} : order;
}

/// Where the axes of an attention mask stand among those of the scores: missing ones are put in before the attended
/// ones.
int scoresAxis(int maskAxis, int maskRank, int scoresRank, int attended) {
    return maskAxis < maskRank - 2 * attended ? maskAxis : maskAxis + scoresRank - maskRank;
}

/// The attention mask in the rank of the scores.
tensor::Extents maskExtents(const tensor::Extents& given, int scoresRank, int attended) {
    tensor::Extents extents(static_cast<std::size_t>(scoresRank), 1);
    const auto rank = static_cast<int>(given.size());
    for (int axis = 0; axis < rank; ++axis)
        extents[static_cast<std::size_t>(scoresAxis(axis, rank, scoresRank, attended))] =
            given[static_cast<std::size_t>(axis)];
    return extents;
}

/// Pairs less than `window` places apart, for one sample and head.
void hideFar(const kernels::AttentionShape& shape, std::int64_t window, float* pairs) {
    for (std::int64_t query = 0; query < shape.queries; ++query)
        for (std::int64_t key = 0; key < shape.keys; ++key)
            if ((query > key ? query - key : key - query) >= window) pairs[query * shape.keys + key] = 0.0F;
}

void multiplyRows(const float* queries, std::int64_t rows, std::int64_t columns, float* pairs) {
    if (queries == nullptr) return;
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column) pairs[row * columns + column] *= queries[row];
}

void multiplyColumns(const float* keys, std::int64_t rows, std::int64_t columns, float* pairs) {
    if (keys == nullptr) return;
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column) pairs[row * columns + column] *= keys[column];
}

/// The attention mask for all samples, and for one or all heads.
PairMask connectedMask(const ForwardContext& context, const kernels::AttentionShape& shape) {
    const tensor::Tensor* given = context.inputAtPort(kAttentionMaskPort);
    if (given == nullptr) return {};
    const tensor::Shape query = context.inputAtPort(kQueryPort)->shape();
    const tensor::Shape scores = scoresShape(context.params, query, context.inputAtPort(kValuePort)->shape()).value();
    const auto attended = static_cast<int>(attentionAxes(context.params, query.rank()).size());
    const tensor::Extents narrow = maskExtents(given->extents(), scores.rank(), attended);
    const int headAxis = scores.rank() - 2 * attended - 1;
    tensor::Extents wide;
    for (const tensor::Dim size : scores.sizes()) wide.push_back(size.size());
    PairMask mask;
    mask.heads = narrow[static_cast<std::size_t>(headAxis)] == 1 ? 1 : shape.queryHeads;
    wide[static_cast<std::size_t>(headAxis)] = mask.heads;
    const tensor::Tensor ones(wide, 1.0F);
    mask.values.resize(static_cast<std::size_t>(ones.count()));
    kernels::broadcastBinary(kernels::MergeKind::Multiply, {ones.data(), wide}, {given->data(), narrow},
                             mask.values.data(), context.parallel());
    return mask;
}

}  // namespace

bool isGrouped(const Params& params) { return params.type().param("num_query_heads") != nullptr; }

Heads headsOf(const Params& params) {
    if (isGrouped(params)) {
        const std::int64_t depth = params.integer("head_dim");
        return {params.integer("num_query_heads"), params.integer("num_key_value_heads"), depth, depth};
    }
    const std::int64_t heads = params.integer("num_heads");
    const std::int64_t depth = params.integer("key_dim");
    return {heads, heads, depth, params.isNone("value_dim") ? depth : params.integer("value_dim")};
}

std::vector<int> attentionAxes(const Params& params, int rank) {
    std::vector<int> axes;
    if (!isGrouped(params) && !params.isNone("attention_axes"))
        for (const std::int64_t axis : params.integers("attention_axes"))
            axes.push_back(static_cast<int>(axis < 0 ? axis + rank : axis));
    else
        for (int axis = 1; axis + 1 < rank; ++axis) axes.push_back(axis);
    std::sort(axes.begin(), axes.end());
    return axes;
}

bool checkAttentionAxes(InferContext& context, int rank) {
    for (const int axis : attentionAxes(context.params(), rank)) {
        if (axis >= 1 && axis <= rank - 2) continue;
        context.refuse({diag::Code::AxisOutOfRange,
                        "attention_axes",
                        0,
                        {{"axis", std::int64_t{axis}},
                         {"lowest", std::int64_t{1}},
                         {"highest", std::int64_t{rank - 2}},
                         {"rank", std::int64_t{rank}},
                         {"shape", context.input().shape}}});
        return false;
    }
    return true;
}

std::optional<tensor::Shape> scoresShape(const Params& params, const tensor::Shape& query, const tensor::Shape& value) {
    const std::vector<int> attended = attentionAxes(params, query.rank());
    if (query.rank() + static_cast<int>(attended.size()) > tensor::kMaximumRank) return std::nullopt;
    tensor::Shape scores;
    for (int axis = 0; axis + 1 < query.rank(); ++axis)
        if (!contains(attended, axis)) scores.append(query[axis], query.meaning(axis));
    scores.append(tensor::Dim(headsOf(params).query));
    for (const int axis : attended) scores.append(query[axis], query.meaning(axis));
    for (const int axis : attended) scores.append(value[axis], value.meaning(axis));
    return scores;
}

void refuseScores(InferContext& context) {
    const int rank = context.inputAtPort(kQueryPort)->shape.rank();
    const auto attended = static_cast<int>(attentionAxes(context.params(), rank).size());
    context.refuse({diag::Code::RankTooLarge,
                    "return_attention_scores",
                    -1,
                    {{"rank", std::int64_t{rank + attended}}, {"most", std::int64_t{tensor::kMaximumRank}}}});
}

bool checkAttentionMask(InferContext& context, const std::optional<tensor::Shape>& shape) {
    const tensor::TensorType* mask = context.inputAtPort(kAttentionMaskPort);
    if (mask == nullptr) return true;
    if (!shape) {
        refuseScores(context);
        return false;
    }
    const tensor::Shape& scores = *shape;
    const auto attended =
        static_cast<int>(attentionAxes(context.params(), context.inputAtPort(kQueryPort)->shape.rank()).size());
    const int index = context.inputCount() - 1;
    const int rank = mask->shape.rank();
    if (rank < 2 * attended || rank > scores.rank()) {
        const bool isLow = rank < 2 * attended;
        context.refuse({isLow ? diag::Code::RankTooLow : diag::Code::RankTooHigh,
                        {},
                        index,
                        {{"needed", std::int64_t{isLow ? 2 * attended : scores.rank()}},
                         {"got", std::int64_t{rank}},
                         {"exact", std::int64_t{0}},
                         {"shape", mask->shape},
                         {"axes", tensor::AxesPattern("(batch, queries, keys)")}}});
        return false;
    }
    for (int axis = 0; axis < rank; ++axis) {
        const int other = scoresAxis(axis, rank, scores.rank(), attended);
        if (mask->shape[axis] == tensor::Dim(1) || mayBeEqual(mask->shape[axis], scores[other])) continue;
        context.refuse({diag::Code::AxisSizesDiffer,
                        {},
                        index,
                        {{"shape", mask->shape},
                         {"other", scores},
                         {"axis", std::int64_t{axis}},
                         {"axis_name", diag::axisOf(mask->shape, axis)},
                         {"size", mask->shape[axis]},
                         {"other_axis", std::int64_t{other}},
                         {"other_size", scores[other]}}});
        return false;
    }
    return true;
}

Arranged arrange(const ForwardContext& context, const tensor::Tensor& x) {
    Arranged arranged;
    for (const int axis : attentionAxes(context.params, x.rank())) arranged.length *= x.size(axis);
    const std::int64_t perSample = arranged.length * x.size(x.rank() - 1);
    arranged.batch = perSample > 0 ? x.count() / perSample : 0;
    const std::vector<int> order = attendedLast(context.params, x.rank());
    if (order.empty()) {
        arranged.values = &x;
        return arranged;
    }
    arranged.moved = tensor::Tensor(kernels::permutedExtents(x.extents(), order));
    kernels::permute(x.extents(), order, x.data(), arranged.moved.data(), context.parallel());
    return arranged;
}

void handBack(const ForwardContext& context, const tensor::Tensor& query, const tensor::Tensor& result) {
    tensor::Tensor& output = context.output();
    const std::vector<int> order = attendedLast(context.params, query.rank());
    if (order.empty()) {
        std::copy(result.values().begin(), result.values().end(), output.data());
        return;
    }
    tensor::Extents extents = kernels::permutedExtents(query.extents(), order);
    extents.pop_back();
    std::vector<int> back(order.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        back[static_cast<std::size_t>(order[place])] = static_cast<int>(place);
    extents.push_back(output.count() / std::max<std::int64_t>(1, tensor::elementCount(extents)));
    kernels::permute(extents, back, result.data(), output.data(), context.parallel());
}

PairMask pairMask(const ForwardContext& context, const kernels::AttentionShape& shape) {
    const float* queries = stepMask(context.inputMaskAtPort(kQueryPort), shape.batch, shape.queries);
    const float* values = stepMask(context.inputMaskAtPort(kValuePort), shape.batch, shape.keys);
    const float* keys = stepMask(context.inputMaskAtPort(kKeyPort), shape.batch, shape.keys);
    if (queries != nullptr) context.giveMask(*context.inputMaskAtPort(kQueryPort));
    PairMask mask = connectedMask(context, shape);
    const bool hasWindow = !context.params.isNone("sliding_window");
    if (queries == nullptr && values == nullptr && keys == nullptr && !hasWindow) return mask;
    const std::int64_t pairs = shape.queries * shape.keys;
    if (mask.values.empty()) mask.values.assign(static_cast<std::size_t>(shape.batch * pairs), 1.0F);
    for (std::int64_t place = 0; place < shape.batch * mask.heads; ++place) {  // fits: masks in memory
        const std::int64_t sample = place / mask.heads;
        float* of = mask.values.data() + place * pairs;
        if (hasWindow) hideFar(shape, context.params.integer("sliding_window"), of);
        multiplyRows(queries != nullptr ? queries + sample * shape.queries : nullptr, shape.queries, shape.keys, of);
        multiplyColumns(values != nullptr ? values + sample * shape.keys : nullptr, shape.queries, shape.keys, of);
        multiplyColumns(keys != nullptr ? keys + sample * shape.keys : nullptr, shape.queries, shape.keys, of);
    }
    return mask;
}

}  // namespace shapewise::layers
