// GaussianNoise, GaussianDropout, AlphaDropout, SpatialDropout1D, 2D, 3D: noise while training, nothing when
// running. Reference: https://keras.io/api/layers/regularization_layers/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/foreign_names.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

const PortSpec kAnyInput{.name = "input", .minimumRank = 0, .axes = "any"};

std::string rateTelling(const Params& params) { return fmt::format("{:g} %", params.real("rate") * 100.0); }
std::string deviationTelling(const Params& params) { return fmt::format("σ {:g}", params.real("stddev")); }

LayerType noiseType(std::string_view className, std::string_view summary, std::string_view doc) {
    return {.className = className,
            .category = Category::Regularization,
            .title = className,
            .summary = summary,
            .keywords = "regularize overfitting random noise dropout",
            .doc = doc,
            .params = {rateParam("Share of the values that are changed, from 0 to 1"), seedParam()},
            .inputs = {kAnyInput},
            .telling = {"rate"},
            .effects = kKeepsAll,
            .identityWhenRunning = true,
            .masks = Masks::PassOn,
            .infer = keepInput,
            .forward = copyForward,
            .tellingText = rateTelling,
            .foreign = {.keys = {{"p", "rate"}}}};
}

LayerType spatialDropoutType(int axes, std::string_view className, tensor::AxesPattern axesText) {
    LayerType made =
        noiseType(className, "Drops whole channels while training",
                  "While training, sets all positions of a channel to 0 with probability `rate`. When running, as "
                  "here, it changes nothing.\n\nOutput: the shape of the input.\n\n"
                  "Reference: <https://keras.io/api/layers/regularization_layers/>");
    made.params = {rateParam("Share of the channels that are dropped, from 0 to 1")};
    if (axes > 1) {
        made.params.push_back(dataFormatParam());
        made.foreign.keys.push_back(dataFormatName());
        made.foreign.unwritten.push_back(unwrittenDataFormat());
    }
    made.params.push_back(seedParam());
    made.inputs = {PortSpec{.name = "input", .minimumRank = axes + 2, .maximumRank = axes + 2, .axes = axesText}};
    made.family = {"SpatialDropout", axes};
    return made;
}

}  // namespace

const LayerType& gaussianNoise() {
    static const LayerType type = [] {
        LayerType made =
            noiseType("GaussianNoise", "Adds random numbers while training",
                      "While training, adds normal noise of deviation `stddev`. When running, as here, it changes "
                      "nothing.\n\nOutput: the shape of the input.\n\n"
                      "Reference: <https://keras.io/api/layers/regularization_layers/gaussian_noise/>");
        made.params = {{.key = "stddev",
                        .kind = ParamKind::Real,
                        .help = "Standard deviation of the noise, from 0 to 1",
                        .required = true,
                        .initial = 0.1,
                        .minimum = 0.0,
                        .maximum = 1.0,
                        .affects = Affects::Nothing},
                       seedParam()};
        made.telling = {"stddev"};
        made.tellingText = deviationTelling;
        made.foreign.keys = {{"sigma", "stddev"}};
        return made;
    }();
    return type;
}

const LayerType& gaussianDropout() {
    static const LayerType type =
        noiseType("GaussianDropout", "Multiplies by random numbers while training",
                  "While training, multiplies by normal noise of mean 1 and deviation `√(rate / (1 − "
                  "rate))`. When running, as "
                  "here, it changes nothing.\n\nOutput: the shape of the input.\n\n"
                  "Reference: <https://keras.io/api/layers/regularization_layers/gaussian_dropout/>");
    return type;
}

const LayerType& alphaDropout() {
    static const LayerType type = [] {
        LayerType made =
            noiseType("AlphaDropout", "Drops values of SELU networks while training",
                      "While training, drops values so that mean and variance stay as they were, for networks with "
                      "SELU. When running, as here, it changes nothing.\n\nOutput: the shape of the input.\n\n"
                      "Reference: <https://keras.io/api/layers/regularization_layers/alpha_dropout/>");
        made.params.insert(made.params.begin() + 1,
                           ParamSpec{.key = "noise_shape",
                                     .kind = ParamKind::Sizes,
                                     .help = "Shape of the pattern of dropped values, the batch first; size "
                                             "1 drops along the whole axis",
                                     .noneAllowed = true,
                                     .minimum = 1,
                                     .affects = Affects::Nothing});
        return made;
    }();
    return type;
}

const LayerType& spatialDropout1D() {
    static const LayerType type = spatialDropoutType(1, "SpatialDropout1D", "(batch, time, channels)");
    return type;
}

const LayerType& spatialDropout2D() {
    static const LayerType type = spatialDropoutType(2, "SpatialDropout2D", "(batch, height, width, channels)");
    return type;
}

const LayerType& spatialDropout3D() {
    static const LayerType type = spatialDropoutType(3, "SpatialDropout3D", "(batch, depth, height, width, channels)");
    return type;
}

}  // namespace shapewise::layers
