// What settings mean where a file does not say them: of each layer in Keras 3, and in TensorFlow.js as its package says
// itself; and the numbers of TensorFlow.js. (Numbers of Keras 3, 2 and 1: tests/conformance, with those of keras-js.)

#include "core/exec/run.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_json.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/framework/layer.h"
#include "tests/core/exec/small_graph.h"
#include "tests/core/mistakes/model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace shapewise::io {
namespace {

using layers::Dialect;

std::vector<std::string> linesOf(const char* file) {
    std::ifstream stream(std::filesystem::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/dialects" / file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        if (!line.empty() && line.front() != '#') lines.push_back(line);
    EXPECT_FALSE(lines.empty()) << file;
    return lines;
}

struct Documented {
    std::string source;
    std::map<std::string, std::string> defaults;  ///< by key, as JSON; "!" where one must be given
};

/// "Conv2D | keras 3 src/layers/convolutional/conv2d.py | filters=!; strides=1"
std::map<std::string, Documented> documented() {
    std::map<std::string, Documented> layers;
    for (const std::string& line : linesOf("defaults.txt")) {
        const std::size_t first = line.find(" | ");
        const std::size_t second = line.find(" | ", first + 1);
        Documented& layer = layers[line.substr(0, first)];
        layer.source = line.substr(first + 3, second - first - 3);
        std::string rest = line.substr(second + 3);
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find("; "), rest.size());
            const std::string pair = rest.substr(0, end);
            const std::size_t equals = pair.find('=');
            layer.defaults[pair.substr(0, equals)] = pair.substr(equals + 1);
            rest = end == rest.size() ? std::string() : rest.substr(end + 2);
        }
    }
    return layers;
}

/// Layers of this program, which no writer of Keras files has.
const std::set<std::string_view> kOwn = {
    "Sample",           "AudioFile",  "ImageFile",  "ArrayFile", "ExpandDims", "Squeeze", "GetItem",
    "TensorArithmetic", "Functional", "Sequential", "Custom",    "Target",     "Note"};

TEST(DefaultsOfKeras, OfEveryLayerOfTheCatalogueAreThoseOfTheSourceThatIsNamed) {
    const std::map<std::string, Documented> all = documented();
    std::size_t found = 0;
    for (const layers::LayerType* type : layers::allLayers()) {
        if (kOwn.contains(type->className)) continue;
        const auto layer = all.find(std::string(type->className));
        ASSERT_NE(layer, all.end()) << type->className << " has no row with its defaults and their source";
        ++found;
        EXPECT_TRUE(layer->second.source.starts_with("keras ")) << type->className;
        EXPECT_EQ(layer->second.defaults.size(), type->params.size()) << type->className;
        for (const layers::ParamSpec& spec : type->params) {
            const auto stated = layer->second.defaults.find(std::string(spec.key));
            ASSERT_NE(stated, layer->second.defaults.end()) << type->className << "." << spec.key;
            EXPECT_EQ(spec.required, stated->second == "!") << type->className << "." << spec.key;
            if (stated->second == "!") continue;
            EXPECT_EQ(spec.fallback.text(), parseJson(stated->second)->text())
                << type->className << "." << spec.key << ", " << layer->second.source;
        }
    }
    EXPECT_EQ(found, all.size()) << "a row of a layer that is not in the catalogue";
}

/// Equal for two ways to say one thing: [2, 2] and 2, no activation and a linear one, strides that follow the pool.
std::string meaningOf(const Value& value, std::string_view key, const std::map<std::string, Value>& settings) {
    if (value.isList() && !value.asList().empty()) {
        std::string first = meaningOf(value.asList().front(), key, settings);
        for (const Value& each : value.asList())
            if (meaningOf(each, key, settings) != first) return value.text();
        return first;
    }
    if (value.isNone() && key == "activation") return Value("linear").text();
    if (value.isNone() && key == "data_format") return Value("channels_last").text();
    if (value.isNone() && key == "dtype") return Value("float32").text();
    if (value.isNone() && key == "strides" && settings.contains("pool_size"))
        return meaningOf(settings.at("pool_size"), "pool_size", settings);
    if (value.isNumber()) return fmt::format("{}", value.asReal());
    return value.text();
}

