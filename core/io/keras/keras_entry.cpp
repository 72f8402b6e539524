#include "core/io/keras/keras_entry.h"

#include "core/io/keras/keras_own_class.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <array>

namespace shapewise::io {

namespace {

std::string textOf(const Value* value) { return value != nullptr && value->isText() ? value->asText() : std::string(); }

bool endsWith(std::string_view text, std::string_view ending) { return text.ends_with(ending); }

struct DefaultInitializer {
    std::string_view key;
    std::string_view className;
};
constexpr std::array<DefaultInitializer, 14> kDefaultInitializers{{{"kernel_initializer", "GlorotUniform"},
                                                                   {"depthwise_initializer", "GlorotUniform"},
                                                                   {"pointwise_initializer", "GlorotUniform"},
                                                                   {"bias_initializer", "Zeros"},
                                                                   {"beta_initializer", "Zeros"},
                                                                   {"gamma_initializer", "Ones"},
                                                                   {"moving_mean_initializer", "Zeros"},
                                                                   {"moving_variance_initializer", "Ones"},
                                                                   {"recurrent_initializer", "Orthogonal"},
                                                                   {"recurrent_initializer", "OrthogonalInitializer"},
                                                                   {"alpha_initializer", "Zeros"},
                                                                   {"embeddings_initializer", "RandomUniform"},
                                                                   {"kernel_initializer", "glorot_uniform"},
                                                                   {"recurrent_initializer", "orthogonal"}}};

/// Keras 2 writes its default, glorot_uniform, as a VarianceScaling.
bool isGlorotUniform(const Value& initializer) {
    const Value* config = initializer.find("config");
    if (textOf(initializer.find("class_name")) != "VarianceScaling" || config == nullptr) return false;
    const Value* scale = config->find("scale");
    return scale != nullptr && scale->isNumber() && scale->asReal() == 1.0 &&
           textOf(config->find("mode")) == "fan_avg" && textOf(config->find("distribution")) == "uniform";
}

bool isDefaultInitializer(std::string_view key, const Value& value) {
    const std::string className = value.isText() ? value.asText() : textOf(value.find("class_name"));
    const bool wantsGlorot =
        key == "kernel_initializer" || key == "depthwise_initializer" || key == "pointwise_initializer";
    if (wantsGlorot && isGlorotUniform(value)) return true;
    return std::any_of(kDefaultInitializers.begin(), kDefaultInitializers.end(), [&](const DefaultInitializer& entry) {
        return entry.key == key && entry.className == className;
    });
}

/// True for what says nothing: Keras would assume the same without it.
bool isRedundant(std::string_view key, const Value& value) {
    if (endsWith(key, "_initializer")) return value.isNone() || isDefaultInitializer(key, value);
    if (endsWith(key, "_regularizer") || endsWith(key, "_constraint")) return value.isNone();
    if (key == "trainable") return value.isBool() && value.asBool();
    if (key == "quantization_config" || key == "autocast" || key == "seed_generator") return true;
    return false;
}

}  // namespace

Value* findMember(ValueDict& dict, std::string_view key) {
    const auto found = std::find_if(dict.begin(), dict.end(), [&](const auto& member) { return member.first == key; });
    return found == dict.end() ? nullptr : &found->second;
}

Value takeMember(ValueDict& dict, std::string_view key) {
    const auto found = std::find_if(dict.begin(), dict.end(), [&](const auto& member) { return member.first == key; });
    if (found == dict.end()) return {};
    Value value = std::move(found->second);
    dict.erase(found);
    return value;
}

void setMember(ValueDict& dict, std::string_view key, Value value) {
    if (Value* present = findMember(dict, key))
        *present = std::move(value);
    else
        dict.emplace_back(key, std::move(value));
}

namespace {

/// {"type": "ndarray", "value": 0.3}: how Keras 2.2 wrote numbers of NumPy (get_json_type() in engine/saving.py).
bool isArrayOfKeras2(const Value& value) {
    const std::string type = textOf(value.find("type"));
    const Value* held = value.find("value");
    if (value.asDict().size() != 2 || held == nullptr || held->isDict() || held->isText()) return false;
    return type == "ndarray" || type.starts_with("float") || type.starts_with("int");
}

}  // namespace

Value unwrapped(const Value& value) {
    if (value.isList()) {
        ValueList list;
        for (const Value& entry : value.asList()) list.push_back(unwrapped(entry));
        return list;
    }
    if (!value.isDict()) return value;
    const std::string className = textOf(value.find("class_name"));
    const Value* config = value.find("config");
    const Value* items = value.find("items");
    if ((className == "__tuple__" || className == "TensorShape" || className == "ListWrapper") && items != nullptr)
        return unwrapped(*items);
    if ((className == "__numpy__" || className == "__tensor__") && config != nullptr &&
        config->find("value") != nullptr)
        return unwrapped(*config->find("value"));
    if (isArrayOfKeras2(value)) return unwrapped(*value.find("value"));
    if (endsWith(className, "DTypePolicy") || className == "Policy")
        if (config != nullptr && config->find("name") != nullptr) return *config->find("name");
    if ((className == "function" || className == "builtins.function") && config != nullptr && config->isText())
        return *config;
    ValueDict dict;
    for (const auto& [key, member] : value.asDict()) dict.emplace_back(key, unwrapped(member));
    return dict;
}

namespace {

/// Brings a layer that we have into our words; one that only has its name keeps its own, under another one.
void recognise(LayerEntry& entry, const Value& source, const Reading& reading) {
    const layers::LayerType* type = layers::findForeign(entry.className, entry.config).type;
    if (type == nullptr) return;
    entry.isOwn = isDeclaredOwn(entry, *type);
    if (const Value* config = source.find("config"); !entry.isOwn && config != nullptr && config->isDict())
        if (const std::string_view reason = unfollowed(config->asDict(), *type, reading.dialect); !reason.empty()) {
            entry.gaps.push_back(reason);
            entry.className = ownClassName(entry);
            return;
        }
    if (!entry.isOwn) {
        LayerEntry modern = entry;
        modernize(modern, reading);
        entry.isOwn = entry.className == type->className && isMisfit(modern, *type, reading.dialect);
        if (!entry.isOwn) entry = std::move(modern);
    }
    if (entry.isOwn) entry.className = ownClassName(entry);
}

}  // namespace

bool isLayerEntry(const Value& value) {
    const Value* className = value.find("class_name");
    return className != nullptr && className->isText() && !className->asText().empty();
}

LayerEntry readEntry(const Value& value, const Reading& reading) {
    LayerEntry entry;
    entry.className = textOf(value.find("class_name"));
    entry.name = textOf(value.find("name"));
    entry.module = textOf(value.find("module"));
    entry.registeredName = textOf(value.find("registered_name"));
    if (const Value* inbound = value.find("inbound_nodes")) entry.inbound = *inbound;
    if (const Value* build = value.find("build_config"))
        if (const Value* shape = build->find("input_shape")) entry.buildShape = unwrapped(*shape);
    if (const Value* config = value.find("config"); config != nullptr && config->isDict())
        for (const auto& [key, member] : config->asDict()) entry.config.emplace_back(key, unwrapped(member));
    const Value configName = takeMember(entry.config, "name");
    if (entry.name.empty() && configName.isText()) entry.name = configName.asText();
    if (Value* trainable = findMember(entry.config, "trainable")) *trainable = flagOf(*trainable);
    recognise(entry, value, reading);
    std::erase_if(entry.config, [](const auto& member) { return isRedundant(member.first, member.second); });
    return entry;
}

}  // namespace shapewise::io
