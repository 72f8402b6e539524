#include "ui/viewers/activations_view.h"

#include "core/exec/not_finite.h"
#include "core/io/data/data_files.h"
#include "ui/base/eliding_label.h"
#include "ui/base/qt_text.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"
#include "ui/session/run_controller.h"
#include "ui/viewers/tensor_view_stack.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QScrollArea>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr std::int64_t kMostSteps = 1 << 24;  // of a number box

/// Cut in the middle: what tells files apart often stands at the end.
QString shortFileName(const QString& name) {
    constexpr qsizetype kMost = 28;
    return name.size() <= kMost ? name : name.left(kMost / 2) + QChar(u'…') + name.right(kMost / 2);
}

/// Of a box that counts from 0.
void setCount(QSpinBox& box, std::int64_t count) {
    box.setRange(0, static_cast<int>(std::min(count, kMostSteps)) - 1);
    box.setVisible(count > 1);
}

}  // namespace

ActivationsView::ActivationsView(QWidget* parent, std::vector<TensorViewSpec> views)
    : Panel(parent),
      statistics_([this](const QString& why) { showMessage(why); }),
      title_(new ElidingLabel(this)),
      remark_(new QLabel(this)),
      output_(new QComboBox(this)),
      mode_(new QComboBox(this)),
      sample_(new QSpinBox(this)),
      map_(new QSpinBox(this)),
      slice_(new QSpinBox(this)),
      page_(new QSpinBox(this)),
      colormap_(new QComboBox(this)),
      range_(new QComboBox(this)),
      pages_(new TensorViewStack(std::move(views), this)) {
    nameChoices();
    fillChoices();
    layOut();
    connectChoices();
    showMessage(tr("Select a node to see what it puts out"));
}

void ActivationsView::nameChoices() {
    title_->setObjectName(QStringLiteral("activationsTitle"));
    remark_->setObjectName(QStringLiteral("activationsRemark"));
    remark_->setProperty("role", QStringLiteral("secondary"));
    remark_->setTextFormat(Qt::PlainText);
    remark_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    remark_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // one line: the picture needs the height
    remark_->setContentsMargins(10, 0, 10, 2);
    remark_->setVisible(false);
    mode_->setObjectName(QStringLiteral("activationsMode"));
    output_->setAccessibleName(tr("Output"));
    mode_->setAccessibleName(tr("Kind of picture"));
    mode_->setToolTip(tr("All channels side by side, one of them large, or curves"));
    sample_->setAccessibleName(tr("Sample"));
    sample_->setToolTip(tr("Which sample of the batch"));
    sample_->setPrefix(tr("sample "));
    sample_->setObjectName(QStringLiteral("activationsSample"));
    map_->setAccessibleName(tr("Map"));
    map_->setObjectName(QStringLiteral("activationsMap"));
    map_->setPrefix(tr("map "));
    map_->setToolTip(tr("Which channel"));
    slice_->setAccessibleName(tr("Slice"));
    slice_->setObjectName(QStringLiteral("activationsSlice"));
    slice_->setPrefix(tr("slice "));
    slice_->setToolTip(tr("Which slice of the volume"));
    page_->setAccessibleName(tr("Page of maps"));
    page_->setPrefix(tr("page "));
    colormap_->setAccessibleName(tr("Colours"));
    colormap_->setToolTip(tr("Colours of the values"));
    range_->setAccessibleName(tr("Range of colours"));
    range_->setToolTip(
        tr("Shared: 1st to 99th percentile of the layer · per map: of each map · full: minimum to maximum"));
}

void ActivationsView::fillChoices() {
    colormap_->addItem(tr("By Data"), QString());
    for (const view_math::Colormap& map : view_math::allColormaps())
        colormap_->addItem(toQString(map.title), toQString(map.id));
    range_->addItem(tr("Shared Range"), static_cast<int>(RangePolicy::SharedByLayer));
    range_->addItem(tr("Range per Map"), static_cast<int>(RangePolicy::PerMap));
    range_->addItem(tr("Full Range"), static_cast<int>(RangePolicy::Full));
    offerViews();
    for (QComboBox* box : {mode_, colormap_, range_, output_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(9);
        box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0) + 24);
    }
    for (QWidget* widget : std::initializer_list<QWidget*>{output_, sample_, map_, slice_, page_})
        widget->setVisible(false);
}

