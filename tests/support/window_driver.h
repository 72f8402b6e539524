#pragma once
// WindowDriver: the whole program as a person uses it: menus, panels, fields and files. Dialogs are answered in
// advance; nothing waits longer than it must.

#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/diagnostics/problems_panel.h"
#include "ui/inspector/field.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/inspector/properties_page.h"
#include "ui/palette/layer_list_model.h"
#include "ui/palette/quick_add.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/shell/action_table.h"
#include "ui/shell/examples.h"
#include "ui/shell/main_window.h"
#include "ui/shell/message_bar.h"
#include "ui/viewers/activations_view.h"
#include "ui/viewers/summary_table.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QMouseEvent>
#include <QTableView>
#include <QTest>
#include <QUrl>

#include <gtest/gtest.h>

#include <numeric>
#include <optional>
#include <string>

namespace shapewise::test {

class WindowDriver {
  public:
    explicit WindowDriver(ui::Settings settings = {}, const std::vector<ui::PanelSpec>& panels = ui::panelTable(),
                          bool keepsState = false)
        : window(settings, dialogs(), keepsState, panels) {
        window.resize(1400, 900);
        window.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    }

    /// Through the menu, as its title says.
    void openExample(const QString& title) {
        for (QAction* menu : window.menuBar()->actions()) {
            if (QString(menu->text()).remove(QChar(u'&')) != QStringLiteral("Examples")) continue;
            for (QAction* entry : menu->menu()->actions())
                if (entry->text() == title) entry->trigger();
        }
        waitForFile();
    }
    void open(const QString& path) {
        window.files()->open(path);
        waitForFile();
    }
    void waitForFile() {
        EXPECT_TRUE(QTest::qWaitFor([this] { return !window.files()->isOpening(); }));
    }
    /// Until what was saved or exported is on disk.
    void waitForWriting() {
        EXPECT_TRUE(QTest::qWaitFor([this] { return !window.files()->isWriting(); }));
    }
    void waitForPictures() {
        EXPECT_TRUE(
            QTest::qWaitFor([this] { return !window.activations()->isBusy() && !window.inspector()->isBusy(); }));
    }
    void waitForRun() {
        EXPECT_TRUE(QTest::qWaitFor([this] { return !window.run()->isBusy() && window.run()->isUpToDate(); }, 20000));
    }
    /// Files dragged from a window of the desktop and let go at that point of the canvas.
    void dropFiles(const QStringList& paths, const QPoint& at) {
        QMimeData files;
        QList<QUrl> urls;
        for (const QString& path : paths) urls << QUrl::fromLocalFile(path);
        files.setUrls(urls);
        dropData(files, at);
    }
    /// A layer dragged out of the palette.
    void dropLayer(const char* className, const QPoint& at) {
        QMimeData layer;
        layer.setData(QString::fromLatin1(ui::kLayerMimeType), className);
        dropData(layer, at);
    }
    /// Tab, a name, Enter: behind the selected node.
    void quickAdd(const char* name) {
        window.canvas()->setFocus();
        QTest::keyClick(window.canvas(), Qt::Key_Tab);
        auto* field = window.canvas()->findChild<ui::QuickAdd*>()->findChild<QLineEdit*>();
        ASSERT_TRUE(field->isVisible());
        QTest::keyClicks(field, QString::fromLatin1(name));
        QTest::keyClick(field, Qt::Key_Return);
    }
    /// From the output of one node to the input of another, with the mouse.
    void connectPorts(std::string_view from, std::string_view to) {
        const auto& canvas = *window.canvas()->findChild<ui::CanvasController*>();
        QWidget* viewport = window.canvas()->viewport();
        const QPoint start = window.canvas()->mapFromScene(canvas.picker().portAt({true, node(from)->id, 0}));
        const QPoint end = window.canvas()->mapFromScene(canvas.picker().portAt({false, node(to)->id, 0}));
        QTest::mouseMove(viewport, start);
        QTest::mousePress(viewport, Qt::LeftButton, {}, start);
        for (const QPoint& at : {start + (end - start) / 2, end}) {
            QMouseEvent move(QEvent::MouseMove, at, viewport->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(viewport, &move);
        }
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, end);
    }
    void trigger(const char* action) { (*window.actions())[QString::fromLatin1(action)]->trigger(); }

