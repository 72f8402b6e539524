#include "core/layers/parts/audio_scales.h"

#include "core/layers/parts/sliding.h"

#include <cmath>

namespace shapewise::layers {

double axisRateHz(const tensor::TensorType& type, int axis) {
    const tensor::AxisScale scale = type.scale(axis);
    return scale.kind == tensor::AxisScale::Kind::Seconds && scale.step > 0.0 ? 1.0 / scale.step : 0.0;
}

std::shared_ptr<tensor::SignalScales> scalesForWriting(const tensor::TensorType& type) {
    return type.scales ? std::make_shared<tensor::SignalScales>(*type.scales)
                       : std::make_shared<tensor::SignalScales>();
}

void takeScale(tensor::TensorType& output, int to, const tensor::TensorType& input, int from) {
    const tensor::AxisScale scale = input.scale(from);
    if (scale == output.scale(to)) return;
    auto scales = scalesForWriting(output);
    if (!output.scales && input.scales) {
        scales->sampleRateHz = input.scales->sampleRateHz;
        scales->hopSamples = input.scales->hopSamples;
    }
    scales->axes[static_cast<std::size_t>(to)] = scale;
    output.scales = std::move(scales);
}

void joinScale(tensor::TensorType& output, int axis, const tensor::TensorType& other, int otherAxis, bool isStretched) {
    using Kind = tensor::AxisScale::Kind;
    const bool isRepeated = other.shape[otherAxis] == tensor::Dim(1) && output.shape[axis] != tensor::Dim(1);
    if (isRepeated) return;
    const tensor::AxisScale own = output.scale(axis);
    const tensor::AxisScale theirs = other.scale(otherAxis);
    if (own.kind == Kind::None || isStretched) {
        takeScale(output, axis, other, otherAxis);
        return;
    }
    if (theirs.kind == Kind::None) return;
    constexpr double kSame = 1e-9;
    const bool isSameStep = own.kind == theirs.kind && std::abs(own.step - theirs.step) <= kSame * std::abs(own.step) &&
                            std::abs(own.stretch - theirs.stretch) <= kSame;
    if (!isSameStep) dropScale(output, axis);
}

double melOf(double hertz) { return 1127.0 * std::log1p(hertz / 700.0); }

}  // namespace shapewise::layers
