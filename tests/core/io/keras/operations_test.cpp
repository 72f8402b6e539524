// Operations on tensors that files hold as layers: TFOpLambda and SlicingOpLambda of tf.keras 2, keras.ops of Keras 3.

#include "core/infer/analysis.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/layers/framework/layer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

/// A model of tf.keras with inputs a (4, 6) and b (4, 6), the operation op behind them.
std::string tfModel(const std::string& className, const std::string& function, const std::string& call) {
    const auto input = [](const char* name) {
        return fmt::format(R"({{"class_name": "InputLayer", "name": "{0}", "config": {{"name": "{0}",
            "batch_input_shape": [null, 4, 6], "dtype": "float32"}}, "inbound_nodes": []}})",
                           name);
    };
    return fmt::format(
        R"({{"keras_version": "2.11.0", "class_name": "Functional", "config": {{"name": "m", "layers": [{}, {},
        {{"class_name": "{}", "config": {{"name": "op", "trainable": true, "dtype": "float32", "function": "{}"}},
          "name": "op", "inbound_nodes": [{}]}}],
        "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["op", 0, 0]]}}}})",
        input("a"), input("b"), className, function, call);
}

std::string keras3Tensor(const char* name) {
    return fmt::format(R"({{"class_name": "__keras_tensor__", "config": {{"shape": [null, 4, 6], "dtype": "float32",
        "keras_history": ["{}", 0, 0]}}}})",
                       name);
}

std::string keras3Model(const std::string& className, const std::string& config, const std::string& arguments) {
    const auto input = [](const char* name) {
        return fmt::format(R"({{"module": "keras.layers", "class_name": "InputLayer", "name": "{0}", "config": {{
            "batch_shape": [null, 4, 6], "dtype": "float32", "name": "{0}"}}, "inbound_nodes": []}})",
                           name);
    };
    return fmt::format(
        R"({{"module": "keras.src.models.functional", "class_name": "Functional", "config": {{"name": "m", "layers": [{},
        {}, {{"module": "keras.src.ops.numpy", "class_name": "{}", "config": {{"name": "op"{}}},
          "registered_name": "{}", "name": "op", "inbound_nodes": [{{"args": {}, "kwargs": {{}}}}]}}],
        "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["op", 0, 0]]}}}})",
        input("a"), input("b"), className, config, className, arguments);
}

/// "GetItem key=... -> (None, 6)": what the layer op became, its settings in order, its inputs and its shape.
std::string read(const std::string& file) {
    const Result<Opened> opened = readProject(file);
    if (!opened) return opened.error().text();
    const graph::Graph& graph = opened->project.graph;
    const graph::Node& node = *graph.findByName("op");
    std::string text(node.type->className);
    for (const graph::Setting& setting : node.settings)
        if (setting.key != "config") text += " " + setting.key + "=" + setting.value.text();
    text += " of";
    for (const graph::Link& link : node.inputs) text += " " + graph.find(link.from)->name;
    const infer::Analysis analysis = infer::Analysis::of(graph);
    const tensor::TensorType* type = analysis[node.id].outputAt(0);
    return text + " -> " + (type != nullptr ? type->shape.text() : "?");
}

struct Case {
    std::string function;
    std::string call;
    std::string wanted;
};

