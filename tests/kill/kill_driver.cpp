// The program under the hands of kill_test.py: a whole window that edits itself by keys and fields, at random from a
// seed, and says what it has done until it is killed.
//
//   edit RECOVERY FILE SEED PATIENCE
//                             restores what was lost, else opens FILE; edits without end. Before each edit
//                             "try HASH 0", the hash of the state it leads back to, or 0; after it "did HASH EDITS":
//                             the hash of the whole project as a file says it, and how many edits are not in the file.
//                             Every so often it saves: "saved HASH 0".
//   look RECOVERY             restores what was lost: "lost COUNT", then "is HASH EDITS"; leaves it for later
//   save FILE SEED            saves FILE again and again, each time another project: "saved"
//   hash FILE                 "is HASH 0", or "broken REASON"
//   sweep FILE                opens and saves once, as a person would after the crash

#include "core/base/hash.h"
#include "core/edit/builders.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_view.h"
#include "ui/session/document_model.h"
#include "ui/session/recovery.h"
#include "ui/shell/action_table.h"
#include "ui/shell/application.h"
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QTest>

#include <cinttypes>
#include <cstdio>
#include <map>
#include <random>

#include "ui/palette/quick_add.h"

namespace {

using namespace shapewise;
namespace fs = std::filesystem;

constexpr int kWaitMs = 60000;

std::uint64_t hashOf(const graph::Project& project) {
    // As it comes back from a file: ids start anew there.
    const Result<io::Opened> again = io::readProject(io::projectJson(project));
    return Hasher().add(std::string_view(again ? io::projectJson(again->project) : "broken")).result();
}

void say(const char* what, std::uint64_t hash, std::int64_t number) {
    std::printf("%s %016" PRIx64 " %" PRId64 "\n", what, hash, number);
    std::fflush(stdout);
}

void complainAndEnd(const char* text) {
    std::printf("error %s\n", text);
    std::fflush(stdout);
    std::_Exit(3);
}

ui::FileDialogs answers(std::vector<ui::LostRow>& rows, bool restores) {
    ui::FileDialogs dialogs;
    dialogs.open = [](const QString&, ui::FileDialogs::Chosen) {};
    dialogs.save = [](const QString&, const QString&, const QString&, const QString&, ui::FileDialogs::Chosen) {
        complainAndEnd("asked for a name");
    };
    dialogs.unsaved = [](const QString&, std::function<void(ui::UnsavedAnswer)> answered) {
        answered(ui::UnsavedAnswer::Discard);
    };
    dialogs.changedOutside = [](const QString&, io::OutsideChange, std::function<void(ui::OutsideAnswer)> answered) {
        answered(ui::OutsideAnswer::Overwrite);
    };
    dialogs.lost = [&rows, restores](const std::vector<ui::LostRow>& lost,
                                     std::function<void(ui::LostAnswer, const std::vector<std::size_t>&)> answered) {
        rows = lost;
        answered(restores ? ui::LostAnswer::Restore : ui::LostAnswer::Later, {0});
    };
    return dialogs;
}

/// A window with random hands.
class Hands {
  public:
    Hands(ui::MainWindow& window, unsigned seed) : window_(window), random_(seed) {}

    /// Undo and redo lead to states there were already: which one, by the place in the history.
    enum Kind : std::size_t { Undo = 5, Redo = 6, Count = 8 };

    void editOnce(std::size_t kind) {
        switch (kind) {
            case 0:
            case 1: return addByKeys();
            case 2: return move();
            case 3: return setNumber();
            case 4: return removeOne();
            case Undo: return trigger("edit.undo");
            case Redo: return trigger("edit.redo");
            default: return rename();
        }
    }
    void trigger(const char* action) { (*window_.actions())[QString::fromLatin1(action)]->trigger(); }
    [[nodiscard]] std::size_t pick(std::size_t count) { return random_() % count; }

  private:
    [[nodiscard]] const graph::Node* anyNode() {
        std::vector<const graph::Node*> nodes;
        window_.document()->graph().forEach([&](const graph::Node& node) { nodes.push_back(&node); });
        return nodes.empty() ? nullptr : nodes[pick(nodes.size())];
    }
    void addByKeys() {
        constexpr const char* kNames[] = {"dense", "relu", "flatten", "dropout", "conv2d", "lstm"};
        if (const graph::Node* node = anyNode()) window_.canvas()->select({node->id});
        window_.canvas()->setFocus();
        QTest::keyClick(window_.canvas(), Qt::Key_Tab);
        auto* field = window_.canvas()->findChild<ui::QuickAdd*>()->findChild<QLineEdit*>();
        QTest::keyClicks(field, QString::fromLatin1(kNames[pick(std::size(kNames))]));
        QTest::keyClick(field, Qt::Key_Return);
    }
    void move() {
        const graph::Node* node = anyNode();
        if (node == nullptr) return addByKeys();
        window_.canvas()->select({node->id});
        window_.canvas()->setFocus();
        constexpr Qt::Key kArrows[] = {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down};
        QTest::keyClick(window_.canvas(), kArrows[pick(4)]);
    }
    void setNumber() {
        const graph::Node* dense = nullptr;
        window_.document()->graph().forEach([&](const graph::Node& node) {
            if (node.type->param("units") != nullptr) dense = &node;
        });
        if (dense == nullptr) return addByKeys();
        window_.document()->perform(edit::setParameter(dense->id, "units", Value(std::int64_t(1 + pick(500)))));
    }
    void removeOne() {
        const graph::Node* node = anyNode();
        if (node == nullptr || window_.document()->graph().nodeCount() < 6) return addByKeys();
        window_.canvas()->select({node->id});
        window_.canvas()->setFocus();
        QTest::keyClick(window_.canvas(), Qt::Key_Delete);
    }
    void rename() {
        const graph::Node* node = anyNode();
        if (node == nullptr) return addByKeys();
        const std::string name = window_.document()->graph().freeName("layer_" + std::to_string(pick(1000)));
        window_.document()->perform(edit::renameNode(node->id, name));
    }

