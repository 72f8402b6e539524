#include "core/diag/explain.h"
#include "core/diag/render_text.h"

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

TEST(RenderText, PutsArgumentsInThePlaceOfTheirNames) {
    const Arguments arguments{{"a", std::int64_t{3}},
                              {"b", std::string("x")},
                              {"c", tensor::Shape{tensor::Dim(), 18, 32}},
                              {"d", 0.5},
                              {"e", Value::list({3, 3})}};
    EXPECT_EQ(render("{a} {b} {c} {d} {e} {f}", arguments), "3 x (None, 18, 32) 0.5 (3, 3) ?");
    EXPECT_EQ(render("open { brace", arguments), "open { brace");
}

TEST(Diagnostic, MessageHoldsTitleBothShapesAndTheCause) {
    Diagnostic diagnostic;
    diagnostic.title = "conv2d needs rank 4";
    diagnostic.wanted = "(batch, height, width, channels)";
    diagnostic.got = "(None, 18, 32)";
    diagnostic.why = "data sets rank 3";
    EXPECT_EQ(diagnostic.message(),
              "conv2d needs rank 4: wanted (batch, height, width, channels), got (None, 18, 32). data sets rank 3");
}

}  // namespace
}  // namespace shapewise::diag
