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
    /// Of sample 0; of the output shown before while those of the new one are worked out.
    [[nodiscard]] const view_math::ValueStatistics& statistics() const { return shown_.statistics; }

  Q_SIGNALS:
    /// Another output is on show, or none.
    void shownChanged();
    void exportRequested(const shapewise::ui::Export& what);

  protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    void showNothing(const QString& why);
    void take(const TensorShown& shown);
    void showRange(const QString& hover);
    void savePicture();

    TensorViewStack* pages_;
    QLabel* readOut_;
    QString range_;
    exec::TensorPtr wanted_;  ///< asked for; shown_ follows
    TensorShown shown_;
    LatestJob job_;
};

}  // namespace shapewise::ui
