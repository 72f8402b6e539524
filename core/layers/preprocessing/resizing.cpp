// Resizing: pictures of another size by interpolation. CenterCrop: the middle of each picture.
// [batch, height, width, channels] or [height, width, channels]; channels first where data_format says so.
// Reference: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/

#include "core/kernels/resize.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;

/// Axes of height and width in a picture of rank 3 or 4.
std::pair<int, int> pictureAxes(const Params& params, int rank) {
    return params.channelsFirst() ? std::pair(rank - 2, rank - 1) : std::pair(rank - 3, rank - 2);
}

/// Cells that are cut off or filled up lie elsewhere afterwards.
bool stretchesWhole(const Params& params) {
    return params.type().param("crop_to_aspect_ratio") != nullptr && !params.flag("crop_to_aspect_ratio") &&
           !params.flag("pad_to_aspect_ratio");
}

void inferPicture(InferContext& context) {
    const Params& params = context.params();
    const int rank = context.input().shape.rank();
    const auto [height, width] = pictureAxes(params, rank);
    context.output() = context.input();
    tensor::TensorType& output = context.output();
    output.dtype = tensor::DType::Float32;
    if (rank == 4) nameSpatialAxes(output.shape, {2, params.channelsFirst()});
    for (const auto& [axis, key] : {std::pair(height, ParamKey("height")), std::pair(width, ParamKey("width"))}) {
        const Dim before = output.shape[axis];
        output.shape.setSize(axis, Dim(params.integer(key)));
        if (before.isKnown() && stretchesWhole(params) && params.integer(key) > 0) {
            const double step = static_cast<double>(before.size()) / static_cast<double>(params.integer(key));
            rescaleAxis(output, axis, step / 2.0 - 0.5, step);
        } else {
            dropScale(output, axis);
        }
        if (context.isExplaining())
            context.explain(std::string(key.name), diag::say("{} → {}", before, params.integer(key)));
    }
    if (rank == 3 && context.isExplaining()) context.explain("batch", "none", "three axes are read as one picture");
}

void checkAspect(InferContext& context) {
    const Params& params = context.params();
    if (!params.flag("crop_to_aspect_ratio") || !params.flag("pad_to_aspect_ratio")) return;
    context.refuse({diag::Code::ParameterConflict,
                    "pad_to_aspect_ratio",
                    -1,
                    {{"first", std::string("crop_to_aspect_ratio")},
                     {"first_value", params["crop_to_aspect_ratio"]},
                     {"second", std::string("pad_to_aspect_ratio")},
                     {"second_value", params["pad_to_aspect_ratio"]},
                     {"rule", std::string("only one of them may be True")}}});
}

/// A picture or a batch of them as channels-last memory, and back.
class Pictures {
  public:
    explicit Pictures(ForwardContext& context) : context_(context), x_(context.input().data()) {
        tensor::Extents extents = batched(context.input().extents());
        if (context.params.channelsFirst()) {
            moved_ = tensor::Tensor(kernels::channelsLastExtents(extents));
            kernels::channelsFirstToLast(extents, x_, moved_.data(), context.parallel());
            x_ = moved_.data();
            extents = moved_.extents();
        }
        size_ = kernels::imageSize(extents);
    }
    [[nodiscard]] const float* x() const { return x_; }
    [[nodiscard]] const kernels::ImageSize& size() const { return size_; }

    template <class Compute>
    void run(Compute&& compute) const {
        tensor::Tensor& output = context_.output();
        if (!context_.params.channelsFirst()) return compute(output.data());
        tensor::Tensor last(kernels::channelsLastExtents(batched(output.extents())));
        compute(last.data());
        kernels::channelsLastToFirst(last.extents(), last.data(), output.data(), context_.parallel());
    }

  private:
    static tensor::Extents batched(tensor::Extents extents) {
        if (extents.size() == 3) extents.insert(extents.begin(), 1);
        return extents;
    }
    ForwardContext& context_;
    tensor::Tensor moved_;
    const float* x_;
    kernels::ImageSize size_;
};

/// Cuts a box out of each picture, or lays each into a larger one when amounts are positive.
tensor::Tensor framed(const ForwardContext& context, const Pictures& pictures, const kernels::Margins& margins,
                      float fill) {
    const tensor::Extents extents = kernels::imageExtents(pictures.size(), 2);
    tensor::Tensor result(kernels::paddedExtents(extents, margins));
    kernels::pad(extents, margins, fill, pictures.x(), result.data(), context.parallel());
    return result;
}

Result<void> resizingForward(ForwardContext& context) {
    const Params& params = context.params;
    const auto interpolation = kernels::interpolationFromName(params.text("interpolation"));
    if (!interpolation) return failure("The interpolation is not known", "Choose bilinear");
    const Pictures pictures(context);
    const std::int64_t height = params.integer("height");
    const std::int64_t width = params.integer("width");
    kernels::ResizeShape shape{
        .input = pictures.size(), .height = height, .width = width, .antialias = params.flag("antialias")};
    const float* source = pictures.x();
    tensor::Tensor changed;
    const std::int64_t rows = shape.input.spatial[1];
    const std::int64_t columns = shape.input.spatial[2];
    if (params.flag("crop_to_aspect_ratio")) {
        const kernels::Box box = kernels::cropToAspectRatio(rows, columns, height, width);
        changed = framed(
            context, pictures,
            {{0, -box.top, -box.left, 0}, {0, box.top + box.height - rows, box.left + box.width - columns, 0}}, 0.0F);
    } else if (params.flag("pad_to_aspect_ratio")) {
        const kernels::Box box = kernels::padToAspectRatio(rows, columns, height, width);
        changed =
            framed(context, pictures,
                   {{0, box.top, box.left, 0}, {0, box.height - rows - box.top, box.width - columns - box.left, 0}},
                   static_cast<float>(params.real("fill_value")));
    }
    if (changed.count() > 0) {
        source = changed.data();
        shape.input = kernels::imageSize(changed.extents());
    }
    pictures.run([&](float* y) { kernels::resize(shape, *interpolation, source, y, context.parallel()); });
    return {};
}

