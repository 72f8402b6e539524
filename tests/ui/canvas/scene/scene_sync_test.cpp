#include "ui/canvas/scene/scene_sync.h"

#include "tests/support/canvas_driver.h"

#include <QElapsedTimer>

#include <cmath>
#include <random>

namespace shapewise::test {
namespace {

std::string rebuilt(const ui::DocumentModel& document) {
    QGraphicsScene scene;
    ui::SceneSync sync(scene, document);
    sync.rebuild();
    sync.updateProblems();
    return sync.description();
}

/// Random edits of every kind a canvas makes.
edit::Edit randomEdit(const graph::Project& project, std::mt19937& random) {
    static const char* const kClasses[] = {"Sample", "Conv1D", "Conv2D", "Dense", "Flatten", "MaxPooling1D", "Add"};
    const auto below = [&](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    const auto node = [&] {
        return NodeId(static_cast<std::uint32_t>(below(std::max<std::size_t>(1, project.graph.slotCount()))));
    };
    edit::Edit edit;
    edit.label = "Random";
    switch (below(7)) {
        case 0:
        case 1: {
            const layers::LayerType& type = *layers::findLayer(kClasses[below(std::size(kClasses))]);
            const NodeId id = project.graph.nextId();
            auto added = layers::makeInitialNode(type, id, project.graph.freeName(layers::automaticName(type)));
            edit.steps.emplace_back(
                edit::AddNode{added, {static_cast<double>(below(900)), static_cast<double>(below(900)), false}});
            break;
        }
        case 2: edit.steps.emplace_back(edit::RemoveNode{node()}); break;
        case 3:
        case 4: edit.steps.emplace_back(edit::Connect{{node(), 0, 0}, node(), std::nullopt}); break;
        case 5: edit.steps.emplace_back(edit::MoveNode{node(), {static_cast<double>(below(900)), 8, false}}); break;
        default: edit.steps.emplace_back(edit::RenameNode{node(), "name" + std::to_string(below(1000))});
    }
    return edit;
}

TEST(SceneSync, PatchedSceneEqualsRebuiltSceneOverRandomEdits) {
    for (const unsigned seed : {1u, 2u, 3u}) {
        SCOPED_TRACE(seed);
        ui::DocumentModel document;
        QGraphicsScene scene;
        ui::SceneSync sync(scene, document);
        sync.rebuild();
        QObject::connect(&document, &ui::DocumentModel::changed, &document,
                         [&](const session::Change& change) { sync.patch(change); });
        std::mt19937 random(seed);
        for (int step = 0; step < 150; ++step) {
            const int dice = static_cast<int>(random() % 10);
            if (dice == 0) {
                document.undo();
            } else if (dice == 1) {
                document.redo();
            } else {
                document.perform(randomEdit(document.project(), random));
            }
            if (step % 10 != 0) continue;
            sync.updateProblems();
            ASSERT_EQ(sync.description(), rebuilt(document)) << "step " << step;
        }
    }
}

TEST(SceneSync, ABlockedNodeSaysWhatItWaitsForAlsoAfterARename) {
    CanvasDriver hand;
    const NodeId data = hand.addSequence({0, 0});
    const NodeId conv = hand.addNode("Conv2D", {320, 0}, data);
    const NodeId flatten = hand.addNode("Flatten", {640, 0}, conv);
    const auto& sync = hand.controller().sync();
    EXPECT_EQ(sync.node(flatten)->view().stateText.toStdString(), "waits for conv2d");
    edit::Edit rename;
    rename.steps.emplace_back(edit::RenameNode{conv, "edges"});
    ASSERT_TRUE(hand.document.perform(rename));
    EXPECT_EQ(sync.node(flatten)->view().stateText.toStdString(), "waits for edges");
}

TEST(SceneSync, NodesShowShapeParametersAndRanks) {
    CanvasDriver hand;
    const NodeId data = hand.addSequence({0, 0});
    const NodeId conv = hand.addNode("Conv1D", {320, 0}, data, {{"filters", 32}, {"kernel_size", 3}});
    const ui::NodeView& view = hand.controller().sync().node(conv)->view();
    EXPECT_EQ(view.shape.toStdString(), "(100, 18, 32)");
    EXPECT_EQ(view.count.toStdString(), "128 params");
    ASSERT_EQ(view.inputs.size(), 1u);
    EXPECT_EQ(view.inputs[0].rank, 3);
    EXPECT_EQ(view.outputs[0].rank, 3);
    const NodeId alone = hand.addNode("Conv1D", {320, 300});
    EXPECT_EQ(hand.controller().sync().node(alone)->view().badge, std::nullopt);
    EXPECT_EQ(hand.controller().sync().node(alone)->view().stateText.toStdString(), "input not connected");
}

TEST(SceneSync, APictureMakesRoomOnItsNodeAndGoesWithTheShape) {
    CanvasDriver hand;
    const NodeId data = hand.addSequence({0, 0});
    const NodeId conv = hand.addNode("Conv1D", {320, 0}, data);
    QImage picture(20, 10, QImage::Format_RGB32);
    picture.fill(Qt::blue);
    const double before = hand.controller().picker().bodyOf(conv).height();
    hand.view.setThumbnail(conv, picture);
    EXPECT_GT(hand.controller().picker().bodyOf(conv).height(), before);
    edit::Edit cut;
    cut.steps.emplace_back(edit::Disconnect{conv, {data, 0, 0}});
    ASSERT_TRUE(hand.document.perform(cut));
    EXPECT_LE(hand.controller().picker().bodyOf(conv).height(), before);
}

/// Rows of 40 nodes, each a chain.
graph::Project chains(std::uint32_t count) {
    graph::Project project;
    for (std::uint32_t index = 0; index < count; ++index) {
        auto node = layers::makeInitialNode(*layers::findLayer(index % 40 == 0 ? "Sample" : "Dense"), NodeId(index),
                                            "n" + std::to_string(index));
        if (index % 40 != 0) node->inputs.push_back({NodeId(index - 1), 0, 0});
        project.graph.put(node);
        project.canvas.setPlace(NodeId(index), {(index % 40) * 300.0, std::floor(index / 40.0) * 160.0, false});
    }
    return project;
}

TEST(SceneSync, ALargeGraphMadeInPartsIsTheSameAsOneMadeAtOnce) {
    ui::DocumentModel document;
    QGraphicsScene scene;
    ui::SceneSync sync(scene, document);
    document.replace(chains(3000), {});
    sync.startRebuild();
    ASSERT_TRUE(sync.isBehind());
    const QRectF expected = sync.contentRect();
    QImage picture(20, 10, QImage::Format_RGB32);
    picture.fill(Qt::blue);
    sync.setThumbnail(NodeId(2999), picture);
    while (sync.isBehind()) sync.catchUp();
    EXPECT_TRUE(expected.contains(QRectF(0, 0, 39 * 300.0, 74 * 160.0)));
    EXPECT_EQ(sync.nodeCount(), 3000U);
    EXPECT_FALSE(sync.node(NodeId(2999))->thumbnail().isNull());
    sync.setThumbnail(NodeId(2999), {});
    sync.updateProblems();
    EXPECT_EQ(sync.description(), rebuilt(document));
}

TEST(SceneSync, AnEditWhileALargeGraphIsMadeFinishesItFirst) {
    ui::DocumentModel document;
    QGraphicsScene scene;
    ui::SceneSync sync(scene, document);
    document.replace(chains(3000), {});
    sync.startRebuild();
    QObject::connect(&document, &ui::DocumentModel::changed, &document,
                     [&](const session::Change& change) { sync.patch(change); });
    ASSERT_TRUE(document.perform(ui::edits::move(document.project(), {NodeId(2900)}, {8, 0})));
    sync.updateProblems();
    EXPECT_FALSE(sync.isBehind());
    EXPECT_EQ(sync.description(), rebuilt(document));
}

TEST(SceneSync, WhereManyShapesChangeWhatIsSeenShowsThemAtOnceAndTheRestFollows) {
    ui::DocumentModel document;
    QGraphicsScene scene;
    ui::SceneSync sync(scene, document);
    document.replace(chains(3000), {});
    sync.rebuild();
    sync.setVisibleRect({0, 0, 1400, 900});
    QObject::connect(&document, &ui::DocumentModel::changed, &document,
                     [&](const session::Change& change) { sync.patch(change); });
    edit::Edit edit;
    edit.label = "Resize";
    for (std::uint32_t row = 0; row < 75; ++row)
        edit.steps.emplace_back(edit::SetParameter{NodeId(40 * row), "shape", Value::list({50, 3})});
    ASSERT_TRUE(document.perform(edit));
    EXPECT_TRUE(sync.isBehind());
    const QString shown = sync.node(NodeId(1))->view().shape;
    EXPECT_TRUE(shown.contains(QStringLiteral("50"))) << shown.toStdString();
    EXPECT_FALSE(sync.node(NodeId(2990))->view().shape.contains(QStringLiteral("50")));
    sync.setVisibleRect(sync.node(NodeId(2990))->sceneBody());
    EXPECT_TRUE(sync.node(NodeId(2990))->view().shape.contains(QStringLiteral("50")));
    // An edit meanwhile changes what is behind, too.
    ASSERT_TRUE(document.perform(ui::edits::remove(document.project(), {NodeId(1500)}, {})));
    document.undo();
    document.undo();
    while (sync.isBehind()) sync.catchUp();
    sync.updateProblems();
    EXPECT_EQ(sync.description(), rebuilt(document));
}

TEST(SceneSync, TwoThousandNodesAreEditedWithinAFrame) {
    const graph::Project project = chains(2000);
    CanvasDriver hand;
    hand.document.replace(project, {});
    hand.settle();
    QElapsedTimer timer;
    timer.start();
    constexpr int kSteps = 20;
    for (int step = 0; step < kSteps; ++step)
        hand.document.perform(ui::edits::move(hand.document.project(), {NodeId(1020)}, {8, 0}));
    // Generous: debug builds on shared machines. The budget of a release build is 16 ms.
    EXPECT_LT(timer.elapsed() / kSteps, 80);
}

}  // namespace
}  // namespace shapewise::test