TEST(Operations, OfTfKerasAreTheLayersThatDoTheSame) {
    const Case cases[] = {
        {"math.multiply", R"(["a", 0, 0, {"y": 2.0, "name": null}])",
         "TensorArithmetic function='multiply' constant=2 of a -> (None, 4, 6)"},
        {"__operators__.add", R"(["a", 0, 0, {"y": ["b", 0, 0], "name": null}])",
         "TensorArithmetic constant=None of a b -> (None, 4, 6)"},
        {"math.subtract", R"(["_CONSTANT_VALUE", -1, 1.5, {"y": ["b", 0, 0], "name": null}])",
         "TensorArithmetic function='subtract' constant=1.5 constant_first=True of b -> (None, 4, 6)"},
        {"math.truediv", R"(["a", 0, 0, {"y": [1, 2, 3, 4, 5, 6], "name": null}])",
         "TensorArithmetic function='divide' constant=(1, 2, 3, 4, 5, 6) of a -> (None, 4, 6)"},
        {"nn.relu", R"(["a", 0, 0, {"name": null}])", "Activation activation='relu' of a -> (None, 4, 6)"},
        {"nn.leaky_relu", R"(["a", 0, 0, {}])", "LeakyReLU negative_slope=0.2 of a -> (None, 4, 6)"},
        {"nn.softmax", R"(["a", 0, 0, {"axis": 1}])", "Softmax axis=1 of a -> (None, 4, 6)"},
        {"concat", R"([["a", 0, 0, {"axis": 1}], ["b", 0, 0, {"axis": 1}]])",
         "Concatenate axis=1 of a b -> (None, 8, 6)"},
        {"transpose", R"(["a", 0, 0, {"perm": [0, 2, 1]}])", "Permute dims=(2, 1) of a -> (None, 6, 4)"},
        {"expand_dims", R"(["a", 0, 0, {"axis": -1}])", "ExpandDims axis=-1 of a -> (None, 4, 6, 1)"},
        {"cast", R"(["a", 0, 0, {"dtype": "float32"}])", "Activation activation='linear' of a -> (None, 4, 6)"},
        {"math.reduce_variance", R"(["a", 0, 0, {"axis": 1}])", "Custom class_name='TFOpLambda' of a -> ?"},
        {"nn.gelu", R"(["a", 0, 0, {"approximate": true}])", "Custom class_name='TFOpLambda' of a -> ?"},
        {"reshape", R"(["a", 0, 0, {"shape": ["b", 0, 0]}])", "Custom class_name='TFOpLambda' of a b -> ?"},
        {"reshape", R"(["a", 0, 0, {"shape": [-1, 3, 8], "name": null}])",
         "Reshape target_shape=(3, 8) of a -> (None, 3, 8)"},
        {"reshape", R"(["a", 0, 0, {"shape": [-1, 6]}])", "Custom class_name='TFOpLambda' of a -> ?"},  // another batch
        {"transpose", R"(["a", 0, 0, {"perm": [1, 0, 2]}])", "Custom class_name='TFOpLambda' of a -> ?"},
    };
    for (const Case& each : cases) {
        const std::string got = read(tfModel("TFOpLambda", each.function, each.call));
        // What an unknown layer gives is decided elsewhere.
        EXPECT_EQ(each.wanted.starts_with("Custom") ? got.substr(0, got.find(" ->")) + " -> ?" : got, each.wanted)
            << each.function;
    }
}

TEST(Operations, AReshapeBehindAReshapeIsReadWithoutARemark) {
    const auto reshape = [](const std::string& name, const std::string& of, const std::string& shape) {
        return R"({"class_name": "TFOpLambda", "config": {"name": ")" + name +
               R"(", "function": "reshape"}, "name": ")" + name + R"(", "inbound_nodes": [[")" + of +
               R"(", 0, 0, {"shape": )" + shape + "}]]}";
    };
    const Result<Opened> opened = readProject(
        R"({"keras_version": "2.11.0", "class_name": "Functional", "config": {"name": "m", "layers": [)" +
        reshape("op", "before", "[-1, 2, 12]") + ", " + reshape("before", "a", "[-1, 24]") +
        R"(, {"class_name": "InputLayer", "name": "a", "config": {"name": "a", "batch_input_shape": [null, 4, 6]}, )"
        R"("inbound_nodes": []}], "input_layers": [["a", 0, 0]], "output_layers": [["op", 0, 0]]}})");
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_TRUE(opened->notes.empty()) << opened->notes.front();
    const infer::Analysis analysis = infer::Analysis::of(opened->project.graph);
    EXPECT_EQ(analysis[opened->project.graph.findByName("op")->id].outputAt(0)->shape.text(), "(None, 2, 12)");
}

