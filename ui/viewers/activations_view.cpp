#include "ui/viewers/activations_view.h"

#include "core/io/data/data_files.h"
#include "ui/session/document_model.h"
#include "ui/viewers/curves_view.h"
#include "ui/viewers/feature_map_grid.h"
#include "ui/viewers/heat_map_view.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace shapewise::ui {
namespace {

enum Mode { kAutomatic, kMaps, kOneMap, kCurves };

}  // namespace

ActivationsView::ActivationsView(QWidget* parent)
    : QWidget(parent),
      title_(new QLabel),
      message_(new QLabel),
      output_(new QComboBox),
      mode_(new QComboBox),
      sample_(new QSpinBox),
      slice_(new QSpinBox),
      page_(new QSpinBox),
      colormap_(new QComboBox),
      range_(new QComboBox),
      pages_(new QStackedWidget),
      map_(new HeatMapView),
      grid_(new FeatureMapGrid),
      curves_(new CurvesView) {
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    title_->setObjectName(QStringLiteral("activationsTitle"));
    message_->setAlignment(Qt::AlignCenter);
    message_->setWordWrap(true);
    mode_->addItem(tr("Automatic"), kAutomatic);
    mode_->addItem(tr("All Maps"), kMaps);
    mode_->addItem(tr("One Map"), kOneMap);
    mode_->addItem(tr("Curves"), kCurves);
    colormap_->addItem(tr("By Data"), QString());
    for (const view_math::Colormap& map : view_math::allColormaps())
        colormap_->addItem(QString::fromUtf8(map.title.data(), static_cast<qsizetype>(map.title.size())),
                           QString::fromUtf8(map.id.data(), static_cast<qsizetype>(map.id.size())));
    range_->addItem(tr("Shared Range"), static_cast<int>(RangePolicy::SharedByLayer));
    range_->addItem(tr("Range per Map"), static_cast<int>(RangePolicy::PerMap));
    range_->addItem(tr("Full Range"), static_cast<int>(RangePolicy::Full));
    range_->setToolTip(
        tr("Shared: 1st to 99th percentile of the layer · per map: of each map · full: minimum to maximum"));
    for (QComboBox* box : {mode_, colormap_, range_, output_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(9);
        box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0) + 24);
    }
    // The bar gives way before the window does: a long name is cut, the buttons stay.
    title_->setMinimumWidth(40);
    title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    sample_->setPrefix(tr("sample "));
    slice_->setPrefix(tr("map "));
    page_->setPrefix(tr("page "));
    for (QWidget* widget : std::initializer_list<QWidget*>{output_, sample_, slice_, page_}) widget->setVisible(false);
    output_->setAccessibleName(tr("Output"));
    mode_->setAccessibleName(tr("Kind of picture"));
    mode_->setToolTip(tr("All channels side by side, one of them large, or curves"));
    sample_->setAccessibleName(tr("Sample"));
    sample_->setToolTip(tr("Which sample of the batch"));
    slice_->setAccessibleName(tr("Map or slice"));
    page_->setAccessibleName(tr("Page of maps"));
    page_->setToolTip(tr("%1 maps a page").arg(FeatureMapGrid::kMapsPerPage));
    colormap_->setAccessibleName(tr("Colours"));
    colormap_->setToolTip(tr("Colours of the values"));
    range_->setAccessibleName(tr("Range of colours"));

    const auto button = [this](const QString& text, const QString& tip, void (ActivationsView::*slot)()) {
        auto* made = new QToolButton;
        made->setText(text);
        made->setToolTip(tip);
        connect(made, &QToolButton::clicked, this, slot);
        return made;
    };
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 4, 10, 4);
    bar->setSpacing(8);
    bar->addWidget(title_, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{output_, mode_, sample_, slice_, page_, colormap_, range_})
        bar->addWidget(widget);
    bar->addWidget(button(tr("Copy"), tr("Copy the picture"), &ActivationsView::copyPicture));
    bar->addWidget(button(tr("Save PNG…"), tr("Save the picture with its axes"), &ActivationsView::savePicture));
    bar->addWidget(button(tr("Save .npy…"), tr("Save the numbers of all samples"), &ActivationsView::saveNumbers));

    pages_->addWidget(message_);
    pages_->addWidget(map_);
    pages_->addWidget(grid_);
    pages_->addWidget(curves_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(pages_, 1);

    for (QComboBox* box : {mode_, colormap_, range_})
        connect(box, &QComboBox::activated, this, [this] { applyDisplay(); });
    connect(output_, &QComboBox::activated, this, [this] { refresh(); });
    for (QSpinBox* box : {sample_, slice_}) connect(box, &QSpinBox::valueChanged, this, [this] { applyDisplay(); });
    connect(page_, &QSpinBox::valueChanged, this, [this](int page) { grid_->setPage(page - 1); });
    connect(map_, &HeatMapView::readOutChanged, this, &ActivationsView::readOutChanged);
    connect(grid_, &FeatureMapGrid::readOutChanged, this, &ActivationsView::readOutChanged);
    connect(curves_, &CurvesView::readOutChanged, this, &ActivationsView::readOutChanged);
    connect(grid_, &FeatureMapGrid::mapChosen, this, [this](qlonglong map) {
        mode_->setCurrentIndex(mode_->findData(kOneMap));
        slice_->setValue(static_cast<int>(map));
        applyDisplay();
    });
    showMessage(tr("Select a node to see what it puts out"));
}

