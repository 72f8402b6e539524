// Sizes that do not fit: windows larger than what they slide over, mirrored padding, cropping, unknown and far too
// large sizes.

#include "core/base/amount.h"
#include "core/mistakes/rules/order.h"

#include "core/base/text.h"
#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Phrase;
using diag::say;
using diag::setArgument;
using graph::Node;
using layers::AxisEffect;
using layers::LayerType;
using layers::Role;
using tensor::Dim;

using Sizes = std::vector<Dim>;

/// The axes of the input a window of this type slides over, with their sizes; unknown sizes as -1.
Numbers spatialSizes(const Case& input) {
    Numbers sizes;
    const int axes = input.type.family.spatialRank > 0 ? input.type.family.spatialRank : input.shape().rank() - 2;
    const int skip = input.shape().rank() - axes - 2;  // time of a recurrent convolution
    const int first = (isChannelsFirst(input.node) ? 2 : 1) + std::max(0, skip);
    for (int axis = first; axis < first + axes && axis < input.shape().rank(); ++axis)
        sizes.push_back(input.shape()[axis].sizeOr(-1));
    return sizes;
}

std::string withMinus(std::int64_t number) {
    return number < 0 ? "−" + std::to_string(-number) : std::to_string(number);
}

/// "a 7 × 7 kernel" and "a 5 × 5 input with 'valid' padding"; with one axis "a kernel of 7" and "time 5".
void nameWindow(const Case& input, diag::Diagnostic& diagnostic, const std::string& what) {
    const Numbers sizes = spatialSizes(input);
    const Numbers window = spatialOf(input.node, windowKey(input.type), static_cast<int>(sizes.size()));
    const std::int64_t dilation = numberArgument(input.refusal, "dilation", 1);
    const std::int64_t effective = numberArgument(input.refusal, "effective", 0);
    const auto spread = [&](Phrase text) {
        return dilation > 1 ? say("{} with dilation {} ({} cells)", text, dilation, effective) : std::move(text);
    };
    const auto padded = [padding = textOf(input.node, "padding")](Phrase text) {
        return padding.empty() ? std::move(text) : say("{} with '{}' padding", text, padding);
    };
    const auto tell = [&](Phrase windowText, Phrase room) {
        setArgument(diagnostic.arguments, {"window_text", spread(std::move(windowText))});
        setArgument(diagnostic.arguments, {"room", padded(std::move(room))});
    };
    const bool isKnown = std::ranges::none_of(sizes, [](std::int64_t size) { return size < 0; });
    if (sizes.size() > 1 && isKnown && !window.empty())
        return tell(say("a {} {}", timesText(window), what), say("a {} input", timesText(sizes)));
    const std::int64_t size = numberArgument(input.refusal, "size", 0);
    tell(say("a {} of {}", what, numberArgument(input.refusal, "window", effective)),
         input.type.role == Role::Spectrogram
             ? say("{} samples", size)
             : say("{} {}", diag::phraseOf(input.refusal.arguments, "axis_name", "size"), size));
}

/// "On the way height goes 28 → 26 → 13 → 11 → 5"; empty when it changes less than twice.
Phrase sizesOnTheWay(const Case& input, int axis) {
    constexpr std::size_t kMostShown = 12;
    if (!input.link || !input.input || axis < 1 || axis >= input.shape().rank()) return {};
    std::vector<Dim> sizes;
    for (const Node* node : pathUp(input.graph(), *input.link, 200)) {
        const tensor::TensorType* output = input.analysis[node->id].outputAt(0);
        if (!output || output->shape.rank() != input.shape().rank()) break;
        if (movesAxes(*node->type)) break;
        if (sizes.empty() || sizes.back() != output->shape[axis]) sizes.push_back(output->shape[axis]);
    }
    if (sizes.size() < 3) return {};
    std::vector<Phrase> steps(sizes.rbegin(), sizes.rend());
    if (steps.size() > kMostShown) {
        steps[1] = "…";
        steps.erase(steps.begin() + 2, steps.end() - static_cast<std::ptrdiff_t>(kMostShown - 2));
    }
    return say("On the way {} goes {}", diag::axisOf(input.shape(), axis), joined(steps, " → "));
}

