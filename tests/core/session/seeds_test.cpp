// Random weights belong to the node: whatever is done to its name, place and group, it draws the same numbers.
#include "core/graph/seeds.h"

#include "core/edit/builders.h"
#include "core/edit/clipboard.h"
#include "core/edit/inside.h"
#include "core/exec/weights.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "core/session/document.h"
#include "core/session/grouping.h"
#include "tests/core/exec/small_graph.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <functional>
#include <random>

namespace shapewise::session {
namespace {

using graph::Node;

/// signal -> first -> norm -> encoder [x -> wide -> deep [y -> inner]] -> head; `again` is a call of head's layer.
constexpr const char* kModel = R"({"format": "shapewise", "version": 1, "nodes": [
  {"name": "signal", "type": "InputLayer", "settings": {"shape": [12, 3]}},
  {"name": "first", "type": "Conv1D", "settings": {"filters": 4, "kernel_size": [3]}, "inputs": ["signal"]},
  {"name": "norm", "type": "LayerNormalization", "inputs": ["first"]},
  {"name": "encoder", "type": "Functional", "inputs": ["norm"], "body": {"nodes": [
    {"name": "x", "type": "InputLayer", "settings": {"shape": [10, 4]}},
    {"name": "wide", "type": "LSTM", "settings": {"units": 5, "return_sequences": true}, "inputs": ["x"]},
    {"name": "deep", "type": "Functional", "inputs": ["wide"], "body": {"nodes": [
      {"name": "y", "type": "InputLayer", "settings": {"shape": [10, 5]}},
      {"name": "inner", "type": "Dense", "settings": {"units": 4}, "inputs": ["y"]}]}}]}},
  {"name": "head", "type": "Dense", "settings": {"units": 4}, "inputs": ["encoder"]},
  {"name": "again", "type": "Dense", "settings": {"units": 4}, "inputs": ["head"], "shares": "head"}]})";

graph::Project model() {
    Result<io::Opened> opened = io::readProject(kModel);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return opened ? opened->project : graph::Project{};
}

NodeId idOf(const graph::Graph& graph, std::string_view name) {
    const Node* node = graph.findByName(name);
    EXPECT_NE(node, nullptr) << name;
    return node != nullptr ? node->id : NodeId();
}

std::vector<float> numbersOf(const graph::Project& project, NodeId id) {
    exec::RunRequest request;
    request.project = project;
    const exec::RunReport report = exec::testing::runAll(request);
    const auto run = report.nodes.find(id);
    if (run == report.nodes.end() || run->second.outputs.empty()) {
        ADD_FAILURE() << "nothing came out";
        return {};
    }
    const auto values = run->second.outputs.front()->values();
    return {values.begin(), values.end()};
}

std::vector<float> numbersOf(const graph::Project& project, std::string_view name) {
    return numbersOf(project, idOf(project.graph, name));
}

graph::Project afterwards(const graph::Project& project, const edit::Edit& edit) {
    Result<edit::Applied> applied = edit::apply(project, edit);
    EXPECT_TRUE(applied) << edit.label << ": " << (applied ? "" : applied.error().text());
    return applied ? applied->project : project;
}

graph::Project reopened(const graph::Project& project) {
    Result<io::Opened> opened = io::readProject(io::projectJson(project));
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    return opened ? opened->project : project;
}

graph::Project grouped(const graph::Project& project, std::initializer_list<const char*> names) {
    std::vector<NodeId> ids;
    for (const char* name : names) ids.push_back(idOf(project.graph, name));
    const Result<edit::Edit> edit = groupNodes(project, infer::Analysis::of(project.graph), ids);
    EXPECT_TRUE(edit) << (edit ? "" : edit.error().text());
    return edit ? afterwards(project, *edit) : project;
}

graph::Project ungrouped(const graph::Project& project, std::string_view name) {
    const Result<edit::Edit> edit = ungroup(project, infer::Analysis::of(project.graph), idOf(project.graph, name));
    EXPECT_TRUE(edit) << (edit ? "" : edit.error().text());
    return edit ? afterwards(project, *edit) : project;
}