TEST(Operations, SlicesOfTfKerasAreCutOut) {
    const std::string whole = R"({"start": null, "stop": null, "step": null})";
    const Case cases[] = {
        {"", whole + ", 0", "-> (None, 6)"},
        {"", whole + R"(, {"start": 1, "stop": -1, "step": null})", "-> (None, 2, 6)"},
        {"", R"({"class_name": "__ellipsis__"}, {"start": null, "stop": null, "step": 4})", "-> (None, 4, 2)"},
        {"", whole + R"(, null, {"start": 3, "stop": null, "step": -2})", "-> (None, 1, 2, 6)"},
    };
    for (const Case& each : cases) {
        const std::string got = read(
            tfModel("SlicingOpLambda", "__operators__.getitem", R"(["a", 0, 0, {"slice_spec": [)" + each.call + "]}]"));
        EXPECT_TRUE(got.starts_with("GetItem")) << got;
        EXPECT_TRUE(got.ends_with(each.wanted)) << got;
    }
}

TEST(Operations, OfKeras3AreTheLayersThatDoTheSame) {
    const std::string a = keras3Tensor("a");
    const std::string b = keras3Tensor("b");
    const struct {
        std::string className, config, arguments, wanted;
    } cases[] = {
        {"Add", "", "[" + a + ", " + b + "]", "Add of a b -> (None, 4, 6)"},
        {"Multiply", "", "[" + a + ", 0.5]", "TensorArithmetic function='multiply' constant=0.5 of a -> (None, 4, 6)"},
        {"Subtract", "", "[1, " + a + "]",
         "TensorArithmetic function='subtract' constant_first=True of a -> (None, 4, 6)"},
        {"Power", "", "[" + a + ", " + b + "]",
         "TensorArithmetic function='power' constant=None of a b -> (None, 4, 6)"},
        {"Transpose", R"(, "axes": [0, 2, 1])", "[" + a + "]", "Permute dims=(2, 1) of a -> (None, 6, 4)"},
        {"ExpandDims", R"(, "axis": 1)", "[" + a + "]", "ExpandDims axis=1 of a -> (None, 1, 4, 6)"},
        {"Concatenate", R"(, "axis": 2)", "[[" + a + ", " + b + "]]", "Concatenate axis=2 of a b -> (None, 4, 12)"},
        {"Reshape", R"(, "newshape": [-1, 24])", "[" + a + "]", "Reshape target_shape=(24,) of a -> (None, 24)"},
        {"GetItem", "",
         "[" + a + R"(, [{"class_name": "__slice__", "config": {"start": null, "stop": null, "step": null}}, 2]])",
         "-> (None, 6)"},
    };
    for (const auto& each : cases) {
        const std::string got = read(keras3Model(each.className, each.config, each.arguments));
        EXPECT_TRUE(got.ends_with(each.wanted)) << each.className << ": " << got;
    }
}

/// The layer called op in Keras JSON.
Value layerIn(const std::string& text) {
    const Result<Value> file = parseJson(text);
    if (!file) return {};
    for (const Value& layer : file->find("config")->find("layers")->asList())
        if (*layer.find("name") == Value("op")) return layer;
    return {};
}

TEST(Operations, AreWrittenAsTheyCameUntilTheyAreChanged) {
    const std::string a = keras3Tensor("a");
    const std::string files[] = {
        tfModel("TFOpLambda", "math.subtract", R"(["_CONSTANT_VALUE", -1, 1.5, {"y": ["b", 0, 0], "name": null}])"),
        tfModel("TFOpLambda", "concat", R"([["b", 0, 0, {"axis": 1}], ["a", 0, 0, {"axis": 1}]])"),
        tfModel("SlicingOpLambda", "__operators__.getitem",
                R"(["a", 0, 0, {"slice_spec": [{"start": 1, "stop": null, "step": null}]}])"),
        tfModel("TFOpLambda", "math.reduce_variance", R"(["a", 0, 0, {"axis": 1}])"),
        tfModel("TFOpLambda", "reshape", R"(["a", 0, 0, {"shape": [-1, 3, 8], "name": null}])"),
        keras3Model("Multiply", "", "[" + a + ", 0.5]"),
        keras3Model("ExpandDims", R"(, "axis": 1)", "[" + a + "]"),
    };
    for (const std::string& file : files) {
        const Result<Opened> opened = readProject(file);
        ASSERT_TRUE(opened) << opened.error().text();
        const Result<std::string> written = kerasJson(opened->project);
        ASSERT_TRUE(written) << written.error().text();
        EXPECT_EQ(layerIn(*written).text(), layerIn(file).text());
    }
}

