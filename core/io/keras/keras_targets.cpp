#include "core/io/keras/keras_targets.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/layer_node.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace shapewise::io {

using layers::Dialect;

std::string_view dialectName(Dialect dialect) { return layers::dialectRow(dialect).id; }

std::string_view dialectTitle(Dialect dialect) { return layers::dialectRow(dialect).title; }

std::optional<Dialect> dialectNamed(std::string_view name) { return layers::dialectWithId(name); }

std::span<const Dialect> writtenDialects() {
    static constexpr std::array<Dialect, 5> kWritten{Dialect::Keras3, Dialect::TfKeras2, Dialect::Keras23,
                                                     Dialect::Keras2, Dialect::TensorFlowJs};
    return kWritten;
}

Dialect dialectOf(const graph::Project& project) {
    const std::optional<ReadDialect> read = readDialect(project);
    return read ? read->dialect : Dialect::Keras3;
}

bool isFromKerasFile(const graph::Project& project) {
    return std::any_of(project.properties.begin(), project.properties.end(),
                       [](const auto& member) { return member.first == kKerasFile; });
}

Value newModel(Dialect dialect, std::string_view name, bool isSequential) {
    ValueDict config{{"name", name}};
    const bool isKeras3 = dialect == Dialect::Keras3;
    if (isKeras3 || dialect == Dialect::TfKeras2) config.emplace_back("trainable", true);
    config.emplace_back("layers", ValueList{});
    if (!isSequential)
        for (const char* list : {"input_layers", "output_layers"}) config.emplace_back(list, ValueList{});
    const bool isKeras2 = dialect == Dialect::Keras1 || dialect == Dialect::Keras2 || dialect == Dialect::Keras23;
    const std::string_view className = isSequential ? "Sequential" : (isKeras2 ? "Model" : "Functional");
    if (!isKeras3) return ValueDict{{"class_name", className}, {"config", std::move(config)}};
    return ValueDict{{"module", isSequential ? "keras" : "keras.src.models.functional"},
                     {"class_name", className},
                     {"config", std::move(config)},
                     {"registered_name", isSequential ? Value() : Value("Functional")}};
}

Value newFile(Dialect dialect, std::string_view name) {
    // The last versions that saved models as JSON in these ways.
    Value model = newModel(dialect, name, false);
    if (dialect == Dialect::Keras3) return model;
    std::string_view version = "2.15.0";
    if (dialect == Dialect::Keras23) version = "2.3.1";
    if (dialect == Dialect::Keras2) version = "2.2.4";
    if (dialect == Dialect::TfKeras1) version = "2.1.6-tf";
    if (dialect == Dialect::Keras1) version = "1.2.2";
    if (dialect == Dialect::TensorFlowJs)
        return ValueDict{{"format", "layers-model"},
                         {"generatedBy", "TensorFlow.js tfjs-layers v4.22.0"},
                         {"convertedBy", Value()},
                         {"modelTopology", ValueDict{{"keras_version", "tfjs-layers 4.22.0"},
                                                     {"backend", "tensor_flow.js"},
                                                     {"model_config", std::move(model)}}},
                         {"weightsManifest", ValueList{}}};
    model.asDict().emplace_back("keras_version", version);
    model.asDict().emplace_back("backend", "tensorflow");
    return model;
}

