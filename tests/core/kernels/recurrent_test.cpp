#include "core/kernels/recurrent.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

constexpr RecurrentShape kShape{3, 5, 4, 6};

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }
double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// Row of x · matrix, [width].
std::vector<double> rowProduct(const float* x, std::int64_t length, const Floats& matrix, std::int64_t width) {
    std::vector<double> sums(at(width), 0.0);
    for (std::int64_t index = 0; index < length; ++index) {
        for (std::int64_t column = 0; column < width; ++column) {
            sums[at(column)] += static_cast<double>(x[index]) * static_cast<double>(matrix[at(index * width + column)]);
        }
    }
    return sums;
}

struct Weights {
    Floats kernel, recurrent, bias;
    explicit Weights(std::int64_t gates, std::int64_t biasRows = 1)
        : kernel(randomValues(kShape.inputs * gates * kShape.units, 1)),
          recurrent(randomValues(kShape.units * gates * kShape.units, 2)),
          bias(randomValues(biasRows * gates * kShape.units, 3)) {}
    [[nodiscard]] RecurrentWeights view() const { return {kernel.data(), recurrent.data(), bias.data()}; }
};

struct Result {
    Floats sequence = Floats(at(kShape.batch * kShape.time * kShape.units));
    Floats state = Floats(at(kShape.batch * kShape.units));
    Floats carry = Floats(at(kShape.batch * kShape.units));
    [[nodiscard]] RecurrentOutputs view() { return {sequence.data(), state.data(), carry.data()}; }
};

TEST(Lstm, AgreesWithItsEquations) {
    const Weights weights(4);
    const Floats x = randomValues(kShape.batch * kShape.time * kShape.inputs, 4);
    Result got;
    lstm(kShape, x.data(), weights.view(), {}, got.view());
    const std::int64_t units = kShape.units;
    Floats expected(got.sequence.size());
    for (std::int64_t sample = 0; sample < kShape.batch; ++sample) {
        Floats h(at(units), 0.0F);
        std::vector<double> c(at(units), 0.0);
        for (std::int64_t step = 0; step < kShape.time; ++step) {
            auto gates = rowProduct(x.data() + (sample * kShape.time + step) * kShape.inputs, kShape.inputs,
                                    weights.kernel, 4 * units);
            const auto again = rowProduct(h.data(), units, weights.recurrent, 4 * units);
            for (std::size_t gate = 0; gate < gates.size(); ++gate)
                gates[gate] += again[gate] + static_cast<double>(weights.bias[gate]);
            for (std::int64_t unit = 0; unit < units; ++unit) {
                c[at(unit)] = logistic(gates[at(units + unit)]) * c[at(unit)] +
                              logistic(gates[at(unit)]) * std::tanh(gates[at(2 * units + unit)]);
                h[at(unit)] = static_cast<float>(logistic(gates[at(3 * units + unit)]) * std::tanh(c[at(unit)]));
                expected[at((sample * kShape.time + step) * units + unit)] = h[at(unit)];
            }
        }
    }
    EXPECT_LT(deviation(got.sequence, expected), 1e-5);
}

