#include "core/exec/sample.h"

#include "core/base/random.h"
#include "core/layers/parts/body.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <set>

namespace shapewise::exec {

namespace {

using tensor::Extents;
using tensor::Tensor;

/// Where an element lies: in which sample, how far along its space (0..length-1), in which channel.
struct Position {
    std::int64_t sample = 0;
    std::int64_t step = 0;
    std::int64_t channel = 0;
};

/// One sample of a batch as steps along its spatial axes.
struct Layout {
    Extents space;  ///< spatial sizes
    std::int64_t channels = 1;
    std::int64_t samples = 1;
    std::int64_t length = 1;  ///< steps from one corner to the other

    explicit Layout(const Extents& extents) {
        if (extents.empty()) return;
        samples = extents.front();
        const std::size_t last = extents.size() > 2 ? extents.size() - 1 : extents.size();
        space.assign(extents.begin() + 1, extents.begin() + static_cast<std::ptrdiff_t>(last));
        if (extents.size() > 2) channels = extents.back();
        for (const std::int64_t size : space) length = saturatingAdd(length, size - 1);
    }

    [[nodiscard]] Position at(std::int64_t index) const {
        Position position;
        position.channel = index % channels;
        index /= channels;
        for (std::size_t axis = space.size(); axis-- > 0;) {
            position.step += index % space[axis];
            index /= space[axis];
        }
        position.sample = index;
        return position;
    }
};

void fill(Tensor& values, const Layout& layout, const std::function<double(const Position&)>& value) {
    for (std::int64_t index = 0; index < values.count(); ++index)
        values.data()[index] = static_cast<float>(value(layout.at(index)));
}

/// Phase of a wave, radians, so that samples of a batch differ.
double startPhase(const Position& position) { return static_cast<double>(position.sample); }

void fillSine(const SampleSpec& spec, Tensor& values, const Layout& layout) {
    const double step = 2.0 * std::numbers::pi * spec.frequencyHz / spec.sampleRateHz;
    fill(values, layout, [&](const Position& position) {
        return std::sin(step * static_cast<double>(position.channel + 1) * static_cast<double>(position.step) +
                        startPhase(position));
    });
}

void fillChirp(const SampleSpec& spec, Tensor& values, const Layout& layout) {
    constexpr double kHighest = 0.45;  // of the sample rate: below the Nyquist frequency
    const double length = static_cast<double>(std::max<std::int64_t>(layout.length, 1));
    fill(values, layout, [&](const Position& position) {
        const double low = spec.frequencyHz / spec.sampleRateHz * static_cast<double>(position.channel + 1);
        const double at = static_cast<double>(position.step);
        return std::sin(2.0 * std::numbers::pi * (low * at + (kHighest - low) * at * at / (2.0 * length)) +
                        startPhase(position));
    });
}

void fillImpulse(Tensor& values, const Layout& layout) {
    if (values.count() == 0) return;
    std::fill_n(values.data(), values.count(), 0.0f);
    std::int64_t middle = 0;
    std::int64_t positions = 1;
    for (const std::int64_t size : layout.space) {
        middle = middle * size + size / 2;
        positions *= size;
    }
    for (std::int64_t sample = 0; sample < layout.samples; ++sample)
        // fits: a tensor in memory
        std::fill_n(values.data() + (sample * positions + middle) * layout.channels, layout.channels, 1.0f);
}

void fillRamp(Tensor& values, std::int64_t samples) {
    if (values.count() == 0 || samples == 0) return;
    const std::int64_t perSample = values.count() / samples;
    const double last = static_cast<double>(std::max<std::int64_t>(perSample - 1, 1));
    for (std::int64_t index = 0; index < values.count(); ++index)
        values.data()[index] = static_cast<float>(static_cast<double>(index % perSample) / last);
}

std::int64_t ownBound(const graph::Node& node, std::size_t link);

/// Of a nested model, what the layers bind that the input at `link` leads to.
std::int64_t boundInside(const graph::Node& node, std::size_t link) {
    const std::vector<NodeId> entries = layers::bodyEntries(layers::Params(node));
    if (link >= entries.size()) return 0;
    const std::int64_t own = ownBound(*node.body->find(entries[link]), 0);
    return own > 0 ? own : integerBound(*node.body, entries[link]);
}

std::int64_t ownBound(const graph::Node& node, std::size_t link) {
    if (node.type->holdsModel) return node.body ? boundInside(node, link) : 0;
    const std::string_view key = node.type->integersBelow;
    return key.empty() ? 0 : layers::Params(node).integer(ParamKey::of(key));
}

}  // namespace

Tensor makeSample(const SampleSpec& spec, Extents extents) {
    const Layout layout(extents);
    Tensor values(std::move(extents));
    const RandomSequence random(spec.seed);
    if (spec.integersBelow > 0) {
        for (std::int64_t index = 0; index < values.count(); ++index)
            values.data()[index] = static_cast<float>(
                random.below(static_cast<std::uint64_t>(spec.integersBelow), static_cast<std::uint64_t>(index)));
    } else if (spec.kind == "uniform") {
        random.fillUniform(values.values(), 0.0f, 1.0f);
    } else if (spec.kind == "sine") {
        fillSine(spec, values, layout);
    } else if (spec.kind == "chirp") {
        fillChirp(spec, values, layout);
    } else if (spec.kind == "impulse") {
        fillImpulse(values, layout);
    } else if (spec.kind == "ramp") {
        fillRamp(values, layout.samples);
    } else {
        random.fillNormal(values.values(), 0.0f, 1.0f);
    }
    return values;
}

std::int64_t integerBound(const graph::Graph& graph, NodeId source) {
    std::multimap<NodeId, graph::LinkPlace> consumers;
    graph.forEach([&](const graph::Node& node) {
        for (std::size_t slot = 0; slot < node.inputs.size(); ++slot)
            consumers.emplace(node.inputs[slot].from, graph::LinkPlace{node.id, slot});
    });
    std::int64_t bound = 0;
    std::set<NodeId> seen{source};
    std::vector<NodeId> open{source};
    while (!open.empty()) {
        const auto [first, last] = consumers.equal_range(open.back());
        open.pop_back();
        for (auto place = first; place != last; ++place) {
            const graph::Node& node = *graph.find(place->second.to);
            if (!seen.insert(node.id).second) continue;
            if (const std::int64_t own = ownBound(node, place->second.slot); own > 0)
                bound = bound == 0 ? own : std::min(bound, own);
            if (node.type->onlyMovesValues || node.type->identityWhenRunning) open.push_back(node.id);
        }
    }
    return bound;
}

}  // namespace shapewise::exec
