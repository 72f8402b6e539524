// How the canvas marks what rests on a layer nobody knows.
#include "core/layers/framework/catalog.h"
#include "ui/canvas/scene/node_view.h"

#include <gtest/gtest.h>

namespace shapewise::ui {
namespace {

graph::Project withStranger() {
    graph::Project project;
    NodeId last;
    const auto put = [&](const char* className, const char* name,
                         const std::vector<std::pair<std::string, Value>>& settings) {
        const auto node = layers::makeNode(*layers::findLayer(className), project.graph.nextId(), name);
        for (const auto& [key, value] : settings) node->set(key, value);
        if (last.isValid()) node->inputs.push_back({last, 0, 0});
        last = node->id;
        project.graph.put(node);
    };
    put("InputLayer", "in", {{"shape", Value::list({8, 8, 3})}});
    put("Custom", "own", {{"class_name", "Stranger"}});
    put("Conv2D", "conv", {{"filters", 4}, {"kernel_size", 3}});
    put("GlobalAveragePooling2D", "pool", {});
    return project;
}

TEST(GuessView, NodesSayWhatIsAGuessAndWhatIsNotKnown) {
    const graph::Project project = withStranger();
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const auto view = [&](std::uint32_t id) { return makeNodeView(project, analysis, NodeId(id), std::nullopt); };
    EXPECT_FALSE(view(0).guessed);
    EXPECT_EQ(view(0).shape, QStringLiteral("(None, 8, 8, 3)"));
    EXPECT_TRUE(view(1).guessed);
    EXPECT_EQ(view(1).stateText, QStringLiteral("shape not known"));
    EXPECT_EQ(view(1).count, QStringLiteral("? params"));
    EXPECT_EQ(view(2).shape, QStringLiteral("≈ (None, None, None, 4)"));
    EXPECT_EQ(view(2).count, QStringLiteral("? params"));
    EXPECT_EQ(view(3).shape, QStringLiteral("≈ (None, 4)"));
    EXPECT_EQ(view(3).count, QString());
    EXPECT_TRUE(spokenText(view(2)).contains(QStringLiteral("a guess")));
}

TEST(GuessView, EdgesDoTheSame) {
    const graph::Project project = withStranger();
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const auto view = [&](std::uint32_t to) { return makeEdgeView(project, analysis, {NodeId(to), 0}, false); };
    EXPECT_FALSE(view(1).guessed);
    EXPECT_TRUE(view(2).guessed);
    EXPECT_EQ(view(2).label, QStringLiteral("≈ rank 4"));
    EXPECT_TRUE(view(3).guessed);
    EXPECT_EQ(view(3).label, QStringLiteral("≈ (None, None, None, 4)"));
    EXPECT_FALSE(view(3).wrong);
}

TEST(GuessView, ADataNodeWithoutFileAsksForOneAndIsNotRed) {
    graph::Project project;
    project.graph.put(layers::makeNode(*layers::findLayer("AudioFile"), NodeId(0), "sound"));
    const infer::Analysis analysis = infer::Analysis::of(project.graph);
    const NodeView view = makeNodeView(project, analysis, NodeId(0), std::nullopt);
    EXPECT_EQ(view.stateText, QStringLiteral("choose a file"));
    EXPECT_FALSE(view.badge);
}

}  // namespace
}  // namespace shapewise::ui
