// The sample rate a layer is told against that of the data.
#include "core/mistakes/read/reading.h"
#include "core/mistakes/rules/rule.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <cmath>

namespace shapewise::mistakes {
namespace {

using diag::Code;
using graph::Node;
using infer::Analysis;

/// Rates closer than this share are one: 44,100 Hz kept as 1/44100 s, a clock a little off.
constexpr double kTolerance = 1e-6;
constexpr double kExampleHz = 1000.0;

/// The rate of the axis of time that the layer reads; 0 where the data have none.
double dataRateHz(const tensor::TensorType& type) {
    for (int axis = type.shape.rank() - 1; axis > 0; --axis)
        if (const tensor::AxisScale scale = type.scale(axis);
            scale.kind == tensor::AxisScale::Kind::Seconds && scale.step > 0.0)
            return 1.0 / scale.step;
    return 0.0;
}

/// A whole number as one, so that files say 44100 and not 44099.99999999999.
Value rateValue(double hertz) {
    const double whole = std::round(hertz);
    constexpr double kLargest = 1e15;
    if (std::abs(hertz - whole) <= kTolerance * hertz && whole < kLargest)
        return Value(static_cast<std::int64_t>(whole));
    return Value(hertz);
}

std::string hertzText(double hertz) {
    const Value value = rateValue(hertz);
    return value.isInteger() ? withThousands(value.asInteger()) : fmt::format("{:.6g}", hertz);
}

bool hasRate(const layers::LayerType& type) { return !type.rateSetting.empty(); }

void detectRate(const graph::Project&, const Analysis& analysis, const Node& node, std::vector<Silent>& found) {
    if (node.inputs.empty() || !analysis[node.id].isKnown()) return;
    const tensor::TensorType* type = analysis[node.inputs.front().from].outputAt(node.inputs.front().fromPort);
    if (type == nullptr) return;
    const double dataRate = dataRateHz(*type);
    const double rate = layers::Params(node).real(ParamKey::of(node.type->rateSetting));
    if (!(dataRate > 0.0) || !(rate > 0.0) || std::abs(rate - dataRate) <= kTolerance * dataRate) return;
    Silent silent;
    silent.confidence = 0.95;
    silent.refusal = {Code::SampleRateDiffers,
                      std::string(node.type->rateSetting),
                      0,
                      {{"key", std::string(node.type->rateSetting)},
                       {"rate", hertzText(rate)},
                       {"data_rate", hertzText(dataRate)},
                       {"read_as", hertzText(std::round(kExampleHz * rate / dataRate))}}};
    found.push_back(std::move(silent));
}

void describeRate(const Case& input, diag::Diagnostic& diagnostic) {
    if (input.input) diagnostic.wanted = hertzText(dataRateHz(*input.input)) + " Hz";
    diagnostic.got = diag::say("{} Hz", diag::phraseOf(input.refusal.arguments, "rate", "another rate"));
}

void proposeRate(const Case& input, Proposals& proposals) {
    if (!input.input) return;
    const Value rate = rateValue(dataRateHz(*input.input));
    const std::string key(input.type.rateSetting);
    Plan plan = input.plan();
    plan.set(input.node.id, key, rate);
    proposals.add("set-rate", "Set " + key + " to " + rate.text(), "That is the rate of the data.", std::move(plan));
}

constexpr Rule kRules[] = {{Code::SampleRateDiffers, describeRate, proposeRate}};
constexpr SilentRule kDetectors[] = {{hasRate, detectRate}};

}  // namespace

std::span<const Rule> rateRules() { return kRules; }
std::span<const SilentRule> rateDetectors() { return kDetectors; }

}  // namespace shapewise::mistakes
