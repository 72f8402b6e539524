#pragma once
// Drawing the window with a finished run into a picture, for `shapewise FILE --screenshot OUT.png`.

#include <QObject>
#include <QString>

namespace shapewise::ui {

class MainWindow;

/// Shows `window`, waits until its file is open, its run finished and everything painted, and saves a picture of it.
class Screenshot : public QObject {
    Q_OBJECT

  public:
    Screenshot(MainWindow* window, const QString& output, QObject* parent = nullptr);

  Q_SIGNALS:
    /// `problem` is empty when the picture is written.
    void finished(const QString& problem);

  private:
    void check();
    void showResult();
    void save();

    MainWindow* window_;
    QString output_;
    int quietChecks_ = 0;
    bool isDone_ = false;
};

}  // namespace shapewise::ui
