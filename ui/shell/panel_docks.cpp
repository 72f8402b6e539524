#include "ui/shell/panel_docks.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QMainWindow>
#include <QMenu>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kLeftWidth = 232;
constexpr int kRightWidth = 352;
constexpr int kBottomHeight = 286;
constexpr double kBottomShare = 0.3;  // of the window's height at most

/// What is the same whichever panels stand there.
struct AreaSpec {
    PanelArea area;
    const char* dockName;  ///< the state of docks is stored under it
    Qt::DockWidgetArea place;
    bool hasTabs;  ///< even for a single panel
    bool hasTitleBar;
};
constexpr std::array<AreaSpec, 3> kAreas{{
    {PanelArea::Left, "layersDock", Qt::LeftDockWidgetArea, false, true},
    {PanelArea::Right, "inspectorDock", Qt::RightDockWidgetArea, false, false},
    {PanelArea::Bottom, "resultsDock", Qt::BottomDockWidgetArea, true, false},
}};

}  // namespace

PanelDocks::PanelDocks(QMainWindow* window, const std::vector<PanelSpec>& table) : QObject(window), window_(window) {
    for (const PanelSpec& spec : table) places_.push_back({spec, spec.make(window), nullptr});
    window->setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    window->setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    for (const AreaSpec& area : kAreas) makeDock(area.area);
    for (std::size_t index = 0; index < places_.size(); ++index) connectPanel(index);
}

void PanelDocks::makeDock(PanelArea area) {
    const AreaSpec& spec = kAreas[static_cast<std::size_t>(area)];
    std::vector<const Place*> here;
    for (const Place& place : places_)
        if (place.spec.area == area) here.push_back(&place);
    if (here.empty()) return;
    Dock& made = dockOf(area);
    const bool hasTabs = spec.hasTabs || here.size() > 1;
    const bool isBottom = area == PanelArea::Bottom;
    made.dock = new QDockWidget(isBottom ? tr("Problems and Results") : here.front()->spec.title, window_);
    made.dock->setObjectName(QString::fromLatin1(spec.dockName));
    made.dock->setAccessibleName(made.dock->windowTitle());
    if (!spec.hasTitleBar) {
        made.dock->setFeatures(QDockWidget::DockWidgetClosable);
        made.dock->setTitleBarWidget(new QWidget(made.dock));  // the tabs inside say what it is
    }
    if (hasTabs) {
        made.tabs = new QTabWidget(made.dock);
        made.tabs->setDocumentMode(true);
        for (const Place* place : here) made.tabs->addTab(place->panel, place->spec.title);
        made.dock->setWidget(made.tabs);
    } else {
        made.dock->setWidget(here.front()->panel);
    }
    window_->addDockWidget(spec.place, made.dock);
}

void PanelDocks::connectPanel(std::size_t index) {
    const Panel* panel = places_[index].panel;
    connect(panel, &Panel::hintChanged, this, &PanelDocks::hintChanged);
    connect(panel, &Panel::raiseRequested, this, [this, panel] { raise(panel); });
    connect(panel, &Panel::badgeChanged, this,
            [this, index](const QString& html, const QString& toolTip) { showBadge(places_[index], html, toolTip); });
}

void PanelDocks::setSession(DocumentSession* session) {
    for (const Place& place : places_) place.panel->setSession(session);
}

Panel* PanelDocks::panel(const QString& id) const {
    const auto found =
        std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.spec.id == id; });
    return found == places_.end() ? nullptr : found->panel;
}

const PanelSpec* PanelDocks::panelAround(const QWidget* widget) const {
    for (const Place& place : places_)
        if (widget != nullptr && (place.panel == widget || place.panel->isAncestorOf(widget))) return &place.spec;
    // The tabs of a dock are those of the panel in front.
    for (const Dock& dock : docks_)
        if (dock.tabs != nullptr && widget != nullptr && (dock.tabs == widget || dock.tabs->isAncestorOf(widget)))
            return panelAround(dock.tabs->currentWidget());
    return nullptr;
}

void PanelDocks::raise(const Panel* panel) {
    for (const Place& place : places_) {
        if (place.panel != panel) continue;
        const Dock& dock = dockOf(place.spec.area);
        dock.dock->show();
        if (dock.tabs != nullptr) dock.tabs->setCurrentWidget(place.panel);
    }
}

