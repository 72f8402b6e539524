// RandomFlip, RandomRotation, RandomZoom, RandomTranslation, RandomContrast, RandomBrightness: other pictures while
// training, nothing when running. Reference:
// https://keras.io/api/layers/preprocessing_layers/image_augmentation/

#include "core/layers/parts/common_params.h"
#include "core/layers/parts/forward.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

bool isFactor(const Value& value) {
    if (value.isNumber()) return true;
    return value.isList() && value.asList().size() == 2 &&
           std::all_of(value.asList().begin(), value.asList().end(), [](const Value& end) { return end.isNumber(); });
}

void checkFactors(InferContext& context) {
    for (const ParamSpec& spec : context.params().type().params) {
        if (!spec.key.ends_with("factor")) continue;
        const Value& value = context.params()[ParamKey::of(spec.key)];
        if (isFactor(value) || value.isNone()) continue;
        context.refuse(
            {diag::Code::ParameterKind,
             spec.key,
             -1,
             {{"value", value}, {"expected", std::string("a number or a list of the lowest and the highest")}}});
    }
}

void inferRandom(InferContext& context) {
    keepInput(context);
    context.output().dtype = tensor::DType::Float32;
}

ParamSpec factorParam(std::string_view key, std::string_view help) {
    return {.key = key,
            .kind = ParamKind::Any,
            .help = help,
            .required = true,
            .initial = 0.2,
            .affects = Affects::Nothing};
}

ParamSpec optionalFactor(std::string_view key, std::string_view help) {
    ParamSpec made = factorParam(key, help);
    made.required = false;
    made.initial = {};
    made.noneAllowed = true;
    return made;
}

LayerType randomType(std::string_view className, std::string_view summary, std::string_view doc,
                     std::vector<ParamSpec> params) {
    params.push_back(seedParam());
    const std::string_view first = params.front().key;
    return {
        .className = className,
        .category = Category::Preprocessing,
        .title = className,
        .summary = summary,
        .keywords = "augmentation augment random picture image",
        .doc = doc,
        .params = std::move(params),
        .inputs = {PortSpec{
            .name = "input", .minimumRank = 3, .maximumRank = 4, .axes = "(batch, height, width, channels)"}},
        .telling = {first},
        .effects = kKeepsAll,
        .identityWhenRunning = true,
        .masks = Masks::PassOn,
        .infer = inferRandom,
        .check = checkFactors,
        .forward = copyForward,
    };
}

constexpr std::string_view kSharesHelp = "Most of it: a share, or the lowest and the highest";

}  // namespace

const LayerType& randomFlip() {
    static const LayerType type =
        randomType("RandomFlip", "Mirrors pictures while training",
                   "While training, mirrors each picture at random. When running, as here, it changes nothing.\n\n"
                   "Output: the shape of the input.\n\n"
                   "Reference: <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/>",
                   {{.key = "mode",
                     .kind = ParamKind::Choice,
                     .fallback = "horizontal_and_vertical",
                     .help = "Which sides may change places",
                     .choices = {"horizontal_and_vertical", "horizontal", "vertical"},
                     .affects = Affects::Nothing}});
    return type;
}

const LayerType& randomRotation() {
    static const LayerType type = randomType(
        "RandomRotation", "Turns pictures while training",
        "While training, turns each picture by a random part of `factor` turns. When running, as here, it changes "
        "nothing.\n\nOutput: the shape of the input.\n\n"
        "Reference: <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_rotation/>",
        {factorParam("factor", "Most of a turn: a share of 360°, or the lowest and the highest")});
    return type;
}

const LayerType& randomZoom() {
    static const LayerType type = randomType(
        "RandomZoom", "Enlarges or shrinks what pictures show while training",
        "While training, zooms each picture by random factors. When running, as here, it changes nothing.\n\n"
        "Output: the shape of the input.\n\n"
        "Reference: <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_zoom/>",
        {factorParam("height_factor", kSharesHelp),
         optionalFactor("width_factor", "The same along the width; None keeps the aspect")});
    return type;
}

const LayerType& randomTranslation() {
    static const LayerType type = randomType(
        "RandomTranslation", "Moves pictures while training",
        "While training, moves each picture by random shares of its height and width. When running, as here, it "
        "changes nothing.\n\nOutput: the shape of the input.\n\n"
        "Reference: <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/>",
        {factorParam("height_factor", kSharesHelp), factorParam("width_factor", kSharesHelp)});
    return type;
}

const LayerType& randomContrast() {
    static const LayerType type =
        randomType("RandomContrast", "Changes the contrast of pictures while training",
                   "While training, scales each channel about its mean by a random factor. When running, as here, it "
                   "changes nothing.\n\nOutput: the shape of the input.\n\n"
                   "Reference: <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_contrast/>",
                   {factorParam("factor", kSharesHelp)});
    return type;
}

const LayerType& randomBrightness() {
    static const LayerType type =
        randomType("RandomBrightness", "Changes the brightness of pictures while training",
                   "While training, adds a random share of the range of values. When running, as here, it changes "
                   "nothing.\n\nOutput: the shape of the input.\n\nReference: "
                   "<https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness/>",
                   {factorParam("factor", kSharesHelp)});
    return type;
}

}  // namespace shapewise::layers
