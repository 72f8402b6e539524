#include "core/diag/explain.h"
#include "core/diag/renderer.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

namespace shapewise::diag {
namespace {

std::vector<Code> allCodes() {
    std::vector<Code> codes;
    for (std::uint16_t index = 0; index < static_cast<std::uint16_t>(Code::Count_); ++index)
        codes.push_back(static_cast<Code>(index));
    return codes;
}

TEST(Codes, HaveUniqueIdsAndNamesInKebabCase) {
    std::set<std::string_view> seen;
    for (const Code code : allCodes()) {
        EXPECT_TRUE(seen.insert(row(code).id).second) << row(code).id;
        EXPECT_TRUE(seen.insert(row(code).name).second) << row(code).name;
        for (const char c : row(code).name)
            EXPECT_TRUE(std::islower(static_cast<unsigned char>(c)) != 0 || c == '-') << row(code).name;
        EXPECT_EQ(row(code).code, code);
    }
}

TEST(Codes, AvoidWordsThatBlame) {
    for (const Code code : allCodes())
        for (const std::string_view word : {"nvalid", "llegal", "oops", "lease "}) {
            EXPECT_EQ(row(code).title.find(word), std::string_view::npos) << row(code).title;
            EXPECT_EQ(row(code).why.find(word), std::string_view::npos) << row(code).why;
            EXPECT_EQ(explainPage(code).find(word), std::string_view::npos) << row(code).id;
        }
}

TEST(Codes, HaveAPageWithAnExampleAndAMend) {
    for (const Code code : allCodes()) {
        const std::string_view page = explainPage(code);
        EXPECT_TRUE(page.starts_with("# ")) << row(code).id;
        EXPECT_NE(page.find("## Example"), std::string_view::npos) << row(code).id;
        EXPECT_NE(page.find("## How to mend it"), std::string_view::npos) << row(code).id;
    }
}

TEST(Codes, AreFoundByIdAndName) {
    EXPECT_EQ(findCode("s001"), Code::RankTooLow);
    EXPECT_EQ(findCode("Rank-Too-Low"), Code::RankTooLow);
    EXPECT_EQ(findCode("nothing"), std::nullopt);
}

/// A name no code declares.
constexpr ArgumentName named(std::string_view name) { return ArgumentName::undeclared(name); }

TEST(RenderText, PutsArgumentsInThePlaceOfTheirNames) {
    const Arguments arguments{{named("a"), std::int64_t{3}},
                              {named("b"), std::string("x")},
                              {named("c"), tensor::Shape{tensor::Dim(), 18, 32}},
                              {named("d"), 0.5},
                              {named("e"), Value::list({3, 3})}};
    const auto render = [&](std::string_view text) { return Renderer().text(Phrase::ofNamed(text, arguments)); };
    EXPECT_EQ(render("{a} {b} {c} {d} {e} {f}"), "3 x (None, 18, 32) 0.5 (3, 3) ?");
    EXPECT_EQ(render("open { brace"), "open { brace");
}

TEST(Diagnostic, MessageHoldsTitleBothShapesAndTheCause) {
    Diagnostic diagnostic;
    diagnostic.title = "conv2d needs rank 4";
    diagnostic.wanted = "(batch, height, width, channels)";
    diagnostic.got = "(None, 18, 32)";
    diagnostic.why = "data sets rank 3";
    EXPECT_EQ(Renderer().message(diagnostic),
              "conv2d needs rank 4: wanted (batch, height, width, channels), got (None, 18, 32). data sets rank 3");
}

TEST(Arguments, OfARefusalAreThoseOfTheTable) {
    const Arguments complete{
        {"padding", std::int64_t{1024}}, {"samples", std::int64_t{400}}, {"shape", tensor::Shape{400}}};
    EXPECT_EQ(faultOf(Code::PaddingExceedsSignal, complete), "");
    Arguments incomplete = complete;
    incomplete.erase(incomplete.begin());
    EXPECT_EQ(faultOf(Code::PaddingExceedsSignal, incomplete), "padding-exceeds-signal: padding is missing");
    Arguments more = complete;
    more.push_back({"groups", std::int64_t{2}});
    EXPECT_EQ(faultOf(Code::PaddingExceedsSignal, more), "padding-exceeds-signal: groups is no argument of a refusal");
    Arguments other = complete;
    other[1].value = std::string("400");
    EXPECT_EQ(faultOf(Code::PaddingExceedsSignal, other), "padding-exceeds-signal: samples is of another kind");
}

TEST(Arguments, ThatASentenceNamesAreMissedWhereNobodyFoundThem) {
    EXPECT_EQ(missingWords(Code::Loop, {{"consumer", std::string("add")}}), "path");
    EXPECT_EQ(missingWords(Code::Loop, {{"consumer", std::string("add")}, {"path", std::string("add → add")}}), "");
}

TEST(Arguments, HaveNamesThatSomeCodeDeclares) {
    static_assert(isArgumentName("needed_text"));
    static_assert(!isArgumentName("neded_text"));
    EXPECT_TRUE(isArgumentName("needed_text"));
    EXPECT_FALSE(isArgumentName("neded_text"));
    static_assert(std::is_same_v<decltype(Argument::name), ArgumentName>);
}

}  // namespace
}  // namespace shapewise::diag
