// The table of codes: one row each, included wherever SHAPEWISE_CODE says what to make of it (no #pragma once).
//
//   SHAPEWISE_CODE(Code, id, name, severity, title, why, arguments...)
//
// Groups of ids: S shape, P parameter, G graph, W weights. Title and why name arguments in braces. Of the arguments,
// number("needed") is given by each refusal, maybe(...) by some, told(...) is found when the refusal is described.
// `shape` is that of the refused input, `axis` its index (the batch is 0), `axis_name` the same with its meaning.

// ---- Shape: one layer's rule refuses

// consumer needs at least / exactly N axes (exact: 1 or 0), got fewer
SHAPEWISE_CODE(RankTooLow, "S001", "rank-too-low", Error,
               "{consumer} needs {needed_text}, but {producer} gives rank {rank}", "{cause}", number("needed"),
               number("got"), number("exact"), shape("shape"), maybe(axes("axes")), told("needed_text"), told("cause"))

// got more; needed: the most
SHAPEWISE_CODE(RankTooHigh, "S002", "rank-too-high", Error,
               "{consumer} needs {needed_text}, but {producer} gives rank {rank}", "{cause}", number("needed"),
               number("got"), number("exact"), shape("shape"), maybe(axes("axes")), told("needed_text"), told("cause"))

// kernel, pool or frame (what) does not fit. size: of the input; window: its size there; effective: with
// dilation; computed: the length that comes out
SHAPEWISE_CODE(WindowTooLarge, "S003", "window-too-large", Error, "{consumer}: {window_text} does not fit {room}",
               "{arithmetic}", text("what"), number("axis"), axis("axis_name"), number("size"), number("window"),
               number("effective"), number("stride"), number("dilation"), number("computed"), shape("shape"),
               told("window_text"), told("room"), told("arithmetic"))

// an axis must have a known size here: channels, Dense's last axis
SHAPEWISE_CODE(SizeUnknown, "S004", "size-unknown", Error, "{consumer} needs to know the size of {axis_phrase}",
               "Its weights or its output need a number there, and {shape} has none", number("axis"), axis("axis_name"),
               size("size"), shape("shape"), told("axis_phrase"))

// channels fixed by weights or a declared shape differ
SHAPEWISE_CODE(ChannelsMismatch, "S005", "channels-mismatch", Error,
               "{consumer} was made for {expected} channels, but {producer} gives {channels}",
               "The number of channels was fixed when its weights were made", number("needed"), number("got"),
               maybe(shape("shape")), told("expected"), told("channels"))

// what: "channels" of the input or "filters"
SHAPEWISE_CODE(GroupsNotDividing, "S006", "groups-not-dividing", Error,
               "{consumer}: {value} {what} cannot be divided into {groups} groups", "{arithmetic}; {share}",
               text("what"), number("value"), number("groups"), maybe(shape("shape")), told("arithmetic"),
               told("share"))

// Reshape to another number of elements
SHAPEWISE_CODE(ElementCountMismatch, "S007", "element-count-mismatch", Error,
               "{consumer} cannot turn {shape} into {target}", "{arithmetic}; Reshape keeps the number of elements",
               shape("shape"), value("target"), number("got"), number("needed"), told("arithmetic"))

// -1 does not come out even
SHAPEWISE_CODE(ReshapeNotDividing, "S008", "reshape-not-dividing", Error,
               "{consumer}: the -1 in {target} does not come out even",
               "{arithmetic}; the batch axis is not part of target_shape", shape("shape"), value("target"),
               number("got"), number("divisor"), told("arithmetic"))

// Add ... Minimum. other: the shape of the inputs before; axis: of shape
SHAPEWISE_CODE(MergeMismatch, "S009", "merge-mismatch", Error, "{consumer} cannot combine {first} and {second}",
               "Sizes must be equal, or one of them 1: {axes}", shape("shape"), shape("other"), number("axis"),
               axis("axis_name"), size("size"), size("other_size"), told("first"), told("second"), told("axes"))

