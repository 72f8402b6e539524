#pragma once
// StatusBar: the document in numbers, the hint of the active tool, the state of the run, and whether all is saved.

#include "core/infer/cost.h"

#include <QStatusBar>
#include <QTimer>

class QLabel;
class QProgressBar;
class QToolButton;

namespace shapewise::ui {

class DocumentModel;
class DocumentSession;
class RunController;

class StatusBar : public QStatusBar {
    Q_OBJECT

  public:
    explicit StatusBar(QWidget* parent = nullptr);
    /// Shows that session from now on.
    void setSession(DocumentSession* session);

    /// Totals of the document, after shapes have changed.
    void showCosts(const infer::Costs& costs);
    /// What the active tool waits for, or the help of a field.
    void showHint(const QString& hint);
    /// For a few seconds instead of the hint: why something was refused.
    void showNotice(const QString& notice);
    /// Long work other than a run: "Opening model.json"; an empty text when it is over.
    void showWork(const QString& text);

  Q_SIGNALS:
    void cancelRequested();

  protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void keepHeight();
    void makeRoom();
    void showAll();
    void showCounts();
    void showShapesTime();
    void showRun();
    void showProgress(qint64 done, qint64 total);
    void showSaved();
    void updateBusy();

    DocumentModel* document_ = nullptr;
    RunController* run_ = nullptr;
    QWidget* row_ = nullptr;
    QLabel* counts_;
    QLabel* parameters_;
    QLabel* multiplyAdds_;
    QLabel* memory_;
    QLabel* hint_;
    QLabel* work_;
    QProgressBar* progress_;
    QToolButton* cancel_;
    QLabel* shapes_;
    QLabel* recomputed_ = nullptr;
    QLabel* forward_;
    QLabel* saved_;
    QString hintText_;
    infer::Costs costs_;
    QTimer patience_;      ///< a run shorter than this is not worth a bar that comes and goes
    QTimer workPatience_;  ///< nor is other work
};

}  // namespace shapewise::ui
