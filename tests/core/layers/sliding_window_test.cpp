#include "core/layers/parts/sliding.h"

#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

TEST(SlidingWindow, IsPaddedAsTheShapeRulePadsIt) {
    for (const WindowPadding padding : {WindowPadding::Valid, WindowPadding::Same, WindowPadding::Causal})
        for (const std::int64_t size : {1, 2, 3, 5})
            for (const std::int64_t stride : {1, 2, 4})
                for (const std::int64_t dilation : {1, 2})
                    for (const std::int64_t length : {1, 7, 10}) {
                        const SlidingWindow window{.size = {1, size, 1},
                                                   .stride = {1, stride, 1},
                                                   .dilation = {1, dilation, 1},
                                                   .padding = padding};
                        const SlidLength slid = slide(tensor::Dim(length), {size, stride, dilation, padding});
                        EXPECT_EQ(window.paddingBefore(1, tensor::Dim(length)), slid.padBefore)
                            << size << " " << stride << " " << dilation << " " << length;
                    }
}

TEST(SlidingWindow, SaysItsPaddingForEachAxis) {
    auto node = makeNode(*findLayer("Conv2D"), NodeId(0), "conv2d");
    node->set("filters", 1);
    node->set("kernel_size", Value::list({5, 3}));
    node->set("strides", Value::list({1, 2}));
    node->set("padding", "same");
    const SlidingWindow window = node->type->window(Params(*node));
    EXPECT_EQ(window.paddingBefore(0, tensor::Dim(8)), 2);
    EXPECT_EQ(window.paddingBefore(1, tensor::Dim(8)), 0);
    EXPECT_EQ(window.paddingBefore(1, tensor::Dim(9)), 1);
    EXPECT_EQ(window.paddingBefore(0, tensor::Dim()), 2) << "the same for any length without a stride";
}

}  // namespace
}  // namespace shapewise::layers
