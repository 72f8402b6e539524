#include "core/io/keras/layer_node.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace shapewise::io {

namespace {

/// The one number that stands for the list, or null: [3] for any list parameter, [2, 2] where every axis has its entry.
const Value* repeated(const layers::ParamSpec& spec, const Value& value) {
    if (!value.isList() || value.asList().empty()) return nullptr;
    const ValueList& list = value.asList();
    const bool isSpatial = spec.kind == layers::ParamKind::Spatial || spec.kind == layers::ParamKind::Padding;
    if (!isSpatial || list.size() != static_cast<std::size_t>(spec.axes) || !list[0].isInteger()) return nullptr;
    return std::all_of(list.begin(), list.end(), [&](const Value& entry) { return entry == list[0]; }) ? &list[0]
                                                                                                       : nullptr;
}

Value layerInKind(const Value& value);

/// The spellings of files as the layer takes them: 1 for True, 4.0 for 4, [3] for one number, 5 for a list of one.
Value asParameter(const layers::ParamSpec& spec, const Value& given) {
    using layers::ParamKind;
    switch (spec.kind) {
        case ParamKind::Boolean: return flagOf(given);
        case ParamKind::Layer: return layerInKind(given);
        case ParamKind::Integer:
        case ParamKind::Spatial:
        case ParamKind::IntegerList:
        case ParamKind::Sizes:
        case ParamKind::Padding: break;
        case ParamKind::Real: return given.isList() && given.asList().size() == 1 ? Value(given.asList()[0]) : given;
        default: return given;
    }
    Value value = withWholeNumbers(given);
    const bool isSingle = spec.kind == ParamKind::Integer || (spec.kind == ParamKind::Spatial && spec.axes == 1);
    if (isSingle && value.isList() && value.asList().size() == 1) return Value(value.asList()[0]);
    if (spec.kind == ParamKind::Sizes && !spec.singleAllowed && value.isInteger())
        return Value(ValueList{std::move(value)});
    return value;
}

/// The same for the layer inside a wrapper.
Value layerInKind(const Value& value) {
    const Value* className = value.find("class_name");
    const Value* config = value.find("config");
    if (className == nullptr || !className->isText() || config == nullptr || !config->isDict()) return value;
    const layers::LayerType* type = layers::findLayer(className->asText());
    if (type == nullptr) return value;
    ValueDict settings;
    for (const auto& [key, setting] : config->asDict()) {
        const layers::ParamSpec* spec = type->param(key);
        settings.emplace_back(key, spec != nullptr ? asParameter(*spec, setting) : setting);
    }
    ValueDict layer = value.asDict();
    for (auto& [key, member] : layer)
        if (key == "config") member = Value(settings);
    return Value(std::move(layer));
}

}  // namespace

bool sameMeaning(const layers::ParamSpec& spec, const Value& value, const Value& other) {
    if (value == other) return true;
    if (value.isNumber() && other.isNumber()) return value.asReal() == other.asReal();
    const auto isNoneFor = [&](const char* named) {
        return (other.isNone() && value == Value(named)) || (value.isNone() && other == Value(named));
    };
    if (spec.kind == layers::ParamKind::Activation && isNoneFor("linear")) return true;
    if (spec.key == "data_format" && isNoneFor("channels_last")) return true;
    const Value* one = repeated(spec, value);
    const Value* otherOne = repeated(spec, other);
    if (one == nullptr && otherOne == nullptr) return false;
    return sameMeaning(spec, one != nullptr ? *one : value, otherOne != nullptr ? *otherOne : other);
}

Value withWholeNumbers(const Value& value) {
    constexpr double kMostExact = 9007199254740992.0;  // 2^53: above, not every whole number is a double
    if (value.isReal() && std::trunc(value.asReal()) == value.asReal() && std::abs(value.asReal()) <= kMostExact)
        return Value(static_cast<std::int64_t>(value.asReal()));
    if (!value.isList()) return value;
    ValueList list;
    list.reserve(value.asList().size());
    for (const Value& entry : value.asList()) list.push_back(withWholeNumbers(entry));
    return Value(std::move(list));
}

Value flagOf(const Value& value) {
    const bool isFlag = value.isNumber() && (value.asReal() == 0.0 || value.asReal() == 1.0);
    return isFlag ? Value(value.asReal() == 1.0) : value;
}

std::shared_ptr<graph::Node> makeLayerNode(std::string_view className, const ValueDict& config, NodeId id,
                                           std::string name) {
    const layers::LayerType* type = layers::findLayer(className);
    if (type == nullptr) {
        std::shared_ptr<graph::Node> node = layers::makeNode(layers::customLayer(), id, std::move(name));
        node->set(kCustomClassName.name, Value(className));
        ValueDict kept;  // a project keeps ours among the settings
        for (const auto& [key, value] : config) {
            if (key == kBuiltForKey && value.isList())
                node->builtFor = std::make_shared<const Value>(value);
            else
                (key.starts_with('@') ? node->extras : kept).emplace_back(key, value);
        }
        if (!kept.empty()) node->set(kCustomConfig.name, Value(std::move(kept)));
        return node;
    }
    std::shared_ptr<graph::Node> node = layers::makeNode(*type, id, std::move(name));
    for (const auto& [key, value] : config) {
        const layers::ParamSpec* spec = type->param(key);
        if (key == kBuiltForKey && value.isList()) {
            node->builtFor = std::make_shared<const Value>(value);
        } else if (spec == nullptr) {
            node->extras.emplace_back(key, value);
        } else if (Value setting = asParameter(*spec, value);
                   spec->required || !sameMeaning(*spec, setting, spec->fallback)) {
            node->set(key, std::move(setting));
        }
    }
    return node;
}

bool isStandIn(const graph::Node& node) {
    if (node.type != &layers::customLayer()) return false;
    const Value* name = node.setting(kCustomClassName);
    return name != nullptr && name->isText() && !name->asText().empty() && layers::findLayer(name->asText()) == nullptr;
}

std::string fileClassName(const graph::Node& node) {
    return isStandIn(node) ? node.setting(kCustomClassName)->asText() : std::string(node.type->className);
}

std::string baseName(std::string_view className) {
    if (const layers::LayerType* type = layers::findLayer(className)) return layers::automaticName(*type);
    std::string name;
    for (std::size_t at = 0; at < className.size(); ++at) {
        const auto letter = static_cast<unsigned char>(className[at]);
        if (!std::isalnum(letter) && letter != '_') continue;
        const bool afterSmall = at > 0 && std::islower(static_cast<unsigned char>(className[at - 1]));
        const bool beforeSmall =
            at > 0 && at + 1 < className.size() && std::islower(static_cast<unsigned char>(className[at + 1]));
        if (std::isupper(letter) && (afterSmall || beforeSmall) && !name.empty() && name.back() != '_') name += '_';
        name += static_cast<char>(std::tolower(letter));
    }
    return name.empty() ? "layer" : name;
}

std::string NameTable::take(const std::string& wanted) {
    std::string name = wanted;
    if (taken_.contains(name)) {
        std::size_t& number = next_[wanted];
        do name = wanted + "_" + std::to_string(++number);
        while (taken_.contains(name));
    }
    taken_.insert(name);
    return name;
}

}  // namespace shapewise::io
