// The law of repairs for every layer of the catalogue: whatever its parameters and whatever comes in, each error has a
// repair, and the first takes it away without bringing another.

#include "tests/core/mistakes/model.h"

#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

#include <random>

namespace shapewise::mistakes {
namespace {

using layers::LayerType;
using layers::ParamKind;
using layers::ParamSpec;

class Dice {
  public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    std::int64_t pick(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_() % static_cast<std::uint32_t>(high - low + 1));
    }
    bool oneIn(std::int64_t count) { return pick(1, count) == 1; }
    template <class List>
    auto of(const List& list) {
        return list[static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(std::size(list)) - 1))];
    }

  private:
    std::mt19937 random_;
};

Value numbers(Dice& dice, std::int64_t count, std::int64_t low, std::int64_t high) {
    ValueList list;
    for (std::int64_t index = 0; index < count; ++index) list.emplace_back(dice.pick(low, high));
    return Value(std::move(list));
}

/// What a layer takes, mostly.
Value usualValue(Dice& dice, const ParamSpec& spec) {
    switch (spec.kind) {
        case ParamKind::Integer: return Value(dice.pick(1, 12));
        case ParamKind::Spatial:
            return dice.oneIn(2) || spec.axes == 1 ? Value(dice.pick(1, 6)) : numbers(dice, spec.axes, 1, 6);
        case ParamKind::Boolean: return Value(dice.oneIn(2));
        case ParamKind::Choice: return spec.choices.empty() ? spec.fallback : Value(dice.of(spec.choices));
        default: return spec.required ? spec.initial : spec.fallback;
    }
}

/// What people type by mistake.
Value oddValue(Dice& dice, const ParamSpec& spec) {
    switch (dice.pick(0, 7)) {
        case 0: return Value(std::int64_t{0});
        case 1: return Value(dice.pick(-9, -1));
        case 2: return numbers(dice, dice.pick(1, 4), -1, 7);
        case 3: return Value("sme");
        case 4: return Value(2.5);
        case 5: return Value(ValueList{});
        case 6: return Value(dice.pick(1000, 100000));
        default: return spec.choices.empty() ? Value() : Value(std::string(spec.choices.front()) + "x");
    }
}

NodeId addInput(Model& model, Dice& dice, std::string name, int rank) {
    ValueList sizes;
    for (int axis = 1; axis < rank; ++axis)
        sizes.push_back(dice.oneIn(8) ? Value() : Value(dice.oneIn(3) ? dice.pick(1, 4) : dice.pick(5, 40)));
    Settings settings{{"shape", Value(std::move(sizes))}};
    if (dice.oneIn(10)) settings.emplace_back("batch_size", Value(dice.pick(1, 8)));
    return model.add("InputLayer", std::move(name), std::move(settings));
}

Model randomLayer(const LayerType& type, std::uint32_t seed) {
    Dice dice(seed);
    Model model;
    const int axes = type.family.spatialRank;
    const int usualRank =
        axes > 0 ? axes + 2 : std::clamp(type.inputs.empty() ? 2 : type.inputs.front().minimumRank, 2, 5);
    const int rank = dice.oneIn(3) ? static_cast<int>(dice.pick(1, 6)) : usualRank;
    std::vector<NodeId> inputs;
    const bool takesMany = !type.inputs.empty() && type.inputs.front().many;
    const std::size_t count = takesMany ? 2 : type.inputs.size() > 1 && dice.oneIn(2) ? 2 : type.inputs.empty() ? 0 : 1;
    for (std::size_t index = 0; index < count; ++index)
        inputs.push_back(addInput(model, dice, "input_" + std::to_string(index), rank));
    if (count == 1 && dice.oneIn(4)) inputs = {model.add("Dropout", "between", {{"rate", 0.1}})};
    Settings settings;
    for (const ParamSpec& spec : type.params) {
        if (spec.hidden) continue;
        const bool isOdd = dice.oneIn(8);
        if (isOdd)
            settings.emplace_back(spec.key, oddValue(dice, spec));
        else if (spec.required || dice.oneIn(4))
            settings.emplace_back(spec.key, usualValue(dice, spec));
    }
    const NodeId node = model.add(type.className, "layer", std::move(settings), inputs);
    if (!type.outputs.empty() && dice.oneIn(3)) model.add("Activation", "behind", {{"activation", "relu"}}, {node});
    return model;
}

class RepairSweep : public testing::TestWithParam<const LayerType*> {};

TEST_P(RepairSweep, HasARepairForEachOfItsErrors) {
    constexpr std::uint32_t kSeeds = 150;
    int errors = 0;
    for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
        const Model model = randomLayer(*GetParam(), seed * 7919 + 17);
        errors += static_cast<int>(problems(model.diagnose()).size());
        expectFirstRepairsWork(model, std::string(GetParam()->className) + " seed " + std::to_string(seed));
        if (HasFailure()) return;
    }
    RecordProperty("errors", errors);
}

std::vector<const LayerType*> layersWithRules() {
    std::vector<const LayerType*> types;
    for (const LayerType* type : layers::allLayers())
        if (!type->isRemark() && !type->holdsModel) types.push_back(type);
    return types;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, RepairSweep, testing::ValuesIn(layersWithRules()),
                         [](const auto& entry) { return std::string(entry.param->className); });

}  // namespace
}  // namespace shapewise::mistakes
