#include "core/layers/framework/layer.h"

#include "core/base/amount.h"
#include "core/base/checked_math.h"
#include "core/layers/framework/guess.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <iterator>
#include <limits>

namespace shapewise::layers {

using tensor::TensorType;

namespace {

constexpr std::string_view kCategoryTitles[] = {
    "Input",          "Audio", "Convolution", "Pooling",   "Reshape",       "Core",    "Activation", "Normalization",
    "Regularization", "Merge", "Recurrent",   "Attention", "Preprocessing", "Wrapper", "Annotation",
};

void refuseRank(InferContext& context, int index, const PortSpec& port) {
    const tensor::Shape& shape = context.input(index).shape;
    const bool isLow = shape.rank() < port.minimumRank;
    context.refuse({.code = isLow ? diag::Code::RankTooLow : diag::Code::RankTooHigh,
                    .parameter = {},
                    .input = index,
                    .arguments = {{"needed", std::int64_t{isLow ? port.minimumRank : port.maximumRank}},
                                  {"got", std::int64_t{shape.rank()}},
                                  {"exact", std::int64_t{port.minimumRank == port.maximumRank}},
                                  {"shape", shape},
                                  {"axes", port.axes}}});
}

void checkPortCount(InferContext& context, const PortSpec& spec, int links) {
    const std::int64_t fewest = spec.optional ? 0 : spec.many ? spec.minimumLinks : 1;
    if (links == 0 && fewest > 0)
        context.refuse({diag::Code::InputMissing, {}, -1, {{"port", std::string(spec.name)}}});
    else if (links < fewest)
        context.refuse({diag::Code::TooFewInputs, {}, -1, {{"needed", fewest}, {"got", std::int64_t{links}}}});
    else if (links > 1 && !spec.many)
        context.refuse({diag::Code::TooManyInputs,
                        {},
                        context.inputCount() - 1,
                        {{"needed", std::int64_t{1}}, {"got", std::int64_t{links}}, {"port", std::string(spec.name)}}});
}

void checkPorts(InferContext& context) {
    const std::vector<PortSpec>& ports = context.params().type().inputs;
    for (int port = 0; port < static_cast<int>(ports.size()); ++port) {
        int links = 0;
        for (int index = 0; index < context.inputCount(); ++index) links += context.portOf(index) == port ? 1 : 0;
        checkPortCount(context, ports[static_cast<std::size_t>(port)], links);
    }
    for (int index = 0; index < context.inputCount(); ++index) {
        const auto port = static_cast<std::size_t>(context.portOf(index));
        if (port >= ports.size()) {
            context.refuse({diag::Code::TooManyInputs,
                            {},
                            index,
                            {{"needed", static_cast<std::int64_t>(ports.size())},
                             {"got", std::int64_t{context.inputCount()}},
                             {"port", std::string()}}});
            continue;
        }
        const int rank = context.input(index).shape.rank();
        if (rank < ports[port].minimumRank || rank > ports[port].maximumRank) refuseRank(context, index, ports[port]);
    }
}

/// The product of the sizes that are known: what must fit in 63 bits even while others are not known.
bool isTooLarge(const tensor::Shape& shape) {
    if (shape.hasTooLarge()) return true;
    std::int64_t product = 1;
    for (const tensor::Dim size : shape.sizes()) {
        if (size.isKnown() && size.size() == 0) return false;
        if (size.isKnown() && __builtin_mul_overflow(product, size.size(), &product)) return true;
    }
    return false;
}

void checkOverflow(InferContext& context) {
    for (const TensorType& output : context.outputs())
        if (isTooLarge(output.shape)) {
            context.refuse({diag::Code::SizeTooLarge, {}, -1, {{"shape", output.shape}}});
            return;
        }
}

/// An upper bound of how many bits the product of all whole numbers in the value has.
int bitsOf(std::int64_t number) {
    return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0))));
}
int bitsOf(const Value& value) {
    if (value.isInteger()) return bitsOf(value.asInteger());
    int bits = 0;
    if (value.isList())
        for (const Value& entry : value.asList()) bits += bitsOf(entry);
    if (value.isDict())
        for (const auto& [key, entry] : value.asDict()) bits += bitsOf(entry);
    return bits;
}

