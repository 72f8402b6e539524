#pragma once
// A graph as the layers of a Keras model: each as it was read where nothing changed, in the words of a dialect else.

#include "core/infer/analysis.h"
#include "core/io/keras/keras_calls.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/keras_targets.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace shapewise::io {

/// Settings of a nested model that say which layers take its inputs and give its outputs.
inline constexpr const char* kInputsOfModel = "inputs";
inline constexpr const char* kOutputsOfModel = "outputs";

class KerasGraphWriter {
  public:
    /// `added`: Inputs that are there for inference alone and that a Sequential does not write.
    KerasGraphWriter(graph::Graph graph, layers::Dialect dialect, std::set<NodeId> added = {});

    /// Puts the layers into a model that has none; one that is no chain any more becomes a Functional model.
    /// `properties`: what says the order of inputs and outputs. Fails where the graph has errors.
    Result<void> fill(Value& model, const ValueDict& properties);

  private:
    using End = std::pair<NodeId, std::int64_t>;

    [[nodiscard]] static bool isWritten(const graph::Node& node) { return node.type->isLayer(); }
    [[nodiscard]] static bool isOperation(const graph::Node& node);
    void readRecords();
    void numberCalls();
    [[nodiscard]] Result<void> refuseErrors(bool isChain) const;
    [[nodiscard]] const LayerRecord* record(NodeId id) const;
    [[nodiscard]] const graph::Node& ownerOf(const graph::Node& node) const;
    [[nodiscard]] std::string writtenName(const graph::Node& owner) const;
    [[nodiscard]] bool isSequentialFrame(const Value& model) const;
    [[nodiscard]] std::vector<NodeId> chain() const;

    [[nodiscard]] Result<Value> entry(const graph::Node& node) const;
    [[nodiscard]] Result<Value> modelEntry(const graph::Node& node, const LayerRecord* kept) const;
    [[nodiscard]] Result<void> fillWrapped(const graph::Node& node, Value& entry) const;
    [[nodiscard]] Value operand(const graph::Node& node, std::size_t input, bool isModern) const;
    [[nodiscard]] std::optional<Value> operation(const graph::Node& node) const;
    [[nodiscard]] Value newInput(const graph::Node& node) const;
    void updateBuild(const graph::Node& node, Value& entry) const;
    void nameEntry(const graph::Node& node, Value& entry) const;
    [[nodiscard]] Result<void> fillSequential(Value& model, const std::vector<NodeId>& chain) const;
    [[nodiscard]] bool hasBranches(const graph::Node& node) const;
    [[nodiscard]] Result<void> fillBranches(const graph::Node& node, Value& entry) const;
    [[nodiscard]] Result<void> fillFunctional(Value& model, const ValueDict& properties);

    void writeCalls(const graph::Node& node, Value& entry, bool isKept) const;
    [[nodiscard]] bool changeCall(const graph::Node& node, Value& call) const;
    [[nodiscard]] ValueDict settingsOfCall(const graph::Node& node) const;
    [[nodiscard]] Value newCall(const graph::Node& node) const;
    [[nodiscard]] TensorReference referenceTo(NodeId id, std::int64_t port) const;
    [[nodiscard]] Value reference(NodeId id, std::int64_t port) const;
    [[nodiscard]] Value tensor(const graph::Link& link) const;
    [[nodiscard]] Value shapeOf(const graph::Link& link) const;

    [[nodiscard]] std::vector<End> inputs() const;
    [[nodiscard]] std::vector<End> outputs() const;
    [[nodiscard]] std::vector<End> ends(const ValueDict& properties, bool isOutput) const;
    void fillEnds(Value& config, const char* key, const std::vector<End>& ends) const;

    graph::Graph graph_;
    layers::Dialect dialect_;
    std::set<NodeId> added_;
    infer::Analysis analysis_;
    bool isFromFunctional_ = false;                  ///< the file says which layers each layer takes
    std::map<NodeId, LayerRecord> records_;          ///< of the dialect that is written
    std::map<NodeId, std::int64_t> callOf_;          ///< by which number a node is referred to
    std::map<NodeId, std::vector<NodeId>> callsOf_;  ///< of the owner of a layer
};

}  // namespace shapewise::io
