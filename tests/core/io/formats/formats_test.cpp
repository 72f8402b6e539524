// The table of formats: its rows, and that a format nobody has heard of needs one file and one row.

#include "core/io/formats/format.h"

#include "core/io/data/data_files.h"
#include "core/io/formats/open.h"
#include "core/layers/framework/catalog.h"
#include "core/session/document.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <charconv>
#include <set>

namespace shapewise::io {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

std::shared_ptr<const InputFile> opened(const fs::path& path) {
    Result<std::shared_ptr<const InputFile>> file = InputFile::open(path);
    EXPECT_TRUE(file) << file.error().text();
    return file ? *file : nullptr;
}

// A toy format of models: "TOY" and the classes of the layers of a chain, a line each.

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

Result<Opened> readToy(ModelFile& file) {
    if (!file.bytes()) return Unexpected(file.bytes().error());
    Opened opened;
    const std::vector<std::string> lines = linesOf(*file.bytes());
    for (std::size_t index = 1; index < lines.size(); ++index) {
        const layers::LayerType* type = layers::findLayer(lines[index]);
        if (type == nullptr) return failure("no layer " + lines[index]);
        const NodeId id = opened.project.graph.nextId();
        opened.project.graph.put(layers::makeNode(*type, id, opened.project.graph.freeName(lines[index])));
    }
    return opened;
}

Result<std::string> writeToy(const graph::Project& project, const fs::path& /*folder*/) {
    std::string text = "TOY\n";
    project.graph.forEach([&](const graph::Node& node) { text += std::string(node.type->className) + "\n"; });
    return text;
}

Format toyModelFormat() {
    return {"toy model", ".toy", [](std::string_view head) { return matchStart(head, "TOY\n"); },
            ModelFormat{nullptr, readToy, writeToy}};
}

// A toy format of data: "#numbers", then numbers with spaces between them.

class ToyReader final : public DataReader {
  public:
    explicit ToyReader(std::vector<float> values) : values_(std::move(values)) {
        probe_ = {DataKind::Array, {static_cast<std::int64_t>(values_.size())}, 0.0, "numbers"};
    }
    [[nodiscard]] const DataProbe& probe() const override { return probe_; }
    Result<tensor::Tensor> read(const DataRequest& /*request*/) override {
        return tensor::Tensor(probe_.extents, values_);
    }

  private:
    std::vector<float> values_;
    DataProbe probe_;
};

Result<std::unique_ptr<DataReader>> openToyData(std::shared_ptr<const InputFile> file) {
    const Result<std::string> bytes = file->readAll(1000);
    if (!bytes) return Unexpected(bytes.error());
    std::vector<float> values;
    const char* const end = bytes->data() + bytes->size();
    for (const char* at = bytes->data() + std::string_view("#numbers").size(); at < end;) {
        float value = 0.0F;
        const auto [next, problem] = std::from_chars(at, end, value);
        if (problem == std::errc()) values.push_back(value);
        at = problem == std::errc() ? next : at + 1;
    }
    return std::make_unique<ToyReader>(std::move(values));
}

Format toyDataFormat() {
    return {"toy numbers", "", [](std::string_view head) { return matchStart(head, "#numbers"); },
            DataFormat{DataKind::Array, "a list of numbers", openToyData}};
}

std::vector<Format> extended() {
    std::vector<Format> table{toyModelFormat(), toyDataFormat()};
    table.insert(table.end(), formats().begin(), formats().end());
    return table;
}

TEST(Formats, EachRowHasANameOfItsOwnAndDoesSomething) {
    std::set<std::string_view> names;
    for (const Format& format : formats()) {
        SCOPED_TRACE(format.name);
        EXPECT_TRUE(names.insert(format.name).second);
        ASSERT_NE(format.match, nullptr);
        EXPECT_EQ(format.match(""),
                  format.data() != nullptr && format.data()->kind == DataKind::Audio ? Match::Possible : Match::No);
        if (format.model() != nullptr) {
            EXPECT_NE(format.model()->read, nullptr);
        }
        if (format.data() != nullptr) {
            EXPECT_NE(format.data()->open, nullptr);
        }
        if (format.unread() != nullptr) {
            EXPECT_FALSE(format.unread()->advice.empty());
            EXPECT_FALSE(format.unread()->what.empty());
        }
        const bool writes = (format.model() != nullptr && format.model()->write != nullptr) ||
                            (format.data() != nullptr && format.data()->write != nullptr);
        EXPECT_EQ(writes, !format.suffix.empty());
    }
}

TEST(Formats, ANewFormatOfModelsOpensAndIsWritten) {
    const std::vector<Format> table = extended();
    const TemporaryFolder folder;
    const fs::path path = folder.write("a.model", "TOY\nFlatten\nReLU\n");
    EXPECT_FALSE(holdsData(*opened(path), table));
    const Result<Opened> model = openProject(opened(path), table);
    ASSERT_TRUE(model) << model.error().text();
    EXPECT_EQ(model->project.graph.nodeCount(), 2U);
    EXPECT_EQ(model->format, &table[0]);
    ASSERT_TRUE(writeModel(model->project, folder.path() / "b.toy", table));
    EXPECT_EQ(*readFile(folder.path() / "b.toy", 100), "TOY\nFlatten\nReLU\n");
    const Result<Opened> bad = openProject(opened(folder.write("c.model", "TOY\nNoSuchLayer\n")), table);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().text(), "c.model: no layer NoSuchLayer");
}

