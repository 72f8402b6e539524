// A repair that needs a file asks for it, and gives it to its node.
#include "core/io/data/data_files.h"
#include "core/layers/framework/catalog.h"
#include "tests/support/temporary_folder.h"
#include "ui/base/qt_text.h"
#include "ui/session/document_model.h"
#include "ui/session/file_controller.h"

#include <QTest>

#include <gtest/gtest.h>

namespace shapewise::ui {
namespace {

TEST(FileChoice, TheRepairOfANodeWithoutFileOpensTheDialogAndSetsWhatWasChosen) {
    const test::TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "a.npy";
    ASSERT_TRUE(io::writeNpy(tensor::Tensor({6, 3}, 0.5F), file));
    DocumentModel document;
    int asked = 0;
    FileDialogs dialogs;
    dialogs.open = [&](const QString&, const FileDialogs::Chosen& chosen) {
        ++asked;
        chosen(toQString(file.string()));
    };
    const FileController files(&document, dialogs);
    graph::Project project;
    project.graph.put(layers::makeNode(*layers::findLayer("ArrayFile"), NodeId(0), "data"));
    document.replace(std::move(project), {});
    ASSERT_EQ(document.diagnostics().size(), 1U);
    ASSERT_FALSE(document.diagnostics().front().fixes.empty());
    ASSERT_TRUE(document.applyFix(document.diagnostics().front().fixes.front()));
    EXPECT_EQ(asked, 1);
    QTRY_VERIFY(document.analysis()[NodeId(0)].hasOutput);
    EXPECT_EQ(document.analysis()[NodeId(0)].output.shape.text(), "(6, 3)");
    EXPECT_TRUE(document.diagnostics().empty());
    document.undo();  // one step
    EXPECT_EQ(document.graph().find(NodeId(0))->setting("path"), nullptr);
}

}  // namespace
}  // namespace shapewise::ui
