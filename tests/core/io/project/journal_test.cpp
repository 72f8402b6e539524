#include "core/io/project/journal.h"
#include "core/edit/apply.h"
#include "core/edit/builders.h"
#include "core/edit/inside.h"
#include "core/io/project/project_changes.h"
#include "core/layers/framework/catalog.h"
#include "tests/support/nested_project.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <set>

namespace shapewise::io {
namespace {

using graph::Project;
using test::TemporaryFolder;
namespace fs = std::filesystem;

/// Names in place of ids: what a file says of it.
std::string textOf(const Project& project) { return projectJson(project); }

Project changed(const Project& project, const edit::Edit& edit) {
    const Result<edit::Applied> applied = edit::apply(project, edit);
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().text());
    return applied ? applied->project : project;
}

graph::NodePtr withWeights(const graph::Node& node, float value) {
    auto changed = std::make_shared<graph::Node>(node);
    graph::WeightSet weights;
    weights.push_back({"kernel", tensor::Tensor({3, 4}, value)});
    weights.push_back({"bias", tensor::Tensor({4}, 0.5F)});
    changed->weights = std::make_shared<const graph::WeightSet>(std::move(weights));
    return changed;
}

/// One of every kind of step, each after the one before, beginning with a model that has models inside.
std::vector<Project> everyKindOfEdit() {
    std::vector<Project> states{test::nestedProject()};
    const auto idOf = [&](const char* name) { return states.back().graph.findByName(name)->id; };
    const auto step = [&](edit::Step change) {
        edit::Edit edit;
        edit.steps.push_back(std::move(change));
        states.push_back(changed(states.back(), edit));
    };
    step(edit::MoveNode{idOf("classes"), {300.25, -20.0, true}});
    step(edit::SetParameter{idOf("classes"), "units", Value(7)});
    step(edit::RenameNode{idOf("encoder"), "front"});  // what it feeds names it otherwise now
    std::shared_ptr<graph::Node> added =
        layers::makeNode(*layers::findLayer("ReLU"), states.back().graph.nextId(), "relu");
    step(edit::AddNode{added, {500.0, 0.0, false}});
    step(edit::Connect{{idOf("classes"), 0, 0}, idOf("relu"), std::nullopt});
    step(edit::Disconnect{idOf("relu"), {idOf("classes"), 0, 0}});
    step(edit::SetWeights{idOf("classes"), withWeights(*states.back().graph.findByName("classes"), 0.1F)->weights});
    graph::RunSettings run;
    run.batchSize = 4;
    step(edit::SetRunSettings{run});
    step(edit::Dismiss{"key of a warning", true});
    edit::Edit inner;
    const graph::Graph& body = *states.back().graph.findByName("front")->body;
    inner.steps.emplace_back(edit::SetParameter{body.findByName("conv1")->id, "filters", Value(9)});
    step(edit::EditInside{idOf("front"), std::make_shared<const edit::Edit>(inner)});
    inner.steps = {edit::MoveNode{body.findByName("conv1")->id, {11.0, 12.0, false}}};
    step(edit::EditInside{idOf("front"), std::make_shared<const edit::Edit>(inner)});
    step(edit::RemoveNode{idOf("relu")});
    std::shared_ptr<graph::Node> other =
        layers::makeNode(*layers::findLayer("Activation"), idOf("classes_2"), "classes_2");
    step(edit::ReplaceNode{other});
    Project titled = states.back();
    titled.properties.emplace_back("title", "named");
    states.push_back(titled);
    states.push_back(states.front());  // undone altogether
    return states;
}

Kept kept(const Project& project, std::int64_t edits) {
    Kept state;
    state.project = project;
    state.name = "model.shapewise";
    state.path = "/projects/model.shapewise";
    state.edits = edits;
    state.time = 1000 + edits;
    state.view = Value(ValueDict{{"zoom", 0.5}});
    return state;
}

/// Kept until `edits` were made; then the program ended.
void leaveBehind(const fs::path& folder, const std::vector<Project>& states) {
    const auto journal = Journal::create(folder);
    ASSERT_TRUE(journal);
    for (std::size_t edits = 0; edits < states.size(); ++edits)
        ASSERT_TRUE((*journal)->keep(kept(states[edits], static_cast<std::int64_t>(edits))));
}

fs::path onlyFile(const fs::path& folder, const std::string& suffix) {
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == suffix) return entry.path();
    return {};
}

std::size_t fileCount(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
}

