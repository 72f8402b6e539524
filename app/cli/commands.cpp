#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "core/diag/renderer.h"
#include "core/edit/builders.h"
#include "core/io/data/data_files.h"
#include "core/io/data/run_inputs.h"
#include "core/io/formats/open.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/report/report_json.h"
#include "core/io/report/run_json.h"
#include "core/mistakes/diagnose.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::cli {

namespace {

namespace files = std::filesystem;

/// A model with its shapes and what is wrong with them.
struct Examined {
    graph::Project project;
    infer::Analysis analysis;
    std::vector<diag::Diagnostic> diagnostics;

    explicit Examined(const graph::Project& given) : Examined(given, infer::Analysis::of(given.graph)) {}
    explicit Examined(io::Opened opened) : Examined(std::move(opened.project), *opened.analysis) {}
    Examined(graph::Project given, infer::Analysis known) : project(std::move(given)), analysis(std::move(known)) {
        mistakes::Options options;
        options.most = 10'000;
        diagnostics = mistakes::diagnose(project, analysis, options);
    }
    [[nodiscard]] int exitCode() const {
        const bool hasErrors = std::any_of(diagnostics.begin(), diagnostics.end(), [](const diag::Diagnostic& d) {
            return d.severity == diag::Severity::Error;
        });
        return hasErrors ? kModelErrors : kClean;
    }
};

std::optional<io::Opened> open(const files::path& file, std::optional<layers::Dialect> readAs) {
    Result<io::Opened> opened = io::openProject(file, readAs);
    if (!opened) {
        complain(opened.error());
        return std::nullopt;
    }
    for (const std::string& text : opened->notes) note(text);
    return std::move(*opened);
}

void printReport(const Examined& model, const files::path& file, bool json) {
    if (json) return print(io::checkReportJson(model.project, model.analysis, model.diagnostics));
    print(io::diagnosticsText(model.project, model.diagnostics, terminalColour()));
    const std::optional<io::ReadDialect> read = io::readDialect(model.project);
    print(fmt::format("{}{}: {} nodes, {}{}", model.diagnostics.empty() ? "" : "\n", file.filename().string(),
                      model.project.graph.nodeCount(), io::countText(model.diagnostics),
                      read ? "\nRead as " + read->text() : std::string()));
}

/// Where something is wrong with the model, how much, and where to read of it.
void pointToCheck(const Examined& model, const files::path& file) {
    if (model.diagnostics.empty()) return;
    print(fmt::format("\n{}: see shapewise-cli check {}", io::countText(model.diagnostics), file.string()));
}

int explain(const Examined& model, const CheckOptions& options) {
    const graph::Node* node = model.project.graph.findByName(options.explain);
    if (node == nullptr) {
        complain(
            {fmt::format("There is no node named {}", options.explain), "See shapewise-cli summary for the names", {}});
        return kWrongUse;
    }
    if (options.json) {
        print(io::explanationJson(model.project, model.analysis, node->id));
        return model.exitCode();
    }
    std::vector<diag::Diagnostic> ofNode;
    std::copy_if(model.diagnostics.begin(), model.diagnostics.end(), std::back_inserter(ofNode),
                 [&](const diag::Diagnostic& d) { return d.node == node->id; });
    print(io::explanationText(model.project, model.analysis, node->id));
    if (!ofNode.empty()) print("\n" + io::diagnosticsText(model.project, ofNode, terminalColour()));
    return model.exitCode();
}

const diag::Fix* findFix(const Examined& model, const std::string& id) {
    for (const diag::Diagnostic& diagnostic : model.diagnostics)
        for (const diag::Fix& fix : diagnostic.fixes)
            if (fix.id == id) return &fix;
    return nullptr;
}

/// The repair of that id; one that needs a file has it behind its id: "clip/file-missing/choose-file=clip.wav".
const diag::Fix* findFix(const Examined& model, const std::string& argument, std::string& file) {
    if (const diag::Fix* fix = findFix(model, argument)) return fix;
    for (std::size_t at = argument.find('='); at != std::string::npos; at = argument.find('=', at + 1)) {
        const diag::Fix* fix = findFix(model, argument.substr(0, at));
        if (fix == nullptr || !fix->file) continue;
        file = argument.substr(at + 1);
        return fix;
    }
    return nullptr;
}

/// The project with that file at the node, and what is in it.
Result<edit::Applied> withFile(const graph::Project& project, const diag::FileChoice& choice, const std::string& file) {
    const std::string path = files::absolute(file).string();
    edit::Edit edit = edit::setParameter(choice.node, choice.parameter, Value(path));
    Result<edit::Applied> applied = edit::apply(project, edit);
    if (!applied) return applied;
    for (edit::Step& step : io::refreshDataNodes(applied->project.graph, files::current_path(), {choice.node}))
        edit.steps.push_back(std::move(step));
    return edit::apply(project, edit);
}

/// True when the model has errors and is to be written in a format that only takes models without.
bool cannotBeExported(const Examined& model, const files::path& path) {
    const io::Format* format = io::modelFormatFor(path);
    return format != nullptr && !format->model()->keepsAll && model.exitCode() == kModelErrors;
}

int apply(const Examined& model, const CheckOptions& options) {
    std::string file;
    const diag::Fix* fix = findFix(model, options.fixId, file);
    if (fix == nullptr) {
        complain({fmt::format("There is no repair {} for this model", options.fixId),
                  "See shapewise-cli check for the repairs",
                  {}});
        return kWrongUse;
    }
    if (fix->file && file.empty()) {
        complain({fmt::format("The repair {} needs a file", fix->id),
                  fmt::format("Name it: --apply '{}=FILE'", fix->id),
                  {}});
        return kWrongUse;
    }
    Result<edit::Applied> applied =
        fix->file ? withFile(model.project, *fix->file, file) : edit::apply(model.project, fix->edit);
    if (!applied) {
        complain(applied.error());
        return kWrongUse;
    }
    const Examined repaired(applied->project);
    if (Result<void> written = io::writeModel(repaired.project, options.output); !written) {
        complain(written.error());
        return cannotBeExported(repaired, options.output) ? kModelErrors : kWrongUse;
    }
    if (!options.json)
        print(fmt::format("{}: written to {}\n", diag::Renderer::standard().text(fix->title), options.output.string()));
    printReport(repaired, options.output, options.json);
    return repaired.exitCode();
}

/// The arrays for Input nodes, or nullopt after a complaint.
std::optional<std::map<NodeId, exec::TensorPtr>> readInputs(const Examined& model,
                                                            const std::vector<std::string>& arguments) {
    std::map<NodeId, exec::TensorPtr> inputs;
    for (const std::string& argument : arguments) {
        Result<io::RunInput> input = io::readRunInput(model.project.graph, model.analysis, argument);
        if (!input) {
            complain(input.error());
            return std::nullopt;
        }
        if (!input->note.empty()) note(input->note);
        if (!inputs.emplace(input->node, std::move(input->values)).second) {
            complain({fmt::format("{} is given twice", model.project.graph.find(input->node)->name),
                      "Give one file for each Input",
                      {}});
            return std::nullopt;
        }
    }
    return inputs;
}

bool writeOutputs(const exec::RunReport& report, const io::OutputFiles& names, const files::path& folder) {
    for (const auto& [id, outputNames] : names)
        for (std::size_t port = 0; port < outputNames.size(); ++port)
            if (Result<void> written = io::writeData(*report.nodes.at(id).outputs[port], folder / outputNames[port]);
                !written) {
                complain(written.error());
                return false;
            }
    return true;
}

bool makeFolder(const files::path& folder) {
    std::error_code problem;
    files::create_directories(folder, problem);
    if (!problem && files::is_directory(folder)) return true;
    complain({fmt::format("The folder {} cannot be made: {}", folder.string(),
                          problem ? problem.message() : "a file is in its place"),
              "Choose another --output-dir",
              {}});
    return false;
}

exec::RunRequest requestFor(const Examined& model, const RunOptions& options) {
    constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;
    constexpr double kMostGib = 1e9;
    exec::RunRequest request;
    request.project = model.project;
    request.project.run.batchSize = 1;
    request.project.run.sampleKind = "normal";
    const files::path folder = options.file.has_parent_path() ? options.file.parent_path() : files::path(".");
    request.loadData = io::dataLoader(folder);
    request.dataStamp = io::dataStamp(folder);
    request.memoryLimitBytes = static_cast<std::uint64_t>(std::min(options.memoryLimitGib, kMostGib) * kBytesPerGib);
    if (options.memoryLimitGib > 0.0) request.memoryLimitBytes = std::max<std::uint64_t>(request.memoryLimitBytes, 1);
    return request;
}

}  // namespace