QStringList PanelDocks::frontPanels() const {
    QStringList ids;
    for (const Place& place : places_) {
        const QTabWidget* tabs = docks_[static_cast<std::size_t>(place.spec.area)].tabs;
        if (tabs != nullptr && tabs->currentWidget() == place.panel) ids += place.spec.id;
    }
    return ids;
}

void PanelDocks::bringToFront(const QString& id) {
    for (const Place& place : places_)
        if (QTabWidget* tabs = dockOf(place.spec.area).tabs; tabs != nullptr && place.spec.id == id)
            tabs->setCurrentWidget(place.panel);
}

void PanelDocks::showBadge(Place& place, const QString& html, const QString& toolTip) {
    QTabWidget* tabs = dockOf(place.spec.area).tabs;
    if (tabs == nullptr) return;
    QTabBar* bar = tabs->tabBar();
    if (place.badge == nullptr) {
        place.badge = new QLabel(bar);
        place.badge->setObjectName(place.spec.id + QStringLiteral("Badge"));
        place.badge->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    place.badge->setText(html);
    place.badge->setToolTip(toolTip);
    place.badge->adjustSize();
    bar->setTabButton(tabs->indexOf(place.panel), QTabBar::RightSide, html.isEmpty() ? nullptr : place.badge);
    place.badge->setVisible(!html.isEmpty());
}

QWidget* PanelDocks::focusTargetOf(PanelArea area) {
    const Dock& dock = dockOf(area);
    if (dock.dock == nullptr || dock.dock->isHidden()) return nullptr;
    if (dock.tabs != nullptr) return dock.tabs->tabBar();
    return static_cast<Panel*>(dock.dock->widget())->focusTarget();
}

void PanelDocks::focusNext(int step, QWidget* middle) {
    struct Stop {
        QWidget* whole;
        QWidget* target;  ///< null: passed over
    };
    const auto stopOf = [this](PanelArea area) { return Stop{dockOf(area).dock, focusTargetOf(area)}; };
    const std::array<Stop, 4> stops{
        {stopOf(PanelArea::Left), {middle, middle}, stopOf(PanelArea::Right), stopOf(PanelArea::Bottom)}};
    const int count = static_cast<int>(stops.size());
    const auto hasFocus = [](const Stop& stop) {
        return stop.whole != nullptr &&
               (stop.whole->hasFocus() || stop.whole->isAncestorOf(QApplication::focusWidget()));
    };
    const auto now = std::find_if(stops.begin(), stops.end(), hasFocus);
    int index = now == stops.end() ? 0 : static_cast<int>(now - stops.begin());
    for (int tries = 0; tries < count; ++tries) {
        index = (index + step + count) % count;
        QWidget* target = stops[static_cast<std::size_t>(index)].target;
        if (target == nullptr) continue;
        target->setFocus(Qt::TabFocusReason);
        return;
    }
}

void PanelDocks::placeAtUsualSizes(const QSize& window) {
    const auto resize = [this](PanelArea area, int size, Qt::Orientation orientation) {
        if (QDockWidget* dock = dockOf(area).dock) window_->resizeDocks({dock}, {size}, orientation);
    };
    QDockWidget* left = dockOf(PanelArea::Left).dock;
    QDockWidget* right = dockOf(PanelArea::Right).dock;
    if (left != nullptr && right != nullptr)
        window_->resizeDocks({left, right}, {kLeftWidth, kRightWidth}, Qt::Horizontal);
    resize(PanelArea::Bottom, std::min(kBottomHeight, static_cast<int>(window.height() * kBottomShare)), Qt::Vertical);
}

void PanelDocks::fillMenu(QMenu* menu) {
    for (const Dock& dock : docks_)
        if (dock.dock != nullptr) menu->addAction(dock.dock->toggleViewAction());
    menu->addSeparator();
    for (const Place& place : places_) {
        if (dockOf(place.spec.area).tabs == nullptr) continue;
        QAction* action = menu->addAction(place.spec.title);
        action->setObjectName(QStringLiteral("panel.") + place.spec.id);
        action->setShortcut(place.spec.shortcut);
        connect(action, &QAction::triggered, this, [this, panel = place.panel] {
            raise(panel);
            if (QWidget* target = panel->focusTarget()) target->setFocus(Qt::ShortcutFocusReason);
        });
    }
}

bool PanelDocks::isBusy() const {
    return std::any_of(places_.begin(), places_.end(), [](const Place& place) { return place.panel->isBusy(); });
}

}  // namespace shapewise::ui
