#include "core/kernels/convolution.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <limits>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

constexpr double kTolerance = 1e-4;

Floats unset(std::int64_t count) {
    return Floats(static_cast<std::size_t>(count), std::numeric_limits<float>::quiet_NaN());
}

double convolutionDeviation(const ConvolutionShape& shape) {
    const Floats x = randomValues(shape.input.count(), 1);
    const Floats kernel =
        randomValues(product(shape.window.size) * shape.input.channels / shape.groups * shape.filters, 2);
    const Floats bias = randomValues(shape.filters, 3);
    Floats y = unset(shape.output().count());
    Epilogue epilogue;
    epilogue.bias = bias.data();
    convolution(shape, x.data(), kernel.data(), epilogue, y.data());
    return deviation(y, reference::convolution(shape, x, kernel, bias));
}

double depthwiseDeviation(const DepthwiseShape& shape) {
    const ImageSize output = shape.output();
    const Floats x = randomValues(shape.input.count(), 1);
    const Floats kernel = randomValues(product(shape.window.size) * output.channels, 2);
    const Floats bias = randomValues(output.channels, 3);
    Floats y = unset(output.count());
    Epilogue epilogue;
    epilogue.bias = bias.data();
    depthwiseConvolution(shape, x.data(), kernel.data(), epilogue, y.data());
    return deviation(y, reference::depthwise(shape, x, kernel, bias));
}

double transposedDeviation(const TransposedShape& shape) {
    const Floats x = randomValues(shape.input.count(), 1);
    const Floats kernel = randomValues(product(shape.size) * shape.input.channels * shape.filters, 2);
    const Floats bias = randomValues(shape.filters, 3);
    Floats y = unset(shape.output().count());
    Epilogue epilogue;
    epilogue.bias = bias.data();
    transposedConvolution(shape, x.data(), kernel.data(), epilogue, y.data());
    return deviation(y, reference::transposed(shape, x, kernel, bias));
}

enum class Padding { Valid, Same, Causal };

void applyPadding(Window& window, Padding padding, const Sizes3& input) {
    if (padding == Padding::Same) window.padSame(input);
    if (padding == Padding::Causal) window.padCausal();
}

TEST(Convolution, OneAxisAgreesWithTheDefinition) {
    for (const Padding padding : {Padding::Valid, Padding::Same, Padding::Causal}) {
        for (const std::int64_t channels : {1, 3, 17}) {
            for (const std::int64_t taps : {1, 2, 5}) {
                for (const std::int64_t stride : {1, 2, 3}) {
                    for (const std::int64_t dilation : {1, 4}) {
                        ConvolutionShape shape{{2, {1, 1, 31}, channels}, {}, 19, 1};
                        shape.window.size[2] = taps;
                        shape.window.strides[2] = stride;
                        shape.window.dilation[2] = dilation;
                        applyPadding(shape.window, padding, shape.input.spatial);
                        EXPECT_LT(convolutionDeviation(shape), kTolerance)
                            << channels << " channels, " << taps << " taps, stride " << stride << ", dilation "
                            << dilation;
                    }
                }
            }
        }
    }
}

TEST(Convolution, TwoAxesAgreeWithTheDefinition) {
    for (const Padding padding : {Padding::Valid, Padding::Same}) {
        for (const std::int64_t channels : {1, 4, 70}) {
            for (const Sizes3 strides : {Sizes3{1, 1, 1}, Sizes3{1, 2, 3}}) {
                for (const Sizes3 dilation : {Sizes3{1, 1, 1}, Sizes3{1, 2, 3}}) {
                    ConvolutionShape shape{{2, {1, 9, 11}, channels}, {{1, 3, 2}, strides, dilation, {}, {}}, 33, 1};
                    applyPadding(shape.window, padding, shape.input.spatial);
                    EXPECT_LT(convolutionDeviation(shape), kTolerance) << channels << " channels";
                }
            }
        }
    }
}

TEST(Convolution, ThreeAxesAgreeWithTheDefinition) {
    for (const std::int64_t channels : {1, 5}) {
        ConvolutionShape shape{{2, {5, 6, 7}, channels}, {{2, 3, 3}, {1, 2, 1}, {1, 1, 2}, {}, {}}, 4, 1};
        EXPECT_LT(convolutionDeviation(shape), kTolerance);
        shape.window.padSame(shape.input.spatial);
        EXPECT_LT(convolutionDeviation(shape), kTolerance);
    }
}

TEST(Convolution, GroupsSeeOnlyTheirChannels) {
    for (const std::int64_t groups : {2, 3, 6}) {
        for (const std::int64_t filters : {6, 12}) {
            ConvolutionShape shape{{2, {1, 8, 9}, 6}, {{1, 3, 3}, {1, 2, 1}, {1, 1, 1}, {}, {}}, filters, groups};
            shape.window.padSame(shape.input.spatial);
            EXPECT_LT(convolutionDeviation(shape), kTolerance) << groups << " groups, " << filters << " filters";
        }
    }
}

TEST(Convolution, WindowLargerThanTheInputUnderSamePadding) {
    ConvolutionShape shape{{1, {1, 2, 3}, 4}, {{1, 7, 9}, {1, 1, 1}, {1, 1, 1}, {}, {}}, 5, 1};
    shape.window.padSame(shape.input.spatial);
    EXPECT_LT(convolutionDeviation(shape), kTolerance);
}

