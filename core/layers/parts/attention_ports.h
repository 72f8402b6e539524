#pragma once
// What all attention layers share: the ports query, value and key in Keras' order, their checks, and call
// arguments that Keras passes at the call, which a node keeps among its parameters.

#include "core/layers/framework/layer.h"
#include "core/layers/parts/sliding.h"

namespace shapewise::layers {

inline constexpr int kQueryPort = 0;
inline constexpr int kValuePort = 1;
inline constexpr int kKeyPort = 2;            ///< optional: value serves as key
inline constexpr int kAttentionMaskPort = 3;  ///< of layers with heads, optional

/// `maximumRank` 3 for [batch, time, features] only.
[[nodiscard]] std::vector<PortSpec> attentionPorts(int maximumRank);

[[nodiscard]] ParamSpec attentionDropoutParam();
[[nodiscard]] ParamSpec causalParam();
[[nodiscard]] ParamSpec scoresParam();
[[nodiscard]] ParamSpec slidingWindowParam();
[[nodiscard]] ParamSpec gateParam();
[[nodiscard]] ParamSpec flashParam();

/// Batch sizes of query, value and key, and all sizes of value and key but the last, must agree; refuses
/// BatchMismatch or AxisSizesDiffer. `comparesUnknown`: a size of value that is not known differs from one of key that
/// is.
[[nodiscard]] bool checkKeysFit(InferContext& context, bool comparesUnknown = false);
/// Query and value must have the same rank and agree in all axes but the batch, the last one and those attended over;
/// refuses MergeRankMismatch or AxisSizesDiffer.
[[nodiscard]] bool checkFreeAxes(InferContext& context, std::span<const int> attended);
/// The last axes of key and query must agree.
void refuseDepth(InferContext& context, const tensor::TensorType& key, const tensor::TensorType& query);

}  // namespace shapewise::layers
