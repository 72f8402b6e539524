// A model read in one dialect and written in another computes the same; what the other cannot say is refused by name.

#include "core/exec/run.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_targets.h"
#include "core/layers/framework/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <filesystem>

namespace shapewise::io {
namespace {

using layers::Dialect;
using testing::HasSubstr;

/// Weights for every layer, told from its name alone.
graph::Project withWeights(graph::Project project) {
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    std::vector<std::shared_ptr<graph::Node>> changed;
    project.graph.forEach([&](const graph::Node& node) {
        if (node.sharesLayerOf.isValid()) return;
        const std::vector<layers::WeightSpec> specs = layers::weightsOf(node, analysis.inputTypes(node));
        if (specs.empty()) return;
        auto weights = std::make_shared<graph::WeightSet>();
        double step = 0.1 + 0.01 * static_cast<double>(node.name.size());
        for (const layers::WeightSpec& spec : specs) {
            tensor::Tensor values{spec.extents};
            double at = step;
            for (float& value : values.values()) value = static_cast<float>(0.5 + 0.4 * std::sin(at += step));
            step += 0.07;
            weights->push_back({std::string(spec.name), std::move(values)});
        }
        auto node2 = std::make_shared<graph::Node>(node);
        node2->weights = std::move(weights);
        changed.push_back(std::move(node2));
    });
    for (auto& node : changed) project.graph.put(std::move(node));
    return project;
}

/// The numbers of the last layer in topological order for given inputs.
std::vector<float> numbersOf(const graph::Project& given) {
    exec::RunRequest request;
    request.project = withWeights(given);
    const infer::Analysis analysis = infer::Analysis::of(request.project.graph);
    NodeId last;
    request.project.graph.forEach([&](const graph::Node& node) {
        if (analysis.consumers(node.id).empty()) last = node.id;
        if (!node.type->isSource()) return;
        tensor::Extents extents;
        for (const tensor::Dim size : analysis[node.id].outputAt(0)->shape.sizes())
            extents.push_back(size.isKnown() ? size.size() : 2);
        tensor::Tensor values{extents};
        double at = 0.0;
        for (float& value : values.values()) value = static_cast<float>(3.0 * std::sin(at += 0.7));
        request.inputs[node.id] = std::make_shared<const tensor::Tensor>(std::move(values));
    });
    exec::ActivationStore store;
    Progress progress;
    const Result<exec::RunReport> report = exec::run(request, store, {}, progress);
    EXPECT_TRUE(report) << (report ? "" : report.error().text());
    if (!report || !report->nodes.contains(last) || report->nodes.at(last).outputs.empty()) return {};
    const std::span<const float> values = report->nodes.at(last).outputs.front()->values();
    return {values.begin(), values.end()};
}

std::string functional(const std::string& version, const std::string& layers, const std::string& first,
                       const std::string& last) {
    return R"({"class_name": "Model", "config": {"name": "m", "layers": [)" + layers + R"(], "input_layers": [[")" +
           first + R"(", 0, 0]], "output_layers": [[")" + last + R"(", 0, 0]]}, "keras_version": ")" + version +
           R"(", "backend": "tensorflow"})";
}

const std::string kInput =
    R"({"class_name": "InputLayer", "config": {"batch_input_shape": [null, 6, 4], "dtype": "float32", "name": "x"}, "name": "x", "inbound_nodes": []}, )";

std::string layer(const std::string& className, const std::string& config) {
    return R"({"class_name": ")" + className + R"(", "config": {"name": "y", )" + config +
           R"(}, "name": "y", "inbound_nodes": [[["x", 0, 0, {}]]]})";
}

std::string oneLayer(const std::string& version, const std::string& className, const std::string& config) {
    return functional(version, kInput + layer(className, config), "x", "y");
}

void expectSame(const graph::Project& project, Dialect dialect) {
    const Result<std::string> written = kerasJson(project, dialect);
    ASSERT_TRUE(written) << written.error().text();
    const Result<Opened> again = readProject(*written);
    ASSERT_TRUE(again) << again.error().text() << *written;
    EXPECT_EQ(dialectOf(again->project), dialect);
    const infer::Analysis before = infer::Analysis::of(project.graph);
    const infer::Analysis after = infer::Analysis::of(again->project.graph);
    project.graph.forEach([&](const graph::Node& node) {
        const graph::Node* twin = again->project.graph.findByName(node.name);
        ASSERT_NE(twin, nullptr) << node.name;
        if (before[node.id].outputAt(0) == nullptr) return;
        ASSERT_NE(after[twin->id].outputAt(0), nullptr) << node.name;
        EXPECT_EQ(after[twin->id].outputAt(0)->shape, before[node.id].outputAt(0)->shape) << node.name;
        const auto count = layers::parameterCount(node, before.inputTypes(node));
        const auto countAfter = layers::parameterCount(*twin, after.inputTypes(*twin));
        EXPECT_EQ(countAfter ? countAfter->total : -1, count ? count->total : -1) << node.name;
    });
    const std::vector<float> numbers = numbersOf(project);
    const std::vector<float> numbersAfter = numbersOf(again->project);
    ASSERT_EQ(numbersAfter.size(), numbers.size());
    for (std::size_t index = 0; index < numbers.size(); ++index) EXPECT_NEAR(numbersAfter[index], numbers[index], 1e-5);
}