TEST(Journal, EachKindOfEditComesBack) {
    const std::vector<Project> states = everyKindOfEdit();
    for (std::size_t count = 1; count <= states.size(); ++count) {
        const TemporaryFolder folder;
        leaveBehind(folder.path(), {states.begin(), states.begin() + static_cast<std::ptrdiff_t>(count)});
        const auto lost = lostDocuments(folder.path());
        ASSERT_EQ(lost.size(), 1U);
        const Result<Opened> opened = lost.front()->read();
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_EQ(textOf(opened->project), textOf(states[count - 1])) << "after edit " << count - 1;
        EXPECT_TRUE(opened->notes.empty());
        EXPECT_EQ(lost.front()->state().edits, static_cast<std::int64_t>(count - 1));
        EXPECT_EQ(lost.front()->state().name, "model.shapewise");
        EXPECT_EQ(lost.front()->state().path, "/projects/model.shapewise");
        EXPECT_EQ(lost.front()->state().view, Value(ValueDict{{"zoom", 0.5}}));
    }
}

TEST(Journal, CutAtAnyByteGivesAStateThatWasKept) {
    const TemporaryFolder folder;
    const std::vector<Project> states = everyKindOfEdit();
    leaveBehind(folder.path(), states);
    std::set<std::string> known;
    for (const Project& state : states) known.insert(textOf(state));
    const fs::path file = onlyFile(folder.path(), ".journal");
    const std::string bytes = *readFile(file, 1 << 20);
    const auto lost = lostDocuments(folder.path());
    ASSERT_EQ(lost.size(), 1U);
    std::set<std::string> seen;
    // Every byte of the last records; further up, where each look takes as long, some of them.
    constexpr std::size_t kEvery = 1500;
    constexpr std::size_t kStep = 29;
    for (std::size_t cut = bytes.size(); cut > 0; cut -= std::min(cut, cut + kEvery > bytes.size() ? 1 : kStep)) {
        fs::resize_file(file, cut);
        const Result<Opened> opened = lost.front()->read();
        if (!opened) continue;  // nothing whole is left
        const std::string text = textOf(opened->project);
        ASSERT_TRUE(known.contains(text)) << cut;
        seen.insert(text);
    }
    EXPECT_EQ(seen.size(), known.size());
}

TEST(Journal, LoadedWeightsAreWrittenOnceHoweverManyEditsThereAre) {
    const TemporaryFolder folder;
    Project project = test::nestedProject();
    project.graph.put(withWeights(*project.graph.findByName("classes"), 0.25F));
    const auto journal = Journal::create(folder.path());
    ASSERT_TRUE(journal);
    ASSERT_TRUE((*journal)->keep(kept(project, 1)));
    const std::uintmax_t once = fs::file_size(onlyFile(folder.path(), ".weights"));
    for (int edits = 2; edits < 20; ++edits) {
        const NodeId node = project.graph.findByName("classes")->id;
        edit::Edit edit;
        edit.steps.emplace_back(edit::MoveNode{node, {1.0 * edits, 0.0, false}});
        project = changed(project, edit);
        ASSERT_TRUE((*journal)->keep(kept(project, edits)));
        if (edits == 10) (*journal)->clear();  // saved
    }
    // The same numbers in another place are the same numbers.
    project.graph.put(withWeights(*project.graph.findByName("classes"), 0.25F));
    ASSERT_TRUE((*journal)->keep(kept(project, 20)));
    EXPECT_EQ(fs::file_size(onlyFile(folder.path(), ".weights")), once);
}

TEST(Journal, WeightsThatWereNotKeptInTimeAreNamed) {
    const TemporaryFolder folder;
    Project project = test::nestedProject();
    project.graph.put(withWeights(*project.graph.findByName("classes"), 0.25F));
    leaveBehind(folder.path(), {project});
    fs::resize_file(onlyFile(folder.path(), ".weights"), 40);
    const auto lost = lostDocuments(folder.path());
    const Result<Opened> opened = lost.front()->read();
    ASSERT_TRUE(opened);
    ASSERT_EQ(opened->notes.size(), 1U);
    EXPECT_NE(opened->notes.front().find("'classes'"), std::string::npos);
    EXPECT_EQ(opened->project.graph.findByName("classes")->weights, nullptr);
    EXPECT_TRUE(opened->project.graph.findByName("classes")->extras.empty());
}

TEST(Journal, ALivingProgramsJournalIsNotOffered) {
    const TemporaryFolder folder;
    const auto journal = Journal::create(folder.path());
    ASSERT_TRUE((*journal)->keep(kept(test::nestedProject(), 1)));
    EXPECT_TRUE(lostDocuments(folder.path()).empty());
    EXPECT_TRUE((*journal)->keep(kept(test::nestedProject(), 2)));
}

