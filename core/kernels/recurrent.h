#pragma once
// Recurrent layers of Keras 3: SimpleRNN, LSTM, GRU and the convolutional LSTM.

#include "core/kernels/convolution.h"

#include <cstdint>

namespace shapewise::kernels {

struct RecurrentShape {
    std::int64_t batch = 1;
    std::int64_t time = 1;
    std::int64_t inputs = 1;
    std::int64_t units = 1;
};

/// gates g: SimpleRNN 1, LSTM 4 (i f c o), GRU 3 (z r h).
struct RecurrentWeights {
    const float* kernel = nullptr;           ///< [inputs, g * units]
    const float* recurrentKernel = nullptr;  ///< [units, g * units]
    const float* bias = nullptr;  ///< [g * units]; GRU with resetAfter: [2, 3 * units] (input, recurrent); null: none
};

struct RecurrentOptions {
    Activation activation = Activation::of(ActivationKind::Tanh);
    Activation recurrentActivation = Activation::of(ActivationKind::Sigmoid);  ///< not used by SimpleRNN
    bool goBackwards = false;       ///< from the last step to the first; the sequence comes out in that order
    bool resetAfter = true;         ///< GRU only
    const float* mask = nullptr;    ///< [batch, time]; at a step with 0 the states and the output stay as they were
    bool zeroMaskedOutput = false;  ///< at such a step the output is 0 instead (Keras' zero_output_for_mask)
    const float* initialState = nullptr;  ///< of the state's shape; null: zeros
    const float* initialCarry = nullptr;  ///< LSTM: of the state's shape; null: zeros
};

/// Where results go; null: not wanted.
struct RecurrentOutputs {
    float* sequence = nullptr;  ///< [batch, time, units]
    float* last = nullptr;      ///< [batch, units]: the output of the last step
    float* state = nullptr;     ///< [batch, units]: the last state; differs from `last` only where a mask hides steps
    float* carry = nullptr;     ///< LSTM: [batch, units]: the last cell state
};

/// x: [batch, time, inputs]. h' = activation(x·kernel + h·recurrentKernel + bias).
void simpleRnn(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights,
               const RecurrentOptions& options, const RecurrentOutputs& outputs, const Parallel& parallel = {});
/// x: [batch, time, inputs]. c' = f*c + i*activation(..), h' = o*activation(c').
void lstm(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights, const RecurrentOptions& options,
          const RecurrentOutputs& outputs, const Parallel& parallel = {});
/// x: [batch, time, inputs]. h' = z*h + (1-z)*candidate.
void gru(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights, const RecurrentOptions& options,
         const RecurrentOutputs& outputs, const Parallel& parallel = {});

struct ConvLstmShape {
    std::int64_t time = 1;
    ImageSize input;  ///< of one step
    Window window;    ///< of the input convolution, padding set; the recurrent one has stride 1 and "same"
    std::int64_t filters = 1;

    /// Of one step.
    [[nodiscard]] ImageSize output() const;
};
/// x: [batch, time, spatial..., channels]; kernel: [size..., channels, 4 * filters], recurrentKernel: [size...,
/// filters, 4 * filters], bias: [4 * filters] or null; gates i f c o. outputs.sequence: [batch, time, out..., filters],
/// state and carry: [batch, out..., filters]. options.mask: [batch, time] as for the others.
void convLstm(const ConvLstmShape& shape, const float* x, const RecurrentWeights& weights,
              const RecurrentOptions& options, const RecurrentOutputs& outputs, const Parallel& parallel = {});

}  // namespace shapewise::kernels
