#pragma once
// OutputPage: what one node put out in the last run: picture, statistics, and how long it took.

#include "core/exec/run.h"

#include <QWidget>

#include <memory>

class QLabel;

namespace shapewise::ui {

class DocumentModel;
class OutputPicture;

class OutputPage : public QWidget {
    Q_OBJECT

  public:
    explicit OutputPage(QWidget* parent = nullptr);
    void setDocument(DocumentModel* document);
    void showNode(NodeId node);
    void setRun(std::shared_ptr<const exec::RunReport> report);

    [[nodiscard]] OutputPicture* picture() const { return picture_; }

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void refresh();
    void showNumbers();
    [[nodiscard]] const exec::NodeRun* run() const;
    [[nodiscard]] QString numbersText(const exec::NodeRun& run) const;

    DocumentModel* document_ = nullptr;
    NodeId node_;
    std::shared_ptr<const exec::RunReport> report_;
    OutputPicture* picture_;
    QLabel* numbers_;
};

}  // namespace shapewise::ui
