#pragma once
// Two inputs of a merge layer that do not go together, and the repairs that make them equal.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

struct MergePair {
    std::size_t first = 0;   ///< slot of the input the refused one is compared with
    std::size_t second = 0;  ///< slot of the refused one
    const tensor::Shape* firstShape = nullptr;
    const tensor::Shape* secondShape = nullptr;
    bool isJoin = false;  ///< Concatenate
    int joinAxis = -1;    ///< of Concatenate, counted from 0
    bool channelsFirst = false;
    bool channelsDiffer = false;
    bool spaceDiffers = false;
    std::vector<int> differing;  ///< axes, empty when the ranks differ

    [[nodiscard]] int channelAxis() const { return channelsFirst ? 1 : secondShape->rank() - 1; }
};
[[nodiscard]] std::optional<MergePair> mergePairOf(const Case& input);

/// All repairs of shapes that do not broadcast or join, the likeliest first.
void proposeMerge(const Case& input, Proposals& proposals);
/// The same where the ranks differ: all inputs get the axes and sizes of the largest, or of the smallest where that
/// holds as many values.
void proposeUnequalRanks(const Case& input, Proposals& proposals);
/// A 1 × 1 convolution (Dense for rows) that gives one side the channels and the stride of the other.
void proposeProjection(const Case& input, Proposals& proposals);
/// The same for the refused side alone, which a size of 1 would stretch.
void proposeStretchedProjection(const Case& input, Proposals& proposals);
/// The transposed convolution that made the map at a link adds what it falls short of `wanted` (all axes) itself.
void proposeOutputPadding(const Case& input, Proposals& proposals, const graph::Link& link,
                          const std::vector<tensor::Dim>& wanted);

}  // namespace shapewise::mistakes
