// shapewise-cli: checks, summarises and runs layer pipelines without a window.

#include "app/cli/commands.h"
#include "core/base/version.h"
#include "core/io/keras/keras_targets.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>

namespace {

using namespace shapewise::cli;

/// `names`: commands that write no dialect call it --dialect as well.
void addReadAs(CLI::App& command, std::optional<shapewise::layers::Dialect>& readAs,
               const std::string& names = "--read-as,--dialect") {
    std::string ids;
    for (const shapewise::layers::DialectRow& row : shapewise::layers::dialects())
        ids += (ids.empty() ? "" : ", ") + std::string(row.id);
    command
        .add_option_function<std::string>(
            names, [&readAs](const std::string& id) { readAs = shapewise::layers::dialectWithId(id); },
            "The dialect a Keras file is read in, whatever it says: " + ids)
        ->check([ids](const std::string& id) {
            return shapewise::layers::dialectWithId(id) ? std::string() : id + " is none of " + ids;
        });
}

void addCheck(CLI::App& app, CheckOptions& options) {
    CLI::App* command = app.add_subcommand("check", "Find what is wrong with the shapes of a model, and repair it");
    command->add_option("FILE", options.file, "A .shapewise project or Keras JSON")->required();
    addReadAs(*command, options.readAs);
    command->add_flag("--json", options.json, "Print JSON");
    CLI::Option* apply = command->add_option(
        "--apply", options.fixId, "Apply the repair of this id, as check lists it; ID=FILE for one that needs a file");
    CLI::Option* output = command->add_option("--output", options.output,
                                              "Where the repaired model goes; Keras JSON when it ends in .json");
    CLI::Option* explain =
        command->add_option("--explain", options.explain, "Explain the shape of this node in numbers");
    apply->needs(output);
    output->needs(apply);
    explain->excludes(apply);
}

void addSummary(CLI::App& app, SummaryOptions& options) {
    CLI::App* command = app.add_subcommand("summary", "List every layer with its shape, parameters and cost");
    command->add_option("FILE", options.file, "A .shapewise project or Keras JSON")->required();
    addReadAs(*command, options.readAs);
    command->add_flag("--json", options.json, "Print JSON");
}

void addConvert(CLI::App& app, ConvertOptions& options) {
    CLI::App* command = app.add_subcommand("convert", "Write a model as Keras JSON or as a .shapewise project");
    command->add_option("FILE", options.file, "A .shapewise project or Keras JSON")->required();
    command->add_option("OUTPUT", options.output, "Keras JSON when it ends in .json, else a project")->required();
    addReadAs(*command, options.readAs, "--read-as");
    std::string names;
    for (const shapewise::layers::Dialect dialect : shapewise::io::writtenDialects())
        names += (names.empty() ? "" : ", ") + std::string(shapewise::io::dialectName(dialect));
    command->add_option("--dialect", options.dialect, "Of Keras JSON: " + names + "; as it was read by default");
}

/// What is wrong with text as a number of GiB; empty when nothing is.
std::string aboveZero(const std::string& text) {
    double number = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = problem == std::errc() && end == text.data() + text.size();
    return isNumber && number > 0.0 ? std::string() : text + " is not a number above 0";
}

void addRun(CLI::App& app, RunOptions& options) {
    CLI::App* command = app.add_subcommand("run", "Run data through a model and write every output as .npy");
    command->add_option("FILE", options.file, "A .shapewise project or Keras JSON")->required();
    addReadAs(*command, options.readAs);
    command->add_option("--output-dir", options.outputFolder, "Folder for NODE.npy; made when it is not there")
        ->required();
    command
        ->add_option("--input", options.inputs,
                     "NODE=FILE: a .npy array for an Input node; others get random data, batch 1")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command
        ->add_option("--memory-limit", options.memoryLimitGib,
                     "GiB the run may take; half of the machine's memory by default")
        ->check(aboveZero);
    command->add_flag("--json", options.json, "Print JSON");
}

int runProgram(int argc, char** argv) {
    CLI::App app{"Shapewise: check, summarise and run layer pipelines"};
    app.set_version_flag("--version", "shapewise-cli " + std::string(shapewise::base::version()));
    app.require_subcommand(1);
    app.footer("Exit codes: 0 no errors, 1 the model has errors, 2 a file or an argument is wrong.");
    CheckOptions checkOptions;
    SummaryOptions summaryOptions;
    RunOptions runOptions;
    ConvertOptions convertOptions;
    bool layersAsJson = false;
    addCheck(app, checkOptions);
    addSummary(app, summaryOptions);
    addRun(app, runOptions);
    addConvert(app, convertOptions);
    app.add_subcommand("layers", "List the layers Shapewise knows")->add_flag("--json", layersAsJson, "Print JSON");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? kClean : kWrongUse;
    }
    if (app.got_subcommand("check")) return check(checkOptions);
    if (app.got_subcommand("summary")) return summary(summaryOptions);
    if (app.got_subcommand("run")) return run(runOptions);
    if (app.got_subcommand("convert")) return convert(convertOptions);
    return layers(layersAsJson);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return runProgram(argc, argv);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "shapewise-cli: %s\n", problem.what());
        return kWrongUse;
    }
}