struct Case {
    std::string version;
    std::string className;
    std::string config;
};

TEST(KerasTranslation, OlderDialectsComputeTheSameInKeras3) {
    const std::vector<Case> cases = {
        {"2.2.4", "Dense", R"("units": 3, "activation": "hard_sigmoid")"},
        {"2.2.4", "Activation", R"("activation": "hard_sigmoid")"},
        {"2.11.0", "Conv1D", R"("filters": 2, "kernel_size": [3], "activation": "hard_sigmoid")"},
        {"2.11.0", "TimeDistributed",
         R"("layer": {"class_name": "Dense", "config": {"name": "i", "units": 2, "activation": "hard_sigmoid"}})"},
        {"2.2.4", "GRU", R"("units": 3, "recurrent_activation": "sigmoid")"},
        {"2.2.4", "GRU", R"("units": 3, "recurrent_activation": "sigmoid", "reset_after": true)"},
        {"2.11.0", "GRU", R"("units": 3)"},
        {"2.2.4", "LSTM", R"("units": 3, "recurrent_activation": "sigmoid", "unit_forget_bias": false)"},
        {"2.2.4", "LeakyReLU", R"("alpha": 0.2)"},
        {"2.2.4", "BatchNormalization", R"("axis": -1, "epsilon": 0.01)"},
        {"1.2.2", "Dense", R"("output_dim": 3, "init": "glorot_uniform", "bias": false, "activation": "tanh")"},
        {"1.2.2", "Convolution1D", R"("nb_filter": 2, "filter_length": 3, "border_mode": "same")"},
        {"1.2.2", "MaxPooling1D", R"("pool_length": 2, "stride": 2, "border_mode": "valid")"},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(one.version + " " + one.className + " " + one.config);
        const Result<Opened> opened = readProject(oneLayer(one.version, one.className, one.config));
        ASSERT_TRUE(opened) << opened.error().text();
        expectSame(opened->project, Dialect::Keras3);
    }
}

TEST(KerasTranslation, Keras3ComputesTheSameInOlderDialects) {
    const std::vector<std::pair<Case, std::vector<Dialect>>> cases = {
        {{"3.3.0", "Dense", R"("units": 3, "activation": "relu")"},
         {Dialect::TfKeras2, Dialect::Keras23, Dialect::Keras2, Dialect::TensorFlowJs}},
        {{"3.3.0", "Dense", R"("units": 3, "activation": "hard_sigmoid")"}, {Dialect::TfKeras2}},
        {{"3.3.0", "Dense", R"("units": 3, "activation": "silu")"}, {Dialect::TfKeras2}},
        {{"3.3.0", "GRU", R"("units": 3)"}, {Dialect::TfKeras2, Dialect::Keras23, Dialect::Keras2}},
        {{"3.3.0", "LSTM", R"("units": 3, "return_sequences": true)"},
         {Dialect::TfKeras2, Dialect::Keras23, Dialect::Keras2, Dialect::TensorFlowJs}},
        {{"3.3.0", "LeakyReLU", R"("negative_slope": 0.2)"},
         {Dialect::TfKeras2, Dialect::Keras23, Dialect::Keras2, Dialect::TensorFlowJs}},
        {{"3.3.0", "Bidirectional",
          R"("layer": {"class_name": "LSTM", "config": {"name": "i", "units": 2}}, "merge_mode": "sum")"},
         {Dialect::TfKeras2, Dialect::Keras2}},
        {{"3.3.0", "ZeroPadding1D", R"("padding": [2, 1])"}, {Dialect::TfKeras2, Dialect::Keras2}},
    };
    for (const auto& [one, dialects] : cases)
        for (const Dialect dialect : dialects) {
            SCOPED_TRACE(one.className + " " + one.config + " in " + std::string(dialectTitle(dialect)));
            const Result<Opened> opened = readProject(oneLayer(one.version, one.className, one.config));
            ASSERT_TRUE(opened) << opened.error().text();
            expectSame(opened->project, dialect);
        }
}

