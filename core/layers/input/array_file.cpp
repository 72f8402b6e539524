// ArrayFile: an array from a .npy file, its first axis the batch unless told otherwise.
// The file itself is read by core/io, which leaves what it found in the hidden parameters.

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/data_node.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

std::vector<ParamSpec> arrayParams() {
    std::vector<ParamSpec> params{
        filePathParam("Array file: .npy; or several of one shape, or their folder"),
        {.key = "first_axis_is_batch",
         .kind = ParamKind::Boolean,
         .fallback = true,
         .help = "The first axis counts samples; otherwise the whole array is one sample"},
    };
    for (ParamSpec& spec : rememberedParams()) params.push_back(std::move(spec));
    return params;
}

void inferArray(InferContext& context) {
    const Params& params = context.params();
    const AxisList<std::int64_t> known = params.integers("known_shape");
    const bool hasBatch = params.flag("first_axis_is_batch");
    if (!rememberedShape(context, hasBatch ? 1 : 0)) return;
    if (!hasBatch && known.size() >= static_cast<std::size_t>(tensor::kMaximumRank))
        return context.refuse(
            {diag::Code::RankTooLarge,
             "first_axis_is_batch",
             -1,
             {{"rank", static_cast<std::int64_t>(known.size()) + 1}, {"most", std::int64_t{tensor::kMaximumRank}}}});
    tensor::Shape& output = context.output().shape;
    if (!hasBatch) output.append(1, tensor::AxisMeaning::Batch);
    for (const std::int64_t size : known) output.append(size);
    nameUsualAxes(output);
    if (context.isExplaining())
        context.explain("shape", output, hasBatch ? "as stored" : "as stored, with a batch of one in front");
}

}  // namespace

const LayerType& arrayFile() {
    static const LayerType type{
        .className = "ArrayFile",
        .category = Category::Input,
        .title = "Array file",
        .summary = "An array from a .npy file",
        .keywords = "numpy npy data tensor load",
        .doc =
            "Reads an array of numbers as NumPy stores it.\n\n"
            "Output: the shape stored, its first axis being the batch; otherwise `[1, *shape]`. Several arrays of one "
            "shape, or a folder of them, are stacked: one sample each.",
        .params = arrayParams(),
        .inputs = {},
        .telling = {"path"},
        .supply = Supply::ArrayFile,
        .infer = inferArray,
        .tellingText = fileNameText,
    };
    return type;
}

}  // namespace shapewise::layers