void describeWindow(const Case& input, diag::Diagnostic& diagnostic) {
    nameWindow(input, diagnostic, diag::textOf(input.refusal.arguments, "what", "window"));
    const std::int64_t effective = numberArgument(input.refusal, "effective", 0);
    setArgument(diagnostic.arguments, {"arithmetic", say("⌊({} − {}) / {}⌋ + 1 = {}, and at least 1 must come out",
                                                         numberArgument(input.refusal, "size", 0), effective,
                                                         numberArgument(input.refusal, "stride", 1),
                                                         withMinus(numberArgument(input.refusal, "computed", 0)))});
    const int axis = static_cast<int>(numberArgument(input.refusal, "axis", 1));
    nameSizeRoot(input, diagnostic, axis);
    if (const Phrase shrinking = sizesOnTheWay(input, axis); !shrinking.empty())
        diagnostic.why = diagnostic.why.empty() ? shrinking : say("{}. {}", diagnostic.why, shrinking);
}

void samePadding(const Case& input, Proposals& proposals) {
    const layers::ParamSpec* padding = input.type.param("padding");
    if (!padding || textOf(input.node, "padding") == "same") return;
    if (std::ranges::find(padding->choices, std::string_view("same")) == padding->choices.end()) return;
    Plan plan = input.plan();
    plan.set(input.node.id, "padding", "same");
    proposals.add("padding-same", "Set padding to 'same'", "Zeros are added at the borders, so every position counts.",
                  std::move(plan));
}

void smallerWindow(const Case& input, Proposals& proposals) {
    const std::string_view key = windowKey(input.type);
    if (key.empty() || input.type.effects.space == AxisEffect::Transforms) return;
    const Numbers sizes = spatialSizes(input);
    const int axes = static_cast<int>(sizes.size());
    Numbers window = spatialOf(input.node, key, axes);
    Numbers dilation = spatialOf(input.node, "dilation_rate", axes);
    if (window.empty()) return;
    if (dilation.empty()) dilation.assign(sizes.size(), 1);
    Numbers dilationThatFits = dilation;
    const Numbers before = window;
    for (std::size_t index = 0; index < sizes.size(); ++index) {
        if (sizes[index] < 0) continue;
        const std::int64_t room = std::max(Amount(0), Amount(sizes[index]) - 1).value();
        if (window[index] > 1)
            dilationThatFits[index] =
                std::clamp<std::int64_t>(room / (Amount(window[index]) - 1).value(), 1, dilation[index]);
        window[index] =
            std::min(Amount(window[index]), Amount(room / std::max<std::int64_t>(1, dilation[index])) + 1).value();
    }
    const bool isTrivial = std::ranges::all_of(window, [](std::int64_t n) { return n == 1; }) && key == "pool_size";
    if (window != before && !isTrivial) {
        Plan plan = input.plan();
        plan.set(input.node.id, key, Value::list(window));
        const std::string name = key == "pool_size" ? "pool" : "kernel";
        proposals.add("smaller-window", "Set " + name + " to " + timesText(window), "The largest that fits.",
                      std::move(plan));
    }
    if (dilationThatFits != dilation) {
        Plan plan = input.plan();
        plan.set(input.node.id, "dilation_rate", Value::list(dilationThatFits));
        proposals.add("smaller-dilation", "Set dilation to " + timesText(dilationThatFits), "The largest that fits.",
                      std::move(plan));
    }
}

void largerSource(const Case& input, Proposals& proposals, int axis, std::int64_t needed) {
    const Node* source = sourceOf(input.graph(), *input.link);
    if (!source || shapeKey(*source->type).empty()) return;
    const tensor::TensorType* output = input.analysis[source->id].outputAt(0);
    const std::optional<std::int64_t> size = sourceSizeFor(input, axis, needed);
    if (!output || !size || axis >= output->shape.rank()) return;
    Sizes sizes = sampleSizes(output->shape);
    const Dim old = sizes[static_cast<std::size_t>(axis - 1)];
    for (std::size_t index = 0; index + 1 < sizes.size() || index + 1 == static_cast<std::size_t>(axis); ++index) {
        if (index >= sizes.size()) break;
        if (static_cast<int>(index) + 1 == axis || sizes[index] == old) sizes[index] = Dim(*size);
    }
    proposeSourceShape(input, proposals, *source, sizes, "The smallest input that works with these layers.");
}

void removePoolingBefore(const Case& input, Proposals& proposals) {
    for (const Node* node : pathUp(input.graph(), *input.link, 200)) {
        if (endsMap(*node->type)) return;
        if (node->type->effects.space != AxisEffect::Pools) continue;
        Plan plan = input.plan();
        plan.bypass(*node);
        proposals.add("remove-pooling", "Remove " + labelOf(*node), "The map stays larger from there on.",
                      std::move(plan));
        return;
    }
}

