// First repairs keep every layer and every weight: merges of unequal ranks, and readings that fit the weights there
// are.
#include "tests/core/mistakes/model.h"

#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_json.h"
#include "core/layers/framework/catalog.h"
#include "core/mistakes/rules/readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;
using testing::HasSubstr;
using testing::Not;

Model opened(const std::string& name) {
    Result<io::Opened> file = io::openProject(std::string(SHAPEWISE_SOURCE_DIR) + "/tests/golden/minimal/" + name);
    EXPECT_TRUE(file) << (file ? "" : file.error().text());
    return Model(file ? file->project : graph::Project());
}

/// "behind in1" for "behind InputLayer 'in1'".
std::string withoutClass(std::string title) {
    for (const std::string_view part : {"InputLayer ", "'"})
        for (std::size_t at = title.find(part); at != std::string::npos; at = title.find(part))
            title.erase(at, part.size());
    return title;
}

/// The model after its first repair, which ends all errors and warnings, takes no layer away and no weight, and says in
/// its title each layer it puts in.
Model afterFirstRepair(const Model& model, std::string& title) {
    const std::vector<diag::Diagnostic> diagnostics = model.diagnose();
    if (diagnostics.empty() || diagnostics[0].fixes.empty()) {
        ADD_FAILURE() << "no repair\n" << report(model);
        return model;
    }
    const diag::Fix& fix = diagnostics[0].fixes[0];
    title = withoutClass(wordsOf(fix.title));
    EXPECT_TRUE(fix.outputShape) << title;
    Model repaired = model.after(fix.edit);
    EXPECT_TRUE(problems(repaired.diagnose()).empty()) << title << "\n" << report(model) << report(repaired);
    EXPECT_THAT(fix.id, Not(HasSubstr("-and-more"))) << "one step heals\n" << report(model);
    model.project().graph.forEach([&](const graph::Node& node) {
        const graph::Node* after = repaired.project().graph.find(node.id);
        EXPECT_NE(after, nullptr) << title << " takes " << node.name << " away";
        if (!after) return;
        EXPECT_EQ(after->type, node.type) << title;
        EXPECT_EQ(after->weights, node.weights) << title << " drops the weights of " << node.name;
    });
    repaired.project().graph.forEach([&](const graph::Node& node) {
        if (model.project().graph.find(node.id)) return;
        EXPECT_THAT(title, HasSubstr(std::string(node.type->className)));
    });
    return repaired;
}

struct Merge {
    std::vector<std::vector<std::int64_t>> inputs;
    std::string title;  ///< of the first repair; empty: only that it keeps everything
    std::string shape;
    std::string gateTitle{};  ///< of Multiply, where it differs
};

const std::vector<Merge>& merges() {
    static const std::vector<Merge> all{
        {{{2, 2, 2}, {2, 4}}, "Insert Reshape → (2, 2, 2) behind in1", "(None, 2, 2, 2)"},
        {{{2, 4}, {2, 2, 2}}, "Insert Reshape → (2, 2, 2) behind in0", "(None, 2, 2, 2)"},
        {{{8}, {2, 2, 2}}, "Insert Reshape → (2, 2, 2) behind in0", "(None, 2, 2, 2)"},
        {{{2, 2, 2}, {2, 4}, {2, 4}}, "Insert Reshape → (2, 2, 2) behind in1 and in2", "(None, 2, 2, 2)"},
        // Counted off as they stand, the values would get into other rows.
        {{{4, 6}, {2, 3, 4}}, "Insert Permute (2, 1) and Reshape → (2, 3, 4) behind in0", "(None, 2, 3, 4)"},
        {{{3}, {2, 2}},
         "Insert Dense(2) and RepeatVector(2) behind in0",
         "(None, 2, 2)",
         "Insert Dense(2) and Reshape → (1, 2) behind in0"},
        {{{3}, {4, 5, 6}},
         "Insert Dense(6), Reshape → (1, 1, 6) and UpSampling2D 4 × 5 behind in0",
         "(None, 4, 5, 6)",
         "Insert Dense(6) and Reshape → (1, 1, 6) behind in0"},
        {{{2, 4}, {2, 3, 6}},
         "Insert Dense(6), Reshape → (2, 1, 6) and UpSampling2D 1 × 3 behind in0",
         "(None, 2, 3, 6)",
         "Insert Dense(6) and Reshape → (2, 1, 6) behind in0"},
        {{{7, 5}, {3, 2, 6}}, "", "(None, 3, 2, 6)"},
        {{{2, 5}, {7, 3, 4}}, "", "(None, 7, 3, 4)"},
        {{{5}, {2, 3, 4, 6}}, "", "(None, 2, 3, 4, 6)"},
        {{{5}, {2, 2, 2, 3, 4}}, "", "(None, 2, 2, 2, 3, 4)"},
        {{{5}, {6, 7, 8}, {9, 4}}, "", "(None, 6, 7, 8)"},
    };
    return all;
}