/// All settings of a layer that a file of TensorFlow.js gives this configuration, those it does not say as well.
std::map<std::string, Value> settingsOf(const layers::LayerType& type, const Value& config) {
    const Value entry(ValueDict{{"class_name", type.className}, {"config", config}});
    const LayerEntry read = readEntry(entry, {Dialect::TensorFlowJs, {}});
    EXPECT_EQ(read.className, type.className);
    std::map<std::string, Value> settings;
    for (const layers::ParamSpec& spec : type.params) settings[std::string(spec.key)] = spec.fallback;
    for (const auto& [key, value] : read.config)
        if (type.param(key) != nullptr) settings[key] = value;
    return settings;
}

TEST(DefaultsOfTensorFlowJs, OfEveryLayerOfItsPackageAreWhatAnAbsentSettingMeans) {
    std::size_t compared = 0;
    for (const std::string& line : linesOf("tfjs/defaults.jsonl")) {
        const Result<Value> row = parseJson(line);
        ASSERT_TRUE(row) << row.error().text();
        const layers::LayerType* type = layers::findLayer(row->find("class_name")->asText());
        ASSERT_NE(type, nullptr) << line;
        const std::map<std::string, Value> absent = settingsOf(*type, *row->find("given"));
        const std::map<std::string, Value> written = settingsOf(*type, *row->find("config"));
        for (const auto& [key, value] : written) {
            EXPECT_EQ(meaningOf(absent.at(key), key, absent), meaningOf(value, key, written))
                << type->className << "." << key;
            ++compared;
        }
    }
    EXPECT_GE(compared, 200U);
}

tensor::Tensor tensorOf(const Value& value) {
    tensor::Extents extents;
    for (const Value& size : value.find("shape")->asList()) extents.push_back(size.asInteger());
    std::vector<float> numbers;
    for (const Value& number : value.find("values")->asList()) numbers.push_back(static_cast<float>(number.asReal()));
    return tensor::Tensor(extents, std::move(numbers));
}

TEST(NumbersOfTensorFlowJs, OfActivationsAndRecurrentLayersAreThoseOfItsPackage) {
    std::set<std::string> classes;
    for (const std::string& line : linesOf("tfjs/numbers.jsonl")) {
        SCOPED_TRACE(line.substr(0, 300));
        const Result<Value> row = parseJson(line);
        ASSERT_TRUE(row) << row.error().text();
        const Result<Opened> opened = projectFromKeras(*row->find("model"));
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_EQ(readDialect(opened->project)->dialect, Dialect::TensorFlowJs);
        mistakes::Model model(opened->project);
        const graph::Node& layer = *model.project().graph.findByName("x");
        classes.insert(std::string(layer.type->className));
        graph::WeightSet weights;
        for (const Value& weight : row->find("weights")->asList())
            weights.push_back({weight.find("name")->asText(), tensorOf(weight)});
        const NodeId id = layer.id;
        if (!weights.empty()) model.setWeights(id, std::move(weights));
        exec::RunRequest request;
        request.project = model.project();
        request.inputs[model.project().graph.findByName("x_input")->id] =
            std::make_shared<const tensor::Tensor>(tensorOf(*row->find("input")));
        const exec::RunReport report = exec::testing::runAll(request);
        ASSERT_FALSE(report.nodes.at(id).outputs.empty()) << report.nodes.at(id).problem;
        const tensor::Tensor& given = *report.nodes.at(id).outputs.front();
        const tensor::Tensor expected = tensorOf(*row->find("output"));
        ASSERT_EQ(given.extents(), expected.extents());
        for (std::size_t at = 0; at < expected.values().size(); ++at)
            EXPECT_NEAR(given.values()[at], expected.values()[at], 1e-4 * (1 + std::abs(expected.values()[at]))) << at;
    }
    EXPECT_THAT(classes, testing::IsSupersetOf({"Activation", "SimpleRNN", "GRU", "LSTM", "ConvLSTM2D", "ELU",
                                                "LeakyReLU", "ReLU", "ThresholdedReLU", "Softmax", "PReLU"}));
}

}  // namespace
}  // namespace shapewise::io
