#include "core/mistakes/read/reading.h"

#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <cctype>

namespace shapewise::mistakes {
namespace {

using layers::LayerType;

bool tellsItsClass(const graph::Node& node) {
    const std::string base = layers::automaticName(*node.type);
    if (!node.name.starts_with(base)) return false;
    const std::string_view rest = std::string_view(node.name).substr(base.size());
    if (rest.empty()) return true;
    return rest.size() > 1 && rest[0] == '_' &&
           std::all_of(rest.begin() + 1, rest.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

std::string labelOf(const graph::Node& node) {
    constexpr std::size_t kLongest = 40;
    std::string name = node.name;
    if (name.size() > kLongest) name = name.substr(0, kLongest) + "…";
    if (tellsItsClass(node)) return name;
    return std::string(node.type->className) + " '" + name + "'";
}

const Value& valueOf(const graph::Node& node, std::string_view key) {
    static const Value none;
    if (const Value* set = node.setting(ParamKey::of(key))) return *set;
    const layers::ParamSpec* spec = node.type->param(key);
    return spec ? spec->fallback : none;
}

std::optional<std::int64_t> integerOf(const graph::Node& node, std::string_view key) {
    const Value& value = valueOf(node, key);
    if (!value.isInteger()) return std::nullopt;
    return value.asInteger();
}

Numbers integersOf(const Value& value) {
    if (value.isInteger()) return {value.asInteger()};
    Numbers numbers;
    if (!value.isList()) return numbers;
    for (const Value& entry : value.asList()) {
        if (!entry.isInteger()) return {};
        numbers.push_back(entry.asInteger());
    }
    return numbers;
}

Numbers spatialOf(const graph::Node& node, std::string_view key, int axes) {
    const auto wanted = static_cast<std::size_t>(axes);
    Numbers numbers = integersOf(valueOf(node, key));
    if (numbers.size() == 1) numbers.resize(wanted, numbers.front());
    return numbers.size() == wanted ? numbers : Numbers{};
}

bool flagOf(const graph::Node& node, std::string_view key) {
    const Value& value = valueOf(node, key);
    return value.isBool() && value.asBool();
}

std::string textOf(const graph::Node& node, std::string_view key) {
    const Value& value = valueOf(node, key);
    if (!value.isText()) return {};
    std::string text = value.asText();
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool hasParameter(const LayerType& type, std::string_view key) { return type.param(key) != nullptr; }

bool isChannelsFirst(const graph::Node& node) { return textOf(node, "data_format") == "channels_first"; }

std::string_view windowKey(const LayerType& type) {
    for (const std::string_view key : {"kernel_size", "pool_size", "frame_length", "fft_length"})
        if (hasParameter(type, key)) return key;
    return {};
}

std::string_view shapeKey(const LayerType& type) {
    return type.isSource() && hasParameter(type, "shape") ? "shape" : std::string_view{};
}

AxisLayout layoutOf(int rank, bool channelsFirst) {
    AxisLayout layout;
    layout.spatialCount = std::max(0, rank - 2);
    layout.firstSpatial = channelsFirst ? 2 : 1;
    layout.channel = channelsFirst ? 1 : rank - 1;
    return layout;
}

InnerLayer innerLayerOf(const graph::Node& node) {
    const Value& layer = valueOf(node, "layer");
    InnerLayer inner;
    const Value* name = layer.find("class_name");
    if (name && name->isText()) inner.type = layers::findLayer(name->asText());
    inner.config = layer.find("config");
    return inner;
}

bool isRecurrent(const graph::Node& node) {
    if (node.type->role == layers::Role::Recurrent) return true;
    if (node.type->role != layers::Role::Wrapper) return false;
    const InnerLayer inner = innerLayerOf(node);
    return inner.type && inner.type->role == layers::Role::Recurrent;
}

const tensor::TensorType* typeAt(const infer::Analysis& analysis, const graph::Link& link) {
    return analysis[link.from].outputAt(link.fromPort);
}

const graph::Node* firstProducer(const graph::Graph& graph, const graph::Node& node) {
    return node.inputs.empty() ? nullptr : graph.find(node.inputs.front().from);
}

Value sizesValue(const std::vector<tensor::Dim>& sizes) {
    ValueList list;
    for (const tensor::Dim size : sizes) {
        if (size.isKnown())
            list.emplace_back(size.size());
        else
            list.emplace_back(std::int64_t{-1});
    }
    return Value(std::move(list));
}

diag::Phrase sizesText(const std::vector<tensor::Dim>& sizes) { return diag::say("{}", sizesValue(sizes)); }

std::string numbersText(const Numbers& numbers) { return Value::list(numbers).text(); }

std::string timesText(const Numbers& numbers) {
    std::string text;
    for (std::size_t index = 0; index < numbers.size(); ++index)
        text += (index ? " × " : "") + std::to_string(numbers[index]);
    return text;
}

std::vector<tensor::Dim> sampleSizes(const tensor::Shape& shape) {
    const auto sizes = shape.sizes();
    return sizes.empty() ? std::vector<tensor::Dim>{} : std::vector<tensor::Dim>(sizes.begin() + 1, sizes.end());
}

}  // namespace shapewise::mistakes