TEST(Formats, ANewFormatOfDataBecomesANodeAndIsRead) {
    const std::vector<Format> table = extended();
    const TemporaryFolder folder;
    const fs::path path = folder.write("a.txt", "#numbers 1 2.5 -3");
    EXPECT_TRUE(holdsData(*opened(path), table));
    graph::Graph graph;
    const auto node = makeDataNode(opened(path), graph.nextId(), graph, table);
    ASSERT_TRUE(node) << node.error().text();
    EXPECT_EQ((*node)->type->className, "ArrayFile");
    const Result<exec::NodeData> data = dataLoader(folder.path(), table)(**node, {});
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(data->type.shape.text(), "(3,)");
    EXPECT_EQ(data->values->data()[1], 2.5F);
    const Result<Opened> model = openProject(opened(path), table);
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().text(), HasSubstr("this is an array, no project"));
    const auto unknown = openDataFile(folder.write("b.txt", "numbers"), table);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().message,
              "b.txt is neither sound, nor a PNG or JPEG picture, nor a .npy array, nor a list of numbers");
}

TEST(Formats, WhatIsKnownAndNotReadSaysWhatToDoInstead) {
    const TemporaryFolder folder;
    const std::pair<std::string, const char*> cases[] = {
        {"\x89HDF\r\n\x1a\n", "this is an HDF5 file, and such files are not read"},
        {"PK\x03\x04", "this is a zip archive, and such files are not read"},
        {R"({"format": "graph-model"})",
         "this is a TensorFlow.js graph model, which holds operations and no layers, and such files are not read"},
        {"RIFF....WAVE", "this is a sound file, no project, and it cannot become a node: a.h5 "},
        {"\x89PNG\r\n\x1a\n", "this is a picture, no project, and it cannot become a node: a.h5 "},
        {"\xFF\xD8\xFF", "this is a picture, no project, and it cannot become a node: a.h5 "},
        {"\x93NUMPY", "this is an array, no project, and it cannot become a node: a.h5 "},
        {R"({"class_name": "MyModel"})", "the file holds a MyModel without a list of layers"},
        {"{}", "the file is JSON, but neither a project nor a Keras model"},
    };
    for (const auto& [bytes, message] : cases) {
        const Result<Opened> model = openProject(folder.write("a.h5", bytes));
        ASSERT_FALSE(model) << message;
        EXPECT_THAT(model.error().message, StartsWith(message));
        EXPECT_EQ(model.error().where, "a.h5");
        EXPECT_FALSE(model.error().advice.empty());
    }
}

TEST(Formats, ModelsAndDataAreToldByTheFirstBytes) {
    const TemporaryFolder folder;
    for (const char* model : {"{", "\xEF\xBB\xBF [", "  \n{", "PK\x03\x04", "\x89HDF", "", "\"{}\""})
        EXPECT_FALSE(holdsData(*opened(folder.write("a", model)))) << model;
    for (const char* data : {"\x93NUMPY", "\x89PNG", "\xFF\xD8\xFF", "RIFF", "ID3", "no sound", "   "})
        EXPECT_TRUE(holdsData(*opened(folder.write("a", data)))) << data;
}

TEST(Formats, ATextThatHoldsAModelIsRead) {
    const Result<Opened> model = readProject(
        R"("{\"class_name\": \"Sequential\", \"config\": [{\"class_name\": \"Flatten\", \"config\": {}}]}")");
    ASSERT_TRUE(model) << model.error().text();
    EXPECT_EQ(model->format->name, "Keras JSON");
}

TEST(Formats, NamesChooseWhatIsWritten) {
    ASSERT_NE(modelFormatFor("a.json"), nullptr);
    EXPECT_EQ(modelFormatFor("a.json")->name, "Keras JSON");
    EXPECT_EQ(modelFormatFor("a.shapewise")->name, "Shapewise project");
    EXPECT_EQ(modelFormatFor("a.npy"), nullptr);
    EXPECT_EQ(dataFormatFor("a.npy")->name, "NumPy array");
    const TemporaryFolder folder;
    ASSERT_TRUE(writeModel({}, folder.path() / "a.anything"));
    EXPECT_EQ(openProject(folder.path() / "a.anything")->format->name, "Shapewise project");
    EXPECT_FALSE(writeData(tensor::Tensor({1}, 0.0F), folder.path() / "a.anything"));
}

// Files are opened once.

constexpr std::string_view kModel =
    R"({"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": {"name": "s", "layers": [
  {"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 1]}}]}},
  "weightsManifest": [{"paths": ["w.bin"], "weights": [
    {"name": "d/kernel", "shape": [1, 2], "dtype": "float32"}, {"name": "d/bias", "shape": [2], "dtype": "float32"}]}]})";