// other: of the first input; along: the axis that is joined
SHAPEWISE_CODE(ConcatenateMismatch, "S010", "concatenate-mismatch", Error,
               "{consumer} cannot join {first} and {second}",
               "Only the axis that is joined ({joined}) may differ: {axes}", shape("shape"), shape("other"),
               number("along"), number("axis"), axis("axis_name"), size("size"), size("other_size"), told("first"),
               told("second"), told("axes"), told("joined"))

SHAPEWISE_CODE(MergeRankMismatch, "S011", "merge-rank-mismatch", Error,
               "{consumer} joins inputs of one rank, but gets {first} and {second}",
               "{firstProducer} gives rank {firstRank}, {secondProducer} gives rank {secondRank}", shape("shape"),
               shape("other"), number("rank"), number("other_rank"), told("first"), told("second"),
               told("firstProducer"), told("firstRank"), told("secondProducer"), told("secondRank"))

SHAPEWISE_CODE(BatchMismatch, "S012", "batch-mismatch", Error, "{consumer} gets batches of {first} and {second}",
               "All inputs of one call hold the same samples, so their batch sizes are equal or open", shape("shape"),
               shape("other"), size("size"), size("other_size"), told("first"), told("second"))

SHAPEWISE_CODE(AxisOutOfRange, "S013", "axis-out-of-range", Error, "{consumer}: axis {value} does not exist in {shape}",
               "Rank {rank} has axes {axisRange}; negative numbers count from the end", number("axis"),
               number("lowest"), number("highest"), number("rank"), shape("shape"), told("value"), told("axisRange"))

// Dot, Attention: axes that are contracted or shared
SHAPEWISE_CODE(AxisSizesDiffer, "S014", "axis-sizes-differ", Error, "{consumer} multiplies {first} with {second}",
               "The axes that are multiplied with one another must have the same size: {axes}", shape("shape"),
               shape("other"), number("axis"), axis("axis_name"), size("size"), number("other_axis"),
               size("other_size"), told("first"), told("second"), told("axes"))

// cropped: before and after together
SHAPEWISE_CODE(CroppingTooLarge, "S015", "cropping-too-large", Error, "{consumer} cuts away more than {producer} gives",
               "{arithmetic}; at least 1 must remain", number("axis"), axis("axis_name"), number("size"),
               number("cropped"), shape("shape"), told("arithmetic"))

// shape: of the output
SHAPEWISE_CODE(SizeTooLarge, "S016", "size-too-large", Error,
               "{consumer} makes more elements than a 64-bit number counts",
               "A size or a product of sizes is above 9,223,372,036,854,775,807", shape("shape"))

SHAPEWISE_CODE(RankTooLarge, "S017", "rank-too-large", Error, "{consumer} makes a tensor of more than {most} axes",
               "Tensors hold at most {most} axes, the batch counted", number("rank"), number("most"))

// floats needed, integers given, or the reverse: "float32", "int32"
SHAPEWISE_CODE(ElementType, "S018", "element-type", Error, "{consumer} needs {expected}, but {producer} gives {given}",
               "{reason}", text("needed"), text("got"), shape("shape"), told("expected"), told("given"), told("reason"))

SHAPEWISE_CODE(
    PaddingExceedsSignal, "S019", "padding-exceeds-signal", Error,
    "{consumer} mirrors {padding} samples at each end, but the signal has {samples}",
    "Mirroring can add at most one sample less than there are, and {padding} (fft_length // 2) is not below {samples}",
    number("padding"), number("samples"), shape("shape"))

// ---- Parameters. `parameter` of the refusal is the key

SHAPEWISE_CODE(ParameterMissing, "P001", "parameter-missing", Error, "{consumer} needs a value for {parameter}",
               "Keras has no default for {parameter}: {help}", told("parameter"), told("help"))

// text where a number belongs. expected: "a whole number"
SHAPEWISE_CODE(ParameterKind, "P002", "parameter-kind", Error, "{consumer}: {parameter} takes {kind}, not {value}",
               "{parameter}: {help}", value("value"), text("expected"), told("parameter"), told("kind"), told("help"))

