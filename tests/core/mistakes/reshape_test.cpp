#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using diag::Code;

Model reshaped(const Value& shape, const Value& target) {
    Model model;
    model.add("InputLayer", "data", {{"shape", shape}});
    model.add("Reshape", "reshape", {{"target_shape", target}});
    return model;
}

TEST(ReshapeMistakes, AnotherNumberOfElementsShowsBothProducts) {
    const Model model = reshaped(Value::list({13, 13, 1024}), Value::list({4, 10}));
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_NE(messageOf(diagnostics[0]).find("173,056"), std::string::npos) << messageOf(diagnostics[0]);
    expectFirstRepairsWork(model, "elements");
    EXPECT_EQ(expectRepair(model, Code::ElementCountMismatch, "reshape", "computed-2").shapeOf("reshape"),
              "(None, 4, 43264)");
    EXPECT_EQ(expectRepair(model, Code::ElementCountMismatch, "reshape", "through-dense").shapeOf("reshape"),
              "(None, 4, 10)");
    expectRepair(model, Code::ElementCountMismatch, "reshape", "factor-pair");
}

TEST(ReshapeMistakes, ABatchInTargetShapeIsDropped) {
    const Model model = reshaped(Value::list({784}), Value::list({32, 28, 28, 1}));
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(slugs(diagnostics[0])[0], "drop-batch");
    EXPECT_EQ(expectRepair(model, Code::ElementCountMismatch, "reshape", "drop-batch").shapeOf("reshape"),
              "(None, 28, 28, 1)");
}

TEST(ReshapeMistakes, MinusOneThatDoesNotComeOutEvenAndTwoOfThem) {
    expectFirstRepairsWork(reshaped(Value::list({10}), Value::list({-1, 3})), "not dividing");
    const Model two = reshaped(Value::list({10, 5}), Value::list({-1, -1, 5}));
    EXPECT_EQ(expectRepair(two, Code::ReshapeTwoUnknown, "reshape", "drop-batch").shapeOf("reshape"), "(None, 10, 5)");
}

TEST(ReshapeMistakes, ExchangingAxesIsAWarningWithPermute) {
    const Model model = reshaped(Value::list({64, 128}), Value::list({128, 64}));
    const auto diagnostics = model.diagnose();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].severity, diag::Severity::Warning);
    EXPECT_EQ(diagnostics[0].code, Code::ReshapeExchangesAxes);
    const Model repaired = expectRepair(model, Code::ReshapeExchangesAxes, "reshape", "use-permute");
    EXPECT_EQ(repaired.shapeOf("reshape"), "(None, 128, 64)");
    const Model wider = reshaped(Value::list({64, 128}), Value::list({128, 64, 1}));
    EXPECT_EQ(expectRepair(wider, Code::ReshapeExchangesAxes, "reshape", "insert-permute").shapeOf("reshape"),
              "(None, 128, 64, 1)");
    EXPECT_TRUE(reshaped(Value::list({64, 128}), Value::list({64, 128, 1})).diagnose().empty());
    EXPECT_TRUE(reshaped(Value::list({128, 1}), Value::list({1, 128})).diagnose().empty());
}

TEST(ReshapeMistakes, PermuteWithZeroOrGapsIsRenumbered) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({4, 5})}});
    model.add("Permute", "permute", {{"dims", Value::list({0, 2, 1})}});
    EXPECT_EQ(expectRepair(model, Code::PermutationNotComplete, "permute", "drop-batch").shapeOf("permute"),
              "(None, 5, 4)");
    Model gaps;
    gaps.add("InputLayer", "data", {{"shape", Value::list({4, 5})}});
    gaps.add("Permute", "permute", {{"dims", Value::list({3, 1})}});
    EXPECT_EQ(expectRepair(gaps, Code::PermutationNotComplete, "permute", "renumber").shapeOf("permute"),
              "(None, 5, 4)");
}

}  // namespace
}  // namespace shapewise::mistakes
