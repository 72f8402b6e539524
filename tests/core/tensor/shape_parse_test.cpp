#include "core/tensor/shape.h"

#include <gtest/gtest.h>

namespace shapewise::tensor {
namespace {

std::string read(std::string_view text) {
    std::string why;
    const auto sizes = parseSizes(text, &why);
    return sizes ? Shape(std::span<const Dim>(*sizes)).text() : why;
}

TEST(ParseSizes, ReadsAllWaysSizesAreWritten) {
    for (const char* text : {"28, 28, 1", "(28,28,1)", "[28 28 1]", "28x28x1", "28 x 28 x 1", "28×28×1", "28*28*1",
                             " ( 28 , 28 , 1 , ) ", "28 28 1", "{28; 28; 1}", "[(28, 28, 1)]", "28X28, 1"})
        EXPECT_EQ(read(text), "(28, 28, 1)") << text;
}

TEST(ParseSizes, ReadsNoneAndNames) {
    EXPECT_EQ(read("None, 20"), "(None, 20)");
    EXPECT_EQ(read("(None, 20, 1)"), "(None, 20, 1)");
    EXPECT_EQ(read("None x 20"), "(None, 20)");
    EXPECT_EQ(read("-1, 20"), "(None, 20)");
    EXPECT_EQ(read("(T, 8)"), "(T, 8)");
    EXPECT_EQ(read("20xT"), "(20, T)");
    EXPECT_EQ(read("x, 8"), "(x, 8)");
    EXPECT_EQ(read("8, x"), "(8, x)");
    EXPECT_EQ(read("max, 8"), "(max, 8)");
}

TEST(ParseSizes, ReadsOneSizeAndNone) {
    EXPECT_EQ(read("28"), "(28,)");
    EXPECT_EQ(read("(28,)"), "(28,)");
    EXPECT_EQ(read("()"), "()");
    EXPECT_EQ(read("0"), "(0,)");
}

TEST(ParseSizes, SaysWhichWordItCannotRead) {
    EXPECT_EQ(read("28, 2a"), "Size '2a' is neither a whole number, a name such as T, nor None");
    EXPECT_EQ(read("28, -3"), "Size '-3' is negative; only -1 is possible, for an unknown size");
    EXPECT_EQ(read("28, 2.5"), "Size '2.5' is not a whole number");
    EXPECT_EQ(read("99999999999999999999"),
              "Size '99999999999999999999' is too large: the largest is 9223372036854775807");
    EXPECT_EQ(read("28,,1"), "Size 2 is missing: there is nothing before or after a comma");
    EXPECT_EQ(read(", 1"), "Size 1 is missing: there is nothing before or after a comma");
    EXPECT_EQ(read("(28, 28"), "Bracket '(' has no partner ')'");
    EXPECT_EQ(read("28, 28]"), "Bracket ']' has no partner '['");
    EXPECT_EQ(read("  "), "No sizes; write them like 28, 28, 1");
    EXPECT_EQ(read("1,2,3,4,5,6,7,8,9"), "9 sizes, where at most 8 are possible");
    EXPECT_EQ(read("28x"), "Size after 'x' is missing");
}

TEST(ParseSizes, NeedsNoPlaceForTheReason) { EXPECT_EQ(parseSizes("28, ?!"), std::nullopt); }

}  // namespace
}  // namespace shapewise::tensor
