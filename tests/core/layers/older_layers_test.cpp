// Layers that Keras 3 dropped: shapes, weights and numbers, compared with the formulas of Keras 2 written out directly.

#include "core/layers/framework/older.h"
#include "layer_check.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace shapewise::layers {
namespace {

using diag::Code;
using tensor::Extents;
using tensor::Tensor;

/// Values that differ from place to place and are no round numbers.
Tensor drawn(const Extents& extents, int seed) {
    Tensor made(extents);
    for (std::int64_t at = 0; at < made.count(); ++at)
        made.data()[at] = static_cast<float>(std::sin(1.7 * static_cast<double>(at + 1) + 0.9 * seed));
    return made;
}

void expectNear(const Tensor& got, const std::vector<double>& wanted) {
    ASSERT_EQ(got.count(), static_cast<std::int64_t>(wanted.size()));
    for (std::size_t at = 0; at < wanted.size(); ++at) ASSERT_NEAR(got.data()[at], wanted[at], 2e-5) << "value " << at;
}

TEST(OlderLayers, SayWhichDialectsHaveThem) {
    std::map<std::string_view, std::string_view> titles;
    for (const LayerType* type : allLayers())
        if (isOfOlderDialect(*type)) titles[type->className] = olderDialectTitle(*type);
    const std::map<std::string_view, std::string_view> wanted{{"LocallyConnected1D", "Keras 1 and 2"},
                                                              {"LocallyConnected2D", "Keras 1 and 2"},
                                                              {"ThresholdedReLU", "Keras 1 and 2"},
                                                              {"CuDNNLSTM", "Keras 2"},
                                                              {"CuDNNGRU", "Keras 2"},
                                                              {"MaxoutDense", "Keras 1"},
                                                              {"Highway", "Keras 1"}};
    EXPECT_EQ(titles, wanted);
}

TEST(OlderLayers, AreTheLayersOfKeras3ThatGiveTheSameNumbers) {
    const auto now = [](const char* className, const ValueDict& settings) {
        const std::shared_ptr<graph::Node> node = makeNode(*findLayer(className), NodeId(0), "x");
        for (const auto& [key, value] : settings) node->set(key, value);
        const std::shared_ptr<graph::Node> newer = inKeras3(*node);
        if (!newer) return std::string("none");
        std::string text(newer->type->className);
        for (const graph::Setting& setting : newer->settings) text += " " + setting.key + "=" + setting.value.text();
        return text;
    };
    EXPECT_EQ(now("ThresholdedReLU", {{"theta", 0.5}}), "ReLU threshold=0.5");
    EXPECT_EQ(now("ThresholdedReLU", {}), "ReLU threshold=1");
    EXPECT_EQ(now("CuDNNLSTM", {{"units", 4}, {"return_sequences", true}}), "LSTM units=4 return_sequences=True");
    EXPECT_EQ(now("CuDNNGRU", {{"units", 4}}), "GRU units=4");
    EXPECT_EQ(now("Highway", {}), "none");
    EXPECT_EQ(now("LSTM", {{"units", 4}}), "none");
}

// LocallyConnected
// ------------------------------------------------------------------------------------------------------

/// One call, with the connections found as conv_connected_inputs of Keras 2 does, weights in a table by (output
/// position, filter, input position, channel).
struct Local {
    int axes = 1;
    std::vector<int> cells;   ///< of the input
    std::vector<int> kernel;  ///< window
    std::vector<int> strides;
    bool same = false;
    bool channelsFirst = false;
    int implementation = 1;
    int channels = 2;
    int filters = 3;

