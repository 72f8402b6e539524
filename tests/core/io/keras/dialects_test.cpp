// Which dialect a file is in, and what every layer means by what it leaves out in each of them.

#include "core/exec/executor.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/keras_json.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/framework/layer.h"
#include "core/layers/parts/activation_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace shapewise::io {
namespace {

using layers::Dialect;

/// "keras2", or "tf.keras2?" for a guess.
std::string dialectOfText(const std::string& text) {
    const Result<Opened> opened = readProject(text);
    if (!opened) return opened.error().text();
    const std::optional<ReadDialect> read = readDialect(opened->project);
    if (!read) return "none";
    return std::string(layers::dialectRow(read->dialect).id) + (read->guess.empty() ? "" : "?");
}

std::string model(const std::string& words, const std::string& layer) {
    return "{" + words + R"("class_name": "Sequential", "config": [)" + layer + "]}";
}
std::string saying(const std::string& version, const std::string& layer) {
    return model(R"("keras_version": ")" + version + R"(", )", layer);
}

const std::string kGru =
    R"({"class_name": "GRU", "config": {"name": "g", "units": 4, "batch_input_shape": [null, 5, 3]}})";
const std::string kDense =
    R"({"class_name": "Dense", "config": {"name": "d", "units": 4, "batch_input_shape": [null, 3]}})";

TEST(Dialects, AreToldByAllThatAFileSaysOfItsWriter) {
    const std::string ragged =
        R"({"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [null, 3], "ragged": false}})";
    const std::string oldNames =
        R"({"class_name": "Dense", "config": {"name": "d", "output_dim": 4, "W_regularizer": null, "input_dim": 3}})";
    const std::string shape = R"({"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 3]}})";
    const std::string normalization =
        R"({"class_name": "BatchNormalizationV1", "config": {"name": "b", "batch_input_shape": [null, 3]}})";
    struct Row {
        std::string file;
        std::string expected;
    };
    const Row rows[] = {
        {saying("0.3.3", oldNames), "keras1"},
        {saying("1.2.2", oldNames), "keras1"},
        {saying("2.0.8", kDense), "keras2"},
        {saying("2.2.5", kDense), "keras2"},
        {saying("2.3.1", kDense), "keras2.3"},
        {saying("2.1.6-tf", kDense), "tf.keras1"},
        {saying("2.2.4-tf", kDense), "tf.keras2?"},
        {saying("2.2.4-tf", normalization), "tf.keras1"},
        {saying("2.3.0-tf", kDense), "tf.keras2"},
        {saying("2.4.0", kDense), "tf.keras2"},
        {saying("2.10.0", kDense), "tf.keras2"},
        {saying("2.15.0", kDense), "tf.keras2"},
        {saying("3.3.0", kDense), "keras3"},
        {saying("10.1.0", kDense), "keras3"},
        {saying("tfjs-layers 1.3.1", kDense), "tfjs"},
        {saying("tfjs-layers 4.22.0", kDense), "tfjs"},
        {model(R"("keras_version": "2.2.4", "backend": "tensor_flow.js", )", kDense), "tfjs?"},
        {R"({"generatedBy": "TensorFlow.js tfjs-layers v4.22.0", "modelTopology": )" + model("", kDense) + "}", "tfjs"},
        {R"({"generatedBy": "keras v2.4.0", "convertedBy": "TensorFlow.js Converter v2.8.0", "modelTopology": )" +
             model("", kDense) + "}",
         "tf.keras2"},
        {R"({"modelTopology": {"keras_version": "2.1.6", "model_config": )" + model("", kDense) + "}}", "keras2"},
        // what the layers show speaks against the number
        {saying("2.2.4", ragged), "tf.keras2?"},
        {saying("2.2.4", oldNames), "keras1?"},
        {saying("1.2.2", kDense), "keras2?"},
        {saying("2.9.0", shape), "keras3?"},
        // and where there is no number
        {model("", shape), "keras3"},
        {model("", oldNames), "keras1?"},
        {model("", ragged), "tf.keras2?"},
        {model("", normalization), "tf.keras1?"},
        {model("", kDense), "keras2?"},
        {R"([{"class_name": "Dense", "config": {"units": 3}}])", "keras3?"},
        {R"({"name": "Sequential", "layers": [{"name": "Dense", "output_dim": 4, "input_dim": 3}]})", "keras1"},
    };
    for (const Row& row : rows) EXPECT_EQ(dialectOfText(row.file), row.expected) << row.file;
}

