#pragma once
// Activations: what a node put out in the last run, in a view of the table, with the choices it leaves and a read-out.

#include "core/exec/run.h"
#include "ui/base/export.h"
#include "ui/base/latest_job.h"
#include "ui/viewers/tensor_views.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QSpinBox;

namespace shapewise::ui {

class DocumentModel;
class TensorViewStack;

class ActivationsView : public QWidget {
    Q_OBJECT

  public:
    explicit ActivationsView(QWidget* parent = nullptr, std::vector<TensorViewSpec> views = tensorViews());

    void setDocument(DocumentModel* document);
    /// The node to look at; an invalid id empties the view.
    void showNode(NodeId node);
    [[nodiscard]] NodeId node() const { return node_; }
    /// Results to look at from now on; null while there are none.
    void setRun(std::shared_ptr<const exec::RunReport> run);

    /// The picture on screen, with its axes and colour bar.
    [[nodiscard]] QImage picture() const;
    /// True while what is on screen is of an earlier choice.
    [[nodiscard]] bool isBusy() const;

  public Q_SLOTS:
    void copyPicture();
    void savePicture();
    void saveNumbers();

  Q_SIGNALS:
    /// Under the pointer: "[0, 12, 3, 5] = 0.4127 · 0.42 s"; for a status bar.
    void readOutChanged(const QString& text);
    /// Picture or numbers are to be written to a file.
    void exportRequested(const shapewise::ui::Export& what);

  private:
    void nameChoices();
    void fillChoices();
    void layOut();
    void connectChoices();
    [[nodiscard]] std::vector<QWidget*> choices() const;
    void refresh();
    /// Null, and a message says why, where there is no output to look at.
    [[nodiscard]] const exec::NodeRun* result();
    void offerOutputs(int count);
    void offerViews();
    void offerSamples();
    void applyDisplay();
    void showMessage(const QString& text);
    void measure();
    void showWalk(bool walksMaps, std::int64_t maps);
    void showPages();
    void enlarge(const TensorIndex& index);
    [[nodiscard]] QString fileStem() const;

    DocumentModel* document_ = nullptr;
    NodeId node_;
    std::shared_ptr<const exec::RunReport> run_;
    TensorShown wanted_;  ///< what is looked at, its statistics perhaps still unknown
    TensorShown shown_;   ///< the same with its statistics; of an earlier tensor until they are known
    LatestJob statistics_;

    QLabel* title_;
    QComboBox* output_;
    QComboBox* mode_;
    QSpinBox* sample_;
    QSpinBox* slice_;
    QSpinBox* page_;
    QComboBox* colormap_;
    QComboBox* range_;
    TensorViewStack* pages_;
};

}  // namespace shapewise::ui
