#include "ui/canvas/overlays/empty_canvas.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace shapewise::ui {
namespace {

constexpr int kCardWidth = 200;
constexpr int kGap = 12;

/// A card that is pressed like a button.
class Card : public QFrame {
  public:
    Card(const QString& iconName, const QString& title, const QString& text, QWidget* parent) : QFrame(parent) {
        setObjectName(QStringLiteral("exampleCard"));
        setAccessibleName(title);
        setAccessibleDescription(text);
        setFixedWidth(kCardWidth);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::TabFocus);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(12, 12, 12, 12);
        layout->setSpacing(6);
        auto* picture = new QLabel(this);
        picture->setPixmap(icon(iconName, tokens().accent).pixmap(22, 22));
        layout->addWidget(picture);
        auto* heading = new QLabel(title, this);
        heading->setFont(boldFont());
        heading->setWordWrap(true);
        layout->addWidget(heading);
        auto* body = new QLabel(text, this);
        body->setProperty("role", QStringLiteral("secondary"));
        body->setWordWrap(true);
        layout->addWidget(body);
        layout->addStretch(1);
    }
    std::function<void()> pressed;

  protected:
    void mousePressEvent(QMouseEvent* event) override { event->accept(); }
    void mouseReleaseEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton && rect().contains(event->pos())) pressed();
    }
    void keyPressEvent(QKeyEvent* event) override {
        const bool isPress =
            event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
        if (isPress) {
            pressed();
        } else {
            QFrame::keyPressEvent(event);
        }
    }
};

}  // namespace

EmptyCanvas::EmptyCanvas(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("emptyCanvas"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(16);
    auto* heading = new QLabel(tr("Start with an example, or add a layer"), this);
    heading->setFont(boldFont());
    heading->setAlignment(Qt::AlignCenter);
    layout->addWidget(heading);
    auto* row = new QHBoxLayout;
    row->setSpacing(kGap);
    const struct {
        QString icon, title, text;
    } cards[] = {
        {QStringLiteral("error"), tr("Conv1D into Conv2D"),
         tr("A sequence meets a picture layer: see why it fails and repair it")},
        {QStringLiteral("array"), tr("Flattened spectrogram"),
         tr("200 numbers become a picture again with Reshape, then Conv2D")},
        {QStringLiteral("chart"), tr("Conv1D, done right"),
         tr("32 filters over 20 steps, with their outputs as curves")},
    };
    int index = 0;
    for (const auto& entry : cards) {
        auto* card = new Card(entry.icon, entry.title, entry.text, this);
        card->pressed = [this, index] { Q_EMIT exampleRequested(index); };
        row->addWidget(card);
        ++index;
    }
    layout->addLayout(row);
    auto* keys = new QLabel(tr("<b>Tab</b> adds a layer at the pointer · <b>Ctrl+O</b> opens a project · "
                               "or drop a WAV, FLAC, PNG, NPY or Keras JSON file here"),
                            this);
    keys->setProperty("role", QStringLiteral("secondary"));
    keys->setAlignment(Qt::AlignCenter);
    keys->setWordWrap(true);
    layout->addWidget(keys);
}

void EmptyCanvas::place() {
    const QSize room = parentWidget()->size();
    const int width = std::min(3 * kCardWidth + 2 * kGap + 40, room.width());
    const int height = std::max(sizeHint().height(), layout()->heightForWidth(width));
    setGeometry((room.width() - width) / 2, std::max(0, (room.height() - height) / 2), width, height);
}

}  // namespace shapewise::ui
