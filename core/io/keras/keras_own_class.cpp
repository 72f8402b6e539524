#include "core/io/keras/keras_own_class.h"

#include "core/io/keras/keras_calls.h"
#include "core/io/keras/keras_targets.h"
#include "core/layers/parts/activation_choice.h"

#include <algorithm>

namespace shapewise::io {

using layers::Dialect;
using layers::LayerType;

namespace {

bool isModuleOfKeras(std::string_view module) {
    for (const std::string_view package : {"keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras"})
        if (module == package || (module.starts_with(package) && module[package.size()] == '.')) return true;
    return module.empty() || module == "builtins";
}

/// Operations of Keras, which stand in files with their module.
bool isOperation(const LayerType& type) {
    constexpr std::string_view kOperations[] = {"ExpandDims", "Squeeze", "GetItem", "TensorArithmetic"};
    return std::find(std::begin(kOperations), std::end(kOperations), type.className) != std::end(kOperations);
}

/// Data and Target: nodes of this program, which people write into files of layers by hand.
bool isNodeOfOurs(const LayerType& type) {
    return !type.isLayer() || (type.isSource() && type.supply != layers::Supply::Given);
}

/// Members of any layer, and those that some versions of Keras write besides.
bool isUsualKey(std::string_view key) {
    constexpr std::string_view kUsual[] = {
        "name",        "trainable",      "dtype",        "batch_input_shape",   "batch_shape",
        "input_shape", "input_dim",      "input_length", "input_dtype",         "sparse",
        "ragged",      "weights",        "autocast",     "quantization_config", "seed_generator",
        "lora_rank",   "lora_alpha",     "lora_enabled", "quantization_mode",   "zero_output_for_mask",
        "query_shape", "key_shape",      "value_shape",  "flash_attention",     "seed",
        "time_major",  "implementation", "consume_less", "data_format",         "fused",
        "adjustment",  "synchronized",   "stateful",     "virtual_batch_size",  "output_shape",
        "dynamic",     "registered_name"};
    for (const std::string_view ending : {"_initializer", "_regularizer", "_constraint"})
        if (key.ends_with(ending)) return true;
    return key.starts_with('@') || key.starts_with("renorm") ||
           std::find(std::begin(kUsual), std::end(kUsual), key) != std::end(kUsual);
}

bool isInDialect(const LayerType& type, Dialect dialect) {
    for (const layers::ForeignClass& row : type.foreign.classes)
        if (row.name == type.className) return row.in.contains(dialect);
    return hasClass(dialect, type.className);
}

bool hasStrangeKey(const LayerEntry& entry, const LayerType& type) {
    return std::any_of(entry.config.begin(), entry.config.end(), [&](const auto& member) {
        return type.param(member.first) == nullptr && type.foreign.key(member.first) == nullptr &&
               !isUsualKey(member.first);
    });
}

/// A node that takes nothing has no call; another has a setting of ours.
bool readsAsOurs(const LayerEntry& entry, const LayerType& type) {
    if (type.inputs.empty()) {
        const Result<std::vector<LayerCall>> calls = readCalls(entry.inbound, {});
        return calls && calls->empty();
    }
    return std::any_of(entry.config.begin(), entry.config.end(),
                       [&](const auto& member) { return type.param(member.first) != nullptr; });
}

bool lacksSetting(const LayerEntry& entry, const LayerType& type) {
    return std::any_of(type.params.begin(), type.params.end(), [&](const layers::ParamSpec& spec) {
        return spec.required && std::none_of(entry.config.begin(), entry.config.end(),
                                             [&](const auto& member) { return member.first == spec.key; });
    });
}

/// Called, and never with as many tensors as the layer takes at least.
bool lacksInputs(const LayerEntry& entry, const LayerType& type) {
    const auto needed = std::count_if(type.inputs.begin(), type.inputs.end(),
                                      [](const layers::PortSpec& port) { return !port.optional && !port.many; });
    if (needed < 2) return false;
    const Result<std::vector<LayerCall>> calls = readCalls(entry.inbound, {});
    return calls && !calls->empty() && std::all_of(calls->begin(), calls->end(), [&](const LayerCall& call) {
               return !call.arguments.empty() && static_cast<std::ptrdiff_t>(call.arguments.size()) < needed;
           });
}

}  // namespace

bool isDeclaredOwn(const LayerEntry& entry, const LayerType& type) {
    if (entry.module.find(".ops") != std::string::npos) return false;
    if (!isModuleOfKeras(entry.module) || entry.registeredName.find('>') != std::string::npos) return true;
    if (entry.className != type.className) return false;
    if (isNodeOfOurs(type)) return hasStrangeKey(entry, type) || !readsAsOurs(entry, type);
    return isOperation(type);
}

bool isMisfit(const LayerEntry& entry, const LayerType& type, Dialect dialect) {
    if (type.isSource() || type.holdsModel || type.isOpaque) return false;
    const bool isStrange = hasStrangeKey(entry, type);
    const bool lacks = lacksSetting(entry, type) || lacksInputs(entry, type);
    return isInDialect(type, dialect) ? isStrange && lacks : isStrange || lacks;
}

std::string_view unfollowed(const ValueDict& config, const LayerType& type, Dialect dialect) {
    for (const auto& [key, value] : config) {
        const layers::ForeignKey* row = type.foreign.key(key);
        const layers::ParamSpec* spec = type.param(row != nullptr ? row->key : std::string_view(key));
        if (spec == nullptr) continue;
        // A name alone may be misspelt; an object and a lambda are somebody's.
        const bool isObject = value.isDict() || value == Value("<lambda>");
        if (spec->kind == layers::ParamKind::Activation && isObject && !layers::isKnownActivation(unwrapped(value)))
            return "Its activation is no function of Keras";
        if (spec->key == "padding" && value == Value("full") && dialect == Dialect::Keras1)
            return "Its border_mode full, which Keras 1 had on Theano, is not followed";
    }
    return {};
}

std::string ownClassName(const LayerEntry& entry) {
    if (entry.registeredName.find('>') != std::string::npos) return entry.registeredName;
    return (entry.module.empty() ? "Custom" : entry.module) + ">" + entry.className;
}

}  // namespace shapewise::io
