#pragma once
// Every code has one row in codes.cpp (severity, template with named arguments) and one page in resources/explain.
// Groups: S shape, P parameter, G graph, W weights, R run.

#include <cstdint>
#include <string_view>

namespace shapewise::diag {

enum class Severity : std::uint8_t { Error, Warning, Hint };

enum class Code : std::uint16_t {
    // Shape: found by one layer's rule
    RankTooLow,           // consumer needs at least / exactly N axes, got fewer
    RankTooHigh,          // ... got more
    WindowTooLarge,       // kernel, pool or frame does not fit the input with this padding
    SizeUnknown,          // an axis must have a known size here (channels, Dense's last axis)
    ChannelsMismatch,     // channels fixed by weights or declared shape differ
    GroupsNotDividing,    // input channels or filters not divisible by groups
    ElementCountMismatch, // Reshape to another number of elements
    ReshapeNotDividing,   // -1 does not come out even
    MergeMismatch,        // shapes of Add ... Minimum do not broadcast
    ConcatenateMismatch,  // sizes off the concatenation axis differ
    MergeRankMismatch,    // Concatenate of different ranks
    BatchMismatch,        // known batch sizes differ
    AxisOutOfRange,
    AxisSizesDiffer,      // Dot, Attention: contracted or shared axes differ
    CroppingTooLarge,
    SizeTooLarge,         // 64-bit overflow of a size or a product
    RankTooLarge,         // more than tensor::kMaximumRank axes
    ElementType,          // floats needed, integers given, or the reverse
    PaddingExceedsSignal, // reflect padding longer than the signal
    // Parameters
    ParameterMissing,
    ParameterKind,        // text where a number belongs
    ParameterRange,       // below or above its bounds
    ParameterChoice,      // unknown name; nearest names offered
    ParameterTupleLength,
    ParameterConflict,    // two parameters exclude one another (stride and dilation, shape and batch_shape)
    PermutationNotComplete,
    ReshapeTwoUnknown,
    NestedLayer,          // the layer inside a wrapper is missing, unknown or refuses
    // Graph
    InputMissing,
    TooFewInputs,         // merge layer with one input
    TooManyInputs,
    Loop,
    UnknownLayer,         // a class nobody knows and no declared shape
    FileMissing,          // data node whose file is not there
    FileUnreadable,
    // Whole graph: mistakes that no single rule refuses (warnings and hints)
    StepsChannelsExchanged,
    ChannelsFirstData,
    DenseOnMap,
    DenseOnSequence,
    ReshapeExchangesAxes,
    BroadcastMerge,
    NormalizationAxis,
    MelAsTime,
    BatchInShape,
    TargetMismatch,
    WeightsMismatch,
    Count_
};

struct CodeRow {
    Code code;
    std::string_view id;        ///< "S001": stable, printed, and the name of the page in resources/explain
    std::string_view name;      ///< "rank-too-low": `code` in the JSON of `check`
    Severity severity;
    std::string_view title;     ///< one line, sentence case, {named} arguments
    std::string_view why;       ///< one sentence of cause, {named} arguments
};

[[nodiscard]] const CodeRow& row(Code code);

}  // namespace shapewise::diag