/// Whether small parameters and inputs make it certain that the weights can be counted: a parameter is a factor of a
/// weight at most three times (a kernel size of three axes), an input size and the number of gates once.
bool areWeightsSurelySmall(const InferContext& context) {
    constexpr int kGateBits = 4;
    constexpr int kDefaultBits = 12;
    constexpr int kMostBits = 62;
    int bits = kGateBits + kDefaultBits;
    for (const graph::Setting& setting : context.params().settings()) bits += 3 * bitsOf(setting.value);
    for (const TensorType* input : context.inputs())
        for (const tensor::Dim size : input->shape.sizes()) bits += bitsOf(size.sizeOr(0));
    return bits <= kMostBits;
}

std::string productText(const tensor::Extents& extents) {
    std::string text;
    for (const std::int64_t extent : extents) text += (text.empty() ? "" : " × ") + std::to_string(extent);
    return text;
}

/// Inputs by port, null where an optional one is not connected; as they are where no port is left out.
std::vector<const TensorType*> byPort(std::span<const TensorType* const> inputs, std::span<const graph::Link> links) {
    const std::size_t count = std::min(inputs.size(), links.size());
    std::size_t inOrder = 0;
    while (inOrder < count && links[inOrder].toPort == inOrder) ++inOrder;
    std::vector<const TensorType*> ordered(
        inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(inOrder == count ? inputs.size() : inOrder));
    for (std::size_t index = inOrder; index < count; ++index) {
        const std::size_t port = links[index].toPort;
        if (port < ordered.size()) {
            ordered.push_back(inputs[index]);  // a further link of a port that takes many
            continue;
        }
        ordered.resize(port, nullptr);
        ordered.push_back(inputs[index]);
    }
    return ordered;
}

/// Refuses weights whose numbers, one by one or together, do not fit in 63 bits.
void checkWeightCount(InferContext& context) {
    const LayerType& type = context.params().type();
    if (type.weights == nullptr || type.holdsModel || areWeightsSurelySmall(context)) return;
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    std::int64_t total = 0;
    for (const WeightSpec& weight : type.weights(context.params(), byPort(context.inputs(), context.links()))) {
        std::int64_t numbers = 1;
        for (const std::int64_t extent : weight.extents) numbers = saturatingMultiply(numbers, extent);
        total = saturatingAdd(total, numbers);
        if (total < kMost) continue;
        context.refuse({diag::Code::WeightsTooLarge,
                        {},
                        -1,
                        {{"weight", std::string(weight.name)}, {"arithmetic", productText(weight.extents)}}});
        return;
    }
}

/// What comes of a guess is a guess, unless the layer says itself what comes out.
void markGuesses(InferContext& context) {
    const std::span<const TensorType* const> inputs = context.inputs();
    if (context.params().type().declaresOutput ||
        std::none_of(inputs.begin(), inputs.end(), [](const TensorType* input) { return input->guessed; }))
        return;
    const std::size_t count = context.outputs().size();
    for (std::size_t port = 0; port < count; ++port) context.output(static_cast<int>(port)).guessed = true;
}

bool anyMissing(std::span<const TensorType* const> inputs) {
    return std::any_of(inputs.begin(), inputs.end(), [](const TensorType* type) { return type == nullptr; });
}

/// All weights of the node are frozen by Keras' `trainable: false`, which the catalogue keeps among the extras.
bool isFrozen(const graph::Node& node) {
    return std::any_of(node.extras.begin(), node.extras.end(), [](const auto& entry) {
        return entry.first == "trainable" && entry.second.isBool() && !entry.second.asBool();
    });
}

}  // namespace

std::string_view categoryTitle(Category category) { return kCategoryTitles[static_cast<std::size_t>(category)]; }

const ParamSpec* LayerType::param(std::string_view key) const {
    const auto found =
        std::find_if(params.begin(), params.end(), [&](const ParamSpec& spec) { return spec.key == key; });
    return found == params.end() ? nullptr : &*found;
}

