#pragma once
// The table of file formats. A format is one file that reads it and one row here; opening, dropping, data nodes and the
// command line all ask this table.

#include "core/io/data/data_reader.h"
#include "core/io/files/files.h"
#include "core/io/formats/model_file.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace shapewise::io {

/// What the first bytes of a file say about a format.
enum class Match : std::uint8_t { No, Possible, Certain };

/// A format that holds a model.
struct ModelFormat {
    /// Whether this is the format, among those whose first bytes match. Null: the first bytes tell all.
    bool (*holds)(ModelFile& file) = nullptr;
    Result<Opened> (*read)(ModelFile& file) = nullptr;
    /// The bytes of a file in `folder`. Null: never written.
    Result<std::string> (*write)(const graph::Project& project, const std::filesystem::path& folder) = nullptr;
    /// Whatever a project holds comes back from its file: what was opened from it may be saved over it.
    bool keepsAll = false;
    bool hasDialects = false;  ///< reads ModelFile::readAs()
};

/// A format that holds values for a graph.
struct DataFormat {
    DataKind kind = DataKind::Array;
    std::string_view noun;  ///< "a .npy array"
    /// The file with its head parsed. Null when it is not of this format after all.
    Result<std::unique_ptr<DataReader>> (*open)(std::shared_ptr<const InputFile> file) = nullptr;
    /// Null: never written.
    Result<void> (*write)(const tensor::Tensor& values, const std::filesystem::path& path) = nullptr;
};

/// A format that is known and not read, with what to say to who opens such a file.
struct UnreadFormat {
    bool (*holds)(ModelFile& file) = nullptr;        ///< as in ModelFormat
    bool (*looks)(const InputFile& file) = nullptr;  ///< the same, of what is no JSON
    std::string_view what;                           ///< "an ONNX model"
    std::string_view advice;

    [[nodiscard]] bool isFormatOf(ModelFile& file) const;
};

struct Format {
    std::string_view name;    ///< "Keras JSON"
    std::string_view suffix;  ///< ".json": the file written under such a name is of this format
    Match (*match)(std::string_view head) = nullptr;
    std::variant<ModelFormat, DataFormat, UnreadFormat> holds;

    [[nodiscard]] const ModelFormat* model() const { return std::get_if<ModelFormat>(&holds); }
    [[nodiscard]] const DataFormat* data() const { return std::get_if<DataFormat>(&holds); }
    [[nodiscard]] const UnreadFormat* unread() const { return std::get_if<UnreadFormat>(&holds); }
};

/// Rows in the order in which they are asked: the first that is right reads the file.
using FormatTable = std::span<const Format>;

/// All formats of this program.
[[nodiscard]] FormatTable formats();

/// True when the file is to become a node, not a document: the first row that matches holds data. A file that is empty
/// or of no format is left to the reader of models, whose message names the cause.
[[nodiscard]] bool holdsData(const InputFile& file, FormatTable table = formats());

/// The row of a format that is known and not read, and that the file is of; null when there is none. Asked in the order
/// of the table: null as well where a row that reads the file comes first.
[[nodiscard]] const Format* unreadFormatOf(ModelFile& file, FormatTable table = formats());
/// "this is an ONNX model, which is not read", of the file named `subject`.
[[nodiscard]] Error unreadError(const UnreadFormat& format, std::string_view subject);

/// The row that writes models or data under a name that ends like that of `path`; null when there is none.
[[nodiscard]] const Format* modelFormatFor(const std::filesystem::path& path, FormatTable table = formats());
[[nodiscard]] const Format* dataFormatFor(const std::filesystem::path& path, FormatTable table = formats());

/// Certain when the file begins with these bytes, else No.
[[nodiscard]] inline Match matchStart(std::string_view head, std::string_view bytes) {
    return head.starts_with(bytes) ? Match::Certain : Match::No;
}
/// Possible for what may be JSON: an object, a list or a text, behind a byte order mark and spaces.
[[nodiscard]] Match matchJson(std::string_view head);

}  // namespace shapewise::io
