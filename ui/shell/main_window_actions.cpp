#include "ui/canvas/canvas_actions.h"
#include "ui/canvas/canvas_view.h"
#include "ui/diagnostics/problems_panel.h"
#include "ui/palette/palette_panel.h"
#include "ui/session/document_model.h"
#include "ui/session/run_controller.h"
#include "ui/shell/action_table.h"
#include "ui/shell/canvas_stack.h"
#include "ui/shell/examples.h"
#include "ui/shell/help_dialogs.h"
#include "ui/shell/main_window.h"
#include "ui/shell/panel_docks.h"
#include "ui/shell/read_as_menu.h"
#include "ui/shell/run_toolbar.h"
#include "ui/viewers/summary_table.h"

#include <QActionGroup>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

namespace shapewise::ui {
namespace {

constexpr int kToolBarHeight = 46;

QList<QKeySequence> keys(std::initializer_list<QKeySequence> sequences) { return sequences; }

QString id(const char* text) { return QString::fromLatin1(text); }

/// Grows a separator that pushes what follows to the right.
void addStretch(QToolBar* bar) {
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
}

}  // namespace

void MainWindow::makeActions() {
    actions_ = new ActionTable(this);
    makeFileActions();
    makeEditActions();
    makeViewActions();
    makeGraphAndRunActions();
    makeHelpActions();
    addCanvasOnlyActions();
}

void MainWindow::addCanvasAction(const QString& id, bool startsGroup) {
    const CanvasAction& row = canvasAction(id);
    const bool isCanvasOnly = row.windowKeys.isEmpty();
    actions_->add({.id = row.id,
                   .text = row.text,
                   .shortcuts = isCanvasOnly ? row.keys : row.windowKeys,
                   .icon = row.icon,
                   .handler = [this, &row] { canvas_->run(row); },
                   .tip = row.tip,
                   .scope = isCanvasOnly ? KeyScope::Canvas : KeyScope::Window,
                   .startsGroup = startsGroup,
                   .canvasKeys = isCanvasOnly ? QList<QKeySequence>() : row.keys});
}

void MainWindow::addCanvasOnlyActions() {
    for (const CanvasAction& row : canvasActions())
        if (row.id.startsWith(QStringLiteral("canvas."))) addCanvasAction(row.id);
}

void MainWindow::makeFileActions() {
    ActionTable& table = *actions_;
    table.add({.id = id("file.new"),
               .text = tr("New"),
               .shortcuts = keys({QKeySequence::New}),
               .icon = id("new"),
               .handler = [this] { files_->newProject(); },
               .tip = tr("An empty canvas")});
    table.add({.id = id("file.open"),
               .text = tr("Open…"),
               .shortcuts = keys({QKeySequence::Open}),
               .icon = id("open"),
               .handler = [this] { files_->openWithDialog(); },
               .tip = tr("A project, a Keras model, or a sound, picture or array as a node")});
    table.add({.id = id("file.save"),
               .text = tr("Save"),
               .shortcuts = keys({QKeySequence::Save}),
               .icon = id("save"),
               .handler = [this] { files_->save(); },
               .startsGroup = true});
    table.add({.id = id("file.saveAs"),
               .text = tr("Save As…"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)}),
               .handler = [this] { files_->saveAs(); }});
    table.add({.id = id("file.exportKeras"),
               .text = tr("Export Keras JSON…"),
               .icon = id("code"),
               .handler = [this] { files_->exportKerasJson(); },
               .tip = tr("What model.to_json() writes"),
               .startsGroup = true});
    table.add({.id = id("file.exportSummary"), .text = tr("Export Summary…"), .icon = id("table"), .handler = [this] {
                   files_->exportText(tr("Export Summary"), QStringLiteral("txt"), tr("Text (*.txt);;CSV (*.csv)"),
                                      summary_->model()->text());
               }});
    table.add(
        {.id = id("file.exportCanvas"), .text = tr("Export Canvas as PNG…"), .icon = id("picture"), .handler = [this] {
             exportCanvas();
         }});
    table.add({.id = id("file.settings"),
               .text = tr("Settings…"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_Comma)}),
               .icon = id("settings"),
               .handler = [this] { openSettings(); },
               .startsGroup = true});
    table.add({.id = id("file.quit"),
               .text = tr("Quit"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_Q)}),
               .handler = [this] { close(); },
               .startsGroup = true});
}