std::vector<std::string> notesOf(const std::string& text) { return readProject(text)->notes; }

TEST(Dialects, AGuessIsNotedWhereSomethingDependsOnIt) {
    EXPECT_EQ(notesOf(saying("2.2.4-tf", kGru)).size(), 1U);
    EXPECT_TRUE(notesOf(saying("2.2.4-tf", kDense)).empty());
    EXPECT_TRUE(notesOf(model(R"("keras_version": "2.2.4", "backend": "tensor_flow.js", )", kGru)).empty());
    EXPECT_EQ(notesOf(model("", kGru)).size(), 1U);
    EXPECT_TRUE(notesOf(model("", kDense)).empty());
    EXPECT_TRUE(notesOf(saying("2.2.4", kGru)).empty());
}

TEST(Dialects, AreThoseThatSomebodyChose) {
    const Result<Value> file = parseJson(saying("2.2.4", kGru));
    for (const layers::DialectRow& row : layers::dialects()) {
        const Result<Opened> opened = projectFromKeras(*file, row.dialect);
        EXPECT_EQ(readDialect(opened->project)->dialect, row.dialect);
        EXPECT_EQ(layers::dialectWithId(row.id), row.dialect);
        EXPECT_EQ(&layers::dialectRow(row.dialect), &row);
        EXPECT_TRUE(opened->notes.empty());
    }
}

/// What a setting that is not ours means; sources stand with the rows of the layers' foreign tables, and here once more
/// with the value they give.
struct Meaning {
    const char* className;
    const char* key;
    std::map<Dialect, Value> values;  ///< by dialect; those that are left out mean what Keras 3 means
    const char* source;
};

const std::vector<Meaning>& meanings() {
    const Value gate("hard_sigmoid_keras2");
    static const std::vector<Meaning> rows = {
        {"LSTM",
         "recurrent_activation",
         {{Dialect::Keras1, gate}, {Dialect::Keras2, gate}, {Dialect::TfKeras1, gate}, {Dialect::TensorFlowJs, gate}},
         "keras 1.2.2 and 2.2.4 layers/recurrent.py; 2.3.0 release notes: sigmoid; tfjs-layers 4.22 recurrent.ts"},
        {"LSTM", "unit_forget_bias", {{Dialect::TensorFlowJs, Value(false)}}, "tfjs-layers 4.22 recurrent.ts"},
        {"GRU",
         "recurrent_activation",
         {{Dialect::Keras1, gate}, {Dialect::Keras2, gate}, {Dialect::TfKeras1, gate}, {Dialect::TensorFlowJs, gate}},
         "as LSTM"},
        {"GRU",
         "reset_after",
         {{Dialect::Keras1, Value(false)},
          {Dialect::Keras2, Value(false)},
          {Dialect::Keras23, Value(false)},
          {Dialect::TfKeras1, Value(false)},
          {Dialect::TensorFlowJs, Value(false)}},
         "keras 2.3.1 layers/recurrent.py: reset_after=False; tf.keras 2: True; tfjs-layers knows no other than false"},
        {"Softmax", "axis", {{Dialect::TensorFlowJs, Value(1)}}, "tfjs-layers 4.22 advanced_activations.ts"},
    };
    return rows;
}
const std::vector<Meaning>& poolingMeanings() {
    static const std::vector<Meaning> rows = [] {
        std::vector<Meaning> made;
        for (const char* className : {"AveragePooling1D", "AveragePooling2D", "AveragePooling3D"}) {
            Meaning size{
                className, "pool_size", {}, "keras 1.2.2 to 2.15 layers/pooling.py, tfjs-layers pooling.ts: 2"};
            for (const layers::DialectRow& row : layers::dialects())
                if (row.dialect != Dialect::Keras3) size.values[row.dialect] = Value(2);
            made.push_back(size);
        }
        return made;
    }();
    return rows;
}
const std::vector<Meaning>& convolutionalMeanings() {
    static const std::vector<Meaning> rows = [] {
        std::vector<Meaning> made;
        for (const char* className : {"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"}) {
            Meaning gates{className, "recurrent_activation", {}, "tf.keras 2.15 conv_lstm2d.py: hard_sigmoid"};
            for (const layers::DialectRow& row : layers::dialects())
                if (row.dialect != Dialect::Keras3) gates.values[row.dialect] = Value("hard_sigmoid_keras2");
            made.push_back(gates);
            made.push_back({className, "unit_forget_bias", {{Dialect::TensorFlowJs, Value(false)}}, "as LSTM"});
        }
        return made;
    }();
    return rows;
}

