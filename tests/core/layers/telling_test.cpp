#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

std::string telling(ValueDict settings) {
    const auto node = makeNode(*findLayer("Conv2D"), NodeId(0), "conv2d");
    for (auto& [key, value] : settings) node->set(key, value);
    return tellingText(Params(*node));
}

TEST(TellingText, NamesWhatMatters) {
    EXPECT_EQ(telling({{"filters", 8}, {"kernel_size", 3}, {"activation", "relu"}}), "8 filters · 3×3 · relu");
}

TEST(TellingText, TakesAnyValueThatCanBeTyped) {
    for (const Value& value :
         {Value(ValueList{}), Value("three"), Value(-1), Value(ValueList{Value("x")}), Value(ValueDict{}), Value()}) {
        EXPECT_NO_FATAL_FAILURE(
            telling({{"filters", value}, {"kernel_size", value}, {"strides", value}, {"activation", value}}));
    }
}

}  // namespace
}  // namespace shapewise::layers
