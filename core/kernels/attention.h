#pragma once
// Attention: weighted means of values, the weights a softmax of scores between queries and keys.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

namespace shapewise::kernels {

/// query: [batch, queries, queryHeads, depth], key: [batch, keys, keyHeads, depth], value: [batch, keys, keyHeads,
/// valueDepth]. queryHeads is a multiple of keyHeads: head h reads key head h / (queryHeads / keyHeads). One head: 3-D
/// tensors.
struct AttentionShape {
    std::int64_t batch = 1;
    std::int64_t queries = 1;
    std::int64_t keys = 1;
    std::int64_t queryHeads = 1;
    std::int64_t keyHeads = 1;
    std::int64_t depth = 1;
    std::int64_t valueDepth = 1;
};

enum class AttentionScore {
    Dot,      ///< scale * query · key
    Additive  ///< sum over depth of scaleVector * tanh(query + key)
};

struct AttentionOptions {
    AttentionScore score = AttentionScore::Dot;
    float scale = 1.0F;                  ///< Dot: e.g. 1 / sqrt(depth)
    const float* scaleVector = nullptr;  ///< Additive: [depth]; null: ones
    bool causal = false;                 ///< query i sees keys 0..i
    const float* keyMask = nullptr;      ///< [batch, keys]; 0: not seen
    const float* mask = nullptr;         ///< [batch, maskHeads, queries, keys]; 0: not seen
    std::int64_t maskHeads = 1;          ///< 1: the mask is that of all heads; else queryHeads
    const float* queryMask = nullptr;    ///< [batch, queries]; 0: the output row is 0
    bool hiddenIsZero = false;           ///< a query that sees nothing gets zeros, not the plain mean
};

struct AttentionOutputs {
    float* values = nullptr;   ///< [batch, queries, queryHeads, valueDepth]
    float* weights = nullptr;  ///< [batch, queryHeads, queries, keys]; null: not wanted
};

/// A pair that is not seen gets -1e9 on its score, as in Keras: a query that sees nothing gets the plain mean, unless
/// options.hiddenIsZero.
void attention(const AttentionShape& shape, const float* query, const float* key, const float* value,
               const AttentionOptions& options, const AttentionOutputs& outputs, const Parallel& parallel = {});

}  // namespace shapewise::kernels
