#pragma once
// LayerType: everything the program knows of one layer, in one constant. Palette, inspector, file format, importers,
// exporters, help and generic tests are derived from it. Data and function pointers, no class hierarchy.

#include "core/base/result.h"
#include "core/diag/diagnostic.h"
#include "core/kernels/parallel.h"
#include "core/layers/framework/facts.h"
#include "core/layers/framework/foreign.h"
#include "core/layers/framework/param.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <list>
#include <optional>
#include <stop_token>

namespace shapewise::layers {

enum class Category : std::uint8_t {
    Input,
    Audio,
    Convolution,
    Pooling,
    Reshape,
    Core,
    Activation,
    Normalization,
    Regularization,
    Merge,
    Recurrent,
    Attention,
    Preprocessing,
    Wrapper,
    Annotation
};
[[nodiscard]] std::string_view categoryTitle(Category category);

struct PortSpec {
    std::string_view name{};  ///< "input", "query", "initial state"
    bool optional = false;
    bool many = false;     ///< takes a list; only the last port may
    int minimumLinks = 1;  ///< of a `many` port: merge layers want 2
    int minimumRank = 1;   ///< batch counted; 0: any
    int maximumRank = tensor::kMaximumRank;
    tensor::AxesPattern axes{};  ///< "(batch, height, width, channels)", for messages and tooltips
    PassedAs passedAs = PassedAs::Position;
    tensor::DType dtype = tensor::DType::Float32;  ///< of an Input that is made for it
};

/// What a layer is called in advice: the rules of mistakes and their repairs ask for it where they mean that very kind
/// of layer. What a layer does is said by its other facts.
enum class Role : std::uint8_t {
    Other,
    Convolution,
    TransposedConvolution,
    GlobalPooling,
    Reshape,
    Permute,
    Dense,
    Normalization,
    BroadcastMerge,
    Concatenate,
    Recurrent,
    ConvRecurrent,
    Attention,
    Spectrogram,
    MelSpectrogram,
    Wrapper
};

/// Layers that differ only in the number of spatial axes: Conv1D, Conv2D, Conv3D are family "Conv", ranks 1, 2, 3.
struct Family {
    std::string_view name{};
    int spatialRank = 0;
};

/// One step of the explanation of a shape: "height", "⌊(28 − 3)/1⌋ + 1 = 26".
struct ExplanationLine {
    diag::Phrase quantity{};
    diag::Phrase arithmetic{};
    diag::Phrase note{};  ///< "1 sample at the end is dropped", may be empty
};

/// What a shape rule sees and says. Reused for many nodes without allocation; refusals and explanations allocate.
class InferContext {
  public:
    /// Without links (a bare layer), input i is that of port i, and all further ones are of the last port.
    InferContext(Params params, std::span<const tensor::TensorType* const> inputs, std::span<const graph::Link> links,
                 const graph::Node* node);

