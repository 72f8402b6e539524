#pragma once
// Breadcrumbs: where the canvas is while a group is open: the project, the groups on the way, the one shown. Takes room
// only then. A click on a part goes back there.

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace shapewise::ui {

class DocumentModel;

class Breadcrumbs : public QFrame {
    Q_OBJECT

  public:
    explicit Breadcrumbs(DocumentModel* document, QWidget* parent = nullptr);

    /// What the first part says: the name of the file.
    void setProjectName(const QString& name);
    /// The parts from the project to the open group.
    [[nodiscard]] QStringList parts() const;

  private:
    void refresh();
    void clearParts();
    [[nodiscard]] QString noteText() const;

    DocumentModel* document_;
    QString projectName_;
    QToolButton* back_;
    QHBoxLayout* row_;
    QLabel* note_;
};

}  // namespace shapewise::ui
