// The dialog that exports Keras JSON lets the dialect be chosen.
#include "core/io/files/files.h"
#include "core/io/files/input_file.h"
#include "core/io/keras/keras_targets.h"
#include "tests/support/temporary_folder.h"
#include "ui/base/qt_text.h"
#include "ui/session/document_model.h"
#include "ui/session/file_controller.h"

#include <QTest>

#include <gtest/gtest.h>

namespace shapewise::ui {
namespace {

constexpr const char* kKeras2 =
    R"([{"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 4], "units": 3, "activation": "hard_sigmoid", "kernel_initializer": "glorot_uniform"}}])";

class DialectChoice : public testing::Test {
  protected:
    DialectChoice() {
        dialogs_.saveAs = [this](const QString&, const QString&, const QStringList& kinds, const QString& suffix,
                                 const std::function<void(const QString& path, qsizetype kind)>& chosen) {
            kinds_ = kinds;
            chosen(toQString((folder_.path() / "out.").string()) + suffix, kind_);
        };
        Result<io::Opened> opened = io::readProject(kKeras2);
        own_ = io::dialectOf(opened->project);
        document_.replace(std::move(opened->project), {});
    }

    /// The dialect of the file that is written for the kind-th choice.
    layers::Dialect writtenAs(qsizetype kind) {
        kind_ = kind;
        FileController files(&document_, dialogs_);
        files.exportKerasJson();
        for (int wait = 0; files.isWriting() && wait < 1000; ++wait) QTest::qWait(5);
        const Result<io::Opened> again = io::openProject(folder_.path() / "out.json");
        EXPECT_TRUE(again) << again.error().text();
        return again ? io::dialectOf(again->project) : layers::Dialect::Keras1;
    }

    const test::TemporaryFolder folder_;
    DocumentModel document_;
    FileDialogs dialogs_;
    QStringList kinds_;
    qsizetype kind_ = 0;
    layers::Dialect own_ = layers::Dialect::Keras3;
};

TEST_F(DialectChoice, ProposesTheDialectOfTheFileFirst) {
    EXPECT_EQ(writtenAs(0), own_);
    ASSERT_GE(kinds_.size(), 3);
    EXPECT_TRUE(kinds_[0].contains(QStringLiteral("as it was read")));
    EXPECT_TRUE(kinds_[0].contains(toQString(io::dialectTitle(own_))));
}

TEST_F(DialectChoice, WritesTheDialectThatIsChosen) {
    static_cast<void>(writtenAs(0));
    const qsizetype keras3 = kinds_.indexOf(QStringLiteral("Keras 3 (*.json)"));
    ASSERT_GE(keras3, 0);
    EXPECT_EQ(writtenAs(keras3), layers::Dialect::Keras3);
}

}  // namespace
}  // namespace shapewise::ui
