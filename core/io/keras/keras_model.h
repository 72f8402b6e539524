#pragma once
// The parts of reading a Keras model: finding it in a file, and turning its layers into a graph.

#include "core/io/keras/keras_calls.h"
#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/layer_node.h"

#include "core/base/result.h"
#include "core/graph/graph.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace shapewise::io {

/// A model as found in a file.
struct KerasModel {
    std::string name;
    bool isSequential = false;
    const ValueList* layers = nullptr;
    const Value* inputLayers = nullptr;  ///< null when the file names none
    const Value* outputLayers = nullptr;
    const Value* buildShape = nullptr;  ///< of a Sequential
};
/// From {"class_name": "Sequential", "config": {...}}, that config alone or a list of layers. nullopt when it is no
/// model.
[[nodiscard]] std::optional<KerasModel> kerasModel(const Value& value);

/// References in input_layers and output_layers: one, a list of them, or a dict of them. Null gives none.
[[nodiscard]] std::vector<TensorReference> tensorReferencesIn(const Value* value);

struct OutputPlace {
    NodeId node;
    std::uint16_t port = 0;
    friend bool operator==(const OutputPlace&, const OutputPlace&) = default;
};

/// Input layers in the order of ids.
[[nodiscard]] std::vector<NodeId> inputLayersOf(const graph::Graph& graph);
/// Nodes whose output nothing uses, in the order of ids.
[[nodiscard]] std::vector<OutputPlace> naturalOutputs(const graph::Graph& graph);

/// A layer without models inside as a node: what its entry alone says.
[[nodiscard]] std::shared_ptr<graph::Node> plainNode(const LayerEntry& entry, NodeId id, std::string name);
/// The input port that takes an argument of a call; nullopt when the layer has none for it.
[[nodiscard]] std::optional<std::size_t> portFor(const graph::Node& node, const CallArgument& argument);

class DataFormats;

/// That a layer is of a class nobody knows.
[[nodiscard]] std::string unknownNote(std::string_view name, std::string_view className);

/// Builds the graph of one model. Layers nobody knows become Custom nodes; a link that leads nowhere is left out and
/// noted.
class KerasGraphReader {
  public:
    /// `isNested`: the model around it feeds it, so that it needs no input of its own.
    KerasGraphReader(layers::Dialect dialect, const DataFormats& formats, std::vector<std::string>& notes,
                     bool isNested = false)
        : dialect_(dialect), formats_(formats), notes_(notes), isNested_(isNested) {}

    Result<void> read(const KerasModel& model);

    graph::Graph graph;
    std::vector<NodeId> inputs;
    std::vector<OutputPlace> outputs;

  private:
    /// A layer of a Functional model with its calls.
    struct Layer {
        LayerEntry entry;
        const Value* source = nullptr;
        std::vector<LayerCall> calls;
        std::vector<NodeId> nodes;     ///< one for each call
        std::int64_t firstCall = 0;    ///< index files give to the first call: 1 for some nested models
        std::int64_t lowestIndex = 0;  ///< by which something in the model refers to one of its calls
        std::string where;
    };

    /// An entry of the file in our words.
    [[nodiscard]] LayerEntry entryOf(const Value& layer) const;

    Result<void> readSequential(const KerasModel& model);
    Result<NodeId> appendSequential(const ValueList& layers, const Value* buildShape, const std::string& where);
    Result<std::optional<NodeId>> readBranches(const LayerEntry& entry, const std::string& where);
    Result<void> readFunctional(const KerasModel& model);
    Result<void> readFunctionalLayers(const KerasModel& model);
    void findFirstCalls(const KerasModel& model);
    void declareShapes();
    void readReshapes();
    void connect(Layer& layer, std::size_t call);
    void connectArgument(graph::Node& node, const CallArgument& argument, const std::string& where);
    void readEnds(const KerasModel& model);
    std::optional<OutputPlace> resolve(const TensorReference& reference) const;

    Result<std::shared_ptr<graph::Node>> makeNode(const LayerEntry& entry, const Value& source, std::string name,
                                                  const std::string& where);
    Result<std::shared_ptr<graph::Node>> readNested(const KerasModel& model, NodeId id, std::string name,
                                                    const std::string& where);
    Result<void> readWrapped(graph::Node& wrapper, const Value& source, const std::string& where);
    /// What a model takes: its first layer, and the shape of a batch, None where the file does not say.
    struct Taken {
        LayerEntry first;
        Value shape;
    };
    [[nodiscard]] Taken takenBy(const KerasModel& model) const;
    NodeId addInputFor(const LayerEntry& entry, const Value& shape);
    NodeId put(std::shared_ptr<graph::Node> node);
    void note(NodeId id, const Value& source, const std::string& name);
    void keepRecords();
    std::string nameFor(const LayerEntry& entry) {
        return names_.take(entry.name.empty() ? baseName(entry.className) : entry.name);
    }

    layers::Dialect dialect_;
    const DataFormats& formats_;
    std::vector<std::string>& notes_;
    bool isNested_;
    NameTable names_;
    std::vector<Layer> layers_;
    std::unordered_map<std::string, std::size_t> layerOf_;
    std::map<NodeId, LayerRecord> records_;  ///< what the file says of each node
};

}  // namespace shapewise::io
