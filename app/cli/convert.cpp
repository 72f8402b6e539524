// shapewise-cli convert: a model written again, in the dialect it was read in or in another one.

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/formats/open.h"
#include "core/io/keras/keras_targets.h"

#include <fmt/format.h>

namespace shapewise::cli {

int convert(const ConvertOptions& options) {
    std::optional<layers::Dialect> dialect;
    if (!options.dialect.empty()) {
        dialect = io::dialectNamed(options.dialect);
        if (!dialect || options.output.extension() != ".json") {
            complain({dialect ? fmt::format("{} does not end in .json, so it has no dialect", options.output.string())
                              : fmt::format("{} is no dialect", options.dialect),
                      dialect ? "Give a name that ends in .json, or leave out --dialect"
                              : "See shapewise-cli convert --help",
                      {}});
            return kWrongUse;
        }
    }
    Result<io::Opened> opened = io::openProject(options.file, options.readAs);
    if (!opened) {
        complain(opened.error());
        return kWrongUse;
    }
    for (const std::string& text : opened->notes) note(text);
    Result<void> written;
    if (options.output.extension() == ".json") {
        const Result<std::string> text = io::kerasJson(opened->project, dialect);
        if (!text) {
            complain(text.error());
            return kModelErrors;
        }
        written = io::writeFileAtomically(options.output, *text);
    } else {
        written = io::writeModel(opened->project, options.output);
    }
    if (!written) {
        complain(written.error());
        return kWrongUse;
    }
    print(fmt::format("Written to {}", options.output.string()));
    return kClean;
}

}  // namespace shapewise::cli
