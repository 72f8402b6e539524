#include "core/mistakes/repair/value_repairs.h"

#include "core/base/text.h"
#include "core/layers/parts/activation_choice.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using layers::ParamKind;
using layers::ParamSpec;

std::optional<double> numberIn(const Value& value) {
    if (value.isBool()) return value.asBool() ? 1.0 : 0.0;
    if (value.isNumber()) return value.asReal();
    if (value.isList() && !value.asList().empty()) return numberIn(value.asList().front());
    if (!value.isText()) return std::nullopt;
    const std::string& text = value.asText();
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
    return number;
}

double clamped(const ParamSpec& spec, double number) {
    if (std::isfinite(spec.minimum)) number = std::max(number, spec.minimum);
    if (std::isfinite(spec.maximum)) number = std::min(number, spec.maximum);
    return number;
}

std::optional<Value> wholeNumber(const ParamSpec& spec, const Value& value) {
    const std::optional<double> number = numberIn(value);
    if (!number || std::abs(*number) > 1e15) return std::nullopt;
    return Value(static_cast<std::int64_t>(std::llround(clamped(spec, *number))));
}

bool takesLists(ParamKind kind) {
    return kind == ParamKind::Spatial || kind == ParamKind::IntegerList || kind == ParamKind::Sizes ||
           kind == ParamKind::Padding;
}

/// Each entry made a whole number within the bounds; empty when one cannot be.
std::optional<ValueList> entriesOf(const ParamSpec& spec, const ValueList& list, std::size_t most) {
    ValueList result;
    for (const Value& entry : list) {
        if (result.size() == most) break;
        if (spec.kind == ParamKind::Sizes && (entry.isNone() || (entry.isText() && !numberIn(entry)))) {
            result.push_back(entry.isNone() ? entry : Value());
            continue;
        }
        const std::optional<Value> number = wholeNumber(spec, entry);
        if (!number) return std::nullopt;
        result.push_back(*number);
    }
    return result;
}

/// A pair (before, after) from whatever stands there.
Value pairOf(const ParamSpec& spec, const Value& entry) {
    if (!entry.isList()) {
        const Value number = wholeNumber(spec, entry).value_or(Value(std::max<std::int64_t>(0, 0)));
        return Value(ValueList{number, number});
    }
    ValueList numbers = entriesOf(spec, entry.asList(), 2).value_or(ValueList{});
    while (numbers.size() < 2) numbers.push_back(numbers.empty() ? Value(0) : numbers.back());
    return Value(std::move(numbers));
}

void add(std::vector<ValueRepair>& repairs, const Value& old, std::string slug, Value value, std::string note = {}) {
    if (value == old && !(value.isBool() != old.isBool())) return;
    for (const ValueRepair& present : repairs)
        if (present.value == value || present.slug == slug) return;
    repairs.push_back({std::move(slug), std::move(value), std::move(note)});
}

void addForLists(std::vector<ValueRepair>& repairs, const ParamSpec& spec, const Value& value) {
    const auto axes = static_cast<std::size_t>(std::max(1, spec.axes));
    const bool hasFixedLength = spec.kind == ParamKind::Spatial;
    if (spec.kind == ParamKind::Padding && value.isList()) {
        const ValueList& list = value.asList();
        if (axes == 1) {
            const bool isNested = list.size() == 1 && list.front().isList();
            add(repairs, value, "first-pair", pairOf(spec, isNested ? list.front() : value), "Before and after.");
        } else {
            ValueList pairs;
            for (const Value& entry : list)
                if (pairs.size() < axes) pairs.push_back(pairOf(spec, entry));
            while (pairs.size() < axes) pairs.push_back(pairs.empty() ? pairOf(spec, Value(0)) : pairs.back());
            add(repairs, value, "pairs", Value(std::move(pairs)), "Before and after for each axis.");
        }
    }
    if (value.isList()) {
        if (std::optional<ValueList> entries = entriesOf(spec, value.asList(), hasFixedLength ? axes : 7);
            entries && !entries->empty()) {
            if (hasFixedLength && entries->size() == 1)
                add(repairs, value, "first-number", entries->front(), "One number counts for all axes.");
            if (hasFixedLength && entries->size() < axes) entries->resize(axes, entries->back());
            if (!hasFixedLength || axes > 1)
                add(repairs, value, "cut-list", Value(std::move(*entries)), "The first numbers are kept.");
        }
    }
    if (const std::optional<Value> number = wholeNumber(spec, value)) {
        if (spec.kind == ParamKind::Sizes)
            add(repairs, value, "as-list", Value(ValueList{*number}), "A list of one number.");
        else
            add(repairs, value, "first-number", *number, "One number counts for all axes.");
    }
}

void addNames(std::vector<ValueRepair>& repairs, const ParamSpec& spec, const Value& value) {
    const auto& choices = spec.kind == ParamKind::Activation ? layers::activationChoices() : spec.choices;
    std::string word = value.isText() ? value.asText() : std::string();
    constexpr std::array<std::array<std::string_view, 2>, 8> kSynonyms{{{"NCHW", "channels_first"},
                                                                        {"NHWC", "channels_last"},
                                                                        {"NCDHW", "channels_first"},
                                                                        {"NDHWC", "channels_last"},
                                                                        {"th", "channels_first"},
                                                                        {"tf", "channels_last"},
                                                                        {"full", "same"},
                                                                        {"reflect", "same"}}};
    for (const auto& [foreign, ours] : kSynonyms)
        if (word == foreign && std::ranges::find(choices, ours) != choices.end())
            add(repairs, value, "choose-" + std::string(ours), Value(ours));
    const std::vector<std::string> names(choices.begin(), choices.end());
    for (const std::string& name : nearestNames(word, names, 3))
        add(repairs, value, "choose-" + name, Value(name), "The nearest known name.");
}

}  // namespace

std::vector<ValueRepair> repairsOf(const ParamSpec& spec, const Value& value) {
    std::vector<ValueRepair> repairs;
    if (spec.kind == ParamKind::Integer)
        if (const std::optional<Value> number = wholeNumber(spec, value))
            add(repairs, value, "nearest", *number, "The nearest allowed number.");
    if (spec.kind == ParamKind::Real)
        if (const std::optional<double> number = numberIn(value)) {
            if (*number > 1.0 && *number <= 100.0 && spec.maximum == 1.0)
                add(repairs, value, "percent", Value(*number / 100.0), "As a share instead of percent.");
            add(repairs, value, "nearest", Value(clamped(spec, *number)), "The nearest allowed number.");
        }
    if (spec.kind == ParamKind::Boolean)
        if (const std::optional<double> number = numberIn(value)) add(repairs, value, "as-flag", Value(*number != 0.0));
    if (takesLists(spec.kind)) addForLists(repairs, spec, value);
    if (!spec.choices.empty() || spec.kind == ParamKind::Activation) addNames(repairs, spec, value);
    if (!spec.required) add(repairs, value, "default", spec.fallback, "Keras' default.");
    if (!spec.initial.isNone()) add(repairs, value, "usual", spec.initial, "A usual value to start with.");
    if (spec.kind == ParamKind::Choice)
        for (const std::string_view choice : spec.choices)
            add(repairs, value, "choose-" + std::string(choice), Value(choice));
    if (std::isfinite(spec.minimum) && spec.kind == ParamKind::Integer)
        add(repairs, value, "minimum", Value(static_cast<std::int64_t>(spec.minimum)), "The smallest allowed number.");
    return repairs;
}

}  // namespace shapewise::mistakes
