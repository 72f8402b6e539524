#pragma once
// Activations: what a node put out in the last run, in a view of the table, with the choices it leaves and a read-out.

#include "core/exec/run.h"
#include "ui/base/latest_job.h"
#include "ui/session/panel.h"
#include "ui/viewers/tensor_views.h"

#include <memory>
#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QSpinBox;

namespace shapewise::ui {

class TensorViewStack;

class ActivationsView : public Panel {
    Q_OBJECT

  public:
    explicit ActivationsView(QWidget* parent = nullptr, std::vector<TensorViewSpec> views = tensorViews());

    /// Looks at the first node selected there.
    void setSession(DocumentSession* session) override;
    [[nodiscard]] NodeId node() const { return node_; }

    /// The picture on screen, with its axes and colour bar.
    [[nodiscard]] QImage picture() const;
    /// True while what is on screen is of an earlier choice.
    [[nodiscard]] bool isBusy() const override;
    [[nodiscard]] QWidget* focusTarget() override;

  Q_SIGNALS:
    /// Which sample, map and slice are looked at, after each change.
    void placeChanged(const shapewise::view_math::MapPlace& place);

  public Q_SLOTS:
    void copyPicture();
    void savePicture();
    void saveNumbers();

  private:
    void nameChoices();
    void fillChoices();
    void layOut();
    void connectChoices();
    [[nodiscard]] std::vector<QWidget*> choices() const;
    void showNode(NodeId node);
    void setRun(std::shared_ptr<const exec::RunReport> run);
    void refresh();
    /// Null, and a message says why, where there is no output to look at.
    [[nodiscard]] const exec::NodeRun* result();
    void offerOutputs(int count);
    void offerViews();
    void offerSamples();
    void nameSample();
    void applyDisplay();
    void showMessage(const QString& text);
    void measure();
    void showRemark(const exec::NodeRun& run);
    void showWalks(bool walksMaps);
    void showPages();
    void enlarge(const TensorIndex& index);
    [[nodiscard]] QString fileStem() const;

    DocumentSession* session_ = nullptr;
    NodeId node_;
    std::shared_ptr<const exec::RunReport> run_;
    TensorShown wanted_;  ///< what is looked at, its statistics perhaps still unknown
    TensorShown shown_;   ///< the same with its statistics; of an earlier tensor until they are known
    std::vector<std::string> sampleNames_;
    LatestJob statistics_;

    QLabel* title_;
    QLabel* remark_;
    QComboBox* output_;
    QComboBox* mode_;
    QSpinBox* sample_;
    QSpinBox* map_;
    QSpinBox* slice_;
    QSpinBox* page_;
    QComboBox* colormap_;
    QComboBox* range_;
    TensorViewStack* pages_;
};

}  // namespace shapewise::ui