    [[nodiscard]] const Params& params() const { return params_; }
    /// Connected inputs in the order of the node's links.
    [[nodiscard]] int inputCount() const { return static_cast<int>(inputs_.size()); }
    [[nodiscard]] const tensor::TensorType& input(int index = 0) const {
        return *inputs_[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] std::span<const tensor::TensorType* const> inputs() const { return inputs_; }
    [[nodiscard]] std::span<const graph::Link> links() const { return links_; }
    /// Input at a port, null when that optional port is not connected.
    [[nodiscard]] const tensor::TensorType* inputAtPort(int port) const;
    /// Null when a bare layer is inferred without a node (conformance, inside a wrapper).
    [[nodiscard]] const graph::Node* node() const { return node_; }

    /// The port that input leads to.
    [[nodiscard]] int portOf(int index) const;

    /// The type of an output, for the rule to fill; made on first use. References stay valid.
    [[nodiscard]] tensor::TensorType& output(int index = 0);
    [[nodiscard]] std::span<const tensor::TensorType> outputs() const;

    /// Refuses; the outputs do not count then. A rule may refuse several things.
    void refuse(diag::Refusal refusal);
    [[nodiscard]] bool isRefused() const { return !refusals_.empty(); }
    [[nodiscard]] std::vector<diag::Refusal>& refusals() { return refusals_; }

    /// Lines are collected only while someone asks; rules check before they format.
    [[nodiscard]] bool isExplaining() const { return explanation_ != nullptr; }
    void explain(diag::Phrase quantity, diag::Phrase arithmetic, diag::Phrase note = {});
    void collectExplanation(std::vector<ExplanationLine>* lines) { explanation_ = lines; }

  private:
    Params params_;
    std::span<const tensor::TensorType* const> inputs_;
    std::span<const graph::Link> links_;
    const graph::Node* node_;
    tensor::TensorType firstOutput_;
    bool hasOutput_ = false;
    std::list<tensor::TensorType> moreOutputs_;           ///< from the second on
    mutable std::vector<tensor::TensorType> allOutputs_;  ///< filled by outputs() when there are several
    std::vector<diag::Refusal> refusals_;
    std::vector<ExplanationLine>* explanation_ = nullptr;
};

enum class Initializer : std::uint8_t { GlorotUniform, Orthogonal, Zeros, Ones, UnitForgetBias, RandomUniform, Fixed };

struct WeightSpec {
    std::string_view name{};  ///< Keras' name: "kernel", "bias", "gamma"
    tensor::Extents extents{};
    Initializer initializer = Initializer::GlorotUniform;
    bool trainable = true;
    /// Keras' fans for glorot: product of the receptive field times in and out channels. 0: from the extents as Keras
    /// does.
    std::int64_t fanIn = 0;
    std::int64_t fanOut = 0;
    /// Inside a nested model: the path of the layer it belongs to ("conv1", "encoder/conv1") and that layer, whose
    /// loaded weights count. Empty and null: the layer itself.
    std::string layer{};
    const graph::Node* owner = nullptr;
    /// Of Fixed: writes the values the layer starts with.
    std::function<void(std::span<float>)> fixed{};
};

/// What a layer does with masks: one value for each step, 1 or 0 for padding, that travel beside a tensor. The extents
/// of a mask are the first ones of its tensor: [batch, time].
enum class Masks : std::uint8_t {
    Stop,    ///< its outputs have none
    PassOn,  ///< its first output has that of its first input
    Compute  ///< its forward function reads and gives them
};

struct PreparedLayer;

/// What a layer computes with. Tensors of inputs, outputs and weights are in the order of links, ports and weight
/// specs.
struct ForwardContext {
    Params params;
    std::span<const tensor::Tensor* const> inputs;
    std::span<const tensor::TensorType* const> inputTypes;
    std::span<const graph::Link> links;
    std::span<tensor::Tensor> outputs;  ///< allocated with the inferred extents, values undefined
    std::span<const tensor::Tensor* const> weights;
    std::stop_token stop;
    std::span<const tensor::Tensor* const> inputMasks{};  ///< null where an input has none; empty when no input has one
    std::span<tensor::Tensor> outputMasks{};              ///< those that stay empty are none; empty when nobody asks
    const PreparedLayer* prepared = nullptr;              ///< what prepare made; null where nobody keeps it

