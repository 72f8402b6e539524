// The one door for models: the table tells the format by the content.

#include "core/io/formats/open.h"

#include "core/edit/apply.h"
#include "core/infer/analysis.h"
#include "core/io/data/data_files.h"
#include "core/io/formats/unread_formats.h"

#include <fmt/format.h>

namespace shapewise::io {

namespace {

constexpr std::string_view kWhatOpens = "Open a .shapewise project or a Keras model saved with model.to_json()";

/// Remembered sizes of data nodes follow their files.
void refresh(Opened& opened, const std::filesystem::path& folder, FormatTable table) {
    edit::Edit edit;
    edit.steps = refreshDataNodes(opened.project.graph, folder, {}, table);
    if (edit.steps.empty()) return;
    if (Result<edit::Applied> applied = edit::apply(opened.project, edit)) opened.project = std::move(applied->project);
}

/// Weights and refreshed data nodes may have changed the graph since a row inferred it.
void inferIfNeeded(Opened& opened) {
    const graph::Graph& graph = opened.project.graph;
    if (opened.analysis && opened.analysis->graph().sharesAllWith(graph)) return;
    opened.analysis = std::make_shared<const infer::Analysis>(infer::Analysis::of(graph));
}

/// Why a file that no row reads is no model.
Unexpected noModel(ModelFile& file) {
    const Result<Value>& json = file.json();
    if (!json) return Unexpected(json.error());
    if (const Value* className = file.member("class_name"); className != nullptr && className->isText())
        return failure(
            fmt::format("the file holds a {} without a list of layers", className->asText()),
            "Only Sequential and Functional models can be read: subclassed models have no layers in their file");
    return failure("the file is JSON, but neither a project nor a Keras model", std::string(kWhatOpens));
}

/// A data file is told from a model by its first bytes; where it cannot become a node either, its reader says why.
Unexpected dataInsteadOfModel(const DataFormat& format, const ModelFile& file, FormatTable table) {
    const std::string what = fmt::format("this is {}, no project", wordsFor(format.kind).fileNoun);
    const Result<std::unique_ptr<DataReader>> reader = openDataFile(file.sharedInput(), table);
    if (!reader)
        return failure(fmt::format("{}, and it cannot become a node: {}", what, reader.error().message),
                       reader.error().advice);
    return failure(what, "Drop it on the canvas to make a node of it");
}

Result<Opened> readByTable(ModelFile& file, FormatTable table) {
    for (const Format& format : table) {
        const Match match = format.match(file.head());
        if (match == Match::No) continue;
        if (const DataFormat* data = format.data()) {
            if (match == Match::Certain) return dataInsteadOfModel(*data, file, table);
            continue;
        }
        if (const UnreadFormat* unread = format.unread()) {
            if (unread->isFormatOf(file)) return Unexpected(unreadError(*unread, "this"));
            continue;
        }
        if (format.model()->holds != nullptr && !format.model()->holds(file)) continue;
        if (file.readAs() && !format.model()->hasDialects)
            return failure(fmt::format("this is a file of the kind {}, which has no dialects", format.name),
                           "Open it without choosing one");
        Result<Opened> opened = format.model()->read(file);
        if (opened) opened->format = &format;
        return opened;
    }
    return noModel(file);
}

Result<Opened> readModel(ModelFile& file, FormatTable table) {
    try {
        Result<Opened> opened = readByTable(file, table);
        if (opened && !file.folder().empty()) refresh(*opened, file.folder(), table);
        if (opened && file.isOnDisk()) inferIfNeeded(*opened);
        return opened;
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory to read the file", "Close other programs or open a smaller model");
    } catch (const std::exception& problem) {
        return failure(fmt::format("the file could not be read: {}", problem.what()), std::string(kWhatOpens));
    }
}

}  // namespace

Result<Opened> readProject(std::string_view text, const std::filesystem::path& folder) {
    ModelFile file(InputFile::ofBytes(std::string(text)), folder);
    return readModel(file, formats());
}

Result<Opened> openProject(std::shared_ptr<const InputFile> input, FormatTable table,
                           std::optional<layers::Dialect> readAs) {
    const std::filesystem::path path = input->path();
    ModelFile file(std::move(input), path.has_parent_path() ? path.parent_path() : ".", readAs);
    Result<Opened> opened = readModel(file, table);
    if (opened) return opened;
    if (file.readProblem() != nullptr) return Unexpected(*file.readProblem());  // which names the file itself
    Error error = opened.error();
    error.where = path.filename().string() + (error.where.empty() ? "" : ", " + error.where);
    return Unexpected(std::move(error));
}

Result<Opened> openProject(const std::filesystem::path& path, std::optional<layers::Dialect> readAs) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        if (const std::optional<UnreadFolder> folder = unreadFolder(path))
            return failure(
                fmt::format("{} is {}, and such folders are not read", path.filename().string(), folder->what),
                std::string(folder->advice));
    Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    if (!file) return Unexpected(std::move(file.error()));
    return openProject(std::move(*file), formats(), readAs);
}

Result<void> writeModel(const graph::Project& project, const std::filesystem::path& path, FormatTable table) {
    const Format* format = modelFormatFor(path, table);
    for (const Format& row : table)
        if (format == nullptr && row.model() != nullptr && row.model()->keepsAll) format = &row;
    if (format == nullptr) return failure(fmt::format("no format is written as {}", path.filename().string()));
    try {
        const Result<std::string> bytes =
            format->model()->write(project, path.has_parent_path() ? path.parent_path() : ".");
        if (!bytes) return Unexpected(bytes.error());
        return writeFileAtomically(path, *bytes);
    } catch (const std::bad_alloc&) {
        return failure("there is not enough memory to write the model", "Close other programs and save again");
    }
}

Result<void> writeData(const tensor::Tensor& values, const std::filesystem::path& path, FormatTable table) {
    const Format* format = dataFormatFor(path, table);
    if (format == nullptr) return failure(fmt::format("no format is written as {}", path.filename().string()));
    return format->data()->write(values, path);
}

}  // namespace shapewise::io
