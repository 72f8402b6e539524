#pragma once
// Random layers that are right: settings and inputs drawn together, so that all parameters vary and few draws are
// refused.

#include "random_layer.h"

namespace shapewise::layers {

struct ValidLayer {
    std::shared_ptr<graph::Node> node;
    std::vector<tensor::TensorType> inputs;  ///< fully known; for the ports from the first on
};

/// Nearly always accepted by the layer's rule; the caller counts what is refused.
[[nodiscard]] ValidLayer validLayer(Random& random, const LayerType& type);

}  // namespace shapewise::layers
