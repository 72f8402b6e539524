#include "ui/inspector/inspector_panel.h"

#include "ui/base/qt_text.h"
#include "ui/inspector/docs_page.h"
#include "ui/inspector/field.h"
#include "ui/inspector/output_page.h"
#include "ui/inspector/output_picture.h"
#include "ui/inspector/properties_page.h"
#include "ui/inspector/property_form.h"
#include "ui/inspector/shape_page.h"
#include "ui/inspector/weights_page.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"
#include "ui/session/run_controller.h"

#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace shapewise::ui {

InspectorPanel::InspectorPanel(QWidget* parent)
    : Panel(parent),
      tabs_(new QTabWidget(this)),
      properties_(new PropertiesPage(this)),
      shape_(new ShapePage(this)),
      output_(new OutputPage(this)),
      weights_(new WeightsPage(this)),
      docs_(new DocsPage(this)) {
    tabs_->setDocumentMode(true);
    tabs_->setUsesScrollButtons(false);
    tabs_->setElideMode(Qt::ElideNone);
    tabs_->addTab(properties_, tr("Properties"));
    tabs_->addTab(shape_, tr("Shape"));
    tabs_->addTab(output_, tr("Output"));
    tabs_->addTab(weights_, tr("Weights"));
    tabs_->addTab(docs_, tr("Docs"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(tabs_);
    connect(properties_, &PropertiesPage::hintChanged, this, &InspectorPanel::hintChanged);
    for (OutputPicture* picture : {properties_->outputPicture(), output_->picture()})
        connect(picture, &OutputPicture::exportRequested, this,
                [this](const Export& what) { session_->files()->exportFile(what); });
}

void InspectorPanel::setSession(DocumentSession* session) {
    if (session_ != nullptr) {
        session_->disconnect(this);
        session_->run()->disconnect(this);
    }
    session_ = session;
    properties_->setDocument(session->document());
    shape_->setDocument(session->document());
    output_->setDocument(session->document());
    weights_->setDocument(session->document());
    connect(session, &DocumentSession::selectionChanged, this, &InspectorPanel::followSelection);
    connect(session->run(), &RunController::finished, this, &InspectorPanel::followRun);
    connect(session->run(), &RunController::outdated, this, [this] {
        if (session_->run()->report() == nullptr) followRun();
    });
    followSelection();
    followRun();
}

void InspectorPanel::followSelection() {
    const std::vector<NodeId>& nodes = session_->selection();
    properties_->setSelection(nodes);
    const NodeId only = nodes.size() == 1 ? nodes.front() : NodeId();
    shape_->showNode(only);
    output_->showNode(only);
    weights_->showNode(only);
    const graph::Node* first = nodes.empty() ? nullptr : session_->document()->graph().find(nodes.front());
    docs_->showLayer(first == nullptr ? nullptr : first->type);
}

void InspectorPanel::followRun() {
    properties_->setRun(session_->run()->report());
    output_->setRun(session_->run()->report());
}

bool InspectorPanel::isBusy() const { return properties_->outputPicture()->isBusy() || output_->picture()->isBusy(); }

void InspectorPanel::explain(const QWidget* focus) {
    QString key;
    for (const QWidget* widget = focus; widget != nullptr && key.isEmpty() && widget != this;
         widget = widget->parentWidget())
        if (const auto* field = qobject_cast<const Field*>(widget)) key = toQString(field->spec().key);
    tabs_->setCurrentWidget(docs_);
    if (!key.isEmpty()) docs_->showParameter(key);
}

void InspectorPanel::setPlace(const view_math::MapPlace& place) {
    for (OutputPicture* picture : {properties_->outputPicture(), output_->picture()}) picture->setPlace(place);
}

QWidget* InspectorPanel::focusTarget() { return tabs_->tabBar(); }

void InspectorPanel::editProperties(const QString& key) {
    tabs_->setCurrentWidget(properties_);
    const std::vector<QString> keys = properties_->form()->keys();
    if (!key.isEmpty())
        properties_->focusParameter(key);
    else if (!keys.empty())
        properties_->focusParameter(keys.front());
}

}  // namespace shapewise::ui
