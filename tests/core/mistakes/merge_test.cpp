#include "tests/core/mistakes/model.h"

#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;

TEST(MergeMistakes, AConstantOfAnotherSizeIsNamedBesideTheInput) {
    Model model;
    model.add("InputLayer", "frames", {{"shape", Value::list({6, 4})}});
    model.add("TensorArithmetic", "scaled", {{"function", "multiply"}, {"constant", Value::list({2, 5})}});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U) << report(model);
    EXPECT_EQ(diagnostics[0].code, Code::MergeMismatch);
    EXPECT_NE(messageOf(diagnostics[0]).find("cannot combine (None, 6, 4) and a constant (2,)"), std::string::npos)
        << messageOf(diagnostics[0]);
    EXPECT_NE(messageOf(diagnostics[0]).find("4 and 2"), std::string::npos) << messageOf(diagnostics[0]);
}

TEST(MergeMistakes, AResidualPathWithOtherChannelsAndStrideGetsAProjection) {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({56, 56, 64})}});
    const NodeId main = model.add("Conv2D", "main",
                                  {{"filters", 128}, {"kernel_size", 3}, {"strides", 2}, {"padding", "same"}}, {data});
    model.add("Add", "add", {}, {main, data});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::MergeMismatch);
    EXPECT_EQ(slugs(diagnostics[0])[0], "project-short-path");
    EXPECT_EQ(expectRepair(model, Code::MergeMismatch, "add", "project-short-path").shapeOf("add"),
              "(None, 28, 28, 128)");
}

TEST(MergeMistakes, ValidPaddingInTheMainPathBecomesSame) {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({32, 32, 64})}});
    const NodeId main = model.add("Conv2D", "main", {{"filters", 64}, {"kernel_size", 3}}, {data});
    model.add("Add", "add", {}, {main, data});
    EXPECT_EQ(expectRepair(model, Code::MergeMismatch, "add", "same-on-path").shapeOf("add"), "(None, 32, 32, 64)");
    expectFirstRepairsWork(model, "residual");
}

Model oddSkip() {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({225, 225, 8})}});
    model.add("MaxPooling2D", "pool");
    const NodeId small = model.add("Conv2D", "inner", {{"filters", 8}, {"kernel_size", 3}, {"padding", "same"}});
    const NodeId up = model.add("UpSampling2D", "up", {{"size", 2}}, {small});
    model.add("Concatenate", "skip", {}, {up, data});
    return model;
}

TEST(MergeMistakes, AnOddSkipIsPaddedCroppedOrAvoided) {
    const Model model = oddSkip();
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::ConcatenateMismatch);
    EXPECT_EQ(slugs(diagnostics[0])[0], "insert-padding");
    EXPECT_NE(wordsOf(diagnostics[0].fixes[0].title).find("((0, 1), (0, 1))"), std::string::npos)
        << wordsOf(diagnostics[0].fixes[0].title);
    EXPECT_EQ(expectRepair(model, Code::ConcatenateMismatch, "skip", "insert-padding").shapeOf("skip"),
              "(None, 225, 225, 16)");
    EXPECT_EQ(expectRepair(model, Code::ConcatenateMismatch, "skip", "source-shape").shapeOf("data"),
              "(None, 226, 226, 8)");
    EXPECT_EQ(expectRepair(model, Code::ConcatenateMismatch, "skip", "insert-cropping").shapeOf("skip"),
              "(None, 224, 224, 16)");
}

TEST(MergeMistakes, ATransposedConvolutionAddsTheMissingCell) {
    Model model;
    const NodeId data = model.add("InputLayer", "data", {{"shape", Value::list({7, 7, 8})}});
    const NodeId down = model.add("Conv2D", "down", {{"filters", 8}, {"kernel_size", 3}, {"strides", 2}}, {data});
    const NodeId up = model.add("Conv2DTranspose", "up", {{"filters", 8}, {"kernel_size", 2}, {"strides", 2}}, {down});
    model.add("Concatenate", "skip", {}, {up, data});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "output-padding");
    EXPECT_EQ(expectRepair(model, Code::ConcatenateMismatch, "skip", "output-padding").shapeOf("up"),
              "(None, 7, 7, 8)");
}

TEST(MergeMistakes, DifferentRanksAreFlattenedOrPooled) {
    Model model;
    const NodeId row = model.add("InputLayer", "row", {{"shape", Value::list({10})}});
    const NodeId map = model.add("InputLayer", "map", {{"shape", Value::list({7, 7, 64})}});
    model.add("Concatenate", "join", {}, {row, map});
    EXPECT_EQ(expectRepair(model, Code::MergeRankMismatch, "join", "insert-flatten").shapeOf("join"), "(None, 3146)");
    EXPECT_EQ(expectRepair(model, Code::MergeRankMismatch, "join", "insert-global-pooling").shapeOf("join"),
              "(None, 74)");
}

TEST(MergeMistakes, ASilentBroadcastIsAWarningExceptInAGate) {
    Model model;
    const NodeId map = model.add("InputLayer", "map", {{"shape", Value::list({8, 8, 64})}});
    const NodeId one = model.add("InputLayer", "one", {{"shape", Value::list({1, 1, 64})}});
    model.add("Add", "add", {}, {map, one});
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, Code::BroadcastMerge);
    EXPECT_EQ(diagnostics[0].severity, diag::Severity::Warning);
    EXPECT_LT(diagnostics[0].confidence, 1.0);
    expectFirstRepairsWork(model, "broadcast");
    Model gate;
    const NodeId big = gate.add("InputLayer", "map", {{"shape", Value::list({8, 8, 64})}});
    const NodeId small = gate.add("InputLayer", "gate", {{"shape", Value::list({1, 1, 64})}});
    gate.add("Multiply", "multiply", {}, {big, small});
    EXPECT_TRUE(gate.diagnose().empty());
}

TEST(MergeMistakes, BatchesAreMadeEqual) {
    Model model;
    const NodeId a = model.add("InputLayer", "a", {{"batch_shape", Value::list({2, 3})}});
    const NodeId b = model.add("InputLayer", "b", {{"batch_shape", Value::list({3, 3})}});
    model.add("Add", "add", {}, {a, b});
    expectFirstRepairsWork(model, "batch");
}

}  // namespace
}  // namespace shapewise::mistakes
