#include "ui/canvas/overlays/callout.h"

#include "ui/base/wording.h"
#include "ui/canvas/overlays/flow_layout.h"
#include "ui/diagnostics/scrambled_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr int kWidth = 392;
constexpr int kViewMargin = 8;
constexpr int kButtonFrame = 52;  ///< margins of callout and button together
constexpr std::size_t kMostButtons = 4;

QString styleName(diag::Severity severity) {
    switch (severity) {
        case diag::Severity::Error: return QStringLiteral("error");
        case diag::Severity::Warning: return QStringLiteral("warning");
        case diag::Severity::Hint: break;
    }
    return QStringLiteral("hint");
}

/// The sentence with the root node as a link; the link is added behind when the sentence does not name the node.
QString whyText(const diag::Diagnostic& diagnostic, const QString& rootName) {
    QString text = shown(diagnostic.why).toHtmlEscaped();
    if (const QString sure = toQString(renderer().sureness(diagnostic)); !sure.isEmpty())
        text += (text.isEmpty() ? QString() : QStringLiteral(". ")) + sure.toHtmlEscaped();
    if (rootName.isEmpty()) return text;
    const QString name = rootName.toHtmlEscaped();
    const QString anchor = QStringLiteral("<a href=\"root\">%1</a>").arg(name);
    const QRegularExpression word(QStringLiteral("(?<![\\w])%1(?![\\w])").arg(QRegularExpression::escape(name)));
    const QRegularExpressionMatch match = word.match(text);
    if (match.hasMatch()) return text.replace(match.capturedStart(), match.capturedLength(), anchor);
    return Callout::tr("%1 Cause: %2").arg(text, anchor);
}

QString shapesText(const diag::Diagnostic& diagnostic) {
    QStringList lines;
    if (!diagnostic.wanted.empty()) lines << Callout::tr("wanted %1").arg(shown(diagnostic.wanted));
    if (!diagnostic.got.empty()) lines << Callout::tr("got    %1").arg(shown(diagnostic.got));
    return lines.join(QLatin1Char('\n'));
}

QString tipOf(const diag::Fix& fix) {
    QStringList lines;
    if (!fix.note.empty()) lines << shown(fix.note);
    if (fix.outputShape) lines << Callout::tr("Output afterwards: %1").arg(shown(*fix.outputShape));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

Callout::Callout(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("callout"));
    setAccessibleName(tr("Problem"));
    setFocusPolicy(Qt::NoFocus);
    setCursor(Qt::ArrowCursor);
    setFixedWidth(kWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 9, 12, 11);
    layout->setSpacing(5);
    auto* top = new QHBoxLayout;
    title_ = new QLabel(this);
    title_->setObjectName(QStringLiteral("calloutTitle"));
    title_->setWordWrap(true);
    auto* close = new QToolButton(this);
    close->setAutoRaise(true);
    close->setIcon(icon(QStringLiteral("close")));
    close->setIconSize(QSize(12, 12));
    close->setStyleSheet(QStringLiteral("padding: 1px;"));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close (Esc)"));
    close->setFocusPolicy(Qt::NoFocus);
    connect(close, &QToolButton::clicked, this, &Callout::closed);
    top->addWidget(title_, 1);
    top->addWidget(close, 0, Qt::AlignTop);
    layout->addLayout(top);
    shapes_ = new QLabel(this);
    shapes_->setTextFormat(Qt::PlainText);
    shapes_->setWordWrap(true);
    layout->addWidget(shapes_);
    why_ = new QLabel(this);
    why_->setTextFormat(Qt::RichText);
    why_->setWordWrap(true);
    connect(why_, &QLabel::linkActivated, this, [this] { Q_EMIT nodeRequested(root_); });
    layout->addWidget(why_);
    picture_ = new ScrambledView(this);
    layout->addWidget(picture_);
    buttons_ = new QWidget(this);
    flow_ = new FlowLayout(buttons_, 6);
    layout->addWidget(buttons_);
    hide();
}

