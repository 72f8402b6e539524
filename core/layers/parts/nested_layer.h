#pragma once
// The layer inside a wrapper: from {"class_name", "config"} to a node that can be inferred and run.

#include "core/layers/framework/layer.h"

#include <memory>

namespace shapewise::layers {

/// Never in a graph: carries the settings of the inner layer.
using NestedNode = std::shared_ptr<const graph::Node>;

/// Refuses NestedLayer for the parameter `key` and gives null when the class is missing. Null without a refusal for a
/// class nobody knows: what it gives is not known. Keys of the config that the inner layer does not know are left out.
[[nodiscard]] NestedNode nestedNode(InferContext& context, ParamKey key);
/// The same for forward and weights, after infer has succeeded: null only when it never would.
[[nodiscard]] NestedNode nestedNode(const Params& params, ParamKey key);

/// Refuses NestedLayer with the first thing that is wrong with the settings of the inner layer, whatever comes in.
bool checkNested(InferContext& context, const NestedNode& node, ParamKey key);

/// The types the inner layer gives for these inputs, one a port. Refuses NestedLayer with its first refusal and gives
/// nothing.
[[nodiscard]] std::vector<tensor::TensorType> inferNested(InferContext& context, const NestedNode& node, ParamKey key,
                                                          std::span<const tensor::TensorType* const> inputs);
[[nodiscard]] std::vector<WeightSpec> nestedWeights(const NestedNode& node, const tensor::TensorType& input);

/// What a wrapper gives its inner layer to run with.
struct NestedCall {
    const tensor::Tensor& input;
    std::span<const tensor::Tensor* const> weights;
    std::span<tensor::Tensor> outputs;     ///< of its inferred extents
    const tensor::Tensor* mask = nullptr;  ///< of the input, null: none
    /// Initial states, for the ports behind the first.
    std::span<const tensor::Tensor* const> states = {};
    const PreparedLayer* prepared = nullptr;  ///< what prepareNested made; null: nothing is kept
};
[[nodiscard]] Result<void> runNested(const NestedNode& node, const ForwardContext& outer, const NestedCall& call);

/// What the inner layer keeps between runs with inputs of this type; the weights are those of the wrapper.
[[nodiscard]] PreparedLayer prepareNested(const NestedNode& node, const ForwardContext& outer,
                                          const tensor::TensorType& input);

/// Class name of the inner layer for the node's line: "LSTM"; empty when there is none.
[[nodiscard]] std::string nestedClassName(const Params& params, ParamKey key);

}  // namespace shapewise::layers
