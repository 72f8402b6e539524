#pragma once
// What the two halves of the rank family share.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// The rank a refusal asks for: its argument, else the bound of the port.
[[nodiscard]] int neededRank(const Case& input);

/// A layer type by what it does and its number of spatial axes; null when there is none.
[[nodiscard]] const layers::LayerType* typeWith(layers::Role role, int spatialRank);

/// "Insert Reshape → (18, 32, 1)". At most one size may be unknown.
void proposeReshape(const Case& input, Proposals& proposals, std::string slug, const std::vector<tensor::Dim>& sizes,
                    std::string note, diag::Applicability applicability = diag::Applicability::Sure);
/// "Use Conv1D instead" for the member of the family that takes this rank.
void proposeSibling(const Case& input, Proposals& proposals, int spatialRank, std::string note);
/// "Use Dense without TimeDistributed".
void proposeUnwrapped(const Case& input, Proposals& proposals);
/// Turns return_sequences of the recurrent layer that made the rank on or off.
void proposeReturnSequences(const Case& input, Proposals& proposals, bool on);
/// Renumbers dims of a Permute for the rank it gets.
void proposePermutation(const Case& input, Proposals& proposals);
/// Complete orders near the dims that were set.
void proposeOrder(const Case& input, Proposals& proposals);
/// The recurrent layer (also inside Bidirectional) that decides with return_sequences; null when the node is none.
[[nodiscard]] bool isRecurrent(const graph::Node& node);
/// Whether some node behind `node` satisfies the condition; looks at the nearest 200.
[[nodiscard]] bool leadsTo(const Case& input, NodeId node, bool (*condition)(const layers::LayerType&));

/// (None, 28, 28) straight from data or from a spectrogram is a picture without channels; behind a layer that works on
/// sequences, or with few values per step, it is a sequence.
[[nodiscard]] bool isPictureWithoutChannels(const Case& input);

/// "32 may be the batch size written into the shape of data, or frames of a video": the likelier first. Empty when the
/// rank does not come from a declared shape that is one number too long.
[[nodiscard]] std::string batchOrFrames(const Case& input);

/// Rows 6 and 7 behind a refusal: the small axis of the source is not space at all, so the order is changed there.
void proposeOrderOfSource(const Case& input, Proposals& proposals);
/// Row 23: the transposed convolution that made the map at a link adds what it falls short of `wanted` (all axes)
/// itself.
void proposeOutputPadding(const Case& input, Proposals& proposals, const graph::Link& link,
                          const std::vector<tensor::Dim>& wanted);

void proposeRankTooLow(const Case& input, Proposals& proposals);
void proposeRankTooHigh(const Case& input, Proposals& proposals);

}  // namespace shapewise::mistakes
