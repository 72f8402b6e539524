#include "core/base/result.h"

#include <gtest/gtest.h>

namespace shapewise {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) return failure("3 is odd", "Give an even number", "line 12");
    return number / 2;
}

TEST(Result, HoldsTheValueOrTheFailure) {
    EXPECT_EQ(half(8).value(), 4);
    ASSERT_FALSE(half(3).has_value());
    EXPECT_EQ(half(3).error().message, "3 is odd");
}

TEST(Error, OneLineSaysWhereWhatAndWhatToDo) {
    EXPECT_EQ(half(3).error().text(), "line 12: 3 is odd. Give an even number");
    EXPECT_EQ((Error{"3 is odd", {}, {}}).text(), "3 is odd");
}

}  // namespace
}  // namespace shapewise
