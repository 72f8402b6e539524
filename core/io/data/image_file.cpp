#include "core/io/data/image_file.h"

#include "core/base/text.h"
#include "core/io/data/image_decode.h"
#include "core/io/formats/format.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace shapewise::io {

namespace {

constexpr float kWhite = 65535.0F;

/// One pixel in the wanted channels, 0..1. A missing alpha is 1; an alpha that is not wanted is dropped, as Keras does.
void convertPixel(const std::uint16_t* from, int channels, float* to, int wanted) {
    const bool isColour = channels >= 3;
    const float red = static_cast<float>(from[0]) / kWhite;
    const float green = isColour ? static_cast<float>(from[1]) / kWhite : red;
    const float blue = isColour ? static_cast<float>(from[2]) / kWhite : red;
    if (wanted == 1) {
        to[0] = isColour ? 0.299F * red + 0.587F * green + 0.114F * blue : red;
        return;
    }
    to[0] = red;
    to[1] = green;
    to[2] = blue;
    if (wanted == 4) to[3] = channels == 2 || channels == 4 ? static_cast<float>(from[channels - 1]) / kWhite : 1.0F;
}

struct Sampling {
    std::int64_t low = 0;
    std::int64_t high = 0;
    float share = 0.0F;  ///< of `high`
};

/// Cell `index` of `to` cells lies between these of `from` cells, centres on centres.
Sampling samplingAt(std::int64_t index, std::int64_t to, std::int64_t from) {
    const double centre =
        (static_cast<double>(index) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const double clamped = std::clamp(centre, 0.0, static_cast<double>(from - 1));
    const auto low = static_cast<std::int64_t>(std::floor(clamped));
    return {low, std::min(low + 1, from - 1), static_cast<float>(clamped - static_cast<double>(low))};
}

tensor::Tensor resized(const tensor::Tensor& image, std::int64_t height, std::int64_t width) {
    const std::int64_t fromWidth = image.size(2);
    const std::int64_t channels = image.size(3);
    tensor::Tensor out({1, height, width, channels});
    const float* in = image.data();
    float* write = out.data();
    for (std::int64_t row = 0; row < height; ++row) {
        const Sampling y = samplingAt(row, height, image.size(1));
        for (std::int64_t column = 0; column < width; ++column) {
            const Sampling x = samplingAt(column, width, fromWidth);
            for (std::int64_t channel = 0; channel < channels; ++channel) {
                const auto at = [&](std::int64_t r, std::int64_t c) {
                    return in[(r * fromWidth + c) * channels + channel];
                };
                const float upper = std::lerp(at(y.low, x.low), at(y.low, x.high), x.share);
                const float lower = std::lerp(at(y.high, x.low), at(y.high, x.high), x.share);
                *write++ = std::lerp(upper, lower, y.share);
            }
        }
    }
    return out;
}

Result<ImageFormat> formatOf(const InputFile& file) {
    const Result<Pixels> header = decodeImage(file, Decode::Header);
    if (!header) return Unexpected(header.error());
    constexpr std::string_view kKinds[] = {"", "grey", "grey and alpha", "rgb", "rgba"};
    const bool isCmyk = !header->isPng && header->storedChannels == 4;
    const int kind = std::clamp(header->storedChannels, 0, 4);
    return ImageFormat{header->height, header->width, header->storedChannels, header->notes,
                       fmt::format("{}, {} × {}, {}, {}-bit", header->isPng ? "PNG" : "JPEG", header->width,
                                   header->height, isCmyk ? "CMYK" : kKinds[kind], header->bits)};
}

/// What of the colours is not in the file as it is in the values.
std::string colourText(const Pixels& pixels, int stored, bool hasPalette, int wanted) {
    std::vector<std::string> parts;
    if (hasPalette) parts.emplace_back("colours looked up in the palette");
    if (!pixels.isPng && stored == 4) parts.emplace_back("converted from CMYK");
    const bool hasAlpha = pixels.channels == 2 || pixels.channels == 4;
    if (hasAlpha && wanted != 4) parts.emplace_back("transparency left out");
    if (!hasAlpha && wanted == 4) parts.emplace_back("all opaque: the file has no transparency");
    if (pixels.channels >= 3 && wanted == 1) parts.emplace_back("colours became grey (0.299 R + 0.587 G + 0.114 B)");
    if (pixels.channels <= 2 && wanted >= 3) parts.emplace_back("grey repeated as red, green and blue");
    return join(parts, "; ");
}

Result<tensor::Tensor> readPixels(const InputFile& file, const DataRequest& asked) {
    const ImageRequest& request = asked.image;
    const Result<Pixels> pixels = decodeImage(file, Decode::Pixels);
    if (!pixels) return Unexpected(pixels.error());
    const int wanted = request.colour == "grey" ? 1 : request.colour == "rgba" ? 4 : 3;
    for (const std::string& note : pixels->notes) asked.note(note);
    if (std::string colours = colourText(*pixels, pixels->storedChannels, pixels->hasPalette, wanted); !colours.empty())
        asked.note(std::move(colours));
    tensor::Tensor image({1, pixels->height, pixels->width, wanted});
    const auto count = static_cast<std::size_t>(pixels->height * pixels->width);
    for (std::size_t index = 0; index < count; ++index)
        convertPixel(&pixels->values[index * static_cast<std::size_t>(pixels->channels)], pixels->channels,
                     image.data() + index * static_cast<std::size_t>(wanted), wanted);
    const std::int64_t height = request.height > 0 ? request.height : pixels->height;
    const std::int64_t width = request.width > 0 ? request.width : pixels->width;
    if (height == pixels->height && width == pixels->width) return image;
    asked.note(fmt::format("resized from {} × {} to {} × {}", pixels->width, pixels->height, width, height));
    return resized(image, height, width);
}

class PictureReader final : public DataReader {
  public:
    PictureReader(std::shared_ptr<const InputFile> file, const ImageFormat& format)
        : file_(std::move(file)),
          probe_{
              DataKind::Image, {format.height, format.width, format.channels}, 0.0, format.description, format.notes} {}

    [[nodiscard]] const DataProbe& probe() const override { return probe_; }
    Result<tensor::Tensor> read(const DataRequest& request) override { return readPixels(*file_, request); }

  private:
    std::shared_ptr<const InputFile> file_;
    DataProbe probe_;
};

Result<std::unique_ptr<DataReader>> openPicture(std::shared_ptr<const InputFile> file) {
    const Result<ImageFormat> format = formatOf(*file);
    if (!format) return Unexpected(format.error());
    return std::make_unique<PictureReader>(std::move(file), *format);
}

Match matchPicture(std::string_view head) {
    return head.starts_with("\x89PNG") ? Match::Certain : matchStart(head, "\xFF\xD8\xFF");
}

}  // namespace

Format pictureFormat() {
    return {"PNG and JPEG", "", matchPicture, DataFormat{DataKind::Image, "a PNG or JPEG picture", openPicture}};
}

Result<ImageFormat> probeImage(const std::filesystem::path& path) {
    const Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(file.error());
    return formatOf(**file);
}

Result<tensor::Tensor> readImage(const std::filesystem::path& path, const ImageRequest& request) {
    const Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(file.error());
    DataRequest asked;
    asked.image = request;
    return readPixels(**file, asked);
}

}  // namespace shapewise::io
