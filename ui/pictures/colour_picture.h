#pragma once
// A picture in its own colours as a QImage.

#include "core/view_math/picture_colours.h"

#include <QImage>

namespace shapewise::ui {

/// One pixel a pixel, RGB32; a null image for an empty picture. Any thread.
[[nodiscard]] QImage colourImage(const view_math::ColourPicture& picture);

}  // namespace shapewise::ui
