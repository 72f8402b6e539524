#include "core/infer/analysis.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::infer {

using edit::Connect;
using edit::Disconnect;
using edit::RemoveNode;
using edit::SetParameter;
using toys::GraphMaker;
using toys::names;

namespace {

/// A project with its analysis, edited step by step.
struct Model {
    explicit Model(GraphMaker start) : maker(std::move(start)), analysis(Analysis::of(maker.project.graph)) {}

    /// Names of the nodes whose result changed.
    std::string edit(std::initializer_list<edit::Step> steps) {
        const edit::Applied applied = toys::applied(maker.project, toys::edit(steps));
        const graph::Graph before = std::exchange(maker.project, applied.project).graph;
        const std::vector<NodeId> changed = analysis.update(maker.project.graph, applied.touched);
        std::string text;
        for (const NodeId node : changed) {
            const graph::Node* found =
                before.find(node) != nullptr ? before.find(node) : maker.project.graph.find(node);
            text += (text.empty() ? "" : " ") + found->name;
        }
        return text;
    }
    [[nodiscard]] NodeId id(std::string_view name) const { return maker.id(name); }
    [[nodiscard]] const NodeAnalysis& of(std::string_view name) const { return analysis[id(name)]; }
    [[nodiscard]] std::string shape(std::string_view name) const {
        return of(name).hasOutput ? of(name).output.shape.text() : "none";
    }
    [[nodiscard]] diag::Code code(std::string_view name) const { return of(name).refusals->front().code; }

    GraphMaker maker;
    Analysis analysis;
};

/// input (8) -> a -> b -> c.
Model chain() {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::grow(), "a", {"input"}, {{"by", 1}});
    maker.add(toys::grow(), "b", {"a"}, {{"by", 1}});
    maker.add(toys::grow(), "c", {"b"}, {{"by", 1}});
    return Model(std::move(maker));
}

}  // namespace

TEST(Analysis, InfersEveryNodeFromItsProducers) {
    const Model model = chain();
    EXPECT_EQ(model.shape("input"), "(None, 8)");
    EXPECT_EQ(model.shape("c"), "(None, 11)");
    EXPECT_EQ(model.of("c").state, State::Known);
    EXPECT_TRUE(model.analysis.nodesInConflict().empty());
}

TEST(Analysis, KnowsNothingOfNodesThatAreNotThere) {
    const Model model = chain();
    EXPECT_EQ(model.analysis[NodeId(99)].state, State::Missing);
    EXPECT_EQ(model.analysis[NodeId()].outputAt(0), nullptr);
    EXPECT_TRUE(model.analysis.consumers(NodeId(99)).empty());
}

TEST(Analysis, OfAnEmptyGraphIsEmpty) { EXPECT_TRUE(Analysis::of(graph::Graph()).nodesInConflict().empty()); }

TEST(AnalysisConflict, BlocksWhatIsBehindAndNamesTheRoot) {
    Model model = chain();
    model.edit({SetParameter{model.id("a"), "by", Value(-20)}});
    EXPECT_EQ(model.of("a").state, State::Conflict);
    EXPECT_EQ(model.code("a"), diag::Code::WindowTooLarge);
    EXPECT_EQ(model.of("b").state, State::Blocked);
    EXPECT_EQ(model.of("c").state, State::Blocked);
    EXPECT_EQ(model.of("c").blockedBy, model.id("a"));
    EXPECT_EQ(model.of("c").refusals, nullptr);
    EXPECT_EQ(names(model.maker.project.graph, model.analysis.nodesInConflict()), "a");
}

TEST(AnalysisConflict, EndsWithTheRepair) {
    Model model = chain();
    model.edit({SetParameter{model.id("a"), "by", Value(-20)}});
    EXPECT_EQ(model.edit({SetParameter{model.id("a"), "by", Value(2)}}), "a b c");
    EXPECT_EQ(model.shape("c"), "(None, 12)");
    EXPECT_TRUE(model.analysis.nodesInConflict().empty());
}

TEST(AnalysisConflict, OfANodesOwnParameterShowsBehindAnother) {
    Model model = chain();
    model.edit({SetParameter{model.id("a"), "by", Value(-20)}, SetParameter{model.id("c"), "by", Value("many")}});
    EXPECT_EQ(model.of("c").state, State::Conflict);
    EXPECT_EQ(model.code("c"), diag::Code::ParameterKind);
}

TEST(AnalysisUnconnected, NamesThePortThatHasNoLink) {
    Model model = chain();
    model.edit({Disconnect{model.id("b"), {model.id("a"), 0, 0}}});
    EXPECT_EQ(model.of("b").state, State::Unconnected);
    EXPECT_EQ(model.code("b"), diag::Code::InputMissing);
    EXPECT_EQ(std::get<std::string>(model.of("b").refusals->front().arguments.front().value), "input");
    EXPECT_EQ(model.of("c").state, State::Blocked);
    EXPECT_EQ(model.of("c").blockedBy, model.id("b"));
}

