#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;

TEST(EinsumDenseInfer, ReadsSizesFromInputAndOutputShape) {
    const ValueDict settings{
        {"equation", "abc,cd->abd"}, {"output_shape", Value(ValueList{Value(), Value(64)})}, {"bias_axes", "d"}};
    const Checked einsum = check("EinsumDense", settings, {"(2, 32, 128)"});
    EXPECT_EQ(einsum.shape(), "(2, 32, 64)");
    EXPECT_EQ(einsum.weights(), "kernel (128, 64), bias (64,)");
}

TEST(EinsumDenseInfer, DotsStandForAnyAxes) {
    EXPECT_EQ(check("EinsumDense", {{"equation", "...x,xy->...y"}, {"output_shape", 4}}, {"(2, 5, 6, 3)"}).shape(),
              "(2, 5, 6, 4)");
    EXPECT_EQ(check("EinsumDense", {{"equation", "ab...,bc->ac..."}, {"output_shape", 4}}, {"(2, 5, 6, 3)"}).shape(),
              "(2, 4, 6, 3)");
}

TEST(EinsumDenseInfer, RefusesAnEquationThatCannotBeRead) {
    EXPECT_TRUE(check("EinsumDense", {{"equation", "abc-cd->abd"}, {"output_shape", 5}}, {"(2, 3, 4)"})
                    .refuses(Code::ParameterRange));
    EXPECT_TRUE(check("EinsumDense", {{"equation", "ab,bc->ad"}, {"output_shape", 4}}, {"(2, 3)"})
                    .refuses(Code::ParameterRange));
    EXPECT_TRUE(check("EinsumDense", {{"equation", "ab,bc->ac"}, {"output_shape", 4}, {"bias_axes", "z"}}, {"(2, 3)"})
                    .refuses(Code::ParameterRange));
}

}  // namespace
}  // namespace shapewise::layers
