// Dropout: sets a share of the values to 0 while training; passes them on unchanged when running.
// Reference: https://keras.io/api/layers/regularization_layers/dropout/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

std::string dropoutTelling(const Params& params) { return fmt::format("{:g} %", params.real("rate") * 100.0); }

}  // namespace

const LayerType& dropout() {
    static const LayerType type{
        .className = "Dropout",
        .category = Category::Regularization,
        .title = "Dropout",
        .summary = "Drops a share of the values while training",
        .keywords = "regularize overfitting random noise",
        .doc =
            "While training, sets values to 0 with probability `rate` and divides the others by `1 − rate`. When "
            "running, "
            "as here, it changes nothing.\n\nOutput: the shape of the input.\n\n"
            "Reference: <https://keras.io/api/layers/regularization_layers/dropout/>",
        .params = {rateParam("Share of the values that are dropped, from 0 to 1"),
                   {.key = "noise_shape",
                    .kind = ParamKind::Sizes,
                    .help =
                        "Shape of the pattern of dropped values, the batch first; size 1 drops along the whole axis",
                    .noneAllowed = true,
                    .minimum = 1,
                    .affects = Affects::Nothing},
                   seedParam()},
        .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "any"}},
        .telling = {"rate"},
        .effects = kKeepsAll,
        .identityWhenRunning = true,
        .masks = Masks::PassOn,
        .infer = keepInput,
        .forward = copyForward,
        .tellingText = dropoutTelling,
        .foreign = {.keys = {{"p", "rate"}}},
    };
    return type;
}

}  // namespace shapewise::layers