TEST(Journal, TwoProgramsAreNotOfferedTheSameDocument) {
    const TemporaryFolder folder;
    leaveBehind(folder.path(), {test::nestedProject()});
    {
        const auto first = lostDocuments(folder.path());
        EXPECT_EQ(first.size(), 1U);
        EXPECT_TRUE(lostDocuments(folder.path()).empty());
    }
    EXPECT_EQ(lostDocuments(folder.path()).size(), 1U) << "later: offered again";
}

TEST(Journal, WhatWasRestoredAndLostAgainIsOfferedOnce) {
    const TemporaryFolder folder;
    leaveBehind(folder.path(), {test::nestedProject()});
    const std::vector<Project> states = everyKindOfEdit();
    {
        const auto former = lostDocuments(folder.path());
        ASSERT_EQ(former.size(), 1U);
        const auto journal = Journal::create(folder.path());
        Kept state = kept(states[1], 5);
        state.replaces = former.front()->id();
        ASSERT_TRUE((*journal)->keep(state));  // and the program ends before the former goes
    }
    const auto lost = lostDocuments(folder.path());
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost.front()->state().edits, 5);
    lost.front()->discard();
    EXPECT_EQ(fileCount(folder.path()), 0U);
}

TEST(Journal, DiscardedOrClearedDocumentsLeaveNoFile) {
    const TemporaryFolder folder;
    Project project = test::nestedProject();
    project.graph.put(withWeights(*project.graph.findByName("classes"), 0.25F));
    leaveBehind(folder.path(), {project});
    for (const auto& lost : lostDocuments(folder.path())) lost->discard();
    EXPECT_EQ(fileCount(folder.path()), 0U);
    {
        const auto journal = Journal::create(folder.path());
        ASSERT_TRUE((*journal)->keep(kept(project, 1)));
        (*journal)->clear();
        EXPECT_TRUE(onlyFile(folder.path(), ".journal").empty());
    }
    EXPECT_EQ(fileCount(folder.path()), 0U);
}

TEST(Journal, WhatAProgramLeftThatKeptNothingIsRemoved) {
    const TemporaryFolder folder;
    folder.write("1-2-3.lock", "");
    folder.write("1-2-3.weights", "shape");
    folder.write("1-2-4.beginning", "shape");
    folder.write("notes.txt", "of someone else");
    EXPECT_TRUE(lostDocuments(folder.path()).empty());
    EXPECT_EQ(fileCount(folder.path()), 1U);
}

TEST(Journal, ManyEditsDoNotMakeItGrowForEver) {
    const TemporaryFolder folder;
    Project project = test::nestedProject();
    const auto journal = Journal::create(folder.path());
    const NodeId node = project.graph.findByName("classes")->id;
    ASSERT_TRUE((*journal)->keep(kept(project, 0)));
    const std::uintmax_t first = fs::file_size(onlyFile(folder.path(), ".journal"));
    for (int edits = 1; edits < 8000; ++edits) {
        project.canvas.setPlace(node, {1.0 * edits, 0.0, false});
        ASSERT_TRUE((*journal)->keep(kept(project, edits)));
    }
    EXPECT_LT(fs::file_size(onlyFile(folder.path(), ".journal")), 2 * first + Journal::kSpareBytes + 4096);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}), 2);
}

TEST(Journal, AFolderThatCannotBeMadeIsSaid) {
    const TemporaryFolder folder;
    folder.write("taken", "a file");
    const auto journal = Journal::create(folder.path() / "taken");
    ASSERT_FALSE(journal);
    EXPECT_FALSE(journal.error().advice.empty());
    EXPECT_TRUE(lostDocuments(folder.path() / "none").empty());
}

TEST(Journal, GoesOnAfterAFailureWithAllThatChangedMeanwhile) {
    const TemporaryFolder folder;
    const std::vector<Project> states = everyKindOfEdit();
    {
        const auto journal = Journal::create(folder.path());
        ASSERT_TRUE((*journal)->keep(kept(states[0], 1)));
        (*journal)->clear();
        // A folder stands where the file goes: nothing can be written.
        const fs::path taken = onlyFile(folder.path(), ".lock").replace_extension(".beginning");
        fs::create_directory(taken);
        EXPECT_FALSE((*journal)->keep(kept(states[1], 2)));
        EXPECT_FALSE((*journal)->keep(kept(states[2], 3)));
        fs::remove(taken);
        EXPECT_TRUE((*journal)->keep(kept(states[3], 4)));
    }
    const auto lost = lostDocuments(folder.path());
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(textOf(lost.front()->read()->project), textOf(states[3]));
}

}  // namespace
}  // namespace shapewise::io
