#include "tests/fuzz/deeds.h"

#include "core/edit/apply.h"
#include "core/exec/run.h"
#include "core/infer/cost.h"
#include "core/io/data/data_files.h"
#include "core/io/formats/open.h"
#include "core/mistakes/diagnose.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stop_token>
#include <utility>

namespace shapewise::fuzz {

namespace {

constexpr std::size_t kMostNodes = 300;
constexpr std::int64_t kMostWork = 20'000'000;  ///< multiply-adds of a run
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;

[[noreturn]] void broken(const char* law, const std::string& detail) {
    std::fprintf(stderr, "broken law: %s\n%s\n", law, detail.c_str());
    std::abort();
}

void runIt(const graph::Project& project, const std::filesystem::path& folder) {
    exec::RunRequest request;
    request.project = project;
    request.loadData = io::dataLoader(folder);
    request.memoryLimitBytes = kMostBytes;
    exec::ActivationStore store;
    Progress progress;
    const Result<exec::RunReport> report = exec::run(request, store, std::stop_token(), progress);
    if (!report && report.error().message.empty()) broken("a run that is refused says why", "");
}

void tryRepairs(const graph::Project& project, const std::vector<diag::Diagnostic>& diagnostics) {
    constexpr std::size_t kMostTried = 4;
    std::size_t tried = 0;
    for (const diag::Diagnostic& diagnostic : diagnostics)
        for (const diag::Fix& fix : diagnostic.fixes) {
            if (++tried > kMostTried) return;
            const Result<edit::Applied> applied = edit::apply(project, fix.edit);
            if (!applied) broken("a repair that is offered can be made", applied.error().text());
            const infer::Analysis analysis = infer::Analysis::of(applied->project.graph);
            (void)mistakes::diagnose(applied->project, analysis);
        }
}

void writeIt(const graph::Project& project) {
    const std::string text = io::projectJson(project);
    const Result<io::Opened> again = io::readProject(text);
    if (!again) broken("what was written opens", again.error().text());
    // Spellings of one value may become one; after that nothing changes any more.
    constexpr int kMostSpellings = 8;  // lists of one in lists of one
    std::string last = io::projectJson(again->project);
    for (int time = 0;; ++time) {
        const Result<io::Opened> next = io::readProject(last);
        if (!next) broken("what was written again opens", next.error().text());
        std::string written = io::projectJson(next->project);
        if (written == last) break;
        if (time == kMostSpellings) broken("what is written again and again stays", last + "\nbecame\n" + written);
        last = std::move(written);
    }
    if (const Result<std::string> keras = io::kerasJson(project)) {
        const Result<io::Opened> read = io::readProject(*keras);
        if (!read) broken("Keras JSON that was written opens", read.error().text());
    }
    (void)io::kerasCode(project);
}

}  // namespace

void useAsModel(std::string bytes) {
    const Result<io::Opened> opened = io::openProject(io::InputFile::ofBytes(std::move(bytes)));
    if (!opened) {
        if (opened.error().message.empty()) broken("a file that is refused says why", "");
        return;
    }
    const graph::Project& project = opened->project;
    if (project.graph.nodeCount() > kMostNodes) return;
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const infer::Costs costs = infer::costsOf(project.graph, analysis);
    tryRepairs(project, mistakes::diagnose(project, analysis));
    if (costs.isComplete() && costs.multiplyAdds < kMostWork) runIt(project, {});
    writeIt(project);
}

void useAsData(const std::string& path) {
    Result<std::shared_ptr<graph::Node>> node = io::makeDataNode(path, NodeId(0), graph::Graph());
    if (!node) {
        if (node.error().message.empty()) broken("a file that is refused says why", path);
        return;
    }
    graph::Project project;
    project.graph.put(std::move(*node));
    runIt(project, {});
}

}  // namespace shapewise::fuzz
