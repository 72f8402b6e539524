// The product of all inputs with the kernel is made at once; only the recurrent product goes step by step.

#include "core/kernels/recurrent.h"

#include "core/kernels/gemm_driver.h"
#include "core/kernels/scratch.h"

#include <algorithm>

namespace shapewise::kernels {
namespace {

void copyFloats(float* to, const float* from, std::int64_t count) { std::copy(from, from + count, to); }

void startState(float* state, const float* initial, std::int64_t count) {
    if (initial != nullptr) {
        copyFloats(state, initial, count);
    } else {
        std::fill(state, state + count, 0.0F);
    }
}

/// What every recurrent layer does around its gates: order of the steps, masks and results.
class Steps {
  public:
    Steps(const RecurrentShape& shape, const RecurrentOptions& options, const RecurrentOutputs& outputs)
        : shape_(shape), options_(options), outputs_(outputs) {
        held_ = frame_.floats(shape.batch * shape.units);
        std::fill(held_, held_ + shape.batch * shape.units, 0.0F);
    }

    /// Input step of the index-th step.
    [[nodiscard]] std::int64_t inputStep(std::int64_t index) const {
        return options_.goBackwards ? shape_.time - 1 - index : index;
    }

    [[nodiscard]] bool isMasked(std::int64_t sample, std::int64_t index) const {
        return options_.mask != nullptr && options_.mask[sample * shape_.time + inputStep(index)] == 0.0F;
    }

    /// Takes over the new states of a step. A masked sample keeps its states, and its output is that of the step before
    /// (zeros at first) or 0, as in Keras.
    void finish(std::int64_t index, const float* next, float* state, const float* nextCarry, float* carry) {
        for (std::int64_t sample = 0; sample < shape_.batch; ++sample) {
            const std::int64_t at = sample * shape_.units;
            if (!isMasked(sample, index)) {
                copyFloats(state + at, next + at, shape_.units);
                copyFloats(held_ + at, next + at, shape_.units);
                if (carry != nullptr) copyFloats(carry + at, nextCarry + at, shape_.units);
            } else if (options_.zeroMaskedOutput) {
                std::fill_n(held_ + at, shape_.units, 0.0F);
            }
            if (outputs_.sequence != nullptr) {
                copyFloats(outputs_.sequence + (sample * shape_.time + index) * shape_.units, held_ + at, shape_.units);
            }
        }
    }

    void finishAll(const float* state, const float* carry) const {
        const std::int64_t count = shape_.batch * shape_.units;
        if (outputs_.last != nullptr) copyFloats(outputs_.last, held_, count);
        if (outputs_.state != nullptr) copyFloats(outputs_.state, state, count);
        if (outputs_.carry != nullptr && carry != nullptr) copyFloats(outputs_.carry, carry, count);
    }

  private:
    ScratchFrame frame_;
    const RecurrentShape& shape_;
    const RecurrentOptions& options_;
    const RecurrentOutputs& outputs_;
    float* held_;
};

/// x·kernel + bias for all steps: [batch, time, gates * units].
float* projectInputs(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights, std::int64_t gates,
                     ScratchFrame& frame, const Parallel& parallel) {
    const std::int64_t rows = shape.batch * shape.time;
    const std::int64_t width = gates * shape.units;
    float* projected = frame.floats(rows * width);
    Epilogue epilogue;
    epilogue.bias = weights.bias;
    matmul(MatrixView::rowMajor(x, rows, shape.inputs), MatrixView::rowMajor(weights.kernel, shape.inputs, width),
           projected, width, epilogue, parallel);
    return projected;
}

/// The projected inputs of one step: [batch, width], rows lie time * width apart.
void takeStep(const RecurrentShape& shape, const float* projected, std::int64_t width, std::int64_t step, float* to) {
    for (std::int64_t sample = 0; sample < shape.batch; ++sample) {
        copyFloats(to + sample * width, projected + (sample * shape.time + step) * width, width);
    }
}

/// gates += state · recurrentKernel[:, firstColumn ...]; gates has row stride width.
void addRecurrent(const RecurrentShape& shape, const float* state, const float* kernel, std::int64_t kernelWidth,
                  std::int64_t columns, float* gates, std::int64_t gatesStride, const Parallel& parallel) {
    Epilogue epilogue;
    epilogue.accumulate = true;
    matmul(MatrixView::rowMajor(state, shape.batch, shape.units), {kernel, shape.units, columns, kernelWidth, 1}, gates,
           gatesStride, epilogue, parallel);
}

/// Applies an activation to `columns` columns of each row.
void activateColumns(const Activation& activation, float* x, std::int64_t rows, std::int64_t stride,
                     std::int64_t columns) {
    for (std::int64_t row = 0; row < rows; ++row) {
        if (activation.isElementwise()) {
            activatePiece(activation, x + row * stride, columns, x + row * stride);
        } else {
            activateAlong(activation, x + row * stride, {1, columns, 1}, x + row * stride);
        }
    }
}

/// Gates [rows, 4 * units] in the order i f c o, and the carry, to the new carry and output.
void finishLstmGates(const RecurrentOptions& options, float* gates, std::int64_t rows, std::int64_t units,
                     const float* carry, float* nextCarry, float* next) {
    activateColumns(options.recurrentActivation, gates, rows, 4 * units, units);
    activateColumns(options.recurrentActivation, gates + units, rows, 4 * units, units);
    activateColumns(options.activation, gates + 2 * units, rows, 4 * units, units);
    activateColumns(options.recurrentActivation, gates + 3 * units, rows, 4 * units, units);
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* gate = gates + row * 4 * units;
        float* newCarry = nextCarry + row * units;
        for (std::int64_t unit = 0; unit < units; ++unit) {
            newCarry[unit] = gate[units + unit] * carry[row * units + unit] + gate[unit] * gate[2 * units + unit];
        }
        copyFloats(next + row * units, newCarry, units);
    }
    activateColumns(options.activation, next, rows, units, units);
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* output = gates + row * 4 * units + 3 * units;
        for (std::int64_t unit = 0; unit < units; ++unit) next[row * units + unit] *= output[unit];
    }
}

