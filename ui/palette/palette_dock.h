#pragma once
// PaletteDock: all layers of the catalogue by category, with a filter. Drag one out, double-click or press Enter.

#include <QDockWidget>

class QLineEdit;
class QModelIndex;
class QTreeView;

namespace shapewise::ui {

/// Of a layer dragged out of the palette; the payload is its class name in UTF-8.
inline constexpr char kLayerMimeType[] = "application/x-shapewise-layer";

class LayerListModel;

class PaletteDock : public QDockWidget {
    Q_OBJECT

  public:
    explicit PaletteDock(QWidget* parent = nullptr);

    /// Where the keyboard begins.
    [[nodiscard]] QWidget* focusTarget() const;

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
