#pragma once
// ExplainPane: the page of a diagnostic's code: what it means, an example, how to mend it.

#include "core/diag/codes.h"

#include <QWidget>

class QLabel;
class QTextBrowser;

namespace shapewise::ui {

class ExplainPane : public QWidget {
    Q_OBJECT

  public:
    explicit ExplainPane(QWidget* parent = nullptr);
    void explain(diag::Code code);

  Q_SIGNALS:
    void closed();

  private:
    void load(diag::Code code);

    QLabel* title_;
    QTextBrowser* page_;
    diag::Code code_ = diag::Code::RankTooLow;
};

}  // namespace shapewise::ui
