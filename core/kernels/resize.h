#pragma once
// Resizing of images, channels last, with half-pixel centres and without anti-aliasing, as Keras and TensorFlow do.

#include "core/kernels/layout.h"
#include "core/kernels/parallel.h"

#include <optional>
#include <string_view>

namespace shapewise::kernels {

enum class Interpolation { Nearest, Bilinear, Bicubic, Lanczos3, Lanczos5, Area };

/// "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area".
[[nodiscard]] std::optional<Interpolation> interpolationFromName(std::string_view name);

struct ResizeShape {
    ImageSize input;  ///< spatial {1, height, width}
    std::int64_t height = 1;
    std::int64_t width = 1;
    bool antialias = false;  ///< widens the filter when shrinking

    [[nodiscard]] ImageSize output() const { return {input.batch, {1, height, width}, input.channels}; }
};

/// x: [batch, height, width, channels] -> y: [batch, shape.height, shape.width, channels]. Filter weights are
/// normalised over the cells inside the image. Bicubic is Keys' with a = -0.5.
void resize(const ResizeShape& shape, Interpolation interpolation, const float* x, float* y,
            const Parallel& parallel = {});

/// The part of an image taken by crop_to_aspect_ratio, or added around it by pad_to_aspect_ratio, of Keras' Resizing.
struct Box {
    std::int64_t top = 0;
    std::int64_t left = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
};
/// The largest centred box of the target's aspect ratio inside the image.
[[nodiscard]] Box cropToAspectRatio(std::int64_t imageHeight, std::int64_t imageWidth, std::int64_t height,
                                    std::int64_t width);
/// The smallest centred box of that ratio around the image: height and width of it, top and left: where the image lies
/// in it.
[[nodiscard]] Box padToAspectRatio(std::int64_t imageHeight, std::int64_t imageWidth, std::int64_t height,
                                   std::int64_t width);

/// CenterCrop: the middle height x width of the image; where the image is smaller on an axis, Keras resizes (bilinear)
/// the largest box of the aspect ratio instead. x: [batch, height, width, channels] -> y: shape.output().
void centerCrop(const ResizeShape& shape, const float* x, float* y, const Parallel& parallel = {});

}  // namespace shapewise::kernels
