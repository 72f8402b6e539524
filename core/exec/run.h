#pragma once
// Running real data through a project on the CPU. Called on a worker thread with a snapshot.

#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/exec/prepared.h"
#include "core/graph/project.h"
#include "core/tensor/tensor.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace shapewise::exec {

using TensorPtr = std::shared_ptr<const tensor::Tensor>;

/// Data of a node that reads a file (Audio file, Image file, Array file): given by core/io, which knows the formats.
struct NodeData {
    TensorPtr values;
    tensor::TensorType type;
    std::string note{};                      ///< what was done to the numbers, or is missing of them; may be empty
    std::vector<std::string> sampleNames{};  ///< what each sample was read from; empty when all are from one file
};
using DataLoader = std::function<Result<NodeData>(const graph::Node& node, std::stop_token stop)>;

struct RunRequest {
    graph::Project project;
    std::map<NodeId, TensorPtr> inputs;      ///< values for Input nodes; the others get seeded sample data
    std::map<NodeId, TensorPtr> inputMasks;  ///< of those values, where they have one
    DataLoader loadData;                     ///< null: file nodes fail with a message
    /// Tells without reading it whether a node's file is still the same (path, size, time of change). Null: files are
    /// read at every run.
    std::function<std::uint64_t(const graph::Node& node)> dataStamp;
    std::uint64_t memoryLimitBytes = 0;  ///< 0: half of the machine's memory
    std::vector<NodeId> only;            ///< run these and what they need; empty: everything
    /// In front of the names of nodes that hold no seed: "encoder/" for the graph inside the model 'encoder'
    /// (core/graph/seeds.h).
    std::string scope;
};

/// Values of outputs that are no numbers or infinite.
struct NotFinite {
    std::int64_t notANumber = 0;
    std::int64_t infinite = 0;
    std::int64_t values = 0;  ///< all that were looked at
    std::size_t output = 0;   ///< where the first one is
    std::int64_t first = -1;  ///< its place there, in row-major order; -1 when there is none
    bool startsHere = false;  ///< what the node is given has none

    [[nodiscard]] bool any() const { return first >= 0; }
};

struct NodeRun {
    std::vector<TensorPtr> outputs;  ///< empty when it was not run
    /// In the order of outputs, null where one has none: 1 and 0 for each step. Empty when no output has a mask.
    std::vector<TensorPtr> masks;
    std::vector<tensor::TensorType> types;  ///< concrete shapes, axis meanings and scales of the outputs
    std::chrono::nanoseconds duration{0};
    bool reused = false;     ///< taken from the store: nothing before it had changed
    bool cancelled = false;  ///< the run was stopped before it, or before what it needs
    NodeId waitsFor;         ///< the node whose missing output keeps it from running; not valid when there is none
    std::string problem;     ///< why it has no output: "waits for conv2d", "needs 3.2 GB ..."; empty if run
    std::string note;        ///< what was assumed: "unknown sizes run as 16"; may be empty
    NotFinite notFinite;
    /// Red, green and blue: of a source with 3 or 4 channels, through layers that leave channels and places alone.
    bool isPicture = false;
    std::vector<std::string> sampleNames;  ///< as in NodeData
    std::uint64_t contentHash = 0;         ///< of everything the output depends on
};

struct RunReport {
    std::map<NodeId, NodeRun> nodes;
    std::chrono::nanoseconds duration{0};
    std::uint64_t plannedBytes = 0;  ///< outputs, weights and working memory, the estimate made before the run
    std::size_t computedNodes = 0;
    bool cancelled = false;
};

/// Outputs of earlier runs by content hash, so that only what lies behind an edit is computed again and undo is
/// instant. Thread-safe. Forgets the least recently used beyond its limit. Beside them, what layers keep between runs.
class ActivationStore {
  public:
    explicit ActivationStore(std::uint64_t limitBytes = std::uint64_t{2} << 30);
    ActivationStore(std::uint64_t limitBytes, std::uint64_t preparedLimitBytes);
    [[nodiscard]] std::shared_ptr<const NodeRun> find(std::uint64_t contentHash);
    void keep(std::uint64_t contentHash, std::shared_ptr<const NodeRun> run);
    void clear();
    /// Of outputs.
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] PreparedStore& prepared() { return prepared_; }
    /// Hash of loaded weights; each set is read once while it lives.
    [[nodiscard]] std::uint64_t weightsHash(const std::shared_ptr<const graph::WeightSet>& weights);

  private:
    struct Kept {
        std::shared_ptr<const NodeRun> run;
        std::uint64_t bytes = 0;
        std::uint64_t lastUse = 0;
    };
    struct HashedWeights {
        std::weak_ptr<const graph::WeightSet> weights;
        std::uint64_t hash = 0;
    };
    void drop(std::uint64_t contentHash);

    mutable std::mutex mutex_;
    std::map<std::uint64_t, Kept> kept_;
    std::map<std::uint64_t, std::uint64_t> uses_;  ///< time of last use -> content hash
    std::map<const graph::WeightSet*, HashedWeights> weightHashes_;
    std::uint64_t limitBytes_;
    std::uint64_t bytes_ = 0;
    std::uint64_t clock_ = 0;
    PreparedStore prepared_;
};

/// Bytes a run will hold at its end (all outputs stay visible) and needs at its peak, from inferred shapes alone.
struct MemoryEstimate {
    std::uint64_t outputs = 0;
    std::uint64_t weights = 0;
    std::uint64_t working = 0;  ///< what the nested model that needs most holds inside while it runs
    NodeId largest;
    std::uint64_t largestBytes = 0;

    /// Saturates.
    [[nodiscard]] std::uint64_t all() const;
};
[[nodiscard]] MemoryEstimate estimateMemory(const RunRequest& request);

/// Runs every node whose inputs are there; a node that cannot run says why in its NodeRun and blocks only what follows.
/// Fails as a whole when the memory estimate exceeds the limit (with the numbers and the largest node). Same project,
/// seed and data give the same numbers whatever the number of threads. `onNode` is called on this thread after each
/// node.
[[nodiscard]] Result<RunReport> run(const RunRequest& request, ActivationStore& store, std::stop_token stop,
                                    Progress& progress, const std::function<void(NodeId, const NodeRun&)>& onNode = {});

/// Runs the graph inside a nested model on what arrives there when the whole runs: same weights, same numbers. `path`
/// leads from the request's project to the model. The report is of the graph inside; what stands before the model is
/// run for it and not reported. An Input inside at which nothing arrives gets sample data and says so in its note.
/// Input layers put before layers that take the model's input directly have the next free ids, in the order of those
/// layers.
[[nodiscard]] Result<RunReport> runInside(const RunRequest& request, std::span<const NodeId> path,
                                          ActivationStore& store, std::stop_token stop, Progress& progress,
                                          const std::function<void(NodeId, const NodeRun&)>& onNode = {});

/// The machine's memory in bytes, halved: the default limit.
[[nodiscard]] std::uint64_t defaultMemoryLimit();

/// Weights of a node: loaded ones, else drawn from the seeds of run and node and the weight's name. Fails when loaded
/// ones have other shapes than the layer needs on these inputs.
[[nodiscard]] Result<std::vector<TensorPtr>> materializeWeights(const graph::Node& node, std::int64_t seed,
                                                                std::span<const tensor::TensorType* const> inputs);

}  // namespace shapewise::exec
