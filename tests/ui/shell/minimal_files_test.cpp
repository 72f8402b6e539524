// The smallest files that showed a fault, opened in the window: what a person then sees in status bar, summary,
// problems, on the canvas and in the pictures. What each gives in numbers is in core/io/formats/minimal_files_test.

#include "core/diag/renderer.h"
#include "tests/support/window_driver.h"
#include "ui/canvas/scene/items.h"
#include "ui/viewers/heat_map_view.h"

#include <QLabel>
#include <QRegularExpression>
#include <QToolButton>

#include <gmock/gmock.h>

namespace shapewise::test {
namespace {

using testing::ElementsAreArray;

using Seen = std::vector<std::string>;

struct MinimalFile {
    const char* file;  ///< below tests/golden
    Seen seen;
};
void PrintTo(const MinimalFile& row, std::ostream* out) { *out << row.file; }

std::string textOf(const QModelIndex& index) { return index.data().toString().toStdString(); }

std::string badgeOf(const ui::NodeView& view) {
    if (!view.badge) return {};
    return " [" + std::string(diag::severityName(*view.badge)) + "]";
}

/// "conv | Conv2D | (4, 4, 2) | 40 [error]": a row of the summary, the badge of its node, and how its edges are drawn.
void tellNodes(WindowDriver& driver, Seen& seen) {
    auto* summary = driver.window.findChild<ui::SummaryTable*>()->model();
    const auto& sync = driver.window.canvas()->findChild<ui::CanvasController*>()->sync();
    for (int row = 0; row < summary->rowCount(); ++row) {
        const auto cell = [&](int column) { return textOf(summary->index(row, column)); };
        const ui::NodeView& view = sync.node(summary->nodeAt(row))->view();
        seen.push_back(cell(ui::SummaryModel::Name) + " | " + cell(ui::SummaryModel::Type) + " | " +
                       cell(ui::SummaryModel::OutputShape) + " | " + cell(ui::SummaryModel::Parameters) +
                       badgeOf(view) + (view.guessed ? " guessed" : ""));
    }
    const QString totals = summary->totalsText();
    seen.push_back(totals.left(totals.indexOf(QStringLiteral(" · forward"))).toStdString());
}

void tellProblems(WindowDriver& driver, Seen& seen) {
    auto* table = driver.window.problems()->findChild<QTableView*>(QStringLiteral("problems"));
    const QAbstractItemModel& model = *table->model();
    for (int row = 0; row < model.rowCount(); ++row) {
        std::string line = textOf(model.index(row, ui::DiagnosticsModel::Severity)) + " " +
                           textOf(model.index(row, ui::DiagnosticsModel::Where)) + ": " +
                           textOf(model.index(row, ui::DiagnosticsModel::Message));
        const std::vector<diag::Fix>& repairs = driver.window.problems()->model()->at(row)->fixes;
        if (!repairs.empty()) line += " -> " + diag::Renderer::standard().text(repairs.front().title);
        seen.push_back(line);
    }
}

/// What is said of the numbers of a node when a person looks at them.
std::string remarkOf(WindowDriver& driver, const std::string& name) {
    driver.select(name);
    driver.window.showActivations();
    driver.waitForPictures();
    auto* remark = driver.window.activations()->findChild<QLabel*>(QStringLiteral("activationsRemark"));
    return remark->isVisible() ? remark->text().toStdString() : std::string();
}

Seen seenOf(const std::string& file) {
    WindowDriver driver;
    driver.open(QString::fromStdString("tests/golden/" + file).prepend(QStringLiteral(SHAPEWISE_SOURCE_DIR "/")));
    if (driver.window.document()->graph().nodeCount() > 0) driver.waitForRun();
    EXPECT_TRUE(driver.waitForProblems(static_cast<int>(driver.window.document()->diagnostics().size())));
    Seen seen;
    auto* dialect = driver.window.findChild<QToolButton*>(QStringLiteral("statusDialect"));
    if (dialect->isVisible()) seen.push_back(dialect->text().toStdString());
    tellNodes(driver, seen);
    tellProblems(driver, seen);
    if (const std::string message = driver.message().toStdString(); !message.empty())
        seen.push_back("says: " + message);
    std::vector<std::string> names;
    driver.window.document()->graph().forEach([&](const graph::Node& node) { names.push_back(node.name); });
    for (const std::string& name : names)
        if (const std::string remark = remarkOf(driver, name); !remark.empty())
            seen.push_back(std::string(name).append(": ").append(remark));
    return seen;
}

const MinimalFile kFiles[] = {
    {"dialects/bool-as-int.json",
     {"tf.keras of TensorFlow 2", "i | InputLayer | (None, 10, 4) | 0", "d | Dense | (None, 10, 4) | 20",
      "l | LSTM | (None, 10, 4) | 144", "c | Conv1D | (None, 8, 4) | 52",
      "Parameters 216 (trainable 216) · MACs 1,824 · activations 608 B"}},
    {"dialects/gru-noreset-k1.json",
     {"Keras 1", "g_input | InputLayer | (None, 5, 3) | 0", "g | GRU | (None, 4) | 96",
      "Parameters 96 (trainable 96) · MACs 420 · activations 76 B"}},
    {"dialects/gru-noreset-k21.json",
     {"Keras 2.0 to 2.2", "g_input | InputLayer | (None, 5, 3) | 0", "g | GRU | (None, 4) | 96",
      "Parameters 96 (trainable 96) · MACs 420 · activations 76 B"}},
    {"dialects/gru-noreset-k3.json",
     {"Keras 3", "g_input | InputLayer | (None, 5, 3) | 0", "g | GRU | (None, 4) | 108",
      "Parameters 108 (trainable 108) · MACs 420 · activations 76 B"}},
    {"dialects/gru-noreset-tf210.json",
     {"tf.keras of TensorFlow 2", "g_input | InputLayer | (None, 5, 3) | 0", "g | GRU | (None, 4) | 108",
      "Parameters 108 (trainable 108) · MACs 420 · activations 76 B"}},
    {"dialects/gru-noreset-tfjs.json",
     {"TensorFlow.js", "g_input | InputLayer | (None, 5, 3) | 0", "g | GRU | (None, 4) | 96",
      "Parameters 96 (trainable 96) · MACs 420 · activations 76 B"}},
    {"dialects/hard_sigmoid-k2.json",
     {"TensorFlow.js?", "hs_input | InputLayer | (None, 3) | 0", "hs | Activation | (None, 3) | 0",
      "Parameters 0 (trainable 0) · MACs 0 · activations 24 B"}},
    {"dialects/hard_sigmoid-k3.json",
     {"Keras 3", "hs_input | InputLayer | (None, 3) | 0", "hs | Activation | (None, 3) | 0",
      "Parameters 0 (trainable 0) · MACs 0 · activations 24 B"}},
    {"dialects/hard_sigmoid-tfjs1.json",
     {"TensorFlow.js", "hs_input | InputLayer | (None, 3) | 0", "hs | Activation | (None, 3) | 0",
      "Parameters 0 (trainable 0) · MACs 0 · activations 24 B"}},
    {"dialects/hard_sigmoid-tfjs4.json",
     {"TensorFlow.js", "hs_input | InputLayer | (None, 3) | 0", "hs | Activation | (None, 3) | 0",
      "Parameters 0 (trainable 0) · MACs 0 · activations 24 B"}},
    {"dialects/keras1-upsampling-th.json",
     {"Keras 1", "c1_input | InputLayer | (None, 1, 8, 8) | 0", "c1 | Conv2D | (None, 4, 8, 8) | 40",
      "up | UpSampling2D | (None, 4, 16, 16) | 0", "c2 | Conv2D | (None, 4, 16, 16) | 148",
      "Parameters 188 (trainable 188) · MACs 39,168 · activations 9.5 kB"}},
    {"dialects/keras1-zeropadding-th.json",
     {"Keras 1", "zp_input | InputLayer | (None, 3, 8, 8) | 0", "zp | ZeroPadding2D | (None, 3, 10, 10) | 0",
      "c1 | Conv2D | (None, 4, 10, 10) | 112", "mp | MaxPooling2D | (None, 4, 5, 5) | 0",
      "Parameters 112 (trainable 112) · MACs 10,800 · activations 4 kB"}},
    {"dialects/lstm-hard_sigmoid-k2.json",
     {"Keras 2.0 to 2.2", "lstm_input | InputLayer | (None, 3, 2) | 0", "lstm | LSTM | (None, 2) | 40",
      "Parameters 40 (trainable 40) · MACs 96 · activations 32 B"}},
    {"dialects/mask_zero-1.json",
     {"tf.keras of TensorFlow 2", "i | InputLayer | (None, 10) | 0", "e | Embedding | (None, 10, 8) | 800",
      "g | GRU | (None, 4) | 168", "Parameters 968 (trainable 968) · MACs 1,440 · activations 376 B"}},
    {"dialects/seq-of-functional-dict.json",
     {"tf.keras of TensorFlow 2", "base_input | InputLayer | (None, 8) | 0", "base | Functional | (None, 8) | 72",
      "out | Dense | (None, 3) | 27", "Parameters 99 (trainable 99) · MACs 88 · activations 108 B"}},
    {"dialects/seq-of-functional-withinput.json",
     {"tf.keras of TensorFlow 2", "inp | InputLayer | (None, 8) | 0", "base | Functional | (None, 8) | 72",
      "out | Dense | (None, 3) | 27", "Parameters 99 (trainable 99) · MACs 88 · activations 108 B"}},
    {"dialects/seq-of-model-list.json",
     {"Keras 2.0 to 2.2", "base_input | InputLayer | (None, 8) | 0", "base | Functional | (None, 8) | 72",
      "out | Dense | (None, 3) | 27", "Parameters 99 (trainable 99) · MACs 88 · activations 108 B"}},
    {"dialects/seq-of-model-tfjs.json",
     {"TensorFlow.js", "base_input | InputLayer | (None, 8) | 0", "base | Functional | (None, 8) | 72",
      "out | Dense | (None, 3) | 27", "Parameters 99 (trainable 99) · MACs 88 · activations 108 B"}},
    {"dialects/seq-of-seq-of-model-tfjs.json",
     {"TensorFlow.js", "s1_input | InputLayer | (None, 8) | 0", "s1 | Sequential | (None, 8) | 72",
      "out | Dense | (None, 3) | 27", "Parameters 99 (trainable 99) · MACs 88 · activations 108 B"}},
    {"guesses/custom-params-0.json",
     {"Keras 2.0 to 2.2", "d_input | InputLayer | (None, 3) | 0", "d | Dense | (None, 4) | 16",
      "bias_1 | Custom | unknown | ? [hint] guessed", "e | Dense | unknown | ? guessed",
      "Parameters at least 16 (trainable at least 16) · MACs at least 12 · activations at least 28 B",
      ("hint bias_1: Nobody knows the layer Bias. Its parameters are not counted, and without a declared output shape "
       "what follows Custom 'bias_1' is a guess -> Declare its output as (None, 4)"),
      "says: custom-params-0.json is open with 1 note"}},
    {"guesses/custom-shape-guess.json",
     {"Keras 2.0 to 2.2", "c_input | InputLayer | (None, 8, 8, 3) | 0", "c | Conv2D | (None, 8, 8, 8) | 224",
      "ps | Custom | unknown | ? [hint] guessed", "c2 | Conv2D | ≈ (None, None, None, 4) | ? guessed",
      "Parameters at least 224 (trainable at least 224) · MACs at least 13,824 · activations at least 2.8 kB",
      ("hint ps: Nobody knows the layer PixelShuffler. Its parameters are not counted, and without a declared output "
       "shape what follows Custom 'ps' is a guess -> Declare its output as (None, 8, 8, 8)"),
      "says: custom-shape-guess.json is open with 1 note"}},
    {"guesses/locally_connected_valid.json",
     {"tf.keras of TensorFlow 2", "in0 | InputLayer | (None, 3, 2) | 0", "lc | LocallyConnected1D | (None, 2, 4) | 40",
      "r | Reshape | (None, 8) | 0", "Parameters 40 (trainable 40) · MACs 32 · activations 88 B"}},
    {"guesses/unknown-size-from-reshape.json",
     {"tf.keras of TensorFlow 2", "i | InputLayer | (None, None, None, 3) | 0",
      "bb | Functional | (None, None, None, 4) | 704", "r | Reshape | (None, 13, 13, 4) | 0",
      "Parameters 704 (trainable 704) · MACs unknown · activations at least 2.7 kB",
      "i: unknown sizes run as 416, which r asks for"}},
    {"minimal/mel-44100.shapewise",
     {"tone | AudioFile | (1, 44100, 1) | 0", "reshape | Reshape | (1, 44100) | 0",
      "mel | MelSpectrogram | (1, 128, 87) | 0 [warning]",
      "Parameters 0 (trainable 0) · MACs 11,414,400 · activations 397 kB",
      ("warning reshape → mel: MelSpectrogram 'mel' is set to 16,000 Hz, but what comes in has 44,100 Hz: wanted "
       "44,100 "
       "Hz, got 16,000 Hz. Its frequencies are taken for 16,000 values a second, so that 1,000 Hz are "
       "read as 363 Hz. Very likely a mistake, 95 % sure -> Set sampling_rate to 44100")}},
    {"minimal/overflow-pool-strides.json",
     {"Keras 3", "in | InputLayer | (None, 32, 32, 3) | 0", "p | MaxPooling2D | (None, 1, 1, 3) | 0",
      "c | Conv2D | no shape | ? [error]",
      "Parameters unknown (trainable unknown) · MACs unknown · activations at least 12.3 kB",
      ("error p → c: Conv2D 'c': a 5 × 5 kernel does not fit a 1 × 1 input with 'valid' padding: wanted (batch, "
       "height, "
       "width, channels), got (None, 1, 1, 3) = (batch, height, width, channels). ⌊(1 − 5) / 1⌋ + 1 = −3, and at least "
       "1 must come out -> Set padding to 'same'")}},
    {"minimal/overflow-strides.json",
     {"Keras 3", "in | InputLayer | (None, 32, 32, 3) | 0", "c0 | Conv2D | (None, 1, 1, 4) | 112",
      "c | Conv2D | no shape | ? [error]",
      "Parameters at least 112 (trainable at least 112) · MACs at least 108 · activations at least 12.3 kB",
      ("error c0 → c: Conv2D 'c': a 5 × 5 kernel does not fit a 1 × 1 input with 'valid' padding: wanted (batch, "
       "height, width, channels), got (None, 1, 1, 4) = (batch, height, width, channels). ⌊(1 − 5) / 1⌋ + 1 = −3, and "
       "at least 1 must come out -> Set padding to 'same'")}},
    {"minimal/roundtrip-wrapped-lambda-custom.json",
     {"Keras 3", "i | InputLayer | (None, 5, 4) | 0", "td | TimeDistributed | (None, 5, 3) | 15",
      "d2 | Dense | (None, 5, 3) | 12", "lam | Custom | unknown | ? [hint] guessed",
      "mn | Custom | unknown | ? [hint] guessed", "zz_bad | Add | unknown | 0 guessed",
      "Parameters at least 27 (trainable at least 15) · MACs at least 105 · activations at least 200 B",
      ("hint lam: Nobody knows the layer Lambda. Its parameters are not counted, and without a declared output shape "
       "what follows Custom 'lam' is a guess -> Declare its output as (None, 5, 3)"),
      ("hint mn: Nobody knows the layer MyNorm. Its parameters are not counted, and without a declared output shape "
       "what follows Custom 'mn' is a guess -> Use Identity instead"),
      "says: roundtrip-wrapped-lambda-custom.json is open with 2 notes"}},
    {"minimal/tone-1000Hz-44100.wav",
     {"tone-1000Hz-44100 | AudioFile | (1, 44100, 1) | 0", "Parameters 0 (trainable 0) · MACs 0 · activations 176 kB"}},
    {"data/complex.npy",
     {"Parameters 0 (trainable 0) · MACs 0 · activations 0 B",
      "says: complex.npy holds complex numbers ('<c16'), and only real numbers, integers and bool are read"}},
    {"data/cut-300-bytes.wav",
     {"cut-300-bytes | AudioFile | (1, 650, 1) | 0", "Parameters 0 (trainable 0) · MACs 0 · activations 2.6 kB",
      "cut-300-bytes: the file is cut, 650 of 800 samples read"}},
    {"data/data-size-0.wav",
     {"data-size-0 | AudioFile | (1, 800, 1) | 0", "Parameters 0 (trainable 0) · MACs 0 · activations 3.2 kB"}},
    {"data/exif-orientation-6.jpg",
     {"exif-orientation-6 | ImageFile | (1, 40, 20, 3) | 0", "Parameters 0 (trainable 0) · MACs 0 · activations 9.6 kB",
      "exif-orientation-6: turned by 90° clockwise (EXIF orientation 6)"}},
    {"data/extraneous-bytes.jpg",
     {"extraneous-bytes | ImageFile | (1, 20, 40, 3) | 0", "Parameters 0 (trainable 0) · MACs 0 · activations 9.6 kB",
      "extraneous-bytes: libjpeg warns: Corrupt JPEG data: 3 extraneous bytes before marker 0xdb"}},
    {"data/float64-1e300.npy",
     {"float64-1e300 | ArrayFile | (2, 2) | 0", "Parameters 0 (trainable 0) · MACs 0 · activations 16 B",
      ("says: NaN or infinite values first appear at float64-1e300: 1 infinite of 4 values, the first at [0, 0]; they "
       "start here"),
      ("float64-1e300: ⚠ 1 value is too large for float32 (1e+300) and became infinite; 1 infinite of 4 values, the "
       "first at [0, 0]; they start here")}},
    {"data/pcm36-in-40.wav",
     {"Parameters 0 (trainable 0) · MACs 0 · activations 0 B",
      "says: pcm36-in-40.wav is WAV with 36-bit integers in 40 bits, which is not read"}},
    {"data/pcm64.wav",
     {"Parameters 0 (trainable 0) · MACs 0 · activations 0 B",
      "says: pcm64.wav is WAV with 64-bit integers, which is not read"}},
    {"data/strings.npy",
     {"Parameters 0 (trainable 0) · MACs 0 · activations 0 B",
      "says: strings.npy holds text ('<U2'), and only real numbers, integers and bool are read"}},
    {"data/struct.npy",
     {"Parameters 0 (trainable 0) · MACs 0 · activations 0 B",
      ("says: struct.npy holds records with fields [('x', '<f4'), ('y', '<i2')], and only real numbers, integers and "
       "bool are read")}},
};

class MinimalFilesInTheWindow : public testing::TestWithParam<MinimalFile> {};

TEST_P(MinimalFilesInTheWindow, ShowWhatIsRight) {
    EXPECT_THAT(seenOf(GetParam().file), ElementsAreArray(GetParam().seen));
}

INSTANTIATE_TEST_SUITE_P(Session, MinimalFilesInTheWindow, testing::ValuesIn(kFiles), [](const auto& row) {
    std::string name = std::filesystem::path(row.param.file).stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) == 0; },
        '_');
    return name;
});