Result<void> centerCropForward(ForwardContext& context) {
    const Pictures pictures(context);
    const kernels::ResizeShape shape{
        .input = pictures.size(), .height = context.params.integer("height"), .width = context.params.integer("width")};
    pictures.run([&](float* y) { kernels::centerCrop(shape, pictures.x(), y, context.parallel()); });
    return {};
}

std::string pictureTelling(const Params& params) {
    return fmt::format("to {}×{}", params.integer("height"), params.integer("width"));
}

ParamSpec sizeParam(std::string_view key, std::string_view help) {
    return {.key = key, .kind = ParamKind::Integer, .help = help, .required = true, .initial = 32, .minimum = 1};
}

ParamSpec flagParam(std::string_view key, std::string_view help) {
    return {.key = key, .kind = ParamKind::Boolean, .fallback = false, .help = help, .affects = Affects::Values};
}

}  // namespace

const LayerType& resizing() {
    static const LayerType type{
        .className = "Resizing",
        .category = Category::Preprocessing,
        .title = "Resizing",
        .summary = "Gives pictures another size by interpolation",
        .keywords = "resize scale image shrink enlarge bilinear preprocess",
        .doc =
            "Interpolates each picture to `height × width`, with half-pixel centres.\n\n"
            "Input `[batch, height, width, channels]`, output with the new height and width. "
            "`crop_to_aspect_ratio` cuts the "
            "picture to the wanted proportions first, `pad_to_aspect_ratio` adds a border instead.\n\n"
            "Reference: <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/>",
        .params = {sizeParam("height", "Wanted height in pixels"),
                   sizeParam("width", "Wanted width in pixels"),
                   {.key = "interpolation",
                    .kind = ParamKind::Choice,
                    .fallback = "bilinear",
                    .help = "How the values in between are found",
                    .choices = {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area"},
                    .affects = Affects::Values},
                   flagParam("crop_to_aspect_ratio", "Cut to the wanted proportions first"),
                   flagParam("pad_to_aspect_ratio", "Add a border to the wanted proportions first"),
                   {.key = "fill_mode",
                    .kind = ParamKind::Choice,
                    .fallback = "constant",
                    .help = "What the border holds",
                    .choices = {"constant"},
                    .affects = Affects::Values},
                   {.key = "fill_value",
                    .kind = ParamKind::Real,
                    .fallback = 0.0,
                    .help = "Value of the border",
                    .affects = Affects::Values},
                   flagParam("antialias", "Smooth while shrinking"),
                   dataFormatParam()},
        .inputs = {PortSpec{
            .name = "input", .minimumRank = 3, .maximumRank = 4, .axes = "(batch, height, width, channels)"}},
        .telling = {"height", "width"},
        .effects = {AxisEffect::Stretches, ChannelEffect::Keeps},
        .infer = inferPicture,
        .check = checkAspect,
        .forward = resizingForward,
        .tellingText = pictureTelling,
        // tfjs-layers 4.22, image_resizing.ts: alignCorners where crop_to_aspect_ratio is off.
        .foreign =
            {.gaps = {{"interpolation", "bilinear", kTensorFlowJs,
                       "TensorFlow.js aligns the corner pixels of both pictures, here their edges are aligned"},
                      {"interpolation", "nearest", kTensorFlowJs,
                       "TensorFlow.js aligns the corner pixels of both pictures, here their edges are aligned"}}},
    };
    return type;
}

const LayerType& centerCrop() {
    static const LayerType type{
        .className = "CenterCrop",
        .category = Category::Preprocessing,
        .title = "CenterCrop",
        .summary = "Cuts out the middle of pictures",
        .keywords = "crop cut middle image preprocess",
        .doc =
            "The middle `height × width` of each picture; where the picture is smaller, it is resized "
            "instead.\n\n"
            "Input `[batch, height, width, channels]`, output with the new height and width.\n\n"
            "Reference: <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/center_crop/>",
        .params = {sizeParam("height", "Wanted height in pixels"), sizeParam("width", "Wanted width in pixels"),
                   dataFormatParam()},
        .inputs = {PortSpec{
            .name = "input", .minimumRank = 3, .maximumRank = 4, .axes = "(batch, height, width, channels)"}},
        .telling = {"height", "width"},
        .effects = {AxisEffect::Shifts, ChannelEffect::Keeps},
        .onlyMovesValues = true,
        .infer = inferPicture,
        .forward = centerCropForward,
        .tellingText = pictureTelling,
    };
    return type;
}

}  // namespace shapewise::layers
