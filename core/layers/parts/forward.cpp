#include "core/layers/parts/forward.h"

#include <algorithm>

namespace shapewise::layers {

SpatialCall::SpatialCall(ForwardContext& context, bool channelsFirst)
    : context_(context), channelsFirst_(channelsFirst), x_(context.input().data()) {
    const tensor::Extents& extents = context.input().extents();
    if (!channelsFirst) {
        input_ = kernels::imageSize(extents);
        return;
    }
    moved_ = tensor::Tensor(kernels::channelsLastExtents(extents));
    kernels::channelsFirstToLast(extents, context.input().data(), moved_.data(), context.parallel());
    x_ = moved_.data();
    input_ = kernels::imageSize(moved_.extents());
}

kernels::Sizes3 kernelSizes(const SpatialSizes& sizes, int axes) {
    return kernels::sizes3(std::span<const std::int64_t>(sizes.data(), static_cast<std::size_t>(axes)));
}

Result<void> copyForward(ForwardContext& context) {
    const std::span<const float> values = context.input().values();
    std::copy(values.begin(), values.end(), context.output().data());
    return {};
}

}  // namespace shapewise::layers
