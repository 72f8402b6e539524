#pragma once
// What the command line prints for people: problems with their cause and repairs, the summary table, the explanation of
// a shape, the results of a run.

#include "core/diag/renderer.h"
#include "core/exec/run.h"
#include "core/infer/cost.h"

#include <filesystem>
#include <string>
#include <vector>

namespace shapewise::io {

/// ANSI colours for a terminal, or none for a file.
enum class Colour { Off, On };

/// "2 errors, 1 warning": nothing is said of what there is none of; "no problems".
[[nodiscard]] std::string countText(const std::vector<diag::Diagnostic>& diagnostics);

/// Every diagnostic with what was wanted, what came, why, and its repairs with their ids and resulting shapes.
[[nodiscard]] std::string diagnosticsText(const graph::Project& project,
                                          const std::vector<diag::Diagnostic>& diagnostics, Colour colour,
                                          const diag::Renderer& words = diag::Renderer::standard());

/// Layer, type, output shape, parameters, multiply-adds, memory and receptive field of each node, and totals.
[[nodiscard]] std::string summaryText(const graph::Project& project, const infer::Analysis& analysis,
                                      const diag::Renderer& words = diag::Renderer::standard());

/// The rule of a node's shape in numbers, its weights and costs.
[[nodiscard]] std::string explanationText(const graph::Project& project, const infer::Analysis& analysis, NodeId node,
                                          const diag::Renderer& words = diag::Renderer::standard());

/// All layers of the catalogue by category.
[[nodiscard]] std::string layersText();

/// One file for each output: <node>.npy, further outputs <node>_1.npy ...; characters that no file name can hold
/// become _, names that would meet get a number. By node and port.
using OutputFiles = std::map<NodeId, std::vector<std::string>>;
[[nodiscard]] OutputFiles outputFiles(const graph::Graph& graph, const exec::RunReport& report);

/// Shape, time and file of each output, and why a node has none.
[[nodiscard]] std::string runText(const graph::Project& project, const exec::RunReport& report,
                                  const OutputFiles& files);

}  // namespace shapewise::io
