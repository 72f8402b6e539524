#include "ui/inspector/output_picture.h"

#include "core/view_math/colour_scale.h"
#include "core/view_math/map_layout.h"
#include "core/view_math/picture_colours.h"
#include "ui/base/qt_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/viewers/tensor_view_stack.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kHeight = 210;

/// "waits for conv2d" as it stands alone: "Waits for conv2d".
QString sentence(QString text) {
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace

OutputPicture::OutputPicture(QWidget* parent, std::vector<TensorViewSpec> views)
    : QWidget(parent),
      pages_(new TensorViewStack(std::move(views), this)),
      readOut_(new QLabel(this)),
      job_([this](const QString& why) { showNothing(why); }) {
    pages_->message()->setProperty("role", QStringLiteral("secondary"));
    pages_->message()->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    readOut_->setFont(fixedFont());
    readOut_->setProperty("role", QStringLiteral("secondary"));
    readOut_->setWordWrap(true);
    readOut_->setMinimumHeight(readOut_->fontMetrics().lineSpacing() * 2);
    readOut_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(pages_, 1);
    column->addWidget(readOut_);
    connect(pages_, &TensorViewStack::readOutChanged, this, &OutputPicture::showRange);
}

void OutputPicture::showNothing(const QString& why) {
    job_.cancel();
    pages_->setMinimumHeight(0);
    readOut_->setVisible(false);
    wanted_.reset();
    shown_ = {};
    pages_->clear();
    pages_->showMessage(why);
    Q_EMIT shownChanged();
}

void OutputPicture::show(const exec::NodeRun* run, const QString& why) {
    const bool hasOutput =
        run != nullptr && !run->outputs.empty() && run->outputs.front() != nullptr && run->outputs.front()->count() > 0;
    if (!hasOutput)
        return showNothing(run != nullptr && !run->problem.empty() ? sentence(toQString(run->problem)) : why);
    pages_->setMinimumHeight(kHeight);
    readOut_->setVisible(true);
    if (wanted_ == run->outputs.front()) return;
    wanted_ = run->outputs.front();
    TensorShown shown = tensorShown(wanted_, run->types.front());
    shown.isPicture = run->isPicture;
    measure(std::move(shown));
}

void OutputPicture::measure(TensorShown shown) {
    const auto inside = [](std::int64_t index, std::int64_t count) {
        return std::clamp<std::int64_t>(index, 0, std::max<std::int64_t>(count - 1, 0));
    };
    shown.place.sample = inside(place_.sample, shown.values->rank() == 0 ? 1 : shown.values->size(0));
    shown.place.map = inside(place_.map, view_math::mapCount(*shown.values, shown.layout));
    shown.place.slice = inside(place_.slice, view_math::sliceCount(*shown.values, shown.layout));
    job_.start(
        measuredCount(shown, Measured::OneSample), [shown] { return measured(shown, Measured::OneSample); },
        [this](const TensorShown& sample) { take(sample); });
}

void OutputPicture::setPlace(const view_math::MapPlace& place) {
    const bool isSame = place.sample == place_.sample && place.map == place_.map && place.slice == place_.slice;
    place_ = place;
    if (isSame || shown_.values == nullptr || wanted_ != shown_.values) return;
    measure(shown_);
}

QString OutputPicture::placeText() const {
    QString sample = tr("sample %1").arg(shown_.place.sample);
    if (shown_.values == nullptr) return sample;
    const bool inColours = shown_.isPicture && view_math::colourAxis(shown_.type.shape, *shown_.values) > 0;
    const bool hasMaps = !inColours && view_math::mapCount(*shown_.values, shown_.layout) > 1;
    return hasMaps ? tr("%1, map %2").arg(sample).arg(shown_.place.map) : sample;
}

void OutputPicture::take(const TensorShown& shown) {
    shown_ = shown;
    const auto number = [&shown](double raw) {
        const double value = view_math::shownValue(static_cast<float>(raw), shown.display);
        return toQString(view_math::valueText(value + 0.0));  // no minus before zero
    };
    range_ = tr("min %1 · max %2").arg(number(shown.statistics.minimum), number(shown.statistics.maximum));
    if (shown.display != view_math::ValueDisplay::Raw) range_ += QStringLiteral(" dB");
    if (shown.statistics.notANumber + shown.statistics.infinite > 0)
        range_ += tr(" · %1 NaN or infinite (magenta)").arg(shown.statistics.notANumber + shown.statistics.infinite);
    showRange({});
    if (const TensorViewSpec* view = suitingView(pages_->views(), shown, Room::Narrow))
        pages_->present(*view, shown);
    else
        pages_->showMessage(tr("There is no view for such a tensor"));
    Q_EMIT shownChanged();
}

bool OutputPicture::isBusy() const { return job_.isRunning() || pages_->isBusy(); }

void OutputPicture::showRange(const QString& hover) {
    readOut_->setText(hover.isEmpty() ? range_ : hover + QChar(u'\n') + range_);
}

QImage OutputPicture::picture() const { return pages_->picture(); }

void OutputPicture::contextMenuEvent(QContextMenuEvent* event) {
    if (shown_.values == nullptr) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(icon(QStringLiteral("copy")), tr("Copy Picture")), &QAction::triggered, this,
            [this] { QApplication::clipboard()->setImage(picture()); });
    connect(menu->addAction(icon(QStringLiteral("save")), tr("Save Picture As…")), &QAction::triggered, this,
            &OutputPicture::savePicture);
    menu->popup(event->globalPos());
}

void OutputPicture::savePicture() {
    Q_EMIT exportRequested(pictureExport(tr("Save Picture"), QStringLiteral("output"), picture()));
}

}  // namespace shapewise::ui