Model merged(std::string_view className, const Merge& merge, bool withRelu) {
    Model model;
    std::vector<NodeId> inputs;
    for (const std::vector<std::int64_t>& sizes : merge.inputs)
        inputs.push_back(
            model.add("InputLayer", "in" + std::to_string(inputs.size()), {{"shape", Value::list(sizes)}}));
    model.add(className, "merge", {}, inputs);
    if (withRelu) model.add("ReLU", "relu");
    return model;
}

TEST(KeepingRepairs, BringUnequalRanksTogetherInEveryElementwiseMerge) {
    int layers = 0;
    for (const layers::LayerType* type : layers::allLayers()) {
        if (type->role != layers::Role::BroadcastMerge) continue;
        ++layers;
        for (const Merge& merge : merges()) {
            if (type->className == "Subtract" && merge.inputs.size() > 2) continue;
            for (const bool withRelu : {false, true}) {
                SCOPED_TRACE(std::string(type->className) + " to " + merge.shape);
                std::string title;
                const Model model = merged(type->className, merge, withRelu);
                EXPECT_EQ(afterFirstRepair(model, title).shapeOf("merge"), merge.shape) << report(model);
                const bool isGate = type->isGate && !merge.gateTitle.empty();
                if (!merge.title.empty()) {
                    EXPECT_EQ(title, isGate ? merge.gateTitle : merge.title);
                }
            }
        }
    }
    EXPECT_EQ(layers, 6);
}

TEST(KeepingRepairs, ConcatenateTakesTheReshapeWhereCountsAgree) {
    std::string title;
    const Merge merge{{{2, 2, 2}, {2, 4}}, "", ""};
    EXPECT_EQ(afterFirstRepair(merged("Concatenate", merge, true), title).shapeOf("merge"), "(None, 2, 2, 4)");
    EXPECT_EQ(title, "Insert Reshape → (2, 2, 2) behind in1");
    const Merge other{{{2, 3, 4}, {3, 5}}, "", ""};
    EXPECT_EQ(afterFirstRepair(merged("Concatenate", other, false), title).shapeOf("merge"), "(None, 2, 3, 9)");
    EXPECT_EQ(title, "Insert Reshape → (1, 3, 5) and UpSampling2D 2 × 1 behind in1");
}

TEST(KeepingRepairs, ProjectAnyAxisForDot) {
    Model model;
    const NodeId a = model.add("InputLayer", "a", {{"shape", Value::list({4, 5, 6})}});
    const NodeId b = model.add("InputLayer", "b", {{"shape", Value::list({3, 7, 8})}});
    model.add("Dot", "dot", {{"axes", 1}}, {a, b});
    std::string title;
    EXPECT_EQ(afterFirstRepair(model, title).shapeOf("dot"), "(None, 5, 6, 7, 8)");
    EXPECT_EQ(title, "Insert Permute (2, 3, 1), a 1 × 1 Conv2D with 4 filters and Permute (3, 1, 2) behind b");
}

