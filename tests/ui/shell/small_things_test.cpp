// Small things that people stumbled over: focus, keys, hints, and words where they are needed.

#include "core/layers/framework/catalog.h"
#include "tests/support/window_driver.h"
#include "ui/canvas/overlays/canvas_notice.h"
#include "ui/canvas/overlays/rename_field.h"
#include "ui/canvas/scene/items.h"
#include "ui/inspector/docs_page.h"
#include "ui/inspector/output_picture.h"
#include "ui/palette/layer_search.h"
#include "ui/palette/palette_panel.h"
#include "ui/shell/help_dialogs.h"
#include "ui/shell/settings.h"
#include "ui/shell/status_bar.h"

#include <QClipboard>
#include <QDialog>
#include <QGraphicsScene>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTextBrowser>
#include <QTreeView>

namespace shapewise {
namespace {

using test::WindowDriver;

class SmallThings : public testing::Test {
  protected:
    NodeId add(const char* className, NodeId from = {}, std::vector<std::pair<const char*, Value>> settings = {}) {
        const layers::LayerType* type = layers::findLayer(className);
        const graph::Graph& graph = driver.window.document()->graph();
        const NodeId id = graph.nextId();
        auto node = layers::makeInitialNode(*type, id, graph.freeName(layers::automaticName(*type)));
        for (const auto& [key, value] : settings) node->set(key, value);
        edit::Edit edit;
        edit.label = "Build";
        edit.steps.emplace_back(edit::AddNode{node, {static_cast<double>(graph.nodeCount()) * 300.0, 0, false}});
        if (from.isValid()) edit.steps.emplace_back(edit::Connect{{from, 0, 0}, id, std::nullopt});
        EXPECT_TRUE(driver.window.document()->perform(edit));
        driver.window.canvas()->select({id});
        return id;
    }
    [[nodiscard]] const graph::Node& node(NodeId id) const { return *driver.window.document()->graph().find(id); }
    [[nodiscard]] QString hint() const {
        return driver.window.findChild<QLabel*>(QStringLiteral("statusHint"))->text();
    }
    [[nodiscard]] ui::CanvasNotice& notice() const { return *driver.window.canvas()->findChild<ui::CanvasNotice*>(); }
    WindowDriver driver;
};

TEST_F(SmallThings, AnExactNameIsTheFirstInTheQuickAddWhetherOrNotItFits) {
    for (const auto& [typed, wanted] :
         std::vector<std::pair<const char*, const char*>>{{"lstm", "LSTM"},
                                                          {"gru", "GRU"},
                                                          {"dense", "Dense"},
                                                          {"conv 2d", "Conv2D"},
                                                          {"add", "Add"},
                                                          {"time distributed", "TimeDistributed"},
                                                          {"MAXPOOLING2D", "MaxPooling2D"}}) {
        const NodeId source = add("Sample", {}, {{"shape", Value::list({20, 24, 1})}, {"batch_size", 1}});
        driver.window.canvas()->select({source});
        driver.quickAdd(typed);
        const std::vector<NodeId> chosen = driver.window.canvas()->selection();
        ASSERT_EQ(chosen.size(), 1U);
        EXPECT_EQ(node(chosen.front()).type->className, wanted) << typed;
    }
}

TEST_F(SmallThings, TypingAfterEnterOrAfterTheKeyboardCameReplacesTheNumber) {
    const NodeId id = add("Conv2D");
    QWidget* editor = driver.field("filters")->focusProxy();
    editor->setFocus(Qt::TabFocusReason);
    QTest::keyClicks(editor, QStringLiteral("32"));
    EXPECT_EQ(*node(id).setting(ParamKey::of("filters")), Value(32));
    QTest::keyClick(editor, Qt::Key_Return);
    QCoreApplication::processEvents();
    QTest::keyClicks(editor, QStringLiteral("5"));
    EXPECT_EQ(*node(id).setting(ParamKey::of("filters")), Value(5));
}

TEST_F(SmallThings, AClickIntoANumberSelectsItAndASecondPlacesTheCursor) {
    add("Conv2D");
    auto* line = driver.field("filters")->findChild<QLineEdit*>();
    driver.window.canvas()->setFocus();
    QTest::mouseClick(line, Qt::LeftButton, {}, QPoint(6, line->height() / 2));
    EXPECT_EQ(line->selectedText(), line->text());
    QTest::mouseClick(line, Qt::LeftButton, {}, QPoint(6, line->height() / 2));
    EXPECT_FALSE(line->hasSelectedText());
}

TEST_F(SmallThings, EveryParameterWithKnownValuesIsAList) {
    for (const layers::LayerType* type : layers::allLayers()) {
        if (std::none_of(type->params.begin(), type->params.end(),
                         [](const layers::ParamSpec& spec) { return !spec.choices.empty() && !spec.hidden; }))
            continue;
        add(std::string(type->className).c_str());
        for (const layers::ParamSpec& spec : type->params) {
            if (spec.choices.empty() || spec.hidden) continue;
            auto* box = driver.field(std::string(spec.key).c_str())->findChild<QComboBox*>();
            ASSERT_NE(box, nullptr) << type->className << " " << spec.key;
            for (const std::string_view choice : spec.choices)
                EXPECT_GE(box->findText(QString::fromUtf8(choice.data(), static_cast<qsizetype>(choice.size()))), 0)
                    << type->className << " " << spec.key << " " << choice;
        }
        driver.trigger("edit.undo");
    }
}

TEST_F(SmallThings, TheActivationIsChosenFromItsListAndCannotBeMisspelt) {
    const NodeId id = add("Dense");
    auto* box = driver.field("activation")->findChild<QComboBox*>();
    EXPECT_FALSE(box->isEditable());
    EXPECT_EQ(box->currentText(), QStringLiteral("linear"));
    box->setFocus();
    QTest::keyClicks(box, QStringLiteral("relu"));
    QTest::keyClick(box, Qt::Key_Return);
    EXPECT_EQ(box->currentText(), QStringLiteral("relu"));
    ASSERT_NE(node(id).setting(ParamKey::of("activation")), nullptr);
    EXPECT_EQ(*node(id).setting(ParamKey::of("activation")), Value("relu"));
}

TEST_F(SmallThings, AWindowThatDoesNotExistIsRefusedAtItsField) {
    const NodeId id = add("STFTSpectrogram");
    driver.type("window", QStringLiteral("hamm"));
    driver.type("window", QStringLiteral("hamn"));
    EXPECT_TRUE(driver.field("window")->focusProxy()->property("wrong").toBool());
    const Value* kept = node(id).setting(ParamKey::of("window"));
    EXPECT_TRUE(kept == nullptr || *kept == Value("hann") || *kept == Value("hamming"));
    driver.type("window", QStringLiteral("hamming"));
    EXPECT_FALSE(driver.field("window")->focusProxy()->property("wrong").toBool());
    EXPECT_EQ(*node(id).setting(ParamKey::of("window")), Value("hamming"));
}

TEST_F(SmallThings, EscapeLeadsBackToTheCanvasFromEveryPanel) {
    add("Conv2D");
    std::vector<QWidget*> places{driver.field("filters")->focusProxy(),
                                 driver.field("padding")->focusProxy(),
                                 driver.field("activation")->focusProxy(),
                                 driver.window.findChild<QWidget*>(QStringLiteral("paletteTree")),
                                 driver.window.findChild<QWidget*>(QStringLiteral("paletteFilter")),
                                 driver.window.findChild<QWidget*>(QStringLiteral("nodeName")),
                                 driver.window.problems()->findChild<QTableView*>(QStringLiteral("problems"))};
    for (QWidget* place : places) {
        ASSERT_NE(place, nullptr);
        if (!place->isVisible()) continue;  // as the list of problems while there are none
        place->setFocus();
        ASSERT_TRUE(place->hasFocus()) << place->metaObject()->className();
        QTest::keyClick(place, Qt::Key_Escape);
        EXPECT_TRUE(driver.window.canvas()->hasFocus()) << place->metaObject()->className();
    }
}

TEST_F(SmallThings, EscapeInTheNameLeavesItAsItWas) {
    const NodeId id = add("Dense");
    const std::string before = node(id).name;
    auto* name = driver.window.findChild<QLineEdit*>(QStringLiteral("nodeName"));
    name->setFocus();
    QTest::keyClicks(name, QStringLiteral("other"));
    QTest::keyClick(name, Qt::Key_Escape);
    EXPECT_EQ(node(id).name, before);
    EXPECT_EQ(name->text().toStdString(), before);
    EXPECT_TRUE(driver.window.canvas()->hasFocus());
}

TEST_F(SmallThings, TheStatusBarIsAsHighWhileItIsBusy) {
    auto* bar = driver.window.findChild<ui::StatusBar*>();
    const int before = bar->height();
    const int canvas = driver.window.canvas()->height();
    bar->showWork(QStringLiteral("Opening a file"));
    auto* progress = bar->findChild<QProgressBar*>();
    ASSERT_TRUE(QTest::qWaitFor([&] { return progress->isVisible(); }));
    QCoreApplication::processEvents();
    EXPECT_EQ(bar->height(), before);
    EXPECT_EQ(driver.window.canvas()->height(), canvas);
    bar->showWork({});
}

TEST_F(SmallThings, WhetherTheFileIsSavedIsSeenInANarrowWindowToo) {
    add("Conv1D", add("Sample", {}, {{"shape", Value::list({20, 1})}, {"batch_size", 1}}));
    auto* bar = driver.window.findChild<ui::StatusBar*>();
    const auto label = [&](const char* name) { return bar->findChild<QLabel*>(QString::fromLatin1(name)); };
    for (const int width : {1600, 700}) {
        bar->setFixedWidth(width);
        const auto isWhole = [&] {
            const QLabel* saved = label("statusSaved");
            bool fits = saved->mapTo(bar, saved->rect().bottomRight()).x() <= width;
            for (const char* name : {"statusSaved", "statusForward", "statusCounts", "statusParameters"})
                fits = fits && label(name)->width() >= label(name)->sizeHint().width();
            return fits;
        };
        EXPECT_TRUE(QTest::qWaitFor(isWhole)) << width;
        EXPECT_EQ(label("statusRecomputed")->isVisible(), width == 1600) << width;
    }
}

TEST_F(SmallThings, TheHintOfAFieldGoesWithTheKeyboard) {
    add("Conv2D");
    driver.field("filters")->focusProxy()->setFocus();
    EXPECT_FALSE(hint().isEmpty());
    driver.window.canvas()->setFocus();
    EXPECT_TRUE(hint().isEmpty());
}

TEST_F(SmallThings, ATakenNameIsRefusedWhereItIsTypedOnTheCanvas) {
    const NodeId first = add("Dense");
    const NodeId second = add("Dense");
    driver.window.canvas()->setFocus();
    QTest::keyClick(driver.window.canvas(), Qt::Key_F2);
    auto* field = driver.window.canvas()->findChild<ui::RenameField*>();
    ASSERT_TRUE(field->isVisible());
    QTest::keyClicks(field, QString::fromStdString(node(first).name));
    QTest::keyClick(field, Qt::Key_Return);
    EXPECT_TRUE(field->isVisible());
    EXPECT_TRUE(field->property("wrong").toBool());
    EXPECT_EQ(notice().text(), QStringLiteral("Another node has this name"));
    EXPECT_LT(std::abs(notice().y() - field->geometry().bottom()), 12);
    QTest::keyClicks(field, QStringLiteral("_b"));
    EXPECT_TRUE(notice().text().isEmpty());
    QTest::keyClick(field, Qt::Key_Return);
    EXPECT_FALSE(field->isVisible());
    EXPECT_EQ(node(second).name, node(first).name + "_b");
}

TEST_F(SmallThings, APasteThatHoldsNoLayersIsRefusedAtThePointer) {
    driver.window.canvas()->setFocus();
    const QPoint at(300, 200);
    QTest::mouseMove(driver.window.canvas()->viewport(), at);
    QMouseEvent move(QEvent::MouseMove, at, driver.window.canvas()->viewport()->mapToGlobal(at), Qt::NoButton,
                     Qt::NoButton, {});
    QCoreApplication::sendEvent(driver.window.canvas()->viewport(), &move);
    QApplication::clipboard()->setText(QStringLiteral("{\"not\": \"a project\"}"));
    driver.trigger("edit.paste");
    EXPECT_TRUE(notice().text().startsWith(QStringLiteral("The clipboard holds no layers")));
    EXPECT_LT((notice().pos() - at).manhattanLength(), 60);
    QTest::keyClick(driver.window.canvas(), Qt::Key_Escape);
    EXPECT_TRUE(notice().text().isEmpty());
}

TEST_F(SmallThings, ADoubleClickOnALayerThatDoesNotFitSaysWhyAndOffersToPlaceIt) {
    const NodeId source = add("Sample", {}, {{"shape", Value::list({20, 1})}, {"batch_size", 1}});
    driver.window.canvas()->select({source});
    auto* palette = driver.window.findChild<ui::PalettePanel*>();
    Q_EMIT palette->layerChosen(QStringLiteral("Conv2D"));
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 1U);
    EXPECT_TRUE(notice().text().contains(QStringLiteral("needs rank 4, not 3"))) << notice().text().toStdString();
    auto* wayOut = notice().findChild<QPushButton*>();
    ASSERT_TRUE(wayOut->isVisible());
    QTest::mouseClick(wayOut, Qt::LeftButton);
    ASSERT_EQ(driver.window.document()->graph().nodeCount(), 2U);
    EXPECT_TRUE(node(driver.window.canvas()->selection().front()).inputs.empty());
    // A source is not meant to be connected, so nobody is asked.
    driver.window.canvas()->select({source});
    Q_EMIT palette->layerChosen(QStringLiteral("InputLayer"));
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 3U);
}

