// Parameters that a layer does not take: missing, of another kind, out of range, unknown names, wrong lengths, two that
// exclude one another, and the layer inside a wrapper.

#include "core/base/amount.h"
#include "core/mistakes/repair/layer_repairs.h"
#include "core/mistakes/repair/value_repairs.h"
#include "core/mistakes/rules/axis.h"
#include "core/mistakes/rules/nested_model.h"
#include "core/mistakes/rules/wrapped_layer.h"

#include "core/layers/framework/catalog.h"

#include <algorithm>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using layers::LayerType;
using layers::ParamSpec;
using layers::Role;

std::string argumentOr(const Case& input, diag::ArgumentName name, std::string_view otherwise) {
    return diag::textOf(input.refusal.arguments, name, otherwise);
}

/// A help line in the middle of a sentence.
std::string helpOf(const ParamSpec* spec) {
    return spec && !spec->help.empty() ? std::string(spec->help) : "see the help of the layer";
}

/// "Known are valid, same"; of a long list the nearest only.
std::string choicesOf(const Case& input) {
    constexpr std::size_t kMostListed = 10;
    if (input.refusal.parameter == "padding" && textOf(input.node, "padding") == "causal")
        return "Only Conv1D knows causal padding, for only time has a before and an after; here are valid and same";
    const std::string all = argumentOr(input, "choices", "");
    const std::string nearest = argumentOr(input, "nearest", "");
    const auto count = static_cast<std::size_t>(std::ranges::count(all, ',')) + 1;
    if (all.empty()) return "See the help of the layer for what it takes";
    if (count <= kMostListed) return "Known are " + all;
    return (nearest.empty() ? std::string() : "Near to it is " + nearest + "; ") + std::to_string(count) +
           " names are known";
}

void describeParameter(const Case& input, diag::Diagnostic& diagnostic) {
    const std::string_view key = input.refusal.parameter;
    const ParamSpec* spec = input.type.param(key);
    auto& arguments = diagnostic.arguments;
    setArgument(arguments, {"parameter", std::string(key)});
    setArgument(arguments, {"help", helpOf(spec)});
    if (!diag::findArgument(arguments, "value")) setArgument(arguments, {"value", valueOf(input.node, key)});
    setArgument(arguments, {"kind", argumentOr(input, "expected", "another kind of value")});
    setArgument(arguments, {"range", argumentOr(input, "expected", "another value")});
    setArgument(arguments, {"known", choicesOf(input)});
    const std::int64_t needed = numberArgument(input.refusal, "needed", 1);
    setArgument(
        arguments,
        {"reason", spec && spec->kind == layers::ParamKind::Spatial
                       ? std::string("One number for each axis the layer slides over; one number alone counts for all")
                       : std::string(key) + ": " + helpOf(spec)});
    setArgument(arguments, {"length", needed == 1 ? std::string("1 number") : std::to_string(needed) + " numbers"});
    diagnostic.wanted.clear();
    diagnostic.got.clear();
}

void describeConflict(const Case& input, diag::Diagnostic& diagnostic) {
    const std::string first = argumentOr(input, "first", "two parameters");
    const std::string second = argumentOr(input, "second", "");
    const diag::Arguments& given = input.refusal.arguments;
    Phrase text = say("{} {}", first, diag::phraseOf(given, "first_value", ""));
    if (!second.empty()) text = say("{} and {} {}", text, second, diag::phraseOf(given, "second_value", ""));
    setArgument(diagnostic.arguments, {"settings", text});
    setArgument(diagnostic.arguments, {"reason", argumentOr(input, "rule", "Keras refuses this combination")});
    diagnostic.wanted.clear();
    diagnostic.got.clear();
}

Phrase settingText(std::string_view key, const Value& value) { return say("Set {} to {}", key, value); }

