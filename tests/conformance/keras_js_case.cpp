#include "tests/conformance/keras_js_case.h"

#include "core/io/keras/keras_entry.h"
#include "tests/conformance/compare.h"
#include "tests/conformance/layer_case.h"

#include <fmt/format.h>
#include <fstream>

namespace shapewise::conformance {

namespace {

using tensor::Tensor;

/// With a batch of one in front.
Tensor batched(Tensor values) {
    tensor::Extents extents = values.extents();
    extents.insert(extents.begin(), 1);
    return std::move(values).reshaped(std::move(extents));
}

/// What Keras 2 means by the settings, those it does not write included, also inside a wrapper.
Value asInKeras2(const std::string& className, const Value& config) {
    const Value layer(ValueDict{{"class_name", className}, {"config", config}});
    return Value(io::readEntry(layer, {layers::Dialect::Keras2}).config);
}

/// Keras recorded stateful layers at the second call: the states of the first one are its initial states.
Result<std::vector<Tensor>> runAsRecorded(LoneLayer& layer, const std::string& className, Value config,
                                          const Tensor& input, const std::vector<Tensor>& weights) {
    const Value* stateful = config.find("stateful");
    if (stateful == nullptr || !stateful->isBool() || !stateful->asBool())
        return layer.run(std::span(&input, 1), weights);
    config.asDict().emplace_back("return_state", true);
    std::optional<LoneLayer> first = LoneLayer::make(className, config);
    first->connect({{input.shape(), tensor::DType::Float32, false, nullptr}});
    Result<std::vector<Tensor>> states = first->run(std::span(&input, 1), weights);
    if (!states) return states;
    std::vector<Tensor> inputs{input};
    for (std::size_t index = 1; index < states->size(); ++index) inputs.push_back((*states)[index]);
    std::vector<tensor::TensorType> types;
    for (const Tensor& values : inputs) types.push_back({values.shape(), tensor::DType::Float32, false, nullptr});
    layer.connect(std::move(types));
    return layer.run(inputs, weights);
}

Outcome checkCase(const Json& entry, const Json& vectors, const std::string& className) {
    std::optional<LoneLayer> layer = LoneLayer::make(className, asInKeras2(className, valueFromJson(entry["attrs"])));
    if (!layer) return Outcome::unsupported("the catalogue has no such layer");
    const Tensor input = batched(tensorFromJson(vectors.at("input")));
    std::vector<Tensor> weights;
    for (const Json& weight : vectors.value("weights", Json::array())) weights.push_back(tensorFromJson(weight));
    layer->connect({{input.shape(), tensor::DType::Float32, false, nullptr}});
    const std::vector<layers::WeightSpec> specs = layer->weights();
    bool same = specs.size() == weights.size();
    for (std::size_t index = 0; same && index < specs.size(); ++index)
        same = specs[index].extents == weights[index].extents();
    if (!same) {
        std::string got;
        for (const layers::WeightSpec& spec : specs) got += tensor::extentsText(spec.extents) + "; ";
        return Outcome::failed("weight shapes", entry["weight_shapes"].dump(), got);
    }
    if (layer->type().forward == nullptr) return Outcome::unsupported("the layer has no forward function");
    const Result<std::vector<Tensor>> outputs =
        runAsRecorded(*layer, className, asInKeras2(className, valueFromJson(entry["attrs"])), input, weights);
    if (!outputs) return Outcome::failed("run", "values", outputs.error().text());
    const auto mismatch = compareValues(batched(tensorFromJson(vectors.at("expected"))), outputs->front(), kTolerance);
    return mismatch ? Outcome::failed("values", mismatch->expected, mismatch->got) : Outcome::passed();
}

/// "convolutional.Conv1D.0" -> "Conv1D".
std::string classOf(const std::string& id) {
    const std::size_t first = id.find('.');
    const std::size_t last = id.rfind('.');
    return first == std::string::npos || last <= first ? id : id.substr(first + 1, last - first - 1);
}

}  // namespace

void checkKerasJs(const std::filesystem::path& casesFile, Report& report,
                  const std::function<bool(std::string_view id, std::string_view layer)>& wanted) {
    std::ifstream stream(casesFile);
    const Json cases = Json::parse(stream);
    std::map<std::string, Json> files;
    for (const Json& entry : cases) {
        const std::string id = entry.at("case").get<std::string>();
        const std::string className = classOf(id);
        if (entry.at("attrs").is_null() || id.starts_with("merge.") || !wanted(id, className)) continue;
        const std::string file = entry.at("data").get<std::string>();
        if (!files.contains(file)) {
            std::ifstream data(casesFile.parent_path() / file);
            files[file] = Json::parse(data);
        }
        try {
            report.add("keras-js/" + id, className, checkCase(entry, files[file].at(id), className));
        } catch (const std::exception& problem) {
            report.add("keras-js/" + id, className, Outcome::failed("reading", "a case", problem.what()));
        }
    }
}

}  // namespace shapewise::conformance
