#include "core/layers/parts/foreign_names.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

/// The name of an initializer: whether the bias of the forget gate starts at one.
Value startsAtOne(const Value& initializer) {
    if (!initializer.isText()) return {};
    return Value(initializer.asText() == "one" || initializer.asText() == "ones");
}

}  // namespace

std::vector<ForeignKey> joined(std::vector<ForeignKey> first, const std::vector<ForeignKey>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

std::vector<ForeignKey> kernelNames() {
    return {{"init", "kernel_initializer"},
            {"W_regularizer", "kernel_regularizer"},
            {"b_regularizer", "bias_regularizer"},
            {"W_constraint", "kernel_constraint"},
            {"b_constraint", "bias_constraint"}};
}

std::vector<ForeignKey> convolutionNames(std::vector<std::string_view> keys) {
    std::vector<ForeignKey> names = kernelNames();
    for (const ForeignKey& row : {ForeignKey{"nb_filter", "filters"}, ForeignKey{"filter_length", "kernel_size"},
                                  ForeignKey{"subsample_length", "strides"}, ForeignKey{"subsample", "strides"},
                                  ForeignKey{"border_mode", "padding"}, dataFormatName(),
                                  ForeignKey{"atrous_rate", "dilation_rate"}, ForeignKey{"bias", "use_bias"}})
        if (std::find(keys.begin(), keys.end(), row.key) != keys.end()) names.push_back(row);
    return names;
}

ForeignKey dataFormatName() { return {"dim_ordering", "data_format"}; }

std::vector<ForeignKey> recurrentNames() {
    return {{"inner_init", "recurrent_initializer"},
            {"U_regularizer", "recurrent_regularizer"},
            {"U_constraint", "recurrent_constraint"},
            {"dropout_W", "dropout"},
            {"dropout_U", "recurrent_dropout"}};
}

ForeignKey forgetBiasName() { return {"forget_bias_init", "unit_forget_bias", kKeras1, startsAtOne}; }

std::vector<ForeignIgnored> recurrentIgnored() {
    return {{"consume_less"}, {"implementation"}, {"time_major", kAnyKeras, Value(false)}, {"use_cudnn"}};
}

std::vector<ForeignGap> recurrentGaps() {
    return {{"time_major", Value(true), kKeras2, "With time_major, tf.keras takes the first axis as time"}};
}

ForeignUnwritten unwrittenDataFormat() { return {"data_format", kKeras1}; }

ForeignClass mergeMode(std::string_view mode, SettingList settings) {
    return {.name = "Merge",
            .in = kKeras1,
            .isTranslated = true,
            .whenKey = "mode",
            .whenValue = mode,
            .settings = std::move(settings)};
}

}  // namespace shapewise::layers
