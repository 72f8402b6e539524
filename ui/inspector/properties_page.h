#pragma once
// PropertiesPage: name and parameters of the selected nodes, how the shape comes about, what it costs, what comes out.

#include "core/edit/edit.h"
#include "core/exec/run.h"
#include "ui/inspector/property_form.h"
#include "ui/session/file_choice.h"

#include <QScrollArea>

#include <map>
#include <memory>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;

namespace shapewise::session {
struct Change;
}

namespace shapewise::ui {

class DocumentModel;
class OutputPicture;
class Section;

class PropertiesPage : public QScrollArea {
    Q_OBJECT

  public:
    explicit PropertiesPage(QWidget* parent = nullptr);
    void setDocument(DocumentModel* document);

    void setSelection(const std::vector<NodeId>& nodes);
    void setRun(std::shared_ptr<const exec::RunReport> report);
    void focusParameter(const QString& key);
    [[nodiscard]] PropertyForm* form() const { return form_; }
    [[nodiscard]] OutputPicture* outputPicture() const { return output_; }

  Q_SIGNALS:
    void hintChanged(const QString& hint);

  protected:
    /// Esc leaves a name as it was.
    void keyPressEvent(QKeyEvent* event) override;

  private:
    void follow(const session::Change& change);
    void rebuildForm();
    void refresh();
    void refreshName();
    void refreshForm();
    void refreshSections();
    void refreshCost();
    void refreshOutput();
    void nameOutput();
    void rename();
    void showNameProblem();
    [[nodiscard]] QString nameProblem() const;
    void setParameter(const QString& key, const std::optional<Value>& value);
    [[nodiscard]] PropertyForm::Shown shownFor(const layers::ParamSpec& spec) const;
    void collectProblems();
    [[nodiscard]] const graph::Node* first() const;

    DocumentModel* document_ = nullptr;
    std::vector<NodeId> nodes_;
    std::vector<const layers::LayerType*> formTypes_;
    std::shared_ptr<const exec::RunReport> report_;
    std::map<std::string, QString, std::less<>> problems_;  ///< by parameter; "" is the first of all

    FileChoice fileChoice_;
    QString wantedAndGot_;  ///< shapes of the first problem

    QLabel* empty_;
    QWidget* content_;
    QLabel* nameLabel_;
    QLineEdit* name_;
    QLabel* nameProblem_;
    PropertyForm* form_;
    Section* shapeSection_;
    QLabel* shapeProblem_;
    QLabel* arithmetic_;
    Section* costSection_;
    QLabel* cost_;
    Section* outputSection_;
    OutputPicture* output_;
};

}  // namespace shapewise::ui