TEST(KerasTranslation, WhatADialectCannotSayIsRefusedByName) {
    struct Refusal {
        Case from;
        Dialect to;
        std::string message;
    };
    const std::vector<Refusal> cases = {
        {{"2.2.4", "LSTM", R"("units": 3)"}, Dialect::Keras3, "'y' (LSTM): recurrent_activation"},
        {{"2.2.4", "Bidirectional", R"("layer": {"class_name": "GRU", "config": {"name": "i", "units": 2}})"},
         Dialect::Keras3,
         "'y' (Bidirectional): recurrent_activation"},
        {{"3.3.0", "LSTM", R"("units": 3, "recurrent_activation": "hard_sigmoid")"},
         Dialect::TfKeras2,
         "'y' (LSTM): recurrent_activation"},
        {{"3.3.0", "Dense", R"("units": 3, "activation": "hard_sigmoid")"}, Dialect::Keras2, "'y' (Dense): activation"},
        {{"3.3.0", "Dense", R"("units": 3, "activation": "celu")"}, Dialect::TfKeras2, "has no activation celu"},
        {{"3.3.0", "GroupNormalization", R"("groups": 2)"},
         Dialect::Keras23,
         "'y': Keras 2.3 has no layer GroupNormalization"},
        {{"3.3.0", "GRU", R"("units": 3)"}, Dialect::TensorFlowJs, "'y' (GRU): reset_after"},
        {{"3.3.0", "Conv1D", R"("filters": 4, "kernel_size": [3], "groups": 2)"},
         Dialect::Keras2,
         "'y' (Conv1D): groups"},
    };
    for (const Refusal& one : cases) {
        SCOPED_TRACE(one.from.className + " " + one.from.config);
        const Result<Opened> opened = readProject(oneLayer(one.from.version, one.from.className, one.from.config));
        ASSERT_TRUE(opened) << opened.error().text();
        const Result<std::string> written = kerasJson(opened->project, one.to);
        ASSERT_FALSE(written) << *written;
        EXPECT_THAT(written.error().message, HasSubstr(one.message));
        EXPECT_FALSE(written.error().advice.empty());
    }
}

TEST(KerasTranslation, WhatOnlyTrainsIsWrittenInTheFormOfTheDialect) {
    const Result<Opened> opened = readProject(oneLayer(
        "1.2.2", "Dense",
        R"("output_dim": 3, "W_regularizer": {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.01}, "W_constraint": {"name": "MaxNorm", "m": 2, "axis": 0})"));
    ASSERT_TRUE(opened);
    const Result<std::string> written = kerasJson(opened->project, Dialect::Keras3);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_THAT(
        *written,
        HasSubstr(
            R"("kernel_regularizer": {"module": "keras.regularizers", "class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01})"));
    EXPECT_THAT(
        *written,
        HasSubstr(
            R"("kernel_constraint": {"module": "keras.constraints", "class_name": "MaxNorm", "config": {"max_value": 2, "axis": 0})"));
}

TEST(KerasTranslation, FilesHaveTheFrameOfTheirDialect) {
    const Result<Opened> opened = readProject(oneLayer("2.11.0", "Dense", R"("units": 3)"));
    ASSERT_TRUE(opened);
    const std::vector<std::pair<Dialect, std::string>> cases = {
        {Dialect::Keras3, R"({"module": "keras.src.models.functional", "class_name": "Functional", )"},
        {Dialect::Keras23, R"({"class_name": "Model", )"},
        {Dialect::Keras2, R"({"class_name": "Model", )"},
        {Dialect::TensorFlowJs, R"({"format": "layers-model", "generatedBy": "TensorFlow.js)"},
    };
    for (const auto& [dialect, start] : cases)
        EXPECT_EQ(kerasJson(opened->project, dialect)->substr(0, start.size()), start) << dialectTitle(dialect);
}

TEST(KerasTranslation, ClassesNobodyKnowsKeepTheirConfig) {
    const Result<Opened> opened = readProject(oneLayer("2.2.4", "LRN", R"("alpha": 0.0001, "sizes": [1, 2.0])"));
    ASSERT_TRUE(opened);
    for (const Dialect dialect : writtenDialects()) {
        const Result<std::string> written = kerasJson(opened->project, dialect);
        ASSERT_TRUE(written) << written.error().text();
        EXPECT_THAT(*written,
                    HasSubstr(R"("class_name": "LRN", "config": {"name": "y", "alpha": 0.0001, "sizes": [1, 2.0]})"))
            << dialectTitle(dialect);
    }
}

TEST(KerasTranslation, CodeHasTheFormulaOfTheFile) {
    const Result<Opened> opened =
        readProject(oneLayer("2.2.4", "Dense", R"("units": 3, "activation": "hard_sigmoid")"));
    ASSERT_TRUE(opened);
    const Result<std::string> code = kerasCode(opened->project);
    ASSERT_TRUE(code) << code.error().text();
    EXPECT_THAT(*code, HasSubstr("layers.Dense(3, name=\"y\")"));
    EXPECT_THAT(*code, HasSubstr("layers.Rescaling(0.2, offset=0.5"));
    EXPECT_THAT(*code, HasSubstr("layers.ReLU(max_value=1.0"));
    const Result<Opened> gates = readProject(oneLayer("2.2.4", "LSTM", R"("units": 3)"));
    ASSERT_TRUE(gates);
    const Result<std::string> refused = kerasCode(gates->project);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("'y' (LSTM)"));
}

}  // namespace
}  // namespace shapewise::io
