#pragma once
// Parameters that many layers have, with Keras' defaults, and how they are shown.

#include "core/layers/framework/layer.h"

namespace shapewise::layers {

[[nodiscard]] ParamSpec filtersParam();
[[nodiscard]] ParamSpec kernelSizeParam(int axes);
/// Default 1 on each axis.
[[nodiscard]] ParamSpec stridesParam(int axes);
[[nodiscard]] ParamSpec dilationParam(int axes);
/// valid or same; Conv1D also causal.
[[nodiscard]] ParamSpec paddingParam(bool withCausal = false);
/// None, channels_last or channels_first.
[[nodiscard]] ParamSpec dataFormatParam();
/// None means linear.
[[nodiscard]] ParamSpec activationParam(std::string_view key = "activation", std::string_view fallback = {});
[[nodiscard]] ParamSpec useBiasParam();
/// `rate`, a share from 0 to 1 that counts while training only: a run takes no notice of it.
[[nodiscard]] ParamSpec rateParam(std::string_view help);
/// `seed` of the random numbers of training; a run takes no notice of it.
[[nodiscard]] ParamSpec seedParam();

/// "3×3": the sizes of a Spatial parameter, one number when there is one axis.
[[nodiscard]] std::string spatialText(const Params& params, ParamKey key, int axes);
/// "3×3"; a single number says what it is: "kernel 3".
[[nodiscard]] std::string windowText(const Params& params, ParamKey key, int axes, std::string_view word);
/// Joins what is not empty: "32 filters · 3×3 · relu".
[[nodiscard]] std::string joinTelling(std::initializer_list<std::string> parts);
/// The name of an activation, empty for linear.
[[nodiscard]] std::string activationText(const Params& params, ParamKey key = "activation");

/// Refuses strides above 1 on some axis together with dilation above 1 on some axis.
void refuseStrideWithDilation(InferContext& context, int axes);
/// Copies the type of input 0 to output 0: the rule of layers that keep the shape.
void keepInput(InferContext& context);
/// What an activation parameter does to output 0 once its shape is set: glu halves the last axis, the others keep it.
void inferActivation(InferContext& context, ParamKey key = "activation");
/// An axis counted from either end as an index; refuses AxisOutOfRange and gives nullopt when input 0 has no such axis.
[[nodiscard]] std::optional<int> axisIndex(InferContext& context, std::string_view key, std::int64_t axis,
                                           int lowest = 0);
/// Multiply-adds of a scale and a shift: two for each value of output 0, -1 while its size is unknown.
[[nodiscard]] std::int64_t twoPerValue(const Params& params, std::span<const tensor::TensorType* const> inputs,
                                       std::span<const tensor::TensorType> outputs);
/// The size of that axis of input 0 when it is known, else refuses SizeUnknown and gives nullopt.
[[nodiscard]] std::optional<std::int64_t> knownSize(InferContext& context, int axis);

}  // namespace shapewise::layers
