// One Renderer writes everything: another notation or language changes shapes and words wherever they stand.

#include "core/diag/renderer.h"

#include "core/diag/codes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

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

TEST(Renderer, NounsAgreeWithTheNumberBeforeThem) {
    EXPECT_EQ(words(say("{} steps of {} channels", 1, Dim(1))), "1 step of 1 channel");
    EXPECT_EQ(words(say("{} steps of {} channels", 2, Dim(21))), "2 steps of 21 channels");
    EXPECT_EQ(words(say("needs {} inputs, but has {}", Value(1), 3)), "needs 1 input, but has 3");
    EXPECT_EQ(words(say("{} gives {} axes", "a", say("{}", 1))), "a gives 1 axis");
    EXPECT_EQ(words(say("axis {} needs more", 1)), "axis 1 needs more");
    EXPECT_EQ(words(Phrase::ofNamed("{value} filters", {{"value", std::int64_t{1}}})), "1 filter");
}

TEST(Renderer, NamesNoTwoAxesAlike) {
    Shape shape;
    shape.append(Dim(), AxisMeaning::Batch);
    shape.append(4, AxisMeaning::Height);
    shape.append(4, AxisMeaning::Channels);
    shape.append(8, AxisMeaning::Channels);
    EXPECT_EQ(words(say("{}", AxisNames{shape})), "(batch, height, channels, axis 3)");
    EXPECT_EQ(shape.axesText(), "(batch, height, channels, axis 3)");
}

/// Whatever the table counts is known to the renderer: a word in s behind a number is a verb or a noun it can write
/// in the singular.
TEST(Renderer, EveryCountedNounOfTheTableOfCodesHasASingular) {
    const std::set<std::string> verbs{"needs", "gives",    "takes",   "has",        "is",         "does",      "was",
                                      "makes", "sees",     "reads",   "joins",      "writes",     "cuts",      "asks",
                                      "feeds", "expects",  "mirrors", "multiplies", "normalises", "stretches", "uses",
                                      "works", "computes", "puts",    "as",         "slides",     "moves",     "gets"};
    for (int code = 0; code < static_cast<int>(Code::Count_); ++code)
        for (const std::string_view sentence : {row(static_cast<Code>(code)).title, row(static_cast<Code>(code)).why})
            for (std::size_t at = sentence.find("} "); at != std::string_view::npos; at = sentence.find("} ", at + 1)) {
                std::string word;
                for (std::size_t i = at + 2; i < sentence.size() && sentence[i] >= 'a' && sentence[i] <= 'z'; ++i)
                    word += sentence[i];
                if (!word.ends_with('s') || verbs.contains(word)) continue;
                EXPECT_NE(words(say("{} " + word, 1)), "1 " + word) << sentence;
            }
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