TEST_F(SmallThings, TheOfferToPlaceALayerCoversNoNode) {
    const NodeId source = add("Sample", {}, {{"shape", Value::list({20, 1})}, {"batch_size", 1}});
    add("Conv1D", add("Conv1D", source));
    driver.window.canvas()->fitAll();
    driver.window.canvas()->select({source});
    EXPECT_FALSE(driver.window.canvas()->addNode(QStringLiteral("Conv2D")).isValid());
    ASSERT_TRUE(notice().isVisible());
    int nodes = 0;
    for (const QGraphicsItem* item : driver.window.canvas()->scene()->items()) {
        const auto* node = dynamic_cast<const ui::NodeItem*>(item);
        if (node == nullptr) continue;
        ++nodes;
        const QRectF body = driver.window.canvas()->viewportTransform().mapRect(node->sceneBody());
        EXPECT_FALSE(QRectF(notice().geometry()).intersects(body)) << node->view().name.toStdString();
    }
    EXPECT_EQ(nodes, 3);
}

TEST_F(SmallThings, WhatWasRefusedIsForgottenWithTheNextEdit) {
    Q_EMIT driver.window.canvas()->noticeShown(QStringLiteral("The clipboard holds no layers"));
    EXPECT_EQ(hint(), QStringLiteral("The clipboard holds no layers"));
    add("Sample");
    EXPECT_NE(hint(), QStringLiteral("The clipboard holds no layers"));
}