bool LayerType::keepsShape() const {
    if (identityWhenRunning) return true;
    const bool keepsChannels = effects.channels == ChannelEffect::Keeps || effects.channels == ChannelEffect::Mixes;
    return effects.space == AxisEffect::Keeps && keepsChannels && inputs.size() == 1 && !inputs.front().many;
}

bool isNestedModel(const graph::Node& node) { return node.type->holdsModel && node.body != nullptr; }

std::pair<std::string_view, Value> inOurWords(const LayerType& type, std::string_view key, const Value& value) {
    const ForeignKey* row = type.param(key) == nullptr ? type.foreign.key(key) : nullptr;
    if (row == nullptr) return {key, value};
    if (row->convert == nullptr) return {row->key, value};
    Value ours = row->convert(value);
    if (ours.isNone()) return {};
    return {row->key, std::move(ours)};
}

std::int64_t SlidingWindow::reach(std::size_t axis) const {
    return ((Amount(size[axis]) - 1) * dilation[axis] + 1).value();
}

std::int64_t SlidingWindow::paddingBefore(std::size_t axis, tensor::Dim length) const {
    const Amount extent = reach(axis);
    if (padding == WindowPadding::Causal) return (extent - 1).value();
    if (centred) return extent.value() / 2;
    if (padding == WindowPadding::Valid) return 0;
    if (!length.isKnown() || length.size() == 0) return (extent - 1).value() / 2;
    const std::int64_t step = std::max<std::int64_t>(1, stride[axis]);
    const Amount covered = Amount((length.size() - 1) / step) * step + extent;
    return std::max(Amount(0), covered - length.size()).value() / 2;
}

InferContext::InferContext(Params params, std::span<const TensorType* const> inputs, std::span<const graph::Link> links,
                           const graph::Node* node)
    : params_(params), inputs_(inputs), links_(links), node_(node) {}

int InferContext::portOf(int index) const {
    if (static_cast<std::size_t>(index) < links_.size()) return links_[static_cast<std::size_t>(index)].toPort;
    const std::vector<PortSpec>& ports = params_.type().inputs;
    const bool lastTakesMany = !ports.empty() && ports.back().many;
    return lastTakesMany ? std::min(index, static_cast<int>(ports.size()) - 1) : index;
}

const TensorType* InferContext::inputAtPort(int port) const {
    for (int index = 0; index < inputCount(); ++index)
        if (portOf(index) == port) return &input(index);
    return nullptr;
}

TensorType& InferContext::output(int index) {
    hasOutput_ = true;
    if (index == 0) return firstOutput_;
    while (moreOutputs_.size() < static_cast<std::size_t>(index)) moreOutputs_.emplace_back();
    return *std::next(moreOutputs_.begin(), index - 1);
}

std::span<const TensorType> InferContext::outputs() const {
    if (!hasOutput_) return {};
    if (moreOutputs_.empty()) return {&firstOutput_, 1};
    allOutputs_.assign(1, firstOutput_);
    allOutputs_.insert(allOutputs_.end(), moreOutputs_.begin(), moreOutputs_.end());
    return allOutputs_;
}

void InferContext::refuse(diag::Refusal refusal) {
    assert(diag::faultOf(refusal.code, refusal.arguments).empty());
    refusals_.push_back(std::move(refusal));
}

void InferContext::explain(diag::Phrase quantity, diag::Phrase arithmetic, diag::Phrase note) {
    if (explanation_ != nullptr) explanation_->push_back({std::move(quantity), std::move(arithmetic), std::move(note)});
}

namespace {

/// Of tensors in the order of the inputs.
const tensor::Tensor* atPort(std::span<const tensor::Tensor* const> tensors, std::span<const graph::Link> links,
                             int port) {
    if (links.empty())
        return static_cast<std::size_t>(port) < tensors.size() ? tensors[static_cast<std::size_t>(port)] : nullptr;
    for (std::size_t index = 0; index < links.size() && index < tensors.size(); ++index)
        if (links[index].toPort == port) return tensors[index];
    return nullptr;
}

}  // namespace