TEST(KeepingRepairs, AskWhatTheWeightsBehindAMergeWereMadeFor) {
    Model model = merged("Add", {{{2, 2, 2}, {2, 4}}, "", ""}, true);
    const NodeId dense = model.add("Dense", "dense", {{"units", 3}});
    model.setWeights(dense, {{"kernel", tensor::Tensor({4, 3}, 0.5F)}, {"bias", tensor::Tensor({3}, 0.5F)}});
    std::string title;
    EXPECT_EQ(afterFirstRepair(model, title).shapeOf("dense"), "(None, 2, 3)");
    EXPECT_EQ(title, "Insert Reshape → (2, 4) behind in0");
}

struct Reading {
    std::vector<std::int64_t> input;
    std::string_view className;
    Settings settings;
    std::vector<std::int64_t> madeFor;
    std::string title;
};

Value wrapping(std::string_view className, const ValueDict& config) {
    ValueDict layer;
    layer.emplace_back("class_name", Value(className));
    layer.emplace_back("config", Value(config));
    return Value(std::move(layer));
}

const std::vector<Reading>& readings() {
    static const std::vector<Reading> all{
        {{1, 2, 2, 1}, "Conv1D", {{"filters", 2}, {"kernel_size", 1}}, {4, 1}, "Insert Reshape → (4, 1)"},
        {{1, 2, 2, 1}, "Conv1D", {{"filters", 2}, {"kernel_size", 1}}, {2, 2}, "Insert Reshape → (2, 2)"},
        {{1, 2, 2, 1}, "Conv1D", {{"filters", 2}, {"kernel_size", 1}}, {1, 4}, "Insert Reshape → (1, 4)"},
        {{2, 6, 1}, "Conv1D", {{"filters", 2}, {"kernel_size", 2}}, {4, 3}, "Insert Reshape → (4, 3)"},
        {{10, 4}, "LSTM", {{"units", 5}}, {1, 40}, "Insert Reshape → (1, 40)"},
        {{7, 3, 4}, "GRU", {{"units", 5}}, {21, 4}, "Insert Reshape → (21, 4)"},
        {{12}, "SimpleRNN", {{"units", 5}}, {4, 3}, "Insert Reshape → (4, 3)"},
        {{1, 8, 8, 1, 3}, "Conv2D", {{"filters", 2}, {"kernel_size", 3}}, {8, 8, 3}, "Insert Reshape → (8, 8, 3)"},
        {{8, 24}, "Conv2D", {{"filters", 2}, {"kernel_size", 3}}, {8, 8, 3}, "Insert Reshape → (8, 8, 3)"},
        {{4, 4, 4, 3, 1, 1},
         "Conv3D",
         {{"filters", 2}, {"kernel_size", 2}},
         {4, 4, 4, 3},
         "Insert Reshape → (4, 4, 4, 3)"},
        {{28, 28, 1}, "Dense", {{"units", 10}}, {784}, "Insert Flatten"},
        {{4, 5, 6}, "Dense", {{"units", 10}}, {4, 30}, "Insert Reshape → (4, 30)"},
        {{1, 2, 2, 1},
         "Bidirectional",
         {{"layer", wrapping("LSTM", {{"units", Value(3)}})}},
         {4, 1},
         "Insert Reshape → (4, 1)"},
        {{4, 10, 1, 6},
         "TimeDistributed",
         {{"layer", wrapping("Conv1D", {{"filters", Value(3)}, {"kernel_size", Value(2)}})}},
         {4, 5, 12},
         "Insert Reshape → (4, 5, 12)"},
        {{2, 3, 4, 5, 6},
         "TimeDistributed",
         {{"layer", wrapping("Conv1D", {{"filters", Value(3)}, {"kernel_size", Value(2)}})}},
         {2, 12, 30},
         "Insert Reshape → (2, 12, 30)"},
    };
    return all;
}

