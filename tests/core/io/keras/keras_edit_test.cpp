// A Keras file that was edited a little is written with that little changed.

#include "core/edit/apply.h"
#include "core/edit/builders.h"
#include "core/edit/clipboard.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_json.h"
#include "core/layers/framework/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

/// ".a.b[2]: 1 -> 2" for every place where two values differ.
void findChanges(const Value& a, const Value& b, const std::string& where, std::vector<std::string>& changes) {
    if (a.isDict() && b.isDict()) {
        for (const auto& [key, value] : a.asDict()) {
            if (const Value* other = b.find(key))
                findChanges(value, *other, where + "." + key, changes);
            else
                changes.push_back(where + "." + key + ": gone");
        }
        for (const auto& [key, value] : b.asDict())
            if (a.find(key) == nullptr) changes.push_back(where + "." + key + ": new " + jsonText(value));
        return;
    }
    if (a.isList() && b.isList() && a.asList().size() == b.asList().size()) {
        for (std::size_t index = 0; index < a.asList().size(); ++index)
            findChanges(a.asList()[index], b.asList()[index], where + "[" + std::to_string(index) + "]", changes);
        return;
    }
    if (jsonText(a) != jsonText(b)) changes.push_back(where + ": " + jsonText(a) + " -> " + jsonText(b));
}

graph::Project edited(const graph::Project& project, const edit::Edit& edit) {
    Result<edit::Applied> applied = edit::apply(project, edit);
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().text());
    return applied ? applied->project : project;
}

/// What is written after an edit against the file before it.
std::vector<std::string> changesAfter(const std::string& text, const graph::Project& project) {
    const Result<std::string> written = kerasJson(project);
    EXPECT_TRUE(written) << (written ? "" : written.error().text());
    std::vector<std::string> changes;
    if (written) findChanges(*parseJson(text), *parseJson(*written), "", changes);
    return changes;
}

struct SettingCase {
    std::string what;
    std::string text;
    std::string node;
    std::string key;
    Value value;
    std::vector<std::string> changes;
};

const std::string kKeras1 =
    R"({"keras_version": "1.2.2", "class_name": "Sequential", "config": [{"class_name": "Convolution2D", "config": {"name": "c", "batch_input_shape": [null, 20, 20, 20], "nb_filter": 8, "nb_row": 5, "nb_col": 3, "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "tf", "bias": true, "activation": "relu", "W_regularizer": {"l2": 0.01, "name": "L1L2Regularizer", "l1": 0.0}, "own_key": [1, 1.0]}}]})";
const std::string kTfKeras2 =
    R"({"class_name": "Functional", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 6, 4], "dtype": "float32", "sparse": false, "ragged": false, "name": "x"}, "name": "x", "inbound_nodes": []},
      {"class_name": "LSTM", "config": {"name": "l", "trainable": true, "dtype": "float32", "return_sequences": true, "time_major": false, "units": 3, "activation": "tanh", "recurrent_activation": "hard_sigmoid", "unit_forget_bias": true, "implementation": 2, "zero_output_for_mask": true}, "name": "l", "inbound_nodes": [[["x", 0, 0, {"training": true}]]]},
      {"class_name": "LeakyReLU", "config": {"name": "r", "trainable": true, "dtype": "float32", "alpha": 0.30000001192092896}, "name": "r", "inbound_nodes": [[["l", 0, 0, {}]]]},
      {"class_name": "TimeDistributed", "config": {"name": "td", "layer": {"class_name": "Dense", "config": {"name": "inner", "units": 3, "activation": "linear"}}}, "name": "td", "inbound_nodes": [[["r", 0, 0, {}]]]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["td", 0, 0]]}, "keras_version": "2.11.0", "backend": "tensorflow", "training_config": {"loss": "mse"}})";
