#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

#include <set>

namespace shapewise::mistakes {
namespace {

using diag::Code;

TEST(GraphFaults, AnUnconnectedLayerIsAnErrorWithTheNearestProducerFirst) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({28, 28, 3})}});
    model.add("Conv2D", "lonely", {{"filters", 8}, {"kernel_size", 3}}, {});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::InputMissing);
    EXPECT_EQ(slugs(diagnostics[0])[0], "connect-data");
    EXPECT_EQ(expectRepair(model, Code::InputMissing, "lonely", "connect-data").shapeOf("lonely"), "(None, 26, 26, 8)");
    expectRepair(model, Code::InputMissing, "lonely", "add-input");
    expectRepair(model, Code::InputMissing, "lonely", "delete-this");
}

TEST(GraphFaults, AnUnconnectedLayerThatTakesAnyInputAsksForNoAxes) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({28, 28, 3})}});
    model.add("Dropout", "lonely", {{"rate", 0.5}}, {});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_TRUE(diagnostics[0].wanted.empty()) << messageOf(diagnostics[0]);
}

TEST(GraphFaults, AMergeWithOneInputIsConnectedOrRemoved) {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({4})}});
    const NodeId dense = model.add("Dense", "dense", {{"units", 4}}, {data});
    const NodeId add = model.add("Add", "add", {}, {dense});
    model.add("ReLU", "relu", {}, {add});
    expectFirstRepairsWork(model, "one input");
    expectRepair(model, Code::TooFewInputs, "add", "remove-this");
}

TEST(GraphFaults, ALoopIsShownAndCutAtTheLinkThatLeadsBack) {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({4})}});
    const NodeId add = model.add("Add", "add", {}, {data, NodeId(2)});
    model.add("ReLU", "relu", {}, {add});
    const auto diagnostics = model.diagnose();
    ASSERT_FALSE(diagnostics.empty());
    EXPECT_EQ(diagnostics[0].code, Code::Loop);
    EXPECT_NE(messageOf(diagnostics[0]).find("add → ReLU 'relu' → add"), std::string::npos)
        << messageOf(diagnostics[0]);
    expectFirstRepairsWork(model, "loop");
}

TEST(GraphFaults, AFileThatIsNotThereIsChosenAnewOrReplacedByASample) {
    Model model;
    model.add("ImageFile", "photo", {{"path", "photo.png"}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    ASSERT_GE(diagnostics[0].fixes.size(), 2U) << report(model);
    EXPECT_EQ(slugs(diagnostics[0])[0], "choose-file");
    EXPECT_EQ(slugs(diagnostics[0])[1], "use-sample");
    expectFirstRepairsWork(model, "file");
}

TEST(Parameters, CausalConv2DPadsOnTopOrBecomesConv1D) {
    Model model;
    model.add("InputLayer", "map", {{"shape", Value::list({20, 16, 1})}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", Value::list({3, 3})}, {"padding", "causal"}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "causal-by-padding");
    EXPECT_EQ(expectRepair(model, Code::ParameterChoice, "conv", "causal-by-padding").shapeOf("conv"),
              "(None, 20, 14, 8)");
}

TEST(Parameters, ATupleOfTheWrongLengthKeepsItsFirstNumber) {
    Model model;
    model.add("InputLayer", "steps", {{"shape", Value::list({20, 4})}});
    model.add("Conv1D", "conv", {{"filters", 8}, {"kernel_size", Value::list({3, 3})}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::ParameterTupleLength);
    expectFirstRepairsWork(model, "tuple");
}

TEST(Parameters, StrideAndDilationAreChosenBetween) {
    Model model;
    model.add("InputLayer", "map", {{"shape", Value::list({20, 20, 3})}});
    model.add("Conv2D", "conv", {{"filters", 8}, {"kernel_size", 3}, {"strides", 2}, {"dilation_rate", 2}});
    expectRepair(model, Code::ParameterConflict, "conv", "reset-strides");
    expectRepair(model, Code::ParameterConflict, "conv", "reset-dilation_rate");
    expectFirstRepairsWork(model, "conflict");
}

TEST(Diagnose, GivesTheSameUniqueIdsInEveryRun) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20, 1})}});
    model.add("Conv2D", "a", {{"filters", 0}, {"kernel_size", 0}});
    model.add("Conv2D", "b", {{"filters", -1}, {"kernel_size", 3}, {"padding", "full"}});
    const auto ids = [&] {
        std::vector<std::string> list;
        for (const auto& diagnostic : model.diagnose())
            for (const auto& fix : diagnostic.fixes) list.push_back(fix.id);
        return list;
    };
    const std::vector<std::string> first = ids();
    EXPECT_EQ(first, ids());
    EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), first.size());
    expectFirstRepairsWork(model, "several");
}

}  // namespace
}  // namespace shapewise::mistakes