TEST(OpenedOnce, AModelAndEachFileOfItsWeights) {
    const TemporaryFolder folder;
    folder.write("w.bin", std::string(16, '\0'));
    const fs::path path = folder.write("model.json", std::string(kModel));
    const std::uint64_t before = InputFile::openedSoFar();
    const Result<Opened> model = openProject(path);
    EXPECT_EQ(InputFile::openedSoFar() - before, 2U);
    ASSERT_TRUE(model) << model.error().text();
    EXPECT_TRUE(model->notes.empty());
    EXPECT_TRUE(model->project.graph.findByName("d")->weights);
}

/// A model of Keras 3 whose layers say for which input they were built; `built` for the second.
std::string builtModel(const char* built) {
    return std::string(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
      {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "in"}},
      {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "name": "a"},
       "build_config": {"input_shape": [null, 4]}},
      {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "name": "b"},
       "build_config": {"input_shape": )") +
           built + "}}]}}";
}

TEST(OpenedOnce, AndInferredOnceWhoeverAsks) {
    const TemporaryFolder folder;
    for (const char* built : {"[null, 2]", "[null, 7]"}) {
        SCOPED_TRACE(built);
        const Result<Opened> model = openProject(folder.write("m.json", builtModel(built)));
        ASSERT_TRUE(model) << model.error().text();
        ASSERT_TRUE(model->analysis);
        const graph::Graph& graph = model->project.graph;
        EXPECT_TRUE(model->analysis->graph().sharesAllWith(graph));
        const infer::Analysis fresh = infer::Analysis::of(graph);
        graph.forEach([&](const graph::Node& node) { EXPECT_EQ((*model->analysis)[node.id], fresh[node.id]); });
        EXPECT_EQ(graph.findByName("a")->builtFor, nullptr);
        EXPECT_EQ(graph.findByName("b")->builtFor != nullptr, std::string_view(built) == "[null, 7]");
        // A document takes what is known of the graph, and infers what is not.
        session::Document document;
        document.replace(model->project, model->analysis.get());
        EXPECT_EQ(document.analysis()[graph.findByName("b")->id].outputAt(0)->shape.text(), "(None, 3)");
        document.replace(graph::Project{}, model->analysis.get());
        EXPECT_EQ(document.analysis()[NodeId(0)].state, infer::State::Missing);
    }
}

TEST(OpenedOnce, DataWhenDroppedAndWhenRun) {
    const TemporaryFolder folder;
    ASSERT_TRUE(writeNpy(tensor::Tensor({2, 3}, 1.0F), folder.path() / "a.npy"));
    fs::copy_file(fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/pictures/rgb.png", folder.path() / "a.png");
    fs::copy_file(fs::path(SHAPEWISE_SOURCE_DIR) / "resources/samples/speech-and-chirp.flac", folder.path() / "a.flac");
    for (const char* name : {"a.npy", "a.png", "a.flac"}) {
        SCOPED_TRACE(name);
        graph::Graph graph;
        std::uint64_t before = InputFile::openedSoFar();
        const std::shared_ptr<const InputFile> file = opened(folder.path() / name);
        ASSERT_TRUE(holdsData(*file));
        const auto node = makeDataNode(file, graph.nextId(), graph);
        EXPECT_EQ(InputFile::openedSoFar() - before, 1U);
        ASSERT_TRUE(node) << node.error().text();
        before = InputFile::openedSoFar();
        const Result<exec::NodeData> data = dataLoader(folder.path())(**node, {});
        EXPECT_EQ(InputFile::openedSoFar() - before, 1U);
        ASSERT_TRUE(data) << data.error().text();
        graph.put(*node);
        before = InputFile::openedSoFar();
        EXPECT_TRUE(refreshDataNodes(graph, folder.path()).empty());
        EXPECT_EQ(InputFile::openedSoFar() - before, 1U);
    }
}

TEST(OpenedOnce, AModelThatWasLookedAtIsReadFromThatFile) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("m.shapewise", projectJson({}));
    const std::uint64_t before = InputFile::openedSoFar();
    const std::shared_ptr<const InputFile> file = opened(path);
    ASSERT_FALSE(holdsData(*file));
    EXPECT_TRUE(openProject(file));
    EXPECT_EQ(InputFile::openedSoFar() - before, 1U);
}

}  // namespace
}  // namespace shapewise::io