void ActivationsView::layOut() {
    // The bar gives way before the window does: a long name is cut, the buttons stay.
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    title_->setMinimumWidth(40);
    pages_->message()->setAlignment(Qt::AlignCenter);
    const auto button = [this](const QString& text, const QString& tip, void (ActivationsView::*slot)()) {
        auto* made = new QToolButton(this);
        made->setText(text);
        made->setToolTip(tip);
        connect(made, &QToolButton::clicked, this, slot);
        return made;
    };
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 4, 10, 4);
    bar->setSpacing(8);
    bar->addWidget(title_, 1);
    bar->addWidget(output_);
    for (QWidget* widget : choices()) bar->addWidget(widget);
    bar->addWidget(button(tr("Copy"), tr("Copy the picture"), &ActivationsView::copyPicture));
    bar->addWidget(button(tr("Save PNG…"), tr("Save the picture with its axes"), &ActivationsView::savePicture));
    bar->addWidget(button(tr("Save .npy…"), tr("Save the numbers of all samples"), &ActivationsView::saveNumbers));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(remark_);
    layout->addWidget(pages_, 1);
    auto* scroll = new QScrollArea(this);  // the row of choices may be wider than a small window
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
}

void ActivationsView::connectChoices() {
    for (QComboBox* box : {mode_, colormap_, range_})
        connect(box, &QComboBox::activated, this, [this] { applyDisplay(); });
    connect(output_, &QComboBox::activated, this, [this] { refresh(); });
    for (QSpinBox* box : {sample_, map_, slice_})
        connect(box, &QSpinBox::valueChanged, this, [this] { applyDisplay(); });
    connect(page_, &QSpinBox::valueChanged, this, [this](int page) {
        if (TensorView* view = pages_->current()) view->setPage(page - 1);
    });
    connect(pages_, &TensorViewStack::pagesChanged, this, &ActivationsView::showPages);
    connect(pages_, &TensorViewStack::readOutChanged, this, &ActivationsView::hintChanged);
    connect(pages_, &TensorViewStack::cellChosen, this, &ActivationsView::enlarge);
}

std::vector<QWidget*> ActivationsView::choices() const {
    return {mode_, sample_, map_, slice_, page_, colormap_, range_};
}

void ActivationsView::setSession(DocumentSession* session) {
    if (session_ != nullptr) {
        session_->disconnect(this);
        session_->run()->disconnect(this);
    }
    session_ = session;
    RunController* run = session->run();
    const auto followSelection = [this] {
        showNode(session_->selection().empty() ? NodeId() : session_->selection().front());
    };
    connect(session, &DocumentSession::selectionChanged, this, followSelection);
    connect(run, &RunController::finished, this, [this, run] { setRun(run->report()); });
    connect(run, &RunController::outdated, this, [this, run] {
        if (run->report() == nullptr) setRun(nullptr);
    });
    run_ = run->report();
    followSelection();
    refresh();
}

QWidget* ActivationsView::focusTarget() { return mode_; }

void ActivationsView::showNode(NodeId node) {
    if (node == node_) return;
    node_ = node;
    refresh();
}

void ActivationsView::setRun(std::shared_ptr<const exec::RunReport> run) {
    run_ = std::move(run);
    refresh();
}

bool ActivationsView::isBusy() const { return statistics_.isRunning() || pages_->isBusy(); }

void ActivationsView::showMessage(const QString& text) {
    statistics_.cancel();
    remark_->setVisible(false);
    shown_ = {};
    pages_->showMessage(text);
    for (QWidget* widget : choices()) widget->setEnabled(false);
}

