#pragma once
// OutputPicture: what one node put out, small: a map with its axes or curves, and the value under the pointer.

#include "core/exec/run.h"
#include "ui/base/export.h"
#include "ui/base/latest_job.h"
#include "ui/viewers/heat_map_view.h"

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace shapewise::ui {

class CurvesView;

class OutputPicture : public QWidget {
    Q_OBJECT

  public:
    explicit OutputPicture(QWidget* parent = nullptr);

    /// Null while the node has no output; `why` is shown then.
    void show(const exec::NodeRun* run, const QString& why);
    [[nodiscard]] QImage picture() const;
    [[nodiscard]] bool isBusy() const;
    /// Of sample 0; of the output shown before while those of the new one are worked out.
    [[nodiscard]] const view_math::ValueStatistics& statistics() const { return shown_.statistics; }

  Q_SIGNALS:
    /// Another output is on show, or none.
    void shownChanged();
    void exportRequested(const shapewise::ui::Export& what);

  protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    void take(const ShownTensor& shown);
    void showRange(const QString& hover);
    void savePicture();

    QStackedWidget* pages_;
    QLabel* message_;
    HeatMapView* map_;
    CurvesView* curves_;
    QLabel* readOut_;
    QString range_;
    exec::TensorPtr wanted_;  ///< asked for; shown_ follows
    ShownTensor shown_;
    LatestJob job_;
};

}  // namespace shapewise::ui