namespace {

/// Which dialects have a class, where not all of them have. Sources: the exports of keras.layers at 1.2.2 and 2.3.1, of
/// tf.keras.layers at TensorFlow 2.15, of @tensorflow/tfjs-layers at 4.22, of keras.layers at 3.12.
struct ClassRow {
    std::string_view className;
    layers::Dialects in;
};
constexpr layers::Dialects kTf2AndLater{Dialect::TfKeras2, Dialect::Keras3};
constexpr layers::Dialects kTf2JsAndLater{Dialect::TfKeras2, Dialect::TensorFlowJs, Dialect::Keras3};
constexpr layers::Dialects kNotKeras1{Dialect::Keras2,   Dialect::Keras23,      Dialect::TfKeras1,
                                      Dialect::TfKeras2, Dialect::TensorFlowJs, Dialect::Keras3};
constexpr layers::Dialects kPython{Dialect::Keras1,   Dialect::Keras2,   Dialect::Keras23,
                                   Dialect::TfKeras1, Dialect::TfKeras2, Dialect::Keras3};
constexpr layers::Dialects kPythonNotKeras1{Dialect::Keras2, Dialect::Keras23, Dialect::TfKeras1, Dialect::TfKeras2,
                                            Dialect::Keras3};
constexpr ClassRow kClasses[] = {
    {"ExpandDims", layers::kKeras3},  // as operations of keras.ops
    {"Squeeze", layers::kKeras3},
    {"GetItem", layers::kKeras3},
    {"TensorArithmetic", layers::kKeras3},
    {"STFTSpectrogram", layers::kKeras3},
    {"MelSpectrogram", layers::kKeras3},
    {"AdaptiveMaxPooling1D", layers::kKeras3},
    {"AdaptiveMaxPooling2D", layers::kKeras3},
    {"AdaptiveMaxPooling3D", layers::kKeras3},
    {"AdaptiveAveragePooling1D", layers::kKeras3},
    {"AdaptiveAveragePooling2D", layers::kKeras3},
    {"AdaptiveAveragePooling3D", layers::kKeras3},
    {"RMSNormalization", layers::kKeras3},
    {"TensorArithmetic", kTf2AndLater},  // operations there, keras_operations.h
    {"ExpandDims", kTf2AndLater},
    {"Squeeze", kTf2AndLater},
    {"GetItem", kTf2AndLater},
    {"GroupQueryAttention", layers::kKeras3},
    {"Conv1DTranspose", kTf2AndLater},
    {"DepthwiseConv1D", kTf2AndLater},
    {"ConvLSTM1D", kTf2AndLater},
    {"ConvLSTM3D", kTf2AndLater},
    {"EinsumDense", kTf2AndLater},
    {"Attention", kTf2AndLater},
    {"AdditiveAttention", kTf2AndLater},
    {"MultiHeadAttention", kTf2AndLater},
    {"GroupNormalization", kTf2AndLater},
    {"UnitNormalization", kTf2AndLater},
    {"Identity", kTf2AndLater},
    {"Normalization", kTf2AndLater},
    {"RandomFlip", kTf2AndLater},
    {"RandomRotation", kTf2AndLater},
    {"RandomZoom", kTf2AndLater},
    {"RandomTranslation", kTf2AndLater},
    {"RandomContrast", kTf2AndLater},
    {"RandomBrightness", kTf2AndLater},
    {"LayerNormalization", kTf2JsAndLater},
    {"Rescaling", kTf2JsAndLater},
    {"Resizing", kTf2JsAndLater},
    {"CenterCrop", kTf2JsAndLater},
    {"CategoryEncoding", kTf2JsAndLater},
    {"SpatialDropout2D", kPython},
    {"SpatialDropout3D", kPython},
    {"Conv3DTranspose", kNotKeras1},
    {"DepthwiseConv2D", kNotKeras1},
    {"SeparableConv1D", kPythonNotKeras1},
    {"Subtract", kPythonNotKeras1},
    {"Minimum", kNotKeras1},
    {"ReLU", kNotKeras1},
    {"Softmax", kNotKeras1},
    {"AlphaDropout", kNotKeras1},
    {"ActivityRegularization", kPython},
    {"ZeroPadding1D", kPython},
    {"ZeroPadding3D", kPython},
    {"Cropping1D", kPython},
    {"Cropping3D", kPython},
    {"UpSampling1D", kPython},
    {"UpSampling3D", kPython},
    {"GlobalMaxPooling3D", kPython},
    {"GlobalAveragePooling3D", kPython},
};

/// Settings that constructors of some dialects do not take, or not with that value. Sources as above.
struct SettingRow {
    std::string_view className;  ///< empty: of any class
    std::string_view key;
    layers::Dialects in;  ///< that take it
};
constexpr SettingRow kSettings[] = {
    {"Conv1D", "groups", kTf2AndLater},     {"Conv2D", "groups", kTf2AndLater},
    {"Conv3D", "groups", kTf2AndLater},     {"", "keepdims", kTf2AndLater},
    {"", "score_mode", kTf2AndLater},       {"", "backward_layer", kTf2AndLater},
    {"InputLayer", "ragged", kTf2AndLater}, {"InputLayer", "optional", layers::kKeras3},
    {"Flatten", "data_format", kNotKeras1}, {"GRU", "reset_after", kPythonNotKeras1},
};

}  // namespace

bool hasClass(Dialect dialect, std::string_view className) {
    return std::none_of(std::begin(kClasses), std::end(kClasses),
                        [&](const ClassRow& row) { return row.className == className && !row.in.contains(dialect); });
}

std::optional<Error> missingClass(Dialect dialect, const graph::Node& node) {
    // A layer that newer dialects dropped has its own name among its foreign classes.
    std::optional<layers::Dialects> in;
    for (const layers::ForeignClass& row : node.type->foreign.classes)
        if (row.name == node.type->className) in = row.in;
    for (const ClassRow& row : kClasses)
        if (row.className == node.type->className) in = row.in;
    if (!in || in->contains(dialect)) return std::nullopt;
    std::string others;
    for (const Dialect other : writtenDialects())
        if (in->contains(other)) others += (others.empty() ? "" : " or ") + std::string(dialectTitle(other));
    return Error{fmt::format("'{}': {} has no layer {}", node.name, dialectTitle(dialect), node.type->className),
                 others.empty() ? "Take another layer in its place"
                                : "Write the model in " + others + ", or take another layer in its place",
                 {}};
}

bool takesSetting(Dialect dialect, std::string_view className, std::string_view key) {
    return std::all_of(std::begin(kSettings), std::end(kSettings), [&](const SettingRow& row) {
        return row.key != key || (!row.className.empty() && row.className != className) || row.in.contains(dialect);
    });
}

}  // namespace shapewise::io
