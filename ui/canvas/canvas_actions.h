#pragma once
// The table of what keys and menus do on the canvas. The keyboard, the context menus, the menus of the window and the
// list of shortcuts read these rows: a key without a row does nothing.

#include <QKeySequence>
#include <QList>
#include <QString>

#include <vector>

class QKeyEvent;

namespace shapewise::ui {

class CanvasController;

struct CanvasAction {
    QString id = {};    ///< "edit.cut": in the menu Edit of the window; "canvas.…": in no menu of the window
    QString text = {};  ///< in Header Capitals, with "…" when more input follows
    QList<QKeySequence> keys = {};        ///< while the canvas has the focus; the first is shown in menus
    QList<QKeySequence> windowKeys = {};  ///< wherever in the window the focus is
    QString icon = {};                    ///< of resources/icons, may be empty
    QString tip = {};                     ///< what it does, one line; empty: the text says it
    void (*run)(CanvasController& canvas) = nullptr;
    void (*release)(CanvasController& canvas) = nullptr;  ///< of a key that is held
    bool runsInGestures = false;                          ///< other keys wait until a drag has ended
};

[[nodiscard]] const std::vector<CanvasAction>& canvasActions();
/// Precondition: there is one (asserted).
[[nodiscard]] const CanvasAction& canvasAction(const QString& id);
/// The row of a key that is pressed, or of a held one that is let go; null when the canvas has no use for it.
[[nodiscard]] const CanvasAction* canvasActionOf(const QKeyEvent& event);

}  // namespace shapewise::ui
