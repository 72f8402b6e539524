#include "core/layers/activation_choice.h"

#include "core/layers/letter_case.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

/// Layers that Keras accepts where a function is asked for.
struct LayerForm {
    std::string_view className;
    std::string_view function;
};
constexpr LayerForm kLayerForms[] = {
    {"ReLU", "relu"}, {"LeakyReLU", "leaky_relu"}, {"ELU", "elu"}, {"Softmax", "softmax"},
};

}  // namespace

const std::vector<std::string_view>& activationChoices() {
    static const std::vector<std::string_view> names = {
        "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
        "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
        "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
        "swish", "tanh", "tanh_shrink", "threshold",
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

}  // namespace shapewise::layers