    [[nodiscard]] const graph::Node* node(std::string_view name) const {
        return window.document()->graph().findByName(name);
    }
    [[nodiscard]] std::string shapeOf(std::string_view name) const {
        const graph::Node* found = node(name);
        if (found == nullptr) return "no node";
        const infer::NodeAnalysis& analysis = window.document()->analysis()[found->id];
        return analysis.isKnown() ? analysis.output.shape.text() : "no shape";
    }
    [[nodiscard]] const exec::NodeRun* result(std::string_view name) const {
        const graph::Node* found = node(name);
        const auto& report = window.run()->report();
        if (found == nullptr || report == nullptr || !report->nodes.contains(found->id)) return nullptr;
        return &report->nodes.at(found->id);
    }
    void select(std::string_view name) { window.canvas()->select({node(name)->id}); }

    /// Types into the field of a parameter of the selection, in place of what is there.
    void type(const char* key, const QString& text) {
        QWidget* editor = field(key)->focusProxy();
        ASSERT_NE(editor, nullptr);
        editor->setFocus();
        QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(editor, Qt::Key_Backspace);
        QTest::keyClicks(editor, text);
    }
    [[nodiscard]] ui::Field* field(const char* key) const {
        return window.inspector()->properties()->form()->field(QString::fromLatin1(key));
    }
    [[nodiscard]] QString fieldText(const char* key) const {
        const auto* line = field(key)->findChild<QLineEdit*>();
        return line == nullptr ? QString() : line->text();
    }

    [[nodiscard]] int problemCount() const { return window.problems()->model()->rowCount(); }
    /// Waits until the list shows that many.
    [[nodiscard]] bool waitForProblems(int count) {
        return QTest::qWaitFor([this, count] { return problemCount() == count; });
    }
    /// Presses a repair in a row of the list of problems.
    bool pressRepair(int row, const QString& title) {
        auto* table = window.problems()->findChild<QTableView*>(QStringLiteral("problems"));
        QWidget* cell = table->indexWidget(table->model()->index(row, ui::DiagnosticsModel::Repairs));
        for (QAbstractButton* button : cell->findChildren<QAbstractButton*>())
            if (button->accessibleName().startsWith(title)) {
                QTest::mouseClick(button, Qt::LeftButton);
                return true;
            }
        return false;
    }
    [[nodiscard]] QString message() const { return window.messages()->text(); }

    // Answers of the dialogs
    QString chosenToOpen;
    QString chosenToSave;
    ui::UnsavedAnswer unsavedAnswer = ui::UnsavedAnswer::Cancel;
    int unsavedQuestions = 0;
    ui::OutsideAnswer outsideAnswer = ui::OutsideAnswer::Cancel;
    std::vector<io::OutsideChange> outsideQuestions;
    ui::LostAnswer lostAnswer = ui::LostAnswer::Later;
    std::vector<ui::LostRow> lostRows;

  private:
    void dropData(const QMimeData& data, const QPoint& at) {
        QWidget* canvas = window.canvas()->viewport();
        QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(canvas, &enter);
        EXPECT_TRUE(enter.isAccepted());
        QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(canvas, &move);
        QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(canvas, &drop);
    }
    ui::FileDialogs dialogs() {
        ui::FileDialogs answers;
        answers.open = [this](const QString&, ui::FileDialogs::Chosen chosen) { chosen(chosenToOpen); };
        answers.save = [this](const QString&, const QString&, const QString&, const QString&,
                              ui::FileDialogs::Chosen chosen) { chosen(chosenToSave); };
        answers.unsaved = [this](const QString&, std::function<void(ui::UnsavedAnswer)> answered) {
            ++unsavedQuestions;
            answered(unsavedAnswer);
        };
        answers.changedOutside = [this](const QString&, io::OutsideChange change,
                                        std::function<void(ui::OutsideAnswer)> answered) {
            outsideQuestions.push_back(change);
            answered(outsideAnswer);
        };
        answers.lost = [this](const std::vector<ui::LostRow>& rows,
                              std::function<void(ui::LostAnswer, const std::vector<std::size_t>&)> answered) {
            lostRows = rows;
            std::vector<std::size_t> all(rows.size());
            std::iota(all.begin(), all.end(), std::size_t{0});
            answered(lostAnswer, all);
        };
        return answers;
    }

  public:
    ui::MainWindow window;
};

/// A file of the source tree.
[[nodiscard]] inline QString sourcePath(const char* path) {
    return QStringLiteral(SHAPEWISE_SOURCE_DIR) + QChar(u'/') + QString::fromLatin1(path);
}

}  // namespace shapewise::test
