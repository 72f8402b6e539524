// Identity: passes its input on.
// Reference: https://keras.io/api/layers/core_layers/identity/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

namespace shapewise::layers {

const LayerType& identity() {
    static const LayerType type{
        .className = "Identity",
        .category = Category::Core,
        .title = "Identity",
        .summary = "Passes its input on unchanged",
        .keywords = "pass through nothing placeholder",
        .doc = "Output: the input.\n\nReference: <https://keras.io/api/layers/core_layers/identity/>",
        .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "any"}},
        .effects = kKeepsAll,
        .identityWhenRunning = true,
        .masks = Masks::PassOn,
        .infer = keepInput,
        .forward = copyForward,
    };
    return type;
}

}  // namespace shapewise::layers
