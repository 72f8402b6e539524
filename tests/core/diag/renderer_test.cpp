// One Renderer writes everything: another notation or language changes shapes and words wherever they stand.

#include "core/diag/renderer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shapewise::diag {
namespace {

using tensor::AxisMeaning;
using tensor::Dim;
using tensor::Shape;

Shape sequence() {
    Shape shape;
    shape.append(Dim(), AxisMeaning::Batch);
    shape.append(18, AxisMeaning::Time);
    shape.append(Dim::symbol("T"));
    return shape;
}

std::string words(const Phrase& phrase) { return Renderer().text(phrase); }

TEST(Renderer, WritesShapesAndAxesAsKerasDoes) {
    EXPECT_EQ(words(sequence()), "(None, 18, T)");
    EXPECT_EQ(words(say("{} of {}", Sample{sequence()}, AxisNames{sequence()})), "(18, T) of (batch, time, axis)");
    EXPECT_EQ(words(say("{} and {}", axisOf(sequence(), 1), axisOf(sequence(), 2))), "time and axis 2");
    EXPECT_EQ(words(axisOf(sequence(), 7)), "axis 7");
    EXPECT_EQ(words(Shape{5}), "(5,)");
}

TEST(Renderer, PutsSumsInBracketsInsideAProduct) {
    const Dim sum = Dim::symbol("T") + Dim(1);
    EXPECT_EQ(words(say("{}·3 is not {}", Factor{sum}, sum)), "(T + 1)·3 is not T + 1");
    EXPECT_EQ(words(say("{}·3", Factor{Dim(4)})), "4·3");
}

TEST(Renderer, WritesWhatAPortTakes) {
    EXPECT_EQ(words(tensor::AxesPattern("(batch, ..., features)")), "(batch, ..., features)");
    EXPECT_EQ(words(tensor::AxesPattern("any")), "any");
    EXPECT_EQ(words(tensor::AxesPattern("as its Input layers")), "as its Input layers");
    EXPECT_EQ(words(tensor::AxesPattern()), "");
    EXPECT_EQ(words(tensor::AxesPattern("(batch, depth, height, width, channels)").withChannelsFirst()),
              "(batch, channels, depth, height, width)");
    EXPECT_FALSE(tensor::AxesPattern("(batch, ...)").namesAxes());
    EXPECT_TRUE(tensor::AxesPattern("(batch, tokens)").namesAxes());
}

TEST(Renderer, JoinsPhrasesWithoutLosingTheirData) {
    Phrase phrase = "gives ";
    phrase += sequence();
    EXPECT_EQ(words(phrase + " and " + std::string("{braces}")), "gives (None, 18, T) and {braces}");
    EXPECT_EQ(words(joined({Phrase(Dim(3)), Phrase(Dim(4))}, " × ")), "3 × 4");
    EXPECT_TRUE(Phrase("").empty());
    EXPECT_TRUE(Phrase(std::string()).empty());
}

std::string crossed(std::span<const std::string> sizes) { return fmt::format("{}", fmt::join(sizes, "x")); }
std::string spaced(std::span<const std::string> names) { return fmt::format("[{}]", fmt::join(names, " ")); }

const Notation kToy{.name = "toy",
                    .shape = crossed,
                    .axes = spaced,
                    .size = [](Dim size) { return size.isUnknown() ? std::string("?") : size.text(); },
                    .value = [](const Value& value) { return value.text(); }};

/// German, as far as this test goes. The order of the data is its own.
std::string_view german(std::string_view words) {
    if (words == "Size {} of {} comes from {}") return "Aus {2} kommt Größe {0} von {1}";
    return words == "time" ? "Zeit" : words;
}
const Language kGerman{"German", german};

TEST(Renderer, FollowsAnotherNotation) {
    const Renderer toy(kToy);
    EXPECT_EQ(toy.text(sequence()), "?x18xT");
    EXPECT_EQ(toy.text(say("{} = {}", sequence(), AxisNames{sequence()})), "?x18xT = [batch time axis]");
    EXPECT_EQ(toy.text(tensor::AxesPattern("(batch, time, channels)")), "[batch time channels]");
}

TEST(Renderer, FollowsAnotherLanguage) {
    const Renderer renderer(kerasNotation(), kGerman);
    EXPECT_EQ(renderer.text(say("Size {} of {} comes from {}", Dim(18), axisOf(sequence(), 1), "data")),
              "Aus data kommt Größe 18 von Zeit");
}

}  // namespace
}  // namespace shapewise::diag
