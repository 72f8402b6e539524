#include "random_layer.h"

#include "core/layers/parts/activation_choice.h"

#include <algorithm>
#include <limits>

namespace shapewise::layers {

namespace {

std::int64_t boundedInteger(Random& random, const ParamSpec& spec) {
    const double lowest =
        std::max(spec.minimum, spec.kind == ParamKind::IntegerList || spec.key == "axis" ? -2.0 : 0.0);
    const double highest = std::min({spec.maximum, lowest + 4.0});
    return randomBetween(random, static_cast<std::int64_t>(lowest), static_cast<std::int64_t>(highest));
}

Value listOf(Random& random, const ParamSpec& spec, std::int64_t count) {
    ValueList list;
    for (std::int64_t entry = 0; entry < count; ++entry) list.emplace_back(boundedInteger(random, spec));
    return Value(std::move(list));
}

Value permutation(Random& random, int count) {
    std::vector<std::int64_t> order;
    for (int axis = 1; axis <= count; ++axis) order.push_back(axis);
    std::shuffle(order.begin(), order.end(), random);
    return Value::list(order);
}

Value realBetween(Random& random, const ParamSpec& spec) {
    const double lowest = std::max(spec.minimum, 0.0);
    const double highest = std::min(spec.maximum, lowest + 2.0);
    return Value(std::uniform_real_distribution<double>(lowest, highest)(random));
}

}  // namespace

std::int64_t randomBetween(Random& random, std::int64_t lowest, std::int64_t highest) {
    return std::uniform_int_distribution<std::int64_t>(lowest, std::max(lowest, highest))(random);
}

Value plausibleValue(Random& random, const ParamSpec& spec, int rank) {
    switch (spec.kind) {
        case ParamKind::Integer: return Value(boundedInteger(random, spec));
        case ParamKind::Real: return realBetween(random, spec);
        case ParamKind::Boolean: return Value(randomBetween(random, 0, 1) == 1);
        case ParamKind::Choice:
            return Value(spec.choices[static_cast<std::size_t>(
                randomBetween(random, 0, static_cast<std::int64_t>(spec.choices.size()) - 1))]);
        case ParamKind::Spatial:
        case ParamKind::Padding:
            return randomBetween(random, 0, 1) == 0
                       ? Value(boundedInteger(random, spec))
                       : listOf(random, spec, spec.kind == ParamKind::Padding && spec.axes == 1 ? 2 : spec.axes);
        case ParamKind::IntegerList:
            if (spec.key == "dims") return permutation(random, rank - 1);
            return Value(boundedInteger(random, spec));
        case ParamKind::Sizes:
            return spec.minimum < 0 ? Value::list({-1}) : listOf(random, spec, randomBetween(random, 1, 3));
        case ParamKind::Activation: {
            const auto& names = activationChoices();
            return Value(
                names[static_cast<std::size_t>(randomBetween(random, 0, static_cast<std::int64_t>(names.size()) - 1))]);
        }
        case ParamKind::Window: return Value("hann");
        case ParamKind::Text:
        case ParamKind::FilePath:
        case ParamKind::Layer:
        case ParamKind::Any: break;
    }
    return spec.initial.isNone() ? spec.fallback : spec.initial;
}

Value wildValue(Random& random) {
    constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
    const Value values[] = {Value(),
                            Value(true),
                            Value(0),
                            Value(-1),
                            Value(-7),
                            Value(kHuge),
                            Value(-kHuge - 1),
                            Value(kHuge / 2),
                            Value(0.5),
                            Value(std::numeric_limits<double>::quiet_NaN()),
                            Value(std::numeric_limits<double>::infinity()),
                            Value(""),
                            Value("same"),
                            Value(std::string(10000, 'x')),
                            Value(ValueList{}),
                            Value::list({kHuge, kHuge, kHuge}),
                            Value::list({1, 2}),
                            Value::list({-1, 0, 3}),
                            Value::list({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}),
                            Value(ValueList{Value(), Value("T"), Value("2x")}),
                            Value(ValueList{Value::list({1, 2}), Value::list({kHuge, kHuge})}),
                            Value(ValueList{Value(ValueList{}), Value(1)}),
                            Value(ValueDict{{"class_name", Value("ReLU")}, {"config", Value(ValueDict{})}}),
                            Value(ValueDict{})};
    return values[randomBetween(random, 0, static_cast<std::int64_t>(std::size(values)) - 1)];
}

void randomize(Random& random, graph::Node& node, int rank) {
    for (const ParamSpec& spec : node.type->params) {
        if (spec.kind == ParamKind::Layer || spec.kind == ParamKind::Any) {
            if (!spec.initial.isNone()) node.set(spec.key, spec.initial);
            continue;
        }
        const bool isSet = spec.required || randomBetween(random, 0, 2) == 0;
        if (!isSet || spec.hidden) continue;
        const Value value = plausibleValue(random, spec, rank);
        if (!value.isNone()) node.set(spec.key, value);
    }
}

}  // namespace shapewise::layers
