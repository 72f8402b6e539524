// Rules of layers over several axes and with unequal inputs, beside what keras/src/layers of Keras 3 does.

#include "layer_check.h"

#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using tensor::Tensor;

struct Rule {
    std::string layer;
    ValueDict settings;
    std::vector<std::string> inputs;
    std::string wanted;  ///< shape of the output, "; ", weights; or "refused"
};

void expectRules(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
        const Checked checked = check(rule.layer, rule.settings, rule.inputs);
        const std::string got = checked.isRefused() ? "refused" : checked.shape() + "; " + checked.weights();
        EXPECT_EQ(got, rule.wanted) << rule.layer << " " << Value(rule.settings).text();
    }
}

TEST(AxisRules, OfNormalizationsOrderTheirWeightsAsKerasDoes) {
    const Value upwards = Value::list({1, 2});
    const Value downwards = Value::list({2, 1});
    const Value fromTheEnd = Value::list({1, -1});
    expectRules({
        {"LayerNormalization", {{"axis", upwards}}, {"(2, 3, 4)"}, "(2, 3, 4); gamma (3, 4), beta (3, 4)"},
        {"LayerNormalization", {{"axis", downwards}}, {"(2, 3, 4)"}, "(2, 3, 4); gamma (3, 4), beta (3, 4)"},
        {"LayerNormalization", {{"axis", Value::list({-1, 1})}}, {"(2, 3, 4)"}, "(2, 3, 4); gamma (3, 4), beta (3, 4)"},
        {"LayerNormalization", {{"axis", downwards}, {"rms_scaling", true}}, {"(2, 3, 4)"}, "(2, 3, 4); gamma (3, 4)"},
        {"RMSNormalization", {{"axis", downwards}}, {"(2, 3, 4)"}, "(2, 3, 4); scale (3, 4)"},
        {"RMSNormalization", {{"axis", fromTheEnd}}, {"(2, 3, 4)"}, "(2, 3, 4); scale (4, 3)"},
        {"RMSNormalization", {{"axis", upwards}}, {"(2, None, 4)"}, "refused"},
        {"GroupNormalization", {{"groups", 2}, {"axis", -2}}, {"(2, 4, 3)"}, "(2, 4, 3); gamma (4,), beta (4,)"},
        {"GroupNormalization", {{"groups", 3}, {"axis", 1}}, {"(2, 4, 3)"}, "refused"},
        {"Normalization", {{"axis", downwards}}, {"(2, 3, 4)"}, "(2, 3, 4); mean (3, 4), variance (3, 4), count ()"},
        {"Normalization", {{"axis", Value()}}, {"(2, None, 4)"}, "(2, None, 4); mean (), variance (), count ()"},
    });
}

