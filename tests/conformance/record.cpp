#include "tests/conformance/record.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace shapewise::conformance {

namespace {

double namedFloat(const std::string& name) {
    if (name == "inf") return std::numeric_limits<double>::infinity();
    if (name == "-inf") return -std::numeric_limits<double>::infinity();
    return std::numeric_limits<double>::quiet_NaN();
}

double numberFromJson(const Json& json) {
    if (json.is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (json.is_boolean()) return json.get<bool>() ? 1.0 : 0.0;
    if (json.is_string()) return namedFloat(json.get<std::string>());
    if (json.is_object() && json.contains("float")) return namedFloat(json["float"].get<std::string>());
    return json.get<double>();
}

void appendFlat(const Json& json, std::vector<float>& numbers) {
    if (!json.is_array()) {
        numbers.push_back(static_cast<float>(numberFromJson(json)));
        return;
    }
    for (const Json& entry : json) appendFlat(entry, numbers);
}

std::string textOr(const Json& json, const char* key, const std::string& otherwise) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

}  // namespace

Value valueFromJson(const Json& json) {
    if (json.is_null()) return {};
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    if (json.is_string()) return json.get<std::string>();
    if (json.is_array()) {
        ValueList list;
        for (const Json& entry : json) list.push_back(valueFromJson(entry));
        return list;
    }
    if (json.contains("ndarray")) return valueFromJson(json["ndarray"]);
    if (json.size() == 1 && json.contains("callable")) return json["callable"].get<std::string>();
    if (json.size() == 1 && json.contains("float")) return namedFloat(json["float"].get<std::string>());
    ValueDict dict;
    for (const auto& [key, entry] : json.items()) dict.emplace_back(key, valueFromJson(entry));
    return dict;
}

tensor::Shape shapeFromJson(const Json& json) {
    if (json.size() > static_cast<std::size_t>(tensor::kMaximumRank))
        throw std::runtime_error("too many axes in a shape");
    std::vector<tensor::Dim> sizes;
    for (const Json& size : json)
        sizes.push_back(size.is_null() ? tensor::Dim::unknown() : tensor::Dim(size.get<std::int64_t>()));
    return tensor::Shape(std::span<const tensor::Dim>(sizes));
}

tensor::Tensor tensorFromJson(const Json& json) {
    std::vector<float> numbers;
    appendFlat(json.contains("data") ? json["data"] : json.at("ndarray"), numbers);
    tensor::Extents extents = json.at("shape").get<tensor::Extents>();
    if (tensor::elementCount(extents) != static_cast<std::int64_t>(numbers.size()))
        throw std::runtime_error("the numbers of a tensor do not fill its shape " + tensor::extentsText(extents));
    return tensor::Tensor(std::move(extents), std::span<const float>(numbers));
}

Record Record::read(Json json) {
    Record record;
    record.id = json.at("id").get<std::string>();
    record.kind = json.at("kind").get<std::string>();
    record.layer = textOr(json, "layer", "");
    record.stage = textOr(json, "stage", "");
    record.inputDtype = textOr(json, "input_dtype", "");
    if (json.contains("config")) record.config = valueFromJson(json["config"]);
    if (json.contains("call_kwargs")) {
        const Value arguments = valueFromJson(json["call_kwargs"]);
        if (arguments.isDict()) record.callArguments = arguments.asDict();
    }
    if (json.contains("input_names")) record.inputNames = json["input_names"].get<std::vector<std::string>>();
    if (json.contains("input_shapes") && json["input_shapes"].is_array())
        for (const Json& shape : json["input_shapes"]) record.inputShapes.push_back(shapeFromJson(shape));
    record.json = std::move(json);
    return record;
}

}  // namespace shapewise::conformance