TEST(DialectDefaults, OfEveryLayerInEveryDialectAreThoseOfItsWriter) {
    std::map<std::string, std::map<std::string, std::map<Dialect, Value>>> expected;
    for (const auto* rows : {&meanings(), &poolingMeanings(), &convolutionalMeanings()})
        for (const Meaning& row : *rows) expected[row.className][row.key] = row.values;
    for (const layers::LayerType* type : layers::allLayers())
        for (const layers::DialectRow& dialect : layers::dialects()) {
            const Value entry(ValueDict{{"class_name", type->className}, {"config", ValueDict{}}});
            const LayerEntry read = readEntry(entry, {dialect.dialect, {}});
            if (read.className != type->className) continue;  // another layer of that name in files
            for (const layers::ParamSpec& spec : type->params) {
                Value value = spec.fallback;
                for (const auto& [key, given] : read.config)
                    if (key == spec.key) value = given;
                Value wanted = spec.fallback;
                const auto& ofLayer = expected[std::string(type->className)][std::string(spec.key)];
                if (const auto found = ofLayer.find(dialect.dialect); found != ofLayer.end()) wanted = found->second;
                EXPECT_EQ(value.text(), wanted.text())
                    << type->className << "." << spec.key << " in " << dialect.title << " when absent";
            }
        }
}

TEST(DialectDefaults, HoldInsideWrappersToo) {
    const std::string file =
        saying("2.2.4",
               R"({"class_name": "Bidirectional", "config": {"name": "b", "batch_input_shape": [null, 5, 3], "layer":
          {"class_name": "GRU", "config": {"units": 4, "activation": "hard_sigmoid"}}}})");
    const Result<Opened> opened = readProject(file);
    const Value* config = opened->project.graph.findByName("b")->setting("layer")->find("config");
    EXPECT_EQ(*config->find("reset_after"), Value(false));
    EXPECT_EQ(*config->find("activation"), Value("hard_sigmoid_keras2"));
    EXPECT_EQ(*config->find("recurrent_activation"), Value("hard_sigmoid_keras2"));
}

/// What the layer 'x' gives for the input.
std::vector<float> outputOf(const std::string& text, tensor::Extents extents, std::vector<float> values) {
    const Result<Opened> opened = readProject(text);
    if (!opened) return {};
    exec::RunRequest request;
    request.project = opened->project;
    NodeId last;
    opened->project.graph.forEach([&](const graph::Node& node) {
        if (node.type->supply == layers::Supply::Given)
            request.inputs[node.id] =
                std::make_shared<tensor::Tensor>(tensor::Tensor(extents, std::vector<float>(values)));
        last = node.id;
    });
    exec::ActivationStore store(0);
    Progress progress;
    const Result<exec::RunReport> report = exec::run(request, store, {}, progress);
    if (!report) return {};
    const std::span<const float> given = report->nodes.at(last).outputs.at(0)->values();
    return {given.begin(), given.end()};
}

