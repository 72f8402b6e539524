#include "ui/diagnostics/explain_pane.h"

#include "core/diag/explain.h"
#include "ui/base/qt_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

namespace shapewise::ui {

ExplainPane::ExplainPane(QWidget* parent) : QWidget(parent), title_(new QLabel(this)), page_(new QTextBrowser(this)) {
    title_->setProperty("role", QStringLiteral("heading"));
    page_->setOpenExternalLinks(true);
    page_->setFrameShape(QFrame::NoFrame);
    page_->setStyleSheet(QStringLiteral("QTextBrowser { background: palette(window); border: none; }"));
    page_->setAccessibleName(tr("Explanation"));
    auto* close = new QToolButton(this);
    close->setAutoRaise(true);
    close->setIcon(icon(QStringLiteral("close")));
    close->setToolTip(tr("Close the explanation"));
    close->setAccessibleName(tr("Close the explanation"));
    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 4, 4, 0);
    top->addWidget(title_, 1);
    top->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(page_, 1);
    setMinimumWidth(220);
    connect(close, &QToolButton::clicked, this, &ExplainPane::closed);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, [this] { load(code_); });
}

void ExplainPane::explain(diag::Code code) { load(code); }

void ExplainPane::load(diag::Code code) {
    code_ = code;
    title_->setText(toQString(diag::row(code).id));
    page_->setMarkdown(toQString(diag::explainPage(code)));
}

}  // namespace shapewise::ui
