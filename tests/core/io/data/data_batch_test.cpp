// Several files as one batch: a list or a folder in a data node.

#include "core/io/data/data_batch.h"

#include "core/edit/apply.h"
#include "core/infer/analysis.h"
#include "core/io/data/data_files.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

namespace shapewise::io {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

void writeSound(const fs::path& path, int frames, float value, int rate = 8000, int channels = 1) {
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = channels;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    const std::vector<float> samples(static_cast<std::size_t>(frames * channels), value);
    sf_writef_float(file, samples.data(), frames);
    sf_close(file);
}

/// A node of the folder or list with what it remembers, and what it loads.
struct Batch {
    std::string shape;
    exec::NodeData data;
};

Result<Batch> batchOf(const std::string& path, const char* type,
                      const std::vector<std::pair<const char*, Value>>& settings = {}) {
    graph::Project project;
    const layers::LayerType* layer = layers::findLayer(type);
    const auto node = layers::makeNode(*layer, project.graph.nextId(), "x");
    node->set("path", Value(path));
    for (const auto& [key, value] : settings) node->set(key, value);
    project.graph.put(node);
    edit::Edit refresh;
    refresh.steps = refreshDataNodes(project.graph, {});
    const Result<edit::Applied> applied = edit::apply(project, refresh);
    if (!applied) return Unexpected(applied.error());
    const graph::Graph& graph = applied->project.graph;
    Result<exec::NodeData> data = dataLoader({})(*graph.findByName("x"), {});
    if (!data) return Unexpected(data.error());
    const infer::Analysis analysis = infer::Analysis::of(graph);
    const tensor::TensorType* known = analysis[graph.findByName("x")->id].outputAt(0);
    return Batch{known == nullptr ? "unknown" : known->shape.text(), *data};
}

TEST(DataBatch, RecordingsOfAFolderArePaddedToTheLongestOrCutToTheShortest) {
    const TemporaryFolder folder;
    writeSound(folder.path() / "b.wav", 300, 0.5F);
    writeSound(folder.path() / "a.wav", 100, 0.25F);
    folder.write("notes.txt", "no sound at all");
    folder.write(".hidden", "no sound");
    const Result<Batch> longest = batchOf(folder.path().string(), "AudioFile");
    ASSERT_TRUE(longest) << longest.error().text();
    EXPECT_EQ(longest->shape, "(2, 300, 1)");
    EXPECT_EQ(longest->data.type.shape.text(), "(2, 300, 1)");
    EXPECT_THAT(longest->data.sampleNames, ElementsAre("a.wav", "b.wav"));
    const float* values = longest->data.values->data();
    EXPECT_EQ(values[99], 0.25F);
    EXPECT_EQ(values[100], 0.0F);
    EXPECT_EQ(values[599], 0.5F);
    EXPECT_THAT(longest->data.note, HasSubstr("1 of 2 recordings padded with silence to 300 samples"));
    EXPECT_THAT(longest->data.note, HasSubstr("left out: notes.txt"));
    const Result<Batch> shortest = batchOf(folder.path().string(), "AudioFile", {{"batch_length", "shortest"}});
    ASSERT_TRUE(shortest) << shortest.error().text();
    EXPECT_EQ(shortest->shape, "(2, 100, 1)");
    EXPECT_EQ(shortest->data.values->data()[199], 0.5F);
    EXPECT_THAT(shortest->data.note, HasSubstr("1 of 2 recordings cut to 100 samples"));
}

TEST(DataBatch, UnequalRatesAndChannelsAreSaid) {
    const TemporaryFolder folder;
    writeSound(folder.path() / "a.wav", 800, 0.5F);
    writeSound(folder.path() / "b.wav", 1600, 0.5F, 16000, 2);
    const std::string list = (folder.path() / "a.wav").string() + "\n" + (folder.path() / "b.wav").string();
    const Result<Batch> batch = batchOf(list, "AudioFile", {{"channels", "all"}});
    ASSERT_TRUE(batch) << batch.error().text();
    EXPECT_EQ(batch->shape, "(2, 800, 2)");
    EXPECT_EQ(batch->data.values->extents(), (tensor::Extents{2, 800, 2}));
    EXPECT_DOUBLE_EQ(batch->data.type.scales->sampleRateHz, 8000.0);
    EXPECT_THAT(batch->data.note,
                HasSubstr("1 of 2 files has another sample rate (b.wav: 16000 Hz) than the first (8000 Hz)"));
    EXPECT_THAT(batch->data.note, HasSubstr("another number of channels (b.wav: 2) than the first (1)"));
    EXPECT_THAT(batch->data.note, HasSubstr("resampled from 16000 to 8000 Hz"));
    EXPECT_EQ(batch->data.values->data()[1], 0.0F) << "the second channel of a mono recording is silent";
}

TEST(DataBatch, PicturesGetOneSizeByTheRuleThatIsSet) {
    const TemporaryFolder folder;
    const fs::path pictures = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden";
    fs::copy_file(pictures / "pictures/rgb.png", folder.path() / "a.png");
    fs::copy_file(pictures / "data/exif-orientation-6.jpg", folder.path() / "b.jpg");
    const Result<Batch> resized = batchOf(folder.path().string(), "ImageFile");
    ASSERT_TRUE(resized) << resized.error().text();
    EXPECT_EQ(resized->shape, "(2, 8, 16, 3)");
    EXPECT_EQ(resized->data.values->extents(), (tensor::Extents{2, 8, 16, 3}));
    EXPECT_THAT(resized->data.note,
                HasSubstr("1 of 2 files has another size (b.jpg: 20 × 40) than the first (16 × 8)"));
    EXPECT_THAT(resized->data.note, HasSubstr("resized from 20 × 40 to 16 × 8"));
    const Result<Batch> padded =
        batchOf(folder.path().string(), "ImageFile", {{"batch_fit", "pad"}, {"height", 10}, {"width", 20}});
    ASSERT_TRUE(padded) << padded.error().text();
    EXPECT_EQ(padded->shape, "(2, 10, 20, 3)");
    EXPECT_EQ(padded->data.values->data()[0], 0.0F) << "black beside the smaller picture";
    EXPECT_EQ(padded->data.values->data()[(1 * 20 + 2) * 3], 1.0F) << "which stands in the middle";
    EXPECT_THAT(padded->data.note, HasSubstr("2 of 2 pictures centred in 20 × 10 pixels"));
}

TEST(DataBatch, ArraysOfOneShapeAreStacked) {
    const TemporaryFolder folder;
    ASSERT_TRUE(writeNpy(tensor::Tensor({4, 2}, 1.0F), folder.path() / "a.npy"));
    ASSERT_TRUE(writeNpy(tensor::Tensor({4, 2}, 2.0F), folder.path() / "b.npy"));
    ASSERT_TRUE(writeNpy(tensor::Tensor({5, 2}, 3.0F), folder.path() / "c.npy"));
    const Result<Batch> batch = batchOf(folder.path().string(), "ArrayFile");
    ASSERT_TRUE(batch) << batch.error().text();
    EXPECT_EQ(batch->shape, "(2, 4, 2)");
    EXPECT_EQ(batch->data.values->data()[8], 2.0F);
    EXPECT_THAT(batch->data.note, HasSubstr("left out: c.npy (its shape is (5, 2), that of a.npy (4, 2))"));
}

TEST(DataBatch, AFolderBecomesANodeAndIsKeptRelativeToTheProject) {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "takes");
    writeSound(folder.path() / "takes/a.wav", 100, 0.5F);
    graph::Project project;
    const auto node = makeDataNode(folder.path() / "takes", project.graph.nextId(), project.graph);
    ASSERT_TRUE(node) << node.error().text();
    EXPECT_EQ((*node)->type->className, "AudioFile");
    EXPECT_EQ((*node)->name, "takes");
    (*node)->set("path", Value((folder.path() / "takes/a.wav").string() + "\n" + (folder.path() / "takes").string()));
    project.graph.put(*node);
    ASSERT_TRUE(saveProject(project, folder.path() / "p.shapewise"));
    EXPECT_THAT(*readFile(folder.path() / "p.shapewise", 10000), HasSubstr(R"("path": "takes/a.wav\ntakes")"));
    const Result<Opened> opened = openProject(folder.path() / "p.shapewise");
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(opened->project.graph.findByName("takes")->setting("path")->asText(),
              (folder.path() / "takes/a.wav").generic_string() + "\n" + (folder.path() / "takes").generic_string());
}

TEST(DataBatch, AFolderWithNothingToReadIsRefused) {
    const TemporaryFolder folder;
    graph::Graph graph;
    const auto empty = makeDataNode(folder.path(), graph.nextId(), graph);
    ASSERT_FALSE(empty);
    EXPECT_THAT(empty.error().text(), HasSubstr("is a folder without files"));
    folder.write("a.txt", "words and words");
    const auto words = makeDataNode(folder.path(), graph.nextId(), graph);
    ASSERT_FALSE(words);
    EXPECT_THAT(words.error().text(), HasSubstr("none of the files can be read; left out: a.txt"));
    folder.write("saved_model.pb", "x");
    EXPECT_THAT(makeDataNode(folder.path(), graph.nextId(), graph).error().text(),
                HasSubstr("is a TensorFlow SavedModel"));
}

}  // namespace
}  // namespace shapewise::io
