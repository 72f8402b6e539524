#pragma once
// Cells added or cut off at both ends of the spatial axes: what ZeroPadding and Cropping compute.

#include "core/layers/framework/layer.h"

namespace shapewise::layers {

/// Output 0: input 0 with the cells that the Padding parameter `key` names added as zeros, or cut off.
Result<void> addMargins(ForwardContext& context, ParamKey key);
Result<void> cutMargins(ForwardContext& context, ParamKey key);

}  // namespace shapewise::layers
