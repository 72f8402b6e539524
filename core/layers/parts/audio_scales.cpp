#include "core/layers/parts/audio_scales.h"

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

double melOf(double hertz) { return 1127.0 * std::log1p(hertz / 700.0); }

}  // namespace shapewise::layers