// expected: "at least 1"
SHAPEWISE_CODE(ParameterRange, "P003", "parameter-range", Error,
               "{consumer}: {parameter} is {value}, allowed is {range}", "{parameter}: {help}", value("value"),
               text("expected"), maybe(real("minimum")), maybe(real("maximum")), told("parameter"), told("range"),
               told("help"))

// choices: "valid, same"; nearest: "same", may be empty
SHAPEWISE_CODE(ParameterChoice, "P004", "parameter-choice", Error, "{consumer}: {parameter} has no choice {value}",
               "{known}", value("value"), text("choices"), text("nearest"), told("parameter"), told("known"))

SHAPEWISE_CODE(ParameterTupleLength, "P005", "parameter-tuple-length", Error,
               "{consumer}: {parameter} takes {length}, not {value}", "{reason}", value("value"), number("needed"),
               number("got"), told("parameter"), told("length"), told("reason"))

// first, second: keys; rule: "output_padding must be below the stride on every axis"
SHAPEWISE_CODE(ParameterConflict, "P006", "parameter-conflict", Error, "{consumer}: {settings} do not go together",
               "{reason}", text("first"), value("first_value"), text("second"), value("second_value"), text("rule"),
               told("settings"), told("reason"))

// needed: how many axes
SHAPEWISE_CODE(PermutationNotComplete, "P007", "permutation-not-complete", Error,
               "{consumer}: {value} is no order of the axes {axisRange}",
               "dims counts from 1 and names every axis once; the batch axis stays first and is not counted",
               value("value"), number("needed"), told("axisRange"))

// count: of -1
SHAPEWISE_CODE(ReshapeTwoUnknown, "P008", "reshape-two-unknown", Error,
               "{consumer}: only one number of {value} may be -1",
               "-1 stands for what is left over, which can be computed for one axis", value("value"), number("count"))

// the layer inside a wrapper (its class) is missing, unknown or refuses
SHAPEWISE_CODE(NestedLayer, "P009", "nested-layer", Error, "{consumer}{inner}", "{reason}", text("layer"),
               words("problem"), told("inner"), told("reason"))

// ---- Graph

// index: of the port; from, fromPort: what a link leads from that leads nowhere
SHAPEWISE_CODE(InputMissing, "G001", "input-missing", Error, "{consumer} has no {port}",
               "Nothing leads to it, so no shape behind it can be worked out", text("port"), maybe(number("index")),
               maybe(node("from")), maybe(number("fromPort")))

SHAPEWISE_CODE(TooFewInputs, "G002", "too-few-inputs", Error, "{consumer} needs {minimum} inputs, but has {count}",
               "A merge layer combines several tensors; connect another or remove it", number("needed"), number("got"),
               told("minimum"), told("count"))

// needed: the most
SHAPEWISE_CODE(TooManyInputs, "G003", "too-many-inputs", Error, "{consumer} takes {maximum} inputs, but has {count}",
               "The last links have no place", number("needed"), number("got"), text("port"), told("maximum"),
               told("count"))

// path: "add → relu → add"
SHAPEWISE_CODE(Loop, "G004", "loop", Error, "{consumer} feeds itself",
               "The loop runs {path}; data must flow from inputs to outputs", told("path"))

// a class nobody knows and no declared shape
SHAPEWISE_CODE(UnknownLayer, "G005", "unknown-layer", Hint, "Nobody knows the layer {className}",
               "Its parameters are not counted, and without a declared output shape what follows {consumer} is a guess",
               text("class_name"), told("className"))

SHAPEWISE_CODE(FileMissing, "G006", "file-missing", Error, "{consumer}: the file {path} is not there",
               "It was moved, renamed or not copied with the project", text("path"))

SHAPEWISE_CODE(FileUnreadable, "G007", "file-unreadable", Error, "{consumer}: the file {path} cannot be read",
               "{reason}", text("path"), text("problem"), told("reason"))

// a node that reads a file has none yet
SHAPEWISE_CODE(FileNotChosen, "G009", "file-not-chosen", Hint, "{consumer} has no file yet",
               "What it gives is what the file holds. {help}", told("help"))

// an Input inside an open group asks for another shape than the group is given
SHAPEWISE_CODE(GroupInput, "G008", "group-input", Error,
               "{consumer} asks for {declared}, but the group is given {shape}",
               "What comes from outside must have the sizes that the Input inside declares", shape("declared"),
               shape("shape"))