void ActivationsView::setDocument(DocumentModel* document) { document_ = document; }

void ActivationsView::showNode(NodeId node) {
    if (node == node_) return;
    node_ = node;
    refresh();
}

void ActivationsView::setRun(std::shared_ptr<const exec::RunReport> run) {
    run_ = std::move(run);
    refresh();
}

bool ActivationsView::isBusy() const {
    return statistics_.isRunning() || map_->isBusy() || grid_->isBusy() || curves_->isBusy();
}

void ActivationsView::showMessage(const QString& text) {
    statistics_.cancel();
    shown_ = {};
    message_->setText(text);
    pages_->setCurrentWidget(message_);
    for (QWidget* widget : std::initializer_list<QWidget*>{mode_, sample_, slice_, page_, colormap_, range_})
        widget->setEnabled(false);
}

void ActivationsView::refresh() {
    tensor_.reset();
    const QString name = document_ && node_.isValid() ? document_->nodeName(node_) : QString();
    title_->setText(name.isEmpty() ? tr("No node selected") : name);
    if (name.isEmpty()) {
        showMessage(tr("Select a node to see what it puts out"));
        return;
    }
    if (!document_->analysis()[node_].isKnown()) {
        showMessage(tr("No output: the shape of %1 is not known. Problems says why").arg(name));
        return;
    }
    if (!run_ || !run_->nodes.contains(node_)) {
        showMessage(tr("No result yet: run the graph with Run Once or switch Live Run on"));
        return;
    }
    const exec::NodeRun& result = run_->nodes.at(node_);
    if (result.outputs.empty()) {
        showMessage(result.problem.empty() ? tr("This node puts nothing out")
                                           : name + QStringLiteral(": ") + QString::fromStdString(result.problem));
        return;
    }
    const auto count = static_cast<int>(result.outputs.size());
    if (output_->count() != count) {
        output_->clear();
        for (int index = 0; index < count; ++index) output_->addItem(tr("Output %1").arg(index));
    }
    output_->setVisible(count > 1);
    const auto chosen = static_cast<std::size_t>(std::clamp(output_->currentIndex(), 0, count - 1));
    tensor_ = result.outputs[chosen];
    type_ = result.types[chosen];
    const std::string shape = tensor::extentsText(tensor_->extents()) + "  " + type_.shape.axesText();
    title_->setText(name + QStringLiteral("   ") + QString::fromStdString(shape));
    title_->setToolTip(title_->text());
    if (tensor_->count() == 0) {
        showMessage(tr("The output has no elements"));
        return;
    }
    layout_ = view_math::chooseLayout(tensor_->rank() == type_.shape.rank() ? type_.shape : tensor_->shape());
    refreshChoices();
    if (shown_.values == tensor_)
        applyDisplay();
    else
        measure();
}

/// Statistics read every number: on another thread where there are many.
void ActivationsView::measure() {
    ShownTensor shown;
    shown.values = tensor_;
    shown.type = type_;
    shown.layout = layout_;
    shown.display = view_math::valueDisplay(type_);
    statistics_.start(
        tensor_->count(),
        [shown] {
            ShownTensor measured = shown;
            measured.statistics = view_math::statisticsOf(shown.values->values());
            return measured;
        },
        [this](ShownTensor measured) {
            if (measured.values != tensor_) return;  // of a node looked at before
            shown_ = std::move(measured);
            applyDisplay();
        });
}

