#pragma once
// The commands of shapewise-cli. Each prints its result and returns the exit code of the program.

#include "core/layers/framework/foreign.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace shapewise::cli {

/// 0: no errors. 1: the model has errors. 2: a file cannot be read or written, or an argument is wrong.
enum ExitCode : int { kClean = 0, kModelErrors = 1, kWrongUse = 2 };

struct CheckOptions {
    std::filesystem::path file;
    std::optional<layers::Dialect> readAs;  ///< the dialect of a Keras file; nullopt: the file decides
    std::string fixId;                      ///< empty: apply none
    std::filesystem::path output;
    std::string explain;  ///< name of a node; empty: none
    bool json = false;
};
[[nodiscard]] int check(const CheckOptions& options);

struct SummaryOptions {
    std::filesystem::path file;
    std::optional<layers::Dialect> readAs;  ///< the dialect of a Keras file; nullopt: the file decides
    bool json = false;
};
[[nodiscard]] int summary(const SummaryOptions& options);

struct RunOptions {
    std::filesystem::path file;
    std::optional<layers::Dialect> readAs;  ///< the dialect of a Keras file; nullopt: the file decides
    std::filesystem::path outputFolder;
    std::vector<std::string> inputs;  ///< "NODE=FILE"
    double memoryLimitGib = 0.0;      ///< 0: half of the machine's memory
    bool json = false;
};
[[nodiscard]] int run(const RunOptions& options);

struct ConvertOptions {
    std::filesystem::path file;
    std::filesystem::path output;
    std::optional<layers::Dialect> readAs;  ///< the dialect of a Keras file; nullopt: the file decides
    std::string dialect;                    ///< io::dialectName(); empty: as it was read
};
[[nodiscard]] int convert(const ConvertOptions& options);

[[nodiscard]] int layers(bool json);

}  // namespace shapewise::cli
