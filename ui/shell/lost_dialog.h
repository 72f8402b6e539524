#pragma once
// The question about documents that a crash has left: restore, discard, or be asked again at the next start.

#include "ui/session/file_controller.h"

#include <QDialog>

class QPushButton;
class QTreeWidget;

namespace shapewise::ui {

class LostDialog : public QDialog {
    Q_OBJECT

  public:
    LostDialog(const std::vector<LostRow>& rows, QWidget* parent = nullptr);

    [[nodiscard]] LostAnswer answer() const { return answer_; }
    /// The rows that are ticked.
    [[nodiscard]] std::vector<std::size_t> chosen() const;

  private:
    void updateButtons();
    void discard();
    void fitColumns();

    QTreeWidget* list_;
    QPushButton* restore_;
    QPushButton* discard_;
    LostAnswer answer_ = LostAnswer::Later;
    bool isSure_ = false;  ///< Discard was pressed once
};

}  // namespace shapewise::ui