void MainWindow::makeEditActions() {
    ActionTable& table = *actions_;
    table.add({.id = id("edit.undo"),
               .text = tr("Undo"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_Z)}),
               .icon = id("undo"),
               .handler = [this] { document_->undo(); }});
    table.add({.id = id("edit.redo"),
               .text = tr("Redo"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)}),
               .icon = id("redo"),
               .handler = [this] { document_->redo(); }});
    addCanvasAction(id("edit.cut"), true);
    addCanvasAction(id("edit.copy"));
    addCanvasAction(id("edit.paste"));
    addCanvasAction(id("edit.duplicate"));
    addCanvasAction(id("edit.delete"));
    addCanvasAction(id("edit.heal"));
    addCanvasAction(id("edit.rename"));
    addCanvasAction(id("edit.selectAll"), true);
    table.add({.id = id("edit.copyCode"),
               .text = tr("Copy as Keras Code"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)}),
               .icon = id("code"),
               .handler = [this] { copyKerasCode(canvas_->selection()); },
               .tip = tr("Python for the selection, or for everything"),
               .startsGroup = true});
    table.add({.id = id("edit.copyJson"), .text = tr("Copy as Keras JSON"), .handler = [this] { copyKerasJson(); }});
    table.add({.id = id("edit.copySummary"), .text = tr("Copy Summary"), .icon = id("table"), .handler = [this] {
                   summary_->copyText();
               }});
}

void MainWindow::makeViewActions() {
    ActionTable& table = *actions_;
    addCanvasAction(id("view.fit"));
    addCanvasAction(id("view.fitSelection"));
    addCanvasAction(id("view.zoomIn"));
    addCanvasAction(id("view.zoomOut"));
    addCanvasAction(id("view.zoom100"));
    QAction* minimap = table.add({.id = id("view.minimap"),
                                  .text = tr("Minimap"),
                                  .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M)}),
                                  .icon = id("map"),
                                  .isCheckable = true,
                                  .startsGroup = true});
    minimap->setChecked(true);
    connect(minimap, &QAction::toggled, canvases_, &CanvasStack::setMinimapVisible);
    QAction* pictures = table.add(
        {.id = id("view.pictures"), .text = tr("Pictures on Nodes"), .icon = id("picture"), .isCheckable = true});
    pictures->setChecked(true);
    connect(pictures, &QAction::toggled, canvases_, &CanvasStack::setPicturesVisible);

    table.add({.id = id("view.nextPanel"),
               .text = tr("Next Panel"),
               .shortcuts = keys({QKeySequence(Qt::Key_F6)}),
               .handler = [this] { panels_->focusNext(1, canvas_); },
               .tip = tr("The keyboard goes from panel to panel"),
               .startsGroup = true});
    table.add({.id = id("view.previousPanel"),
               .text = tr("Previous Panel"),
               .shortcuts = keys({QKeySequence(Qt::SHIFT | Qt::Key_F6)}),
               .handler = [this] { panels_->focusNext(-1, canvas_); }});

    auto* group = new QActionGroup(this);
    const auto theme = [&](const char* name, const QString& text, ThemeChoice choice) {
        group->addAction(table.add({.id = id(name),
                                    .text = text,
                                    .handler =
                                        [this, choice] {
                                            Settings settings = settings_;
                                            settings.theme = choice;
                                            applySettings(settings);
                                        },
                                    .isCheckable = true}));
    };
    theme("view.theme.system", tr("Follow the Desktop"), ThemeChoice::System);
    theme("view.theme.dark", tr("Dark"), ThemeChoice::Dark);
    theme("view.theme.light", tr("Light"), ThemeChoice::Light);
}

