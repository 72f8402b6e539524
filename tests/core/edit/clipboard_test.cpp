#include "core/edit/clipboard.h"
#include "tests/support/toy_layers.h"

#include <gtest/gtest.h>

namespace shapewise::edit {

using toys::applied;
using toys::GraphMaker;
using toys::inputsOf;
using toys::names;

namespace {

/// input -> conv2d -> conv2d_1 -> sum (also fed by input), with places.
GraphMaker model() {
    GraphMaker maker;
    maker.add(toys::source(), "input");
    maker.add(toys::grow(), "conv2d", {"input"}, {{"by", 2}});
    maker.add(toys::grow(), "conv2d_1", {"conv2d"});
    maker.add(toys::merge(), "sum", {"input", "conv2d_1"});
    for (std::uint32_t index = 0; index < 4; ++index)
        maker.project.canvas.setPlace(NodeId(index), {100.0 * index, 50.0, false});
    return maker;
}

std::vector<NodeId> ids(const GraphMaker& maker, std::initializer_list<const char*> nodes) {
    std::vector<NodeId> found;
    for (const char* name : nodes) found.push_back(maker.id(name));
    return found;
}

}  // namespace

TEST(CopyNodes, TakesInnerLinksAndRelativePlaces) {
    const GraphMaker maker = model();
    const Fragment fragment = copyNodes(maker.project, ids(maker, {"conv2d_1", "conv2d"}));
    ASSERT_EQ(fragment.items.size(), 2u);
    EXPECT_EQ(fragment.items[0].node->name, "conv2d");
    EXPECT_TRUE(fragment.items[0].links.empty());
    EXPECT_EQ(fragment.items[0].place, (graph::CanvasPlace{0.0, 0.0, false}));
    EXPECT_EQ(fragment.items[1].place, (graph::CanvasPlace{100.0, 0.0, false}));
    ASSERT_EQ(fragment.items[1].links.size(), 1u);
    EXPECT_EQ(fragment.items[1].links[0].item, std::size_t{0});
}

TEST(CopyNodes, PassesOverNodesThatAreNotThere) {
    const GraphMaker maker = model();
    EXPECT_TRUE(copyNodes(maker.project, std::vector{NodeId(50), NodeId()}).isEmpty());
}

TEST(PasteFragment, MakesNodesWithFreshIdsAndFreeNames) {
    const GraphMaker maker = model();
    const Paste paste =
        pasteFragment(maker.project, copyNodes(maker.project, ids(maker, {"conv2d", "conv2d_1"})), 10, 20);
    const graph::Project after = applied(maker.project, paste.edit).project;
    EXPECT_EQ(names(after.graph, paste.added), "conv2d_2 conv2d_3");
    EXPECT_EQ(inputsOf(after.graph, paste.added[1]), "conv2d_2");
    EXPECT_EQ(*after.graph.find(paste.added[0])->setting("by"), Value(2));
    EXPECT_EQ(after.canvas.place(paste.added[1]), (graph::CanvasPlace{110.0, 20.0, false}));
    EXPECT_EQ(paste.edit.label, "Paste 2 Nodes");
}

TEST(PasteFragment, KeepsNamesThatAreFree) {
    const GraphMaker maker = model();
    const Fragment fragment = copyNodes(maker.project, ids(maker, {"conv2d_1"}));
    const Paste paste = pasteFragment({}, fragment, 0, 0);
    EXPECT_EQ(names(applied({}, paste.edit).project.graph, paste.added), "conv2d_1");
}

TEST(PasteFragment, WorksAfterTheOriginalIsGone) {
    const GraphMaker maker = model();
    const Fragment fragment = copyNodes(maker.project, ids(maker, {"conv2d"}), IncomingLinks::Keep);
    const graph::Project rest =
        applied(maker.project, toys::edit({RemoveNode{maker.id("conv2d")}, RemoveNode{maker.id("input")}})).project;
    const Paste paste = pasteFragment(rest, fragment, 0, 0);
    const graph::Project after = applied(rest, paste.edit).project;
    EXPECT_EQ(names(after.graph, paste.added), "conv2d");
    EXPECT_EQ(inputsOf(after.graph, paste.added[0]), "");
}

TEST(DuplicateNodes, KeepsIncomingLinksInTheirOrder) {
    const GraphMaker maker = model();
    const Paste paste = duplicateNodes(maker.project, ids(maker, {"conv2d_1", "sum"}), 24, 24);
    const graph::Project after = applied(maker.project, paste.edit).project;
    EXPECT_EQ(inputsOf(after.graph, paste.added[0]), "conv2d");
    EXPECT_EQ(inputsOf(after.graph, paste.added[1]), "input conv2d_2");
    EXPECT_EQ(after.canvas.place(paste.added[0]), (graph::CanvasPlace{224.0, 74.0, false}));
    EXPECT_EQ(paste.edit.label, "Duplicate 2 Nodes");
}

TEST(DuplicateNodes, LetsCopiesShareALayerAmongThemselvesOnly) {
    GraphMaker maker = model();
    auto twin = toys::node(toys::grow(), maker.project.graph.nextId(), "twin");
    twin->sharesLayerOf = maker.id("conv2d");
    maker.project.graph.put(twin);
    const Paste paste = duplicateNodes(maker.project, ids(maker, {"conv2d", "twin"}), 0, 0);
    const graph::Project after = applied(maker.project, paste.edit).project;
    EXPECT_EQ(after.graph.nodesSharingLayerOf(paste.added[1]), paste.added);
    const Paste single = duplicateNodes(maker.project, ids(maker, {"twin"}), 0, 0);
    EXPECT_FALSE(applied(maker.project, single.edit).project.graph.find(single.added[0])->sharesLayerOf.isValid());
}

TEST(CopyNodes, BreaksALoopOfAnOpenedFile) {
    GraphMaker maker;
    maker.add(toys::merge(), "a");
    maker.add(toys::merge(), "b", {"a"});
    maker.link("b", "a");
    const Paste paste = duplicateNodes(maker.project, ids(maker, {"a", "b"}), 0, 0);
    EXPECT_TRUE(apply(maker.project, paste.edit).has_value());
}

}  // namespace shapewise::edit