void proposeValues(const Case& input, Proposals& proposals, const ParamSpec& spec) {
    for (ValueRepair& repair : repairsOf(spec, valueOf(input.node, spec.key))) {
        Plan plan = input.plan();
        Phrase title = settingText(spec.key, repair.value);
        plan.set(input.node.id, spec.key, std::move(repair.value));
        const bool isGuess = repair.slug == "usual" || repair.slug == "minimum";
        proposals.add(std::string(spec.key) + "-" + repair.slug, std::move(title), std::move(repair.note),
                      std::move(plan), isGuess ? Applicability::Placeholder : Applicability::Sure);
    }
}

/// causal padding outside Conv1D: zeros on top only, or the 1D layer.
void proposeCausal(const Case& input, Proposals& proposals) {
    if (input.refusal.parameter != "padding" || textOf(input.node, "padding") != "causal") return;
    const int axes = input.type.family.spatialRank;
    const Numbers kernel = spatialOf(input.node, "kernel_size", axes);
    Numbers dilation = spatialOf(input.node, "dilation_rate", axes);
    if (dilation.empty()) dilation.assign(static_cast<std::size_t>(std::max(axes, 1)), 1);
    const std::int64_t amount = kernel.empty() ? 0 : ((Amount(kernel[0]) - 1) * dilation[0]).value();
    if (amount > 0 && !input.node.inputs.empty()) {
        ValueList pairs{Value::list({amount, 0})};
        for (int axis = 1; axis < axes; ++axis) pairs.push_back(Value::list({0, 0}));
        const Value padding = axes == 1 ? pairs.front() : Value(std::move(pairs));
        const std::string name = "ZeroPadding" + std::to_string(axes) + "D";
        Settings settings{{"padding", padding}};
        if (isChannelsFirst(input.node)) settings.emplace_back("data_format", "channels_first");
        Plan plan = input.plan();
        plan.insert({input.node.id, 0}, name, settings);
        plan.set(input.node.id, "padding", "valid");
        proposals.add("causal-by-padding", say("Insert {} {} and set padding to 'valid'", name, padding),
                      "Zeros stand on the first axis only, before the data, so no position sees what follows.",
                      std::move(plan));
    }
    for (const LayerType* type : layers::allLayers()) {
        const ParamSpec* padding = type->param("padding");
        if (!padding || type->family.spatialRank != 1 || type->role != Role::Convolution || type == &input.type)
            continue;
        if (std::ranges::find(padding->choices, std::string_view("causal")) == padding->choices.end()) continue;
        if (input.type.role != Role::Convolution) continue;
        Plan plan = input.plan();
        plan.replace(input.node, *type, {{"padding", "causal"}});
        proposals.add("use-causal-layer", "Use " + std::string(type->className) + " instead",
                      "It knows causal padding.", std::move(plan), Applicability::Maybe);
    }
}

/// kernel_size (3, 3) in Conv1D: the family member with as many axes as there are numbers.
void proposeLength(const Case& input, Proposals& proposals) {
    const ParamSpec* spec = input.type.param(input.refusal.parameter);
    if (!spec) return;
    const Value& value = valueOf(input.node, spec->key);
    const bool isWindow = value.isList() && spec->kind == layers::ParamKind::Spatial;
    const int count = isWindow ? static_cast<int>(value.asList().size()) : 0;
    const LayerType* sibling = isWindow ? layers::sibling(input.type, count) : nullptr;
    const tensor::TensorType* type = input.inputAt(0);
    const bool fitsSibling = sibling && type && type->shape.rank() == count + 2;
    if (!fitsSibling) proposeValues(input, proposals, *spec);
    if (!sibling || sibling == &input.type) return;
    Plan plan = input.plan();
    plan.replace(input.node, *sibling, {{spec->key, value}});
    proposals.add("use-" + layers::automaticName(*sibling), "Use " + std::string(sibling->className) + " instead",
                  "It slides over " + std::to_string(count) + (count == 1 ? " axis." : " axes."), std::move(plan),
                  Applicability::Maybe);
    proposeValues(input, proposals, *spec);
}

