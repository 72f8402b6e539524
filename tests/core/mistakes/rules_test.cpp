// A mistake is a rule (its row in code_table.h and its functions in a family), a page and an example among the golden
// words. A toy rule goes through the same doors.

#include "core/mistakes/read/describe.h"
#include "core/mistakes/repair/trial.h"
#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

TEST(Rules, AreThereForEachCode) {
    for (std::uint16_t index = 0; index < static_cast<std::uint16_t>(diag::Code::Count_); ++index) {
        const auto code = static_cast<diag::Code>(index);
        const Rule* rule = findRule(code);
        ASSERT_NE(rule, nullptr) << diag::row(code).name;
        EXPECT_EQ(rule->code, code);
        EXPECT_NE(rule->propose, nullptr) << diag::row(code).name;
    }
}

/// A Dense of one unit gives one number for each step.
void detectToy(const graph::Project&, const infer::Analysis&, const graph::Node& node, std::vector<Silent>& found) {
    if (integerOf(node, "units") != 1) return;
    Silent silent;
    silent.severity = diag::Severity::Hint;
    silent.refusal = {diag::Code::DenseOnSequence, {}, 0, {{"positions", diag::say("{}", tensor::Dim(7))}}};
    found.push_back(std::move(silent));
}
void describeToy(const Case& input, diag::Diagnostic& diagnostic) {
    diagnostic.wanted = diag::say("toys, not {}", input.shape());
}
void proposeToy(const Case& input, Proposals& proposals) {
    Plan plan = input.plan();
    plan.set(input.node.id, "units", 2);
    proposals.add("two-toys", diag::say("Use {} toys", 2), {}, std::move(plan));
}
constexpr Rule kToy{diag::Code::DenseOnSequence, describeToy, proposeToy};

TEST(Rules, TakeAToyFromDetectionToRepair) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({7, 3})}});
    const NodeId dense = model.add("Dense", "toy", {{"units", 1}});
    const infer::Analysis analysis = model.analysis();
    const graph::Node& node = *model.project().graph.find(dense);
    std::vector<Silent> found;
    detectToy(model.project(), analysis, node, found);
    ASSERT_EQ(found.size(), 1U);
    const Case input = makeCase(model.project(), analysis, node, found[0].refusal);
    const diag::Diagnostic diagnostic = describe(input, found[0], &kToy);
    EXPECT_EQ(wordsOf(diagnostic.title), "Dense 'toy' is applied at each of 7 steps");
    EXPECT_EQ(wordsOf(diagnostic.wanted), "toys, not (None, 7, 3)");
    EXPECT_EQ(diagnostic.severity, diag::Severity::Hint);
    Proposals proposals;
    kToy.propose(input, proposals);
    ASSERT_EQ(proposals.list().size(), 1U);
    EXPECT_EQ(wordsOf(proposals.list()[0].title), "Use 2 toys");
    const Model repaired = model.after(proposals.list()[0].edit);
    EXPECT_EQ(repaired.shapeOf("toy"), "(None, 7, 2)");
}

}  // namespace
}  // namespace shapewise::mistakes