const exec::NodeRun* ActivationsView::result() {
    const QString name = session_ && node_.isValid() ? session_->document()->nodeName(node_) : QString();
    title_->setText(name.isEmpty() ? tr("No node selected") : name);
    QString why;
    const exec::NodeRun* found = nullptr;
    if (run_ != nullptr)
        if (const auto ran = run_->nodes.find(node_); ran != run_->nodes.end()) found = &ran->second;
    if (name.isEmpty())
        why = tr("Select a node to see what it puts out");
    else if (!session_->document()->analysis()[node_].isKnown())
        why = tr("No output: the shape of %1 is not known. Problems says why").arg(name);
    else if (found == nullptr)
        why = tr("No result yet: run the graph with Run Once or switch Live Run on");
    else if (found->outputs.empty())
        why = found->problem.empty() ? tr("This node puts nothing out")
                                     : name + QStringLiteral(": ") + toQString(found->problem);
    if (why.isEmpty()) return found;
    showMessage(why);
    return nullptr;
}

void ActivationsView::refresh() {
    wanted_ = {};
    const exec::NodeRun* ran = result();
    if (ran == nullptr) return;
    const auto count = static_cast<int>(ran->outputs.size());
    offerOutputs(count);
    const auto chosen = static_cast<std::size_t>(std::clamp(output_->currentIndex(), 0, count - 1));
    wanted_ = tensorShown(ran->outputs[chosen], ran->types[chosen]);
    wanted_.isPicture = ran->isPicture;
    sampleNames_ = ran->sampleNames;
    const std::string shape = tensor::extentsText(wanted_.values->extents()) + "  " + wanted_.type.shape.axesText();
    title_->setText(title_->text() + QStringLiteral("   ") + toQString(shape));
    showRemark(*ran);
    if (wanted_.isEmpty()) {
        showMessage(tr("The output has no elements"));
        return;
    }
    for (QWidget* widget : choices()) widget->setEnabled(true);
    offerViews();
    offerSamples();
    if (shown_.values == wanted_.values)
        applyDisplay();
    else
        measure();
}

/// What was done to the numbers, and which of them are none, under the row of choices.
void ActivationsView::showRemark(const exec::NodeRun& run) {
    const QString remark = toQString(exec::remarkOf(run));
    remark_->setText(run.notFinite.any() ? QStringLiteral("⚠ ") + remark : remark);
    remark_->setToolTip(remark);
    remark_->setVisible(!remark.isEmpty());
}

/// Statistics read every number: on another thread where there are many.
void ActivationsView::measure() {
    statistics_.start(
        measuredCount(wanted_, Measured::EverySample),
        [shown = wanted_] { return measured(shown, Measured::EverySample); },
        [this](TensorShown shown) {
            if (shown.values != wanted_.values) return;  // of a node looked at before
            shown_ = std::move(shown);
            applyDisplay();
        });
}

void ActivationsView::offerOutputs(int count) {
    if (output_->count() != count) {
        output_->clear();
        for (int index = 0; index < count; ++index) output_->addItem(tr("Output %1").arg(index));
    }
    output_->setVisible(count > 1);
}

void ActivationsView::offerViews() {
    QStringList ids{QString()};  // automatic
    for (const TensorViewSpec& view : pages_->views())
        if (view.accepts(wanted_.type)) ids += view.id;
    QStringList offered;
    for (int index = 0; index < mode_->count(); ++index) offered += mode_->itemData(index).toString();
    if (ids == offered) return;
    const QString chosen = mode_->currentData().toString();
    mode_->clear();
    for (const QString& id : ids) {
        const TensorViewSpec* view = pages_->view(id);
        mode_->addItem(view == nullptr ? tr("Automatic") : view->title, id);
    }
    mode_->setCurrentIndex(std::max(0, mode_->findData(chosen)));
}

void ActivationsView::offerSamples() {
    const QSignalBlocker quiet(sample_);
    setCount(*sample_, wanted_.values->size(0));
    nameSample();
}

/// The file that the sample shown was read from stands beside its number.
void ActivationsView::nameSample() {
    const auto index = static_cast<std::size_t>(sample_->value());
    const QString name = index < sampleNames_.size() ? toQString(sampleNames_[index]) : QString();
    sample_->setSuffix(name.isEmpty() ? QString() : QStringLiteral(" · ") + shortFileName(name));
    sample_->setToolTip(name.isEmpty() ? tr("Which sample of the batch") : tr("Sample read from %1").arg(name));
}

