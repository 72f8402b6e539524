#include "core/io/project/project_json.h"

#include "core/io/files/json_value.h"
#include "core/layers/framework/catalog.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstring>
#include <random>

namespace shapewise::io {
namespace {

using testing::HasSubstr;

const std::string kSmall = R"({
  "format": "shapewise",
  "version": 1,
  "nodes": [
    {"name": "data", "type": "InputLayer", "settings": {"shape": [20, 1]}, "at": [0, 0]},
    {
      "name": "conv1d",
      "type": "Conv1D",
      "settings": {"filters": 32, "kernel_size": 3, "activation": "relu"},
      "inputs": ["data"],
      "at": [300, 12.5]
    }
  ]
}
)";

graph::Project read(const std::string& text) {
    const Result<Opened> opened = readProject(text);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return opened ? opened->project : graph::Project{};
}

TEST(ProjectJson, WritesWhatItReadByteForByte) { EXPECT_EQ(projectJson(read(kSmall)), kSmall); }

TEST(ProjectJson, ReadsNodesLinksAndPlaces) {
    const graph::Project project = read(kSmall);
    const graph::Node* conv = project.graph.findByName("conv1d");
    ASSERT_NE(conv, nullptr);
    EXPECT_EQ(conv->type->className, "Conv1D");
    EXPECT_EQ(*conv->setting("filters"), Value(32));
    ASSERT_EQ(conv->inputs.size(), 1u);
    EXPECT_EQ(project.graph.find(conv->inputs[0].from)->name, "data");
    EXPECT_DOUBLE_EQ(project.canvas.place(conv->id).y, 12.5);
}

TEST(ProjectJson, KeysOfANewerVersionSurvive) {
    const std::string text =
        R"({"format": "shapewise", "version": 7, "theme": {"dark": true}, "run": {"batch_size": 4, "device": "gpu"},
      "nodes": [{"name": "a", "type": "InputLayer", "colour": "green", "settings": {"shape": [4], "wobble": [1, 2]}, "at": [0, 0]}]})";
    const Result<Opened> opened = readProject(text);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_THAT(opened->notes, testing::ElementsAre(HasSubstr("newer version")));
    const Value written = *parseJson(projectJson(opened->project));
    EXPECT_EQ(*written.find("version"), Value(7));
    EXPECT_EQ(jsonText(*written.find("theme")), R"({"dark": true})");
    EXPECT_EQ(jsonText(*written.find("run")), R"({"batch_size": 4, "device": "gpu"})");
    const Value& node = written.find("nodes")->asList()[0];
    EXPECT_EQ(*node.find("colour"), Value("green"));
    EXPECT_EQ(jsonText(*node.find("settings")), R"({"shape": [4], "wobble": [1, 2]})");
    EXPECT_EQ(projectJson(readProject(projectJson(opened->project))->project), projectJson(opened->project));
}

TEST(ProjectJson, UnknownLayerTypesSurvive) {
    const std::string text = R"({"format": "shapewise", "version": 1, "nodes": [
      {"name": "a", "type": "InputLayer", "settings": {"shape": [4]}, "at": [0, 0]},
      {"name": "x", "type": "Hyperbolic", "settings": {"curvature": 0.5, "deep": {"a": [1]}}, "declared_shape": [7], "inputs": ["a"], "at": [300, 0]}]})";
    const Result<Opened> opened = readProject(text);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(opened->project.graph.findByName("x")->type, &layers::customLayer());
    EXPECT_EQ(opened->notes.front(), "layer 'x': class Hyperbolic is not known, kept as Custom");
    EXPECT_EQ(jsonText(*parseJson(projectJson(opened->project))), jsonText(*parseJson(text)));
}

TEST(ProjectJson, RunSettingsAndDismissalsAreKept) {
    graph::Project project = read(kSmall);
    project.run = {8, "chirp", 42};
    project.dismissed = {"b/key", "a/key"};
    const graph::Project again = read(projectJson(project));
    EXPECT_EQ(again.run, project.run);
    EXPECT_EQ(again.dismissed, project.dismissed);
}

TEST(ProjectJson, WeightsAreKeptBitForBit) {
    graph::Project project = read(kSmall);
    auto node = std::make_shared<graph::Node>(*project.graph.findByName("conv1d"));
    graph::WeightSet weights;
    tensor::Tensor kernel({3, 1, 32});
    for (std::int64_t i = 0; i < kernel.count(); ++i) kernel.data()[i] = 0.1F * static_cast<float>(i) - 3.0F;
    kernel.data()[5] = -0.0F;
    weights.push_back({"kernel", kernel});
    weights.push_back({"bias", tensor::Tensor({32}, 0.25F)});
    node->weights = std::make_shared<graph::WeightSet>(std::move(weights));
    project.graph.put(node);
    const graph::Project again = read(projectJson(project));
    const auto& read = again.graph.findByName("conv1d")->weights;
    ASSERT_TRUE(read);
    EXPECT_EQ((*read)[0].name, "kernel");
    EXPECT_EQ((*read)[0].values.extents(), kernel.extents());
    EXPECT_EQ(
        std::memcmp((*read)[0].values.data(), kernel.data(), sizeof(float) * static_cast<std::size_t>(kernel.count())),
        0);
    EXPECT_EQ((*read)[1].values.data()[31], 0.25F);
}

TEST(ProjectJson, MissingNamesGetKerasAutomaticOnes) {
    const graph::Project project = read(R"({"format": "shapewise", "version": 1, "nodes": [
      {"type": "Conv2D"}, {"type": "Conv2D"}, {"type": "Conv2D", "name": "conv2d_1"}]})");
    EXPECT_NE(project.graph.findByName("conv2d"), nullptr);
    EXPECT_NE(project.graph.findByName("conv2d_1"), nullptr);
    EXPECT_NE(project.graph.findByName("conv2d_2"), nullptr);
}

