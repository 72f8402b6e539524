#include "core/layers/parts/margins.h"

#include "core/kernels/data_movement.h"
#include "core/layers/parts/sliding.h"

namespace shapewise::layers {

namespace {

Result<void> moveEdges(ForwardContext& context, ParamKey key, std::int64_t sign) {
    const SpatialLayout layout = spatialLayout(context.params);
    const Margins margins = context.params.padding(key, layout.spatialRank);
    const tensor::Tensor& x = context.input();
    kernels::Margins amounts{tensor::Extents(x.extents().size(), 0), tensor::Extents(x.extents().size(), 0)};
    for (int index = 0; index < layout.spatialRank; ++index) {
        const auto axis = static_cast<std::size_t>(layout.spatialAxis(index));
        amounts.before[axis] = sign * margins[static_cast<std::size_t>(index)][0];
        amounts.after[axis] = sign * margins[static_cast<std::size_t>(index)][1];
    }
    kernels::pad(x.extents(), amounts, 0.0F, x.data(), context.output().data(), context.parallel());
    return {};
}

}  // namespace

Result<void> addMargins(ForwardContext& context, ParamKey key) { return moveEdges(context, key, 1); }
Result<void> cutMargins(ForwardContext& context, ParamKey key) { return moveEdges(context, key, -1); }

}  // namespace shapewise::layers
