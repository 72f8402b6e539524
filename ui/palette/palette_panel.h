#pragma once
// PalettePanel: all layers of the catalogue by category, with a filter. Drag one out, double-click or press Enter.

#include "ui/session/panel.h"

class QLineEdit;
class QModelIndex;
class QTreeView;

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::ui {

class LayerListModel;

class PalettePanel : public Panel {
    Q_OBJECT

  public:
    explicit PalettePanel(QWidget* parent = nullptr);

    /// The layers are the same for each.
    void setSession(DocumentSession*) override {}
    [[nodiscard]] QWidget* focusTarget() override;

    /// The layer that Enter would add; null when there is none.
    [[nodiscard]] const layers::LayerType* current() const;

  public Q_SLOTS:
    void focusFilter();

  Q_SIGNALS:
    /// Double click or Enter on a layer.
    void layerChosen(const QString& className);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void choose(const QModelIndex& index);
    void applyFilter(const QString& text);

    QLineEdit* filterField_ = nullptr;
    QTreeView* tree_ = nullptr;
    LayerListModel* model_ = nullptr;
};

}  // namespace shapewise::ui