TEST(AnalysisUnconnected, LeavesOptionalPortsAlone) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::pair(), "pair", {"input"});
    const Model model(std::move(maker));
    EXPECT_EQ(model.of("pair").state, State::Known);
    ASSERT_EQ(model.of("pair").outputCount(), 2u);
    EXPECT_EQ(model.of("pair").outputAt(1)->shape.text(), "(None, 3)");
    EXPECT_EQ(model.of("pair").outputAt(2), nullptr);
}

TEST(AnalysisUnconnected, IsALinkToAnOutputThatWentAway) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::pair(), "pair", {"input"});
    maker.add(toys::grow(), "second");
    maker.link("pair", "second", 1);
    Model model(std::move(maker));
    EXPECT_EQ(model.shape("second"), "(None, 3)");
    EXPECT_EQ(model.edit({SetParameter{model.id("pair"), "both", Value(false)}}), "pair second");
    EXPECT_EQ(model.of("second").state, State::Unconnected);
    EXPECT_EQ(model.of("second").refusals->front().input, 0);
}

TEST(AnalysisMerge, WithOneLinkWantsASecond) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::merge(), "sum", {"input"});
    const Model model(std::move(maker));
    EXPECT_EQ(model.of("sum").state, State::Conflict);
    EXPECT_EQ(model.code("sum"), diag::Code::TooFewInputs);
}

TEST(AnalysisUnknown, IsNoErrorAndPassesOn) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::declared(), "custom", {"input"});
    maker.add(toys::grow(), "behind", {"custom"});
    Model model(std::move(maker));
    EXPECT_EQ(model.of("custom").state, State::Unknown);
    EXPECT_EQ(model.of("behind").state, State::Unknown);
    EXPECT_TRUE(model.analysis.nodesInConflict().empty());
    model.edit({SetParameter{model.id("custom"), "size", Value(6)}});
    EXPECT_EQ(model.shape("behind"), "(None, 6)");
}

TEST(AnalysisUnknown, ADeclaredShapeGoesOnBehindAnError) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::grow(), "wrong", {"input"}, {{"by", -9}});
    maker.add(toys::declared(), "custom", {"wrong"}, {{"size", 6}});
    maker.add(toys::grow(), "behind", {"custom"});
    const Model model(std::move(maker));
    EXPECT_EQ(model.of("wrong").state, State::Conflict);
    EXPECT_EQ(model.shape("behind"), "(None, 6)");
}

TEST(AnalysisKnown, NodesWithoutOutputsHaveNone) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::sink(), "end", {"input"});
    const Model model(std::move(maker));
    EXPECT_TRUE(model.of("end").isKnown());
    EXPECT_EQ(model.of("end").outputCount(), 0u);
}

TEST(AnalysisUpdate, StopsWhereAnOutputIsAsBefore) {
    Model model = chain();
    EXPECT_EQ(model.edit({SetParameter{model.id("a"), "by", Value(2)}, SetParameter{model.id("b"), "by", Value(0)}}),
              "a");
    EXPECT_EQ(model.edit({SetParameter{model.id("a"), "note", Value("text")}}), "");
    EXPECT_EQ(model.edit({SetParameter{model.id("input"), "size", Value(9)}}), "input a b c");
}

TEST(AnalysisUpdate, FollowsNewLinksAndRemovedNodes) {
    Model model = chain();
    EXPECT_EQ(model.edit({Connect{{model.id("input"), 0, 0}, model.id("c"), {}}}), "c");
    EXPECT_EQ(model.shape("c"), "(None, 9)");
    EXPECT_EQ(model.edit({RemoveNode{model.id("a")}}), "a b");
    EXPECT_EQ(model.of("b").state, State::Unconnected);
}

TEST(AnalysisUpdate, ReordersWhenALinkGoesAgainstTheOrderHeld) {
    GraphMaker maker;
    maker.add(toys::grow(), "last", {}, {{"by", 1}});
    maker.add(toys::grow(), "end", {"last"}, {{"by", 1}});
    maker.add(toys::source(), "input");
    Model model(std::move(maker));
    model.edit({Connect{{model.id("input"), 0, 0}, model.id("last"), {}}});
    EXPECT_EQ(model.shape("end"), "(None, 10)");
    EXPECT_LT(model.analysis.position(model.id("input")), model.analysis.position(model.id("last")));
    EXPECT_LT(model.analysis.position(model.id("last")), model.analysis.position(model.id("end")));
}

