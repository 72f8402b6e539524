#include "valid_layer.h"

#include "core/kernels/window_functions.h"

#include <algorithm>
#include <map>

namespace shapewise::layers {

namespace {

using tensor::Dim;
using tensor::TensorType;

/// A draw being made: settings first, then what their meeting demands.
class Draft {
  public:
    Draft(Random& random, const LayerType& type)
        : random_(random), type_(type), node_(makeInitialNode(type, NodeId(0), automaticName(type))) {}

    [[nodiscard]] std::int64_t number(std::int64_t lowest, std::int64_t highest) {
        return randomBetween(random_, lowest, highest);
    }
    [[nodiscard]] bool chance(int oneIn) { return number(1, oneIn) == 1; }
    template <class T>
    [[nodiscard]] const T& one(const std::vector<T>& choices) {
        return choices[static_cast<std::size_t>(number(0, static_cast<std::int64_t>(choices.size()) - 1))];
    }
    void set(std::string_view key, Value value) { node_->set(key, std::move(value)); }
    [[nodiscard]] Params params() const { return Params(*node_); }
    [[nodiscard]] bool has(std::string_view key) const { return type_.param(key) != nullptr; }
    [[nodiscard]] const LayerType& type() const { return type_; }
    [[nodiscard]] Random& random() { return random_; }

    void give(std::vector<std::int64_t> sizes) { inputs_.push_back(typeFrom(sizes)); }
    void giveIds(std::vector<std::int64_t> sizes) {
        give(std::move(sizes));
        inputs_.back().dtype = tensor::DType::Int32;
    }
    /// Batch 2, then sizes from lowest to highest.
    [[nodiscard]] std::vector<std::int64_t> sizes(int rank, std::int64_t lowest, std::int64_t highest) {
        std::vector<std::int64_t> drawn{2};
        for (int axis = 1; axis < rank; ++axis) drawn.push_back(number(lowest, highest));
        return drawn;
    }
    [[nodiscard]] int rankOf(const PortSpec& port) {
        return static_cast<int>(number(std::max(port.minimumRank, 1), std::min(port.maximumRank, 5)));
    }

    [[nodiscard]] ValidLayer done() && { return {std::move(node_), std::move(inputs_)}; }
    [[nodiscard]] std::vector<TensorType>& inputs() { return inputs_; }

