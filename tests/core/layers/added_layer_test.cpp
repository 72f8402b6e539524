// A layer of any kind is one file and one line: layers that nothing in the program names go through all of it.

#include "core/exec/sample.h"
#include "core/infer/cost.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "core/mistakes/diagnose.h"
#include "tests/support/added_layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::layers {
namespace {

using testing::HasSubstr;

class AddedLayer : public testing::Test {
  protected:
    AddedLayer() {
        question_ = add("InputLayer", "question", {{"shape", Value::list({7, 2})}});
        memory_ = add("InputLayer", "memory", {{"shape", Value::list({9, 5})}});
        mask_ = add("InputLayer", "hidden", {{"shape", Value::list({9})}});
        recall_ = add("ToyRecall", "recall", {{"heads", 2}});
        auto node = std::make_shared<graph::Node>(*graph().find(recall_));
        node->inputs = {{question_, 0, 0}, {memory_, 0, 1}, {mask_, 0, 2}};
        graph().put(node);
    }

    NodeId add(std::string_view className, const char* name, const ValueDict& settings) {
        auto node = makeNode(*findLayer(className), graph().nextId(), name);
        for (const auto& [key, value] : settings) node->set(key, value);
        graph().put(node);
        return node->id;
    }
    graph::Graph& graph() { return project_.graph; }
    infer::Analysis analysis() { return infer::Analysis::of(graph()); }

    AddedLayers added_{std::vector<const LayerType*>{&toys::recall(), &toys::wheel()}};
    graph::Project project_;
    NodeId question_;
    NodeId memory_;
    NodeId mask_;
    NodeId recall_;
};

TEST_F(AddedLayer, IsFoundAndForgottenAgain) {
    EXPECT_EQ(findLayer("ToyRecall"), &toys::recall());
    { const AddedLayers nothing(std::vector<const LayerType*>{}); }
    EXPECT_EQ(findLayer("ToyWheel"), &toys::wheel());
    EXPECT_EQ(findLayer("OldToyRecall"), nullptr) << "only files mean it";
    EXPECT_EQ(findForeign("OldToyRecall", {}).type, &toys::recall());
    EXPECT_EQ(nearestLayers("ToyWhel").front(), "ToyWheel");
}

TEST_F(AddedLayer, HasItsShapeAndReceptiveField) {
    EXPECT_EQ(analysis()[recall_].output.shape.text(), "(None, 7, 5)");
    EXPECT_EQ(infer::costsOf(graph(), analysis()).nodes[recall_.value].field.text(), "all");
    EXPECT_TRUE(mistakes::diagnose(project_, analysis()).empty());
}

TEST_F(AddedLayer, IsCalledAsItSays) {
    const Result<std::string> code = io::kerasCode(project_);
    ASSERT_TRUE(code) << code.error().text();
    EXPECT_THAT(*code, HasSubstr("recall = layers.ToyRecall(heads=2, name=\"recall\")([question, memory], "
                                 "recall_mask=hidden)"));
}

TEST_F(AddedLayer, ComesBackFromAKerasFile) {
    const Result<std::string> text = io::kerasJson(project_);
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_THAT(*text, HasSubstr("\"scale\"")) << "it means something else to others";
    const Result<io::Opened> opened = io::readProject(*text);
    ASSERT_TRUE(opened) << opened.error().text();
    const graph::Node* read = opened->project.graph.findByName("recall");
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(read->type, &toys::recall());
    EXPECT_EQ(Params(*read).integer("heads"), 2);
    ASSERT_EQ(read->inputs.size(), 3U);
    const char* const producers[] = {"question", "memory", "hidden"};
    for (std::size_t port = 0; port < 3; ++port) {
        EXPECT_EQ(read->inputs[port].toPort, port);
        EXPECT_EQ(opened->project.graph.find(read->inputs[port].from)->name, producers[port]);
    }
}

TEST_F(AddedLayer, IsReadByItsForeignNames) {
    const auto settingsOf = [](const char* version, const char* layer) {
        const Result<io::Opened> opened =
            io::readProject(std::string(R"({"keras_version": ")") + version +
                            R"(", "class_name": "Sequential", "config": [)" + layer + "]}");
        if (!opened) return opened.error().text();
        const Params params(*opened->project.graph.findByName("r"));
        return params["heads"].text() + " " + params["scale"].text();
    };
    const char* const renamed = R"({"class_name": "ToyRecall", "config": {"name": "r", "nb_heads": 3}})";
    EXPECT_EQ(settingsOf("1.2.2", renamed), "3 0.5");
    EXPECT_EQ(settingsOf("3.1.0", renamed), "3 1");
    EXPECT_EQ(settingsOf("1.2.2", R"({"class_name": "OldToyRecall", "config": {"name": "r"}})"), "4 0.5");
    EXPECT_EQ(settingsOf("1.2.2", R"({"class_name": "OldToyRecall", "config": {"name": "r", "nb_heads": 1}})"),
              "1 0.5");
}

TEST_F(AddedLayer, BoundsItsSample) {
    const NodeId ids = add("InputLayer", "ids", {{"shape", Value::list({4})}});
    const NodeId wheel = add("ToyWheel", "wheel", {{"spokes", 12}, {"hubs", 4}});
    auto node = std::make_shared<graph::Node>(*graph().find(wheel));
    node->inputs = {{ids, 0, 0}};
    graph().put(node);
    EXPECT_EQ(exec::integerBound(graph(), ids), 12);
    EXPECT_EQ(exec::integerBound(graph(), question_), 0);
    EXPECT_EQ(infer::costsOf(graph(), analysis()).nodes[wheel.value].field.text(), "1");
}

}  // namespace
}  // namespace shapewise::layers
