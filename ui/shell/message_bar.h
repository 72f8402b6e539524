#pragma once
// MessageBar: a message above the canvas: what happened, what to do next, and buttons. Takes room only while it speaks.

#include <QFrame>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace shapewise::ui {

class MessageBar : public QFrame {
    Q_OBJECT

  public:
    enum class Kind { Error, Warning, Note };
    struct Button {
        QString text;
        std::function<void()> handler;
    };

    explicit MessageBar(QWidget* parent = nullptr);

    /// Replaces the message before it. Pressing a button closes the bar.
    void show(Kind kind, const QString& text, const QString& advice = {}, const std::vector<Button>& buttons = {});
    /// The same with a list that unfolds.
    void showList(Kind kind, const QString& text, const QStringList& list);
    [[nodiscard]] QString text() const;

  protected:
    void keyPressEvent(QKeyEvent* event) override;

  private:
    void applyTheme();

    Kind kind_ = Kind::Note;
    QLabel* icon_;
    QLabel* text_;
    QLabel* advice_;
    QPlainTextEdit* list_;
    QToolButton* unfold_;
    QHBoxLayout* buttonRow_;
};

}  // namespace shapewise::ui