TEST(AxisRules, OfNormalizationAlignGivenNumbersWithTheLastKeptAxis) {
    const Value both = Value::list({1, 2});
    const Value three = Value::list({1, 2, 3});
    const Value nested(ValueList{Value(ValueList{Value(1)}), Value(ValueList{Value(2)})});
    const auto given = [](const Value& axis, const Value& mean, const Value& variance) {
        return ValueDict{{"axis", axis}, {"mean", mean}, {"variance", variance}};
    };
    expectRules({
        {"Normalization", given(both, three, three), {"(2, 2, 3)"}, "(2, 2, 3); "},
        {"Normalization", given(both, nested, nested), {"(2, 2, 3)"}, "(2, 2, 3); "},
        {"Normalization", given(both, 1, 2), {"(2, 2, 3)"}, "(2, 2, 3); "},
        {"Normalization", given(-1, three, three), {"(2, 2, 3)"}, "(2, 2, 3); "},
        {"Normalization", given(both, three, three), {"(2, 3, 2)"}, "refused"},
        {"Normalization", given(-1, nested, nested), {"(2, 2, 1)"}, "refused"},
        {"Normalization", given(-1, three, 1), {"(2, 2, 3)"}, "refused"},
        {"Normalization", given(Value(), three, three), {"(2, 2, 3)"}, "refused"},
    });
    const Tensor x({1, 2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
    const Ran last = run("Normalization", given(both, three, Value::list({1, 4, 9})), {x});
    EXPECT_EQ(std::vector<float>(last.outputs[0].values().begin(), last.outputs[0].values().end()),
              (std::vector<float>{0, 0, 0, 3, 1.5F, 1}));
    const Ran first =
        run("Normalization",
            given(both, nested, Value(ValueList{Value(ValueList{Value(1)}), Value(ValueList{Value(4)})})), {x});
    EXPECT_EQ(std::vector<float>(first.outputs[0].values().begin(), first.outputs[0].values().end()),
              (std::vector<float>{0, 1, 2, 1, 1.5F, 2}));
}

TEST(AxisRules, OfEinsumDenseAreThoseOfKeras) {
    const auto einsum = [](const char* equation, const Value& output, const Value& bias = {}) {
        return ValueDict{{"equation", equation}, {"output_shape", output}, {"bias_axes", bias}};
    };
    const Value unknownThenSix(ValueList{Value(), Value(6)});
    expectRules({
        {"EinsumDense",
         einsum("abc,cd->abd", unknownThenSix, "d"),
         {"(None, None, 4)"},
         "(None, None, 6); kernel (4, 6), bias (6,)"},
        {"EinsumDense", einsum("abc,cd->abd", Value::list({3, 6})), {"(None, None, 4)"}, "refused"},
        {"EinsumDense", einsum("abc,cd->abd", Value::list({5, 6})), {"(None, 3, 4)"}, "refused"},
        {"EinsumDense",
         einsum("abc,cde->abde", Value::list({3, 2, 6}), "be"),
         {"(2, 3, 4)"},
         "(2, 3, 2, 6); kernel (4, 2, 6), bias (3, 1, 6)"},
        {"EinsumDense",
         einsum("abc,cd->adb", Value::list({6, 3}), "d"),
         {"(2, 3, 4)"},
         "(2, 6, 3); kernel (4, 6), bias (6, 1)"},
        {"EinsumDense", einsum("i,d->id", 2), {"(2,)"}, "(2, 2); kernel (2,)"},
        {"EinsumDense", einsum("ab,b->a", Value(ValueList{})), {"(2, 32)"}, "(2,); kernel (32,)"},
        {"EinsumDense", einsum("abb,bc->ac", 5), {"(2, 4, 4)"}, "(2, 5); kernel (4, 5)"},
        {"EinsumDense", einsum("abb,bc->ac", 5), {"(2, 3, 4)"}, "refused"},
        {"EinsumDense", einsum("ab, bc->ac", 5), {"(2, 3)"}, "refused"},
        {"EinsumDense", einsum("...b,bc->...c", 5, "c"), {"(2, None, 4)"}, "(2, None, 5); kernel (4, 5), bias (5,)"},
        {"EinsumDense",
         einsum("ab...,bc->ac...", 5, "c"),
         {"(2, 4, 7, 8)"},
         "(2, 5, 7, 8); kernel (4, 5), bias (5, 1, 1)"},
        // _analyze_split_string takes the sizes of a bias from output_shape as it is written.
        {"EinsumDense", einsum("abc,cd->abd", unknownThenSix, "bd"), {"(None, None, 4)"}, "refused"},
        {"EinsumDense", einsum("abc,cd->abd", unknownThenSix, "bd"), {"(2, 3, 4)"}, "refused"},
        {"EinsumDense",
         einsum("abc,cd->abd", unknownThenSix, "d"),
         {"(2, 3, 4)"},
         "(2, 3, 6); kernel (4, 6), bias (6,)"},
        {"EinsumDense", einsum("ab,bc->ac", 5, "ac"), {"(None, 4)"}, "refused"},
        {"EinsumDense", einsum("ab,bc->ac", 5, "ac"), {"(2, 4)"}, "(2, 5); kernel (4, 5), bias (2, 5)"},
    });
}

TEST(AxisRules, OfUnequalInputsCompareWhatIsNotKnownAsKerasDoes) {
    const ValueDict heads{{"num_heads", 2}, {"key_dim", 3}};
    const auto shapeOf = [](const char* layer, const ValueDict& settings, const std::vector<std::string>& inputs) {
        return check(layer, settings, inputs).shape();
    };
    EXPECT_EQ(shapeOf("Dot", {{"axes", Value::list({2, 1})}}, {"(None, 3, 5)", "(None, 5, 7)"}), "(None, 3, 7)");
    EXPECT_EQ(shapeOf("Dot", {{"axes", Value::list({2, 1})}}, {"(None, 3, None)", "(None, None, 7)"}), "(None, 3, 7)");
    EXPECT_EQ(shapeOf("Dot", {{"axes", Value::list({2, 1})}}, {"(None, 3, None)", "(None, 5, 7)"}), "refused");
    EXPECT_EQ(shapeOf("Dot", {{"axes", 1}}, {"(None, 5)", "(None, 5)"}), "(None, 1)");
    const std::string query = "(None, 4, 8)";
    EXPECT_EQ(shapeOf("MultiHeadAttention", heads, {query, "(None, 6, 5)", "(None, 6, 7)"}), query);
    EXPECT_EQ(shapeOf("MultiHeadAttention", heads, {query, "(None, None, 5)", "(None, 6, 7)"}), "refused");
    EXPECT_EQ(shapeOf("MultiHeadAttention", heads, {query, "(None, None, 5)", "(None, None, 7)"}), query);
    ValueDict empty = heads;
    empty.emplace_back("output_shape", Value(ValueList{}));
    EXPECT_EQ(shapeOf("MultiHeadAttention", empty, {query, query}), query);
    EXPECT_EQ(check("MultiHeadAttention", heads, {query, "(None, 6, 5)", "(None, 6, 7)"}).weights(),
              "kernel (8, 2, 3), bias (2, 3), kernel (7, 2, 3), bias (2, 3), kernel (5, 2, 3), bias (2, 3), "
              "kernel (2, 3, 8), bias (8,)");
}

TEST(AxisRules, OfAttentionRefuseFeaturesThatKerasCannotUse) {
    const ValueDict grouped{{"head_dim", 2}, {"num_query_heads", 4}, {"num_key_value_heads", 2}};
    const std::string query = "(None, 4, 8)";
    expectRules({
        // grouped_query_attention.py, compute_output_shape
        {"GroupQueryAttention", grouped, {query, "(None, 6, 7)"}, "refused"},
        {"GroupQueryAttention", grouped, {query, "(None, 6, 8)", "(None, None, 8)"}, "refused"},
        {"GroupQueryAttention",
         grouped,
         {query, "(None, 6, 8)", "(None, 6, 7)"},
         "(None, 4, 8); kernel (8, 4, 2), bias (4, 2), kernel (7, 2, 2), bias (2, 2), kernel (8, 2, 2), bias (2, 2), "
         "kernel (4, 2, 8), bias (8,)"},
        // additive_attention.py, build: the scale has the features of the query
        {"AdditiveAttention", {}, {"(None, 4, None)", "(None, 6, 8)"}, "refused"},
        {"AdditiveAttention", {}, {query, "(None, 6, None)"}, "(None, 4, None); scale (8,)"},
        {"AdditiveAttention", {{"use_scale", false}}, {"(None, 4, None)", "(None, 6, 8)"}, "(None, 4, 8); "},
    });
    for (const char* layer : {"MultiHeadAttention", "GroupQueryAttention"}) {
        ValueDict settings =
            std::string(layer) == "MultiHeadAttention" ? ValueDict{{"num_heads", 2}, {"key_dim", 3}} : grouped;
        settings.emplace_back("flash_attention", true);
        EXPECT_EQ(check(layer, settings, {query, query}).shape(), query) << layer;
        settings.emplace_back("dropout", 0.1);
        EXPECT_EQ(check(layer, settings, {query, query}).shape(), "refused") << layer;
        settings.back() = {"return_attention_scores", true};
        EXPECT_EQ(check(layer, settings, {query, query}).shape(), "refused") << layer;
    }
}

TEST(AxisRules, OfDepthwiseConvolutionsRefuseStrideTogetherWithDilation) {
    // base_depthwise_conv.py and base_separable_conv.py, __init__
    struct Kind {
        const char* layer;
        int axes;
        bool hasFilters;
    };
    for (const Kind& kind : {Kind{"DepthwiseConv1D", 1, false}, Kind{"DepthwiseConv2D", 2, false},
                             Kind{"SeparableConv1D", 1, true}, Kind{"SeparableConv2D", 2, true}}) {
        const std::string input = kind.axes == 1 ? "(None, 9, 2)" : "(None, 9, 9, 2)";
        const auto isRefused = [&](const Value& strides, const Value& dilation) {
            ValueDict settings{{"kernel_size", 2}, {"strides", strides}, {"dilation_rate", dilation}};
            if (kind.hasFilters) settings.emplace_back("filters", 3);
            return check(kind.layer, settings, {input}).isRefused();
        };
        const Value oneAxis = kind.axes == 1 ? Value::list({2}) : Value::list({2, 1});
        EXPECT_TRUE(isRefused(2, oneAxis)) << kind.layer;
        EXPECT_TRUE(isRefused(oneAxis, 2)) << kind.layer;
        EXPECT_FALSE(isRefused(2, 1)) << kind.layer;
        EXPECT_FALSE(isRefused(1, oneAxis)) << kind.layer;
    }
}

/// Whether settings are refused before any input is looked at, as Keras' constructors do.
bool isRefusedWhenMade(const char* layer, const ValueDict& settings) {
    auto node = makeNode(*findLayer(layer), NodeId(1), "made");
    for (const auto& [key, value] : settings) node->set(key, value);
    InferContext context(Params(*node), {}, {}, node.get());
    validate(context);
    return context.isRefused();
}

TEST(WrapperRules, RefuseTheLayerInsideWhenTheyAreMade) {
    const auto inner = [](const char* className, const ValueDict& config) {
        return Value(ValueDict{{"class_name", Value(className)}, {"config", Value(config)}});
    };
    const Value lstm = inner("LSTM", {{"units", 3}});
    const Value backwards = inner("LSTM", {{"units", 3}, {"go_backwards", true}});
    EXPECT_FALSE(isRefusedWhenMade("Bidirectional", {{"layer", lstm}}));
    EXPECT_FALSE(isRefusedWhenMade("Bidirectional", {{"layer", lstm}, {"backward_layer", backwards}}));
    EXPECT_FALSE(isRefusedWhenMade("Bidirectional", {{"layer", inner("NobodyKnows", {})}}));
    EXPECT_TRUE(isRefusedWhenMade("Bidirectional", {{"layer", inner("Dense", {{"units", 3}})}}));
    EXPECT_TRUE(isRefusedWhenMade("Bidirectional", {{"layer", lstm}, {"backward_layer", lstm}}));
    EXPECT_TRUE(isRefusedWhenMade("Bidirectional", {{"layer", inner("LSTM", {{"units", 0}})}}));
    EXPECT_FALSE(isRefusedWhenMade("TimeDistributed", {{"layer", inner("Dense", {{"units", 3}})}}));
    EXPECT_FALSE(isRefusedWhenMade("TimeDistributed", {{"layer", inner("NobodyKnows", {})}}));
    EXPECT_TRUE(isRefusedWhenMade("TimeDistributed", {{"layer", inner("Dense", {{"units", 0}})}}));
}

}  // namespace
}  // namespace shapewise::layers
