#pragma once
// OutputPicture: what one node put out, small: in a view of the table, with the value under the pointer.

#include "core/exec/run.h"
#include "ui/base/export.h"
#include "ui/base/latest_job.h"
#include "ui/viewers/tensor_views.h"

#include <QWidget>

#include <vector>

class QLabel;

namespace shapewise::ui {

class TensorViewStack;

class OutputPicture : public QWidget {
    Q_OBJECT

  public:
    explicit OutputPicture(QWidget* parent = nullptr, std::vector<TensorViewSpec> views = tensorViews());

    /// Null while the node has no output; `why` is shown then.
    void show(const exec::NodeRun* run, const QString& why);
    [[nodiscard]] QImage picture() const;
    [[nodiscard]] bool isBusy() const;
    /// Which sample, map and slice are shown from now on; those that are not there give the last.
    void setPlace(const view_math::MapPlace& place);
    /// Those on screen.
    [[nodiscard]] const view_math::MapPlace& place() const { return shown_.place; }
    /// "sample 2", "sample 2, map 5".
    [[nodiscard]] QString placeText() const;
    /// Of the sample shown; of the output shown before while those of the new one are worked out.
    [[nodiscard]] const view_math::ValueStatistics& statistics() const { return shown_.statistics; }

  Q_SIGNALS:
    /// Another output is on show, or none.
    void shownChanged();
    void exportRequested(const shapewise::ui::Export& what);

  protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    void showNothing(const QString& why);
    void measure(TensorShown shown);
    void take(const TensorShown& shown);
    void showRange(const QString& hover);
    void savePicture();

    TensorViewStack* pages_;
    QLabel* readOut_;
    QString range_;
    exec::TensorPtr wanted_;  ///< asked for; shown_ follows
    TensorShown shown_;
    view_math::MapPlace place_;  ///< asked for
    LatestJob job_;
};

}  // namespace shapewise::ui