void proposeParameter(const Case& input, Proposals& proposals) {
    const ParamSpec* spec = input.type.param(input.refusal.parameter);
    if (!spec) return;
    proposeCausal(input, proposals);
    if (input.type.role == Role::Permute) proposeOrder(input, proposals);
    proposeValues(input, proposals, *spec);
}

void proposeBack(const Case& input, Proposals& proposals, std::string_view key) {
    const ParamSpec* spec = input.type.param(key);
    if (!spec || !input.node.setting(ParamKey::of(key))) return;
    Plan plan = input.plan();
    const Value value = spec->required ? spec->initial : spec->fallback;
    if (spec->required)
        plan.set(input.node.id, key, value);
    else
        plan.reset(input.node.id, key);
    proposals.add("reset-" + std::string(key), settingText(key, value), "Keras' default.", std::move(plan));
}

void proposeMatching(const Case& input, Proposals& proposals, std::string_view key, const Value& other,
                     std::int64_t offset) {
    const ParamSpec* spec = input.type.param(key);
    if (!spec) return;
    Numbers numbers = integersOf(other);
    if (numbers.empty()) return;
    for (std::int64_t& number : numbers) number = std::max(Amount(0), Amount(number) + offset).value();
    const Value value = numbers.size() == 1 ? Value(numbers.front()) : Value::list(numbers);
    Plan plan = input.plan();
    plan.set(input.node.id, key, value);
    proposals.add(std::string(key) + (offset == 0 ? "-equal" : "-below"), settingText(key, value),
                  offset == 0 ? "The same as the other." : "One less than the other.", std::move(plan));
}

void proposeChoice(const Case& input, Proposals& proposals) {
    const std::string first = argumentOr(input, "first", "");
    const std::string second = argumentOr(input, "second", "");
    const ParamSpec* blamed = input.type.param(input.refusal.parameter);
    for (const std::string& key : {second, first}) {
        const std::string& other = key == second ? first : second;
        if (const ParamSpec* spec = input.type.param(key); spec && hasParameter(input.type, other)) {
            const bool isLimit = spec->kind == layers::ParamKind::Integer || key == "output_padding";
            if (isLimit)
                proposeMatching(input, proposals, key, valueOf(input.node, other), key == "output_padding" ? -1 : 0);
        }
    }
    proposeBack(input, proposals, second);
    proposeBack(input, proposals, first);
    if (blamed) {
        proposeBack(input, proposals, blamed->key);
        proposeValues(input, proposals, *blamed);
    }
    for (const ParamSpec& spec : input.type.params) proposeBack(input, proposals, spec.key);
}

// ---- the layer inside a wrapper

void describeNested(const Case& input, diag::Diagnostic& diagnostic) {
    const std::string name = argumentOr(input, "layer", "The layer inside");
    const Phrase problem = diag::phraseOf(input.refusal.arguments, "problem", "it is missing or refuses");
    setArgument(diagnostic.arguments, {"inner", Phrase(" cannot use the layer inside it")});
    setArgument(diagnostic.arguments, {"reason", name.empty() ? problem : say("{}: {}", name, problem)});
    if (!input.node.type->holdsModel) return describeWrapped(input, diagnostic);
    setArgument(diagnostic.arguments, {"inner", Phrase(" does not take what it is given")});
    setArgument(diagnostic.arguments, {"reason", say("Its Input {} {}", name, problem)});
    if (input.node.body) describeInside(input, diagnostic);
}

Value layerNamed(std::string_view className, ValueDict config) {
    ValueDict layer;
    layer.emplace_back("class_name", Value(className));
    layer.emplace_back("config", Value(std::move(config)));
    return Value(std::move(layer));
}

void setLayer(const Case& input, Proposals& proposals, std::string slug, Phrase title, Value layer,
              Applicability applicability) {
    Plan plan = input.plan();
    plan.set(input.node.id, "layer", std::move(layer));
    proposals.add(std::move(slug), std::move(title), {}, std::move(plan), applicability);
}

