#include "core/diag/renderer.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/parts/body.h"
#include "layer_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using diag::Code;
using tensor::TensorType;

/// Graphs for bodies: nodes in a row or fed by name.
class BodyGraph {
  public:
    BodyGraph& add(std::string_view className, const std::string& name, const ValueDict& settings,
                   const std::vector<std::string>& from = {}) {
        const std::shared_ptr<graph::Node> node = makeNode(*findLayer(className), graph_->nextId(), name);
        for (const auto& [key, value] : settings) node->set(key, value);
        for (std::size_t index = 0; index < from.size(); ++index)
            node->inputs.push_back({graph_->findByName(from[index])->id, 0,
                                    node->manyPort == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(index)});
        graph_->put(node);
        return *this;
    }
    BodyGraph& again(const std::string& layer, const std::string& name, const std::vector<std::string>& from) {
        auto node = std::make_shared<graph::Node>(*graph_->findByName(layer));
        node->sharesLayerOf = node->id;
        node->id = graph_->nextId();
        node->name = name;
        node->inputs = {{graph_->findByName(from.front())->id, 0, 0}};
        graph_->put(node);
        return *this;
    }
    BodyGraph& nest(const std::string& name, const BodyGraph& body, const std::vector<std::string>& from) {
        add("Functional", name, {}, from);
        auto node = std::make_shared<graph::Node>(*graph_->findByName(name));
        node->body = body.graph_;
        graph_->put(node);
        return *this;
    }
    [[nodiscard]] std::shared_ptr<const graph::Graph> graph() const { return graph_; }

  private:
    std::shared_ptr<graph::Graph> graph_ = std::make_shared<graph::Graph>();
};

Checked checkModel(const BodyGraph& body, const std::vector<std::string>& shapes, const ValueDict& settings = {}) {
    Checked checked;
    checked.node = makeNode(*findLayer("Functional"), NodeId(0), "model");
    checked.node->body = body.graph();
    for (const auto& [key, value] : settings) checked.node->set(key, value);
    for (const std::string& shape : shapes) checked.inputs.push_back(typeOf(shape));
    const std::vector<const TensorType*> pointers = checked.inputPointers();
    InferContext context(Params(*checked.node), pointers, {}, checked.node.get());
    std::vector<ExplanationLine> lines;
    context.collectExplanation(&lines);
    if (inferLayer(context)) checked.outputs.assign(context.outputs().begin(), context.outputs().end());
    checked.refusals = context.refusals();
    checked.explanation = inWords(lines);
    return checked;
}

BodyGraph encoder() {
    BodyGraph body;
    body.add("InputLayer", "image", {{"shape", Value::list({28, 28, 1})}})
        .add("Conv2D", "conv1", {{"filters", 32}, {"kernel_size", 3}}, {"image"})
        .add("BatchNormalization", "norm", {}, {"conv1"})
        .add("Flatten", "flat", {}, {"norm"})
        .add("Dense", "code", {{"units", 10}}, {"flat"});
    return body;
}

BodyGraph joined() {
    BodyGraph body;
    body.add("InputLayer", "left", {{"shape", Value::list({4})}})
        .add("InputLayer", "right", {{"shape", Value::list({6})}})
        .add("Dense", "narrow", {{"units", 4}}, {"right"})
        .add("Concatenate", "both", {}, {"left", "narrow"})
        .add("Add", "sum", {}, {"left", "narrow"});
    return body;
}

std::string textOf(const diag::Refusal& refusal, std::string_view name) {
    for (const diag::Argument& argument : refusal.arguments)
        if (argument.name == name) return diag::Renderer::standard().text(argument.value);
    return "no such argument";
}

TEST(NestedModel, GivesWhatItsLastLayerGives) {
    const Checked checked = checkModel(encoder(), {"(None, 28, 28, 1)"});
    EXPECT_EQ(checked.shape(), "(None, 10)");
    EXPECT_EQ(checkModel(encoder(), {"(7, 28, 28, 1)"}).shape(), "(7, 10)");
}

TEST(NestedModel, CountsTheParametersOfItsLayers) {
    const Checked checked = checkModel(encoder(), {"(None, 28, 28, 1)"});
    const std::optional<ParameterCount> count = parameterCount(*checked.node, checked.inputPointers());
    ASSERT_TRUE(count);
    EXPECT_EQ(count->total, 320 + 128 + 26 * 26 * 32 * 10 + 10);
    EXPECT_EQ(count->trainable, count->total - 64);
}

TEST(NestedModel, MultipliesAsOftenAsItsLayers) {
    const Checked checked = checkModel(encoder(), {"(1, 28, 28, 1)"});
    const std::optional<std::int64_t> count = multiplyAddCount(*checked.node, checked.inputPointers());
    ASSERT_TRUE(count);
    EXPECT_GE(*count, 26 * 26 * 32 * 9 + 26 * 26 * 32 * 10);
    EXPECT_FALSE(multiplyAddCount(*checked.node, checkModel(encoder(), {"(None, 28, 28, 1)"}).inputPointers()));
}

TEST(NestedModel, NamesItsWeightsByTheirLayer) {
    const Checked checked = checkModel(encoder(), {"(None, 28, 28, 1)"});
    const std::vector<WeightSpec> weights = weightsOf(*checked.node, checked.inputPointers());
    ASSERT_EQ(weights.size(), 8U);
    EXPECT_EQ(weights[0].layer, "conv1");
    EXPECT_EQ(weights[0].name, "kernel");
    EXPECT_EQ(weights[7].layer, "code");
    EXPECT_EQ(weights[7].name, "bias");
}

