#pragma once
// Executor: carries out a plan, node by node.

#include "core/exec/content_hash.h"

namespace shapewise::exec {

class Executor {
  public:
    Executor(const RunRequest& request, ActivationStore& store, std::stop_token stop, Progress& progress)
        : request_(request), store_(store), stop_(std::move(stop)), progress_(progress) {}

    /// Reads the files of nodes whose output is not in the store. Needed before a plan is made.
    void loadFiles();
    [[nodiscard]] const LoadedTypes& loaded() const { return loadedTypes_; }

    [[nodiscard]] RunReport run(const Plan& plan, const std::function<void(NodeId, const NodeRun&)>& onNode);

  private:
    struct File {
        std::uint64_t stamp = 0;
        TensorPtr values;
        std::string note;
        std::vector<std::string> sampleNames;
    };

    void loadFile(const graph::Node& node);
    NodeRun runNode(const PlannedNode& planned);
    static void cancel(NodeRun& run);
    void waitForProducers(const PlannedNode& planned, NodeRun& run) const;
    [[nodiscard]] bool takesNotFinite(const PlannedNode& planned) const;
    [[nodiscard]] bool isPicture(const PlannedNode& planned) const;
    void nameSamples(const PlannedNode& planned, NodeRun& run) const;
    [[nodiscard]] std::uint64_t sourceHash(const PlannedNode& planned) const;
    struct Computed {
        std::vector<TensorPtr> outputs;
        std::vector<TensorPtr> masks;
    };
    Result<Computed> compute(const PlannedNode& planned);
    /// What the layer keeps between runs; null when it keeps nothing.
    [[nodiscard]] PreparedPtr prepared(const PlannedNode& planned, const layers::ForwardContext& context);
    Result<Computed> computeForward(const PlannedNode& planned);
    /// Masks at the links, null where there is none; empty when no link has one.
    [[nodiscard]] std::vector<TensorPtr> masksAt(const PlannedNode& planned) const;
    Result<std::vector<TensorPtr>> weights(const PlannedNode& planned);
    [[nodiscard]] TensorPtr makeGiven(const PlannedNode& planned) const;
    [[nodiscard]] TensorPtr makeSampleNode(const PlannedNode& planned) const;

    const RunRequest& request_;
    ActivationStore& store_;
    std::stop_token stop_;
    Progress& progress_;
    RunReport report_;
    LoadedTypes loadedTypes_;
    std::map<NodeId, File> files_;
};

}  // namespace shapewise::exec
