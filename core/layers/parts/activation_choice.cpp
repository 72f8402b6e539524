#include "core/layers/parts/activation_choice.h"

#include "core/layers/framework/catalog.h"
#include "core/layers/parts/letter_case.h"

#include <algorithm>
#include <limits>

namespace shapewise::layers {

namespace {

/// Layers that Keras accepts where a function is asked for.
struct LayerForm {
    std::string_view className;
    std::string_view function;
};
constexpr LayerForm kLayerForms[] = {
    {"ReLU", "relu"},
    {"LeakyReLU", "leaky_relu"},
    {"ELU", "elu"},
    {"Softmax", "softmax"},
};

double numberIn(const Value& config, std::string_view key, double otherwise) {
    const Value* value = config.find(key);
    return value != nullptr && value->isNumber() ? value->asReal() : otherwise;
}

/// The numbers of ReLU, LeakyReLU and ELU layers given as an activation.
kernels::Activation fromLayer(std::string_view className, const Value& config) {
    if (className == "ReLU") {
        const double maximum = numberIn(config, "max_value", std::numeric_limits<double>::infinity());
        return kernels::Activation::relu(static_cast<float>(maximum),
                                         static_cast<float>(numberIn(config, "negative_slope", 0.0)),
                                         static_cast<float>(numberIn(config, "threshold", 0.0)));
    }
    if (className == "LeakyReLU") {
        const double slope = numberIn(config, "negative_slope", numberIn(config, "alpha", 0.3));
        return kernels::Activation::leakyRelu(static_cast<float>(slope));
    }
    return kernels::Activation::elu(static_cast<float>(numberIn(config, "alpha", 1.0)));
}

}  // namespace

const std::vector<std::string_view>& activationChoices() {
    static const std::vector<std::string_view> names = {
        "celu",           "elu",          "exponential",
        "gelu",           "gelu_tanh",    "glu",
        "hard_shrink",    "hard_sigmoid", "hard_sigmoid_keras2",
        "hard_silu",      "hard_swish",   "hard_tanh",
        "leaky_relu",     "linear",       "log_sigmoid",
        "log_softmax",    "mish",         "relu",
        "relu6",          "selu",         "sigmoid",
        "silu",           "soft_shrink",  "softmax",
        "softplus",       "softsign",     "sparse_plus",
        "sparse_sigmoid", "sparsemax",    "squareplus",
        "swish",          "tanh",         "tanh_shrink",
        "threshold",
    };
    return names;
}

std::string activationNameOf(const Value& value) {
    if (value.isNone()) return "linear";
    if (value.isText()) return lowerCase(value.asText());
    const Value* className = value.find("class_name");
    if (className == nullptr || !className->isText()) return {};
    for (const LayerForm& form : kLayerForms)
        if (form.className == className->asText()) return std::string(form.function);
    const Value* config = value.find("config");
    if (config == nullptr) return lowerCase(className->asText());
    if (config->isText()) return lowerCase(config->asText());
    if (className->asText() == "Activation") {
        const Value* inner = config->find("activation");
        return inner != nullptr ? activationNameOf(*inner) : std::string();
    }
    return lowerCase(className->asText());
}

bool isKnownActivation(const Value& value) {
    const std::vector<std::string_view>& names = activationChoices();
    return std::binary_search(names.begin(), names.end(), std::string_view(activationNameOf(value)));
}

namespace {

/// Functions that have another name here: one that Keras 3 gives to another formula, or none.
struct ForeignFunction {
    std::string_view name;
    std::string_view ours;
    Dialects in;
};
// Sources: keras/activations.py at 1.2.2, 2.3.1 and of tf.keras 2.15 (hard_sigmoid is 0.2 x + 0.5 in all of them; Keras
// 3: x / 6 + 0.5), tfjs-layers 4.22, activations.ts.
constexpr ForeignFunction kForeignFunctions[] = {
    {"hard_sigmoid", "hard_sigmoid_keras2", kBeforeKeras3},
    {"hardsigmoid", "hard_sigmoid_keras2", kTensorFlowJs},
    {"gelu_new", "gelu_tanh", kTensorFlowJs},
    {"logsoftmax", "log_softmax", kTensorFlowJs},
};

}  // namespace

Value activationFrom(const Value& value, Dialect writer) {
    const std::string name = activationNameOf(value);
    if (name == "softmax_v2") return Value("softmax");  // the name of the function in TensorFlow 2.0 and 2.1
    for (const ForeignFunction& foreign : kForeignFunctions)
        if (foreign.in.contains(writer) && foreign.name == name) return Value(foreign.ours);
    return value;
}

Value inOurFormulas(const ParamSpec& spec, const Value& value, Dialect writer) {
    if (spec.kind == ParamKind::Activation) return activationFrom(value, writer);
    const Value* className = value.find("class_name");
    const Value* config = value.find("config");
    if (spec.kind != ParamKind::Layer || className == nullptr || !className->isText() || config == nullptr ||
        !config->isDict())
        return value;
    const LayerType* type = findLayer(className->asText());
    if (type == nullptr) return value;
    ValueDict settings = config->asDict();
    for (auto& [key, setting] : settings)
        if (const ParamSpec* inner = type->param(key)) setting = inOurFormulas(*inner, setting, writer);
    ValueDict layer = value.asDict();
    const auto member =
        std::find_if(layer.begin(), layer.end(), [](const auto& each) { return each.first == "config"; });
    member->second = Value(std::move(settings));
    return Value(std::move(layer));
}

std::optional<Value> activationFor(const Value& value, Dialect reader) {
    const std::string name = activationNameOf(value);
    bool isForeign = name == "hard_sigmoid_keras2" || name == "gelu_tanh";
    for (const ForeignFunction& foreign : kForeignFunctions) {
        if (!foreign.in.contains(reader)) continue;
        if (foreign.ours == name) return Value(foreign.name);
        isForeign = isForeign || foreign.name == name;
    }
    return isForeign ? std::nullopt : std::optional(value);
}

kernels::Activation activationOf(const Value& value) {
    const Value* className = value.find("class_name");
    const Value* config = value.find("config");
    if (className != nullptr && className->isText() && config != nullptr && config->isDict() &&
        (className->asText() == "ReLU" || className->asText() == "LeakyReLU" || className->asText() == "ELU"))
        return fromLayer(className->asText(), *config);
    return kernels::activationFromName(activationNameOf(value)).value_or(kernels::Activation{});
}

}  // namespace shapewise::layers