graph::WeightSet weightsFor(const Reading& reading) {
    Model fitting;
    fitting.add("InputLayer", "data", {{"shape", Value::list(reading.madeFor)}});
    const NodeId id = fitting.add(reading.className, "layer", reading.settings);
    const infer::Analysis analysis = fitting.analysis();
    const graph::Node& node = *fitting.project().graph.find(id);
    graph::WeightSet weights;
    for (const layers::WeightSpec& spec : layers::weightsOf(node, analysis.inputTypes(node)))
        weights.push_back({std::string(spec.name), tensor::Tensor(spec.extents, 0.5F)});
    EXPECT_FALSE(weights.empty()) << reading.className;
    return weights;
}

void declareBuild(Model& model, NodeId id, const std::vector<std::int64_t>& sizes) {
    auto node = std::make_shared<graph::Node>(*model.project().graph.find(id));
    ValueList shape{Value()};
    for (const std::int64_t size : sizes) shape.emplace_back(size);
    node->builtFor = std::make_shared<const Value>(std::move(shape));
    model.project().graph.put(std::move(node));
}

TEST(KeepingRepairs, ReadValuesAsTheWeightsOfALayerTakeThem) {
    for (const Reading& reading : readings()) {
        for (const bool isDeclared : {false, true}) {
            SCOPED_TRACE(std::string(reading.className) + (isDeclared ? " declared " : " loaded ") + reading.title);
            Model model;
            model.add("InputLayer", "data", {{"shape", Value::list(reading.input)}});
            const NodeId id = model.add(reading.className, "layer", reading.settings);
            // A declared shape of another rank is evidence only where the layer refuses its input anyway.
            if (isDeclared && model.shapeOf("layer") != "not known" && reading.madeFor.size() != reading.input.size())
                continue;
            if (isDeclared)
                declareBuild(model, id, reading.madeFor);
            else
                model.setWeights(id, weightsFor(reading));
            std::string title;
            const Model repaired = afterFirstRepair(model, title);
            if (!reading.title.empty()) {
                EXPECT_EQ(title, reading.title) << report(model);
            }
        }
    }
}

TEST(KeepingRepairs, TheShapeAFileSaysALayerWasBuiltForIsEvidence) {
    const std::string layers =
        R"({"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 1, 2, 2, 1]}},
        {"class_name": "Conv1D", "config": {"name": "c", "filters": 2, "kernel_size": [1]},
         "build_config": {"input_shape": [null, 4, 1]}})";
    const Result<Value> file =
        io::parseJson(R"({"class_name": "Sequential", "keras_version": "3.4.0", "config": {"name": "m", "layers": [)" +
                      layers + "]}}");
    ASSERT_TRUE(file);
    const Result<io::Opened> read = io::projectFromKeras(*file, std::nullopt);
    ASSERT_TRUE(read) << read.error().text();
    std::string title;
    afterFirstRepair(Model(read->project), title);
    EXPECT_EQ(title, "Insert Reshape → (4, 1)");
}

TEST(KeepingRepairs, AxesInTheOrderOfTheWeightsArePermutedAndNotReshaped) {
    const std::vector<std::tuple<std::vector<std::int64_t>, std::int64_t, std::string>> cases{
        {{3, 100}, 3, "Insert Permute (2, 1)"},
        {{4, 2, 1}, 4, "Insert Permute (2, 1, 3) and Reshape → (2, 4)"},
        {{2, 6, 1}, 3, "Insert Reshape → (4, 3)"},
        {{1, 25}, 5, "Insert Reshape → (5, 5)"}};
    for (const auto& [sizes, channels, wanted] : cases) {
        Model model;
        model.add("InputLayer", "data", {{"shape", Value::list(sizes)}});
        const NodeId id = model.add("Conv1D", "layer", {{"filters", 2}, {"kernel_size", 1}});
        model.setWeights(id, {{"kernel", tensor::Tensor({1, channels, 2}, 0.5F)}, {"bias", tensor::Tensor({2}, 0.5F)}});
        std::string title;
        afterFirstRepair(model, title);
        EXPECT_EQ(title, wanted) << report(model);
    }
}