TEST(Convolution, PointwiseWithStrideSkipsCells) {
    EXPECT_LT(convolutionDeviation({{2, {1, 7, 7}, 12}, {{1, 1, 1}, {1, 2, 2}, {1, 1, 1}, {}, {}}, 8, 1}), kTolerance);
}

TEST(Convolution, SoftmaxOverAllGroupsSumsToOne) {
    const ConvolutionShape shape{{1, {1, 1, 5}, 4}, {{1, 1, 2}, {1, 1, 1}, {1, 1, 1}, {}, {}}, 6, 2};
    const Floats x = randomValues(shape.input.count(), 1);
    const Floats kernel = randomValues(2 * 2 * 6, 2);
    Floats y = unset(shape.output().count());
    Epilogue epilogue;
    epilogue.activation = Activation::of(ActivationKind::Softmax);
    convolution(shape, x.data(), kernel.data(), epilogue, y.data());
    for (std::size_t row = 0; row < y.size(); row += 6) {
        float sum = 0.0F;
        for (std::size_t filter = 0; filter < 6; ++filter) sum += y[row + filter];
        EXPECT_NEAR(sum, 1.0F, 1e-5F);
    }
}

TEST(Convolution, StopsWhenAsked) {
    std::stop_source source;
    source.request_stop();
    const ConvolutionShape shape{{1, {1, 64, 64}, 16}, {{1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {}, {}}, 32, 1};
    const Floats x = randomValues(shape.input.count(), 1);
    const Floats kernel = randomValues(9 * 16 * 32, 2);
    Floats y(static_cast<std::size_t>(shape.output().count()), 7.0F);
    convolution(shape, x.data(), kernel.data(), {}, y.data(), {nullptr, source.get_token()});
    EXPECT_EQ(y.front(), 7.0F);
    EXPECT_EQ(y.back(), 7.0F);
}

TEST(DepthwiseConvolution, AgreesWithTheDefinition) {
    for (const Padding padding : {Padding::Valid, Padding::Same}) {
        for (const std::int64_t channels : {1, 3, 21, 40}) {
            for (const std::int64_t multiplier : {1, 3}) {
                for (const std::int64_t taps : {1, 3, 4, 5}) {
                    for (const std::int64_t stride : {1, 2}) {
                        for (const std::int64_t dilation : {1, 2}) {
                            DepthwiseShape shape{{2, {1, 10, 13}, channels},
                                                 {{1, 2, taps}, {1, 1, stride}, {1, 2, dilation}, {}, {}},
                                                 multiplier};
                            applyPadding(shape.window, padding, shape.input.spatial);
                            EXPECT_LT(depthwiseDeviation(shape), kTolerance)
                                << channels << " channels x " << multiplier << ", " << taps << " taps, stride "
                                << stride << ", dilation " << dilation;
                        }
                    }
                }
            }
        }
    }
}

TEST(SeparableConvolution, IsDepthwiseThenPointwise) {
    const DepthwiseShape shape{{1, {1, 6, 6}, 3}, {{1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {}, {}}, 2};
    const Floats x = randomValues(shape.input.count(), 1);
    const Floats depthwise = randomValues(9 * 6, 2);
    const Floats pointwise = randomValues(6 * 5, 3);
    const Floats bias = randomValues(5, 4);
    const Floats zeros(6, 0.0F);
    Floats y = unset(16 * 5);
    Epilogue epilogue;
    epilogue.bias = bias.data();
    separableConvolution(shape, x.data(), {depthwise.data(), pointwise.data(), 5}, epilogue, y.data());
    const Floats between = reference::depthwise(shape, x, depthwise, zeros);
    EXPECT_LT(deviation(y, reference::matmul(between, pointwise, 16, 6, 5, bias.data())), kTolerance);
}

TEST(TransposedConvolution, AgreesWithTheScatterDefinition) {
    for (const bool same : {false, true}) {
        for (const std::int64_t size : {1, 2, 3, 5}) {
            for (const std::int64_t stride : {1, 2, 3}) {
                for (const std::int64_t outputPadding : {-1, 0, 1}) {
                    if (outputPadding >= stride) continue;
                    TransposedShape shape;
                    shape.input = {2, {1, 4, 5}, 3};
                    shape.size = {1, 3, size};
                    shape.strides = {1, 2, stride};
                    shape.filters = 7;
                    shape.placeAxis(0, same, -1);
                    shape.placeAxis(1, same, -1);
                    shape.placeAxis(2, same, outputPadding);
                    if (shape.outputSize[2] <= 0) continue;
                    EXPECT_LT(transposedDeviation(shape), kTolerance)
                        << "size " << size << ", stride " << stride << ", same " << same;
                }
            }
        }
    }
}

TEST(TransposedConvolution, DilationSpreadsTheTaps) {
    TransposedShape shape;
    shape.input = {1, {3, 4, 5}, 20};
    shape.size = {2, 3, 3};
    shape.dilation = {2, 1, 3};
    shape.filters = 2;
    for (int axis = 0; axis < 3; ++axis) shape.placeAxis(axis, true, -1);
    EXPECT_EQ(shape.outputSize, (Sizes3{3, 4, 5}));
    EXPECT_LT(transposedDeviation(shape), kTolerance);
}

}  // namespace
}  // namespace shapewise::kernels
