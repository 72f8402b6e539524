#include "ui/inspector/inspector_panel.h"

#include "ui/inspector/docs_page.h"
#include "ui/inspector/output_page.h"
#include "ui/inspector/output_picture.h"
#include "ui/inspector/properties_page.h"
#include "ui/inspector/property_form.h"
#include "ui/inspector/shape_page.h"
#include "ui/inspector/weights_page.h"
#include "ui/session/document_model.h"

#include <utility>

namespace shapewise::ui {

InspectorPanel::InspectorPanel(DocumentModel* document, QWidget* parent)
    : QTabWidget(parent),
      document_(document),
      properties_(new PropertiesPage(document, this)),
      shape_(new ShapePage(document, this)),
      output_(new OutputPage(document, this)),
      weights_(new WeightsPage(document, this)),
      docs_(new DocsPage(this)) {
    setDocumentMode(true);
    setUsesScrollButtons(false);
    setElideMode(Qt::ElideNone);
    addTab(properties_, tr("Properties"));
    addTab(shape_, tr("Shape"));
    addTab(output_, tr("Output"));
    addTab(weights_, tr("Weights"));
    addTab(docs_, tr("Docs"));
    connect(properties_, &PropertiesPage::hintChanged, this, &InspectorPanel::hintChanged);
    for (OutputPicture* picture : {properties_->outputPicture(), output_->picture()})
        connect(picture, &OutputPicture::exportRequested, this, &InspectorPanel::exportRequested);
}

void InspectorPanel::setSelection(const std::vector<NodeId>& nodes) {
    properties_->setSelection(nodes);
    const NodeId only = nodes.size() == 1 ? nodes.front() : NodeId();
    shape_->showNode(only);
    output_->showNode(only);
    weights_->showNode(only);
    const graph::Node* first = nodes.empty() ? nullptr : document_->graph().find(nodes.front());
    docs_->showLayer(first == nullptr ? nullptr : first->type);
}

void InspectorPanel::setRun(std::shared_ptr<const exec::RunReport> report) {
    properties_->setRun(report);
    output_->setRun(std::move(report));
}

bool InspectorPanel::isBusy() const { return properties_->outputPicture()->isBusy() || output_->picture()->isBusy(); }

void InspectorPanel::editProperties(const QString& key) {
    setCurrentWidget(properties_);
    const std::vector<QString> keys = properties_->form()->keys();
    if (!key.isEmpty())
        properties_->focusParameter(key);
    else if (!keys.empty())
        properties_->focusParameter(keys.front());
}

}  // namespace shapewise::ui
