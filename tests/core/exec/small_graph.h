#pragma once
// Graphs for tests of the engine: nodes of the catalogue and of layers made for the tests, which count their runs.

#include "core/exec/run.h"
#include "core/layers/framework/catalog.h"

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>

namespace shapewise::exec::testing {

/// y = factor * x; counts how often it ran.
const layers::LayerType& scaleLayer();
std::atomic<int>& scaleRuns();
/// y = kernel * x for each of the last axis; one trainable weight "kernel" of glorot values and a bias of zeros.
const layers::LayerType& weightedLayer();
/// Sum of two inputs of one shape, refuses others.
const layers::LayerType& sumLayer();
/// Passes its input on.
const layers::LayerType& dropLayer();
/// Throws std::runtime_error when it runs.
const layers::LayerType& throwingLayer();
/// Gives its input and the negative of it.
const layers::LayerType& twinLayer();
/// Asks for a stop through the source it was given, then returns.
const layers::LayerType& stoppingLayer();
std::optional<std::stop_source>& stoppingSource();

class SmallGraph {
  public:
    NodeId input(const std::string& name, std::vector<std::int64_t> sizes);  ///< -1: None
    NodeId add(const layers::LayerType& type, const std::string& name, const std::vector<NodeId>& from);
    NodeId add(const layers::LayerType& type, const std::string& name, const std::vector<graph::Link>& links);
    void set(NodeId id, const std::string& key, Value value);

    [[nodiscard]] graph::Project& project() { return project_; }
    [[nodiscard]] RunRequest request() const {
        RunRequest request;
        request.project = project_;
        return request;
    }

  private:
    graph::Project project_;
};

/// Runs with a store of its own unless one is given. Fails the test when the run is refused.
RunReport runAll(const RunRequest& request);
RunReport runAll(const RunRequest& request, ActivationStore& store);

}  // namespace shapewise::exec::testing
