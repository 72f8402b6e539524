#pragma once
// The small live picture on a node.

#include "core/tensor/tensor.h"

#include <QImage>
#include <QSize>

namespace shapewise::ui {

/// Sample 0 of a tensor as a picture of at most that size (device-independent pixels): a map, a row of channel maps, a
/// curve, bars, or where it is one (`isPicture`) a picture in its colours. `dark` chooses the colours of curves.
/// Thread-safe, no widgets. A null image for an empty tensor.
[[nodiscard]] QImage thumbnail(const tensor::Tensor& values, const tensor::TensorType& type, QSize size,
                               qreal devicePixelRatio, bool dark = true, bool isPicture = false);

}  // namespace shapewise::ui
