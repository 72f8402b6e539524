#include "ui/pictures/colour_picture.h"

#include <algorithm>

namespace shapewise::ui {

QImage colourImage(const view_math::ColourPicture& picture) {
    if (picture.pixels.empty()) return {};
    QImage image(static_cast<int>(picture.columns), static_cast<int>(picture.rows), QImage::Format_RGB32);
    for (std::int64_t row = 0; row < picture.rows; ++row)
        std::copy_n(picture.pixels.begin() + row * picture.columns, picture.columns,
                    reinterpret_cast<std::uint32_t*>(image.scanLine(static_cast<int>(row))));
    return image;
}

}  // namespace shapewise::ui
