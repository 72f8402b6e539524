// Diagnostics and explanations hold shapes and axes as data: in another notation all of their words follow.

#include "core/diag/renderer.h"
#include "tests/core/mistakes/model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::mistakes {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string crossed(std::span<const std::string> sizes) { return fmt::format("{}", fmt::join(sizes, "x")); }
std::string spaced(std::span<const std::string> names) { return fmt::format("[{}]", fmt::join(names, " ")); }

const diag::Notation kToy{.name = "toy",
                          .shape = crossed,
                          .axes = spaced,
                          .size = [](tensor::Dim size) { return size.isUnknown() ? std::string("?") : size.text(); },
                          .value = [](const Value& value) { return value.text(); }};
const diag::Renderer kRenderer(kToy);

diag::Diagnostic only(const Model& model) {
    std::vector<diag::Diagnostic> found = model.diagnose();
    EXPECT_EQ(found.size(), 1U) << report(model);
    return found.empty() ? diag::Diagnostic{} : std::move(found.front());
}

TEST(AnotherNotation, IsFollowedByTitleWantedAndGot) {
    Model model;
    const NodeId a = model.add("InputLayer", "a", {{"shape", Value::list({28, 64})}});
    const NodeId b = model.add("InputLayer", "b", {{"shape", Value::list({28, 128})}});
    model.add("Add", "merge", {}, {a, b});
    const diag::Diagnostic problem = only(model);
    EXPECT_EQ(kRenderer.text(problem.title), "Add 'merge' cannot combine ?x28x64 and ?x28x128");
    EXPECT_EQ(kRenderer.text(problem.wanted), "?x28x64 = [batch time channels] as InputLayer 'a' gives");
    EXPECT_EQ(kRenderer.text(problem.got), "?x28x128 = [batch time channels]");
    EXPECT_THAT(kRenderer.message(problem), Not(HasSubstr("None")));
}

TEST(AnotherNotation, IsFollowedByWhatAPortWantsAndByWhy) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({20})}});
    model.add("LSTM", "lstm", {{"units", 4}});
    const diag::Diagnostic problem = only(model);
    EXPECT_EQ(kRenderer.text(problem.wanted), "[batch time features]");
    EXPECT_THAT(kRenderer.text(problem.why), HasSubstr("and ?x20 has one axis where time and features need two"));
}

TEST(AnotherNotation, IsFollowedByRepairs) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value::list({28, 28})}});
    model.add("Conv2D", "conv", {{"filters", 4}, {"kernel_size", 3}});
    const diag::Diagnostic problem = only(model);
    const diag::Fix* fix = findFix(problem, "source-shape");
    ASSERT_NE(fix, nullptr) << report(model);
    EXPECT_THAT(kRenderer.text(fix->title), HasSubstr("28x28x1"));
}

TEST(AnotherNotation, IsFollowedByExplanations) {
    Model model;
    model.add("InputLayer", "data", {{"shape", Value(ValueList{Value(), Value(3)})}});
    const NodeId conv = model.add("Conv1D", "conv", {{"filters", 4}, {"kernel_size", 3}});
    const NodeId relu = model.add("ReLU", "relu");
    const infer::Analysis analysis = model.analysis();
    const auto linesOf = [&](NodeId id) {
        const graph::Node& node = *model.project().graph.find(id);
        return layers::explainLayer(node, analysis.inputTypes(node));
    };
    EXPECT_EQ(kRenderer.text(linesOf(conv).at(0).arithmetic), "⌊(? − 3) / 1⌋ + 1 = ?");
    EXPECT_EQ(kRenderer.text(linesOf(relu).at(0).arithmetic), "?x?x4");
}

}  // namespace
}  // namespace shapewise::mistakes
