#pragma once
// Small graphs for tests of mistakes, and the questions they ask.

#include "core/mistakes/diagnose.h"
#include "core/mistakes/repair/plan.h"

#include <string>
#include <string_view>
#include <vector>

namespace shapewise::mistakes {

class Model {
  public:
    Model() = default;
    explicit Model(graph::Project project);

    /// A node fed by the first port of others; without a list, by the node added last (sources: by none).
    NodeId add(std::string_view className, std::string name, Settings settings = {});
    NodeId add(std::string_view className, std::string name, Settings settings, const std::vector<NodeId>& inputs);
    void setWeights(NodeId node, graph::WeightSet weights);

    [[nodiscard]] graph::Project& project() { return project_; }
    [[nodiscard]] const graph::Project& project() const { return project_; }
    [[nodiscard]] infer::Analysis analysis() const { return infer::Analysis::of(project_.graph); }
    [[nodiscard]] std::vector<diag::Diagnostic> diagnose() const;
    [[nodiscard]] std::string shapeOf(std::string_view name) const;
    /// The model after an edit; fails the test when it cannot be applied.
    [[nodiscard]] Model after(const edit::Edit& edit) const;

  private:
    graph::Project project_;
    NodeId last_;
};

/// Errors and warnings as "code node", sorted.
[[nodiscard]] std::vector<std::string> problems(const std::vector<diag::Diagnostic>& diagnostics);
[[nodiscard]] std::vector<std::string> slugs(const diag::Diagnostic& diagnostic);
/// Null, and a failed test, when there is no such diagnostic.
[[nodiscard]] const diag::Diagnostic* find(const std::vector<diag::Diagnostic>& diagnostics, diag::Code code,
                                           std::string_view node, const Model& model);
[[nodiscard]] const diag::Fix* findFix(const diag::Diagnostic& diagnostic, std::string_view slug);

/// The law: the first repair of every diagnostic takes it away and brings no new error or warning.
void expectFirstRepairsWork(const Model& model, const std::string& what);
/// That one repair works; returns the repaired model.
Model expectRepair(const Model& model, diag::Code code, std::string_view node, std::string_view slug);
/// A phrase, and a whole diagnostic, in Keras' notation and English.
[[nodiscard]] std::string wordsOf(const diag::Phrase& phrase);
[[nodiscard]] std::string messageOf(const diag::Diagnostic& diagnostic);
/// The words of everything that is wrong with a model, for reading.
[[nodiscard]] std::string report(const Model& model);

}  // namespace shapewise::mistakes
