#pragma once
// A graph in the formulas of another dialect: functions that share a name and compute something else are put together
// from layers that compute the same everywhere.

#include "core/base/result.h"
#include "core/graph/project.h"
#include "core/layers/framework/foreign.h"

#include <set>
#include <string>

namespace shapewise::io {

/// The project with every formula made right for the dialect. Refuses by name what it cannot express: the gates of a
/// recurrent layer, and functions the dialect does not have.
/// `only`: these nodes alone, and it gets those that are put behind them; null or empty: all.
[[nodiscard]] Result<graph::Project> inFormulasOf(layers::Dialect dialect, const graph::Project& project,
                                                  std::set<NodeId>* only = nullptr);

/// An activation as the dialect spells it.
[[nodiscard]] Value spelledActivation(const Value& activation, layers::Dialect dialect);

}  // namespace shapewise::io