TEST(KeepingRepairs, DotWithAnOpenAxisTakesAnotherThatIsKnown) {
    Model model;
    const NodeId a = model.add("InputLayer", "a", {{"shape", Value::list({8})}});
    const NodeId b = model.add("InputLayer", "b", {{"shape", Value(ValueList{Value(), Value(4)})}});
    model.add("Dot", "dot", {{"axes", 1}}, {a, b});
    std::string title;
    EXPECT_EQ(afterFirstRepair(model, title).shapeOf("dot"), "(None, None)");
    EXPECT_EQ(title, "Insert Dense(8) behind b and set axes to (1, 2)");
}

TEST(KeepingRepairs, ConcatenateFlattensAllMapsAtOnce) {
    std::string title;
    const Merge merge{{{4}, {2, 2, 8, 4}, {3, 5, 1}}, "", ""};
    EXPECT_EQ(afterFirstRepair(merged("Concatenate", merge, false), title).shapeOf("merge"), "(None, 147)");
    EXPECT_EQ(title, "Insert Flatten behind in1 and in2");
}

TEST(KeepingRepairs, TitlesOfSeveralStepsNameEachOfThem) {
    const Model model = merged("Average", {{{4, 6}, {5, 5}}, "", ""}, false);
    const std::vector<diag::Diagnostic> diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    ASSERT_FALSE(diagnostics[0].fixes.empty());
    const diag::Fix& fix = diagnostics[0].fixes[0];
    ASSERT_THAT(fix.id, HasSubstr("-and-more"));
    const std::string title = wordsOf(fix.title);
    int added = 0;
    const Model repaired = model.after(fix.edit);
    repaired.project().graph.forEach([&](const graph::Node& node) {
        if (model.project().graph.find(node.id)) return;
        ++added;
        EXPECT_THAT(title, HasSubstr(std::string(node.type->className)));
    });
    EXPECT_GE(added, 2);
    EXPECT_EQ(fix.edit.label, title);
}

TEST(KeepingRepairs, FramesKeepTheirWeightsInTimeDistributed) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({10, 32, 32, 3})}});
    const NodeId id = model.add("Conv2D", "layer", {{"filters", 4}, {"kernel_size", 3}});
    model.setWeights(id, {{"kernel", tensor::Tensor({3, 3, 3, 4}, 0.5F)}, {"bias", tensor::Tensor({4}, 0.5F)}});
    const Model repaired = expectRepair(model, Code::RankTooHigh, "layer", "time-distributed");
    EXPECT_EQ(slugs(model.diagnose()[0])[0], "time-distributed");
    EXPECT_EQ(repaired.project().graph.find(id)->weights, model.project().graph.find(id)->weights);
}

struct Target {
    std::vector<std::int64_t> target;
    std::vector<std::int64_t> madeFor;
    std::string title;
};

