// ImageFile: a picture: (1, height, width, channels).
// The file itself is read by core/io, which leaves what it found in the hidden parameters.

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

std::vector<ParamSpec> imageParams() {
    std::vector<ParamSpec> params{
        filePathParam("Picture: PNG or JPEG; or several of them, or their folder"),
        {.key = "colour",
         .kind = ParamKind::Choice,
         .fallback = "rgb",
         .help = "Channels of the output: 3, 1 or 4",
         .choices = {"rgb", "grey", "rgba"}},
        {.key = "height",
         .kind = ParamKind::Integer,
         .help = "Rows to resize to; None keeps those of the picture",
         .noneAllowed = true,
         .noneMeans = "as in the file",
         .minimum = 1,
         .maximum = 1 << 20,
         .unit = "px"},
        {.key = "width",
         .kind = ParamKind::Integer,
         .help = "Columns to resize to; None keeps those of the picture",
         .noneAllowed = true,
         .noneMeans = "as in the file",
         .minimum = 1,
         .maximum = 1 << 20,
         .unit = "px"},
        {.key = "batch_fit",
         .kind = ParamKind::Choice,
         .fallback = "resize",
         .help = "Several pictures of unequal sizes: resize makes all as large as the first, pad centres them and cuts "
                 "or pads with black",
         .choices = {"resize", "pad"},
         .affects = Affects::Values},
        {.key = "scale",
         .kind = ParamKind::Choice,
         .fallback = "0..1",
         .help = "Range of the values",
         .choices = {"0..1", "0..255", "-1..1"},
         .affects = Affects::Values},
    };
    for (ParamSpec& spec : rememberedParams()) params.push_back(std::move(spec));
    return params;
}

void inferImage(InferContext& context) {
    const Params& params = context.params();
    const AxisList<std::int64_t> known = params.integers("known_shape");
    if (!rememberedShape(context, 3)) return;
    const std::string_view colour = params.text("colour");
    tensor::Shape& output = context.output().shape;
    output.append(known.size() >= 4 ? known[3] : 1, tensor::AxisMeaning::Batch);
    output.append(params.isNone("height") ? known[0] : params.integer("height"), tensor::AxisMeaning::Height);
    output.append(params.isNone("width") ? known[1] : params.integer("width"), tensor::AxisMeaning::Width);
    output.append(colour == "grey" ? 1 : colour == "rgba" ? 4 : 3, tensor::AxisMeaning::Channels);
    if (context.isExplaining())
        context.explain("shape", output, diag::say("the picture has {} rows and {} columns", known[0], known[1]));
}

}  // namespace

const LayerType& imageFile() {
    static const LayerType type{
        .className = "ImageFile",
        .category = Category::Input,
        .title = "Image file",
        .summary = "A picture",
        .keywords = "png jpeg jpg photo picture load",
        .doc =
            "Reads a picture, converts its colours and resizes it when `height` or `width` is set.\n\n"
            "Output `[1, height, width, channels]`, values in the range `scale`. Several pictures, or a folder of "
            "them, are one "
            "batch, each of `height` × `width` or as large as the first (`batch_fit`).",
        .params = imageParams(),
        .inputs = {},
        .telling = {"path"},
        .supply = Supply::ImageFile,
        .infer = inferImage,
        .tellingText = fileNameText,
    };
    return type;
}

}  // namespace shapewise::layers