void Callout::show(const diag::Diagnostic& diagnostic, const QString& rootName,
                   const std::optional<mistakes::ScrambledPicture>& picture) {
    node_ = diagnostic.node;
    producer_ = diagnostic.from;
    root_ = diagnostic.rootCause;
    setProperty("severity", styleName(diagnostic.severity));
    for (QWidget* widget : {static_cast<QWidget*>(this), static_cast<QWidget*>(title_)}) {
        widget->style()->unpolish(widget);
        widget->style()->polish(widget);
    }
    title_->setText(shown(diagnostic.title));
    shapes_->setFont(fixedFont());
    shapes_->setText(shapesText(diagnostic));
    shapes_->setVisible(!shapes_->text().isEmpty());
    why_->setText(whyText(diagnostic, rootName));
    why_->setVisible(!why_->text().isEmpty());
    hasPicture_ = picture.has_value();
    picture_->setVisible(hasPicture_);
    if (picture) picture_->show(*picture);
    fillButtons(diagnostic);
    for (QLabel* label : {title_, shapes_, why_}) label->ensurePolished();
    flow_->invalidate();
    layout()->invalidate();
    setFixedHeight(layout()->totalHeightForWidth(kWidth));
    layout()->activate();
}

void Callout::fillButtons(const diag::Diagnostic& diagnostic) {
    while (QLayoutItem* item = flow_->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    const auto add = [this](const QString& text, const QString& tip) {
        const QString elided = fontMetrics().elidedText(text, Qt::ElideRight, kWidth - kButtonFrame);
        auto* button = new QPushButton(elided, buttons_);
        button->setAccessibleName(text);
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolTip(elided == text || tip.isEmpty() ? tip : text + QLatin1Char('\n') + tip);
        flow_->addWidget(button);
        button->show();
        button->ensurePolished();  // its size is asked for before the next turn of the event loop
        return button;
    };
    const std::size_t count = std::min(diagnostic.fixes.size(), kMostButtons);
    for (std::size_t index = 0; index < count; ++index) {
        const diag::Fix& fix = diagnostic.fixes[index];
        QPushButton* button = add(shown(fix.title), tipOf(fix));
        setPrimary(button, index == 0);
        connect(button, &QPushButton::clicked, this, [this, fix] { Q_EMIT fixChosen(fix); });
    }
    if (count < diagnostic.fixes.size()) {
        QPushButton* more = add(tr("More"), tr("Further repairs"));
        auto* menu = new QMenu(more);
        menu->setToolTipsVisible(true);
        for (std::size_t index = count; index < diagnostic.fixes.size(); ++index) {
            const diag::Fix& fix = diagnostic.fixes[index];
            QAction* action = menu->addAction(shown(fix.title));
            action->setToolTip(tipOf(fix));
            connect(action, &QAction::triggered, this, [this, fix] { Q_EMIT fixChosen(fix); });
        }
        more->setMenu(menu);
    }
    const diag::Code code = diagnostic.code;
    QPushButton* why = add(tr("Why? …"), tr("The page on this mistake"));
    connect(why, &QPushButton::clicked, this, [this, code] { Q_EMIT explainRequested(code); });
}

bool Callout::placeBeside(const QRectF& anchor, const std::vector<Obstacle>& obstacles, const QRect& room) {
    const QRectF inside = QRectF(room).adjusted(kViewMargin, kViewMargin, -kViewMargin, -kViewMargin);
    if (!QRectF(room).intersects(anchor)) return false;
    for (const bool isShort : {false, true}) {
        setShort(isShort);
        if (inside.width() < width() || inside.height() < height()) continue;
        const std::optional<QPointF> place = freePlace(size(), anchor, obstacles, inside);
        if (!place) continue;
        move(place->toPoint());
        return true;
    }
    return false;
}

void Callout::setShort(bool isShort) {
    shapes_->setVisible(!isShort && !shapes_->text().isEmpty());
    why_->setVisible(!isShort && !why_->text().isEmpty());
    picture_->setVisible(!isShort && hasPicture_);
    layout()->invalidate();
    const int wanted = layout()->totalHeightForWidth(kWidth);
    if (height() == wanted) return;
    setFixedHeight(wanted);
    layout()->activate();
}

void Callout::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closed();
    } else {
        QFrame::keyPressEvent(event);
    }
}

// Clicks and wheel on the callout are not meant for what lies under it.
void Callout::mousePressEvent(QMouseEvent* event) { event->accept(); }
void Callout::mouseReleaseEvent(QMouseEvent* event) { event->accept(); }
void Callout::mouseDoubleClickEvent(QMouseEvent* event) { event->accept(); }
void Callout::wheelEvent(QWheelEvent* event) { event->accept(); }

}  // namespace shapewise::ui
