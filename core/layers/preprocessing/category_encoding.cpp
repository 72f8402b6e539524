// CategoryEncoding: whole numbers as vectors of num_tokens: one_hot, multi_hot, or how often each occurs.
// one_hot: [..., 1] or [...] -> [..., num_tokens]; multi_hot, count: [..., length] -> [..., num_tokens].
// Reference: https://keras.io/api/layers/preprocessing_layers/categorical/category_encoding/

#include "core/base/text.h"
#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"
#include "core/layers/parts/sliding.h"

#include <fmt/format.h>

namespace shapewise::layers {

namespace {

using tensor::Dim;

/// Count weights stand one for each id, and only where ids are counted.
bool checkWeights(InferContext& context) {
    const tensor::TensorType* weights = context.inputAtPort(1);
    if (weights == nullptr) return true;
    if (context.params().text("output_mode") != "count") {
        context.refuse(
            {diag::Code::TooManyInputs,
             {},
             1,
             {{"needed", std::int64_t{1}}, {"got", std::int64_t{2}}, {"port", std::string("count weights")}}});
        return false;
    }
    const tensor::Shape& ids = context.input().shape;
    if (weights->shape.rank() != ids.rank()) {
        context.refuse({diag::Code::MergeRankMismatch,
                        {},
                        1,
                        {{"shape", weights->shape},
                         {"other", ids},
                         {"rank", std::int64_t{weights->shape.rank()}},
                         {"other_rank", std::int64_t{ids.rank()}}}});
        return false;
    }
    for (int axis = 0; axis < ids.rank(); ++axis) {
        if (mayBeEqual(weights->shape[axis], ids[axis])) continue;
        context.refuse({diag::Code::AxisSizesDiffer,
                        {},
                        1,
                        {{"shape", weights->shape},
                         {"other", ids},
                         {"axis", std::int64_t{axis}},
                         {"axis_name", diag::axisOf(weights->shape, axis)},
                         {"size", weights->shape[axis]},
                         {"other_axis", std::int64_t{axis}},
                         {"other_size", ids[axis]}}});
        return false;
    }
    return true;
}

void inferCategories(InferContext& context) {
    if (!checkWeights(context)) return;
    const Params& params = context.params();
    const tensor::Shape& input = context.input().shape;
    const bool oneHot = params.text("output_mode") == "one_hot";
    const bool lastIsOne = input.rank() > 1 && input[input.rank() - 1] == Dim(1);
    // one_hot of (batch, 1) replaces the 1; other shapes grow by an axis, (1,) too. multi_hot and count sum
    // the last axis away.
    const int kept = input.rank() == 0 ? 0 : (oneHot && !lastIsOne ? input.rank() : input.rank() - 1);
    if (kept >= tensor::kMaximumRank)
        return context.refuse({diag::Code::RankTooLarge,
                               {},
                               0,
                               {{"rank", std::int64_t{kept + 1}}, {"most", std::int64_t{tensor::kMaximumRank}}}});
    tensor::Shape& output = context.output().shape;
    for (int axis = 0; axis < kept; ++axis) output.append(input[axis], input.meaning(axis));
    output.append(Dim(params.integer("num_tokens")), tensor::AxisMeaning::Features);
    if (context.isExplaining())
        context.explain("features", fmt::format("num_tokens = {}", params.integer("num_tokens")));
}

Result<void> categoriesForward(ForwardContext& context) {
    const Params& params = context.params;
    const tensor::Tensor& ids = context.input();
    const std::string_view mode = params.text("output_mode");
    const kernels::CategoryMode kind = mode == "one_hot" ? kernels::CategoryMode::OneHot
                                       : mode == "count" ? kernels::CategoryMode::Count
                                                         : kernels::CategoryMode::MultiHot;
    const std::int64_t tokens = params.integer("num_tokens");
    const std::int64_t last = ids.rank() > 0 ? ids.size(ids.rank() - 1) : 1;
    const bool each = kind == kernels::CategoryMode::OneHot;
    const kernels::CategoryShape shape{
        .rows = each ? ids.count() : (last > 0 ? ids.count() / last : 0), .length = each ? 1 : last, .tokens = tokens};
    const tensor::Tensor* weights = context.inputAtPort(1);
    const kernels::Gathered gathered = kernels::encodeCategories(
        kind, shape, ids.data(), weights != nullptr ? weights->data() : nullptr, context.output().data());
    if (gathered.allInside) return {};
    return failure(fmt::format("CategoryEncoding knows tokens 0 to {}, but element {} of its input is {:g}", tokens - 1,
                               gathered.firstOutside, ids.data()[gathered.firstOutside]),
                   "Raise num_tokens or feed whole numbers below it");
}

std::string categoriesTelling(const Params& params) {
    return joinTelling({counted(params.integer("num_tokens"), "token"), std::string(params.text("output_mode"))});
}

}  // namespace

const LayerType& categoryEncoding() {
    static const LayerType type{
        .className = "CategoryEncoding",
        .category = Category::Preprocessing,
        .title = "CategoryEncoding",
        .summary = "Turns whole numbers into one-hot or count vectors",
        .keywords = "one hot multi hot bag of words count category label",
        .doc =
            "`one_hot`: a vector with a 1 at each id. `multi_hot`: one vector with a 1 at every id of the "
            "last axis. `count`: how "
            "often each id occurs, or the sum of the weights of a second input.\n\n"
            "Output: the last axis has `num_tokens` entries.\n\n"
            "Reference: <https://keras.io/api/layers/preprocessing_layers/categorical/category_encoding/>",
        .params = {{.key = "num_tokens",
                    .kind = ParamKind::Integer,
                    .help = "How many different ids there are",
                    .required = true,
                    .initial = 10,
                    .minimum = 1},
                   {.key = "output_mode",
                    .kind = ParamKind::Choice,
                    .fallback = "multi_hot",
                    .help = "What the vectors hold; binary is the old name of multi_hot",
                    .choices = {"multi_hot", "one_hot", "count", "binary"}},
                   {.key = "sparse",
                    .kind = ParamKind::Boolean,
                    .fallback = false,
                    .help = "Keep the result as a sparse tensor; shapes do not depend on it",
                    .affects = Affects::Nothing}},
        .inputs = {PortSpec{.name = "input", .minimumRank = 0, .axes = "(batch, tokens)"},
                   PortSpec{.name = "count weights",
                            .optional = true,
                            .minimumRank = 1,
                            .axes = "(batch, tokens)",
                            .passedAs = PassedAs::Name}},
        .telling = {"num_tokens", "output_mode"},
        .effects = {AxisEffect::Contracts, ChannelEffect::Makes},
        .integersBelow = "num_tokens",
        .infer = inferCategories,
        .forward = categoriesForward,
        .tellingText = categoriesTelling,
    };
    return type;
}

}  // namespace shapewise::layers