  private:
    static TensorType typeFrom(const std::vector<std::int64_t>& sizes) {
        TensorType type;
        for (const std::int64_t size : sizes) type.shape.append(Dim(size));
        return type;
    }
    Random& random_;
    const LayerType& type_;
    std::shared_ptr<graph::Node> node_;
    std::vector<TensorType> inputs_;
};

constexpr std::int64_t kLargeEnough = 6;  ///< fits a kernel of 3 with dilation 2

/// Windows that slide: strides without dilation where they exclude one another, groups that divide.
void drawWindows(Draft& draft, int leadingAxes) {
    const int axes = draft.type().family.spatialRank;
    const bool first = draft.chance(2);
    draft.set("data_format", Value(first ? "channels_first" : "channels_last"));
    const auto spatial = [&](std::string_view key, std::int64_t lowest, std::int64_t highest) {
        if (!draft.has(key)) return;
        ValueList list;
        for (int axis = 0; axis < axes; ++axis) list.emplace_back(draft.number(lowest, highest));
        draft.set(key, draft.chance(3) ? list.front() : Value(std::move(list)));
    };
    spatial("kernel_size", 1, 3);
    spatial("pool_size", 1, 3);
    spatial("output_size", 1, 9);
    const bool isStrided = draft.chance(2);
    spatial("strides", 1, isStrided ? 2 : 1);
    spatial("dilation_rate", 1, isStrided ? 1 : 2);
    if (draft.has("pool_size") && draft.chance(3)) draft.set("strides", Value());
    const SpatialSizes strides = draft.has("strides") && !draft.params().isNone("strides")
                                     ? draft.params().spatial("strides", axes)
                                     : SpatialSizes{1, 1, 1};
    if (draft.has("output_padding")) {
        ValueList added;
        for (int axis = 0; axis < axes; ++axis)
            added.emplace_back(draft.number(0, strides[static_cast<std::size_t>(axis)] - 1));
        draft.set("output_padding", draft.chance(2) ? Value() : Value(std::move(added)));
    }
    const std::int64_t groups = draft.has("groups") ? draft.number(1, 3) : 1;
    if (draft.has("groups")) draft.set("groups", groups);
    if (draft.has("filters")) draft.set("filters", 2 * groups * draft.number(1, 2));
    std::vector<std::int64_t> sizes{2};
    for (int axis = 0; axis < leadingAxes; ++axis) sizes.push_back(draft.number(1, 3));
    const std::int64_t channels = 2 * groups * draft.number(1, 2);
    if (first) sizes.push_back(channels);
    for (int axis = 0; axis < axes; ++axis) sizes.push_back(draft.number(kLargeEnough, axes > 2 ? 7 : 9));
    if (!first) sizes.push_back(channels);
    // glu halves the last axis, whatever it is.
    if (draft.has("activation") && draft.params().activation("activation") == "glu" && first)
        draft.set("activation", Value("relu"));
    if (leadingAxes > 0)
        for (const char* key : {"activation", "recurrent_activation"})
            if (draft.params().activation(ParamKey::of(key)) == "glu") draft.set(key, Value("tanh"));
    draft.give(std::move(sizes));
}

void drawSpatial(Draft& draft) { drawWindows(draft, 0); }
void drawConvLstm(Draft& draft) { drawWindows(draft, 1); }

/// Padding, cropping, up-sampling, spatial dropout, global pooling: any map that is large enough.
void drawMap(Draft& draft) {
    const PortSpec& port = draft.type().inputs.front();
    const std::int64_t lowest = draft.has("cropping") ? 9 : 1;  // 4 cells are cut off at each end at the most
    draft.give(draft.sizes(draft.rankOf(port), lowest, lowest + 2));
}

void drawAny(Draft& draft) {
    const PortSpec& port = draft.type().inputs.front();
    draft.give(draft.sizes(draft.rankOf(port), 1, 6));
}

/// An even last axis, for glu.
void drawEven(Draft& draft) {
    std::vector<std::int64_t> sizes = draft.sizes(static_cast<int>(draft.number(2, 4)), 1, 6);
    sizes.back() *= 2;
    if (draft.has("units")) draft.set("units", 2 * draft.number(1, 4));
    draft.give(std::move(sizes));
}

/// One axis, or several that differ, counted from either end.
void drawAxes(Draft& draft) {
    const int rank = static_cast<int>(draft.number(2, 4));
    std::vector<std::int64_t> axes;
    for (int axis = 1; axis < rank; ++axis) axes.push_back(draft.chance(2) ? axis : axis - rank);
    std::shuffle(axes.begin(), axes.end(), draft.random());
    const bool takesOne = draft.has("momentum") || draft.has("groups");
    const auto count = static_cast<std::size_t>(takesOne ? 1 : draft.number(1, rank - 1));
    axes.resize(count);
    draft.set("axis", count == 1 ? Value(axes[0]) : Value::list(axes));
    std::vector<std::int64_t> sizes = draft.sizes(rank, 1, 5);
    if (draft.has("groups")) {
        const std::int64_t groups = draft.chance(4) ? -1 : draft.number(1, 3);
        draft.set("groups", groups);
        const std::int64_t axis = axes[0] < 0 ? axes[0] + rank : axes[0];
        sizes[static_cast<std::size_t>(axis)] = std::abs(groups) * draft.number(1, 3);
    }
    if (draft.has("renorm_clipping")) draft.set("renorm_clipping", Value());
    draft.give(std::move(sizes));
}

void drawNormalization(Draft& draft) {
    drawAxes(draft);
    const bool isGiven = draft.chance(2);
    draft.set("mean", isGiven ? Value(0.5) : Value());
    draft.set("variance", isGiven ? Value(2.0) : Value());
    if (draft.chance(4)) draft.set("axis", Value());
}

void drawRescaling(Draft& draft) {
    std::vector<std::int64_t> sizes = draft.sizes(3, 1, 4);
    draft.set("scale", draft.chance(2)
                           ? Value(0.5)
                           : Value::list(std::vector<std::int64_t>(static_cast<std::size_t>(sizes.back()), 2)));
    draft.set("offset", Value(-1.0));
    draft.give(std::move(sizes));
}

void drawPRelu(Draft& draft) {
    const int rank = static_cast<int>(draft.number(2, 4));
    if (draft.chance(2)) draft.set("shared_axes", Value::list({draft.number(1, rank - 1)}));
    draft.give(draft.sizes(rank, 1, 5));
}

void drawReshape(Draft& draft) {
    const std::vector<std::int64_t> factors{draft.number(1, 4), draft.number(1, 4), draft.number(1, 4)};
    std::vector<std::int64_t> target = draft.chance(2) ? std::vector<std::int64_t>{factors[0] * factors[1], factors[2]}
                                                       : std::vector<std::int64_t>{factors[2], factors[1], factors[0]};
    if (draft.chance(2))
        target[static_cast<std::size_t>(draft.number(0, static_cast<std::int64_t>(target.size()) - 1))] = -1;
    draft.set("target_shape", Value::list(target));
    draft.give({2, factors[0], factors[1] * factors[2]});
}

void drawPermute(Draft& draft) {
    const int rank = static_cast<int>(draft.number(2, 5));
    std::vector<std::int64_t> dims;
    for (int axis = 1; axis < rank; ++axis) dims.push_back(axis);
    std::shuffle(dims.begin(), dims.end(), draft.random());
    draft.set("dims", Value::list(dims));
    draft.give(draft.sizes(rank, 1, 5));
}

/// One of the examples that the layer gives itself.
void drawExample(Draft& draft) {
    const Example& example = draft.one(draft.type().examples);
    for (const auto& [key, value] : example.settings) draft.set(key, value);
    // glu halves the last axis, which may not be even.
    for (const char* key : {"activation", "recurrent_activation"})
        if (draft.has(key) && draft.params().activation(ParamKey::of(key)) == "glu") draft.set(key, Value("gelu"));
    for (const tensor::Extents& sizes : example.inputs) draft.give({sizes.begin(), sizes.end()});
}

/// Sizes equal or 1, inputs of fewer axes.
void drawMerge(Draft& draft) {
    const int rank = static_cast<int>(draft.number(2, 5));
    const std::vector<std::int64_t> whole = draft.sizes(rank, 1, 4);
    const bool isPair = draft.type().className == "Subtract";
    for (std::int64_t left = isPair ? 2 : draft.number(1, 3); left > 0; --left) {
        std::vector<std::int64_t> sizes{2};
        for (auto axis = static_cast<std::size_t>(draft.number(1, rank - 1)); axis < whole.size(); ++axis)
            sizes.push_back(draft.chance(4) ? 1 : whole[axis]);
        draft.give(std::move(sizes));
    }
}

void drawConcatenate(Draft& draft) {
    const int rank = static_cast<int>(draft.number(2, 4));
    const std::int64_t axis = draft.number(0, rank - 1);
    draft.set("axis", draft.chance(2) ? axis : axis - rank);
    std::vector<std::int64_t> sizes = draft.sizes(rank, 1, 4);
    for (std::int64_t left = draft.number(1, 3); left > 0; --left) {
        sizes[static_cast<std::size_t>(axis)] = draft.number(1, 4);
        draft.give(sizes);
    }
}

void drawDot(Draft& draft) {
    const int ranks[] = {static_cast<int>(draft.number(2, 4)), static_cast<int>(draft.number(2, 4))};
    const std::int64_t axes[] = {draft.number(1, ranks[0] - 1), draft.number(1, ranks[1] - 1)};
    const std::int64_t length = draft.number(1, 5);
    for (int input = 0; input < 2; ++input) {
        std::vector<std::int64_t> sizes = draft.sizes(ranks[input], 1, 4);
        sizes[static_cast<std::size_t>(axes[input])] = length;
        draft.give(std::move(sizes));
    }
    draft.set("axes", Value::list({axes[0], draft.chance(2) ? axes[1] : axes[1] - ranks[1]}));
}

void drawRecurrent(Draft& draft) {
    for (const char* key : {"activation", "recurrent_activation"})
        if (draft.has(key) && draft.params().activation(ParamKey::of(key)) == "glu") draft.set(key, Value("tanh"));
    draft.give(draft.sizes(3, 1, 5));
    if (draft.chance(2)) return;
    for (std::size_t port = 1; port < draft.type().inputs.size(); ++port)
        draft.give({2, draft.params().integer("units")});
}

ValueDict innerConfig(const graph::Node& node) {
    ValueDict config;
    for (const graph::Setting& setting : node.settings) config.emplace_back(setting.key, setting.value);
    return config;
}

Value innerLayer(const ValidLayer& inner) {
    return Value(
        ValueDict{{"class_name", Value(inner.node->type->className)}, {"config", Value(innerConfig(*inner.node))}});
}

void drawBidirectional(Draft& draft) {
    const LayerType& type =
        *findLayer(draft.one(std::vector<std::string_view>{"LSTM", "GRU", "SimpleRNN", "ConvLSTM1D"}));
    ValidLayer inner = validLayer(draft.random(), type);
    inner.node->set("go_backwards", Value(false));
    draft.set("layer", innerLayer(inner));
    draft.set("backward_layer", Value());
    if (draft.chance(4)) draft.set("merge_mode", Value());
    draft.inputs().push_back(inner.inputs[0]);
    if (inner.inputs.size() == 1) return;
    for (int direction = 0; direction < 2; ++direction)
        draft.inputs().insert(draft.inputs().end(), inner.inputs.begin() + 1, inner.inputs.end());
}

void drawTimeDistributed(Draft& draft) {
    const std::vector<std::string_view> names{"Dense",   "Conv1D",       "Conv2D", "LSTM",    "LayerNormalization",
                                              "Flatten", "MaxPooling2D", "ReLU",   "Reshape", "UpSampling2D"};
    const ValidLayer inner = validLayer(draft.random(), *findLayer(draft.one(names)));
    draft.set("layer", innerLayer(inner));
    std::vector<std::int64_t> sizes{2, draft.number(1, 3)};
    for (int axis = 1; axis < inner.inputs[0].shape.rank(); ++axis) sizes.push_back(inner.inputs[0].shape[axis].size());
    draft.give(std::move(sizes));
}

/// Query, value, and perhaps a key.
void drawAttention(Draft& draft) {
    const int rank = static_cast<int>(draft.number(3, 4));
    const std::vector<std::int64_t> query = draft.sizes(rank, 1, 4);
    std::vector<std::int64_t> value = query;
    value[value.size() - 2] = draft.number(1, 4);
    std::vector<std::int64_t> key = value;
    const bool hasKey = draft.chance(2);
    if (hasKey) value.back() = draft.number(1, 4);
    draft.give(query);
    draft.give(value);
    if (hasKey) draft.give(key);
}

void drawHeads(Draft& draft) {
    const bool isGrouped = draft.has("num_query_heads");
    const int rank = isGrouped ? 3 : static_cast<int>(draft.number(3, 4));
    if (isGrouped) {
        const std::int64_t shared = draft.number(1, 2);
        draft.set("num_key_value_heads", shared);
        draft.set("num_query_heads", shared * draft.number(1, 3));
    } else {
        draft.set("attention_axes", draft.chance(2) ? Value() : Value::list({draft.number(1, rank - 2)}));
        draft.set("output_shape", draft.chance(2) ? Value() : Value::list({draft.number(1, 3), draft.number(1, 3)}));
    }
    const std::vector<std::int64_t> query = draft.sizes(rank, 1, 4);
    std::vector<std::int64_t> value = query;
    if (isGrouped || draft.params().isNone("attention_axes")) {
        for (std::size_t axis = 1; axis + 1 < value.size(); ++axis) value[axis] = draft.number(1, 4);
    } else {
        value[static_cast<std::size_t>(draft.params().integers("attention_axes")[0])] = draft.number(1, 4);
    }
    if (!isGrouped) value.back() = draft.number(1, 4);
    if (!draft.params().isNone("flash_attention") && draft.params().flag("flash_attention")) {
        draft.set("dropout", 0.0);
        draft.set("return_attention_scores", false);
    }
    draft.give(query);
    draft.give(value);
    if (draft.chance(2)) return;
    value.back() = draft.number(1, 4);
    draft.give(value);
    if (rank == 3 && draft.chance(2)) draft.give({draft.chance(2) ? 2 : 1, query[1], value[1]});
}

void drawIds(Draft& draft) {
    draft.giveIds(draft.sizes(static_cast<int>(draft.number(1, 3)), 1, 4));
    const bool hasWeights =
        draft.type().inputs.size() > 1 && draft.params().text("output_mode") == "count" && draft.chance(2);
    if (!hasWeights) return;
    draft.inputs().push_back(draft.inputs().front());
    draft.inputs().back().dtype = tensor::DType::Float32;
}

Value anyWindow(Draft& draft, std::int64_t length) {
    if (draft.chance(4)) return Value();
    if (draft.chance(4)) return Value::list(std::vector<std::int64_t>(static_cast<std::size_t>(length), 1));
    std::vector<std::string_view> plain;
    for (const std::string_view name : kernels::windowNames())
        if (kernels::requiredWindowParameters(name) == 0) plain.push_back(name);
    return Value(draft.one(plain));
}

void drawStft(Draft& draft) {
    const std::int64_t length = draft.number(2, 12);
    draft.set("frame_length", length);
    draft.set("frame_step", draft.chance(3) ? Value() : Value(draft.number(1, length)));
    draft.set("fft_length", draft.chance(3) ? Value() : Value(length + draft.number(0, 9)));
    draft.set("window", anyWindow(draft, length));
    draft.set("scaling", draft.chance(3) ? Value() : Value(draft.chance(2) ? "density" : "spectrum"));
    const bool first = draft.chance(2);
    draft.set("data_format", Value(first ? "channels_first" : "channels_last"));
    const std::int64_t samples = draft.number(12, 60);
    const std::int64_t channels = draft.number(1, 3);
    draft.give({2, first ? channels : samples, first ? samples : channels});
}

void drawMel(Draft& draft) {
    const std::int64_t fft = draft.number(4, 40);
    draft.set("fft_length", fft);
    draft.set("sequence_length", draft.chance(2) ? Value() : Value(draft.number(2, fft)));
    draft.set("sequence_stride", draft.number(1, 20));
    draft.set("window", anyWindow(draft, draft.params().integer(draft.params().isNone("sequence_length")
                                                                    ? ParamKey("fft_length")
                                                                    : ParamKey("sequence_length"))));
    draft.set("max_freq", Value());
    draft.set("sampling_rate", Value(8000));
    const std::int64_t samples = draft.number(fft, 100);
    if (draft.chance(3))
        draft.give({samples});
    else
        draft.give({2, samples});
}

void drawPicture(Draft& draft) {
    draft.set("height", draft.number(1, 9));
    draft.set("width", draft.number(1, 9));
    if (draft.has("pad_to_aspect_ratio")) {
        draft.set("crop_to_aspect_ratio", Value(draft.chance(3)));
        draft.set("pad_to_aspect_ratio", Value(!draft.params().flag("crop_to_aspect_ratio") && draft.chance(2)));
    }
    draft.give(draft.sizes(static_cast<int>(draft.number(3, 4)), 2, 8));
}

void drawVector(Draft& draft) { draft.give(draft.sizes(2, 1, 6)); }

using Draw = void (*)(Draft& draft);

bool hasWindow(const LayerType& type) {
    for (const std::string_view key : {"kernel_size", "pool_size", "output_size"})
        if (type.param(key) != nullptr) return type.family.spatialRank > 0;
    return false;
}

Draw drawFor(const LayerType& type) {
    if (!type.examples.empty()) return drawExample;
    static const std::map<std::string_view, Draw> kByClass{
        {"Activation", drawEven},
        {"Dense", drawEven},
        {"PReLU", drawPRelu},
        {"Softmax", drawAxes},
        {"BatchNormalization", drawAxes},
        {"LayerNormalization", drawAxes},
        {"RMSNormalization", drawAxes},
        {"UnitNormalization", drawAxes},
        {"GroupNormalization", drawAxes},
        {"Normalization", drawNormalization},
        {"Rescaling", drawRescaling},
        {"Reshape", drawReshape},
        {"Permute", drawPermute},
        {"Concatenate", drawConcatenate},
        {"Dot", drawDot},
        {"SimpleRNN", drawRecurrent},
        {"LSTM", drawRecurrent},
        {"GRU", drawRecurrent},
        {"Bidirectional", drawBidirectional},
        {"TimeDistributed", drawTimeDistributed},
        {"Attention", drawAttention},
        {"AdditiveAttention", drawAttention},
        {"MultiHeadAttention", drawHeads},
        {"GroupQueryAttention", drawHeads},
        {"Embedding", drawIds},
        {"CategoryEncoding", drawIds},
        {"STFTSpectrogram", drawStft},
        {"MelSpectrogram", drawMel},
        {"Resizing", drawPicture},
        {"CenterCrop", drawPicture},
        {"RepeatVector", drawVector},
    };
    if (const auto found = kByClass.find(type.className); found != kByClass.end()) return found->second;
    if (type.role == Role::ConvRecurrent) return drawConvLstm;
    if (hasWindow(type)) return drawSpatial;
    if (type.role == Role::BroadcastMerge) return drawMerge;
    switch (type.effects.space) {
        case AxisEffect::Shifts:
        case AxisEffect::Stretches:
        case AxisEffect::Reduces: return drawMap;
        default: return drawAny;
    }
}

}  // namespace

ValidLayer validLayer(Random& random, const LayerType& type) {
    Draft draft(random, type);
    graph::Node settings = *makeInitialNode(type, NodeId(0), automaticName(type));
    randomize(random, settings, 3);
    for (const graph::Setting& setting : settings.settings) draft.set(setting.key, setting.value);
    if (!type.inputs.empty()) drawFor(type)(draft);
    return std::move(draft).done();
}

}  // namespace shapewise::layers
