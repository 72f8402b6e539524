#pragma once
// Reading records: JSON to parameter values, shapes and tensors.

#include "core/base/value.h"
#include "core/tensor/tensor.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace shapewise::conformance {

using Json = nlohmann::ordered_json;

/// Config values, with the encodings of the recorded suite: {"ndarray"} becomes nested lists, {"callable"} its name,
/// {"float": "inf"} the number.
[[nodiscard]] Value valueFromJson(const Json& json);

/// null is an unknown size. Throws Json::exception for anything else.
[[nodiscard]] tensor::Shape shapeFromJson(const Json& json);

/// {"shape", "data"}, data flat and row-major or nested. Throws std::exception when they do not agree.
[[nodiscard]] tensor::Tensor tensorFromJson(const Json& json);

struct RecordedWeight {
    std::string name;  ///< may be empty
    tensor::Tensor values;
};

/// One line of a .jsonl file of layer cases.
struct Record {
    std::string id;
    std::string kind;   ///< "numeric", "shape", "invalid"
    std::string layer;  ///< Keras class
    std::string stage;  ///< of invalid ones: "construct", "symbolic", "run"
    Value config;
    std::vector<tensor::Shape> inputShapes;  ///< empty: the constructor fails already
    std::vector<std::string> inputNames;
    std::string inputDtype;
    ValueDict callArguments;
    Json json;  ///< all of it, for the expectations

    /// Throws std::exception when it is no such record.
    [[nodiscard]] static Record read(Json json);
};

}  // namespace shapewise::conformance