void MainWindow::makeGraphAndRunActions() {
    ActionTable& table = *actions_;
    addCanvasAction(id("graph.add"));
    table.add({.id = id("graph.findLayer"),
               .text = tr("Find a Layer in the List"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_L)}),
               .icon = id("search"),
               .handler = [this] {
                   panels_->raise(palette_);
                   palette_->focusFilter();
               }});
    table.add({.id = id("graph.tidy"),
               .text = tr("Tidy"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L)}),
               .icon = id("tidy"),
               .handler = [this] { tidy(); },
               .tip = tr("Columns from left to right, the selection or everything")});
    table.add({.id = id("graph.group"),
               .text = tr("Group Selection"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G)}),
               .handler = [this] { groupSelection(); },
               .tip = tr("Selected layers become a model inside the model"),
               .startsGroup = true});
    table.add({.id = id("graph.ungroup"),
               .text = tr("Ungroup"),
               .handler = [this] { ungroupSelection(); },
               .tip = tr("The layers of a group in its place")});
    addCanvasAction(id("graph.open"));
    table.add({.id = id("graph.back"),
               .text = tr("Back to the Outer Graph"),
               .shortcuts = keys({QKeySequence(Qt::ALT | Qt::Key_Up)}),
               .handler = [this] { document_->closeGroups(); },
               .tip = tr("Out of the open group; Esc does the same on the canvas")});
    table.add({.id = id("graph.nextProblem"),
               .text = tr("Next Problem"),
               .shortcuts = keys({QKeySequence(Qt::Key_F8)}),
               .icon = id("error"),
               .handler = [this] { problems_->goToNext(); },
               .startsGroup = true});
    table.add({.id = id("graph.previousProblem"),
               .text = tr("Previous Problem"),
               .shortcuts = keys({QKeySequence(Qt::SHIFT | Qt::Key_F8)}),
               .handler = [this] { problems_->goToPrevious(); }});

    QAction* live = table.add({.id = id("run.live"),
                               .text = tr("Live Run"),
                               .icon = id("live"),
                               .tip = tr("Run again after every change"),
                               .isCheckable = true});
    connect(live, &QAction::triggered, this, [this](bool checked) {
        Settings settings = settings_;
        settings.liveRun = checked;
        applySettings(settings);
    });
    table.add({.id = id("run.once"),
               .text = tr("Run Once"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::Key_F5)}),
               .icon = id("run-once"),
               .handler = [this] { run_->runNow(); }});
    table.add({.id = id("run.cancel"),
               .text = tr("Cancel Run"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_Period)}),
               .icon = id("stop"),
               .handler = [this] { run_->cancel(); }});
    table.add({.id = id("run.limits"),
               .text = tr("Memory Limit and Threads…"),
               .icon = id("settings"),
               .handler = [this] { openSettings(); },
               .startsGroup = true});
}

