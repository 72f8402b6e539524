#pragma once
// Reading nodes that may be at fault: nothing here asserts that a parameter is well formed.

#include "core/graph/project.h"
#include "core/infer/analysis.h"
#include "core/layers/framework/layer.h"

#include <optional>
#include <string>
#include <vector>

namespace shapewise::mistakes {

using Numbers = std::vector<std::int64_t>;

/// "conv2d", or "Conv2D 'encoder'" when the name does not tell the class.
[[nodiscard]] std::string labelOf(const graph::Node& node);

/// The value set or the default; None when the type has no such parameter.
[[nodiscard]] const Value& valueOf(const graph::Node& node, std::string_view key);
/// nullopt unless the value is one integer.
[[nodiscard]] std::optional<std::int64_t> integerOf(const graph::Node& node, std::string_view key);
/// `axes` integers, one integer repeated. Empty when the value is something else.
[[nodiscard]] Numbers spatialOf(const graph::Node& node, std::string_view key, int axes);
/// A list of integers, or one integer as a list. Empty when the value is something else.
[[nodiscard]] Numbers integersOf(const Value& value);
[[nodiscard]] bool flagOf(const graph::Node& node, std::string_view key);
/// Lower case; empty when the value is no text.
[[nodiscard]] std::string textOf(const graph::Node& node, std::string_view key);
[[nodiscard]] bool hasParameter(const layers::LayerType& type, std::string_view key);
/// True for data_format channels_first, or an axis-1 normalisation.
[[nodiscard]] bool isChannelsFirst(const graph::Node& node);

/// The parameter that holds the size of the window: kernel_size, pool_size or frame_length; empty when there is none.
[[nodiscard]] std::string_view windowKey(const layers::LayerType& type);
/// The parameter in which a source declares the shape of one sample; empty when there is none.
[[nodiscard]] std::string_view shapeKey(const layers::LayerType& type);

/// Which axes of a tensor of this rank a layer takes as space and which as channels.
struct AxisLayout {
    int firstSpatial = 1;
    int spatialCount = 0;
    int channel = 1;
};
[[nodiscard]] AxisLayout layoutOf(int rank, bool channelsFirst);

/// The class name inside a wrapper's `layer` value, and its config; null when there is none.
struct InnerLayer {
    const layers::LayerType* type = nullptr;
    const Value* config = nullptr;
};
[[nodiscard]] InnerLayer innerLayerOf(const graph::Node& node);

/// A recurrent layer, also inside Bidirectional: return_sequences decides its rank.
[[nodiscard]] bool isRecurrent(const graph::Node& node);

/// Type at a link, null when not known.
[[nodiscard]] const tensor::TensorType* typeAt(const infer::Analysis& analysis, const graph::Link& link);
/// The node that feeds the first port, or null.
[[nodiscard]] const graph::Node* firstProducer(const graph::Graph& graph, const graph::Node& node);

/// Sizes without the batch axis as a parameter value; unknown sizes as -1 (of which Reshape takes one) and names as
/// text.
[[nodiscard]] Value sizesValue(const std::vector<tensor::Dim>& sizes);
/// "(18, 32, 1)".
[[nodiscard]] diag::Phrase sizesText(const std::vector<tensor::Dim>& sizes);
[[nodiscard]] std::string numbersText(const Numbers& numbers);
/// "3 × 3".
[[nodiscard]] std::string timesText(const Numbers& numbers);
/// Sizes of a shape without its first axis.
[[nodiscard]] std::vector<tensor::Dim> sampleSizes(const tensor::Shape& shape);

}  // namespace shapewise::mistakes