TEST(Operations, ThatWereChangedAreWrittenAsKeras3HasThem) {
    const std::string slice =
        R"(["a", 0, 0, {"slice_spec": [{"start": null, "stop": null, "step": null}, {"start": 1, "stop": 3, "step": null}]}])";
    const struct {
        std::string file, key;
        Value value;
        std::string wanted;
    } cases[] = {
        {tfModel("TFOpLambda", "math.multiply", R"(["a", 0, 0, {"y": 2.0}])"), "constant", Value(3.0),
         "TensorArithmetic function='multiply' constant=3 of a -> (None, 4, 6)"},
        {tfModel("TFOpLambda", "expand_dims", R"(["a", 0, 0, {"axis": 1}])"), "axis", Value(2),
         "ExpandDims axis=2 of a -> (None, 4, 1, 6)"},
        {tfModel("SlicingOpLambda", "__operators__.getitem", slice), "key",
         Value(ValueList{Value("..."), Value(2), Value()}), "GetItem key=('...', 2, None) of a -> (None, 4, 1)"},
    };
    for (const auto& each : cases) {
        Result<Opened> opened = readProject(each.file);
        ASSERT_TRUE(opened) << opened.error().text();
        graph::Graph& graph = opened->project.graph;
        auto node = std::make_shared<graph::Node>(*graph.findByName("op"));
        node->set(each.key, each.value);
        graph.put(node);
        for (const layers::Dialect dialect : {layers::Dialect::TfKeras2, layers::Dialect::Keras3}) {
            const Result<std::string> written = kerasJson(opened->project, dialect);
            ASSERT_TRUE(written) << written.error().text();
            EXPECT_EQ(read(*written), each.wanted);
            EXPECT_EQ(layerIn(*written).find("module") != nullptr, dialect == layers::Dialect::Keras3);
        }
        const Result<std::string> older = kerasJson(opened->project, layers::Dialect::Keras2);
        ASSERT_FALSE(older) << "Keras 2 has no operations";
        EXPECT_NE(older.error().text().find("'op'"), std::string::npos) << older.error().text();
    }
}

TEST(Operations, AreOperationsInPython) {
    const struct {
        std::string file, wanted;
    } cases[] = {
        {tfModel("TFOpLambda", "math.multiply", R"(["a", 0, 0, {"y": 2.0}])"), "op = keras.ops.multiply(a, 2.0)\n"},
        {tfModel("TFOpLambda", "math.subtract", R"(["_CONSTANT_VALUE", -1, 1, {"y": ["b", 0, 0]}])"),
         "op = keras.ops.subtract(1, b)\n"},
        {tfModel("TFOpLambda", "expand_dims", R"(["a", 0, 0, {"axis": 1}])"),
         "op = keras.ops.expand_dims(a, axis=1)\n"},
        {tfModel("SlicingOpLambda", "__operators__.getitem",
                 R"(["a", 0, 0, {"slice_spec": [{"class_name": "__ellipsis__"},
            {"start": 1, "stop": null, "step": 2}, null]}])"),
         "op = a[..., 1::2, None]\n"},
    };
    for (const auto& each : cases) {
        const Result<Opened> opened = readProject(each.file);
        ASSERT_TRUE(opened) << opened.error().text();
        const Result<std::string> code = kerasCode(opened->project);
        ASSERT_TRUE(code) << code.error().text();
        EXPECT_NE(code->find(each.wanted), std::string::npos) << *code;
    }
}

}  // namespace
}  // namespace shapewise::io