edit::Edit renamed(const graph::Graph& graph, std::string_view name, std::string to) {
    return edit::renameNode(idOf(graph, name), std::move(to));
}

graph::Project added(const graph::Project& project, std::string_view className, std::string name, std::string_view from,
                     Value units) {
    auto node = layers::makeNode(*layers::findLayer(className), project.graph.nextId(), std::move(name));
    node->set("units", std::move(units));
    return afterwards(project, edit::addNodeBehind(std::move(node), {}, idOf(project.graph, from)));
}

struct Deed {
    const char* what;
    std::function<graph::Project(const graph::Project&)> carryOut;
};

const Node& nodeOf(const graph::Graph& graph, std::string_view name) { return *graph.find(idOf(graph, name)); }

std::vector<Deed> deeds() {
    const auto inEncoder = [](const graph::Project& project, std::string_view inner, std::string to) {
        const NodeId encoder = idOf(project.graph, "encoder");
        const std::array path{encoder};
        return afterwards(project,
                          edit::enclosed(renamed(*project.graph.find(encoder)->body, inner, std::move(to)), path));
    };
    return {
        {"a layer is renamed", [](const auto& p) { return afterwards(p, renamed(p.graph, "first", "another")); }},
        {"the input is renamed", [](const auto& p) { return afterwards(p, renamed(p.graph, "signal", "sound")); }},
        {"a model is renamed", [](const auto& p) { return afterwards(p, renamed(p.graph, "encoder", "coder")); }},
        {"the owner of a shared layer is renamed",
         [](const auto& p) { return afterwards(p, renamed(p.graph, "head", "top")); }},
        {"a call of a shared layer is renamed",
         [](const auto& p) { return afterwards(p, renamed(p.graph, "again", "once more")); }},
        {"a layer inside a model is renamed", [=](const auto& p) { return inEncoder(p, "wide", "broad"); }},
        {"a model inside a model is renamed", [=](const auto& p) { return inEncoder(p, "deep", "low"); }},
        {"it is saved and opened", reopened},
        {"it is renamed, saved and opened",
         [](const auto& p) { return reopened(afterwards(p, renamed(p.graph, "first", "another"))); }},
        {"a layer inside is renamed, saved and opened",
         [=](const auto& p) { return reopened(inEncoder(p, "wide", "w")); }},
        {"layers are grouped",
         [](const auto& p) {
             return grouped(p, {"first", "norm"});
         }},
        {"a model is grouped",
         [](const auto& p) {
             return grouped(p, {"norm", "encoder"});
         }},
        {"calls of one layer are grouped, saved and opened",
         [](const auto& p) {
             return reopened(grouped(p, {"head", "again"}));
         }},
        {"a model is taken apart", [](const auto& p) { return ungrouped(p, "encoder"); }},
        {"a model is renamed and taken apart",
         [](const auto& p) { return ungrouped(afterwards(p, renamed(p.graph, "encoder", "coder")), "coder"); }},
        {"layers are grouped and taken apart",
         [](const auto& p) {
             return ungrouped(grouped(p, {"first", "norm"}), "group");
         }},
        {"a node is moved",
         [](const auto& p) {
             const std::array ids{idOf(p.graph, "first")};
             return afterwards(p, edit::moveNodes(p, ids, 40, 80));
         }},
        {"a layer beside is added and removed",
         [](const auto& p) {
             const graph::Project more = added(p, "Dense", "side", "first", 4);
             const std::array ids{idOf(more.graph, "side")};
             return afterwards(more, edit::removeNodes(more.graph, ids));
         }},
        {"a layer is renamed and another gets its name",
         [](const auto& p) {
             const graph::Project free = afterwards(p, renamed(p.graph, "first", "second"));
             return added(free, "Dense", "first", "signal", 4);
         }},
    };
}

/// What comes out of the last call, whatever it is called by now.
std::vector<float> lastNumbers(const graph::Project& project) {
    NodeId last;
    for (const char* name : {"again", "once more", "group"})
        if (const Node* node = project.graph.findByName(name); node != nullptr) {
            last = node->id;
            if (std::string_view(name) != "group") break;
        }
    return numbersOf(project, last);
}