const tensor::Tensor* ForwardContext::inputAtPort(int port) const { return atPort(inputs, links, port); }
const tensor::Tensor* ForwardContext::inputMaskAtPort(int port) const { return atPort(inputMasks, links, port); }

const tensor::Tensor* ForwardContext::inputMask(int index) const {
    return static_cast<std::size_t>(index) < inputMasks.size() ? inputMasks[static_cast<std::size_t>(index)] : nullptr;
}

void ForwardContext::giveMask(tensor::Tensor mask, int output) const {
    if (static_cast<std::size_t>(output) < outputMasks.size())
        outputMasks[static_cast<std::size_t>(output)] = std::move(mask);
}

const float* stepMask(const tensor::Tensor* mask, std::int64_t batch, std::int64_t steps) {
    return mask != nullptr && mask->extents() == tensor::Extents{batch, steps} ? mask->data() : nullptr;
}

bool inferLayer(InferContext& context) {
    validate(context);
    checkPorts(context);
    if (context.isRefused()) return false;
    const LayerType& type = context.params().type();
    if (type.infer == nullptr) return true;
    type.infer(context);
    if (!context.isRefused()) checkOverflow(context);
    if (!context.isRefused()) checkWeightCount(context);
    if (context.isRefused()) return false;
    markGuesses(context);
    return true;
}

std::vector<ExplanationLine> explainLayer(const graph::Node& node, std::span<const TensorType* const> inputs) {
    if (anyMissing(inputs)) return {};
    std::vector<ExplanationLine> lines;
    InferContext context(Params(node), inputs, node.inputs, &node);
    context.collectExplanation(&lines);
    inferLayer(context);
    return lines;
}

std::vector<WeightSpec> weightsOf(const graph::Node& node, std::span<const TensorType* const> inputs) {
    return weightsOf(node, inputs, node.inputs);
}

std::vector<WeightSpec> weightsOf(const graph::Node& owner, std::span<const TensorType* const> inputs,
                                  std::span<const graph::Link> links) {
    if (owner.type->weights == nullptr) return {};
    std::vector<WeightSpec> weights = owner.type->weights(Params(owner), byPort(inputs, links));
    if (isFrozen(owner))
        for (WeightSpec& weight : weights) weight.trainable = false;
    return weights;
}

std::optional<ParameterCount> parameterCount(const graph::Node& node, std::span<const TensorType* const> inputs) {
    if (holdsUnknownLayer(node)) return std::nullopt;
    if (node.type->weights == nullptr) return ParameterCount{};
    if (anyMissing(inputs)) return std::nullopt;
    const Params params(node);
    InferContext context(params, inputs, node.inputs, &node);
    if (!inferLayer(context) || (context.outputs().empty() && !node.type->outputs.empty())) return std::nullopt;
    ParameterCount count;
    for (const WeightSpec& weight : weightsOf(node, inputs)) {
        std::int64_t numbers = 1;
        for (const std::int64_t extent : weight.extents) numbers = saturatingMultiply(numbers, extent);
        count.total = saturatingAdd(count.total, numbers);
        if (weight.trainable) count.trainable = saturatingAdd(count.trainable, numbers);
    }
    return count;
}

std::optional<std::int64_t> multiplyAddCount(const graph::Node& node, std::span<const TensorType* const> inputs) {
    if (anyMissing(inputs) || holdsUnknownLayer(node)) return std::nullopt;
    const Params params(node);
    InferContext context(params, inputs, node.inputs, &node);
    if (!inferLayer(context) || context.outputs().empty()) return std::nullopt;
    for (const TensorType& output : context.outputs())
        if (!output.shape.isFullyKnown()) return std::nullopt;
    for (const TensorType* input : inputs)
        if (!input->shape.isFullyKnown()) return std::nullopt;
    if (node.type->multiplyAdds == nullptr) return 0;
    const std::int64_t count = node.type->multiplyAdds(params, inputs, context.outputs());
    return count < 0 ? std::nullopt : std::optional(count);
}

}  // namespace shapewise::layers