TEST(ProjectJson, TwinsAreRenamedAndLinksLeadToTheFirst) {
    const Result<Opened> opened = readProject(R"({"format": "shapewise", "version": 1, "nodes": [
      {"type": "InputLayer", "name": "a"}, {"type": "InputLayer", "name": "a"}, {"type": "Conv2D", "name": "c", "inputs": ["a"]}]})");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->project.graph.findByName("c")->inputs[0].from, NodeId(0));
    EXPECT_EQ(opened->project.graph.find(NodeId(1))->name, "a_1");
    EXPECT_THAT(opened->notes, testing::ElementsAre(HasSubstr("two nodes are called 'a'")));
}

TEST(ProjectJson, LoopsOpenAndDanglingLinksAreNoted) {
    const Result<Opened> opened = readProject(R"({"format": "shapewise", "version": 1, "nodes": [
      {"type": "Conv1D", "name": "a", "inputs": ["b"]}, {"type": "Conv1D", "name": "b", "inputs": ["a", "gone"]}]})");
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(opened->project.graph.findByName("a")->inputs.size(), 1u);
    EXPECT_EQ(opened->project.graph.findByName("b")->inputs.size(), 1u);
    EXPECT_THAT(opened->notes, testing::ElementsAre(HasSubstr("'gone', which is not in the file")));
}

TEST(ProjectJson, NodesWithoutPlacesAreLaidOut) {
    const graph::Project project = read(R"({"format": "shapewise", "version": 1, "nodes": [
      {"type": "InputLayer", "name": "a"}, {"type": "Conv1D", "name": "b", "inputs": ["a"]}]})");
    EXPECT_LT(project.canvas.place(NodeId(0)).x + 200.0, project.canvas.place(NodeId(1)).x);
}

TEST(ProjectJson, WrongKindsAreRefusedWithTheirPlace) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"format": "shapewise"})", "version"},
        {R"({"format": "shapewise", "version": 0})", "version"},
        {R"({"format": "shapewise", "version": 1})", "nodes"},
        {R"({"format": "shapewise", "version": 1, "nodes": 3})", "nodes"},
        {R"({"format": "shapewise", "version": 1, "nodes": [3]})", "nodes[0]"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"name": "a"}]})", "nodes[0].type"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "name": 3}]})", "nodes[0].name"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "settings": []}]})",
         "nodes[0].settings"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "inputs": [7]}]})",
         "nodes[0].inputs[0]"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "inputs": [["a", -1]]}]})",
         "nodes[0].inputs[0]"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "at": [1e300, 0]}]})", "nodes[0].at"},
        {R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "weights": [{"name": "k", "shape": [99999999999, 99999999], "values": ""}]}]})",
         "nodes[0].weights[0]"},
        {R"({"format": "shapewise", "version": 1, "dismissed": 1, "nodes": []})", "dismissed"},
        {R"({"format": "shapewise", "version": 1, "run": {"batch_size": "x"}, "nodes": []})", "run.batch_size"},
    };
    for (const auto& [text, place] : cases) {
        const Result<Opened> opened = readProject(text);
        ASSERT_FALSE(opened) << text;
        EXPECT_EQ(opened.error().where, place) << text;
        EXPECT_FALSE(opened.error().advice.empty());
    }
}

TEST(ProjectJson, EveryPrefixIsRefusedAndNoDamageCrashes) {
    for (std::size_t length = 0; length + 2 < kSmall.size(); ++length)
        EXPECT_FALSE(readProject(kSmall.substr(0, length)));
    std::mt19937 random(11);
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = kSmall;
        for (int flips = 0; flips < 3; ++flips) damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
        if (const Result<Opened> opened = readProject(damaged)) static_cast<void>(projectJson(opened->project));
    }
}

TEST(ProjectJson, NameOfTenThousandCharactersIsKept) {
    const std::string name(10000, 'n');
    const graph::Project project =
        read(R"({"format": "shapewise", "version": 1, "nodes": [{"type": "Conv1D", "name": ")" + name + "\"}]}");
    EXPECT_NE(project.graph.findByName(name), nullptr);
}

TEST(ProjectJson, SavedElsewhereOpensTheSame) {
    const test::TemporaryFolder folder;
    const graph::Project project = read(kSmall);
    ASSERT_TRUE(saveProject(project, folder.path() / "a.shapewise"));
    const Result<Opened> opened = openProject(folder.path() / "a.shapewise");
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(projectJson(opened->project), kSmall);
}

TEST(OpenProject, SaysWhatAFileIsInstead) {
    const test::TemporaryFolder folder;
    const std::tuple<std::string, std::string, const char*> cases[] = {
        {"a.wav", "RIFF....WAVE", "sound"},
        {"b.shapewise", "\x89PNG\r\n", "picture"},
        {"c.json", "\x89HDF\r\n", "HDF5"},
        {"d.json", "", "empty"},
        {"e.json", "{\"a\": 1}", "neither"},
        {"f.json", R"({"class_name": "Mine", "config": {}})", "Mine"},
        {"g.json", "{\"format\": \"shapewise\"", "ends too early"},
    };
    for (const auto& [name, bytes, words] : cases) {
        const Result<Opened> opened = openProject(folder.write(name, bytes));
        ASSERT_FALSE(opened) << name;
        EXPECT_THAT(opened.error().text(), HasSubstr(words));
        EXPECT_THAT(opened.error().text(), HasSubstr(name));
        EXPECT_FALSE(opened.error().advice.empty());
    }
}

}  // namespace
}  // namespace shapewise::io