    [[nodiscard]] std::vector<int> outputs() const {
        std::vector<int> sizes;
        for (std::size_t axis = 0; axis < cells.size(); ++axis)
            sizes.push_back(same ? (cells[axis] + strides[axis] - 1) / strides[axis]
                                 : (cells[axis] - kernel[axis]) / strides[axis] + 1);
        return sizes;
    }
    static int count(const std::vector<int>& sizes) {
        int product = 1;
        for (const int size : sizes) product *= size;
        return product;
    }
    /// Row-major index to a place and back.
    static std::vector<int> place(int index, const std::vector<int>& sizes) {
        std::vector<int> found(sizes.size());
        for (std::size_t axis = sizes.size(); axis-- > 0; index /= sizes[axis]) found[axis] = index % sizes[axis];
        return found;
    }
    /// Where the input cell stands in the window of an output; -1 outside.
    [[nodiscard]] int tap(int output, int input) const {
        const std::vector<int> o = place(output, outputs());
        const std::vector<int> i = place(input, cells);
        int tap = 0;
        for (std::size_t axis = 0; axis < cells.size(); ++axis) {
            const int left = kernel[axis] / 2;
            const int centre = o[axis] * strides[axis] + (same ? 0 : left);
            const int at = i[axis] - (centre - left);
            if (at < 0 || at >= kernel[axis]) return -1;
            tap = tap * kernel[axis] + at;
        }
        return tap;
    }
    [[nodiscard]] std::vector<std::int64_t> shape(const std::vector<int>& sizes, int depth) const {
        std::vector<std::int64_t> all{2};
        if (channelsFirst) all.push_back(depth);
        all.insert(all.end(), sizes.begin(), sizes.end());
        if (!channelsFirst) all.push_back(depth);
        return all;
    }
    [[nodiscard]] Extents kernelExtents() const {
        const int positions = count(outputs());
        if (implementation == 1) return {positions, count(kernel) * channels, filters};
        std::vector<std::int64_t> extents;
        const auto append = [&](const std::vector<int>& sizes, int depth) {
            if (channelsFirst) extents.push_back(depth);
            extents.insert(extents.end(), sizes.begin(), sizes.end());
            if (!channelsFirst) extents.push_back(depth);
        };
        append(cells, channels);
        append(outputs(), filters);
        if (implementation == 2) return extents;
        return {static_cast<std::int64_t>(sparse().size())};
    }
    /// (output value, input value) in the order of memory, sorted: conv_kernel_idxs.
    [[nodiscard]] std::set<std::pair<int, int>> sparse() const {
        std::set<std::pair<int, int>> pairs;
        for (int o = 0; o < count(outputs()); ++o)
            for (int i = 0; i < count(cells); ++i)
                for (int f = 0; f < filters && tap(o, i) >= 0; ++f)
                    for (int c = 0; c < channels; ++c) pairs.emplace(outputIndex(o, f), inputIndex(i, c));
        return pairs;
    }
    [[nodiscard]] int outputIndex(int o, int f) const {
        return channelsFirst ? f * count(outputs()) + o : o * filters + f;
    }
    [[nodiscard]] int inputIndex(int i, int c) const { return channelsFirst ? c * count(cells) + i : i * channels + c; }
    [[nodiscard]] std::int64_t weightIndex(int o, int f, int i, int c) const {
        const int taps = count(kernel);
        if (implementation == 1)
            return (std::int64_t{o} * taps * channels +
                    (channelsFirst ? c * taps + tap(o, i) : tap(o, i) * channels + c)) *
                       filters +
                   f;
        if (implementation == 2) return std::int64_t{inputIndex(i, c)} * count(outputs()) * filters + outputIndex(o, f);
        const auto pairs = sparse();
        return std::distance(pairs.begin(), pairs.find({outputIndex(o, f), inputIndex(i, c)}));
    }
    [[nodiscard]] std::vector<double> results(const Tensor& x, const Tensor& weights, const Tensor& bias) const {
        const int values = count(outputs()) * filters;
        std::vector<double> y(static_cast<std::size_t>(2 * values));
        for (int sample = 0; sample < 2; ++sample)
            for (int o = 0; o < count(outputs()); ++o)
                for (int f = 0; f < filters; ++f) {
                    double sum = bias.data()[outputIndex(o, f)];
                    for (int i = 0; i < count(cells); ++i)
                        for (int c = 0; c < channels && tap(o, i) >= 0; ++c)
                            sum += static_cast<double>(x.data()[sample * count(cells) * channels + inputIndex(i, c)]) *
                                   weights.data()[weightIndex(o, f, i, c)];
                    y[static_cast<std::size_t>(sample * values + outputIndex(o, f))] = sum;
                }
        return y;
    }
    [[nodiscard]] ValueDict settings() const {
        const auto list = [](const std::vector<int>& sizes) {
            ValueList values;
            for (const int size : sizes) values.emplace_back(size);
            return Value(std::move(values));
        };
        return {{"filters", filters},
                {"kernel_size", list(kernel)},
                {"strides", list(strides)},
                {"padding", same ? "same" : "valid"},
                {"data_format", channelsFirst ? "channels_first" : "channels_last"},
                {"implementation", implementation}};
    }
};

TEST(LocallyConnected, GivesKeras2sShapesWeightsAndNumbersInEveryImplementation) {
    const Local bases[] = {
        {.axes = 1, .cells = {7}, .kernel = {3}, .strides = {1}},
        {.axes = 1, .cells = {8}, .kernel = {2}, .strides = {3}},
        {.axes = 2, .cells = {5, 6}, .kernel = {3, 2}, .strides = {1, 1}},
        {.axes = 2, .cells = {5, 6}, .kernel = {2, 4}, .strides = {2, 3}},
        {.axes = 2, .cells = {3, 2}, .kernel = {3, 1}, .strides = {3, 1}},
    };
    for (Local local : bases)
        for (const int implementation : {1, 2, 3})
            for (const bool same : {false, true})
                for (const bool channelsFirst : {false, true}) {
                    if (same && implementation == 1) continue;
                    local.implementation = implementation;
                    local.same = same;
                    local.channelsFirst = channelsFirst;
                    SCOPED_TRACE(Value(local.settings()).text());
                    const std::string className = local.axes == 1 ? "LocallyConnected1D" : "LocallyConnected2D";
                    const Tensor x = drawn(local.shape(local.cells, local.channels), 1);
                    const Checked checked = check(className, local.settings(), {tensor::extentsText(x.extents())});
                    const Extents wanted = local.shape(local.outputs(), local.filters);
                    ASSERT_EQ(checked.shape(), tensor::extentsText(wanted));
                    Extents bias(wanted.size() - 1);
                    const std::vector<int> outputs = local.outputs();
                    std::copy(outputs.begin(), outputs.end(), bias.begin());
                    bias.back() = local.filters;
                    ASSERT_EQ(checked.weights(), "kernel " + tensor::extentsText(local.kernelExtents()) + ", bias " +
                                                     tensor::extentsText(bias));
                    const Tensor kernel = drawn(local.kernelExtents(), 2);
                    const Tensor shift = drawn(bias, 3);
                    const Ran ran = run(className, local.settings(), {x}, {kernel, shift});
                    ASSERT_EQ(ran.problem, "");
                    expectNear(ran.outputs[0], local.results(x, kernel, shift));
                }
}

TEST(LocallyConnected, RefusesWhatKeras2Refuses) {
    const ValueDict one{{"filters", 2}, {"kernel_size", 3}};
    EXPECT_EQ(check("LocallyConnected1D", one, {"(None, 8, 2)"}).shape(), "(None, 6, 2)");
    EXPECT_TRUE(check("LocallyConnected1D", one, {"(None, None, 2)"}).refuses(Code::SizeUnknown));
    EXPECT_TRUE(check("LocallyConnected1D", one, {"(None, 8, None)"}).refuses(Code::SizeUnknown));
    EXPECT_TRUE(check("LocallyConnected1D", one, {"(None, 2, 2)"}).refuses(Code::WindowTooLarge));
    EXPECT_TRUE(check("LocallyConnected2D", one, {"(None, 8, None, 2)"}).refuses(Code::SizeUnknown));
    for (const auto& [padding, implementation, code] :
         {std::tuple{"same", 1, Code::ParameterConflict}, std::tuple{"valid", 4, Code::ParameterRange},
          std::tuple{"causal", 2, Code::ParameterChoice}})
        EXPECT_TRUE(
            check("LocallyConnected1D",
                  {{"filters", 2}, {"kernel_size", 3}, {"padding", padding}, {"implementation", implementation}},
                  {"(None, 8, 2)"})
                .refuses(code))
            << padding << implementation;
}

// Others
// ----------------------------------------------------------------------------------------------------------------

TEST(ThresholdedReLU, KeepsOnlyWhatIsAboveTheta) {
    const Tensor x(Extents{1, 5}, std::vector<float>{-2.0F, 0.5F, 0.75F, 0.7500001F, 3.0F});
    const Ran ran = run("ThresholdedReLU", {{"theta", 0.75}}, {x});
    expectNear(ran.outputs[0], {0.0, 0.0, 0.0, 0.7500001, 3.0});
    expectNear(run("ThresholdedReLU", {}, {x}).outputs[0], {0.0, 0.0, 0.0, 0.0, 3.0});
    EXPECT_TRUE(check("ThresholdedReLU", {{"theta", -1.0}}, {"(None, 5)"}).refuses(Code::ParameterRange));
}

TEST(MaxoutDense, TakesTheLargestOfItsSums) {
    const Checked checked = check("MaxoutDense", {{"output_dim", 2}, {"nb_feature", 3}}, {"(None, 4)"});
    EXPECT_EQ(checked.shape(), "(None, 2)");
    EXPECT_EQ(checked.weights(), "W (3, 4, 2), b (3, 2)");
    EXPECT_TRUE(check("MaxoutDense", {{"output_dim", 2}}, {"(None, 4, 4)"}).refuses(Code::RankTooHigh));
    const Tensor x = drawn({5, 4}, 1);
    const Tensor w = drawn({3, 4, 2}, 2);
    const Tensor b = drawn({3, 2}, 3);
    std::vector<double> wanted;
    for (int sample = 0; sample < 5; ++sample)
        for (int unit = 0; unit < 2; ++unit) {
            double best = -1e30;
            for (int piece = 0; piece < 3; ++piece) {
                double sum = b.data()[piece * 2 + unit];
                for (int i = 0; i < 4; ++i)
                    sum += static_cast<double>(x.data()[sample * 4 + i]) * w.data()[(piece * 4 + i) * 2 + unit];
                best = std::max(best, sum);
            }
            wanted.push_back(best);
        }
    expectNear(run("MaxoutDense", {{"output_dim", 2}, {"nb_feature", 3}}, {x}, {w, b}).outputs[0], wanted);
}

TEST(Highway, MixesItsInputInByItsGate) {
    const Checked checked = check("Highway", {{"activation", "tanh"}}, {"(None, 3)"});
    EXPECT_EQ(checked.shape(), "(None, 3)");
    EXPECT_EQ(checked.weights(), "W (3, 3), W_carry (3, 3), b (3,), b_carry (3,)");
    EXPECT_EQ(check("Highway", {{"bias", false}}, {"(None, 3)"}).weights(), "W (3, 3), W_carry (3, 3)");
    const Tensor x = drawn({4, 3}, 1);
    const Tensor w = drawn({3, 3}, 2);
    const Tensor carry = drawn({3, 3}, 3);
    const Tensor b = drawn({3}, 4);
    const Tensor bCarry = drawn({3}, 5);
    std::vector<double> wanted;
    for (int sample = 0; sample < 4; ++sample)
        for (int unit = 0; unit < 3; ++unit) {
            double h = b.data()[unit];
            double t = bCarry.data()[unit];
            for (int i = 0; i < 3; ++i) {
                h += static_cast<double>(x.data()[sample * 3 + i]) * w.data()[i * 3 + unit];
                t += static_cast<double>(x.data()[sample * 3 + i]) * carry.data()[i * 3 + unit];
            }
            t = 1.0 / (1.0 + std::exp(-t));
            wanted.push_back(t * std::tanh(h) + (1.0 - t) * x.data()[sample * 3 + unit]);
        }
    expectNear(run("Highway", {{"activation", "tanh"}}, {x}, {w, carry, b, bCarry}).outputs[0], wanted);
}

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// A gate's sum with cuDNN's layout: the block of a gate is read as [units, rows], row by row, for the input; as its
/// transpose for the state.
struct CudnnWeights {
    Tensor kernel, recurrent, bias;
    int inputs, units, gates;

