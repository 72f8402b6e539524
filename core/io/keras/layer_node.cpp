#include "core/io/keras/layer_node.h"

#include <algorithm>
#include <cctype>

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

/// Whether both spellings mean the same to the layer: 0 and 0.0, [1, 1] and 1, "linear" and None.
bool means(const layers::ParamSpec& spec, const Value& value, const Value& other) {
    if (value == other) return true;
    if (value.isNumber() && other.isNumber()) return value.asReal() == other.asReal();
    if (spec.kind == layers::ParamKind::Activation && other.isNone()) return value == Value("linear");
    if (spec.key == "data_format" && other.isNone()) return value == Value("channels_last");
    const Value* one = repeated(spec, value);
    const Value* otherOne = repeated(spec, other);
    if (one == nullptr && otherOne == nullptr) return false;
    return means(spec, one != nullptr ? *one : value, otherOne != nullptr ? *otherOne : other);
}

/// Files write [3] where the layer takes one number.
Value asParameter(const layers::ParamSpec& spec, const Value& value) {
    const bool isSingle = spec.kind == layers::ParamKind::Integer || spec.kind == layers::ParamKind::Real;
    const bool isSpatial = spec.kind == layers::ParamKind::Spatial && spec.axes == 1;
    if ((isSingle || isSpatial) && value.isList() && value.asList().size() == 1) return Value(value.asList()[0]);
    return value;
}

}  // namespace

std::shared_ptr<graph::Node> makeLayerNode(std::string_view className, const ValueDict& config, NodeId id,
                                           std::string name) {
    const layers::LayerType* type = layers::findLayer(className);
    if (type == nullptr) {
        std::shared_ptr<graph::Node> node = layers::makeNode(layers::customLayer(), id, std::move(name));
        node->set(kCustomClassName.name, Value(className));
        if (!config.empty()) node->set(kCustomConfig.name, Value(config));
        return node;
    }
    std::shared_ptr<graph::Node> node = layers::makeNode(*type, id, std::move(name));
    for (const auto& [key, value] : config) {
        const layers::ParamSpec* spec = type->param(key);
        if (key == kBuiltForKey && value.isList()) {
            node->builtFor = std::make_shared<const Value>(value);
        } else if (spec == nullptr) {
            node->extras.emplace_back(key, value);
        } else if (spec->required || !means(*spec, value, spec->fallback)) {
            node->set(key, asParameter(*spec, value));
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
