#pragma once
// Pooling of one to three spatial axes, channels last. Padded cells are neither maxima nor part of a mean.

#include "core/kernels/convolution.h"

namespace shapewise::kernels {

enum class PoolingKind { Maximum, Average };

/// x: [batch, spatial..., channels] -> y: [batch, window.outputSize..., channels]. A NaN in a window gives NaN.
/// A window that covers padding alone gives 0 for Average and -infinity for Maximum. Precondition: dilation 1 for
/// Average.
void pooling(PoolingKind kind, const ImageSize& input, const Window& window, const float* x, float* y,
             const Parallel& parallel = {});

/// x: [batch, spatial..., channels] -> y: [batch, channels].
void globalPooling(PoolingKind kind, const ImageSize& input, const float* x, float* y, const Parallel& parallel = {});

/// Mean over time of the steps whose mask is not 0. x: [batch, time, channels], mask: [batch, time] -> y: [batch,
/// channels]. All steps masked gives 0/0 = NaN, as in Keras.
void maskedGlobalAverage(const ImageSize& input, const float* x, const float* mask, float* y,
                         const Parallel& parallel = {});

/// Output i of n looks at input cells floor(i*in/n) .. ceil((i+1)*in/n) - 1. x: [batch, spatial..., channels] -> y:
/// [batch, outputSize..., channels].
void adaptivePooling(PoolingKind kind, const ImageSize& input, const Sizes3& outputSize, const float* x, float* y,
                     const Parallel& parallel = {});

}  // namespace shapewise::kernels
