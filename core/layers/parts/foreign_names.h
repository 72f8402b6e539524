#pragma once
// Foreign names that several layers share. Source: the configs in keras-team/keras 1.2.2; legacy/interfaces.py of 2.x
// lists the renamings.

#include "core/layers/framework/foreign.h"

namespace shapewise::layers {

/// init, W_regularizer and the like: what Keras 1 called the training of a kernel and a bias.
[[nodiscard]] std::vector<ForeignKey> kernelNames();
/// `kernelNames` and nb_filter, border_mode, subsample ...: of layers that slide a kernel. `keys`: those of ours that
/// the layer has.
[[nodiscard]] std::vector<ForeignKey> convolutionNames(std::vector<std::string_view> keys);
/// dim_ordering.
[[nodiscard]] ForeignKey dataFormatName();
/// U_regularizer, inner_init, dropout_W ...: what recurrent layers have besides kernelNames().
[[nodiscard]] std::vector<ForeignKey> recurrentNames();
/// forget_bias_init, which named an initializer.
[[nodiscard]] ForeignKey forgetBiasName();
/// consume_less, implementation ...: how a recurrent layer was to compute.
[[nodiscard]] std::vector<ForeignIgnored> recurrentIgnored();
[[nodiscard]] std::vector<ForeignGap> recurrentGaps();
/// Keras 1 did not write the data format of layers without weights and windows.
[[nodiscard]] ForeignUnwritten unwrittenDataFormat();

/// The layer Merge of Keras 1 with that mode.
[[nodiscard]] ForeignClass mergeMode(std::string_view mode, SettingList settings = {});

[[nodiscard]] std::vector<ForeignKey> joined(std::vector<ForeignKey> first, const std::vector<ForeignKey>& second);

}  // namespace shapewise::layers