TEST_F(SmallThings, F1ExplainsWhatHasTheKeyboard) {
    const NodeId id = add("Conv2D");
    auto* docs = driver.window.inspector()->findChild<ui::DocsPage*>();
    driver.field("strides")->focusProxy()->setFocus();
    driver.trigger("help.explain");
    EXPECT_TRUE(docs->isVisible());
    EXPECT_TRUE(docs->textCursor().selectedText().startsWith(QStringLiteral("strides (")))
        << docs->textCursor().selectedText().toStdString();
    const auto dialogWith = [&](const QString& words) {
        for (QDialog* dialog : driver.window.findChildren<QDialog*>())
            if (auto* page = dialog->findChild<QTextBrowser*>();
                dialog->isVisible() && page->toPlainText().contains(words)) {
                dialog->close();
                driver.window.activateWindow();
                EXPECT_TRUE(QTest::qWaitForWindowActive(&driver.window));
                return true;
            }
        return false;
    };
    auto* tree = driver.window.findChild<QTreeView*>(QStringLiteral("paletteTree"));
    tree->setFocus();
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    const QString layer = tree->currentIndex().data().toString();
    driver.trigger("help.explain");
    EXPECT_TRUE(dialogWith(layer)) << layer.toStdString();
    driver.window.showActivations();
    driver.window.activations()->focusTarget()->setEnabled(true);
    driver.window.activations()->focusTarget()->setFocus();
    driver.trigger("help.explain");
    EXPECT_TRUE(dialogWith(QStringLiteral("put out in the last run")));
    driver.window.canvas()->setFocus();
    driver.window.canvas()->select({id});
    driver.trigger("help.explain");
    EXPECT_TRUE(docs->isVisible());
}

