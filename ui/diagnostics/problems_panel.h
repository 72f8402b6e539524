#pragma once
// ProblemsPanel: the list of problems with their repairs as buttons, and the explanation of one beside it.

#include "ui/diagnostics/diagnostics_model.h"
#include "ui/session/panel.h"

class QLabel;
class QTableView;

namespace shapewise::ui {

class DocumentModel;
class ExplainPane;

class ProblemsPanel : public Panel {
    Q_OBJECT

  public:
    explicit ProblemsPanel(QWidget* parent = nullptr);

    void setSession(DocumentSession* session) override;
    [[nodiscard]] QWidget* focusTarget() override;
    [[nodiscard]] DiagnosticsModel* model() const { return model_; }
    void explain(diag::Code code);
    /// Of the current row; null when there is none.
    [[nodiscard]] const diag::Diagnostic* current() const;

  public Q_SLOTS:
    void goToNext();
    void goToPrevious();

  Q_SIGNALS:
    /// Go there: the edge if there is one, else the node.
    void revealRequested(const shapewise::diag::Diagnostic& diagnostic);

  private:
    void showCounts(const ProblemCounts& counts);
    void rebuildButtons();
    void updateFooter();
    void fitRows();
    void fitColumns();
    /// Beside the explanation there is room for the list only in a wide panel.
    void shareRoom();
    [[nodiscard]] QWidget* makeButtons(const diag::Diagnostic& diagnostic);
    void applyFix(const std::string& key, const std::string& fixId);
    void dismiss(const std::string& key);
    /// Takes back every dismissal of the project.
    void showDismissed();
    void showMenu(const QPoint& position);
    void go(int row);
    void step(int direction);
    void resizeEvent(QResizeEvent* event) override;

    DocumentModel* document_ = nullptr;
    DiagnosticsModel* model_;
    QWidget* list_;  ///< table and footer
    QTableView* table_;
    QLabel* footer_;
    ExplainPane* explain_;
    int buttonsRoom_ = 0;  ///< pixels for the repairs of a row; further ones are in its menu
};

}  // namespace shapewise::ui
