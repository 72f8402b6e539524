#pragma once
// PanelDocks: the panels of the table in the docks of a window.

#include "ui/shell/panel_table.h"

#include <QObject>
#include <QStringList>

#include <array>
#include <vector>

class QDockWidget;
class QLabel;
class QMainWindow;
class QMenu;
class QTabWidget;

namespace shapewise::ui {

class PanelDocks : public QObject {
    Q_OBJECT

  public:
    /// Makes all panels and their docks; both belong to `window`.
    PanelDocks(QMainWindow* window, const std::vector<PanelSpec>& table);

    void setSession(DocumentSession* session);
    /// The first of that type; the table has one.
    template <class P>
    [[nodiscard]] P* find() const {
        for (const Place& place : places_)
            if (auto* panel = dynamic_cast<P*>(place.panel)) return panel;
        Q_ASSERT_X(false, "PanelDocks", "no such panel in the table");
        return nullptr;
    }
    /// Null when there is none of that id.
    [[nodiscard]] Panel* panel(const QString& id) const;
    /// The row of the panel in which that widget is; null when it is in none.
    [[nodiscard]] const PanelSpec* panelAround(const QWidget* widget) const;
    /// Shows its dock and brings it to the front.
    void raise(const Panel* panel);
    /// Ids of the panels that are in front of their tabs.
    [[nodiscard]] QStringList frontPanels() const;
    /// Brings that panel to the front of its tabs, hidden docks stay hidden. Nothing when there is none of that id.
    void bringToFront(const QString& id);
    /// The keyboard goes to the next panel, or with -1 to the one before; `middle` stands between left and right.
    void focusNext(int step, QWidget* middle);
    /// Docks of their usual sizes in a window of that size.
    void placeAtUsualSizes(const QSize& window);
    /// One entry a dock to show and hide it, one a tab to bring it to the front.
    void fillMenu(QMenu* menu);
    /// True while a panel shows an earlier state.
    [[nodiscard]] bool isBusy() const;

  Q_SIGNALS:
    void hintChanged(const QString& hint);

  private:
    struct Place {
        PanelSpec spec;
        Panel* panel = nullptr;
        QLabel* badge = nullptr;  ///< null before there was one
    };
    struct Dock {
        QDockWidget* dock = nullptr;  ///< null: no panel stands there
        QTabWidget* tabs = nullptr;   ///< null: one panel alone
    };
    void makeDock(PanelArea area);
    void connectPanel(std::size_t index);
    void showBadge(Place& place, const QString& html, const QString& toolTip);
    [[nodiscard]] Dock& dockOf(PanelArea area) { return docks_[static_cast<std::size_t>(area)]; }
    [[nodiscard]] QWidget* focusTargetOf(PanelArea area);

    QMainWindow* window_;
    std::vector<Place> places_;  ///< in the order of the table
    std::array<Dock, 3> docks_;
};

}  // namespace shapewise::ui
