#pragma once
// Panel: a widget beside the canvas that shows one session, and another one when asked to. What it wants of the window
// it says by signals; a row of panelTable() puts it there.

#include <QWidget>

namespace shapewise::ui {

class DocumentSession;

class Panel : public QWidget {
    Q_OBJECT

  public:
    using QWidget::QWidget;

    /// Shows that session from now on; nothing stays connected to the one before. Never null.
    virtual void setSession(DocumentSession* session) = 0;
    /// True while what is on screen is of an earlier state.
    [[nodiscard]] virtual bool isBusy() const { return false; }
    /// Where the keyboard begins when the panel is alone in its dock; null: nowhere.
    [[nodiscard]] virtual QWidget* focusTarget() { return this; }

  Q_SIGNALS:
    /// For the status bar: the value under the pointer, the help of a field.
    void hintChanged(const QString& hint);
    /// Beside its title, as rich text; empty: nothing.
    void badgeChanged(const QString& html, const QString& toolTip);
    /// It has something to show and wants to be in front.
    void raiseRequested();
};

}  // namespace shapewise::ui
