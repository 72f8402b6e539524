#pragma once
// What SimpleRNN, LSTM, GRU and the ConvLSTM layers share: parameters of the sequence, ports of initial states, masks.

#include "core/kernels/recurrent.h"
#include "core/layers/framework/layer.h"

namespace shapewise::layers {

inline constexpr int kInitialStatePort = 1;
inline constexpr int kInitialCarryPort = 2;

/// dropout, recurrent_dropout, return_sequences, return_state, go_backwards, stateful, zero_output_for_mask.
void appendSequenceParams(std::vector<ParamSpec>& params);
[[nodiscard]] ParamSpec recurrentFlag(std::string_view key, std::string_view help, Affects affects,
                                      bool fallback = false);

/// The ports "initial state" and, with a carry, "initial carry", of that rank. `axes`: "(batch, units)".
[[nodiscard]] std::vector<PortSpec> recurrentPorts(const PortSpec& input, int stateRank, tensor::AxesPattern axes,
                                                   bool hasCarry);

/// Refuses glu for `activation` and `recurrent_activation`: it halves what must keep the size of the state.
void checkRecurrentActivations(InferContext& context);
/// Every connected initial state must have these sizes; refuses AxisSizesDiffer or BatchMismatch.
[[nodiscard]] bool checkInitialStates(InferContext& context, const tensor::Shape& state);

/// Multiply-adds of all steps of an input [batch, time, features] with `gates` products of input and state a step; -1
/// where a size is not known. Saturates.
[[nodiscard]] std::int64_t gatedMultiplyAdds(const Params& params, const tensor::Shape& input, std::int64_t gates);
/// "32 units · last step".
[[nodiscard]] std::string sequenceTelling(const Params& params, std::string more = {});

/// Fills the outputs of a layer on [batch, time, features] with `units`: the last step or all, then `states` states
/// with return_state. Refuses initial states of other sizes.
void inferSequence(InferContext& context, int states);

/// Activations, direction, masks and, where they are connected, initial states as they stand in memory. Hands the mask
/// on when the layer gives every step.
[[nodiscard]] kernels::RecurrentOptions recurrentOptions(ForwardContext& context);

}  // namespace shapewise::layers
