// TensorArithmetic, ExpandDims, Squeeze, GetItem: shapes and numbers as NumPy has them.

#include "layer_check.h"

#include <gtest/gtest.h>
#include <cmath>

namespace shapewise::layers {
namespace {

using diag::Code;
using tensor::Tensor;

Tensor counting(const tensor::Extents& extents) {
    Tensor made(extents);
    for (std::int64_t at = 0; at < made.count(); ++at) made.data()[at] = static_cast<float>(at);
    return made;
}

std::vector<float> valuesOf(const Tensor& tensor) { return {tensor.values().begin(), tensor.values().end()}; }

Value slice(const Value& start, const Value& stop, const Value& step = {}) {
    return Value(ValueDict{{"start", start}, {"stop", stop}, {"step", step}});
}

TEST(TensorArithmetic, AlignsSizesFromTheLastAxisOn) {
    const ValueDict two{{"constant", Value()}};
    const struct {
        std::vector<std::string> shapes;
        std::string wanted;
    } cases[] = {{{"(None, 4, 6)", "(None, 4, 6)"}, "(None, 4, 6)"},
                 {{"(None, 4, 6)", "(6,)"}, "(None, 4, 6)"},
                 {{"(None, 1, 6)", "(4, 1)"}, "(None, 4, 6)"},
                 {{"(2, 4, 6)", "(None, 1, 6)"}, "(2, 4, 6)"},
                 {{"(3,)", "(2, 3)"}, "(2, 3)"},
                 {{"(None, 4)", "(2, None, 1)"}, "(2, None, 4)"}};
    for (const auto& each : cases) EXPECT_EQ(check("TensorArithmetic", two, each.shapes).shape(), each.wanted);
    EXPECT_TRUE(check("TensorArithmetic", two,
                      {
                          "(None, 4, 6)",
                          "(None, 6)",
                      })
                    .shape() == "(None, 4, 6)");
    EXPECT_TRUE(check("TensorArithmetic", two, {"(None, 4, 6)", "(4,)"}).refuses(Code::MergeMismatch));
    EXPECT_TRUE(check("TensorArithmetic", two, {"(None, 4)"}).refuses(Code::TooFewInputs));
    EXPECT_TRUE(check("TensorArithmetic", {}, {"(None, 4)", "(None, 4)"}).refuses(Code::TooManyInputs));
    EXPECT_TRUE(check("TensorArithmetic", {{"constant", "x"}}, {"(None, 4)"}).refuses(Code::ParameterKind));
    const Value ragged(ValueList{Value::list({1, 2}), Value::list({1})});
    EXPECT_TRUE(check("TensorArithmetic", {{"constant", ragged}}, {"(None, 2)"}).refuses(Code::ParameterKind));
}

TEST(TensorArithmetic, ComputesWhatItsNameSays) {
    const Tensor x({1, 3}, std::vector<float>{-3.0F, 2.0F, 4.5F});
    const struct {
        const char* function;
        std::vector<float> behind;  ///< x op 2
        std::vector<float> before;  ///< 2 op x
    } cases[] = {
        {"add", {-1, 4, 6.5F}, {-1, 4, 6.5F}},
        {"subtract", {-5, 0, 2.5F}, {5, 0, -2.5F}},
        {"multiply", {-6, 4, 9}, {-6, 4, 9}},
        {"divide", {-1.5F, 1, 2.25F}, {2 / -3.0F, 1, 2 / 4.5F}},
        {"power", {9, 4, 20.25F}, {0.125F, 4, std::pow(2.0F, 4.5F)}},
        {"maximum", {2, 2, 4.5F}, {2, 2, 4.5F}},
        {"minimum", {-3, 2, 2}, {-3, 2, 2}},
        {"floor_divide", {-2, 1, 2}, {-1, 1, 0}},
        {"mod", {1, 0, 0.5F}, {-1, 0, 2}},
    };
    for (const auto& each : cases)
        for (const bool first : {false, true}) {
            const Ran ran =
                run("TensorArithmetic", {{"function", each.function}, {"constant", 2}, {"constant_first", first}}, {x});
            ASSERT_EQ(ran.problem, "");
            const std::vector<float> got = valuesOf(ran.outputs[0]);
            for (std::size_t at = 0; at < 3; ++at)
                EXPECT_FLOAT_EQ(got[at], (first ? each.before : each.behind)[at]) << each.function << first;
        }
    const Ran outer = run("TensorArithmetic", {{"function", "subtract"}, {"constant", Value()}},
                          {counting({2, 1, 2}), counting({3, 1})});
    EXPECT_EQ(valuesOf(outer.outputs[0]), (std::vector<float>{0, 1, -1, 0, -2, -1, 2, 3, 1, 2, 0, 1}));
}

TEST(TensorAxes, ArePutInAndTakenOut) {
    const struct {
        const char* layer;
        Value axis;
        std::string shape, wanted;
    } cases[] = {{"ExpandDims", 1, "(None, 4, 6)", "(None, 1, 4, 6)"},
                 {"ExpandDims", -1, "(None, 4, None)", "(None, 4, None, 1)"},
                 {"ExpandDims", 0, "(None, 4)", "(1, None, 4)"},
                 {"ExpandDims", -2, "(None, 4)", "(None, 1, 4)"},
                 {"ExpandDims", 3, "(None, 4)", "refused"},
                 {"Squeeze", 1, "(None, 1, 6)", "(None, 6)"},
                 {"Squeeze", Value::list({-1, 1}), "(None, 1, 6, 1)", "(None, 6)"},
                 {"Squeeze", Value(), "(None, 1, 6, 1)", "refused"},
                 {"Squeeze", 2, "(None, 1, 6)", "refused"},
                 {"Squeeze", 3, "(None, 1, 6)", "refused"}};
    for (const auto& each : cases)
        EXPECT_EQ(check(each.layer, {{"axis", each.axis}}, {each.shape}).shape(), each.wanted)
            << each.layer << each.axis.text();
}

TEST(GetItem, CutsAsNumPyDoes) {
    const Value all = slice({}, {});
    const struct {
        ValueList key;
        std::string shape;
        std::vector<float> values;  ///< of counting (2, 3, 4)
    } cases[] = {
        {{all, all, Value(0)}, "(2, 3)", {0, 4, 8, 12, 16, 20}},
        {{all, Value(-1)}, "(2, 4)", {8, 9, 10, 11, 20, 21, 22, 23}},
        {{Value("..."), slice(1, 3)}, "(2, 3, 2)", {1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22}},
        {{all, slice({}, {}, -2), Value(1)}, "(2, 2)", {9, 1, 21, 13}},
        {{all, slice(-2, 100), Value(3), Value()}, "(2, 2, 1)", {7, 11, 19, 23}},
        {{Value(1), Value(0)}, "(4,)", {12, 13, 14, 15}},
        {{all, Value(2), slice(3, {}, -1)}, "(2, 4)", {11, 10, 9, 8, 23, 22, 21, 20}},
        {{all, slice(2, 1)}, "(2, 0, 4)", {}},
    };
    for (const auto& each : cases) {
        const ValueDict settings{{"key", Value(each.key)}};
        EXPECT_EQ(check("GetItem", settings, {"(2, 3, 4)"}).shape(), each.shape);
        const Ran ran = run("GetItem", settings, {counting({2, 3, 4})});
        ASSERT_EQ(ran.problem, "");
        EXPECT_EQ(valuesOf(ran.outputs[0]), each.values) << Value(each.key).text();
    }
}

TEST(GetItem, RefusesWhatIsNotThereAndLeavesUnknownSizesUnknown) {
    const Value all = slice({}, {});
    const auto shapeOf = [](const ValueList& key, const char* shape) {
        return check("GetItem", {{"key", Value(key)}}, {shape}).shape();
    };
    EXPECT_EQ(shapeOf({all, Value(3)}, "(None, 3, 4)"), "refused");
    EXPECT_EQ(shapeOf({all, Value(-4)}, "(None, 3, 4)"), "refused");
    EXPECT_EQ(shapeOf({all, all, all, Value(0)}, "(None, 3, 4)"), "refused");
    EXPECT_EQ(shapeOf({all, slice({}, {}, 0)}, "(None, 3, 4)"), "refused");
    EXPECT_EQ(shapeOf({Value("..."), Value("...")}, "(None, 3, 4)"), "refused");
    EXPECT_EQ(shapeOf({all, slice(1, {}), Value(0)}, "(None, None, 4)"), "(None, None)");
    EXPECT_EQ(shapeOf({all, slice({}, {}, -1)}, "(None, T, 4)"), "(None, T, 4)");
}

}  // namespace
}  // namespace shapewise::layers
