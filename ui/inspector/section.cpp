#include "ui/inspector/section.h"

#include "ui/base/eliding_label.h"
#include "ui/theme/theme.h"

#include <QFrame>
#include <QVBoxLayout>

namespace shapewise::ui {

Section::Section(const QString& title, QWidget* parent)
    : QWidget(parent), heading_(new ElidingLabel(this, Qt::ElideMiddle)), column_(new QVBoxLayout(this)) {
    auto* line = new QFrame(this);
    line->setProperty("role", QStringLiteral("separator"));
    heading_->setProperty("role", QStringLiteral("heading"));
    heading_->setFont(smallFont());
    heading_->setContentsMargins(12, 4, 12, 0);
    column_->setContentsMargins(0, 0, 0, 8);
    column_->setSpacing(6);
    column_->addWidget(line);
    column_->addWidget(heading_);
    setTitle(title);
}

void Section::setTitle(const QString& title) { heading_->setText(title.toUpper()); }

void Section::addWidget(QWidget* widget, int stretch) {
    auto* holder = new QVBoxLayout;
    holder->setContentsMargins(12, 0, 12, 0);
    holder->addWidget(widget);
    column_->addLayout(holder, stretch);
}

}  // namespace shapewise::ui