TEST(SeedsOfNodes, NothingDoneToNamesPlacesAndGroupsChangesANumber) {
    const graph::Project project = model();
    const std::vector<float> before = lastNumbers(project);
    for (const Deed& deed : deeds()) EXPECT_EQ(lastNumbers(deed.carryOut(project)), before) << deed.what;
}

TEST(SeedsOfNodes, AnyNumberOfSuchDeedsChangesNone) {
    const std::vector<float> before = lastNumbers(model());
    const std::vector<Deed> all = deeds();
    for (std::uint32_t seed = 0; seed < 12; ++seed) {
        std::mt19937 random(seed);
        graph::Project project = model();
        std::string done;
        int names = 0;
        for (int step = 0; step < 6; ++step) {
            std::vector<NodeId> nodes;
            project.graph.forEach([&](const Node& node) { nodes.push_back(node.id); });
            const NodeId id = nodes[random() % nodes.size()];
            const Node& node = *project.graph.find(id);
            switch (random() % 4) {
                case 0:
                    if (node.name == "again") break;
                    done += "rename " + node.name + "; ";
                    project = afterwards(project, edit::renameNode(id, "name" + std::to_string(names++)));
                    break;
                case 1:
                    done += "reopen; ";
                    project = reopened(project);
                    break;
                case 2:
                    if (const Result<edit::Edit> edit =
                            groupNodes(project, infer::Analysis::of(project.graph), std::array{id})) {
                        done += "group " + node.name + "; ";
                        project = afterwards(project, *edit);
                    }
                    break;
                default:
                    if (const Result<edit::Edit> edit = ungroup(project, infer::Analysis::of(project.graph), id)) {
                        done += "take apart " + node.name + "; ";
                        project = afterwards(project, *edit);
                    }
                    break;
            }
            if (project.graph.findByName("again") == nullptr) break;  // within a group now
        }
        EXPECT_EQ(lastNumbers(project), before) << done;
    }
}

TEST(SeedsOfNodes, AFileWithoutSeedsDrawsByNames) {
    const graph::Project project = model();
    const auto weightOf = [&](const Node& node, const tensor::Shape& input) {
        tensor::TensorType type;
        type.shape = input;
        const std::array<const tensor::TensorType*, 1> types{&type};
        const auto made = exec::materializeWeights(node, 0, types);
        EXPECT_TRUE(made);
        return std::vector<float>(made->front()->values().begin(), made->front()->values().end());
    };
    const auto expected = [](const std::string& seed, tensor::Extents extents) {
        const tensor::Tensor values =
            exec::initialWeight({.name = "kernel", .extents = std::move(extents)}, 0, seed, 0);
        return std::vector<float>(values.values().begin(), values.values().end());
    };
    EXPECT_EQ(weightOf(nodeOf(project.graph, "head"), {tensor::Dim(), 10, 4}), expected("head", {4, 4}));
    const graph::Graph& deep = *nodeOf(*nodeOf(project.graph, "encoder").body, "deep").body;
    EXPECT_EQ(weightOf(nodeOf(deep, "inner"), {tensor::Dim(), 10, 5}), expected("encoder/deep/inner", {5, 4}));
    EXPECT_EQ(io::projectJson(project).find("\"seed\""), std::string::npos) << "nothing that a reader would not guess";
}

TEST(SeedsOfNodes, NewNodesDrawTheirOwn) {
    graph::Project project = model();
    project = added(project, "Dense", "one", "first", 4);
    project = afterwards(project, renamed(project.graph, "one", "two"));
    project = added(project, "Dense", "one", "first", 4);
    EXPECT_NE(numbersOf(project, "one"), numbersOf(project, "two"));
    project = reopened(project);
    project = afterwards(project, renamed(project.graph, "one", "three"));
    project = added(project, "Dense", "one", "first", 4);
    EXPECT_NE(numbersOf(project, "one"), numbersOf(project, "two"));
    EXPECT_NE(numbersOf(project, "one"), numbersOf(project, "three"));
}