TEST(DialectFormulas, HardSigmoidIsThatOfTheWriter) {
    const std::string layer =
        R"({"class_name": "Activation", "config": {"name": "x", "activation": "hard_sigmoid", "batch_input_shape": [null, 3]}})";
    for (const char* version : {"1.2.2", "2.0.8", "2.2.4", "2.3.1", "2.1.6-tf", "2.2.4-tf", "2.15.0",
                                "tfjs-layers 1.3.1", "tfjs-layers 4.22.0", "3.3.0"}) {
        const bool isKeras3 = std::string_view(version).starts_with("3");
        const float expected[] = {isKeras3 ? 2.0F / 3.0F : 0.7F, isKeras3 ? 1.0F / 3.0F : 0.3F,
                                  isKeras3 ? 0.95F : 1.0F};
        const std::vector<float> got = outputOf(saying(version, layer), {1, 3}, {1.0F, -1.0F, 2.7F});
        ASSERT_EQ(got.size(), 3U) << version;
        for (std::size_t index = 0; index < 3; ++index) EXPECT_NEAR(got[index], expected[index], 1e-6F) << version;
    }
}

TEST(DialectFormulas, ActivationsGoToAWriterAndBack) {
    for (const layers::DialectRow& row : layers::dialects())
        for (const std::string_view name : layers::activationChoices()) {
            const std::optional<Value> written = layers::activationFor(Value(name), row.dialect);
            if (!written) continue;
            EXPECT_EQ(layers::activationFrom(*written, row.dialect), Value(name)) << row.title << " " << name;
        }
    EXPECT_FALSE(layers::activationFor("hard_sigmoid", Dialect::Keras2).has_value());
    EXPECT_FALSE(layers::activationFor("hard_sigmoid_keras2", Dialect::Keras3).has_value());
    EXPECT_EQ(layers::activationFor("hard_sigmoid_keras2", Dialect::TensorFlowJs), Value("hard_sigmoid"));
    EXPECT_EQ(layers::activationFrom("gelu_new", Dialect::TensorFlowJs), Value("gelu_tanh"));
}

TEST(DialectFormulas, OfProjectsSavedBeforeTheyHadNamesStay) {
    const std::string text = R"({"format": "shapewise", "version": 1, "keras_version": "2.2.4", "nodes": [
        {"name": "i", "type": "InputLayer", "settings": {"shape": [3]}},
        {"name": "x", "type": "Activation", "settings": {"activation": "hard_sigmoid"}, "inputs": ["i"]}]})";
    const Result<Opened> opened = readProject(text);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(*opened->project.graph.findByName("x")->setting("activation"), Value("hard_sigmoid_keras2"));
}

TEST(Keras1DataFormats, OfLayersThatDoNotSayItAreThoseOfTheirNeighbours) {
    const auto formatOf = [](const std::string& layers, const char* name) {
        const Result<Opened> opened = readProject(saying("1.2.2", layers));
        const Value* format = opened->project.graph.findByName(name)->setting("data_format");
        return format != nullptr ? format->asText() : std::string("channels_last");
    };
    const auto convolution = [](const std::string& name, const std::string& ordering) {
        return R"({"class_name": "Convolution2D", "config": {"name": ")" + name +
               R"(", "nb_filter": 4, "nb_row": 3, "nb_col": 3, "batch_input_shape": [null, 3, 8, 8], "dim_ordering": ")" +
               ordering + R"("}})";
    };
    const auto plain = [](const std::string& className) {
        return R"({"class_name": ")" + className + R"(", "config": {"name": "x"}})";
    };
    for (const char* className : {"UpSampling2D", "ZeroPadding2D", "Cropping2D", "SpatialDropout2D"}) {
        EXPECT_EQ(formatOf(convolution("c", "th") + "," + plain(className), "x"), "channels_first") << className;
        EXPECT_EQ(formatOf(convolution("c", "tf") + "," + plain(className), "x"), "channels_last") << className;
        EXPECT_EQ(formatOf(plain(className) + "," + convolution("c", "th"), "x"), "channels_first") << className;
    }
    EXPECT_EQ(formatOf(convolution("c", "th") + "," + plain("Flatten"), "x"), "channels_last")
        << "Flatten of Keras 1 takes the values as they lie";
    const std::vector<std::string> notes = notesOf(saying("1.2.2", plain("ZeroPadding2D")));
    EXPECT_TRUE(std::any_of(notes.begin(), notes.end(),
                            [](const std::string& note) { return note.find("channels") != std::string::npos; }));
}

