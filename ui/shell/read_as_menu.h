#pragma once
// ReadAsMenu: which dialect of Keras the document was read in, as a button of the status bar, and the others to choose
// from, as its menu and that of File > Read As.

#include <QMenu>
#include <QPointer>

class QToolButton;

namespace shapewise::ui {

class DocumentSession;

class ReadAsMenu : public QMenu {
    Q_OBJECT

  public:
    explicit ReadAsMenu(QWidget* parent);
    /// Shows that session from now on.
    void setSession(DocumentSession* session);
    /// For the status bar; hidden while the document came from no Keras file.
    [[nodiscard]] QToolButton* button() const { return button_; }

  private:
    void refresh();

    QPointer<DocumentSession> session_;
    QToolButton* button_;
};

}  // namespace shapewise::ui
