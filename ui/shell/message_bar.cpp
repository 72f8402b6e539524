#include "ui/shell/message_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLayoutItem>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr int kIconSize = 18;
constexpr int kListHeight = 110;
constexpr int kListFrame = 14;
constexpr qsizetype kLongestText = 600;

QLabel* selectableLabel(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}  // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      text_(selectableLabel(this)),
      advice_(selectableLabel(this)),
      list_(new QPlainTextEdit(this)),
      unfold_(new QToolButton(this)),
      buttonRow_(new QHBoxLayout) {
    setObjectName(QStringLiteral("messageBar"));
    advice_->setProperty("role", QStringLiteral("secondary"));
    list_->setReadOnly(true);
    list_->setAccessibleName(tr("Notes"));
    unfold_->setText(tr("Show"));
    unfold_->setCheckable(true);
    auto* close = new QToolButton(this);
    close->setAutoRaise(true);
    close->setIcon(icon(QStringLiteral("close")));
    close->setToolTip(tr("Close the message"));
    close->setAccessibleName(tr("Close the message"));

    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(text_);
    words->addWidget(advice_);
    words->addWidget(list_);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(10);
    row->addWidget(icon_, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    row->addWidget(unfold_, 0, Qt::AlignTop);
    row->addLayout(buttonRow_);
    row->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(unfold_, &QToolButton::toggled, list_, &QWidget::setVisible);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, &MessageBar::applyTheme);
    hide();
}

void MessageBar::show(Kind kind, const QString& text, const QString& advice, const std::vector<Button>& buttons) {
    kind_ = kind;
    text_->setText(text.size() > kLongestText ? text.left(kLongestText) + QChar(u'…') : text);
    advice_->setText(advice);
    advice_->setVisible(!advice.isEmpty());
    list_->hide();
    unfold_->hide();
    while (QLayoutItem* item = buttonRow_->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const Button& button : buttons) {
        auto* made = new QPushButton(button.text, this);
        setPrimary(made, buttonRow_->count() == 0);
        connect(made, &QPushButton::clicked, this, [this, handler = button.handler] {
            hide();
            if (handler) handler();
        });
        buttonRow_->addWidget(made, 0, Qt::AlignTop);
    }
    setAccessibleName(text);
    applyTheme();
    setVisible(true);
}

void MessageBar::showList(Kind kind, const QString& text, const QStringList& list) {
    show(kind, text);
    list_->setPlainText(list.join(QChar(u'\n')));
    const int lines = std::max(2, static_cast<int>(list.size()));
    list_->setFixedHeight(std::min(kListHeight, lines * list_->fontMetrics().lineSpacing() + kListFrame));
    unfold_->setChecked(false);
    unfold_->setVisible(!list.isEmpty());
}

QString MessageBar::text() const { return isHidden() ? QString() : text_->text(); }

void MessageBar::applyTheme() {
    const Tokens& t = tokens();
    const QString name = kind_ == Kind::Error     ? QStringLiteral("error")
                         : kind_ == Kind::Warning ? QStringLiteral("warning")
                                                  : QStringLiteral("info");
    const QColor status = kind_ == Kind::Error ? t.error : kind_ == Kind::Warning ? t.warning : t.info;
    const QColor fill = kind_ == Kind::Error ? t.errorFill : kind_ == Kind::Warning ? t.warningFill : t.raised;
    const QColor line = kind_ == Kind::Error ? t.errorLine : kind_ == Kind::Warning ? t.warningLine : t.line;
    icon_->setPixmap(icon(name, status).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
    setStyleSheet(QStringLiteral("QFrame#messageBar { background: %1; border-bottom: 1px solid %2; }")
                      .arg(fill.name(), line.name()));
}

void MessageBar::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

}  // namespace shapewise::ui
