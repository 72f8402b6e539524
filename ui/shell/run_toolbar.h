#pragma once
// The boxes of the toolbar that belong to the document: what data a run uses, and how many samples.

#include <QWidget>

class QComboBox;
class QSpinBox;

namespace shapewise::ui {

class DocumentModel;
class DocumentSession;

class RunSettingsBoxes : public QWidget {
    Q_OBJECT

  public:
    explicit RunSettingsBoxes(QWidget* parent = nullptr);
    /// Shows that session from now on.
    void setSession(DocumentSession* session);

    static constexpr int kLargestBatch = 1'000'000;

  private:
    void refresh();
    /// A box nobody listens to is off, and says why.
    void showWhoListens();
    void change(const QString& label, const std::string& kind, int batch);

    DocumentModel* document_ = nullptr;
    QComboBox* kind_;
    QSpinBox* batch_;
};

}  // namespace shapewise::ui
