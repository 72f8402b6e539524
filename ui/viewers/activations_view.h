#pragma once
// Activations: what a node put out in the last run, as heat maps, curves or bars, with a colour bar and a read-out.

#include "core/exec/run.h"
#include "core/view_math/map_layout.h"
#include "ui/base/export.h"
#include "ui/base/latest_job.h"
#include "ui/viewers/heat_map_view.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace shapewise::ui {

class CurvesView;
class DocumentModel;
class FeatureMapGrid;

class ActivationsView : public QWidget {
    Q_OBJECT

  public:
    explicit ActivationsView(QWidget* parent = nullptr);

    void setDocument(DocumentModel* document);
    /// The node to look at; an invalid id empties the view.
    void showNode(NodeId node);
    [[nodiscard]] NodeId node() const { return node_; }
    /// Results to look at from now on; null while there are none.
    void setRun(std::shared_ptr<const exec::RunReport> run);

    /// The picture on screen, with its axes and colour bar.
    [[nodiscard]] QImage picture() const;
    /// True while what is on screen is of an earlier choice.
    [[nodiscard]] bool isBusy() const;

  public Q_SLOTS:
    void copyPicture();
    void savePicture();
    void saveNumbers();

  Q_SIGNALS:
    /// Under the pointer: "[0, 12, 3, 5] = 0.4127 · 0.42 s"; for a status bar.
    void readOutChanged(const QString& text);
    /// Picture or numbers are to be written to a file.
    void exportRequested(const shapewise::ui::Export& what);

  private:
    void refresh();
    void refreshChoices();
    void applyDisplay();
    void showMessage(const QString& text);
    void measure();
    void showWalk(int mode, std::int64_t maps);
    void showPages();
    [[nodiscard]] QString fileStem() const;

    DocumentModel* document_ = nullptr;
    NodeId node_;
    std::shared_ptr<const exec::RunReport> run_;
    exec::TensorPtr tensor_;
    tensor::TensorType type_;
    ShownTensor shown_;  ///< of tensor_, once its statistics are known
    view_math::MapLayout layout_;
    LatestJob statistics_;

    QLabel* title_;
    QLabel* message_;
    QComboBox* output_;
    QComboBox* mode_;
    QSpinBox* sample_;
    QSpinBox* slice_;
    QSpinBox* page_;
    QComboBox* colormap_;
    QComboBox* range_;
    QStackedWidget* pages_;
    HeatMapView* map_;
    FeatureMapGrid* grid_;
    CurvesView* curves_;
};

}  // namespace shapewise::ui