TEST(DialectGaps, AreNotedOnOpening) {
    const auto hasNote = [](const std::string& version, const std::string& layer, const std::string& words) {
        for (const std::string& note : notesOf(saying(version, layer)))
            if (note.find(words) != std::string::npos) return true;
        return false;
    };
    const std::string up =
        R"({"class_name": "UpSampling2D", "config": {"name": "u", "batch_input_shape": [null, 4, 4, 1], "interpolation": "bilinear"}})";
    EXPECT_TRUE(hasNote("tfjs-layers 4.22.0", up, "'u'"));
    EXPECT_TRUE(hasNote("2.2.4", up, "'u'"));
    EXPECT_FALSE(hasNote("2.15.0", up, "'u'"));
    const std::string batch =
        R"({"class_name": "BatchNormalization", "config": {"name": "b", "batch_input_shape": [null, 4], "mode": 1, "beta_init": "zero"}})";
    EXPECT_TRUE(hasNote("1.2.2", batch, "mode 1"));
}

TEST(Keras0, SequentialModelsAndGraphsAreRead) {
    const Result<Opened> chain = readProject(R"({"name": "Sequential", "layers": [
        {"name": "Convolution2D", "nb_filter": 4, "nb_row": 3, "nb_col": 3, "border_mode": "same", "subsample": [1, 1], "input_shape": [1, 8, 8], "activation": "relu", "custom_name": "c"},
        {"name": "ZeroPadding2D", "padding": [1, 1], "custom_name": "z"},
        {"name": "Flatten", "custom_name": "f"}, {"name": "Dense", "output_dim": 10, "activation": "softmax", "custom_name": "d"}]})");
    ASSERT_TRUE(chain) << chain.error().text();
    EXPECT_EQ(*chain->project.graph.findByName("z")->setting("data_format"), Value("channels_first"));
    EXPECT_EQ(*chain->project.graph.findByName("d")->setting("units"), Value(10));
    const Result<Opened> graph = readProject(R"({"name": "Graph",
        "input_config": [{"name": "a", "input_shape": [8], "dtype": "float"}],
        "node_config": [{"name": "l", "input": "a", "inputs": []}, {"name": "r", "input": "a", "inputs": []},
                        {"name": "s", "input": null, "inputs": ["l", "r"], "merge_mode": "sum"}],
        "nodes": {"l": {"name": "Dense", "output_dim": 4}, "r": {"name": "Dense", "output_dim": 4}, "s": {"name": "Dense", "output_dim": 2}},
        "output_config": [{"name": "o", "input": "s", "inputs": []}]})");
    ASSERT_TRUE(graph) << graph.error().text();
    EXPECT_EQ(graph->project.graph.nodeCount(), 5U);
    EXPECT_EQ(graph->project.graph.findByName("s_merge")->type->className, "Add");
}

TEST(Keras0, BecomesAFileOfKeras1WithAllThatIsSaidOfTraining) {
    const Result<Opened> opened = readProject(R"({"name": "Sequential", "loss": "mse", "class_mode": "binary",
        "optimizer": {"name": "SGD", "lr": 0.01},
        "layers": [{"name": "Dense", "output_dim": 3, "input_shape": [4], "custom_name": "d"}]})");
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_THAT(opened->notes, testing::Contains(testing::HasSubstr("Keras 0.x")));
    const Result<std::string> written = kerasJson(opened->project);
    ASSERT_TRUE(written) << written.error().text();
    for (const char* part : {R"("loss")", R"("class_mode")", R"("lr")", R"("class_name")", R"("1.2.2")"})
        EXPECT_THAT(*written, testing::HasSubstr(part));
    const Result<Opened> again = readProject(*written);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->notes.empty()) << again->notes.front();
    EXPECT_EQ(*kerasJson(again->project), *written);
}

}  // namespace
}  // namespace shapewise::io
