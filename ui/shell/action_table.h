#pragma once
// ActionTable: every action of the window, once. Menus, toolbar and the list of shortcuts are made from it. What
// belongs to the canvas is added from its own table, ui/canvas/canvas_actions.h.

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QMenu;

namespace shapewise::ui {

/// Where the keys of an action work. The canvas listens to its own keys itself: the action only shows them.
enum class KeyScope { Window, Canvas };

struct ActionSpec {
    QString id;                          ///< "file.open": menu and name
    QString text;                        ///< in Header Capitals, with "…" when more input follows
    QList<QKeySequence> shortcuts = {};  ///< the first is shown in the menu
    QString icon = {};                   ///< of resources/icons, may be empty
    std::function<void()> handler = {};
    QString tip = {};  ///< what it does, one line; empty: the text says it
    KeyScope scope = KeyScope::Window;
    bool isCheckable = false;
    bool startsGroup = false;             ///< a separator above it
    QList<QKeySequence> canvasKeys = {};  ///< further ones, that the canvas listens to
};

class ActionTable : public QObject {
    Q_OBJECT

  public:
    /// Actions become children and actions of `window`.
    explicit ActionTable(QWidget* window);

    QAction* add(const ActionSpec& spec);
    /// Precondition: there is one (asserted).
    [[nodiscard]] QAction* operator[](const QString& id) const;
    [[nodiscard]] const std::vector<ActionSpec>& specs() const { return specs_; }

    /// Adds the actions whose id begins with `prefix` and a dot, in the order of the table.
    void fill(QMenu* menu, const QString& prefix) const;

  private:
    QWidget* window_;
    std::vector<ActionSpec> specs_;
    std::vector<QAction*> actions_;
};

}  // namespace shapewise::ui
