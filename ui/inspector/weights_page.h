#pragma once
// WeightsPage: the weights of one node: names, shapes, how many numbers, smallest and largest. The numbers are looked
// at on a thread of their own, for layers of up to kMostNumbers.

#include <QWidget>

#include "core/base/ids.h"
#include "ui/base/latest_job.h"

#include <vector>

class QLabel;
class QTableWidget;

namespace shapewise::ui {

class DocumentModel;

class WeightsPage : public QWidget {
    Q_OBJECT

  public:
    explicit WeightsPage(QWidget* parent = nullptr);
    ~WeightsPage() override;
    void setDocument(DocumentModel* document);
    void showNode(NodeId node);

    static constexpr std::int64_t kMostNumbers = 20'000'000;

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Range {
        float minimum = 0.0F;
        float maximum = 0.0F;
    };
    void refresh();
    void fillRows();
    void startRanges();
    void showRanges(const std::vector<Range>& ranges);

    DocumentModel* document_ = nullptr;
    NodeId node_;
    QLabel* summary_;
    QTableWidget* table_;
    LatestJob job_;
};

}  // namespace shapewise::ui