TEST(Gru, BothOrdersOfTheResetAgreeWithTheirEquations) {
    for (const bool resetAfter : {false, true}) {
        const Weights weights(3, resetAfter ? 2 : 1);
        const Floats x = randomValues(kShape.batch * kShape.time * kShape.inputs, 4);
        RecurrentOptions options;
        options.resetAfter = resetAfter;
        Result got;
        gru(kShape, x.data(), weights.view(), options, got.view());
        const std::int64_t units = kShape.units;
        const auto bias = [&](std::int64_t index) { return static_cast<double>(weights.bias[at(index)]); };
        Floats expected(got.sequence.size());
        for (std::int64_t sample = 0; sample < kShape.batch; ++sample) {
            Floats h(at(units), 0.0F);
            for (std::int64_t step = 0; step < kShape.time; ++step) {
                const auto in = rowProduct(x.data() + (sample * kShape.time + step) * kShape.inputs, kShape.inputs,
                                           weights.kernel, 3 * units);
                const auto again = rowProduct(h.data(), units, weights.recurrent, 3 * units);
                const auto gate = [&](std::int64_t g, std::int64_t unit) {
                    const std::int64_t place = g * units + unit;
                    return logistic(in[at(place)] + again[at(place)] + bias(place) +
                                    (resetAfter ? bias(3 * units + place) : 0.0));
                };
                Floats resetState(at(units));
                for (std::int64_t unit = 0; unit < units; ++unit)
                    resetState[at(unit)] = static_cast<float>(gate(1, unit)) * h[at(unit)];
                const auto fromReset = rowProduct(resetState.data(), units, weights.recurrent, 3 * units);
                Floats next(at(units));
                for (std::int64_t unit = 0; unit < units; ++unit) {
                    const std::int64_t place = 2 * units + unit;
                    const double recurrent = resetAfter ? gate(1, unit) * (again[at(place)] + bias(3 * units + place))
                                                        : fromReset[at(place)];
                    const double candidate = std::tanh(in[at(place)] + bias(place) + recurrent);
                    const double z = gate(0, unit);
                    next[at(unit)] = static_cast<float>(z * static_cast<double>(h[at(unit)]) + (1.0 - z) * candidate);
                }
                h = next;
                std::copy(h.begin(), h.end(), expected.begin() + (sample * kShape.time + step) * units);
            }
        }
        EXPECT_LT(deviation(got.sequence, expected), 1e-5) << "reset after " << resetAfter;
    }
}

TEST(SimpleRnn, BackwardsIsForwardsOnTheReversedInput) {
    const Weights weights(1);
    const Floats x = randomValues(kShape.batch * kShape.time * kShape.inputs, 4);
    Floats reversed(x.size());
    for (std::int64_t sample = 0; sample < kShape.batch; ++sample) {
        for (std::int64_t step = 0; step < kShape.time; ++step) {
            std::copy_n(x.begin() + (sample * kShape.time + step) * kShape.inputs, kShape.inputs,
                        reversed.begin() + (sample * kShape.time + kShape.time - 1 - step) * kShape.inputs);
        }
    }
    RecurrentOptions backwards;
    backwards.goBackwards = true;
    Result a;
    Result b;
    simpleRnn(kShape, x.data(), weights.view(), backwards, a.view());
    simpleRnn(kShape, reversed.data(), weights.view(), {}, b.view());
    EXPECT_EQ(a.sequence, b.sequence);
    EXPECT_EQ(a.state, b.state);
}

TEST(Lstm, MaskedStepsKeepStatesAndOutput) {
    const Weights weights(4);
    const Floats x = randomValues(kShape.batch * kShape.time * kShape.inputs, 4);
    Floats mask(at(kShape.batch * kShape.time), 1.0F);
    mask[0] = 0.0F;                    // sample 0: the first step
    mask[at(kShape.time + 3)] = 0.0F;  // sample 1: the last two steps
    mask[at(kShape.time + 4)] = 0.0F;
    RecurrentOptions options;
    options.mask = mask.data();
    Result got;
    lstm(kShape, x.data(), weights.view(), options, got.view());
    const std::int64_t units = kShape.units;
    for (std::int64_t unit = 0; unit < units; ++unit) {
        EXPECT_EQ(got.sequence[at(unit)], 0.0F);
        const float third = got.sequence[at((kShape.time + 2) * units + unit)];
        EXPECT_EQ(got.sequence[at((kShape.time + 4) * units + unit)], third);
        EXPECT_EQ(got.state[at(units + unit)], third);
    }
}

TEST(ConvLstm, ASingleCellIsAnLstm) {
    const Weights weights(4);
    const Floats x = randomValues(kShape.batch * kShape.time * kShape.inputs, 4);
    Result plain;
    Result convolved;
    lstm(kShape, x.data(), weights.view(), {}, plain.view());
    ConvLstmShape shape;
    shape.time = kShape.time;
    shape.input = {kShape.batch, {1, 1, 1}, kShape.inputs};
    shape.filters = kShape.units;
    convLstm(shape, x.data(), weights.view(), {}, convolved.view());
    EXPECT_LT(deviation(convolved.sequence, plain.sequence), 1e-6);
    EXPECT_LT(deviation(convolved.carry, plain.carry), 1e-6);
}

}  // namespace
}  // namespace shapewise::kernels
