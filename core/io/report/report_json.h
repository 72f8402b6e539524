#pragma once
// The JSON of `shapewise-cli check --json`.

#include "core/diag/renderer.h"
#include "core/graph/project.h"
#include "core/infer/analysis.h"

#include <string>
#include <vector>

namespace shapewise::io {

/// {"nodes": [{"name", "type", "output_shapes", "parameters", "guessed": true}], "complete", "guessed",
///  "diagnostics": [{"severity", "code", "node", "from", "message", "fixes": [{"id", "title", "output_shape"}]}]}
/// Nodes in topological order, without notes. Sizes that are unknown or symbolic, output_shapes and parameters that are
/// not known, and a missing `from` are null. A node that uses the layer of another again counts no parameters.
/// "guessed" is there where what is said rests on a layer nobody knows; "complete" is false where a cost is not known.
[[nodiscard]] std::string checkReportJson(const graph::Project& project, const infer::Analysis& analysis,
                                          const std::vector<diag::Diagnostic>& diagnostics,
                                          const diag::Renderer& words = diag::Renderer::standard());

}  // namespace shapewise::io
