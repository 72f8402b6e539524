#pragma once
// Readings: the values of a tensor in their order, under other axes. Which of them is meant is asked of the weights
// that layers have, loaded or declared.

#include "core/mistakes/rules/rule.h"

namespace shapewise::mistakes {

using Sizes = std::vector<tensor::Dim>;

/// The same values in the same order as `axes` axes, without the batch: neighbours joined, axes of size 1 put in or
/// left out. Those that join least come first; the sizes themselves are among them where they fit.
[[nodiscard]] std::vector<Sizes> readingsOf(const Sizes& sizes, std::size_t axes);
/// The same values with `channels` of them on the last axis, cut from where the last axes hold a multiple of it.
[[nodiscard]] std::vector<Sizes> cutReadings(const Sizes& sizes, std::size_t axes, std::int64_t channels);
/// Each axis of the shorter one is made of neighbours of the longer one; all sizes are known.
[[nodiscard]] bool linesUp(const Sizes& a, const Sizes& b);

/// Loaded weights, or a declared shape for which the layer was built.
[[nodiscard]] bool hasWeights(const graph::Node& node);
/// What the weights of a node were made for, one entry for each of its specs; empty when nothing says it.
[[nodiscard]] std::vector<tensor::Extents> madeFor(const infer::Analysis& analysis, const graph::Node& node);
/// The layer takes `sizes` at the refused link with the weights it has.
[[nodiscard]] bool fitsWeights(const Case& input, const Sizes& sizes);
/// All extents that the weights of the nearest 200 layers behind a node have; empty when none has weights.
[[nodiscard]] std::vector<std::int64_t> extentsBehind(const Case& input, NodeId node);
/// The readings with that many axes; where weights are known whose extents these are, also those cut to one of them.
[[nodiscard]] std::vector<Sizes> readingsFor(const Sizes& sizes, std::size_t axes,
                                             const std::vector<std::int64_t>& extents);

/// "Insert Reshape → (4, 1)", or another target for the Reshape before: what the weights of the refused layer were made
/// for, with one of these numbers of axes. `mayCut`: also where an axis has to be cut for it.
void proposeFittingReadings(const Case& input, Proposals& proposals, const std::vector<std::size_t>& axes, bool mayCut);

}  // namespace shapewise::mistakes
