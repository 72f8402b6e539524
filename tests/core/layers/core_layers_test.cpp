#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;

const std::vector<std::string> kNoInputs;

TEST(InputLayerInfer, PutsTheBatchInFront) {
    const Value shape(ValueList{Value("T"), Value(8)});
    EXPECT_EQ(check("InputLayer", {{"shape", shape}}, kNoInputs).shape(), "(None, T, 8)");
    EXPECT_EQ(check("InputLayer", {{"shape", Value::list({28, 28, 1})}, {"batch_size", 4}}, kNoInputs).shape(),
              "(4, 28, 28, 1)");
    const Checked whole =
        check("InputLayer", {{"batch_shape", Value(ValueList{Value(), Value(20), Value(1)})}}, kNoInputs);
    EXPECT_EQ(whole.shape(), "(None, 20, 1)");
    EXPECT_EQ(whole.axes(), "(batch, time, channels)");
}

TEST(InputLayerInfer, RefusesZeroNegativeAndDoubledShapes) {
    EXPECT_TRUE(check("InputLayer", {{"shape", Value::list({0, 3})}}, kNoInputs).refuses(Code::ParameterRange));
    EXPECT_TRUE(check("InputLayer", {{"shape", Value::list({-1, 3})}}, kNoInputs).refuses(Code::ParameterRange));
    const ValueDict both{{"shape", Value::list({2})}, {"batch_shape", Value::list({1, 2})}};
    EXPECT_TRUE(check("InputLayer", both, kNoInputs).refuses(Code::ParameterConflict));
    EXPECT_TRUE(check("InputLayer", {}, kNoInputs).refuses(Code::ParameterMissing));
    EXPECT_TRUE(
        check("InputLayer", {{"shape", Value::list({1, 2, 3, 4, 5, 6, 7, 8})}}, kNoInputs).refuses(Code::RankTooLarge));
}

TEST(DenseInfer, WorksOnTheLastAxisOnly) {
    const Checked dense = check("Dense", {{"units", 10}}, {"(None, 7, 5, 3)"});
    EXPECT_EQ(dense.shape(), "(None, 7, 5, 10)");
    EXPECT_EQ(dense.weights(), "kernel (3, 10), bias (10,)");
    EXPECT_TRUE(check("Dense", {{"units", 10}}, {"(None, T)"}).refuses(Code::SizeUnknown));
}

TEST(DenseInfer, GluHalvesTheLastAxis) {
    EXPECT_EQ(check("Dense", {{"units", 10}, {"activation", "glu"}}, {"(None, 3)"}).shape(), "(None, 5)");
    EXPECT_TRUE(check("Dense", {{"units", 9}, {"activation", "glu"}}, {"(None, 3)"}).isRefused());
}

TEST(DenseParameters, OffersTheNearestActivation) {
    const Checked dense = check("Dense", {{"units", 10}, {"activation", "softmaxx"}}, {"(None, 3)"});
    const diag::Refusal* refusal = dense.refusal(Code::ParameterChoice);
    ASSERT_NE(refusal, nullptr);
    std::string nearest;
    for (const diag::Argument& argument : refusal->arguments)
        if (argument.name == "nearest") nearest = std::get<std::string>(argument.value);
    EXPECT_EQ(nearest.substr(0, 7), "softmax");
}

TEST(PoolingInfer, StridesDefaultToThePool) {
    EXPECT_EQ(check("MaxPooling2D", {}, {"(None, 7, 8, 3)"}).shape(), "(None, 3, 4, 3)");
    EXPECT_EQ(check("AveragePooling1D", {{"pool_size", 3}, {"padding", "same"}}, {"(None, 7, 3)"}).shape(),
              "(None, 3, 3)");
    EXPECT_TRUE(check("MaxPooling2D", {}, {"(None, 1, 8, 3)"}).refuses(Code::WindowTooLarge));
}

TEST(GlobalPoolingInfer, LeavesChannels) {
    EXPECT_EQ(check("GlobalAveragePooling2D", {}, {"(None, None, None, 32)"}).shape(), "(None, 32)");
    EXPECT_EQ(check("GlobalMaxPooling1D", {{"keepdims", true}}, {"(2, 9, 4)"}).shape(), "(2, 1, 4)");
}

TEST(BatchNormalizationWeights, AreFourOfWhichTwoAreTrained) {
    const Checked layer = check("BatchNormalization", {}, {"(None, 5, 6)"});
    EXPECT_EQ(layer.weights(), "gamma (6,), beta (6,), moving_mean (6,), moving_variance (6,)");
    const auto count = parameterCount(*layer.node, layer.inputPointers());
    ASSERT_TRUE(count.has_value());
    EXPECT_EQ(count->total, 24);
    EXPECT_EQ(count->trainable, 12);
}

TEST(BatchNormalizationInfer, TakesTheListOfOneAxisThatKeras2Writes) {
    EXPECT_EQ(check("BatchNormalization", {{"axis", Value::list({3})}}, {"(None, 5, 6, 2)"}).shape(),
              "(None, 5, 6, 2)");
    EXPECT_TRUE(check("BatchNormalization", {{"axis", 4}}, {"(None, 5, 6)"}).refuses(Code::AxisOutOfRange));
}

TEST(FrozenLayers, HaveNoTrainableParameters) {
    Checked layer = check("Dense", {{"units", 10}}, {"(None, 3)"});
    layer.node->extras.emplace_back("trainable", false);
    const auto count = parameterCount(*layer.node, layer.inputPointers());
    ASSERT_TRUE(count.has_value());
    EXPECT_EQ(count->total, 40);
    EXPECT_EQ(count->trainable, 0);
}

TEST(CustomInfer, IsUnknownUntilDeclared) {
    const Checked silent = check("Custom", {{"class_name", "Mystery"}}, {"(None, 3)"});
    EXPECT_FALSE(silent.isRefused());
    EXPECT_TRUE(silent.outputs.empty());
    EXPECT_EQ(check("Custom", {{"output_shape", Value::list({4, 5})}}, {"(7, 3)"}).shape(), "(7, 4, 5)");
}

TEST(TargetInfer, TakesOneInputAndGivesNothing) {
    const Checked target = check("Target", {{"shape", Value::list({10})}}, {"(None, 10)"});
    EXPECT_FALSE(target.isRefused());
    EXPECT_TRUE(target.outputs.empty());
    EXPECT_TRUE(check("Target", {}, kNoInputs).refuses(Code::InputMissing));
}

TEST(MultiplyAdds, AreCountedForConvolutions) {
    const Checked conv = check("Conv2D", {{"filters", 8}, {"kernel_size", 3}}, {"(1, 10, 10, 3)"});
    EXPECT_EQ(multiplyAddCount(*conv.node, conv.inputPointers()), 8 * 8 * 8 * 27);
}

TEST(SampleInfer, GivesSignalsTheirSeconds) {
    const ValueDict tone{{"kind", "sine"}, {"shape", Value::list({8000, 1})}, {"sample_rate", 8000}};
    const Checked sample = check("Sample", tone, kNoInputs);
    EXPECT_EQ(sample.shape(), "(1, 8000, 1)");
    EXPECT_DOUBLE_EQ(sample.outputs[0].scale(1).step, 1.0 / 8000.0);
    EXPECT_TRUE(sample.node->type->param("frequency")->isVisible(Params(*sample.node)));
    EXPECT_FALSE(sample.node->type->param("seed")->isVisible(Params(*sample.node)));
}

}  // namespace
}  // namespace shapewise::layers
