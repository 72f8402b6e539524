#include "ui/canvas/canvas_actions.h"

#include "core/edit/clipboard.h"
#include "core/io/files/files.h"
#include "tests/support/canvas_driver.h"
#include "ui/palette/quick_add.h"
#include "ui/shell/action_table.h"
#include "ui/shell/help_dialogs.h"
#include "ui/shell/main_window.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>

#include <set>

namespace shapewise::test {
namespace {

/// A canvas with three nodes, and everything a key can change about it as text.
struct Canvas {
    explicit Canvas(bool isSelected) {
        const NodeId data = hand.addSequence({0, 0});
        const NodeId conv = hand.addNode("Conv1D", {320, 0}, data);
        hand.addNode("Dense", {640, 0}, conv);
        hand.settle();
        hand.view.select({conv});
        if (clip.isEmpty()) {
            hand.key(Qt::Key_C, Qt::ControlModifier);
            clip = QGuiApplication::clipboard()->text();
        }
        if (!isSelected) hand.view.select({});
        QGuiApplication::clipboard()->setText(clip);
        QObject::connect(&hand.view, &ui::CanvasView::nodeActivated, &hand.view,
                         [this](NodeId node) { told += "activated " + std::to_string(node.value) + '\n'; });
        QObject::connect(&hand.view, &ui::CanvasView::noticeShown, &hand.view,
                         [this](const QString& text) { told += text.toStdString() + '\n'; });
    }
    [[nodiscard]] std::string state() {
        std::string text = io::projectJson(hand.document.project()) + told;
        for (const NodeId id : hand.view.selection()) text += ' ' + std::to_string(id.value);
        const QPointF centre = hand.view.mapToScene(hand.view.viewport()->rect().center());
        text += " zoom " + std::to_string(hand.view.zoom()) + " at " + std::to_string(centre.x()) + ',' +
                std::to_string(centre.y());
        text += hand.view.findChild<ui::QuickAdd*>()->isVisible() ? " search" : "";
        text += hand.view.findChild<QLineEdit*>(QStringLiteral("renameField"))->isVisible() ? " name" : "";
        text += " cursor " + std::to_string(hand.view.viewport()->cursor().shape());
        return text + QGuiApplication::clipboard()->text().toStdString();
    }
    CanvasDriver hand;
    std::string told;
    static inline QString clip;
};

TEST(CanvasActions, NoKeyAndNoIdStandsTwice) {
    std::set<QString> ids;
    std::set<QString> keys;
    for (const ui::CanvasAction& row : ui::canvasActions()) {
        EXPECT_TRUE(ids.insert(row.id).second) << row.id.toStdString();
        EXPECT_FALSE(row.text.isEmpty());
        EXPECT_NE(row.run, nullptr);
        EXPECT_FALSE(row.keys.isEmpty()) << row.id.toStdString();
        for (const QKeySequence& key : row.keys + row.windowKeys)
            EXPECT_TRUE(keys.insert(key.toString()).second) << key.toString().toStdString();
    }
}

TEST(CanvasActions, EachKeyDoesWhatItsRowDoes) {
    int changes = 0;
    for (const bool isSelected : {true, false}) {
        for (const ui::CanvasAction& row : ui::canvasActions()) {
            Canvas ran(isSelected);
            const std::string before = ran.state();
            row.run(ran.hand.controller());
            const std::string wanted = ran.state();
            if (wanted != before) ++changes;
            for (const QKeySequence& key : row.keys) {
                Canvas pressed(isSelected);
                QTest::keyPress(&pressed.hand.view, key[0].key(), key[0].keyboardModifiers());
                EXPECT_EQ(pressed.state(), wanted) << row.id.toStdString() << ' ' << key.toString().toStdString();
            }
        }
    }
    // Hardly a row does nothing in both states.
    EXPECT_GE(changes, static_cast<int>(ui::canvasActions().size()));
}

TEST(CanvasActions, AKeyIsWantedWhenItHasARowAndOnlyThen) {
    Canvas canvas(true);
    std::set<QString> known;
    for (const ui::CanvasAction& row : ui::canvasActions())
        for (const QKeySequence& key : row.keys) known.insert(key.toString());
    const Qt::KeyboardModifiers modifiers[] = {Qt::NoModifier, Qt::ShiftModifier, Qt::ControlModifier,
                                               Qt::ControlModifier | Qt::ShiftModifier, Qt::AltModifier};
    std::vector<int> keys;
    for (int key = Qt::Key_Space; key <= Qt::Key_QuoteLeft; ++key) keys.push_back(key);
    for (int key = Qt::Key_Escape; key <= Qt::Key_PageDown; ++key) keys.push_back(key);
    for (int key = Qt::Key_F1; key <= Qt::Key_F12; ++key) keys.push_back(key);
    for (const Qt::KeyboardModifiers modifier : modifiers) {
        for (const int key : keys) {
            QKeyEvent event(QEvent::ShortcutOverride, key, modifier);
            event.ignore();
            QCoreApplication::sendEvent(&canvas.hand.view, &event);
            const QString name = QKeySequence(QKeyCombination(modifier, static_cast<Qt::Key>(key))).toString();
            EXPECT_EQ(event.isAccepted(), known.count(name) > 0) << name.toStdString();
        }
    }
}

TEST(CanvasActions, SpaceIsLetGoWhateverElseIsHeldByThen) {
    Canvas canvas(true);
    QTest::keyPress(&canvas.hand.view, Qt::Key_Space);
    EXPECT_EQ(canvas.hand.view.viewport()->cursor().shape(), Qt::OpenHandCursor);
    QTest::keyRelease(&canvas.hand.view, Qt::Key_Space, Qt::ShiftModifier);
    EXPECT_EQ(canvas.hand.view.viewport()->cursor().shape(), Qt::ArrowCursor);
}

TEST(CanvasActions, WindowAndListOfShortcutsShowEveryRow) {
    const ui::MainWindow window({}, {}, false);
    const QString list = ui::shortcutsHtml(*window.actions());
    for (const ui::CanvasAction& row : ui::canvasActions()) {
        const QAction* action = (*window.actions())[row.id];
        ASSERT_NE(action, nullptr) << row.id.toStdString();
        EXPECT_EQ(action->text(), row.text);
        EXPECT_EQ(action->shortcuts(), row.windowKeys.isEmpty() ? row.keys : row.windowKeys);
        EXPECT_TRUE(list.contains(QString(row.text).toHtmlEscaped())) << row.text.toStdString();
        for (const QKeySequence& key : row.keys + row.windowKeys)
            EXPECT_TRUE(list.contains(key.toString(QKeySequence::NativeText).toHtmlEscaped()));
    }
    // No other action listens on the canvas alone.
    std::set<QString> ids;
    for (const ui::CanvasAction& row : ui::canvasActions()) ids.insert(row.id);
    for (const ui::ActionSpec& spec : window.actions()->specs()) {
        if (spec.scope != ui::KeyScope::Canvas) continue;
        EXPECT_EQ(ids.count(spec.id), 1u) << spec.id.toStdString();
    }
}

}  // namespace
}  // namespace shapewise::test
