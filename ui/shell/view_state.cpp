#include "ui/shell/view_state.h"

#include "core/io/files/json_value.h"
#include "ui/base/qt_text.h"
#include "ui/canvas/canvas_view.h"
#include "ui/session/document_model.h"
#include "ui/shell/panel_docks.h"

#include <QCryptographicHash>
#include <QMainWindow>
#include <QSettings>
#include <QStringList>

#include <cmath>

namespace shapewise::ui {
namespace {

constexpr int kDocksVersion = 1;
const QString kOrder = QStringLiteral("views/order");

Value namesValue(const graph::Graph& graph, const std::vector<NodeId>& nodes) {
    ValueList names;
    for (const NodeId id : nodes)
        if (const graph::Node* node = graph.find(id)) names.emplace_back(node->name);
    return Value(std::move(names));
}

std::vector<NodeId> nodesOf(const graph::Graph& graph, const Value* names) {
    std::vector<NodeId> nodes;
    if (names == nullptr || !names->isList()) return nodes;
    for (const Value& name : names->asList())
        if (const graph::Node* node = name.isText() ? graph.findByName(name.asText()) : nullptr)
            nodes.push_back(node->id);
    return nodes;
}

double realMember(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isNumber() ? member->asReal() : std::nan("");
}

void openGroup(DocumentModel& document, const Value* names) {
    document.closeGroups(document.openPath().size());
    if (names == nullptr || !names->isList()) return;
    for (const Value& name : names->asList()) {
        const graph::Node* node = name.isText() ? document.graph().findByName(name.asText()) : nullptr;
        if (node == nullptr || !document.opens(node->id) || !document.openGroup(node->id)) return;
    }
}

QString keyOf(const QString& path) {
    const QByteArray hash = QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha1);
    return QStringLiteral("views/") + QString::fromLatin1(hash.toHex());
}

}  // namespace

Value viewOf(const ViewParts& parts) {
    ValueDict view;
    ValueList group;
    for (const QString& name : parts.document->openNames()) group.emplace_back(name.toStdString());
    if (!group.empty()) view.emplace_back("group", std::move(group));
    if (parts.canvas != nullptr) {
        if (!parts.canvas->fitsItself()) {
            const QPointF middle = parts.canvas->visibleRect().center();
            view.emplace_back("zoom", parts.canvas->zoom());
            view.emplace_back("x", middle.x());
            view.emplace_back("y", middle.y());
        }
        Value selection = namesValue(parts.document->graph(), parts.canvas->selection());
        if (!selection.asList().empty()) view.emplace_back("selection", std::move(selection));
    }
    if (parts.window != nullptr) {
        view.emplace_back("docks", parts.window->saveState(kDocksVersion).toBase64().toStdString());
        ValueList front;
        for (const QString& id : parts.panels->frontPanels()) front.emplace_back(id.toStdString());
        view.emplace_back("front", std::move(front));
    }
    return Value(std::move(view));
}

void showView(const ViewParts& parts, const Value& view) {
    if (!view.isDict()) return;
    if (const std::string docks = io::textMember(view, "docks"); !docks.empty() && parts.window != nullptr)
        parts.window->restoreState(QByteArray::fromBase64(QByteArray::fromStdString(docks)), kDocksVersion);
    if (const Value* front = view.find("front"); front != nullptr && front->isList())
        for (const Value& id : front->asList())
            if (id.isText()) parts.panels->bringToFront(toQString(id.asText()));
    openGroup(*parts.document, view.find("group"));
    const double zoom = realMember(view, "zoom");
    const QPointF middle(realMember(view, "x"), realMember(view, "y"));
    if (std::isfinite(zoom) && std::isfinite(middle.x()) && std::isfinite(middle.y()))
        parts.canvas->showAt(zoom, middle);
    if (const auto nodes = nodesOf(parts.document->graph(), view.find("selection")); !nodes.empty())
        parts.canvas->select(nodes);
}

Value storedView(const QString& path) {
    const QString text = QSettings().value(keyOf(path)).toString();
    const Result<Value> view = io::parseJson(text.toStdString());
    return view ? *view : Value();
}

void storeView(const QString& path, const Value& view) {
    QSettings store;
    const QString key = keyOf(path);
    QStringList order = store.value(kOrder).toStringList();
    order.removeAll(key);
    order.prepend(key);
    while (order.size() > kStoredViews) store.remove(order.takeLast());
    store.setValue(kOrder, order);
    store.setValue(key, toQString(io::jsonText(view)));
}

}  // namespace shapewise::ui
