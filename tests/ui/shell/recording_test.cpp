// A recording, from the file manager to the classes.

#include "tests/support/window_driver.h"
#include "ui/viewers/heat_map_view.h"

#include <QCheckBox>

namespace {

using shapewise::NodeId;
using shapewise::test::sourcePath;
using shapewise::test::WindowDriver;

QString recording() { return sourcePath("resources/samples/speech-and-chirp.flac"); }

TEST(Recording, DroppedOnTheCanvasIsASelectedNodeUnderThePointerThatRuns) {
    WindowDriver driver;
    const QPoint at(120, 100);
    const QPointF pointed = driver.window.canvas()->mapToScene(at);
    driver.dropFiles({recording()}, at);
    driver.waitForFile();
    const shapewise::graph::Node* node = driver.node("speech-and-chirp");
    ASSERT_NE(node, nullptr);
    EXPECT_EQ(node->type->className, "AudioFile");
    EXPECT_EQ(driver.window.canvas()->selection(), std::vector<NodeId>{node->id});
    driver.waitForRun();
    EXPECT_EQ(driver.window.canvas()->mapToScene(at), pointed);
    const auto& canvas = *driver.window.canvas()->findChild<shapewise::ui::CanvasController*>();
    EXPECT_TRUE(canvas.picker().bodyOf(node->id).contains(pointed));
    EXPECT_FALSE(driver.result("speech-and-chirp")->outputs.empty());
    driver.trigger("edit.undo");
    EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
}

TEST(Recording, GoesThroughSpectrogramConvolutionAndDenseToClasses) {
    WindowDriver driver;
    driver.dropFiles({recording()}, {120, 100});
    driver.waitForFile();
    driver.quickAdd("stft");
    auto* expand = driver.field("expand_dims")->findChild<QCheckBox*>();
    ASSERT_NE(expand, nullptr);
    QTest::mouseClick(expand, Qt::LeftButton, {}, QPoint(8, expand->height() / 2));
    driver.dropLayer("Conv2D", {160, 420});
    driver.window.canvas()->fitAll();
    driver.connectPorts("stft_spectrogram", "conv2d");
    for (const char* name : {"maxpooling2d", "flatten", "dense"}) driver.quickAdd(name);
    driver.type("units", QStringLiteral("4"));
    driver.quickAdd("softmax");
    driver.waitForRun();

    EXPECT_EQ(driver.problemCount(), 0);
    EXPECT_EQ(driver.shapeOf("softmax"), "(1, 4)");
    for (const char* name :
         {"speech-and-chirp", "stft_spectrogram", "conv2d", "max_pooling2d", "flatten", "dense", "softmax"}) {
        EXPECT_NE(driver.shapeOf(name), "no shape") << name;
        ASSERT_NE(driver.result(name), nullptr) << name;
        EXPECT_FALSE(driver.result(name)->outputs.empty()) << name << driver.result(name)->problem;
        driver.select(name);
        driver.waitForPictures();
        EXPECT_FALSE(driver.window.activations()->picture().isNull()) << name;
    }
}

TEST(Recording, ASpectrogramIsReadInSecondsHertzAndDecibelsWithTheRawValue) {
    WindowDriver driver;
    driver.openExample(QStringLiteral("A Recording, Classified"));
    driver.waitForRun();
    const auto& type = driver.result("stft_spectrogram")->types.front();
    EXPECT_EQ(type.scale(1).kind, shapewise::tensor::AxisScale::Kind::Seconds);
    EXPECT_EQ(type.scale(2).kind, shapewise::tensor::AxisScale::Kind::Hertz);
    driver.select("stft_spectrogram");
    driver.window.showActivations();
    driver.waitForPictures();
    QString readOut;
    QObject::connect(driver.window.activations(), &shapewise::ui::ActivationsView::hintChanged,
                     [&](const QString& text) { readOut = text; });
    auto* map = driver.window.activations()->findChild<shapewise::ui::HeatMapView*>();
    QTest::mouseMove(map, map->rect().center());
    EXPECT_TRUE(QTest::qWaitFor([&] { return !readOut.isEmpty(); }));
    for (const char* part : {" s", " Hz", " dB", "ln "})
        EXPECT_TRUE(readOut.contains(QString::fromLatin1(part))) << readOut.toStdString();
}

}  // namespace
