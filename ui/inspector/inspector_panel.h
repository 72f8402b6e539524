#pragma once
// InspectorPanel: everything about the selection, in tabs: Properties, Shape, Output, Weights, Docs.

#include "core/exec/run.h"

#include <QTabWidget>

#include <memory>
#include <vector>

namespace shapewise::ui {

class DocsPage;
class DocumentModel;
struct Export;
class OutputPage;
class PropertiesPage;
class ShapePage;
class WeightsPage;

class InspectorPanel : public QTabWidget {
    Q_OBJECT

  public:
    explicit InspectorPanel(DocumentModel* document, QWidget* parent = nullptr);

    void setSelection(const std::vector<NodeId>& nodes);
    void setRun(std::shared_ptr<const exec::RunReport> report);
    [[nodiscard]] PropertiesPage* properties() const { return properties_; }
    /// True while a picture on screen is of an earlier run.
    [[nodiscard]] bool isBusy() const;
    /// Brings the tab of properties to the front, the keyboard in `key`'s field or the first.
    void editProperties(const QString& key = {});

  Q_SIGNALS:
    void hintChanged(const QString& hint);
    void exportRequested(const shapewise::ui::Export& what);

  private:
    DocumentModel* document_;
    PropertiesPage* properties_;
    ShapePage* shape_;
    OutputPage* output_;
    WeightsPage* weights_;
    DocsPage* docs_;
};

}  // namespace shapewise::ui
