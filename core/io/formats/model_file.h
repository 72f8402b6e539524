#pragma once
// A file that may hold a model, as the rows of the table see it: its bytes come from the disk once and are parsed once.

#include "core/base/value.h"
#include "core/io/files/input_file.h"
#include "core/layers/framework/foreign.h"

#include <optional>

namespace shapewise::io {

class ModelFile {
  public:
    /// `folder`: what relative paths in the file start from; empty leaves them as they are.
    ModelFile(std::shared_ptr<const InputFile> input, std::filesystem::path folder,
              std::optional<layers::Dialect> readAs = std::nullopt)
        : input_(std::move(input)), folder_(std::move(folder)), readAs_(readAs) {}

    [[nodiscard]] const InputFile& input() const { return *input_; }
    [[nodiscard]] const std::shared_ptr<const InputFile>& sharedInput() const { return input_; }
    [[nodiscard]] std::string_view head() const { return input_->head(); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    /// True when what the file names, such as files of weights, may lie beside it.
    [[nodiscard]] bool isOnDisk() const { return !input_->path().empty(); }

    /// The dialect somebody chose; nullopt: the file decides.
    [[nodiscard]] std::optional<layers::Dialect> readAs() const { return readAs_; }

    /// The whole file. Read when first asked for.
    [[nodiscard]] const Result<std::string>& bytes();
    /// Parsed when first asked for. A text that holds JSON (json.dump(model.to_json()) writes one) is parsed as well.
    [[nodiscard]] const Result<Value>& json();
    /// Why the bytes could not be read; null when they were, or were not asked for.
    [[nodiscard]] const Error* readProblem() const { return bytes_ && !*bytes_ ? &bytes_->error() : nullptr; }
    /// The member of the JSON object at the top; null when there is none.
    [[nodiscard]] const Value* member(std::string_view key);

  private:
    std::shared_ptr<const InputFile> input_;
    std::filesystem::path folder_;
    std::optional<layers::Dialect> readAs_;
    std::optional<Result<std::string>> bytes_;
    std::optional<Result<Value>> json_;
};

}  // namespace shapewise::io
