#pragma once
// JSON of the command line besides that of check: runs, summaries, explanations and the catalogue.

#include "core/io/report/report_text.h"

namespace shapewise::io {

/// {"nodes": [{"name", "type", "outputs": [{"shape", "file"}], "milliseconds", "problem", "note"}], "milliseconds",
/// "planned_bytes"}, nodes in topological order; problem and note are null when there is nothing to say.
[[nodiscard]] std::string runJson(const graph::Project& project, const exec::RunReport& report,
                                  const OutputFiles& files);

/// {"nodes": [{"name", "type", "output_shapes", "parameters", "trainable", "multiply_adds", "bytes", "receptive_field":
/// {"size", "stride", "offset"} or "all" or null}], "parameters", "trainable", "multiply_adds", "bytes", "at_least",
/// "complete", "guessed"}. A sum that leaves something out is null; "at_least" holds what is known of it.
[[nodiscard]] std::string summaryJson(const graph::Project& project, const infer::Analysis& analysis);

/// {"node", "type", "lines": [{"quantity", "arithmetic", "note"}], "output_shapes"}.
[[nodiscard]] std::string explanationJson(const graph::Project& project, const infer::Analysis& analysis, NodeId node,
                                          const diag::Renderer& words = diag::Renderer::standard());

/// [{"class_name", "category", "summary", "inputs", "outputs", "parameters": [{"key", "kind", "default", "required",
/// "choices", "unit", "help"}]}].
[[nodiscard]] std::string layersJson();

/// {"error": {"message", "advice", "where"}}.
[[nodiscard]] std::string errorJson(const Error& error);

}  // namespace shapewise::io
