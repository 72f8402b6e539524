#pragma once
// What changed from one state of a project to the next, as a Value, and the way back from a row of such values to the
// project. Weights are named, not written: who keeps them gives each set a key.
//
// {"head": <a project file without nodes>, "nodes": [{"id", "node": <an entry of a project file>, "inputs": [[id,
// output,
//  input], ...], "shares": id}, ...], "gone": [id, ...]}, what did not change left out. Nodes are told by their ids, so
//  that a rename changes one.

#include "core/io/files/files.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace shapewise::io {

using WeightsPtr = std::shared_ptr<const graph::WeightSet>;

/// Nullopt when nothing changed. `before` null: all of `after`.
[[nodiscard]] std::optional<Value> projectChanges(const graph::Project* before, const graph::Project& after,
                                                  const std::function<std::string(const WeightsPtr&)>& keyOf);

class ProjectReplay {
  public:
    /// The next of a row of changes; `isWhole`: those that begin with nothing.
    void take(const Value& changes, bool isWhole);
    /// The project after the last. `weightsOf` gives null for what was not kept: a note names its layer.
    [[nodiscard]] Result<Opened> project(const std::function<WeightsPtr(const std::string& key)>& weightsOf) const;

  private:
    Value head_;
    std::map<std::int64_t, Value> nodes_;
};

}  // namespace shapewise::io
