#include "core/layers/framework/param.h"

#include "core/layers/framework/layer.h"
#include "core/layers/parts/activation_choice.h"
#include "core/layers/parts/letter_case.h"

#include <algorithm>
#include <cassert>

namespace shapewise::layers {

namespace {

std::int64_t integerOf(const Value& value) {
    if (value.isInteger()) return value.asInteger();
    return value.isBool() && value.asBool() ? 1 : 0;
}

tensor::Dim sizeOf(const Value& value) {
    if (value.isInteger()) return tensor::Dim(value.asInteger());
    return value.isText() ? tensor::Dim::symbol(value.asText()) : tensor::Dim::unknown();
}

/// The entry of an axis; missing entries of a list read as `otherwise`, no list as one value for all axes.
std::int64_t entryOf(const Value& value, std::size_t axis, std::int64_t otherwise) {
    if (!value.isList()) return integerOf(value);
    return axis < value.asList().size() ? integerOf(value.asList()[axis]) : otherwise;
}

std::array<std::int64_t, 2> marginsOf(const Value& value) {
    if (!value.isList()) return {integerOf(value), integerOf(value)};
    const ValueList& pair = value.asList();
    if (pair.empty()) return {0, 0};
    return {integerOf(pair.front()), integerOf(pair.back())};
}

}  // namespace

bool ParamSpec::isVisible(const Params& params) const {
    if (hidden) return false;
    if (visibleWhenKey.empty()) return true;
    const Value& other = params[ParamKey::of(visibleWhenKey)];
    const std::string is = other.isText() ? other.asText() : other.text();
    for (std::string_view wanted = visibleWhenValue;;) {
        const std::size_t bar = wanted.find('|');
        if (equalIgnoringCase(is, wanted.substr(0, bar))) return true;
        if (bar == std::string_view::npos) return false;
        wanted.remove_prefix(bar + 1);
    }
}

Params::Params(const graph::Node& node) : type_(node.type), settings_(node.settings), body_(node.body.get()) {}

// Here a name is recognised by its hash and length: comparing the letters took a quarter of all inference. A test sees
// to it that no two parameters of a layer agree in both.
const ParamSpec& Params::spec(ParamKey key) const {
    for (const ParamSpec& candidate : type_->params)
        if (candidate.keyHash == key.hash && candidate.key.size() == key.name.size()) return candidate;
    assert(!"the layer has no such parameter");
    return type_->params.front();
}

const Value& Params::operator[](ParamKey key) const {
    for (const graph::Setting& setting : settings_)
        if (setting.keyHash == key.hash && setting.key.size() == key.name.size()) return setting.value;
    return spec(key).fallback;
}

bool Params::isSet(ParamKey key) const {
    return std::any_of(settings_.begin(), settings_.end(), [&](const graph::Setting& setting) {
        return setting.keyHash == key.hash && setting.key.size() == key.name.size();
    });
}

std::int64_t Params::integer(ParamKey key) const { return integerOf((*this)[key]); }

double Params::real(ParamKey key) const {
    const Value& value = (*this)[key];
    return value.isNumber() ? value.asReal() : 0.0;
}

bool Params::flag(ParamKey key) const { return integerOf((*this)[key]) != 0; }

std::string_view Params::text(ParamKey key) const {
    const Value& value = (*this)[key];
    if (!value.isText()) return {};
    const std::string_view written = value.asText();
    const ParamSpec& description = spec(key);
    if (description.kind == ParamKind::Choice)
        for (const std::string_view choice : description.choices)
            if (equalIgnoringCase(choice, written)) return choice;
    return written;
}

SpatialSizes Params::spatial(ParamKey key, int axes) const {
    const Value& value = (*this)[key];
    SpatialSizes sizes{1, 1, 1};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) sizes[axis] = entryOf(value, axis, 1);
    return sizes;
}

AxisList<std::int64_t> Params::integers(ParamKey key) const {
    const Value& value = (*this)[key];
    AxisList<std::int64_t> numbers;
    if (value.isList())
        for (const Value& entry : value.asList()) numbers.append(integerOf(entry));
    else if (!value.isNone())
        numbers.append(integerOf(value));
    return numbers;
}

AxisList<tensor::Dim> Params::sizes(ParamKey key) const {
    const Value& value = (*this)[key];
    AxisList<tensor::Dim> sizes;
    if (value.isList())
        for (const Value& entry : value.asList()) sizes.append(sizeOf(entry));
    else if (!value.isNone())
        sizes.append(sizeOf(value));
    return sizes;
}

Margins Params::padding(ParamKey key, int axes) const {
    const Value& value = (*this)[key];
    Margins margins{};
    if (axes == 1) {
        margins[0] = marginsOf(value);
        return margins;
    }
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
        if (!value.isList() || axis < value.asList().size())
            margins[axis] = marginsOf(value.isList() ? value.asList()[axis] : value);
    return margins;
}

std::string Params::activation(ParamKey key) const { return activationNameOf((*this)[key]); }

bool Params::channelsFirst() const { return text("data_format") == "channels_first"; }

}  // namespace shapewise::layers
