#pragma once
// One layer without a graph: its node, links and inputs, made from a Keras config.

#include "core/base/result.h"
#include "core/layers/framework/catalog.h"
#include "tests/conformance/outcome.h"
#include "tests/conformance/record.h"

#include <memory>
#include <optional>

namespace shapewise::conformance {

/// A layer with the inputs it is called on. The links run from nodes 0, 1, ... that do not exist.
class LoneLayer {
  public:
    /// Null for a class the catalogue does not know, also inside a wrapper.
    [[nodiscard]] static std::optional<LoneLayer> make(std::string_view className, const Value& config);

    /// Call arguments: those that are parameters are set; tensors among them are further inputs or masks, which the
    /// caller gives; the others (training) change nothing in inference mode.
    void call(const ValueDict& arguments);
    /// The inputs in call order; `names` ("query_shape") choose ports by name where given.
    void connect(std::vector<tensor::TensorType> types, const std::vector<std::string>& names = {});

    [[nodiscard]] const graph::Node& node() const { return *node_; }
    [[nodiscard]] const layers::LayerType& type() const { return *node_->type; }
    [[nodiscard]] std::span<const tensor::TensorType* const> inputs() const { return inputs_; }
    /// Weight tensors the layer asks for on these inputs.
    [[nodiscard]] std::vector<layers::WeightSpec> weights() const;

    /// What the shape rule says: the outputs, or the refusals in words.
    [[nodiscard]] Result<std::vector<tensor::TensorType>> infer() const;
    /// The checks that need no input: what is refused, in words; empty when nothing is.
    [[nodiscard]] std::string refusalOfConfig() const;

    /// Infers, allocates and runs. `masks`: one for each input, null for none.
    [[nodiscard]] Result<std::vector<tensor::Tensor>> run(std::span<const tensor::Tensor> inputs,
                                                          std::span<const tensor::Tensor> weights,
                                                          std::span<const tensor::Tensor* const> masks = {}) const;

  private:
    std::shared_ptr<graph::Node> node_;
    std::shared_ptr<const std::vector<tensor::TensorType>> types_;
    std::vector<const tensor::TensorType*> inputs_;
};

/// Checks one record of kind numeric, shape or invalid.
[[nodiscard]] Outcome checkLayer(const Record& record);

}  // namespace shapewise::conformance
