#include "core/exec/run.h"

#include "core/exec/executor.h"
#include "core/exec/memory.h"

#include <algorithm>

namespace shapewise::exec {

namespace {

bool readsFiles(const graph::Graph& graph) {
    bool found = false;
    graph.forEach([&](const graph::Node& node) { found = found || originOf(node) == Origin::File; });
    return found;
}

}  // namespace

Result<RunReport> run(const RunRequest& request, ActivationStore& store, std::stop_token stop, Progress& progress,
                      const std::function<void(NodeId, const NodeRun&)>& onNode) {
    try {
        const graph::Graph& graph = request.project.graph;
        Plan plan = makePlan(request);
        MemoryEstimate estimate = memoryOf(plan);
        if (auto refusal = refuseMemory(estimate, request.memoryLimitBytes, graph))
            return Unexpected(std::move(*refusal));
        Executor executor(request, store, stop, progress);
        if (readsFiles(graph)) {
            executor.loadFiles();
            plan = makePlan(request, executor.loaded());
            estimate = memoryOf(plan);
            if (auto refusal = refuseMemory(estimate, request.memoryLimitBytes, graph))
                return Unexpected(std::move(*refusal));
        }
        RunReport report = executor.run(plan, onNode);
        report.plannedBytes = estimate.all();
        return report;
    } catch (const std::bad_alloc&) {
        return failure("There is not enough memory for this run", "Close other programs, or lower the batch size");
    } catch (const std::exception& exception) {
        return failure(std::string("The run failed: ") + exception.what());
    }
}

}  // namespace shapewise::exec
