#include "core/diag/codes.h"

#include <array>
#include <cassert>

namespace shapewise::diag {
namespace {

using enum Severity;

constexpr std::array kRows{
    CodeRow{Code::RankTooLow, "S001", "rank-too-low", Error,
            "{consumer} needs {needed_text}, but {producer} gives rank {rank}", "{cause}"},
    CodeRow{Code::RankTooHigh, "S002", "rank-too-high", Error,
            "{consumer} needs {needed_text}, but {producer} gives rank {rank}", "{cause}"},
    CodeRow{Code::WindowTooLarge, "S003", "window-too-large", Error, "{consumer}: {window_text} does not fit {room}",
            "{arithmetic}"},
    CodeRow{Code::SizeUnknown, "S004", "size-unknown", Error, "{consumer} needs to know the size of {axis_name}",
            "Its weights or its output need a number there, and {shape} has none"},
    CodeRow{Code::ChannelsMismatch, "S005", "channels-mismatch", Error,
            "{consumer} was made for {expected} channels, but {producer} gives {channels}",
            "The number of channels was fixed when its weights were made"},
    CodeRow{Code::GroupsNotDividing, "S006", "groups-not-dividing", Error,
            "{consumer}: {value} {what} cannot be divided into {groups} groups", "{arithmetic}; {share}"},
    CodeRow{Code::ElementCountMismatch, "S007", "element-count-mismatch", Error,
            "{consumer} cannot turn {shape} into {target}", "{arithmetic}; Reshape keeps the number of elements"},
    CodeRow{Code::ReshapeNotDividing, "S008", "reshape-not-dividing", Error,
            "{consumer}: the -1 in {target} does not come out even",
            "{arithmetic}; the batch axis is not part of target_shape"},
    CodeRow{Code::MergeMismatch, "S009", "merge-mismatch", Error, "{consumer} cannot combine {first} and {second}",
            "Sizes must be equal, or one of them 1: {axes}"},
    CodeRow{Code::ConcatenateMismatch, "S010", "concatenate-mismatch", Error,
            "{consumer} cannot join {first} and {second}",
            "Only the axis that is joined ({joined}) may differ: {axes}"},
    CodeRow{Code::MergeRankMismatch, "S011", "merge-rank-mismatch", Error,
            "{consumer} joins inputs of one rank, but gets {first} and {second}",
            "{firstProducer} gives rank {firstRank}, {secondProducer} gives rank {secondRank}"},
    CodeRow{Code::BatchMismatch, "S012", "batch-mismatch", Error, "{consumer} gets batches of {first} and {second}",
            "All inputs of one call hold the same samples, so their batch sizes are equal or open"},
    CodeRow{Code::AxisOutOfRange, "S013", "axis-out-of-range", Error,
            "{consumer}: axis {value} does not exist in {shape}",
            "Rank {rank} has axes {axisRange}; negative numbers count from the end"},
    CodeRow{Code::AxisSizesDiffer, "S014", "axis-sizes-differ", Error, "{consumer} multiplies {first} with {second}",
            "The axes that are multiplied with one another must have the same size: {axes}"},
    CodeRow{Code::CroppingTooLarge, "S015", "cropping-too-large", Error,
            "{consumer} cuts away more than {producer} gives", "{arithmetic}; at least 1 must remain"},
    CodeRow{Code::SizeTooLarge, "S016", "size-too-large", Error,
            "{consumer} makes more elements than a 64-bit number counts",
            "A size or a product of sizes is above 9,223,372,036,854,775,807"},
    CodeRow{Code::RankTooLarge, "S017", "rank-too-large", Error, "{consumer} makes a tensor of more than {most} axes",
            "Tensors hold at most {most} axes, the batch counted"},
    CodeRow{Code::ElementType, "S018", "element-type", Error,
            "{consumer} needs {expected}, but {producer} gives {given}", "{reason}"},
    CodeRow{Code::PaddingExceedsSignal, "S019", "padding-exceeds-signal", Error,
            "{consumer} mirrors {padding} samples at each end, but the signal has {samples}",
            "Mirroring can add at most one sample less than there are, and {padding} (fft_length // 2) is not below "
            "{samples}"},
    CodeRow{Code::ParameterMissing, "P001", "parameter-missing", Error, "{consumer} needs a value for {parameter}",
            "Keras has no default for {parameter}: {help}"},
    CodeRow{Code::ParameterKind, "P002", "parameter-kind", Error, "{consumer}: {parameter} takes {kind}, not {value}",
            "{parameter}: {help}"},
    CodeRow{Code::ParameterRange, "P003", "parameter-range", Error,
            "{consumer}: {parameter} is {value}, allowed is {range}", "{parameter}: {help}"},
    CodeRow{Code::ParameterChoice, "P004", "parameter-choice", Error, "{consumer}: {parameter} has no choice {value}",
            "{choices}"},
    CodeRow{Code::ParameterTupleLength, "P005", "parameter-tuple-length", Error,
            "{consumer}: {parameter} takes {length}, not {value}", "{reason}"},
    CodeRow{Code::ParameterConflict, "P006", "parameter-conflict", Error, "{consumer}: {settings} do not go together",
            "{reason}"},
    CodeRow{Code::PermutationNotComplete, "P007", "permutation-not-complete", Error,
            "{consumer}: {value} is no order of the axes {axisRange}",
            "dims counts from 1 and names every axis once; the batch axis stays first and is not counted"},
    CodeRow{Code::ReshapeTwoUnknown, "P008", "reshape-two-unknown", Error,
            "{consumer}: only one number of {value} may be -1",
            "-1 stands for what is left over, which can be computed for one axis"},
    CodeRow{Code::NestedLayer, "P009", "nested-layer", Error, "{consumer}{inner}", "{reason}"},
    CodeRow{Code::InputMissing, "G001", "input-missing", Error, "{consumer} has no {port}",
            "Nothing leads to it, so no shape behind it can be worked out"},
    CodeRow{Code::TooFewInputs, "G002", "too-few-inputs", Error, "{consumer} needs {minimum} inputs, but has {count}",
            "A merge layer combines several tensors; connect another or remove it"},
    CodeRow{Code::TooManyInputs, "G003", "too-many-inputs", Error, "{consumer} takes {maximum} inputs, but has {count}",
            "The last links have no place"},
    CodeRow{Code::Loop, "G004", "loop", Error, "{consumer} feeds itself",
            "The loop runs {path}; data must flow from inputs to outputs"},
    CodeRow{Code::UnknownLayer, "G005", "unknown-layer", Error, "Nobody knows the layer {className}",
            "Without a declared output shape nothing behind {consumer} can be worked out"},
    CodeRow{Code::FileMissing, "G006", "file-missing", Error, "{consumer}: the file {path} is not there",
            "It was moved, renamed or not copied with the project"},
    CodeRow{Code::FileUnreadable, "G007", "file-unreadable", Error, "{consumer}: the file {path} cannot be read",
            "{reason}"},
    CodeRow{Code::GroupInput, "G008", "group-input", Error,
            "{consumer} asks for {declared}, but the group is given {shape}",
            "What comes from outside must have the sizes that the Input inside declares"},
    CodeRow{Code::StepsChannelsExchanged, "S101", "steps-channels-exchanged", Warning,
            "{consumer} sees {steps_text} of {channels} channels, perhaps the wrong way round",
            "Its kernel of {kernel} slides over axis 1, where there are fewer; {channels} steps of {steps} would fit "
            "better"},
    CodeRow{Code::ChannelsFirstData, "S102", "channels-first-data", Warning, "{consumer} reads {shape} as {reading}",
            "{doubt}"},
    CodeRow{Code::DenseOnMap, "S103", "dense-on-map", Warning,
            "{consumer} is applied at each of the {positions} positions of the map from {producer}",
            "Dense multiplies the last axis only, so each position gets an output of its own"},
    CodeRow{Code::DenseOnSequence, "S104", "dense-on-sequence", Hint,
            "{consumer} is applied at each of {positions} steps",
            "Dense multiplies the last axis only, so the output keeps {positions} steps; that is meant for one answer "
            "per step"},
    CodeRow{Code::ReshapeExchangesAxes, "S105", "reshape-exchanges-axes", Warning,
            "{consumer} writes {shape} as {target}, which scrambles the axes",
            "Reshape keeps the order in memory and cuts it into rows of another length; only Permute {order} moves the "
            "values"},
    CodeRow{Code::BroadcastMerge, "S106", "broadcast-merge", Warning, "{consumer} stretches {second} to {first}",
            "Keras repeats it without a word: {axes}"},
    CodeRow{Code::NormalizationAxis, "S107", "normalization-axis", Warning,
            "{consumer} normalises {axis} instead of the channels",
            "{giver} puts the channels on axis 1, {consumer} uses axis {value}"},
    CodeRow{Code::MelAsTime, "S108", "mel-as-time", Warning,
            "{consumer} reads the {bins} mel bands of {mel} as time steps",
            "MelSpectrogram gives (batch, mel, time); {consumer} takes axis 1 as time"},
    CodeRow{Code::BatchInShape, "S109", "batch-in-shape", Hint, "{consumer}: {number} in {shape} may be the batch size",
            "shape is that of one sample; the batch axis is added in front"},
    CodeRow{Code::TargetMismatch, "S110", "target-mismatch", Error,
            "{consumer} expects {target}, but {producer} gives {shape}", "{reason}"},
    CodeRow{Code::WeightsMismatch, "W001", "weights-mismatch", Error,
            "{consumer} was made for {expected}, but {producer} gives {given}",
            "Its {weight} has shape {loaded}; this input needs {needed_shape}"},
    CodeRow{Code::WeightsTooLarge, "W002", "weights-too-large", Error,
            "{consumer} would have more weights than a 64-bit number counts",
            "{weight} has {arithmetic} numbers, and at most 9,223,372,036,854,775,807 can be counted"},
};

constexpr bool isInOrder() {
    if (kRows.size() != static_cast<std::size_t>(Code::Count_)) return false;
    for (std::size_t index = 0; index < kRows.size(); ++index)
        if (kRows[index].code != static_cast<Code>(index)) return false;
    return true;
}
static_assert(isInOrder(), "kRows has one row for each code, in the order of the enum");

}  // namespace

const CodeRow& row(Code code) {
    const auto index = static_cast<std::size_t>(code);
    assert(index < kRows.size());
    return kRows[index];
}

}  // namespace shapewise::diag
