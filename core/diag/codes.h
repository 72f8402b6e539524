#pragma once
// Every code has one row in codes.cpp (severity, template with named arguments) and one page in resources/explain.
// Groups: S shape, P parameter, G graph, W weights, R run.

#include <cstdint>
#include <string_view>

namespace shapewise::diag {

enum class Severity : std::uint8_t { Error, Warning, Hint };

enum class Code : std::uint16_t {
    // The arguments of each code, by name, stand behind it. `shape`: of the refused input; `axis`: its index, the batch
    // being 0; `axis_name`: "time"; sizes are whole numbers, or text ("None", "T") while they are not known.

    // Shape: found by one layer's rule
    RankTooLow,      // consumer needs at least / exactly N axes, got fewer. needed, got, exact (1 or 0), shape, axes
                     // ("(batch, time, channels)")
    RankTooHigh,     // ... got more. The same arguments; needed: the most
    WindowTooLarge,  // kernel, pool or frame does not fit the input with this padding. what ("kernel"), axis,
                     // axis_name, size (of the input), window (its size there), effective (with dilation), stride,
                     // dilation, computed (the length that comes out), shape
    SizeUnknown,     // an axis must have a known size here (channels, Dense's last axis). axis, axis_name, size, shape
    ChannelsMismatch,      // channels fixed by weights or declared shape differ. needed, got, shape
    GroupsNotDividing,     // input channels or filters not divisible by groups. what ("channels", "filters"), value,
                           // groups, shape (of channels only)
    ElementCountMismatch,  // Reshape to another number of elements. shape, target (Value), got, needed
    ReshapeNotDividing,    // -1 does not come out even. shape, target (Value), got, divisor
    MergeMismatch,  // shapes of Add ... Minimum do not broadcast. shape, other (of the inputs before), axis (of shape),
                    // axis_name, size, other_size
    ConcatenateMismatch,   // sizes off the concatenation axis differ. shape, other (of the first input), along (the
                           // concatenation axis), axis, axis_name, size, other_size
    MergeRankMismatch,     // Concatenate of different ranks. shape, other, rank, other_rank
    BatchMismatch,         // known batch sizes differ. shape, other, size, other_size
    AxisOutOfRange,        // axis, lowest, highest, rank, shape
    AxisSizesDiffer,       // Dot, Attention: contracted or shared axes differ. shape, other, axis, axis_name, size,
                           // other_axis, other_size
    CroppingTooLarge,      // axis, axis_name, size, cropped (before + after), shape
    SizeTooLarge,          // 64-bit overflow of a size or a product. shape (of the output)
    RankTooLarge,          // more than tensor::kMaximumRank axes. rank, most
    ElementType,           // floats needed, integers given, or the reverse. needed ("float32"), got ("int32"), shape
    PaddingExceedsSignal,  // reflect padding longer than the signal. padding, samples, shape
    // Parameters. `value` is the Value set, `parameter` of the refusal its key
    ParameterMissing,  // no arguments
    ParameterKind,     // text where a number belongs. value, expected ("a whole number")
    ParameterRange,    // below or above its bounds. value, minimum and maximum where there is one, expected ("at least
                       // 1")
    ParameterChoice,   // unknown name; nearest names offered. value, choices ("valid, same"), nearest ("same", may be
                       // empty)
    ParameterTupleLength,  // value, needed, got
    ParameterConflict,     // two parameters exclude one another (stride and dilation, shape and batch_shape). first,
                           // first_value, second, second_value (keys and values), rule ("strides above 1 do not go with
                           // dilation_rate above 1")
    PermutationNotComplete,  // value, needed (how many axes)
    ReshapeTwoUnknown,       // value, count (of -1)
    NestedLayer,             // the layer inside a wrapper is missing, unknown or refuses. layer (class name), problem
    // Graph
    InputMissing,   // port (its name)
    TooFewInputs,   // merge layer with one input. needed, got
    TooManyInputs,  // needed (the most), got, port
    Loop,
    UnknownLayer,    // a class nobody knows and no declared shape. class_name
    FileMissing,     // data node whose file is not there. path
    FileUnreadable,  // path, problem
    GroupInput,      // an Input inside an open group asks for another shape than the group is given. declared, shape
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
    // Weights: found by one layer's rule
    WeightsTooLarge,  // more numbers than 63 bits count. weight (its name), arithmetic ("128 × 4611686018427387904")
    Count_
};

struct CodeRow {
    Code code;
    std::string_view id;    ///< "S001": stable, printed, and the name of the page in resources/explain
    std::string_view name;  ///< "rank-too-low": `code` in the JSON of `check`
    Severity severity;
    std::string_view title;  ///< one line, sentence case, {named} arguments
    std::string_view why;    ///< one sentence of cause, {named} arguments
};

[[nodiscard]] const CodeRow& row(Code code);

}  // namespace shapewise::diag
