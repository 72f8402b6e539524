// Target: states what the output of the model should be: its shape and the loss it is compared with.

#include "core/layers/parts/common_params.h"

namespace shapewise::layers {

namespace {

void inferTarget(InferContext& context) {
    if (context.isExplaining()) context.explain("shape", context.input().shape, "what arrives");
}

std::string targetTelling(const Params& params) {
    return joinTelling(
        {params.isNone("shape") ? std::string() : params["shape"].text(), std::string(params.text("loss"))});
}

}  // namespace

const LayerType& target() {
    static const LayerType type{
        .className = "Target",
        .category = Category::Annotation,
        .title = "Target",
        .summary = "States what shape the output should have, and the loss",
        .keywords = "loss label expected output goal training",
        .doc =
            "Takes the output of a model and says what it should be. It computes nothing; a shape that does not go "
            "with `shape` "
            "or `loss` is reported.\n\n`shape` leaves the batch out.",
        .params = {{.key = "shape",
                    .kind = ParamKind::Sizes,
                    .help = "Expected sizes without the batch; None or a name for any size",
                    .noneAllowed = true,
                    .minimum = 1},
                   {.key = "loss",
                    .kind = ParamKind::Choice,
                    .help = "Loss the output is compared with; None when it does not matter",
                    .noneAllowed = true,
                    .choices = {"categorical_crossentropy",
                                "sparse_categorical_crossentropy",
                                "binary_crossentropy",
                                "mean_squared_error",
                                "mean_absolute_error",
                                "huber",
                                "log_cosh",
                                "hinge",
                                "squared_hinge",
                                "categorical_hinge",
                                "kl_divergence",
                                "poisson",
                                "cosine_similarity",
                                "ctc",
                                "dice",
                                "tversky",
                                "categorical_focal_crossentropy",
                                "binary_focal_crossentropy",
                                "mean_squared_logarithmic_error",
                                "mean_absolute_percentage_error",
                                "mse",
                                "mae",
                                "mape",
                                "msle",
                                "kld",
                                "bce"}}},
        .inputs = {PortSpec{.name = "output of the model", .minimumRank = 0, .axes = "any"}},
        .outputs = {},
        .telling = {"shape", "loss"},
        .infer = inferTarget,
        .tellingText = targetTelling,
    };
    return type;
}

}  // namespace shapewise::layers
