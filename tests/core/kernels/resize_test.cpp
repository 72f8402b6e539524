#include "core/kernels/resize.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

Floats resized(const Floats& x, std::int64_t height, std::int64_t width, std::int64_t newHeight, std::int64_t newWidth,
               Interpolation interpolation) {
    Floats y(static_cast<std::size_t>(newHeight * newWidth));
    resize({{1, {1, height, width}, 1}, newHeight, newWidth, false}, interpolation, x.data(), y.data());
    return y;
}

TEST(Resize, BilinearHasHalfPixelCentres) {
    EXPECT_LT(deviation(resized({0, 1}, 1, 2, 1, 4, Interpolation::Bilinear), {0, 0.25F, 0.75F, 1}), 1e-6);
    EXPECT_LT(deviation(resized({0, 1, 2, 3}, 2, 2, 1, 1, Interpolation::Bilinear), {1.5F}), 1e-6);
    EXPECT_LT(deviation(resized({0, 1, 2, 3, 4, 5}, 1, 6, 1, 2, Interpolation::Bilinear), {1, 4}), 1e-6);
}

TEST(Resize, NearestTakesTheCellUnderTheCentre) {
    EXPECT_EQ(resized({1, 2, 3}, 1, 3, 1, 5, Interpolation::Nearest), (Floats{1, 1, 2, 3, 3}));
    EXPECT_EQ(resized({1, 2, 3, 4, 5}, 1, 5, 1, 2, Interpolation::Nearest), (Floats{2, 4}));
}

TEST(Resize, EveryInterpolationKeepsAConstantAndTheSameSize) {
    const Floats x = randomValues(35, 1);
    for (const char* name : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"}) {
        const Interpolation interpolation = *interpolationFromName(name);
        EXPECT_LT(deviation(resized(x, 5, 7, 5, 7, interpolation), x), 1e-6) << name;
        for (const float value : resized(Floats(35, 3.0F), 5, 7, 11, 3, interpolation))
            EXPECT_NEAR(value, 3.0F, 1e-5F) << name;
    }
    EXPECT_FALSE(interpolationFromName("cubic").has_value());
}

TEST(Resize, AspectRatioBoxes) {
    const Box crop = cropToAspectRatio(10, 20, 5, 5);
    EXPECT_EQ(crop.height, 10);
    EXPECT_EQ(crop.width, 10);
    EXPECT_EQ(crop.left, 5);
    const Box padded = padToAspectRatio(10, 20, 5, 5);
    EXPECT_EQ(padded.height, 20);
    EXPECT_EQ(padded.top, 5);
}

TEST(CenterCrop, TakesTheMiddleOrResizesASmallerImage) {
    Floats y(2);
    const Floats x{1, 2, 3, 4};
    centerCrop({{1, {1, 1, 4}, 1}, 1, 2, false}, x.data(), y.data());
    EXPECT_EQ(y, (Floats{2, 3}));
    Floats larger(4);
    const Floats one{7};
    centerCrop({{1, {1, 1, 1}, 1}, 2, 2, false}, one.data(), larger.data());
    EXPECT_EQ(larger, (Floats{7, 7, 7, 7}));
}

}  // namespace
}  // namespace shapewise::kernels