void ActivationsView::applyDisplay() {
    if (wanted_.isEmpty() || shown_.values != wanted_.values) return;
    const TensorViewSpec* view = pages_->view(mode_->currentData().toString());
    if (view == nullptr) view = suitingView(pages_->views(), shown_, Room::Wide);
    if (view == nullptr) return showMessage(tr("There is no view for such a tensor"));
    showWalks(view->showsOneMap);
    TensorShown shown = shown_;
    shown.place.sample = sample_->value();
    nameSample();
    shown.place.map = view->showsOneMap ? map_->value() : 0;
    shown.place.slice = slice_->value();
    shown.style.colormapId = colormap_->currentData().toString().toStdString();
    shown.style.policy = static_cast<RangePolicy>(range_->currentData().toInt());
    for (QComboBox* box : {colormap_, range_}) box->setVisible(view->hasColors);
    pages_->present(*view, shown);
    showPages();
    Q_EMIT placeChanged({sample_->value(), map_->value(), slice_->value()});
}

/// One number walks through the maps where one is shown, another through the slices of a volume: neither forgets its
/// place when the view changes.
void ActivationsView::showWalks(bool walksMaps) {
    const QSignalBlocker quietMap(map_);
    const QSignalBlocker quietSlice(slice_);
    setCount(*map_, view_math::mapCount(*shown_.values, shown_.layout));
    if (!walksMaps) map_->hide();
    setCount(*slice_, view_math::sliceCount(*shown_.values, shown_.layout));
}

void ActivationsView::showPages() {
    const TensorView* view = pages_->current();
    const bool isPaged = view != nullptr && view->pageCount() > 1;
    page_->setVisible(isPaged);
    if (!isPaged) return;
    const QSignalBlocker quiet(page_);
    page_->setRange(1, static_cast<int>(view->pageCount()));
    page_->setSuffix(tr(" of %1").arg(view->pageCount()));
    page_->setValue(static_cast<int>(view->page()) + 1);
}

/// A map that was clicked among others is shown alone.
void ActivationsView::enlarge(const TensorIndex& index) {
    const auto isOnScreen = [this](const TensorViewSpec& view) { return view.opensMaps && pages_->isCurrent(view); };
    const std::vector<TensorViewSpec>& views = pages_->views();
    if (shown_.layout.maps < 0 || std::none_of(views.begin(), views.end(), isOnScreen)) return;
    const auto large =
        std::find_if(views.begin(), views.end(), [](const TensorViewSpec& view) { return view.showsOneMap; });
    if (large == views.end()) return;
    mode_->setCurrentIndex(mode_->findData(large->id));
    showWalks(true);
    const QSignalBlocker quiet(map_);
    map_->setValue(static_cast<int>(index[static_cast<std::size_t>(shown_.layout.maps)]));
    applyDisplay();
}

QImage ActivationsView::picture() const { return pages_->picture(); }

void ActivationsView::copyPicture() {
    const QImage image = picture();
    if (image.isNull()) return;
    auto* content = new QMimeData;
    content->setImageData(image);
    content->setText(title_->text());
    QApplication::clipboard()->setMimeData(content);
}

QString ActivationsView::fileStem() const {
    const QString name = session_ != nullptr ? session_->document()->nodeName(node_) : QString();
    return name.isEmpty() ? QStringLiteral("activation") : name;
}

void ActivationsView::savePicture() {
    const QImage image = picture();
    if (!image.isNull()) session_->files()->exportFile(pictureExport(tr("Save Picture"), fileStem(), image));
}

void ActivationsView::saveNumbers() {
    if (!wanted_.values) return;
    session_->files()->exportFile(
        {tr("Save Numbers"), fileStem(), QStringLiteral("npy"), tr("NumPy array (*.npy)"),
         [values = wanted_.values](const std::filesystem::path& path) { return io::writeNpy(*values, path); }});
}

}  // namespace shapewise::ui
