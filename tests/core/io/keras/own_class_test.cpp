// Classes of a file's own that have the name of one of our layers are not taken for it.

#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/layer_node.h"

#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

struct Case {
    std::string why;
    std::string version;
    std::string entry;  ///< of the layer 'x', without its name and its call
};

std::string file(const Case& example) {
    const std::string call = example.version.starts_with("3")
                                 ? R"([{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 5, 8], )"
                                   R"("dtype": "float32", "keras_history": ["a", 0, 0]}}], "kwargs": {}}])"
                                 : R"([[["a", 0, 0, {}]]])";
    const std::string model = example.version < "2.3" ? "Model" : "Functional";
    return R"({"class_name": ")" + model +
           R"(", "config": {"name": "f", "layers": [{"class_name": "InputLayer", )"
           R"("name": "a", "config": {"name": "a", "batch_input_shape": [null, 5, 8]}, "inbound_nodes": []}, {)" +
           example.entry + R"(, "name": "x", "inbound_nodes": )" + call +
           R"(}], "input_layers": [["a", 0, 0]], "output_layers": [["x", 0, 0]]}, "keras_version": ")" +
           example.version + R"("})";
}

const Case kOwn[] = {
    {"its module is not of Keras", "3.3.0",
     R"("module": "my.layers", "class_name": "Dense", "registered_name": "Dense", "config": {"units": 3})"},
    {"it is registered", "3.3.0",
     R"("module": null, "class_name": "Dense", "registered_name": "my>Dense", "config": {"units": 3})"},
    {"a module whose name only begins as Keras'", "3.3.0",
     R"("module": "keras_hub.layers", "class_name": "Dense", "registered_name": "Dense", "config": {"units": 3})"},
    {"Keras 2.2 has no Attention, and ours has no units", "2.2.4",
     R"("class_name": "Attention", "config": {"name": "x", "units": 10})"},
    {"Keras 2.2 has no Attention, and ours takes two tensors", "2.2.4",
     R"("class_name": "Attention", "config": {"name": "x"})"},
    {"tf.keras' Attention has no units and takes two tensors", "2.11.0",
     R"("class_name": "Attention", "config": {"name": "x", "units": 10})"},
    {"MultiHeadAttention of keras-multi-head", "2.2.4",
     R"("class_name": "MultiHeadAttention", "config": {"name": "x", "head_num": 4})"},
    {"Keras 2 has no Highway", "2.2.4", R"("class_name": "Highway", "config": {"name": "x", "units": 8})"},
    {"a node of this program", "2.11.0", R"("class_name": "Target", "config": {"name": "x"})"},
    {"a node of this program", "2.11.0", R"("class_name": "Note", "config": {"name": "x", "text": "y"})"},
    {"a source of this program", "2.11.0", R"("class_name": "Sample", "config": {"name": "x"})"},
    {"a source of this program", "2.11.0", R"("class_name": "AudioFile", "config": {"name": "x", "path": "y"})"},
    {"its activation is a layer with weights", "2.11.0",
     R"("class_name": "Dense", "config": {"name": "x", "units": 3, "activation": {"class_name": "PReLU", "config": {}}})"},
    {"its activation is a function of the file", "3.3.0",
     R"("module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {"units": 3, "activation": )"
     R"({"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "function"}})"},
    {"the activation of its gates is a lambda", "1.2.2",
     R"("class_name": "LSTM", "config": {"name": "x", "output_dim": 3, "inner_activation": "<lambda>"})"},
    {"Theano's full convolution", "1.2.2",
     R"("class_name": "Convolution1D", "config": {"name": "x", "nb_filter": 3, "filter_length": 3, )"
     R"("border_mode": "full"})"},
    {"an operation, which has a module", "2.11.0", R"("class_name": "Squeeze", "config": {"name": "x", "axis": 1})"},
    {"an operation, which has a module", "2.11.0",
     R"("class_name": "TensorArithmetic", "config": {"name": "x", "function": "add"})"},
};

const Case kOfKeras[] = {
    {"Keras 3", "3.3.0",
     R"("module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {"units": 3})"},
    {"Keras 3, from its own modules", "3.3.0",
     R"("module": "keras.src.layers.core.dense", "class_name": "Dense", "registered_name": null, "config": {"units": 3})"},
    {"tf_keras", "2.16.0",
     R"("module": "tf_keras.layers", "class_name": "Dense", "registered_name": null, "config": {"units": 3})"},
    {"a setting of a Keras to come", "3.30.0",
     R"("module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {"units": 3, "new": 1})"},
    {"settings of training", "2.11.0",
     R"("class_name": "BatchNormalization", "config": {"name": "x", "axis": [2], "renorm": false, "my": 1})"},
    {"a layer of a newer Keras that says nothing strange", "2.2.4",
     R"("class_name": "LayerNormalization", "config": {"name": "x", "axis": -1, "epsilon": 1e-06, )"
     R"("beta_initializer": "zeros"})"},
    {"its activation is a layer we have as a function", "2.11.0",
     R"("class_name": "Dense", "config": {"name": "x", "units": 3, "activation": )"
     R"({"class_name": "LeakyReLU", "config": {"alpha": 0.3}}})"},
    {"its activation is misspelt", "2.11.0",
     R"("class_name": "Dense", "config": {"name": "x", "units": 3, "activation": "rellu"})"},
    {"a node of this program, written by hand", "2.11.0",
     R"("class_name": "Target", "config": {"name": "x", "shape": [5], "loss": "mse"})"},
    {"a mistake is not a class of its own", "2.11.0", R"("class_name": "Dense", "config": {"name": "x"})"},
};

TEST(OwnClass, AClassOfTheFileThatHasANameOfOursIsNotKnown) {
    for (const Case& example : kOwn) {
        SCOPED_TRACE(example.why + ": " + example.entry);
        const Result<Opened> opened = readProject(file(example));
        ASSERT_TRUE(opened) << opened.error().text();
        const graph::Node& node = *opened->project.graph.findByName("x");
        EXPECT_TRUE(isStandIn(node)) << node.type->className;
        EXPECT_EQ(node.inputs.size(), 1U);
        const Result<Value> written = kerasValue(opened->project, readDialect(opened->project)->dialect);
        ASSERT_TRUE(written) << written.error().text();
        EXPECT_EQ(jsonText(*written), jsonText(*parseJson(file(example))));
    }
}

TEST(OwnClass, ALayerOfKerasIsKnownWhateverElseItsFileSays) {
    for (const Case& example : kOfKeras) {
        SCOPED_TRACE(example.why + ": " + example.entry);
        const Result<Opened> opened = readProject(file(example));
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_FALSE(isStandIn(*opened->project.graph.findByName("x")));
    }
}

}  // namespace
}  // namespace shapewise::io