void shorterFrame(const Case& input, Proposals& proposals) {
    const std::int64_t samples = input.shape()[isChannelsFirst(input.node) ? input.shape().rank() - 1 : 1].sizeOr(0);
    if (samples < 1 || !hasParameter(input.type, "frame_length")) return;
    const auto frame = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(samples)));
    Plan plan = input.plan();
    plan.set(input.node.id, "frame_length", frame);
    const std::optional<std::int64_t> step = integerOf(input.node, "frame_step");
    if (step && *step > frame) plan.set(input.node.id, "frame_step", std::max<std::int64_t>(1, frame / 2));
    proposals.add(
        "shorter-frame", "Set frame_length to " + std::to_string(frame),
        "The largest power of two within " + std::to_string(samples) + " samples; fewer frequencies come out.",
        std::move(plan));
}

/// Nothing is left to pool.
void withoutPooling(const Case& input, Proposals& proposals) {
    Plan plan = input.plan();
    plan.bypass(input.node);
    proposals.add("remove-this", "Remove " + labelOf(input.node), "There is nothing left to pool.", std::move(plan),
                  Applicability::Maybe);
    const std::string rank = std::to_string(input.type.family.spatialRank) + "D";
    for (const std::string& name : {"GlobalAveragePooling" + rank, "GlobalMaxPooling" + rank}) {
        const LayerType* global = layers::findLayer(name);
        if (!global || (name.starts_with("GlobalMax") && !input.type.className.starts_with("Max"))) continue;
        Plan replace = input.plan();
        replace.replace(input.node, *global);
        proposals.add("use-" + layers::automaticName(*global), "Use " + name + " instead",
                      "It fits a map of any size and gives (batch, channels).", std::move(replace),
                      Applicability::Maybe);
    }
}

/// Zeros behind a recording that is too short; an Input is declared longer instead.
void longerSignal(const Case& input, Proposals& proposals, std::int64_t needed) {
    const std::int64_t samples = input.shape().rank() == 3 ? input.shape()[1].sizeOr(0) : 0;
    const Node* source = sourceOf(input.graph(), *input.link);
    if (samples < 1 || needed <= samples || isChannelsFirst(input.node) || (source && !shapeKey(*source->type).empty()))
        return;
    Plan plan = input.plan();
    const std::int64_t silence = (Amount(needed) - samples).value();
    plan.insert(*input.place, "ZeroPadding1D", {{"padding", Value::list({0, silence})}});
    proposals.add("insert-padding", "Insert ZeroPadding1D (0, " + std::to_string(silence) + ")",
                  "Silence is added at the end until one frame is full.", std::move(plan), Applicability::Maybe);
}

void proposeWindow(const Case& input, Proposals& proposals) {
    if (!input.input || !input.place) return;
    const int axis = static_cast<int>(numberArgument(input.refusal, "axis", 1));
    const std::int64_t needed = numberArgument(input.refusal, "effective", 1);
    proposeOrderOfSource(input, proposals);
    if (input.type.role == Role::Spectrogram) shorterFrame(input, proposals);
    samePadding(input, proposals);
    if (input.type.effects.space == AxisEffect::Pools) withoutPooling(input, proposals);
    smallerWindow(input, proposals);
    removePoolingBefore(input, proposals);
    largerSource(input, proposals, axis, needed);
    if (input.type.role == Role::Spectrogram) longerSignal(input, proposals, needed);
}

void describeMirror(const Case& input, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"padding", numberArgument(input.refusal, "padding", 0)});
    nameSizeRoot(input, diagnostic, input.input ? input.shape().rank() - 1 : -1);
}

void proposeMirror(const Case& input, Proposals& proposals) {
    if (!input.input || !input.place) return;
    const int axis = input.shape().rank() - 1;
    const std::int64_t samples = input.shape()[axis].sizeOr(0);
    if (samples >= 2) {
        const auto length =
            static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>((Amount(samples) * 2 - 1).value())));
        Plan plan = input.plan();
        plan.set(input.node.id, "fft_length", length);
        if (const auto window = integerOf(input.node, "sequence_length"); window && *window > length)
            plan.reset(input.node.id, "sequence_length");
        proposals.add("shorter-fft", "Set fft_length to " + std::to_string(length),
                      "The largest power of two whose half is below " + std::to_string(samples) + " samples.",
                      std::move(plan));
    }
    largerSource(input, proposals, axis, (Amount(numberArgument(input.refusal, "padding", samples)) + 1).value());
}

void describeCropping(const Case& input, diag::Diagnostic& diagnostic) {
    const std::int64_t size = numberArgument(input.refusal, "size", 0);
    const std::int64_t cropped = numberArgument(input.refusal, "cropped", 0);
    setArgument(diagnostic.arguments,
                {"arithmetic", say("{} − {} = {}", size, cropped, withMinus((Amount(size) - cropped).value()))});
    nameSizeRoot(input, diagnostic, static_cast<int>(numberArgument(input.refusal, "axis", 1)));
}

