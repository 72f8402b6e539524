#pragma once
// What forward functions share: images whichever way their channels stand, windows, and activations at the end.

#include "core/kernels/convolution.h"
#include "core/kernels/data_movement.h"
#include "core/layers/framework/layer.h"
#include "core/layers/framework/prepared_layer.h"
#include "core/layers/parts/activation_choice.h"

namespace shapewise::layers {

/// The one input of a spatial layer as channels-last memory, and a place for its channels-last result.
/// Copies only for channels_first.
class SpatialCall {
  public:
    SpatialCall(ForwardContext& context, bool channelsFirst);

    [[nodiscard]] const float* x() const { return x_; }
    [[nodiscard]] const kernels::ImageSize& input() const { return input_; }

    /// Calls compute(y) with memory for a channels-last result, then moves it to `target` in the layer's layout.
    /// `extents`: of target.
    template <class Compute>
    void run(const tensor::Extents& extents, float* target, Compute&& compute) const {
        if (!channelsFirst_) return compute(target);
        tensor::Tensor last(kernels::channelsLastExtents(extents));
        compute(last.data());
        kernels::channelsLastToFirst(last.extents(), last.data(), target, context_.parallel());
    }

  private:
    ForwardContext& context_;
    bool channelsFirst_;
    tensor::Tensor moved_;
    const float* x_;
    kernels::ImageSize input_;
};

/// The first `axes` of our sizes, placed as the kernels want them.
[[nodiscard]] kernels::Sizes3 kernelSizes(const SpatialSizes& sizes, int axes);

/// Calls compute(activation, extents, y) so that output 0 holds the activated result: an elementwise activation is
/// passed on to the kernel; others work along the last axis of what compute writes with a linear one.
template <class Compute>
void activated(ForwardContext& context, ParamKey key, Compute&& compute) {
    const kernels::Activation activation = activationOf(context.params[key]);
    tensor::Tensor& output = context.output();
    if (activation.isElementwise()) return compute(activation, output.extents(), output.data());
    tensor::Extents extents = output.extents();
    if (activation.kind == kernels::ActivationKind::Glu) extents.back() *= 2;
    tensor::Tensor linear(extents);
    compute(kernels::Activation{}, extents, linear.data());
    kernels::activateAlong(activation, linear.data(), kernels::splitAt(extents, -1), output.data(), context.parallel());
}

/// The packed kernels somebody keeps for this layer; empty when nobody does.
[[nodiscard]] inline std::span<const kernels::PackedMatrix> packedOf(const ForwardContext& context) {
    if (context.prepared == nullptr) return {};
    return context.prepared->packed;
}

/// Output 0 holds the values of input 0 in the same order.
Result<void> copyForward(ForwardContext& context);

}  // namespace shapewise::layers