TEST(MinimalFiles, WhatCannotBecomeANodeSaysWhatToDoWhereItIsDropped) {
    const std::pair<const char*, const char*> rows[] = {{"pcm64.wav", "16-bit integers or 32-bit floating point"},
                                                        {"pcm36-in-40.wav", "16-bit integers or 32-bit floating point"},
                                                        {"complex.npy", "numpy.abs"},
                                                        {"struct.npy", "Save one field"},
                                                        {"strings.npy", "Encode it as numbers first"}};
    WindowDriver driver;
    for (const auto& [file, advice] : rows) {
        driver.dropFiles({sourcePath((std::string("tests/golden/data/") + file).c_str())}, {120, 100});
        driver.waitForFile();
        EXPECT_EQ(driver.window.document()->graph().nodeCount(), 0U);
        EXPECT_TRUE(driver.message().contains(QString::fromLatin1(file))) << driver.message().toStdString();
        std::string words;
        for (const QLabel* label : driver.window.messages()->findChildren<QLabel*>())
            words += label->text().toStdString();
        EXPECT_THAT(words, testing::HasSubstr(advice));
    }
}

TEST(MinimalFiles, AToneLiesAtItsHertzInThePictureWhateverTheLayerIsTold) {
    WindowDriver driver;
    driver.open(sourcePath("tests/golden/minimal/mel-44100.shapewise"));
    driver.waitForRun();
    driver.select("mel");
    driver.window.showActivations();
    driver.waitForPictures();
    const auto* view = driver.window.activations()->findChild<ui::HeatMapView*>();
    ASSERT_NE(view, nullptr);
    const ui::TensorShown& shown = view->onScreen();
    EXPECT_EQ(ui::axisLabel(shown.type, 1), QStringLiteral("Hz (mel)"));
    const std::int64_t frames = shown.values->size(2);
    std::int64_t loudest = 0;
    const auto at = [&](std::int64_t band) { return shown.values->data()[band * frames + frames / 2]; };
    for (std::int64_t band = 0; band < shown.values->size(1); ++band)
        if (at(band) > at(loudest)) loudest = band;
    const QString words = ui::readOut(shown, {0, loudest, frames / 2});
    const auto found = QRegularExpression(QStringLiteral("(\\d+(\\.\\d+)?) Hz")).match(words);
    ASSERT_TRUE(found.hasMatch()) << words.toStdString();
    EXPECT_NEAR(found.captured(1).toDouble(), 1000.0, 40.0) << words.toStdString();
}

}  // namespace
}  // namespace shapewise::test
