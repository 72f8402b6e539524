// Seconds and hertz of axes, against the numbers themselves, and layers that are told another rate than the data have.
#include "core/exec/run.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "core/view_math/map_layout.h"
#include "tests/core/exec/small_graph.h"
#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numbers>

namespace shapewise::mistakes {
namespace {

using diag::Code;
using tensor::AxisScale;

constexpr double kRateHz = 100.0;
constexpr std::int64_t kSteps = 60;
/// So low that the tone is a straight line: each value says when it was.
constexpr double kSlowHz = 1e-4;
constexpr double kRise = 2.0 * std::numbers::pi * kSlowHz;

const exec::NodeRun& runOf(const Model& model, NodeId id, exec::RunReport& report) {
    exec::RunRequest request;
    request.project = model.project();
    report = exec::testing::runAll(request);
    return report.nodes.at(id);
}

/// A signal of one channel whose values are the times they lie at.
Model ruler(std::int64_t steps = kSteps) {
    Model model;
    model.add("Sample", "ruler",
              {{"kind", "sine"}, {"shape", Value::list({steps, 1})}, {"sample_rate", kRateHz}, {"frequency", kSlowHz}});
    return model;
}

tensor::Tensor means(tensor::Extents extents, float each) { return tensor::Tensor(std::move(extents), each); }

struct Row {
    const char* what;
    std::function<NodeId(Model&)> build;  ///< the last node
    std::int64_t edge = 0;                ///< outputs at either end that are made of zeros as well
};

NodeId mean(Model& model, std::string_view type, Settings settings, tensor::Extents extents, float each) {
    settings.emplace_back("use_bias", false);
    const NodeId id = model.add(type, "layer", std::move(settings));
    model.setWeights(id, {{"kernel", means(std::move(extents), each)}});
    return id;
}

std::vector<Row> rows() {
    const auto one = [](std::string_view type, Settings settings) {
        return [=](Model& model) { return model.add(type, "layer", settings); };
    };
    return {
        {"Dropout", one("Dropout", {{"rate", 0.5}})},
        {"Conv1D of 3",
         [](Model& m) {
             return mean(m, "Conv1D", {{"filters", 1}, {"kernel_size", 3}}, {3, 1, 1}, 1.0F / 3);
         }},
        {"Conv1D of 4 that keeps the length",
         [](Model& m) {
             return mean(m, "Conv1D", {{"filters", 1}, {"kernel_size", 4}, {"padding", "same"}}, {4, 1, 1}, 0.25F);
         },
         2},
        {"Conv1D with a stride",
         [](Model& m) {
             return mean(m, "Conv1D", {{"filters", 1}, {"kernel_size", 5}, {"strides", 3}}, {5, 1, 1}, 0.2F);
         }},
        {"Conv1D with a dilation",
         [](Model& m) {
             return mean(m, "Conv1D", {{"filters", 1}, {"kernel_size", 3}, {"dilation_rate", 4}}, {3, 1, 1}, 1.0F / 3);
         }},
        {"AveragePooling1D", one("AveragePooling1D", {{"pool_size", 4}})},
        {"AveragePooling1D with strides and same",
         one("AveragePooling1D", {{"pool_size", 3}, {"strides", 2}, {"padding", "same"}}), 1},
        {"AdaptiveAveragePooling1D", one("AdaptiveAveragePooling1D", {{"output_size", 15}})},
        {"Cropping1D", one("Cropping1D", {{"cropping", Value::list({7, 2})}})},
        {"ZeroPadding1D", one("ZeroPadding1D", {{"padding", Value::list({5, 5})}}), 5},
        {"UpSampling1D, the mean of its copies",
         [](Model& m) {
             m.add("UpSampling1D", "up", {{"size", 3}});
             return m.add("AveragePooling1D", "layer", {{"pool_size", 3}});
         }},
        {"Conv1DTranspose that draws lines between values",
         [](Model& m) {
             const NodeId id = m.add("Conv1DTranspose", "layer",
                                     {{"filters", 1}, {"kernel_size", 3}, {"strides", 2}, {"use_bias", false}});
             tensor::Tensor kernel({3, 1, 1});
             kernel.data()[0] = kernel.data()[2] = 0.5F;
             kernel.data()[1] = 1.0F;
             m.setWeights(id, {{"kernel", std::move(kernel)}});
             return id;
         },
         1},
        {"Conv1DTranspose that keeps the length",
         [](Model& m) {
             const NodeId id = m.add("Conv1DTranspose", "layer",
                                     {{"filters", 1}, {"kernel_size", 3}, {"padding", "same"}, {"use_bias", false}});
             m.setWeights(id, {{"kernel", means({3, 1, 1}, 1.0F / 3)}});
             return id;
         },
         1},
        {"Permute", one("Permute", {{"dims", Value::list({2, 1})}})},
        {"Reshape to a map", one("Reshape", {{"target_shape", Value::list({1, kSteps, 1})}})},
        {"Reshape to a vector", one("Reshape", {{"target_shape", Value::list({kSteps})}})},
        {"Flatten", one("Flatten", {})},
        {"EinsumDense over the channels",
         [](Model& m) {
             const NodeId id =
                 m.add("EinsumDense", "layer",
                       {{"equation", "abc,cd->abd"}, {"output_shape", Value(ValueList{Value(), Value(1)})}});
             m.setWeights(id, {{"kernel", means({1, 1}, 1.0F)}});
             return id;
         }},
        {"Dense at each step",
         [](Model& m) {
             return mean(m, "Dense", {{"units", 1}}, {1, 1}, 1.0F);
         }},
        {"Resizing of a map",
         [](Model& m) {
             m.add("Reshape", "map", {{"target_shape", Value::list({kSteps, 1, 1})}});
             return m.add("Resizing", "layer", {{"height", 2 * kSteps}, {"width", 1}});
         },
         1},
        {"Average of the signal with itself",
         [](Model& m) {
             const NodeId source = m.project().graph.findByName("ruler")->id;
             return m.add("Average", "layer", {}, {source, source});
         }},
        {"Multiply by a gate of ones",
         [](Model& m) {
             const NodeId source = m.project().graph.findByName("ruler")->id;
             const NodeId ones = m.add("Softmax", "ones", {}, {source});
             return m.add("Multiply", "layer", {}, {ones, source});
         }},
        {"Concatenate of channels",
         [](Model& m) {
             const NodeId source = m.project().graph.findByName("ruler")->id;
             return m.add("Concatenate", "layer", {}, {source, source});
         }},
        {"TimeDistributed over frames of a signal",
         [](Model& m) {
             m.add("Reshape", "frames", {{"target_shape", Value::list({1, kSteps, 1})}});
             return m.add("TimeDistributed", "layer",
                          {{"layer", Value(ValueDict{{"class_name", "AveragePooling1D"},
                                                     {"config", ValueDict{{"name", "p"}, {"pool_size", 2}}}})}});
         }},
        {"TimeDistributed at each step of time",
         [](Model& m) {
             m.add("Reshape", "steps", {{"target_shape", Value::list({kSteps, 1, 1})}});
             return m.add(
                 "TimeDistributed", "layer",
                 {{"layer", Value(ValueDict{{"class_name", "Flatten"}, {"config", ValueDict{{"name", "f"}}}})}});
         }},
    };
}

int axisOfSeconds(const tensor::TensorType& type) {
    for (int axis = 1; axis < type.shape.rank(); ++axis)
        if (type.scale(axis).kind == AxisScale::Kind::Seconds) return axis;
    return -1;
}

TEST(AxesOfTime, LieWhereTheirValuesComeFrom) {
    for (const Row& row : rows()) {
        SCOPED_TRACE(row.what);
        Model model = ruler();
        const NodeId last = row.build(model);
        exec::RunReport done;
        const exec::NodeRun& run = runOf(model, last, done);
        if (run.outputs.empty()) {
            ADD_FAILURE() << "nothing came out\n" << report(model);
            continue;
        }
        const tensor::TensorType& type = run.types.front();
        const tensor::Tensor& values = *run.outputs.front();
        const int axis = axisOfSeconds(type);
        if (axis < 0) {
            ADD_FAILURE() << "no axis of seconds is left of " << type.shape.axesText();
            continue;
        }
        const std::int64_t each = values.count() / values.size(axis);  // equal for all of one position
        for (std::int64_t index = row.edge; index < values.size(axis) - row.edge; ++index) {
            const std::int64_t inner = axis == type.shape.rank() - 1 ? 1 : each;
            const double read = static_cast<double>(values.data()[index * inner]) / kRise;
            ASSERT_NEAR(view_math::positionOf(static_cast<double>(index), type.scale(axis)), read, 2e-5) << index;
        }
    }
}

TEST(AxesOfTime, OfTwoStepsAtOnceAreOfNone) {
    Model model = ruler();
    const NodeId source = model.project().graph.findByName("ruler")->id;
    const NodeId half = model.add("AveragePooling1D", "half", {{"pool_size", 2}}, {source});
    const NodeId early = model.add("Cropping1D", "early", {{"cropping", Value::list({0, 30})}}, {source});
    const NodeId sum = model.add("Add", "sum", {}, {half, early});
    EXPECT_EQ(model.analysis()[sum].output.scale(1).kind, AxisScale::Kind::None);
    const NodeId behind = model.add("Concatenate", "behind", {{"axis", 1}}, {half, early});
    EXPECT_EQ(model.analysis()[behind].output.scale(1).kind, AxisScale::Kind::None);
}

TEST(AxesOfTime, AreThoseOfTheInputThatIsNotStretched) {
    Model model = ruler();
    const NodeId source = model.project().graph.findByName("ruler")->id;
    const NodeId one = model.add("Cropping1D", "one", {{"cropping", Value::list({30, 29})}}, {source});
    const AxisScale whole = model.analysis()[source].output.scale(1);
    const NodeId first = model.add("Multiply", "first", {}, {one, source});
    const NodeId second = model.add("Multiply", "second", {}, {source, one});
    EXPECT_EQ(model.analysis()[first].output.scale(1), whole);
    EXPECT_EQ(model.analysis()[second].output.scale(1), whole);
}

TEST(AxesOfTime, TheSecondHalfOfABidirectionalLayerIsTurnedRound) {
    Model model = ruler();
    const auto layer = [](bool backwards) {
        return Value(ValueDict{
            {"class_name", "GRU"},
            {"config",
             ValueDict{{"name", "g"}, {"units", 2}, {"return_sequences", true}, {"go_backwards", backwards}}}});
    };
    const NodeId both = model.add("Bidirectional", "both", {{"layer", layer(false)}, {"merge_mode", Value()}});
    const infer::Analysis analysis = model.analysis();
    EXPECT_EQ(analysis[both].output.scale(1).kind, AxisScale::Kind::Seconds);
    ASSERT_EQ(analysis[both].outputCount(), 2U);
    EXPECT_EQ(analysis[both].outputAt(1)->scale(1).kind, AxisScale::Kind::Seconds) << "it is turned round";
}

/// Where a tone is loudest along the axis of frequency, in hertz, and how far the next bands lie.
std::pair<double, double> loudest(const Model& model, NodeId id) {
    exec::RunReport report;
    const exec::NodeRun& run = runOf(model, id, report);
    const tensor::TensorType& type = run.types.front();
    const tensor::Tensor& values = *run.outputs.front();
    for (int axis = 1; axis < type.shape.rank(); ++axis) {
        const AxisScale scale = type.scale(axis);
        if (scale.kind != AxisScale::Kind::Hertz && scale.kind != AxisScale::Kind::Mel) continue;
        std::int64_t inner = 1;
        for (int after = axis + 1; after < type.shape.rank(); ++after) inner *= values.size(after);
        const std::int64_t before = values.count() / inner / values.size(axis);
        double best = -1e30;
        double place = 0.0;
        for (std::int64_t band = 0; band < values.size(axis); ++band) {
            double sum = 0.0;
            for (std::int64_t first = 0; first < before; ++first)
                for (std::int64_t last = 0; last < inner; ++last)
                    sum += static_cast<double>(values.data()[(first * values.size(axis) + band) * inner + last]);
            if (sum > best) {
                best = sum;
                place = static_cast<double>(band);
            }
        }
        return {view_math::positionOf(place, scale),
                view_math::positionOf(place + 1, scale) - view_math::positionOf(place - 1, scale)};
    }
    ADD_FAILURE() << "no axis of frequency";
    return {};
}

Model tone(double rateHz, double hertz) {
    Model model;
    model.add("Sample", "tone",
              {{"kind", "sine"}, {"shape", Value::list({16384, 1})}, {"sample_rate", rateHz}, {"frequency", hertz}});
    return model;
}

TEST(AxesOfFrequency, AToneLiesAtItsHertzWhateverTheLayerIsTold) {
    for (const double rate : {16000.0, 22050.0, 44100.0}) {
        Model model = tone(rate, 1000.0);
        model.add("Flatten", "line");
        const NodeId mel = model.add("MelSpectrogram", "mel");
        const auto [place, width] = loudest(model, mel);
        EXPECT_NEAR(place, 1000.0, width) << rate;
    }
}

TEST(AxesOfFrequency, AToneLiesAtItsHertzBehindLayersThatChangeTheRate) {
    struct Change {
        const char* type;
        Settings settings;
    };
    for (const Change& change :
         {Change{"AveragePooling1D", {{"pool_size", 2}}}, Change{"Cropping1D", {{"cropping", 100}}},
          Change{"UpSampling1D", {{"size", 2}}}, Change{"ZeroPadding1D", {{"padding", 64}}}}) {
        for (const char* spectrum : {"STFTSpectrogram", "MelSpectrogram"}) {
            Model model = tone(16000.0, 700.0);
            model.add(change.type, "change", change.settings);
            if (std::string_view(spectrum) == "MelSpectrogram") model.add("Flatten", "line");
            const NodeId last = std::string_view(spectrum) == "MelSpectrogram"
                                    ? model.add(spectrum, "spectrum")
                                    : model.add(spectrum, "spectrum", {{"frame_length", 512}, {"frame_step", 256}});
            const auto [place, width] = loudest(model, last);
            EXPECT_NEAR(place, 700.0, width) << spectrum << " behind " << change.type;
        }
    }
}

TEST(SampleRateDiffers, IsFoundWhereALayerIsToldAnotherRate) {
    Model model = tone(44100.0, 1000.0);
    model.add("Flatten", "line");
    model.add("MelSpectrogram", "mel");
    const auto diagnostics = model.diagnose();
    const diag::Diagnostic* found = find(diagnostics, Code::SampleRateDiffers, "mel", model);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->severity, diag::Severity::Warning);
    EXPECT_NE(messageOf(*found).find("is set to 16,000 Hz, but what comes in has 44,100 Hz"), std::string::npos)
        << messageOf(*found);
    const diag::Fix* fix = findFix(*found, "set-rate");
    ASSERT_NE(fix, nullptr);
    EXPECT_EQ(wordsOf(fix->title), "Set sampling_rate to 44100");
    const Model repaired = expectRepair(model, Code::SampleRateDiffers, "mel", "set-rate");
    EXPECT_EQ(*repaired.project().graph.findByName("mel")->setting("sampling_rate"), Value(44100));
}

TEST(SampleRateDiffers, CountsWhatLayersBeforeDoToTheRate) {
    for (const auto& [rate, isWrong] : {std::pair(44100, true), std::pair(22050, false)}) {
        Model model = tone(44100.0, 1000.0);
        model.add("AveragePooling1D", "half", {{"pool_size", 2}});
        model.add("Reshape", "line", {{"target_shape", Value::list({-1})}});
        model.add("MelSpectrogram", "mel", {{"sampling_rate", rate}});
        EXPECT_EQ(problems(model.diagnose()).empty(), !isWrong) << rate << "\n" << report(model);
    }
}

TEST(SampleRateDiffers, IsNotSaidWhereTheRateIsNotKnown) {
    Model model;
    model.add("InputLayer", "sound", {{"shape", Value::list({16000})}});
    model.add("MelSpectrogram", "mel", {{"sampling_rate", 8000}});
    EXPECT_TRUE(problems(model.diagnose()).empty()) << report(model);
}

TEST(SampleRateDiffers, EveryLayerThatIsToldARateSaysWhichSettingItIs) {
    for (const layers::LayerType* type : layers::allLayers()) {
        if (!type->isLayer() || type->isSource()) continue;
        for (const layers::ParamSpec& spec : type->params) {
            if (spec.key.find("rate") == std::string_view::npos || spec.unit != "Hz") continue;
            EXPECT_EQ(type->rateSetting, spec.key) << type->className;
        }
    }
}

}  // namespace
}  // namespace shapewise::mistakes