TEST(KeepingRepairs, TargetsOfAReshapeFollowTheWeightsBehind) {
    const std::vector<Target> targets{
        {{-1, -1}, {12, 1}, "Set target_shape to (-1, 1)"},
        {{-1, -1}, {4, 3}, "Set target_shape to (4, 3)"},
        {{-1, 5}, {4, 3}, "Set target_shape to (4, 3)"},
        {{5, 7}, {2, 6}, "Set target_shape to (2, 6)"},
        {{-1, 4}, {12, 1}, "Set target_shape of reshape to (12, 1)"},
        {{12, 1}, {1, 12}, "Set target_shape of reshape to (1, 12)"},
        {{2, 2, 3}, {4, 3}, "Set target_shape of reshape to (4, 3)"},
    };
    for (const Target& target : targets) {
        Model model;
        model.add("InputLayer", "data", {{"shape", Value::list({12})}});
        model.add("Reshape", "reshape", {{"target_shape", Value::list(target.target)}});
        model.add("ReLU", "relu");
        const NodeId id = model.add("Conv1D", "layer", {{"filters", 2}, {"kernel_size", 1}});
        const std::int64_t channels = target.madeFor.back();
        model.setWeights(id, {{"kernel", tensor::Tensor({1, channels, 2}, 0.5F)}, {"bias", tensor::Tensor({2}, 0.5F)}});
        std::string title;
        afterFirstRepair(model, title);
        EXPECT_EQ(title, target.title) << report(model);
    }
}

TEST(KeepingRepairs, AskTheWeightsBehindALayerWithoutAny) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({1, 2, 2, 1})}});
    model.add("MaxPooling1D", "pool", {{"pool_size", 1}});
    const NodeId id = model.add("Conv1D", "layer", {{"filters", 2}, {"kernel_size", 1}});
    model.setWeights(id, {{"kernel", tensor::Tensor({1, 1, 2}, 0.5F)}, {"bias", tensor::Tensor({2}, 0.5F)}});
    std::string title;
    afterFirstRepair(model, title);
    EXPECT_EQ(title, "Insert Reshape → (4, 1)") << report(model);
}

TEST(KeepingRepairs, AreRightForTheFilesThatShowedTheFault) {
    const std::vector<std::pair<std::string, std::string>> files{
        {"merge_same_count_end.json", "Insert Reshape → (2, 2, 2) behind in1"},
        {"merge_same_count_relu.json", "Insert Reshape → (2, 2, 2) behind in1"},
        {"merge_cat.json", "Insert Reshape → (2, 2, 2) behind in1"},
        {"merge_vector_map_end.json", "Insert Dense(2) and RepeatVector(2) behind in0"},
        {"merge_vector_map_relu.json", "Insert Dense(2) and RepeatVector(2) behind in0"},
        {"reshape-against-weights/model.json", "Insert Reshape → (4, 1)"}};
    for (const auto& [name, wanted] : files) {
        SCOPED_TRACE(name);
        std::string title;
        afterFirstRepair(opened(name), title);
        EXPECT_EQ(title, wanted);
    }
}

TEST(KeepingRepairs, ReadingsJoinNeighboursAndMixNothing) {
    const auto text = [](const std::vector<Sizes>& all) {
        std::string list;
        for (const Sizes& sizes : all) list += (list.empty() ? "" : " ") + wordsOf(sizesText(sizes));
        return list;
    };
    EXPECT_EQ(text(readingsOf({1, 2, 3, 1}, 2)), "(2, 3) (1, 6) (6, 1)");
    EXPECT_EQ(text(readingsOf({2, 3}, 3)), "(1, 2, 3) (2, 1, 3) (2, 3, 1) (1, 1, 6) (1, 6, 1) (6, 1, 1)");
    EXPECT_EQ(text(readingsOf({tensor::Dim(), 3}, 2)), "(-1, 3) (1, -1) (-1, 1)");
    EXPECT_EQ(text(cutReadings({4, 6}, 2, 3)), "(8, 3)");
    EXPECT_EQ(text(cutReadings({4, 6}, 3, 3)), "(4, 2, 3) (1, 8, 3) (8, 1, 3)");
    EXPECT_EQ(text(cutReadings({4, 6}, 2, 5)), "");
    EXPECT_TRUE(linesUp({2, 4}, {2, 2, 2}));
    EXPECT_FALSE(linesUp({4, 6}, {2, 3, 4}));
    EXPECT_TRUE(linesUp({6, 4}, {2, 1, 3, 4}));
}

}  // namespace
}  // namespace shapewise::mistakes