/// One step of a GRU. gates: [batch, 3 * units], the input's part; rest: room of the same size.
void finishGruGates(const RecurrentShape& shape, const RecurrentWeights& weights, const RecurrentOptions& options,
                    const float* state, float* gates, float* rest, float* next, const Parallel& parallel) {
    const std::int64_t units = shape.units;
    const std::int64_t width = 3 * units;
    if (options.resetAfter) {
        Epilogue epilogue;
        epilogue.bias = weights.bias != nullptr ? weights.bias + width : nullptr;
        matmul(MatrixView::rowMajor(state, shape.batch, units),
               MatrixView::rowMajor(weights.recurrentKernel, units, width), rest, width, epilogue, parallel);
        for (std::int64_t row = 0; row < shape.batch; ++row) {
            for (std::int64_t column = 0; column < 2 * units; ++column)
                gates[row * width + column] += rest[row * width + column];
        }
    } else {
        addRecurrent(shape, state, weights.recurrentKernel, width, 2 * units, gates, width, parallel);
    }
    activateColumns(options.recurrentActivation, gates, shape.batch, width, units);
    activateColumns(options.recurrentActivation, gates + units, shape.batch, width, units);
    const auto resetRows = [&](auto apply) {
        for (std::int64_t row = 0; row < shape.batch; ++row) {
            for (std::int64_t unit = 0; unit < units; ++unit) apply(row, unit, gates[row * width + units + unit]);
        }
    };
    if (options.resetAfter) {
        resetRows([&](std::int64_t row, std::int64_t unit, float reset) {
            gates[row * width + 2 * units + unit] += reset * rest[row * width + 2 * units + unit];
        });
    } else {
        resetRows([&](std::int64_t row, std::int64_t unit, float reset) {
            rest[row * units + unit] = reset * state[row * units + unit];
        });
    }
    if (!options.resetAfter)
        addRecurrent(shape, rest, weights.recurrentKernel + 2 * units, width, units, gates + 2 * units, width,
                     parallel);
    activateColumns(options.activation, gates + 2 * units, shape.batch, width, units);
    for (std::int64_t row = 0; row < shape.batch; ++row) {
        const float* gate = gates + row * width;
        for (std::int64_t unit = 0; unit < units; ++unit) {
            const float z = gate[unit];
            next[row * units + unit] = z * state[row * units + unit] + (1.0F - z) * gate[2 * units + unit];
        }
    }
}

}  // namespace

void simpleRnn(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights,
               const RecurrentOptions& options, const RecurrentOutputs& outputs, const Parallel& parallel) {
    ScratchFrame frame;
    const float* projected = projectInputs(shape, x, weights, 1, frame, parallel);
    const std::int64_t count = shape.batch * shape.units;
    float* state = frame.floats(count);
    float* next = frame.floats(count);
    startState(state, options.initialState, count);
    Steps steps(shape, options, outputs);
    for (std::int64_t index = 0; index < shape.time && !parallel.stopRequested(); ++index) {
        takeStep(shape, projected, shape.units, steps.inputStep(index), next);
        addRecurrent(shape, state, weights.recurrentKernel, shape.units, shape.units, next, shape.units, parallel);
        activateColumns(options.activation, next, shape.batch, shape.units, shape.units);
        steps.finish(index, next, state, nullptr, nullptr);
    }
    steps.finishAll(state, nullptr);
}

