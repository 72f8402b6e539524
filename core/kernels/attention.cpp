#include "core/kernels/attention.h"

#include "core/kernels/activation.h"
#include "core/kernels/gemm_driver.h"
#include "core/kernels/scratch.h"

#include <algorithm>

namespace shapewise::kernels {
namespace {

/// Added to the score of a pair that is not seen.
constexpr float kUnseen = -1e9F;

/// One head of one sample: matrices whose rows lie heads * depth apart.
struct Head {
    std::int64_t sample;
    std::int64_t queryHead;
    std::int64_t keyHead;
    MatrixView query;
    MatrixView key;
    MatrixView value;
};

Head headAt(const AttentionShape& shape, std::int64_t index, const float* query, const float* key, const float* value) {
    Head head;
    head.sample = index / shape.queryHeads;
    head.queryHead = index % shape.queryHeads;
    head.keyHead = head.queryHead / (shape.queryHeads / shape.keyHeads);
    const std::int64_t queryRow = shape.queryHeads * shape.depth;
    const std::int64_t keyRow = shape.keyHeads * shape.depth;
    const std::int64_t valueRow = shape.keyHeads * shape.valueDepth;
    head.query = {query + head.sample * shape.queries * queryRow + head.queryHead * shape.depth, shape.queries,
                  shape.depth, queryRow, 1};
    head.key = {key + head.sample * shape.keys * keyRow + head.keyHead * shape.depth, shape.keys, shape.depth, keyRow,
                1};
    head.value = {value + head.sample * shape.keys * valueRow + head.keyHead * shape.valueDepth, shape.keys,
                  shape.valueDepth, valueRow, 1};
    return head;
}

void additiveScores(const Head& head, const float* scale, float* scores) {
    const std::int64_t depth = head.query.columns;
    ScratchFrame frame;
    float* sums = frame.floats(depth);
    const Activation tangent = Activation::of(ActivationKind::Tanh);
    for (std::int64_t row = 0; row < head.query.rows; ++row) {
        const float* query = head.query.data + row * head.query.rowStride;
        for (std::int64_t column = 0; column < head.key.rows; ++column) {
            const float* key = head.key.data + column * head.key.rowStride;
            for (std::int64_t index = 0; index < depth; ++index) sums[index] = query[index] + key[index];
            activatePiece(tangent, sums, depth, sums);
            float score = 0.0F;
            for (std::int64_t index = 0; index < depth; ++index)
                score += scale != nullptr ? scale[index] * sums[index] : sums[index];
            scores[row * head.key.rows + column] = score;
        }
    }
}

void dotScores(const Head& head, float scale, float* scores, const Parallel& parallel) {
    matmul(head.query, head.key.transposed(), scores, head.key.rows, {}, parallel);
    if (scale == 1.0F) return;
    for (std::int64_t index = 0; index < head.query.rows * head.key.rows; ++index) scores[index] *= scale;
}

/// Calls each(score) for the pairs of a head that are not seen.
template <class Each>
void forUnseen(const AttentionShape& shape, const AttentionOptions& options, const Head& head, float* scores,
               Each each) {
    if (!options.causal && options.keyMask == nullptr && options.mask == nullptr) return;
    const std::int64_t maskHead = options.maskHeads > 1 ? head.queryHead : 0;
    for (std::int64_t row = 0; row < shape.queries; ++row) {
        float* line = scores + row * shape.keys;
        const std::int64_t maskRow = ((head.sample * options.maskHeads + maskHead) * shape.queries + row) * shape.keys;
        for (std::int64_t column = 0; column < shape.keys; ++column) {
            const bool isSeen =
                (!options.causal || column <= row) &&
                (options.keyMask == nullptr || options.keyMask[head.sample * shape.keys + column] != 0.0F) &&
                (options.mask == nullptr || options.mask[maskRow + column] != 0.0F);
            if (!isSeen) each(line[column]);
        }
    }
}

}  // namespace

void attention(const AttentionShape& shape, const float* query, const float* key, const float* value,
               const AttentionOptions& options, const AttentionOutputs& outputs, const Parallel& parallel) {
    const std::int64_t scoreCount = shape.queries * shape.keys;
    const std::int64_t valueRow = shape.queryHeads * shape.valueDepth;
    const auto attend = [&](std::int64_t index) {
        if (parallel.stopRequested()) return;
        const Head head = headAt(shape, index, query, key, value);
        ScratchFrame frame;
        float* scores = outputs.weights != nullptr ? outputs.weights + index * scoreCount : frame.floats(scoreCount);
        if (options.score == AttentionScore::Additive) {
            additiveScores(head, options.scaleVector, scores);
        } else {
            dotScores(head, options.scale, scores, parallel);
        }
        forUnseen(shape, options, head, scores, [](float& score) { score += kUnseen; });
        activateAlong(Activation::of(ActivationKind::Softmax), scores, {shape.queries, shape.keys, 1}, scores,
                      parallel);
        if (options.hiddenIsZero) forUnseen(shape, options, head, scores, [](float& weight) { weight = 0.0F; });
        float* to = outputs.values + head.sample * shape.queries * valueRow + head.queryHead * shape.valueDepth;
        matmul(MatrixView::rowMajor(scores, shape.queries, shape.keys), head.value, to, valueRow, {}, parallel);
        if (options.queryMask == nullptr) return;
        for (std::int64_t row = 0; row < shape.queries; ++row) {
            if (options.queryMask[head.sample * shape.queries + row] != 0.0F) continue;
            std::fill(to + row * valueRow, to + row * valueRow + shape.valueDepth, 0.0F);
        }
    };
    parallelFor(parallel, shape.batch * shape.queryHeads, 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) attend(index);
    });
}

}  // namespace shapewise::kernels