TEST(NestedModel, ExplainsEveryLayerInside) {
    const Checked checked = checkModel(encoder(), {"(None, 28, 28, 1)"});
    ASSERT_EQ(checked.explanation.size(), 5U);
    EXPECT_EQ(checked.explanation[1].quantity, "conv1");
    EXPECT_EQ(checked.explanation[1].arithmetic, "(None, 26, 26, 32)");
}

TEST(NestedModel, TakesItsInputsInOrderAndGivesAllEnds) {
    const Checked checked = checkModel(joined(), {"(None, 4)", "(None, 6)"});
    ASSERT_EQ(checked.outputs.size(), 2U);
    EXPECT_EQ(checked.shape(0), "(None, 8)");
    EXPECT_EQ(checked.shape(1), "(None, 4)");
}

TEST(NestedModel, FollowsTheRecordedOrderOfInputsAndOutputs) {
    const Value outputs(
        ValueList{Value(ValueList{Value("sum"), Value(0)}), Value(ValueList{Value("narrow"), Value(0)})});
    const Value inputs(ValueList{Value("right"), Value("left")});
    const Checked checked =
        checkModel(joined(), {"(None, 6)", "(None, 4)"}, {{"inputs", inputs}, {"outputs", outputs}});
    EXPECT_EQ(checked.shape(0), "(None, 4)");
    EXPECT_EQ(checked.shape(1), "(None, 4)");
    EXPECT_EQ(checkModel(joined(), {"(None, 6)", "(None, 4)"}).shape(), "refused");
}

TEST(NestedModel, CountsALayerThatIsCalledTwiceOnce) {
    BodyGraph body;
    body.add("InputLayer", "x", {{"shape", Value::list({8})}})
        .add("Dense", "layer", {{"units", 8}}, {"x"})
        .again("layer", "layer_1", {"layer"});
    const Checked checked = checkModel(body, {"(None, 8)"});
    EXPECT_EQ(parameterCount(*checked.node, checked.inputPointers())->total, 72);
}

TEST(NestedModel, RefusesWhatALayerInsideRefusesAndNamesIt) {
    BodyGraph body;
    body.add("InputLayer", "image", {{"shape", Value::list({4, 4, 1})}})
        .add("Conv2D", "wide", {{"filters", 2}, {"kernel_size", 7}}, {"image"})
        .add("Conv2D", "after", {{"filters", 2}, {"kernel_size", 9}}, {"wide"});
    const Checked checked = checkModel(body, {"(None, 4, 4, 1)"});
    ASSERT_EQ(checked.refusals.size(), 1U);
    EXPECT_EQ(checked.refusals[0].code, Code::NestedLayer);
    EXPECT_EQ(textOf(checked.refusals[0], "layer"), "wide");
    EXPECT_THAT(textOf(checked.refusals[0], "problem"), testing::HasSubstr("(None, 4, 4, 1)"));
}

TEST(NestedModel, NamesTheWayToALayerInAModelInside) {
    BodyGraph inner;
    inner.add("InputLayer", "image", {{"shape", Value::list({4, 4, 1})}})
        .add("Conv2D", "wide", {{"filters", 2}, {"kernel_size", 7}}, {"image"});
    BodyGraph outer;
    outer.add("InputLayer", "x", {{"shape", Value::list({4, 4, 1})}}).nest("inside", inner, {"x"});
    const Checked checked = checkModel(outer, {"(None, 4, 4, 1)"});
    ASSERT_EQ(checked.refusals.size(), 1U);
    EXPECT_EQ(textOf(checked.refusals[0], "layer"), "inside/wide");
}

TEST(NestedModel, ComparesItsInputWithWhatItsInputLayerDeclares) {
    EXPECT_EQ(checkModel(encoder(), {"(None, 28, 30, 1)"}).shape(), "refused");
    EXPECT_EQ(checkModel(encoder(), {"(None, None, 28, 1)"}).shape(), "(None, 10)");
    EXPECT_EQ(checkModel(encoder(), {"(None, 28, 28)"}).shape(), "(None, 10)");
    EXPECT_EQ(checkModel(encoder(), {"(None, 28, 28, 1, 1)"}).shape(), "(None, 10)");
    EXPECT_EQ(checkModel(encoder(), {"(None, 28)"}).shape(), "refused");
}

TEST(NestedModel, WantsAsManyInputsAsItHasInputLayers) {
    EXPECT_TRUE(checkModel(joined(), {"(None, 4)"}).refuses(Code::TooFewInputs));
    EXPECT_TRUE(checkModel(encoder(), {"(None, 28, 28, 1)", "(None, 4)"}).refuses(Code::TooManyInputs));
}

TEST(NestedModel, WithoutAnInputLayerFeedsItsFirstLayer) {
    BodyGraph body;
    body.add("Dense", "first", {{"units", 3}}).add("Dense", "second", {{"units", 2}}, {"first"});
    const Checked checked = checkModel(body, {"(None, 5)"});
    EXPECT_EQ(checked.shape(), "(None, 2)");
    EXPECT_EQ(parameterCount(*checked.node, checked.inputPointers())->total, 18 + 8);
    const graph::Graph alone = standingAlone(Params(*checked.node), checked.inputPointers());
    ASSERT_NE(alone.findByName("first_input"), nullptr);
    EXPECT_EQ(*alone.findByName("first_input")->setting("shape"), Value::list({5}));
}

TEST(NestedModel, IsUnknownWhereALayerInsideIs) {
    BodyGraph body;
    body.add("InputLayer", "x", {{"shape", Value::list({8})}})
        .add("Custom", "own", {}, {"x"})
        .add("Dense", "last", {{"units", 1}}, {"own"});
    const Checked checked = checkModel(body, {"(None, 8)"});
    EXPECT_TRUE(checked.outputs.empty());
    EXPECT_FALSE(checked.isRefused());
}

}  // namespace
}  // namespace shapewise::layers