void repairInner(const Case& input, Proposals& proposals, const InnerLayer& inner) {
    graph::Node bare;
    bare.type = inner.type;
    for (const auto& [key, value] : innerSettings(inner)) bare.set(key, value);
    layers::InferContext context(layers::Params(*inner.type, bare.settings), {}, {}, nullptr);
    layers::validate(context);
    const Value& layer = valueOf(input.node, "layer");
    for (const diag::Refusal& refusal : context.refusals()) {
        const ParamSpec* spec = inner.type->param(refusal.parameter);
        if (!spec) continue;
        for (const ValueRepair& repair : repairsOf(*spec, valueOf(bare, spec->key)))
            setLayer(input, proposals, "inner-" + std::string(spec->key) + "-" + repair.slug,
                     say("{} in {}", settingText(spec->key, repair.value), inner.type->className),
                     withInnerSetting(layer, spec->key, repair.value), Applicability::Sure);
    }
    if (hasParameter(*inner.type, "padding") && textOf(bare, "padding") != "same")
        setLayer(input, proposals, "inner-same", "Set padding to 'same' in " + std::string(inner.type->className),
                 withInnerSetting(layer, "padding", "same"), Applicability::Sure);
    const std::string_view window = windowKey(*inner.type);
    if (!window.empty())
        setLayer(input, proposals, "inner-window",
                 say("{} in {}", settingText(window, Value(1)), inner.type->className),
                 withInnerSetting(layer, window, Value(1)), Applicability::Maybe);
}

void proposeNested(const Case& input, Proposals& proposals) {
    if (input.node.type->holdsModel) return input.node.body ? proposeInside(input, proposals) : void();
    const InnerLayer inner = innerLayerOf(input.node);
    std::int64_t units = 32;
    if (inner.type) {
        proposeWrapped(input, proposals);
        repairInner(input, proposals, inner);
        proposeUnwrapped(input, proposals);
        if (inner.type->role != Role::Recurrent)
            if (const LayerType* wrapper = layers::findLayer("TimeDistributed"); wrapper && wrapper != &input.type) {
                Plan plan = input.plan();
                plan.replace(input.node, *wrapper, {{"layer", valueOf(input.node, "layer")}});
                proposals.add("use-time-distributed", "Use TimeDistributed instead",
                              "The layer works on each step by itself.", std::move(plan));
            }
        for (const auto& [key, value] : innerSettings(inner))
            if (key == "units" && value.isInteger() && value.asInteger() > 0) units = value.asInteger();
    }
    const Value& layer = valueOf(input.node, "layer");
    if (const Value* name = layer.find("class_name"); name && name->isText() && !inner.type)
        for (const std::string_view known : layers::nearestLayers(name->asText())) {
            const Value* config = layer.find("config");
            setLayer(input, proposals, "inner-" + std::string(known), "Use " + std::string(known) + " inside",
                     layerNamed(known, config && config->isDict() ? config->asDict() : ValueDict{}),
                     Applicability::Maybe);
        }
    for (const std::string_view className : {"LSTM", "Dense"})
        setLayer(input, proposals, "inner-" + std::string(className),
                 "Put " + std::string(className) + "(" + std::to_string(units) + ") inside",
                 layerNamed(className, ValueDict{{"units", Value(units)}}), Applicability::Placeholder);
}

constexpr Rule kRules[] = {
    {diag::Code::ParameterMissing, describeParameter, proposeParameter},
    {diag::Code::ParameterKind, describeParameter, proposeParameter},
    {diag::Code::ParameterRange, describeParameter, proposeParameter},
    {diag::Code::ParameterChoice, describeParameter, proposeParameter},
    {diag::Code::ParameterTupleLength, describeParameter, proposeLength},
    {diag::Code::ParameterConflict, describeConflict, proposeChoice},
    {diag::Code::NestedLayer, describeNested, proposeNested},
};

}  // namespace

std::span<const Rule> parameterRules() { return kRules; }

}  // namespace shapewise::mistakes