    ui::MainWindow& window_;
    std::mt19937 random_;
};

void restoreOrOpen(ui::MainWindow& window, const std::vector<ui::LostRow>& rows, const QString& file) {
    bool hasAnswer = false;
    const auto recovery =
        std::make_shared<ui::Recovery>(window.property("recovery").toString().toStdString(),
                                       std::chrono::milliseconds(window.property("patience").toInt()));
    QObject::connect(recovery.get(), &ui::Recovery::found, &window,
                     [&](const ui::LostDocuments&) { hasAnswer = true; });
    QObject::connect(recovery.get(), &ui::Recovery::failed, &window,
                     [](const QString& message, const QString&) { complainAndEnd(qPrintable(message)); });
    window.startRecovery(recovery);
    window.offerLost();
    if (!QTest::qWaitFor([&] { return hasAnswer; }, kWaitMs)) complainAndEnd("no answer about lost documents");
    if (rows.empty() && !file.isEmpty()) window.files()->open(file);
    if (!QTest::qWaitFor([&] { return !window.files()->isOpening(); }, kWaitMs)) complainAndEnd("nothing opened");
}

[[noreturn]] void editForEver(ui::MainWindow& window, const std::vector<ui::LostRow>& rows, const QString& file,
                              unsigned seed) {
    restoreOrOpen(window, rows, file);
    Hands hands(window, seed);
    constexpr std::size_t kEditsPerSave = 40;
    say("did", hashOf(window.document()->whole()), window.session()->kept().edits);
    std::map<std::size_t, std::uint64_t> known;  // by the place in the history
    const edit::History& history = window.document()->document().history();
    while (true) {
        known[history.position()] = hashOf(window.document()->whole());
        const std::size_t kind = hands.pick(Hands::Count);
        std::uint64_t expected = 0;
        if (kind == Hands::Undo && history.canUndo()) expected = known.at(history.position() - 1);
        if (kind == Hands::Redo && history.canRedo()) expected = known.at(history.position() + 1);
        say("try", expected, 0);
        hands.editOnce(kind);
        say("did", hashOf(window.document()->whole()), window.session()->kept().edits);
        QCoreApplication::processEvents();
        if (hands.pick(kEditsPerSave) != 0 || window.document()->filePath().isEmpty()) continue;
        hands.trigger("file.save");
        if (!QTest::qWaitFor([&] { return !window.files()->isWriting(); }, kWaitMs)) complainAndEnd("not saved");
        if (window.document()->isModified()) complainAndEnd("unsaved after a save");
        say("saved", hashOf(window.document()->whole()), 0);
    }
}

[[noreturn]] void lookAtLost(ui::MainWindow& window, const std::vector<ui::LostRow>& rows) {
    restoreOrOpen(window, rows, {});
    std::printf("lost %zu\n", rows.size());
    std::fflush(stdout);
    if (!rows.empty()) say("is", hashOf(window.document()->whole()), rows.front().edits);
    std::_Exit(0);  // as if killed: what was restored is lost again
}

int hashFile(const fs::path& file) {
    const Result<io::Opened> opened = io::openProject(file);
    if (!opened) {
        std::printf("broken %s\n", opened.error().text().c_str());
        return 0;
    }
    say("is", hashOf(opened->project), 0);
    return 0;
}

graph::Project randomProject(std::mt19937& random) {
    graph::Project project;
    const std::size_t count = 200 + random() % 800;
    for (std::size_t index = 0; index < count; ++index)
        project.graph.put(
            layers::makeNode(*layers::findLayer("Dense"), project.graph.nextId(), "dense_" + std::to_string(random())));
    return project;
}

[[noreturn]] void saveForEver(const fs::path& file, unsigned seed) {
    std::mt19937 random(seed);
    while (true) {
        const graph::Project project = randomProject(random);
        if (const Result<void> done = io::saveProject(project, file); !done)
            complainAndEnd(done.error().text().c_str());
        std::printf("saved\n");
        std::fflush(stdout);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const std::string task = words.empty() ? "" : words.front();
    if (task == "hash" && words.size() == 2) return hashFile(words[1]);
    if (task == "save" && words.size() == 3) saveForEver(words[1], static_cast<unsigned>(std::stoul(words[2])));
    if (task == "sweep" && words.size() == 2) {
        const Result<io::Opened> opened = io::openProject(words[1]);
        return opened && io::saveProject(opened->project, words[1]) ? 0 : 1;
    }
    const bool edits = task == "edit" && words.size() == 5;
    if (!edits && !(task == "look" && words.size() == 2)) {
        std::fputs("usage: see the head of kill_driver.cpp\n", stderr);
        return 2;
    }
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    ui::setUpApplication();
    std::vector<ui::LostRow> rows;
    ui::Settings settings;
    settings.liveRun = false;
    ui::MainWindow window(settings, answers(rows, true), false);
    window.setProperty("recovery", QString::fromStdString(words[1]));
    window.setProperty("patience", edits ? std::stoi(words[4]) : kWaitMs);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window)) complainAndEnd("no window");
    if (edits) editForEver(window, rows, QString::fromStdString(words[2]), static_cast<unsigned>(std::stoul(words[3])));
    lookAtLost(window, rows);
}
