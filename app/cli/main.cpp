#include "core/base/version.h"

#include <CLI/CLI.hpp>

#include <string>

int main(int argc, char** argv) {
    CLI::App app{"Shapewise: check, summarise and run layer pipelines"};
    app.set_version_flag("--version", "shapewise-cli " + std::string(shapewise::base::version()));
    CLI11_PARSE(app, argc, argv);
    return 0;
}