TEST_F(SmallThings, OnePageListsAllKeys) {
    const QString page = ui::shortcutsHtml(*driver.window.actions());
    for (const ui::ActionSpec& spec : driver.window.actions()->specs())
        for (const QKeySequence& keys : spec.shortcuts)
            EXPECT_TRUE(page.contains(keys.toString(QKeySequence::NativeText).toHtmlEscaped()))
                << spec.id.toStdString();
    EXPECT_TRUE((*driver.window.actions())[QStringLiteral("help.shortcuts")]->shortcuts().contains(
        QKeySequence(Qt::CTRL | Qt::Key_F1)));
}

TEST_F(SmallThings, ThePictureInThePropertiesFollowsTheSampleAndTheMapChosen) {
    const NodeId source = add("Sample", {}, {{"shape", Value::list({12, 10, 3})}, {"batch_size", 4}});
    const NodeId conv = add("Conv2D", source, {{"filters", 5}});
    driver.trigger("run.once");
    driver.waitForRun();
    driver.window.canvas()->select({conv});
    driver.waitForPictures();
    auto* sample = driver.window.activations()->findChild<QSpinBox*>(QStringLiteral("activationsSample"));
    auto* mode = driver.window.activations()->findChild<QComboBox*>(QStringLiteral("activationsMode"));
    auto* map = driver.window.activations()->findChild<QSpinBox*>(QStringLiteral("activationsMap"));
    mode->setCurrentIndex(mode->findData(QStringLiteral("map")));
    Q_EMIT mode->activated(mode->currentIndex());
    sample->setValue(2);
    map->setValue(3);
    driver.waitForPictures();
    const ui::OutputPicture& picture = *driver.window.inspector()->properties()->outputPicture();
    EXPECT_EQ(picture.place().sample, 2);
    EXPECT_EQ(picture.place().map, 3);
    EXPECT_EQ(picture.placeText(), QStringLiteral("sample 2, map 3"));
    const exec::NodeRun* ran = driver.result(node(conv).name);
    const auto count = static_cast<std::size_t>(ran->outputs.front()->count() / 4);
    const auto values = ran->outputs.front()->values().subspan(2 * count, count);
    EXPECT_EQ(static_cast<float>(picture.statistics().maximum), *std::max_element(values.begin(), values.end()));
}