// ---- Whole graph: what no single rule refuses

SHAPEWISE_CODE(
    StepsChannelsExchanged, "S101", "steps-channels-exchanged", Warning,
    "{consumer} sees {steps_text} of {channels} channels, perhaps the wrong way round",
    "Its kernel of {kernel} slides over axis 1, where there are fewer; {channels} steps of {steps} would fit better",
    number("steps"), words("steps_text"), number("channels"), number("kernel"))

SHAPEWISE_CODE(ChannelsFirstData, "S102", "channels-first-data", Warning, "{consumer} reads {shape} as {reading}",
               "{doubt}", words("reading"), words("doubt"))

SHAPEWISE_CODE(DenseOnMap, "S103", "dense-on-map", Warning,
               "{consumer} is applied at each of the {positions} positions of the map from {producer}",
               "Dense multiplies the last axis only, so each position gets an output of its own", words("positions"))

SHAPEWISE_CODE(
    DenseOnSequence, "S104", "dense-on-sequence", Hint, "{consumer} is applied at each of {positions} steps",
    "Dense multiplies the last axis only, so the output keeps {positions} steps; that is meant for one answer per step",
    words("positions"))

SHAPEWISE_CODE(
    ReshapeExchangesAxes, "S105", "reshape-exchanges-axes", Warning,
    "{consumer} writes {shape} as {target}, which scrambles the axes",
    "Reshape keeps the order in memory and cuts it into rows of another length; only Permute {order} moves the values",
    sample("target"), told("order"))

SHAPEWISE_CODE(BroadcastMerge, "S106", "broadcast-merge", Warning, "{consumer} stretches {second} to {first}",
               "Keras repeats it without a word: {axes}", number("axis"), words("axes"), shape("first"),
               shape("second"))

SHAPEWISE_CODE(NormalizationAxis, "S107", "normalization-axis", Warning,
               "{consumer} normalises {axis} instead of the channels",
               "{giver} puts the channels on axis 1, {consumer} uses axis {value}", axis("axis"), text("giver"),
               number("value"))

SHAPEWISE_CODE(MelAsTime, "S108", "mel-as-time", Warning,
               "{consumer} reads the {bins} mel bands of {mel} as time steps",
               "MelSpectrogram gives (batch, mel, time); {consumer} takes axis 1 as time", size("bins"), text("mel"))

SHAPEWISE_CODE(BatchInShape, "S109", "batch-in-shape", Hint, "{consumer}: {number} in {shape} may be the batch size",
               "shape is that of one sample; the batch axis is added in front", number("number"), shape("shape"))

SHAPEWISE_CODE(TargetMismatch, "S110", "target-mismatch", Error,
               "{consumer} expects {target}, but {producer} gives {shape}", "{reason}", shape("target"), told("reason"))

// rate: what the layer was told; data_rate: of the axis it reads
SHAPEWISE_CODE(SampleRateDiffers, "S111", "sample-rate-differs", Warning,
               "{consumer} is set to {rate} Hz, but what comes in has {data_rate} Hz",
               "Its frequencies are taken for {rate} values a second, so that 1,000 Hz are read as {read_as} Hz",
               text("key"), words("rate"), words("data_rate"), words("read_as"))

SHAPEWISE_CODE(WeightsMismatch, "W001", "weights-mismatch", Error,
               "{consumer} was made for {expected}, but {producer} gives {given}",
               "Its {weight} has shape {loaded}; this input needs {needed_shape}", maybe(number("needed")),
               maybe(number("got")), words("expected"), words("given"), text("weight"), words("loaded"),
               words("needed_shape"))

// ---- Weights: one layer's rule refuses

// arithmetic: "128 × 4611686018427387904"
SHAPEWISE_CODE(WeightsTooLarge, "W002", "weights-too-large", Error,
               "{consumer} would have more weights than a 64-bit number counts",
               "{weight} has {arithmetic} numbers, and at most 9,223,372,036,854,775,807 can be counted",
               text("weight"), text("arithmetic"))