int check(const CheckOptions& options) {
    std::optional<io::Opened> opened = open(options.file, options.readAs);
    if (!opened) return kWrongUse;
    const Examined model(std::move(*opened));
    if (!options.explain.empty()) return explain(model, options);
    if (!options.fixId.empty() || !options.output.empty()) return apply(model, options);
    printReport(model, options.file, options.json);
    return model.exitCode();
}

int summary(const SummaryOptions& options) {
    std::optional<io::Opened> opened = open(options.file, options.readAs);
    if (!opened) return kWrongUse;
    const Examined model(std::move(*opened));
    print(options.json ? io::summaryJson(model.project, model.analysis)
                       : io::summaryText(model.project, model.analysis));
    if (!options.json) pointToCheck(model, options.file);
    return model.exitCode();
}

int run(const RunOptions& options) {
    std::optional<io::Opened> opened = open(options.file, options.readAs);
    if (!opened) return kWrongUse;
    const Examined model(std::move(*opened));
    std::optional<std::map<NodeId, exec::TensorPtr>> inputs = readInputs(model, options.inputs);
    if (!inputs || !makeFolder(options.outputFolder)) return kWrongUse;
    exec::RunRequest request = requestFor(model, options);
    request.inputs = std::move(*inputs);
    exec::ActivationStore store(0);
    Progress progress;
    const Result<exec::RunReport> report = exec::run(request, store, {}, progress);
    if (!report) {
        complain(report.error());
        if (options.json) print(io::errorJson(report.error()));
        return kModelErrors;
    }
    const io::OutputFiles names = io::outputFiles(model.project.graph, *report);
    if (!writeOutputs(*report, names, options.outputFolder)) return kWrongUse;
    print(options.json ? io::runJson(model.project, *report, names) : io::runText(model.project, *report, names));
    if (!options.json) pointToCheck(model, options.file);
    const bool hasProblems = std::any_of(report->nodes.begin(), report->nodes.end(),
                                         [](const auto& entry) { return !entry.second.problem.empty(); });
    return hasProblems ? kModelErrors : model.exitCode();
}

int layers(bool json) {
    print(json ? io::layersJson() : io::layersText());
    return kClean;
}

}  // namespace shapewise::cli