void proposeCropping(const Case& input, Proposals& proposals) {
    if (!input.input || !input.place) return;
    const Numbers sizes = spatialSizes(input);
    const int axes = static_cast<int>(sizes.size());
    if (hasParameter(input.type, "cropping") && axes >= 1 && axes <= 3) {
        layers::Margins margins = layers::Params(input.node).padding("cropping", axes);
        ValueList list;
        for (std::size_t index = 0; index < sizes.size(); ++index) {
            auto& [first, second] = margins[index];
            const Amount total = Amount(first) + second;
            const Amount room = sizes[index] < 0 ? total : std::max(Amount(0), Amount(sizes[index]) - 1);
            if (total > room) {
                const double share = static_cast<double>(first) / static_cast<double>(total.value());
                const Amount before = Amount::rounded(std::floor(static_cast<double>(room.value()) * share));
                first = std::min(room, before).value();
                second = (room - first).value();  // fits: Amounts
            }
            list.push_back(Value::list({first, second}));
        }
        Plan plan = input.plan();
        Value value = axes == 1 ? list.front() : Value(std::move(list));
        const Phrase title = say("Set cropping to {}", value);
        plan.set(input.node.id, "cropping", std::move(value));
        proposals.add("less-cropping", title, "The most that leaves 1.", std::move(plan));
    }
    Plan plan = input.plan();
    plan.bypass(input.node);
    proposals.add("remove-this", "Remove " + labelOf(input.node), "Nothing is cut away.", std::move(plan),
                  Applicability::Maybe);
    largerSource(input, proposals, static_cast<int>(numberArgument(input.refusal, "axis", 1)),
                 (Amount(numberArgument(input.refusal, "cropped", 0)) + 1).value());
}

void describeTooLarge(const Case&, diag::Diagnostic& diagnostic) {
    setArgument(diagnostic.arguments, {"most", std::int64_t{tensor::kMaximumRank}});
}

/// Large numbers of the layer itself one by one, then those of the source.
void proposeSmaller(const Case& input, Proposals& proposals) {
    constexpr std::int64_t kLarge = 1 << 16;
    for (const layers::ParamSpec& spec : input.type.params) {
        const Value* value = input.node.setting(ParamKey::of(spec.key));
        if (!value) continue;
        const Numbers numbers = integersOf(*value);
        const bool isLarge = std::ranges::any_of(numbers, [](std::int64_t n) { return n > kLarge; });
        const bool isLong =
            numbers.size() > static_cast<std::size_t>(tensor::kMaximumRank) - 1 ||
            (value->isList() && value->asList().size() >= static_cast<std::size_t>(tensor::kMaximumRank));
        if (!isLarge && !isLong) continue;
        Plan plan = input.plan();
        const Value smaller = spec.required || !spec.initial.isNone() ? spec.initial : spec.fallback;
        plan.set(input.node.id, spec.key, smaller);
        proposals.add("smaller-" + std::string(spec.key), say("Set {} to {}", spec.key, smaller), {}, std::move(plan),
                      Applicability::Placeholder);
    }
    if (!input.link && input.node.inputs.empty()) return;
    const graph::Link link = input.link ? *input.link : input.node.inputs.front();
    const Node* source = sourceOf(input.graph(), link);
    const tensor::TensorType* output = source ? input.analysis[source->id].outputAt(0) : nullptr;
    if (!output) return;
    Sizes sizes = sampleSizes(output->shape);
    for (Dim& size : sizes)
        if (size.sizeOr(0) > kLarge) size = Dim(256);
    proposeSourceShape(input, proposals, *source, sizes, {}, Applicability::Placeholder);
    if (input.refusal.code != diag::Code::RankTooLarge) return;
    Plan plan = input.plan();
    plan.insert({input.node.id, 0}, "Flatten");
    proposals.add("insert-flatten", "Insert Flatten", "All values in one row.", std::move(plan), Applicability::Maybe);
}

constexpr Rule kRules[] = {
    {diag::Code::WindowTooLarge, describeWindow, proposeWindow},
    {diag::Code::PaddingExceedsSignal, describeMirror, proposeMirror},
    {diag::Code::CroppingTooLarge, describeCropping, proposeCropping},
    {diag::Code::SizeTooLarge, describeTooLarge, proposeSmaller},
    {diag::Code::RankTooLarge, describeTooLarge, proposeSmaller},
    {diag::Code::WeightsTooLarge, describeTooLarge, proposeSmaller},
};

}  // namespace

std::span<const Rule> sizeRules() { return kRules; }

}  // namespace shapewise::mistakes
