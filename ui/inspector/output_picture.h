#pragma once
// OutputPicture: what one node put out, small: a map with its axes or curves, and the value under the pointer.

#include "core/exec/run.h"

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace shapewise::ui {

class CurvesView;
class HeatMapView;

class OutputPicture : public QWidget {
    Q_OBJECT

public:
    explicit OutputPicture(QWidget* parent = nullptr);

    /// Null while the node has no output; `why` is shown then.
    void show(const exec::NodeRun* run, const QString& why);
    [[nodiscard]] QImage picture() const;

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void showRange(const QString& hover);
    void savePicture();

    QStackedWidget* pages_;
    QLabel* message_;
    HeatMapView* map_;
    CurvesView* curves_;
    QLabel* readOut_;
    QString range_;
    exec::TensorPtr shown_;
};

}  // namespace shapewise::ui
