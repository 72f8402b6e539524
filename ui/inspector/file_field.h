#pragma once
// FileField: the path of a data file, several, or a folder of them: typed, browsed for, or dropped.

#include "ui/inspector/field.h"

class QLineEdit;

namespace shapewise::ui {

class FileField : public Field {
    Q_OBJECT

  public:
    FileField(const layers::ParamSpec& spec, QWidget* parent);
    void setFolder(const QString& folder) override { folder_ = folder; }

  protected:
    void display(const std::optional<Value>& value) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void browse();
    void browseFolder();
    void choose(const QStringList& paths);

    QLineEdit* line_;
    QString folder_;
};

}  // namespace shapewise::ui