const std::string kKeras3 =
    R"({"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [
      {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 8, 2], "dtype": "float32", "name": "x"}, "registered_name": null},
      {"module": "keras.layers", "class_name": "Bidirectional", "config": {"name": "b", "layer": {"module": "keras.layers", "class_name": "GRU", "config": {"name": "forward_gru", "units": 3, "reset_after": true}, "registered_name": null}, "backward_layer": {"module": "keras.layers", "class_name": "GRU", "config": {"name": "backward_gru", "units": 3, "reset_after": true, "go_backwards": true}, "registered_name": null}, "merge_mode": "concat"}, "registered_name": null, "build_config": {"input_shape": [null, 8, 2]}},
      {"module": "my.pkg", "class_name": "MyNorm", "config": {"name": "mn", "axes": [1, 2], "scale": {"class_name": "function", "config": "f", "module": "builtins", "registered_name": "function"}}, "registered_name": "my>MyNorm"}]},
      "registered_name": null, "compile_config": {"optimizer": "adam"}})";

TEST(KerasEdit, ChangesOneSettingUnderTheNameItHas) {
    const std::vector<SettingCase> cases = {
        {"both sizes of a kernel",
         kKeras1,
         "c",
         "kernel_size",
         Value::list({5, 5}),
         {".config[0].config.nb_col: 3 -> 5"}},
        {"a renamed choice",
         kKeras1,
         "c",
         "padding",
         Value("same"),
         {".config[0].config.border_mode: \"valid\" -> \"same\""}},
        {"a renamed flag", kKeras1, "c", "use_bias", Value(false), {".config[0].config.bias: true -> false"}},
        {"a word that has another name",
         kKeras1,
         "c",
         "data_format",
         Value("channels_first"),
         {".config[0].config.dim_ordering: \"tf\" -> \"th\""}},
        {"a number",
         kTfKeras2,
         "r",
         "negative_slope",
         Value(0.1),
         {".config.layers[2].config.alpha: 0.30000001192092896 -> 0.1"}},
        {"a setting of a recurrent layer",
         kTfKeras2,
         "l",
         "units",
         Value(5),
         {".config.layers[1].config.units: 3 -> 5"}},
        {"a setting with its default",
         kTfKeras2,
         "l",
         "go_backwards",
         Value(true),
         {".config.layers[1].config.go_backwards: new true"}},
        {"the shape of an input",
         kTfKeras2,
         "x",
         "shape",
         Value::list({7, 4}),
         {".config.layers[0].config.batch_input_shape[1]: 6 -> 7"}},
        {"the shape of the first layer",
         kKeras1,
         "c_input",
         "shape",
         Value::list({20, 20, 3}),
         {".config[0].config.batch_input_shape[3]: 20 -> 3"}},
        {"a choice of a wrapper",
         kKeras3,
         "b",
         "merge_mode",
         Value("sum"),
         {".config.layers[1].config.merge_mode: \"concat\" -> \"sum\""}},
    };
    for (const SettingCase& one : cases) {
        SCOPED_TRACE(one.what);
        const Result<Opened> opened = readProject(one.text);
        ASSERT_TRUE(opened) << opened.error().text();
        const graph::Node* node = opened->project.graph.findByName(one.node);
        ASSERT_NE(node, nullptr);
        const graph::Project project = edited(opened->project, edit::setParameter(node->id, one.key, one.value));
        EXPECT_THAT(changesAfter(one.text, project), ElementsAreArray(one.changes));
        EXPECT_THAT(changesAfter(one.text, readProject(projectJson(project))->project), ElementsAreArray(one.changes))
            << "through a .shapewise project";
    }
}

TEST(KerasEdit, ChangesALayerInsideAWrapperAndLeavesItsName) {
    const Result<Opened> opened = readProject(kTfKeras2);
    ASSERT_TRUE(opened);
    const graph::Node* node = opened->project.graph.findByName("td");
    const Value layer(
        ValueDict{{"class_name", "Dense"}, {"config", ValueDict{{"units", 9}, {"activation", "linear"}}}});
    EXPECT_THAT(changesAfter(kTfKeras2, edited(opened->project, edit::setParameter(node->id, "layer", layer))),
                ElementsAre(".config.layers[3].config.layer.config.units: 3 -> 9"));
}

