#include "core/kernels/layout.h"

namespace shapewise::kernels {

ImageSize imageSize(const Extents& extents) {
    ImageSize image;
    image.batch = extents.front();
    image.channels = extents.back();
    std::size_t place = 3 - (extents.size() - 2);
    for (std::size_t axis = 1; axis + 1 < extents.size(); ++axis) image.spatial[place++] = extents[axis];
    return image;
}

Extents imageExtents(const ImageSize& image, int spatialRank) {
    Extents extents{image.batch};
    for (auto axis = static_cast<std::size_t>(3 - spatialRank); axis < 3; ++axis)
        extents.push_back(image.spatial[axis]);
    extents.push_back(image.channels);
    return extents;
}

AxisSplit splitAt(const Extents& extents, int axis) {
    const auto rank = static_cast<int>(extents.size());
    const auto middle = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    AxisSplit split;
    for (std::size_t place = 0; place < extents.size(); ++place) {
        if (place < middle) split.outer *= extents[place];
        if (place == middle) split.size = extents[place];
        if (place > middle) split.inner *= extents[place];
    }
    return split;
}

}  // namespace shapewise::kernels