TEST(AnalysisUpdate, KeepsPositionsAscendingThroughHundredsOfSplices) {
    Model model = chain();
    for (int count = 0; count < 200; ++count) {
        const NodeId next = model.maker.project.graph.nextId();
        const NodeId before = model.maker.project.graph.find(model.id("c"))->inputs.front().from;
        model.edit({edit::AddNode{toys::node(toys::grow(), next, "x" + std::to_string(count)), {}},
                    Connect{{before, 0, 0}, next, {}}, Connect{{next, 0, 0}, model.id("c"), {}}});
        ASSERT_LT(model.analysis.position(before), model.analysis.position(next));
        ASSERT_LT(model.analysis.position(next), model.analysis.position(model.id("c")));
    }
    EXPECT_EQ(model.shape("c"), "(None, 11)");
}

TEST(AnalysisUpdate, LeavesCopiesAsTheyWere) {
    Model model = chain();
    const Analysis before = model.analysis;
    model.edit({SetParameter{model.id("input"), "size", Value(100)}, RemoveNode{model.id("b")}});
    EXPECT_EQ(before[model.id("c")].output.shape.text(), "(None, 11)");
    EXPECT_EQ(before.consumers(model.id("a")).size(), 1u);
    EXPECT_TRUE(model.analysis.consumers(model.id("a")).empty());
}

TEST(AnalysisUpdate, ChangesAllThatShareALayer) {
    GraphMaker maker;
    maker.add(toys::source(), "left");
    maker.add(toys::source(), "right");
    maker.add(toys::grow(), "first", {"left"});
    auto second = toys::node(toys::grow(), maker.project.graph.nextId(), "second");
    second->inputs = {{maker.id("right"), 0, 0}};
    second->sharesLayerOf = maker.id("first");
    maker.project.graph.put(second);
    Model model(std::move(maker));
    EXPECT_EQ(model.edit({SetParameter{model.id("first"), "by", Value(5)}}), "first second");
    EXPECT_EQ(model.shape("second"), "(None, 13)");
}

TEST(AnalysisLoop, RefusesNodesOnItAndBlocksThoseBehind) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    for (const char* name : {"x", "y"}) maker.add(toys::merge(), name);
    maker.link("input", "x");
    maker.link("y", "x");
    maker.link("input", "y");
    maker.link("x", "y");
    maker.add(toys::grow(), "behind", {"y"});
    Model model(std::move(maker));
    EXPECT_EQ(model.code("x"), diag::Code::Loop);
    EXPECT_EQ(model.code("y"), diag::Code::Loop);
    EXPECT_EQ(model.of("behind").state, State::Blocked);
    EXPECT_EQ(model.of("behind").blockedBy, model.id("y"));
    EXPECT_GT(model.analysis.position(model.id("x")), model.analysis.position(model.id("input")));
}

TEST(AnalysisLoop, IsGoneOnceALinkIsTakenAway) {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::merge(), "x", {"input", "input"});
    maker.add(toys::grow(), "y", {"x"});
    maker.link("y", "x");
    Model model(std::move(maker));
    ASSERT_EQ(model.code("y"), diag::Code::Loop);
    model.edit({Disconnect{model.id("x"), {model.id("y"), 0, 0}}});
    EXPECT_EQ(model.shape("y"), "(None, 8)");
    EXPECT_FALSE(model.analysis.hasLoops());
}

TEST(AnalysisLoop, OfOneNodeFeedingItselfIsFound) {
    GraphMaker maker;
    maker.add(toys::grow(), "x");
    maker.link("x", "x");
    EXPECT_EQ(Model(std::move(maker)).code("x"), diag::Code::Loop);
}

TEST(AnalysisConsumers, AreKeptForEveryLink) {
    GraphMaker maker;
    maker.add(toys::source(), "a");
    maker.add(toys::source(), "b");
    maker.add(toys::merge(), "sum", {"a", "b", "a"});
    maker.add(toys::grow(), "c", {"a"});
    Model model(std::move(maker));
    EXPECT_EQ(model.analysis.consumers(model.id("a")).size(), 3u);
    model.edit({Disconnect{model.id("sum"), {model.id("a"), 0, 0}}});
    ASSERT_EQ(model.analysis.consumers(model.id("b")).size(), 1u);
    EXPECT_EQ(model.analysis.consumers(model.id("b"))[0], (graph::LinkPlace{model.id("sum"), 0}));
}

TEST(AnalysisInputTypes, AreNullWhereNotKnown) {
    Model model = chain();
    model.edit({SetParameter{model.id("a"), "by", Value(-20)}});
    const auto types = model.analysis.inputTypes(*model.maker.project.graph.findByName("a"));
    ASSERT_EQ(types.size(), 1u);
    EXPECT_EQ(types[0]->shape.text(), "(None, 8)");
    EXPECT_EQ(model.analysis.inputTypes(*model.maker.project.graph.findByName("b"))[0], nullptr);
}

}  // namespace shapewise::infer