void ActivationsView::refreshChoices() {
    for (QWidget* widget : std::initializer_list<QWidget*>{mode_, sample_, slice_, page_, colormap_, range_})
        widget->setEnabled(true);
    const QSignalBlocker noSample(sample_);
    const QSignalBlocker noSlice(slice_);
    sample_->setRange(0, static_cast<int>(std::min<std::int64_t>(tensor_->size(0), 1 << 24)) - 1);
    sample_->setVisible(tensor_->size(0) > 1);
}

void ActivationsView::applyDisplay() {
    if (!tensor_ || tensor_->count() == 0 || shown_.values != tensor_) return;
    int mode = mode_->currentData().toInt();
    const std::int64_t maps = view_math::mapCount(*tensor_, layout_);
    if (mode == kAutomatic) mode = layout_.isCurve ? kCurves : maps > 1 ? kMaps : kOneMap;
    showWalk(mode, maps);
    view_math::MapPlace place;
    place.sample = sample_->value();
    (mode == kOneMap && maps > 1 ? place.map : place.slice) = slice_->value();
    MapStyle style;
    style.colormapId = colormap_->currentData().toString().toStdString();
    style.policy = static_cast<RangePolicy>(range_->currentData().toInt());
    colormap_->setVisible(mode != kCurves);
    range_->setVisible(mode != kCurves);
    if (mode == kCurves) {
        curves_->show(shown_, place);
        pages_->setCurrentWidget(curves_);
    } else if (mode == kMaps) {
        grid_->show(shown_, place, style);
        pages_->setCurrentWidget(grid_);
    } else {
        map_->show(shown_, place, style);
        pages_->setCurrentWidget(map_);
    }
    showPages();
}

/// The number that walks through maps where one is shown, else through slices of a volume.
void ActivationsView::showWalk(int mode, std::int64_t maps) {
    const bool walksMaps = mode == kOneMap && maps > 1;
    const std::int64_t walk = walksMaps ? maps : view_math::sliceCount(*tensor_, layout_);
    const QSignalBlocker quiet(slice_);
    slice_->setPrefix(walksMaps ? tr("map ") : tr("slice "));
    slice_->setToolTip(walksMaps ? tr("Which channel") : tr("Which slice of the volume"));
    slice_->setRange(0, static_cast<int>(std::min<std::int64_t>(walk, 1 << 24)) - 1);
    slice_->setVisible(walk > 1);
}

void ActivationsView::showPages() {
    const bool isPaged = pages_->currentWidget() == grid_ && grid_->pageCount() > 1;
    page_->setVisible(isPaged);
    if (!isPaged) return;
    const QSignalBlocker quiet(page_);
    page_->setRange(1, static_cast<int>(grid_->pageCount()));
    page_->setSuffix(tr(" of %1").arg(grid_->pageCount()));
    page_->setValue(static_cast<int>(grid_->page()) + 1);
}

QImage ActivationsView::picture() const {
    const qreal ratio = devicePixelRatioF();
    if (pages_->currentWidget() == map_) return map_->picture(pages_->size(), ratio);
    if (pages_->currentWidget() == grid_) return grid_->picture(ratio);
    if (pages_->currentWidget() == curves_) return curves_->picture(ratio);
    return {};
}

void ActivationsView::copyPicture() {
    const QImage image = picture();
    if (image.isNull()) return;
    auto* content = new QMimeData;
    content->setImageData(image);
    content->setText(title_->text());
    QApplication::clipboard()->setMimeData(content);
}

QString ActivationsView::fileStem() const {
    const QString name = document_ != nullptr ? document_->nodeName(node_) : QString();
    return name.isEmpty() ? QStringLiteral("activation") : name;
}

void ActivationsView::savePicture() {
    const QImage image = picture();
    if (!image.isNull()) Q_EMIT exportRequested(pictureExport(tr("Save Picture"), fileStem(), image));
}

void ActivationsView::saveNumbers() {
    if (!tensor_) return;
    Q_EMIT exportRequested(
        {tr("Save Numbers"), fileStem(), QStringLiteral("npy"), tr("NumPy array (*.npy)"),
         [values = tensor_](const std::filesystem::path& path) { return io::writeNpy(*values, path); }});
}

}  // namespace shapewise::ui
