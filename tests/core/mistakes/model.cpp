#include "tests/core/mistakes/model.h"

#include "core/diag/renderer.h"
#include "core/edit/apply.h"
#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace shapewise::mistakes {

Model::Model(graph::Project project) : project_(std::move(project)) {}

NodeId Model::add(std::string_view className, std::string name, Settings settings) {
    const layers::LayerType* type = layers::findLayer(className);
    const bool isSource = !last_.isValid() || (type && type->inputs.empty());
    return add(className, std::move(name), std::move(settings),
               isSource ? std::vector<NodeId>{} : std::vector<NodeId>{last_});
}

NodeId Model::add(std::string_view className, std::string name, Settings settings, const std::vector<NodeId>& inputs) {
    const layers::LayerType* type = layers::findLayer(className);
    EXPECT_NE(type, nullptr) << className;
    if (!type) return {};
    const auto node = layers::makeNode(*type, project_.graph.nextId(), std::move(name));
    for (const auto& [key, value] : settings) node->set(key, value);
    std::uint16_t port = 0;
    for (const NodeId from : inputs) {
        node->inputs.push_back(graph::Link{from, 0, port});
        if (port != node->manyPort) ++port;
    }
    last_ = node->id;
    project_.graph.put(node);
    return last_;
}

void Model::setWeights(NodeId id, graph::WeightSet weights) {
    auto node = std::make_shared<graph::Node>(*project_.graph.find(id));
    node->weights = std::make_shared<const graph::WeightSet>(std::move(weights));
    project_.graph.put(std::move(node));
}

std::vector<diag::Diagnostic> Model::diagnose() const { return mistakes::diagnose(project_, analysis()); }

std::string Model::shapeOf(std::string_view name) const {
    const graph::Node* node = project_.graph.findByName(name);
    if (!node) return "no such node";
    const infer::Analysis all = analysis();
    const tensor::TensorType* type = all[node->id].outputAt(0);
    return type ? type->shape.text() : "not known";
}

Model Model::after(const edit::Edit& edit) const {
    auto applied = edit::apply(project_, edit);
    EXPECT_TRUE(applied.has_value()) << (applied ? "" : applied.error().text());
    return applied ? Model(std::move(applied->project)) : *this;
}

std::vector<std::string> problems(const std::vector<diag::Diagnostic>& diagnostics) {
    std::vector<std::string> list;
    for (const diag::Diagnostic& diagnostic : diagnostics)
        if (diagnostic.severity != diag::Severity::Hint)
            list.push_back(std::string(diag::row(diagnostic.code).name) + " " + std::to_string(diagnostic.node.value));
    std::ranges::sort(list);
    return list;
}

std::vector<std::string> slugs(const diag::Diagnostic& diagnostic) {
    std::vector<std::string> list;
    for (const diag::Fix& fix : diagnostic.fixes) list.push_back(fix.id.substr(fix.id.rfind('/') + 1));
    return list;
}

const diag::Diagnostic* find(const std::vector<diag::Diagnostic>& diagnostics, diag::Code code, std::string_view node,
                             const Model& model) {
    for (const diag::Diagnostic& diagnostic : diagnostics) {
        const graph::Node* at = model.project().graph.find(diagnostic.node);
        if (diagnostic.code == code && at && at->name == node) return &diagnostic;
    }
    ADD_FAILURE() << "no " << diag::row(code).name << " at " << node << " in\n" << report(model);
    return nullptr;
}

const diag::Fix* findFix(const diag::Diagnostic& diagnostic, std::string_view slug) {
    for (const diag::Fix& fix : diagnostic.fixes)
        if (fix.id.ends_with("/" + std::string(slug))) return &fix;
    return nullptr;
}

namespace {

void expectWorks(const Model& model, const std::vector<std::string>& before, const diag::Diagnostic& diagnostic,
                 const diag::Fix& fix, const std::string& what) {
    const Model repaired = model.after(fix.edit);
    const std::vector<std::string> after =
        problems(mistakes::diagnose(repaired.project(), repaired.analysis(), {.withFixes = false}));
    const std::string own = std::string(diag::row(diagnostic.code).name) + " " + std::to_string(diagnostic.node.value);
    EXPECT_EQ(std::ranges::count(after, own), 0) << what << ": " << fix.id << " leaves " << own << "\n"
                                                 << report(model) << "afterwards\n"
                                                 << report(repaired);
    for (const std::string& problem : after)
        EXPECT_NE(std::ranges::count(before, problem), 0) << what << ": " << fix.id << " brings " << problem << "\n"
                                                          << report(model) << "afterwards\n"
                                                          << report(repaired);
}

}  // namespace

void expectFirstRepairsWork(const Model& model, const std::string& what) {
    const std::vector<diag::Diagnostic> diagnostics = model.diagnose();
    const std::vector<std::string> before = problems(diagnostics);
    for (const diag::Diagnostic& diagnostic : diagnostics) {
        EXPECT_EQ(messageOf(diagnostic).find('?'), std::string::npos) << what << ": " << messageOf(diagnostic);
        const auto first = std::find_if(diagnostic.fixes.begin(), diagnostic.fixes.end(),
                                        [](const diag::Fix& fix) { return !fix.file; });  // a person chooses files
        if (diagnostic.fixes.empty())
            ADD_FAILURE() << what << ": no repair\n" << report(model);
        else if (first != diagnostic.fixes.end())
            expectWorks(model, before, diagnostic, *first, what);
    }
}

Model expectRepair(const Model& model, diag::Code code, std::string_view node, std::string_view slug) {
    const std::vector<diag::Diagnostic> diagnostics = model.diagnose();
    const diag::Diagnostic* diagnostic = find(diagnostics, code, node, model);
    if (!diagnostic) return model;
    const diag::Fix* fix = findFix(*diagnostic, slug);
    if (!fix) {
        ADD_FAILURE() << "no repair " << slug << " in\n" << report(model);
        return model;
    }
    expectWorks(model, problems(diagnostics), *diagnostic, *fix, std::string(slug));
    return model.after(fix->edit);
}

std::string wordsOf(const diag::Phrase& phrase) { return diag::Renderer::standard().text(phrase); }

std::string messageOf(const diag::Diagnostic& diagnostic) { return diag::Renderer::standard().message(diagnostic); }

std::string report(const Model& model) {
    std::string text;
    for (const diag::Diagnostic& diagnostic : model.diagnose()) {
        text += "  " + std::string(diag::severityName(diagnostic.severity)) + " " +
                std::string(diag::row(diagnostic.code).name) + ": " + messageOf(diagnostic) + "\n";
        for (const diag::Fix& fix : diagnostic.fixes)
            text += "    " + fix.id + " | " + wordsOf(fix.title) + " | " +
                    (fix.outputShape ? fix.outputShape->text() : std::string("-")) + " | " + wordsOf(fix.note) + "\n";
    }
    return text;
}

}  // namespace shapewise::mistakes