TEST(SeedsOfNodes, NewNodesInsideAModelDrawOthersThanThoseOutside) {
    graph::Project project = grouped(added(model(), "Dense", "one", "first", 4), {"one"});
    const NodeId group = idOf(project.graph, "group");
    const graph::Graph& body = *project.graph.find(group)->body;
    auto node = layers::makeNode(*layers::findLayer("Dense"), body.nextId(), "two");
    const std::array path{group};
    project = afterwards(project, edit::enclosed(edit::addNode(std::move(node), {}), path));
    auto outside = layers::makeNode(*layers::findLayer("Dense"), project.graph.nextId(), "two");
    project = afterwards(project, edit::addNode(std::move(outside), {}));
    const std::string inner = nodeOf(*project.graph.find(group)->body, "two").seed;
    EXPECT_FALSE(inner.empty());
    EXPECT_NE(inner, nodeOf(*project.graph.find(group)->body, "one").seed);
    EXPECT_NE(inner, nodeOf(project.graph, "two").seed);
}

TEST(SeedsOfNodes, ADuplicateKeepsItsNumbersHoweverItIsCalled) {
    graph::Project project = model();
    const std::array ids{idOf(project.graph, "first")};
    const edit::Paste paste = edit::duplicateNodes(project, ids, 40, 40, edit::IncomingLinks::Keep);
    project = afterwards(project, paste.edit);
    EXPECT_EQ(numbersOf(project, paste.added.front()), numbersOf(project, "first"));
    project = reopened(afterwards(project, edit::renameNode(paste.added.front(), "copy")));
    EXPECT_EQ(numbersOf(project, "copy"), numbersOf(project, "first"));
}

TEST(SeedsOfNodes, WhoInheritsASharedLayerGoesOnDrawingIt) {
    const graph::Project project = model();
    const Node& again = nodeOf(project.graph, "again");
    const std::array ids{idOf(project.graph, "head")};
    const graph::Project after = afterwards(project, edit::removeNodes(project.graph, ids));
    EXPECT_EQ(graph::seedOf(nodeOf(after.graph, "again")), "head");
    EXPECT_TRUE(again.sharesLayerOf.isValid());
    EXPECT_EQ(graph::seedOf(nodeOf(reopened(after).graph, "again")), "head");
}

TEST(SeedsOfNodes, KerasFilesDrawByThePlaceOfALayer) {
    const auto keras = [](const std::string& first, const std::string& second) {
        return R"({"class_name": "Sequential", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "config": {"batch_shape": [null, 8], "name": "in"}},
          {"class_name": "Dense", "config": {"units": 8, "name": ")" +
               first + R"("}},
          {"class_name": "Dense", "config": {"units": 8, "name": ")" +
               second + R"("}}]}})";
    };
    const Result<io::Opened> opened = io::readProject(keras("a", "b"));
    const Result<io::Opened> other = io::readProject(keras("b", "last"));
    ASSERT_TRUE(opened && other);
    EXPECT_EQ(numbersOf(opened->project, "b"), numbersOf(other->project, "last"));
    EXPECT_NE(nodeOf(opened->project.graph, "a").seed, nodeOf(opened->project.graph, "b").seed);
    EXPECT_EQ(numbersOf(reopened(opened->project), "b"), numbersOf(opened->project, "b"));
}

TEST(SeedsOfNodes, SeedsAreTextsOrWholeNumbersInAFile) {
    const auto file = [](const std::string& seed) {
        return R"({"format": "shapewise", "version": 1, "nodes": [
          {"name": "in", "type": "InputLayer", "settings": {"shape": [4]}},
          {"name": "dense", "type": "Dense", "settings": {"units": 2}, "inputs": ["in"], "seed": )" +
               seed + "}]}";
    };
    EXPECT_EQ(nodeOf(io::readProject(file("\"x\""))->project.graph, "dense").seed, "x");
    EXPECT_EQ(nodeOf(io::readProject(file("12"))->project.graph, "dense").seed, "12");
    EXPECT_FALSE(io::readProject(file("[1]")));
}

}  // namespace
}  // namespace shapewise::session
