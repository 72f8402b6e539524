#pragma once
// What the three files of the rank family share.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

/// The rank a refusal asks for: its argument, else the bound of the port.
[[nodiscard]] int neededRank(const Case& input);

/// "Insert Reshape → (18, 32, 1)". At most one size may be unknown.
void proposeReshape(const Case& input, Proposals& proposals, std::string slug, const std::vector<tensor::Dim>& sizes,
                    diag::Phrase note, diag::Applicability applicability = diag::Applicability::Sure);
/// "Use Conv1D instead" for the member of the family that takes this rank.
void proposeSibling(const Case& input, Proposals& proposals, int spatialRank, diag::Phrase note);
/// Renumbers dims of a Permute for the rank it gets.
void proposePermutation(const Case& input, Proposals& proposals);
/// Whether some node behind `node` satisfies the condition; looks at the nearest 200.
[[nodiscard]] bool leadsTo(const Case& input, NodeId node, bool (*condition)(const layers::LayerType&));

/// (None, 28, 28) straight from data or from a spectrogram is a picture without channels; behind a layer that works on
/// sequences, or with few values per step, it is a sequence.
[[nodiscard]] bool isPictureWithoutChannels(const Case& input);

/// "32 may be the batch size written into the shape of data, or frames of a video": the likelier first. Empty when the
/// rank does not come from a declared shape that is one number too long.
[[nodiscard]] diag::Phrase batchOrFrames(const Case& input);

void proposeRankTooLow(const Case& input, Proposals& proposals);
void proposeRankTooHigh(const Case& input, Proposals& proposals);

}  // namespace shapewise::mistakes
