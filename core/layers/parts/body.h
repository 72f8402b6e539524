#pragma once
// The graph inside a nested model, inferred and run like the one around it.

#include "core/graph/graph.h"
#include "core/layers/framework/layer.h"

#include <optional>
#include <string>
#include <vector>

namespace shapewise::layers {

/// A node of the body with what it is given and gives.
struct BodyNode {
    const graph::Node* node = nullptr;
    const graph::Node* owner = nullptr;  ///< whose layer it is: the node itself, or the one it shares the layer of
    std::vector<const tensor::TensorType*> inputs{};  ///< in the order of its links; null where not known
    std::vector<tensor::TensorType> outputs{};        ///< empty when not known

    /// Its links, or none when it takes the model's input directly.
    [[nodiscard]] std::span<const graph::Link> links() const { return {node->inputs}; }
};

/// The first thing inside that is wrong.
struct BodyProblem {
    std::string layer;     ///< name of the node, "encoder/conv1" when it is in a model inside
    diag::Phrase problem;  ///< "window too large (kernel_size), given (None, 2, 2, 8)"
};

/// An output of the body: a node by its place in nodes(), and its port.
struct BodyEnd {
    std::size_t node = 0;
    std::size_t port = 0;
};

/// The body of a nested model for given inputs. Its Input layers, in the order of `inputs` of the model or else of
/// their ids, take them one by one; a body without Input layers takes them at the layers that nothing feeds. As Keras
/// does, an input of one axis too few or too many is fitted when that last axis is 1, and the size of the batch is not
/// compared. Refers to the graph and the types, which must outlive it. O(nodes + links).
class Body {
  public:
    Body(const Params& model, std::span<const tensor::TensorType* const> inputs);

    [[nodiscard]] const std::optional<BodyProblem>& problem() const { return problem_; }
    /// In topological order; up to the problem when there is one.
    [[nodiscard]] const std::vector<BodyNode>& nodes() const { return nodes_; }
    /// In the recorded order, else all nodes that feed nothing, by id.
    [[nodiscard]] const std::vector<BodyEnd>& ends() const { return ends_; }
    /// Place in nodes() of a node of the body.
    [[nodiscard]] std::optional<std::size_t> find(NodeId id) const;
    /// Places in nodes() that take the inputs, in their order.
    [[nodiscard]] const std::vector<std::size_t>& entries() const { return entries_; }
    /// False while an end is not known, which is no error.
    [[nodiscard]] bool isKnown() const;

    /// Places in nodes() in the order of ids, which is that of Keras' files, without further calls of a layer.
    [[nodiscard]] std::vector<std::size_t> layersInFileOrder() const;
    /// Weights of all layers in that order.
    [[nodiscard]] std::vector<WeightSpec> weights() const;
    /// -1 when a size is not known.
    [[nodiscard]] std::int64_t multiplyAdds() const;
    /// The most that the outputs inside take at one time while it runs, in numbers, those of the ends left out.
    /// Saturates.
    [[nodiscard]] std::int64_t workingNumbers() const;
    /// What its layers keep between runs, `inside` by their places in nodes(). Weights as weights() lists them.
    [[nodiscard]] PreparedLayer prepare(const ForwardContext& context) const;
    /// Runs every layer. Weights as weights() lists them. Frees what is no longer needed.
    [[nodiscard]] Result<void> run(ForwardContext& context) const;

  private:
    void inferAll(std::span<const tensor::TensorType* const> inputs);
    [[nodiscard]] bool inferNode(BodyNode& entry);
    [[nodiscard]] bool takeInput(BodyNode& entry, const tensor::TensorType& given);
    void findEnds(const Value& recorded);
    void setProblem(const graph::Node& node, const diag::Refusal& refusal,
                    std::span<const tensor::TensorType* const> inputs);

    const graph::Graph& graph_;
    std::vector<BodyNode> nodes_;
    std::vector<std::int64_t> places_;  ///< by node id: index in nodes_, -1 when not there
    std::vector<std::size_t> entries_;
    std::vector<BodyEnd> ends_;
    std::optional<BodyProblem> problem_;
};

/// Lets an Input layer declare a type: its shape and, when known, its batch.
void declareInput(graph::Node& inputLayer, const tensor::TensorType& type);

/// An Input layer with the rank and element type of a type, all sizes but the batch open.
[[nodiscard]] std::shared_ptr<graph::Node> openInput(NodeId id, std::string name, const tensor::TensorType& type);

/// What an Input layer inside passes on: `given` with as many axes as declared, as Keras fits it, and the declared
/// element type; nullopt when they do not go together.
[[nodiscard]] std::optional<tensor::TensorType> fittedInput(const tensor::TensorType& declared,
                                                            const tensor::TensorType& given);

/// The body as a model by itself: layers that nothing feeds get an Input layer that declares what the model is given.
[[nodiscard]] graph::Graph standingAlone(const Params& model, std::span<const tensor::TensorType* const> inputs);

/// The nodes that take the model's inputs, in their order: Input layers, or layers that nothing feeds.
[[nodiscard]] std::vector<NodeId> bodyEntries(const Params& model);

}  // namespace shapewise::layers
