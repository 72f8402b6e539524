// The short text of a node that shows what is most telling of its settings.

#include "core/layers/parts/common_params.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

std::string keyWords(std::string_view key) {
    std::string words(key);
    for (char& c : words)
        if (c == '_') c = ' ';
    return words;
}

std::string part(const Params& params, const ParamSpec& spec) {
    const ParamKey key = ParamKey::of(spec.key);
    const Value& value = params[key];
    if (value.isNone() || (value == spec.fallback && !spec.required)) return {};
    if (spec.kind == ParamKind::Activation) return activationText(params, key);
    if (value.isBool()) return value.asBool() ? keyWords(spec.key) : "no " + keyWords(spec.key);
    if (value.isText()) return value.asText();
    return keyWords(spec.key) + " " + value.text();
}

/// Parameters as they are typed may be anything; a layer's own text reads them as if they were right.
bool isValid(const Params& params) {
    InferContext context(params, {}, {}, nullptr);
    validate(context);
    return !context.isRefused();
}

}  // namespace

std::string tellingText(const Params& params) {
    const LayerType& type = params.type();
    for (const ParamSpec& spec : type.params)
        if (spec.required && !params.isSet(ParamKey::of(spec.key))) return {};
    if (type.tellingText != nullptr && isValid(params)) return type.tellingText(params);
    std::string text;
    for (const std::string_view key : type.telling)
        if (const ParamSpec* spec = type.param(key)) text = joinTelling({text, part(params, *spec)});
    return text;
}

}  // namespace shapewise::layers