void lstm(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights, const RecurrentOptions& options,
          const RecurrentOutputs& outputs, const Parallel& parallel) {
    ScratchFrame frame;
    const float* projected = projectInputs(shape, x, weights, 4, frame, parallel);
    const std::int64_t count = shape.batch * shape.units;
    const std::int64_t width = 4 * shape.units;
    float* state = frame.floats(count);
    float* carry = frame.floats(count);
    float* next = frame.floats(count);
    float* nextCarry = frame.floats(count);
    float* gates = frame.floats(4 * count);
    startState(state, options.initialState, count);
    startState(carry, options.initialCarry, count);
    Steps steps(shape, options, outputs);
    for (std::int64_t index = 0; index < shape.time && !parallel.stopRequested(); ++index) {
        takeStep(shape, projected, width, steps.inputStep(index), gates);
        addRecurrent(shape, state, weights.recurrentKernel, width, width, gates, width, parallel);
        finishLstmGates(options, gates, shape.batch, shape.units, carry, nextCarry, next);
        steps.finish(index, next, state, nextCarry, carry);
    }
    steps.finishAll(state, carry);
}

void gru(const RecurrentShape& shape, const float* x, const RecurrentWeights& weights, const RecurrentOptions& options,
         const RecurrentOutputs& outputs, const Parallel& parallel) {
    ScratchFrame frame;
    const float* projected = projectInputs(shape, x, weights, 3, frame, parallel);
    const std::int64_t count = shape.batch * shape.units;
    float* state = frame.floats(count);
    float* next = frame.floats(count);
    float* gates = frame.floats(3 * count);
    float* rest = frame.floats(3 * count);
    startState(state, options.initialState, count);
    Steps steps(shape, options, outputs);
    for (std::int64_t index = 0; index < shape.time && !parallel.stopRequested(); ++index) {
        takeStep(shape, projected, 3 * shape.units, steps.inputStep(index), gates);
        finishGruGates(shape, weights, options, state, gates, rest, next, parallel);
        steps.finish(index, next, state, nullptr, nullptr);
    }
    steps.finishAll(state, nullptr);
}

ImageSize ConvLstmShape::output() const { return {input.batch, window.outputSize(input.spatial), filters}; }

void convLstm(const ConvLstmShape& shape, const float* x, const RecurrentWeights& weights,
              const RecurrentOptions& options, const RecurrentOutputs& outputs, const Parallel& parallel) {
    const ImageSize output = shape.output();
    const std::int64_t positions = output.positions();
    const std::int64_t cells = output.batch * positions;
    const std::int64_t width = 4 * shape.filters;
    const std::int64_t stepSize = shape.input.positions() * shape.input.channels;
    ConvolutionShape inputStep{shape.input, shape.window, width, 1};
    ConvolutionShape recurrentStep{output, {}, width, 1};
    recurrentStep.window.size = shape.window.size;
    recurrentStep.window.padSame(output.spatial);
    Epilogue withBias;
    withBias.bias = weights.bias;

    const std::int64_t count = cells * shape.filters;
    ScratchFrame frame;
    float* step = frame.floats(shape.input.count());
    float* gates = frame.floats(cells * width);
    float* recurrent = frame.floats(cells * width);
    float* state = frame.floats(count);
    float* carry = frame.floats(count);
    float* next = frame.floats(count);
    float* nextCarry = frame.floats(count);
    startState(state, options.initialState, count);
    startState(carry, options.initialCarry, count);
    const RecurrentShape flat{
        .batch = output.batch, .time = shape.time, .inputs = 0, .units = positions * shape.filters};
    Steps steps(flat, options, outputs);
    for (std::int64_t index = 0; index < shape.time && !parallel.stopRequested(); ++index) {
        const std::int64_t at = steps.inputStep(index);
        for (std::int64_t sample = 0; sample < output.batch; ++sample) {
            copyFloats(step + sample * stepSize, x + (sample * shape.time + at) * stepSize, stepSize);
        }
        convolution(inputStep, step, weights.kernel, withBias, gates, parallel);
        convolution(recurrentStep, state, weights.recurrentKernel, {}, recurrent, parallel);
        for (std::int64_t place = 0; place < cells * width; ++place) gates[place] += recurrent[place];
        finishLstmGates(options, gates, cells, shape.filters, carry, nextCarry, next);
        steps.finish(index, next, state, nextCarry, carry);
    }
    steps.finishAll(state, carry);
}

}  // namespace shapewise::kernels
