#pragma once
// QuickAdd: the search field for layers that opens on the canvas. A child of the view, not a window of its own, so
// that it works alike on X11 and Wayland.

#include <QFrame>

class QLabel;
class QLineEdit;
class QListView;

namespace shapewise::ui {

class LayerListModel;

class QuickAdd : public QFrame {
    Q_OBJECT

  public:
    explicit QuickAdd(QWidget* parent);

    /// At that point of the parent. With `needsInput`, layers that cannot take a tensor of `rank` are dimmed and come
    /// last. `title` says what is searched for.
    void open(const QPoint& at, const QString& title, int rank, bool needsInput);
    void cancel();

  Q_SIGNALS:
    void layerChosen(const QString& className);
    /// Still visible: whoever wants the focus next takes it now, or it goes to the next widget of the window.
    void closing();
    void closed();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void applyFilter(const QString& text);
    void choose(const QModelIndex& index);
    void putAway();
    void moveSelection(int rows);
    void showSummary(const QModelIndex& index);

    QLabel* title_ = nullptr;
    QLineEdit* field_ = nullptr;
    QListView* list_ = nullptr;
    QLabel* summary_ = nullptr;
    LayerListModel* model_ = nullptr;
    int rank_ = -1;
    bool needsInput_ = false;
    bool isClosing_ = false;
};

}  // namespace shapewise::ui
