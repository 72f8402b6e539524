#include "ui/shell/action_table.h"

#include "ui/theme/icons.h"

#include <QMenu>
#include <QWidget>

namespace shapewise::ui {

ActionTable::ActionTable(QWidget* window) : QObject(window), window_(window) {}

QAction* ActionTable::add(const ActionSpec& spec) {
    auto* action = new QAction(spec.text, window_);
    action->setObjectName(spec.id);
    action->setShortcuts(spec.shortcuts);
    action->setShortcutContext(spec.scope == KeyScope::Window ? Qt::WindowShortcut : Qt::WidgetShortcut);
    action->setCheckable(spec.isCheckable);
    action->setMenuRole(QAction::NoRole);
    if (!spec.icon.isEmpty()) action->setIcon(icon(spec.icon));
    const QString plain = QString(spec.text).remove(QChar(u'&'));
    const QString tip = spec.tip.isEmpty() ? plain : spec.tip;
    const QString keys =
        spec.shortcuts.isEmpty() ? QString() : spec.shortcuts.front().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys));
    action->setStatusTip(spec.tip);
    if (spec.handler) connect(action, &QAction::triggered, this, [handler = spec.handler] { handler(); });
    if (spec.scope == KeyScope::Window) window_->addAction(action);
    specs_.push_back(spec);
    actions_.push_back(action);
    return action;
}

QAction* ActionTable::operator[](const QString& id) const {
    for (std::size_t index = 0; index < specs_.size(); ++index)
        if (specs_[index].id == id) return actions_[index];
    Q_ASSERT_X(false, "ActionTable", qPrintable(id));
    return nullptr;
}

void ActionTable::fill(QMenu* menu, const QString& prefix) const {
    for (std::size_t index = 0; index < specs_.size(); ++index) {
        if (!specs_[index].id.startsWith(prefix + QChar(u'.'))) continue;
        if (specs_[index].startsGroup) menu->addSeparator();
        menu->addAction(actions_[index]);
    }
}

}  // namespace shapewise::ui
