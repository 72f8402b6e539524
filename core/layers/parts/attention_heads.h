#pragma once
// The heads of MultiHeadAttention and GroupQueryAttention: how many and how deep, which axes they attend over, how
// inputs are laid out for them, and which pairs of query and key they see.

#include "core/kernels/attention.h"
#include "core/layers/parts/attention_ports.h"

namespace shapewise::layers {

struct Heads {
    std::int64_t query = 1;
    std::int64_t keyValue = 1;
    std::int64_t depth = 1;
    std::int64_t valueDepth = 1;
};

/// Several query heads share a key-value head: GroupQueryAttention.
[[nodiscard]] bool isGrouped(const Params& params);
[[nodiscard]] Heads headsOf(const Params& params);

/// Axes of the query over which it attends, ascending: all between batch and features by default.
[[nodiscard]] std::vector<int> attentionAxes(const Params& params, int rank);
/// Refuses AxisOutOfRange for the batch, the features and axes that are not there.
[[nodiscard]] bool checkAttentionAxes(InferContext& context, int rank);

/// [batch, free axes..., heads, attended axes of the query..., attended axes of the value...]; nullopt when these are
/// more axes than a tensor holds.
[[nodiscard]] std::optional<tensor::Shape> scoresShape(const Params& params, const tensor::Shape& query,
                                                       const tensor::Shape& value);
/// Refuses RankTooLarge for the scores.
void refuseScores(InferContext& context);
/// A connected attention mask must broadcast to the scores; refuses RankTooLow, RankTooHigh or AxisSizesDiffer.
[[nodiscard]] bool checkAttentionMask(InferContext& context, const std::optional<tensor::Shape>& scores);

/// An input as [batch, free axes..., attended axes..., features].
struct Arranged {
    tensor::Tensor moved;  ///< empty when x serves as it is
    const tensor::Tensor* values = nullptr;
    std::int64_t batch = 1;   ///< batch and free axes
    std::int64_t length = 1;  ///< attended axes

    [[nodiscard]] const tensor::Tensor& tensor() const { return values != nullptr ? *values : moved; }
};
[[nodiscard]] Arranged arrange(const ForwardContext& context, const tensor::Tensor& x);
/// A result for the arranged query into output 0: the query's order of axes, the output's sizes at the end.
void handBack(const ForwardContext& context, const tensor::Tensor& query, const tensor::Tensor& result);

/// Which pairs are seen: [batch, heads, queries, keys], heads 1 unless the attention mask has them. Empty: all.
struct PairMask {
    std::vector<float> values;
    std::int64_t heads = 1;
};
/// From the sliding window, the masks of query, value and key, and the attention mask.
[[nodiscard]] PairMask pairMask(const ForwardContext& context, const kernels::AttentionShape& shape);

}  // namespace shapewise::layers
