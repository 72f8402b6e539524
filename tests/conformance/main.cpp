// Compares Shapewise with recorded results of Keras: see README.md beside this file.

#include "core/base/version.h"
#include "tests/conformance/keras_js_case.h"
#include "tests/conformance/layer_case.h"
#include "tests/conformance/model_case.h"
#include "tests/conformance/spectrogram_case.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

using namespace shapewise::conformance;
namespace files = std::filesystem;

struct Options {
    std::vector<std::string> paths;
    std::string filter;
    std::string layer;
    bool strict = false;
    bool verbose = false;

    [[nodiscard]] bool wants(std::string_view id, std::string_view className) const {
        return (layer.empty() || layer == className) && id.find(filter) != std::string_view::npos;
    }
};

Outcome checkRecord(const Json& json) {
    if (json.value("kind", "") == "spectrogram") return checkSpectrogram(json);
    return checkLayer(Record::read(json));
}

void checkLine(const std::string& line, const std::string& place, const Options& options, Report& report) {
    Json json;
    std::string id = place;
    std::string layer = "(files)";
    try {
        json = Json::parse(line);
        id = json.value("id", place);
        layer = json.value("layer", json.value("op", layer));
        if (options.wants(id, layer)) report.add(id, layer, checkRecord(json));
    } catch (const std::exception& problem) {
        report.add(id, layer, Outcome::failed("record", "one that can be read and run", problem.what()));
    }
}

void checkLines(const files::path& path, const Options& options, Report& report) {
    std::ifstream stream(path);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number)
        if (line.find_first_not_of(" \t\r") != std::string::npos)
            checkLine(line, path.string() + ":" + std::to_string(number), options, report);
    if (stream.bad()) report.addUnreadable(path.string(), "could not be read to its end");
}

bool isModelFolder(const files::path& path) {
    return files::exists(path / "model.json") && files::exists(path / "io.json");
}

void checkModelFolder(const files::path& folder, const Options& options, Report& report) {
    const std::string id = "model-" + folder.filename().string();
    if (!options.wants(id, "(models)")) return;
    try {
        report.add(id, "(models)", checkModel(folder));
    } catch (const std::exception& problem) {
        report.add(id, "(models)", Outcome::failed("reading", "a model with weights and values", problem.what()));
    }
}

void checkPath(const files::path& path, const Options& options, Report& report, bool given) {
    if (files::is_directory(path)) {
        const files::path folder = path.has_filename() ? path : path.parent_path();
        if (isModelFolder(folder)) return checkModelFolder(folder, options, report);
        std::vector<files::path> entries;
        for (const files::directory_entry& entry : files::directory_iterator(folder)) entries.push_back(entry.path());
        std::sort(entries.begin(), entries.end());
        for (const files::path& entry : entries) checkPath(entry, options, report, false);
    } else if (path.filename() == "cases.json") {
        checkKerasJs(path, report,
                     [&](std::string_view id, std::string_view layer) { return options.wants(id, layer); });
    } else if (path.extension() == ".jsonl" || given) {
        if (files::is_regular_file(path))
            checkLines(path, options, report);
        else
            report.addUnreadable(path.string(), "no such file");
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Compares Shapewise with recorded results of Keras"};
    Options options;
    app.set_version_flag("--version", "shapewise-conformance " + std::string(shapewise::base::version()));
    app.add_option("PATH", options.paths, "JSONL files, model folders, cases.json of keras-js, or folders of these")
        ->required();
    app.add_flag("--strict", options.strict, "Also fail on an unsupported case");
    app.add_option("--filter", options.filter, "Only cases whose id contains this");
    app.add_option("--layer", options.layer, "Only cases of this layer class");
    app.add_flag("-v,--verbose", options.verbose, "Also print the cases that pass or are not supported");
    CLI11_PARSE(app, argc, argv);
    Report report(options.verbose);
    for (const std::string& path : options.paths) {
        try {
            checkPath(path, options, report, true);
        } catch (const std::exception& problem) {
            report.addUnreadable(path, problem.what());
        }
    }
    report.print();
    return report.hasFailures() || (options.strict && report.hasUnsupported()) ? 1 : 0;
}
