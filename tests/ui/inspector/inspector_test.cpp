#include "core/io/data/data_files.h"
#include "core/layers/framework/catalog.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/window_driver.h"

#include <QCheckBox>
#include <QLabel>
#include <QToolButton>

namespace {

using shapewise::NodeId;
using shapewise::ParamKey;
using shapewise::Value;
using shapewise::test::TemporaryFolder;
using shapewise::test::WindowDriver;

NodeId add(WindowDriver& driver, const char* className) {
    const NodeId id = driver.window.canvas()->addNode(QString::fromLatin1(className));
    EXPECT_TRUE(id.isValid());
    return id;
}

const Value* setting(WindowDriver& driver, NodeId id, const char* key) {
    return driver.window.document()->graph().find(id)->setting(ParamKey::of(key));
}

TEST(Inspector, ShowsAFieldForEveryVisibleParameterOfEveryLayer) {
    WindowDriver driver;
    for (const shapewise::layers::LayerType* type : shapewise::layers::allLayers()) {
        const NodeId id = add(driver, std::string(type->className).c_str());
        driver.window.canvas()->select({id});
        for (const shapewise::layers::ParamSpec& spec : type->params)
            EXPECT_EQ(driver.field(std::string(spec.key).c_str()) == nullptr, spec.hidden)
                << type->className << " " << spec.key;
        driver.trigger("edit.undo");
    }
}

TEST(Inspector, LinkedAxesTakeOneNumberAndSeparateOnesTakeTwo) {
    WindowDriver driver;
    const NodeId id = add(driver, "Conv2D");
    driver.window.canvas()->select({id});
    driver.type("kernel_size", QStringLiteral("5"));
    EXPECT_EQ(*setting(driver, id, "kernel_size"), Value(5));
    driver.type("kernel_size", QStringLiteral("3x7"));
    EXPECT_EQ(*setting(driver, id, "kernel_size"), Value::list({3, 7}));
}

TEST(Inspector, TextThatCannotBeReadStaysAndTheDocumentKeepsItsValue) {
    WindowDriver driver;
    const NodeId id = add(driver, "Dense");
    driver.window.canvas()->select({id});
    driver.type("units", QStringLiteral("64"));
    driver.type("units", QStringLiteral("many"));
    EXPECT_EQ(*setting(driver, id, "units"), Value(64));
    EXPECT_EQ(driver.fieldText("units"), QStringLiteral("many"));
    EXPECT_TRUE(driver.field("units")->focusProxy()->property("wrong").toBool());
    driver.type("units", QStringLiteral("12"));
    EXPECT_EQ(*setting(driver, id, "units"), Value(12));
    EXPECT_FALSE(driver.field("units")->focusProxy()->property("wrong").toBool());
}

TEST(Inspector, UndoKeysInAFieldUndoTheDocument) {
    WindowDriver driver;
    const NodeId id = add(driver, "Dense");
    driver.window.canvas()->select({id});
    driver.type("units", QStringLiteral("7"));
    QTest::keyClick(driver.field("units")->focusProxy(), Qt::Key_Z, Qt::ControlModifier);
    EXPECT_NE(*setting(driver, id, "units"), Value(7));
    EXPECT_NE(driver.fieldText("units"), QStringLiteral("7"));
}

TEST(Inspector, SeveralNodesAreEditedAsOneStepAndMixedValuesShowADash) {
    WindowDriver driver;
    const NodeId first = add(driver, "Dense");
    driver.window.canvas()->select({first});
    driver.type("units", QStringLiteral("5"));
    const NodeId second = add(driver, "Dense");
    driver.window.canvas()->select({first, second});
    EXPECT_EQ(driver.fieldText("units"), QStringLiteral("—"));
    driver.type("units", QStringLiteral("9"));
    EXPECT_EQ(*setting(driver, first, "units"), Value(9));
    EXPECT_EQ(*setting(driver, second, "units"), Value(9));
    driver.trigger("edit.undo");
    EXPECT_EQ(*setting(driver, first, "units"), Value(5));
}

TEST(Inspector, TheDotBringsTheDefaultBack) {
    WindowDriver driver;
    const NodeId id = add(driver, "Conv1D");
    driver.window.canvas()->select({id});
    auto* bias = driver.field("use_bias")->findChild<QCheckBox*>();
    QTest::mouseClick(bias, Qt::LeftButton, {}, QPoint(6, bias->height() / 2));
    ASSERT_NE(setting(driver, id, "use_bias"), nullptr);
    for (QToolButton* dot : driver.window.inspector()->findChildren<QToolButton*>(QStringLiteral("resetDot")))
        if (dot->isVisible() && dot->accessibleName().contains(QStringLiteral("Use bias"))) dot->click();
    EXPECT_EQ(setting(driver, id, "use_bias"), nullptr);
    EXPECT_TRUE(bias->isChecked());
}

TEST(Inspector, ATakenNameIsRefusedAtTheField) {
    WindowDriver driver;
    const NodeId first = add(driver, "Dense");
    const NodeId second = add(driver, "Dense");
    const QString taken = driver.window.document()->nodeName(first);
    const QString before = driver.window.document()->nodeName(second);
    driver.window.canvas()->select({second});
    auto* name = driver.window.inspector()->findChild<QLineEdit*>(QStringLiteral("nodeName"));
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, taken);
    QTest::keyClick(name, Qt::Key_Return);
    EXPECT_EQ(driver.window.document()->nodeName(second), before);
    EXPECT_TRUE(name->property("wrong").toBool());
}

TEST(Inspector, EveryEditorHasANameForScreenReaders) {
    WindowDriver driver;
    const NodeId id = add(driver, "Conv2D");
    driver.window.canvas()->select({id});
    for (const QString& key : driver.window.inspector()->properties()->form()->keys()) {
        const shapewise::ui::Field* field = driver.window.inspector()->properties()->form()->field(key);
        EXPECT_FALSE(field->focusProxy()->accessibleName().isEmpty()) << key.toStdString();
    }
}

TEST(Inspector, AnotherFileAndWhatItHoldsAreOneStepOfUndo) {
    const TemporaryFolder folder;
    const auto write = [&](const char* name, const shapewise::tensor::Extents& extents) {
        const std::filesystem::path path = folder.path() / name;
        EXPECT_TRUE(shapewise::io::writeNpy(shapewise::tensor::Tensor(extents, 1.0F), path));
        return QString::fromStdString(path.string());
    };
    const QString before = write("before.npy", {4, 6});
    const QString after = write("after.npy", {5, 7, 3});
    WindowDriver driver;
    driver.open(before);
    EXPECT_EQ(driver.shapeOf("before"), "(4, 6)");
    driver.type("path", after);
    QTest::keyClick(driver.field("path")->focusProxy(), Qt::Key_Return);
    EXPECT_TRUE(QTest::qWaitFor([&] { return driver.shapeOf("before") == "(5, 7, 3)"; }));
    driver.trigger("edit.undo");
    EXPECT_EQ(driver.shapeOf("before"), "(4, 6)");
    EXPECT_EQ(setting(driver, driver.node("before")->id, "path")->asText(), before.toStdString());
}

}  // namespace
