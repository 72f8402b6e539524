#include "core/infer/cost.h"

#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::infer {
namespace {

class Chain {
  public:
    Chain(std::initializer_list<std::int64_t> sample) { append("InputLayer", {{"shape", Value::list(sample)}}); }

    NodeId append(std::string_view className, const ValueDict& settings) {
        const NodeId id = graph_.nextId();
        auto node = layers::makeNode(*layers::findLayer(className), id, "n" + std::to_string(id.value));
        for (const auto& [key, value] : settings) node->set(key, value);
        if (id.value > 0) node->inputs = {graph::Link{NodeId(id.value - 1), 0, 0}};
        graph_.put(std::move(node));
        return id;
    }
    [[nodiscard]] Costs costs() const { return costsOf(graph_, Analysis::of(graph_)); }

  private:
    graph::Graph graph_;
};

ValueDict conv(std::int64_t filters, std::int64_t kernel, const char* padding = "valid", std::int64_t strides = 1) {
    return {{"filters", filters}, {"kernel_size", kernel}, {"padding", padding}, {"strides", strides}};
}

TEST(CostsOf, TwoKernelsOfThreeSeeFive) {
    Chain chain{28, 28, 1};
    chain.append("Conv2D", conv(8, 3));
    const NodeId second = chain.append("Conv2D", conv(8, 3));
    const ReceptiveField field = chain.costs().nodes[second.value].field;
    EXPECT_EQ(field.size[0], 5);
    EXPECT_EQ(field.size[1], 5);
    EXPECT_EQ(field.stride[0], 1);
    EXPECT_EQ(field.offset[0], 0);
    EXPECT_EQ(field.text(), "5 × 5, step 1, from 0");
}

TEST(CostsOf, StrideSpreadsWhatFollows) {
    Chain chain{28, 28, 1};
    chain.append("Conv2D", conv(8, 3, "valid", 2));
    const NodeId second = chain.append("Conv2D", conv(8, 3));
    const ReceptiveField field = chain.costs().nodes[second.value].field;
    EXPECT_EQ(field.size[0], 7);
    EXPECT_EQ(field.stride[0], 2);
}

TEST(CostsOf, SamePaddingBeginsInsideThePadding) {
    Chain chain{28, 28, 1};
    chain.append("Conv2D", conv(8, 3, "same"));
    const NodeId second = chain.append("Conv2D", conv(8, 5, "same"));
    EXPECT_EQ(chain.costs().nodes[second.value].field.offset[0], -3);
}

TEST(CostsOf, CausalPaddingIsAllInFront) {
    Chain chain{100, 4};
    const NodeId causal = chain.append("Conv1D", conv(8, 5, "causal"));
    EXPECT_EQ(chain.costs().nodes[causal.value].field.offset[0], -4);
}

TEST(CostsOf, CountsParametersWorkAndMemoryOfOneSample) {
    Chain chain{28, 28, 1};
    const NodeId node = chain.append("Conv2D", conv(8, 3));
    const Costs costs = chain.costs();
    EXPECT_EQ(costs.nodes[node.value].parameters->total, 80);
    EXPECT_EQ(costs.nodes[node.value].multiplyAdds, 26 * 26 * 8 * 9);
    EXPECT_EQ(costs.nodes[node.value].activationBytes, 26 * 26 * 8 * 4);
    EXPECT_EQ(costs.parameters.trainable, 80);
    EXPECT_EQ(costs.activationBytes, 28 * 28 * 4 + 26 * 26 * 8 * 4);
    EXPECT_TRUE(costs.isComplete());
}

TEST(CostsOf, ConflictLeavesAGap) {
    Chain chain{28, 1};
    const NodeId node = chain.append("Conv2D", conv(8, 3));
    const Costs costs = chain.costs();
    EXPECT_FALSE(costs.isComplete());
    EXPECT_FALSE(costs.nodes[node.value].parameters.has_value());
    EXPECT_EQ(costs.nodes[node.value].field.text(), "-");
}

TEST(CostsOf, ParametersThatAreNoNumbersCostNothing) {
    Chain chain{28, 28, 1};
    const NodeId node =
        chain.append("Conv2D", {{"filters", 8}, {"kernel_size", ValueList{}}, {"strides", Value("two")}});
    EXPECT_FALSE(chain.costs().nodes[node.value].field.isKnown);
}

}  // namespace
}  // namespace shapewise::infer