TEST(KerasEdit, RenamesALayerWhereverItIsNamed) {
    const Result<Opened> opened = readProject(kTfKeras2);
    ASSERT_TRUE(opened);
    const NodeId id = opened->project.graph.findByName("r")->id;
    EXPECT_THAT(
        changesAfter(kTfKeras2, edited(opened->project, edit::renameNode(id, "leak"))),
        ElementsAre(".config.layers[2].config.name: \"r\" -> \"leak\"", ".config.layers[2].name: \"r\" -> \"leak\"",
                    ".config.layers[3].inbound_nodes[0][0][0]: \"r\" -> \"leak\""));
}

TEST(KerasEdit, RemovesALayerAndKeepsTheOthersAsTheyStood) {
    const Result<Opened> opened = readProject(kKeras3);
    ASSERT_TRUE(opened);
    const NodeId id = opened->project.graph.findByName("b")->id;
    const Result<std::string> written =
        kerasJson(edited(opened->project, edit::removeAndHeal(opened->project.graph, std::vector<NodeId>{id})));
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_THAT(*written, HasSubstr(R"("compile_config": {"optimizer": "adam"})"));
    EXPECT_THAT(*written, HasSubstr(R"("registered_name": "my>MyNorm")"));
    EXPECT_THAT(*written, Not(HasSubstr("Bidirectional")));
}

TEST(KerasEdit, ACopyOfALayerKeepsWhatTheFileSaidOfIt) {
    const Result<Opened> opened = readProject(kTfKeras2);
    ASSERT_TRUE(opened);
    const std::vector<NodeId> nodes{opened->project.graph.findByName("l")->id};
    const edit::Paste paste = edit::duplicateNodes(opened->project, nodes, 10.0, 10.0, edit::IncomingLinks::Keep);
    const Result<Value> written = parseJson(*kerasJson(edited(opened->project, paste.edit)));
    const ValueList& layers = written->find("config")->find("layers")->asList();
    ASSERT_EQ(layers.size(), 5u);
    EXPECT_EQ(*layers[4].find("config")->find("implementation"), Value(2));
    EXPECT_EQ(*layers[4].find("name"), *layers[4].find("config")->find("name"));
    EXPECT_NE(*layers[4].find("name"), Value("l"));
    EXPECT_EQ(jsonText(*layers[4].find("inbound_nodes")), R"([[["x", 0, 0, {"training": true}]]])");
}

TEST(KerasEdit, ANewLayerIsWrittenInTheWordsOfTheFile) {
    const Result<Opened> opened = readProject(kKeras1);
    ASSERT_TRUE(opened);
    const graph::Graph& graph = opened->project.graph;
    auto conv = layers::makeNode(*layers::findLayer("Conv2D"), graph.nextId(), "second");
    conv->set("filters", Value(2));
    conv->set("kernel_size", Value::list({3, 3}));
    conv->inputs = {{graph.findByName("c")->id, 0, 0}};
    const Result<std::string> written = kerasJson(edited(opened->project, edit::addNode(conv, {})));
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_THAT(*written, HasSubstr(R"({"class_name": "Convolution2D", "config": {"name": "second")"));
    EXPECT_THAT(*written, HasSubstr(R"("nb_row": 3, "nb_col": 3)"));
    EXPECT_THAT(*written, HasSubstr(R"("nb_filter": 2)"));
    EXPECT_THAT(*written, HasSubstr(R"("own_key": [1, 1.0])"));
    auto norm = layers::makeNode(*layers::findLayer("GroupNormalization"), graph.nextId(), "norm");
    norm->set("groups", Value(2));
    norm->inputs = {{graph.findByName("c")->id, 0, 0}};
    const Result<std::string> refused = kerasJson(edited(opened->project, edit::addNode(norm, {})));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("'norm': Keras 1 has no layer GroupNormalization"));
}

}  // namespace
}  // namespace shapewise::io