    [[nodiscard]] const tensor::Tensor& input(int index = 0) const { return *inputs[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const tensor::Tensor* inputAtPort(int port) const;
    /// Null when there is none.
    [[nodiscard]] const tensor::Tensor* inputMask(int index = 0) const;
    [[nodiscard]] const tensor::Tensor* inputMaskAtPort(int port) const;
    /// Does nothing where nobody asks for masks.
    void giveMask(tensor::Tensor mask, int output = 0) const;
    [[nodiscard]] tensor::Tensor& output(int index = 0) const { return outputs[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const tensor::Tensor& weight(int index) const { return *weights[static_cast<std::size_t>(index)]; }
    [[nodiscard]] kernels::Parallel parallel() const { return {nullptr, stop}; }
};

/// The values of a mask of [batch, steps]; null when there is none or it has other extents.
[[nodiscard]] const float* stepMask(const tensor::Tensor* mask, std::int64_t batch, std::int64_t steps);

/// The window a layer slides over its spatial axes. Size 1, stride 1 where it looks at one cell.
struct SlidingWindow {
    SpatialSizes size{1, 1, 1};
    SpatialSizes stride{1, 1, 1};
    SpatialSizes dilation{1, 1, 1};
    WindowPadding padding = WindowPadding::Valid;
    bool centred = false;     ///< half a window of padding in front whatever the length, as spectrograms have it
    bool wholeInput = false;  ///< as large as the input

    /// Cells from the first to the last that a window reads, at most 2^63 - 1.
    [[nodiscard]] std::int64_t reach(std::size_t axis) const;
    /// Cells of padding in front of a spatial axis of that length; the least there can be where the length is not known
    /// and the padding depends on it.
    [[nodiscard]] std::int64_t paddingBefore(std::size_t axis, tensor::Dim length) const;
};

struct LayerType {
    std::string_view className{};  ///< Keras' class: "Conv2D"; the id in files
    Category category = Category::Core;
    std::string_view title{};     ///< in the palette; usually the class name
    std::string_view summary{};   ///< one line, sentence case, no full stop
    std::string_view keywords{};  ///< further words the search finds it by
    std::string_view doc{};       ///< Markdown: what it does, formula, shapes in brackets, reference

    std::vector<ParamSpec> params{};
    std::vector<PortSpec> inputs{PortSpec{"input"}};
    std::vector<std::string_view> outputs{"output"};
    std::vector<std::string_view> telling{};  ///< keys shown on the node, most telling first

    Role role = Role::Other;
    AxisEffects effects{};
    Supply supply = Supply::None;
    bool holdsModel = false;      ///< computes the graph that its node holds
    bool declaresOutput = false;  ///< says itself what comes out: what is before it need not be known
    bool isOpaque = false;  ///< nobody knows what it does: its weights and its work are not known, nor what it gives
    bool goesStepByStep = false;       ///< takes axis 1 as time and goes along it
    bool takesList = false;            ///< Keras takes what is passed by position as one list
    bool isGate = false;               ///< one input scales another: sizes of 1 are stretched on purpose
    bool onlyMovesValues = false;      ///< its output holds values of its inputs as they are
    std::string_view integersBelow{};  ///< the parameter that its inputs, which are whole numbers, stay below
    std::string_view rateSetting{};    ///< the parameter that says the sample rate of its input, in hertz
    std::string_view channelAxis{};    ///< the parameter that says which axis holds the channels
    Family family{};
    bool identityWhenRunning = false;  ///< dropout, noise: forward copies its input
    Masks masks = Masks::Stop;

    /// Pure: parameters and input types to output types, or refusals. Inputs have a known rank; sizes may be unknown.
    /// Port counts, parameter kinds and bounds, and port ranks have been checked before.
    void (*infer)(InferContext& context) = nullptr;
    /// Checks between parameters that need no input (strides with dilation, filters by groups): Keras' constructor. May
    /// be null.
    void (*check)(InferContext& context) = nullptr;
    /// Pure; called only after infer succeeded. Inputs by port, null or missing where an optional one is not connected.
    /// Empty when an extent is not known yet. Null: no weights.
    std::vector<WeightSpec> (*weights)(const Params& params,
                                       std::span<const tensor::TensorType* const> inputs) = nullptr;
    /// Null for nodes that compute nothing (Note, Target) or whose data come from outside (Input, files).
    Result<void> (*forward)(ForwardContext& context) = nullptr;
    /// What forward can use again in runs with the same settings, weights and sizes of inputs (framework/
    /// prepared_layer.h); with and without it forward gives the same bits. Looks at no values but the weights'. Null:
    /// nothing.
    PreparedLayer (*prepare)(const ForwardContext& context) = nullptr;
    /// Multiply-adds for inputs and outputs of known extents, -1 when unknown. Null: one per output element if it has a
    /// forward function with arithmetic is not counted, so 0.
    std::int64_t (*multiplyAdds)(const Params& params, std::span<const tensor::TensorType* const> inputs,
                                 std::span<const tensor::TensorType> outputs) = nullptr;
    SlidingWindow (*window)(const Params& params) = nullptr;
    /// The axis of the input that becomes an axis of the output, -1 for none. Null: as `effects` say.
    int (*inputAxis)(const Params& params, int outputAxis) = nullptr;
    /// The data of a source of Supply::Made.
    SampleSpec (*sample)(const Params& params) = nullptr;
    /// Short text for the node: "32 filters · 3×3 · relu". Null: made from `telling`.
    std::string (*tellingText)(const Params& params) = nullptr;

    Foreign foreign{};
    /// For settings that only go together with one another or with some inputs; the generic tests draw from them.
    std::vector<Example> examples{};

    [[nodiscard]] const ParamSpec* param(std::string_view key) const;
    [[nodiscard]] bool isSource() const { return supply != Supply::None; }
    /// Part of the model, not a remark on it or a target beside it: what files of other programs hold.
    [[nodiscard]] bool isLayer() const { return category != Category::Annotation; }
    /// A remark on the canvas: without ports.
    [[nodiscard]] bool isRemark() const { return inputs.empty() && outputs.empty(); }
    /// Its output has the shape and the order of its only input.
    [[nodiscard]] bool keepsShape() const;
    /// Takes any number of tensors, or several, as one list.
    [[nodiscard]] bool isCalledWithList() const { return takesList || (inputs.size() == 1 && inputs.front().many); }
};

/// A node that holds a model and its graph.
[[nodiscard]] bool isNestedModel(const graph::Node& node);

/// A setting as a file of another writer spells it, in our words; an empty key where it says nothing. A key nobody
/// knows stays as it is.
[[nodiscard]] std::pair<std::string_view, Value> inOurWords(const LayerType& type, std::string_view key,
                                                            const Value& value);

/// Kinds, bounds, choices, tuple lengths and required parameters, then type.check. Adds refusals to the context.
void validate(InferContext& context);

/// validate, then port counts and ranks, then the rule, then overflow of the outputs and of the weights: one door for
/// every caller of a rule. Returns true when nothing was refused; what comes of a guess is one. Never throws.
bool inferLayer(InferContext& context);

/// The explanation of a node's shape in numbers, from the same rule.
[[nodiscard]] std::vector<ExplanationLine> explainLayer(const graph::Node& node,
                                                        std::span<const tensor::TensorType* const> inputs);

/// The weight tensors of a node in Keras' order; not trainable when its config freezes the layer. Empty when it has
/// none or an extent is not known. Precondition: infer succeeded for these inputs.
[[nodiscard]] std::vector<WeightSpec> weightsOf(const graph::Node& node,
                                                std::span<const tensor::TensorType* const> inputs);
/// The same for a node that shares the layer of `owner`: inputs and links are those of the node.
[[nodiscard]] std::vector<WeightSpec> weightsOf(const graph::Node& owner,
                                                std::span<const tensor::TensorType* const> inputs,
                                                std::span<const graph::Link> links);

/// How many numbers the weights hold in all / trainable; nullopt while an extent is unknown, and for layers nobody
/// knows or that hold such.
struct ParameterCount {
    std::int64_t total = 0;
    std::int64_t trainable = 0;
};
[[nodiscard]] std::optional<ParameterCount> parameterCount(const graph::Node& node,
                                                           std::span<const tensor::TensorType* const> inputs);
/// Multiply-adds of one run for these input shapes; nullopt while a size is unknown or the node has no output.
[[nodiscard]] std::optional<std::int64_t> multiplyAddCount(const graph::Node& node,
                                                           std::span<const tensor::TensorType* const> inputs);

/// Short text for the node on the canvas: "32 filters · 3×3 · relu". Empty when there is nothing telling.
[[nodiscard]] std::string tellingText(const Params& params);

}  // namespace shapewise::layers