    [[nodiscard]] double fromInput(int gate, int unit, const float* x) const {
        double sum = bias.data()[gate * units + unit];
        for (int i = 0; i < inputs; ++i) {
            const int flat = unit * inputs + i;  // of the block, row by row
            sum +=
                static_cast<double>(x[i]) * kernel.data()[flat / units * gates * units + gate * units + flat % units];
        }
        return sum;
    }
    [[nodiscard]] double fromState(int gate, int unit, const std::vector<double>& h) const {
        double sum = bias.data()[(gates + gate) * units + unit];
        for (int i = 0; i < units; ++i)
            sum += h[static_cast<std::size_t>(i)] * recurrent.data()[unit * gates * units + gate * units + i];
        return sum;
    }
};

CudnnWeights cudnnWeights(int inputs, int units, int gates) {
    return {drawn({inputs, gates * units}, 2),
            drawn({units, gates * units}, 3),
            drawn({2 * gates * units}, 4),
            inputs,
            units,
            gates};
}

TEST(CuDNNLSTM, ReadsCudnnsWeights) {
    const ValueDict settings{{"units", 2}, {"return_sequences", true}, {"return_state", true}};
    const Checked checked = check("CuDNNLSTM", settings, {"(1, 4, 3)"});
    EXPECT_EQ(checked.shape(0) + checked.shape(1) + checked.shape(2), "(1, 4, 2)(1, 2)(1, 2)");
    EXPECT_EQ(checked.weights(), "kernel (3, 8), recurrent_kernel (2, 8), bias (16,)");
    const Tensor x = drawn({1, 4, 3}, 1);
    const CudnnWeights weights = cudnnWeights(3, 2, 4);
    std::vector<double> h(2, 0.0), c(2, 0.0), wanted;
    for (int step = 0; step < 4; ++step) {
        std::vector<double> next(2);
        for (int unit = 0; unit < 2; ++unit) {
            const auto gate = [&](int index) {
                return weights.fromInput(index, unit, x.data() + step * 3) + weights.fromState(index, unit, h);
            };
            const auto u = static_cast<std::size_t>(unit);
            c[u] = sigmoid(gate(1)) * c[u] + sigmoid(gate(0)) * std::tanh(gate(2));
            next[u] = sigmoid(gate(3)) * std::tanh(c[u]);
        }
        h = next;
        wanted.insert(wanted.end(), h.begin(), h.end());
    }
    const Ran ran = run("CuDNNLSTM", settings, {x}, {weights.kernel, weights.recurrent, weights.bias});
    ASSERT_EQ(ran.problem, "");
    expectNear(ran.outputs[0], wanted);
    expectNear(ran.outputs[1], h);
    expectNear(ran.outputs[2], c);
}

TEST(CuDNNGRU, ReadsCudnnsWeights) {
    const ValueDict settings{{"units", 3}};
    EXPECT_EQ(check("CuDNNGRU", settings, {"(None, None, 2)"}).weights(),
              "kernel (2, 9), recurrent_kernel (3, 9), bias (18,)");
    EXPECT_EQ(check("CuDNNGRU", settings, {"(None, None, 2)"}).shape(), "(None, 3)");
    EXPECT_TRUE(check("CuDNNGRU", settings, {"(None, 3, None)"}).refuses(Code::SizeUnknown));
    const Tensor x = drawn({1, 4, 2}, 1);
    const CudnnWeights weights = cudnnWeights(2, 3, 3);
    std::vector<double> h(3, 0.0);
    for (int step = 0; step < 4; ++step) {
        std::vector<double> next(3);
        for (int unit = 0; unit < 3; ++unit) {
            const auto input = [&](int gate) { return weights.fromInput(gate, unit, x.data() + step * 2); };
            const auto state = [&](int gate) { return weights.fromState(gate, unit, h); };
            const double z = sigmoid(input(0) + state(0));
            const double r = sigmoid(input(1) + state(1));
            const double candidate = std::tanh(input(2) + r * state(2));
            next[static_cast<std::size_t>(unit)] = z * h[static_cast<std::size_t>(unit)] + (1.0 - z) * candidate;
        }
        h = next;
    }
    const Ran ran = run("CuDNNGRU", settings, {x}, {weights.kernel, weights.recurrent, weights.bias});
    ASSERT_EQ(ran.problem, "");
    expectNear(ran.outputs[0], h);
}

TEST(CuDNNGRU, RunsNoMask) {
    const Tensor mask({1, 4}, std::vector<float>{1.0F, 1.0F, 0.0F, 0.0F});
    const CudnnWeights weights = cudnnWeights(2, 3, 3);
    const Ran ran = run("CuDNNGRU", {{"units", 3}}, {drawn({1, 4, 2}, 1)},
                        {weights.kernel, weights.recurrent, weights.bias}, {mask});
    EXPECT_NE(ran.problem, "");
}

}  // namespace
}  // namespace shapewise::layers