TEST_F(SmallThings, TheBatchIsOffWhereNoInputListensAndSaysWhy) {
    auto* batch = driver.window.findChild<QSpinBox*>(QStringLiteral("batchSize"));
    add("Sample", {}, {{"shape", Value::list({20, 1})}, {"batch_size", 1}});
    EXPECT_FALSE(batch->isEnabled());
    EXPECT_TRUE(batch->toolTip().startsWith(QStringLiteral("Off: there is no Input node")))
        << batch->toolTip().toStdString();
    const NodeId fixed = add("InputLayer", {}, {{"shape", Value::list({20, 1})}, {"batch_size", 3}});
    EXPECT_FALSE(batch->isEnabled());
    EXPECT_TRUE(batch->toolTip().contains(QStringLiteral("batch_size")));
    add("InputLayer", {}, {{"shape", Value::list({20, 1})}});
    EXPECT_TRUE(batch->isEnabled());
    EXPECT_TRUE(fixed.isValid());
}

TEST_F(SmallThings, FieldsOfALayerInsideALayerFitThePanel) {
    for (const char* wrapper : {"TimeDistributed", "Bidirectional"}) {
        add(wrapper);
        QCoreApplication::processEvents();
        ui::PropertiesPage* page = driver.window.inspector()->properties();
        EXPECT_LE(page->form()->minimumSizeHint().width(), page->viewport()->width()) << wrapper;
        for (ui::Field* field : page->findChildren<ui::Field*>()) {
            if (!field->isVisible()) continue;
            const int right = field->mapTo(page->viewport(), QPoint(field->width(), 0)).x();
            EXPECT_LE(right, page->viewport()->width()) << wrapper << " " << field->spec().key;
            EXPECT_GE(field->width(), 100) << wrapper << " " << field->spec().key;
        }
    }
}

TEST(RecentFiles, EqualNamesAreToldApartByTheirFolders) {
    EXPECT_EQ(ui::recentTitles({QStringLiteral("/a/x/m.json"), QStringLiteral("/a/y/m.json"),
                                QStringLiteral("/b/y/m.json"), QStringLiteral("/b/other.json")}),
              (QStringList{QStringLiteral("m.json — x"), QStringLiteral("m.json — /a/y"),
                           QStringLiteral("m.json — /b/y"), QStringLiteral("other.json")}));
    const QStringList titles = ui::recentTitles({QStringLiteral("/m.json"), QStringLiteral("/a/m.json")});
    EXPECT_NE(titles.front(), titles.back());
}

TEST(FirstWindow, FitsEveryScreen) {
    for (const QSize& room : {QSize(1024, 700), QSize(1280, 720), QSize(1366, 768), QSize(1680, 1040),
                              QSize(1920, 1080), QSize(3840, 2160), QSize(800, 600)}) {
        const QSize size = ui::MainWindow::firstSize(room);
        EXPECT_LT(size.width(), room.width());
        EXPECT_LT(size.height(), room.height());
        EXPECT_GE(size.width() * 2, room.width());
    }
}

}  // namespace
}  // namespace shapewise
