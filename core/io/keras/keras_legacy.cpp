// Keras 1 and 2 spellings. Sources: the configs in keras-team/keras 1.2.2 (legacy/interfaces.py of 2.x lists the
// renamings).

#include "core/io/keras/keras_entry.h"
#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <array>

namespace shapewise::io {

namespace {

struct Renamed {
    std::string_view from;
    std::string_view to;
};

constexpr Renamed kClasses[] = {{"Convolution1D", "Conv1D"},
                                {"Convolution2D", "Conv2D"},
                                {"Convolution3D", "Conv3D"},
                                {"AtrousConvolution1D", "Conv1D"},
                                {"AtrousConvolution2D", "Conv2D"},
                                {"AtrousConv2D", "Conv2D"},
                                {"Deconvolution2D", "Conv2DTranspose"},
                                {"Deconvolution3D", "Conv3DTranspose"},
                                {"Convolution2DTranspose", "Conv2DTranspose"},
                                {"Convolution3DTranspose", "Conv3DTranspose"},
                                {"SeparableConvolution1D", "SeparableConv1D"},
                                {"SeparableConvolution2D", "SeparableConv2D"},
                                {"BatchNormalizationV1", "BatchNormalization"},
                                {"BatchNormalizationV2", "BatchNormalization"},
                                {"SyncBatchNormalization", "BatchNormalization"},
                                {"CuDNNLSTM", "LSTM"},
                                {"CuDNNGRU", "GRU"},
                                {"TimeDistributedDense", "Dense"},
                                {"ThresholdedReLU", "ReLU"},
                                {"Input", "InputLayer"}};

/// Names that mean the same in every layer of Keras 1.
constexpr Renamed kKeys[] = {{"nb_filter", "filters"},
                             {"border_mode", "padding"},
                             {"dim_ordering", "data_format"},
                             {"bias", "use_bias"},
                             {"init", "kernel_initializer"},
                             {"W_regularizer", "kernel_regularizer"},
                             {"b_regularizer", "bias_regularizer"},
                             {"W_constraint", "kernel_constraint"},
                             {"b_constraint", "bias_constraint"},
                             {"filter_length", "kernel_size"},
                             {"subsample", "strides"},
                             {"subsample_length", "strides"},
                             {"atrous_rate", "dilation_rate"},
                             {"pool_length", "pool_size"},
                             {"inner_activation", "recurrent_activation"},
                             {"inner_init", "recurrent_initializer"},
                             {"U_regularizer", "recurrent_regularizer"},
                             {"U_constraint", "recurrent_constraint"},
                             {"dropout_W", "dropout"},
                             {"dropout_U", "recurrent_dropout"},
                             {"gamma_init", "gamma_initializer"},
                             {"beta_init", "beta_initializer"},
                             {"input_dtype", "dtype"}};

struct RenamedIn {
    std::string_view className;
    std::string_view from;
    std::string_view to;
};
/// Names whose meaning depends on the layer; the class is that of Keras 3.
constexpr RenamedIn kKeysIn[] = {{"Dense", "output_dim", "units"},
                                 {"LSTM", "output_dim", "units"},
                                 {"GRU", "output_dim", "units"},
                                 {"SimpleRNN", "output_dim", "units"},
                                 {"Dropout", "p", "rate"},
                                 {"SpatialDropout1D", "p", "rate"},
                                 {"SpatialDropout2D", "p", "rate"},
                                 {"SpatialDropout3D", "p", "rate"},
                                 {"GaussianDropout", "p", "rate"},
                                 {"AlphaDropout", "p", "rate"},
                                 {"GaussianNoise", "sigma", "stddev"},
                                 {"UpSampling1D", "length", "size"},
                                 {"LeakyReLU", "alpha", "negative_slope"},
                                 {"ReLU", "theta", "threshold"},
                                 {"ReLU", "max", "max_value"},
                                 {"MaxPooling1D", "stride", "strides"},
                                 {"AveragePooling1D", "stride", "strides"},
                                 {"Reshape", "dims", "target_shape"},
                                 {"Embedding", "kernel_initializer", "embeddings_initializer"},
                                 {"Concatenate", "concat_axis", "axis"}};

struct MergeMode {
    std::string_view mode;
    std::string_view className;
};
constexpr MergeMode kMergeModes[] = {{"sum", "Add"},     {"mul", "Multiply"}, {"concat", "Concatenate"},
                                     {"ave", "Average"}, {"max", "Maximum"},  {"dot", "Dot"},
                                     {"cos", "Dot"}};

void rename(ValueDict& config, std::string_view from, std::string_view to) {
    Value* old = findMember(config, from);
    if (old == nullptr) return;
    Value value = takeMember(config, from);
    if (findMember(config, to) == nullptr) config.emplace_back(to, std::move(value));
}

/// nb_row, nb_col and kernel_dim1 ... become one list.
void gather(ValueDict& config, std::initializer_list<std::string_view> parts, std::string_view whole) {
    ValueList sizes;
    for (const std::string_view part : parts) {
        if (findMember(config, part) == nullptr) return;
        sizes.push_back(*findMember(config, part));
    }
    for (const std::string_view part : parts) takeMember(config, part);
    setMember(config, whole, std::move(sizes));
}

void modernizeDataFormat(ValueDict& config) {
    Value* format = findMember(config, "data_format");
    if (format == nullptr || !format->isText()) return;
    if (format->asText() == "tf")
        *format = Value("channels_last");
    else if (format->asText() == "th")
        *format = Value("channels_first");
    else if (format->asText() == "default")
        takeMember(config, "data_format");
}

/// Keras 1: a list (top, bottom, left, right), or a dict with such names.
void modernizePadding(LayerEntry& entry) {
    if (!entry.className.starts_with("ZeroPadding") && !entry.className.starts_with("Cropping")) return;
    Value* padding = findMember(entry.config, entry.className.starts_with("Zero") ? "padding" : "cropping");
    if (padding == nullptr) return;
    const auto side = [&](const char* name) {
        const Value* found = padding->find(name);
        return found != nullptr ? *found : Value(0);
    };
    if (padding->isList() && padding->asList().size() == 4) {
        const ValueList sides = padding->asList();
        *padding = Value(ValueList{Value(ValueList{sides[0], sides[1]}), Value(ValueList{sides[2], sides[3]})});
    } else if (padding->isDict() && entry.className.ends_with("1D")) {
        *padding = Value(ValueList{side("left_pad"), side("right_pad")});
    } else if (padding->isDict() && entry.className.ends_with("2D")) {
        *padding = Value(ValueList{Value(ValueList{side("top_pad"), side("bottom_pad")}),
                                   Value(ValueList{side("left_pad"), side("right_pad")})});
    }
}

void modernizeMerge(LayerEntry& entry) {
    if (entry.className != "Merge") return;
    const Value* mode = findMember(entry.config, "mode");
    if (mode == nullptr || !mode->isText()) return;
    const std::string name = mode->asText();
    const auto known = std::find_if(std::begin(kMergeModes), std::end(kMergeModes),
                                    [&](const MergeMode& m) { return m.mode == name; });
    if (known == std::end(kMergeModes)) return;
    entry.className = known->className;
    const Value concatAxis = takeMember(entry.config, "concat_axis");
    Value dotAxes = takeMember(entry.config, "dot_axes");
    for (const char* key : {"mode", "mode_type", "output_shape", "output_shape_type", "output_mask", "output_mask_type",
                            "node_indices", "tensor_indices", "arguments"})
        takeMember(entry.config, key);
    if (entry.className == "Concatenate" && !concatAxis.isNone()) setMember(entry.config, "axis", concatAxis);
    if (entry.className != "Dot") return;
    if (dotAxes.isList() && std::all_of(dotAxes.asList().begin(), dotAxes.asList().end(),
                                        [](const Value& axes) { return axes.isList() && axes.asList().size() == 1; }))
        for (Value& axes : dotAxes.asList()) axes = Value(axes.asList()[0]);
    setMember(entry.config, "axes", dotAxes.isNone() ? Value(-1) : dotAxes);
    if (name == "cos") setMember(entry.config, "normalize", true);
}

void modernizeRecurrent(LayerEntry& entry, std::string_view writtenAs, int kerasVersion) {
    if (Value forget = takeMember(entry.config, "forget_bias_init"); forget.isText())
        setMember(entry.config, "unit_forget_bias", forget.asText() == "one" || forget.asText() == "ones");
    for (const char* key : {"consume_less", "implementation", "time_major", "zero_output_for_mask", "use_cudnn"})
        takeMember(entry.config, key);
    if (entry.className == "GRU" && findMember(entry.config, "reset_after") == nullptr && kerasVersion < 3)
        setMember(entry.config, "reset_after", writtenAs == "CuDNNGRU");
}

/// The layer inside Bidirectional and TimeDistributed, in the same spelling.
void modernizeInner(ValueDict& config, std::string_view key, int kerasVersion) {
    Value* inner = findMember(config, key);
    if (inner == nullptr || !isLayerEntry(*inner)) return;
    LayerEntry entry = readEntry(*inner, kerasVersion);
    for (const char* ofInput : {"batch_input_shape", "batch_shape", "input_shape", "input_dim", "input_length"})
        if (entry.className != "Embedding" || std::string_view(ofInput) != "input_dim")
            takeMember(entry.config, ofInput);
    if (Value* type = findMember(entry.config, "dtype"); type != nullptr && *type == Value("float32"))
        takeMember(entry.config, "dtype");
    *inner = Value(ValueDict{{"class_name", entry.className}, {"config", std::move(entry.config)}});
}

}  // namespace

void modernize(LayerEntry& entry, int kerasVersion) {
    const std::string writtenAs = entry.className;
    modernizeMerge(entry);
    for (const Renamed& renamed : kClasses)
        if (renamed.from == entry.className) {
            entry.className = renamed.to;
            break;
        }
    ValueDict& config = entry.config;
    const layers::LayerType* type = layers::findLayer(entry.className);
    const auto isOurs = [&](std::string_view key) { return type != nullptr && type->param(key) != nullptr; };
    if (type == nullptr) return;  // kept as it came
    if (entry.className.starts_with("Conv2DT") && kerasVersion < 2) takeMember(config, "output_shape");
    gather(config, {"nb_row", "nb_col"}, "kernel_size");
    gather(config, {"kernel_dim1", "kernel_dim2", "kernel_dim3"}, "kernel_size");
    for (const Renamed& renamed : kKeys)
        if (!isOurs(renamed.from)) rename(config, renamed.from, renamed.to);
    for (const RenamedIn& renamed : kKeysIn)
        if (renamed.className == entry.className && !isOurs(renamed.from)) rename(config, renamed.from, renamed.to);
    for (const layers::Renaming& renamed : type->renamings)
        if (!isOurs(renamed.foreign)) rename(config, renamed.foreign, renamed.key);
    modernizeDataFormat(config);
    modernizePadding(entry);
    if (entry.className == "LSTM" || entry.className == "GRU" || entry.className == "SimpleRNN")
        modernizeRecurrent(entry, writtenAs, kerasVersion);
    if (entry.className == "BatchNormalization")
        if (const Value* mode = findMember(config, "mode"); mode != nullptr && *mode == Value(0))
            takeMember(config, "mode");
    for (const char* key : {"layer", "backward_layer"}) modernizeInner(config, key, kerasVersion);
}

}  // namespace shapewise::io
