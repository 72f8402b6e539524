#pragma once
// InspectorPanel: everything about the selection, in tabs: Properties, Shape, Output, Weights, Docs.

#include "ui/session/panel.h"

#include "core/base/ids.h"
#include "core/view_math/map_layout.h"

#include <vector>

class QTabWidget;

namespace shapewise::ui {

class DocsPage;
class OutputPage;
class PropertiesPage;
class ShapePage;
class WeightsPage;

class InspectorPanel : public Panel {
    Q_OBJECT

  public:
    explicit InspectorPanel(QWidget* parent = nullptr);

    void setSession(DocumentSession* session) override;
    [[nodiscard]] QWidget* focusTarget() override;
    [[nodiscard]] PropertiesPage* properties() const { return properties_; }
    /// True while a picture on screen is of an earlier run.
    [[nodiscard]] bool isBusy() const override;
    /// Brings the tab of properties to the front, the keyboard in `key`'s field or the first.
    void editProperties(const QString& key = {});

    /// The page of the selected layer; with the parameter whose field `focus` is in, where it is in one.
    void explain(const QWidget* focus);
    /// Pictures show that sample, map and slice from now on.
    void setPlace(const view_math::MapPlace& place);

  private:
    void followSelection();
    void followRun();

    DocumentSession* session_ = nullptr;
    QTabWidget* tabs_;
    PropertiesPage* properties_;
    ShapePage* shape_;
    OutputPage* output_;
    WeightsPage* weights_;
    DocsPage* docs_;
};

}  // namespace shapewise::ui