void MainWindow::makeHelpActions() {
    ActionTable& table = *actions_;
    table.add({.id = id("help.explain"),
               .text = tr("What Is This?"),
               .shortcuts = keys({QKeySequence(Qt::Key_F1)}),
               .icon = id("help"),
               .handler = [this] { explainFocus(); },
               .tip = tr("What has the keyboard: a problem, a layer, a parameter or a panel")});
    table.add({.id = id("help.problems"), .text = tr("All Problems by Code…"), .handler = [this] {
                   openExplanationList(this);
               }});
    table.add({.id = id("help.shortcuts"),
               .text = tr("Keyboard Shortcuts"),
               .shortcuts = keys({QKeySequence(Qt::CTRL | Qt::Key_Slash), QKeySequence(Qt::CTRL | Qt::Key_F1)}),
               .icon = id("keyboard"),
               .handler = [this] { openShortcuts(); }});
    table.add({.id = id("help.about"),
               .text = tr("About Shapewise"),
               .icon = id("info"),
               .handler = [this] { openAbout(); },
               .startsGroup = true});
}

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    actions_->fill(file, id("file"));
    recentMenu_ = new QMenu(tr("Open Recent"), file);
    file->insertMenu((*actions_)[id("file.save")], recentMenu_);
    file->insertMenu((*actions_)[id("file.save")], readAs_);
    file->insertSeparator((*actions_)[id("file.save")]);
    fillRecentFiles();
    actions_->fill(menuBar()->addMenu(tr("&Edit")), id("edit"));
    QMenu* view = menuBar()->addMenu(tr("&View"));
    actions_->fill(view, id("view"));
    for (const char* theme : {"view.theme.system", "view.theme.dark", "view.theme.light"})
        view->removeAction((*actions_)[id(theme)]);
    panels_->fillMenu(view->addMenu(tr("Panels")));
    QMenu* themes = view->addMenu(tr("Theme"));
    actions_->fill(themes, id("view.theme"));
    actions_->fill(menuBar()->addMenu(tr("&Graph")), id("graph"));
    actions_->fill(menuBar()->addMenu(tr("&Run")), id("run"));
    QMenu* tour = menuBar()->addMenu(tr("E&xamples"));
    for (const Example& example : examples())
        connect(tour->addAction(example.title), &QAction::triggered, this,
                [this, resource = example.resource] { files_->openExample(resource); });
    actions_->fill(menuBar()->addMenu(tr("&Help")), id("help"));
}

void MainWindow::makeToolBar() {
    QToolBar* bar = addToolBar(tr("Toolbar"));
    bar->setObjectName(id("toolBar"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize(QSize(16, 16));
    bar->setFixedHeight(kToolBarHeight);
    const std::pair<const char*, QString> left[] = {
        {"edit.undo", tr("Undo")}, {"edit.redo", tr("Redo")}, {"graph.tidy", tr("Tidy")}, {"view.fit", tr("Fit")}};
    const auto add = [&](const char* name, const QString& text) {
        auto* button = new QToolButton(bar);
        button->setDefaultAction((*actions_)[id(name)]);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setText(text);
        // Undo carries what it undoes in its text: the menu shows that, the button stays short.
        connect(button->defaultAction(), &QAction::changed, button, [button, text] { button->setText(text); });
        bar->addWidget(button);
        button->setAutoRaise(false);  // the toolbar raises what it is given
    };
    for (const auto& [name, text] : left) add(name, text);
    bar->addSeparator();
    add("run.live", tr("Live run"));
    add("run.once", tr("Run once"));
    runSettings_ = new RunSettingsBoxes(bar);
    bar->addWidget(runSettings_);
    addStretch(bar);
}

void MainWindow::fillRecentFiles() {
    recentMenu_->clear();
    const QStringList paths = recentFiles();
    const QStringList titles = recentTitles(paths);
    for (qsizetype index = 0; index < paths.size(); ++index) {
        const QString& path = paths[index];
        QAction* action = recentMenu_->addAction(QString(titles[index]).replace(QChar(u'&'), QStringLiteral("&&")));
        action->setToolTip(path);
        connect(action, &QAction::triggered, this, [this, path] { files_->open(path); });
    }
    recentMenu_->setToolTipsVisible(true);
    recentMenu_->setEnabled(!recentMenu_->isEmpty());
    if (recentMenu_->isEmpty()) return;
    recentMenu_->addSeparator();
    connect(recentMenu_->addAction(tr("Clear the List")), &QAction::triggered, this, [this] {
        clearRecentFiles();
        fillRecentFiles();
    });
}

}  // namespace shapewise::ui
