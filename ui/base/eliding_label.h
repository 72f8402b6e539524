#pragma once
// ElidingLabel: one line of plain text that asks for no width. What has no room is "…", and the whole is its tool tip.

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QStyle>

namespace shapewise::ui {

class ElidingLabel : public QLabel {
  public:
    explicit ElidingLabel(QWidget* parent = nullptr, Qt::TextElideMode mode = Qt::ElideRight)
        : QLabel(parent), mode_(mode) {
        setTextFormat(Qt::PlainText);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }

    [[nodiscard]] QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

    /// What is seen of the text at its width now.
    [[nodiscard]] QString shownText() const {
        return fontMetrics().elidedText(text(), mode_, contentsRect().width() - 2 * margin());
    }

  protected:
    bool event(QEvent* event) override {
        if (event->type() == QEvent::ToolTip) setToolTip(shownText() == text() ? QString() : text());
        return QLabel::event(event);
    }

    void paintEvent(QPaintEvent* event) override {
        const QString seen = shownText();
        if (seen == text()) return QLabel::paintEvent(event);
        QPainter painter(this);
        style()->drawItemText(&painter, contentsRect().adjusted(margin(), margin(), -margin(), -margin()),
                              static_cast<int>(QStyle::visualAlignment(layoutDirection(), alignment())), palette(),
                              isEnabled(), seen, foregroundRole());
    }

  private:
    Qt::TextElideMode mode_;
};

}  // namespace shapewise::ui
