#include "ui/inspector/output_picture.h"

#include "core/view_math/colour_scale.h"
#include "core/view_math/map_layout.h"
#include "ui/base/qt_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/viewers/curves_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace shapewise::ui {
namespace {

constexpr int kHeight = 210;

/// With the statistics of sample 0 alone.
ShownTensor shownSample(const exec::TensorPtr& values, const tensor::TensorType& type) {
    ShownTensor shown;
    shown.values = values;
    shown.type = type;
    shown.layout = view_math::chooseLayout(values->rank() == type.shape.rank() ? type.shape : values->shape());
    shown.display = view_math::valueDisplay(type);
    const std::int64_t samples = values->rank() > 0 ? std::max<std::int64_t>(values->size(0), 1) : 1;
    shown.statistics =
        view_math::statisticsOf(values->values().first(static_cast<std::size_t>(values->count() / samples)));
    return shown;
}

/// "waits for conv2d" as it stands alone: "Waits for conv2d".
QString sentence(QString text) {
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace

OutputPicture::OutputPicture(QWidget* parent)
    : QWidget(parent),
      pages_(new QStackedWidget(this)),
      message_(new QLabel(this)),
      map_(new HeatMapView(this)),
      curves_(new CurvesView(this)),
      readOut_(new QLabel(this)) {
    message_->setProperty("role", QStringLiteral("secondary"));
    message_->setWordWrap(true);
    message_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    pages_->addWidget(message_);
    pages_->addWidget(map_);
    pages_->addWidget(curves_);
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
    connect(map_, &HeatMapView::readOutChanged, this, &OutputPicture::showRange);
    connect(curves_, &CurvesView::readOutChanged, this, &OutputPicture::showRange);
}

void OutputPicture::show(const exec::NodeRun* run, const QString& why) {
    const bool hasOutput =
        run != nullptr && !run->outputs.empty() && run->outputs.front() != nullptr && run->outputs.front()->count() > 0;
    pages_->setMinimumHeight(hasOutput ? kHeight : 0);
    readOut_->setVisible(hasOutput);
    if (!hasOutput) {
        job_.cancel();
        wanted_.reset();
        shown_ = {};
        map_->clear();
        curves_->clear();
        message_->setText(run != nullptr && !run->problem.empty() ? sentence(toQString(run->problem)) : why);
        pages_->setCurrentWidget(message_);
        Q_EMIT shownChanged();
        return;
    }
    if (wanted_ == run->outputs.front()) return;
    wanted_ = run->outputs.front();
    const std::int64_t samples = wanted_->rank() > 0 ? std::max<std::int64_t>(wanted_->size(0), 1) : 1;
    job_.start(
        wanted_->count() / samples, [values = wanted_, type = run->types.front()] { return shownSample(values, type); },
        [this](const ShownTensor& shown) { take(shown); });
}

void OutputPicture::take(const ShownTensor& shown) {
    shown_ = shown;
    const auto number = [&shown](double raw) {
        const double value = view_math::shownValue(static_cast<float>(raw), shown.display);
        return toQString(view_math::valueText(value + 0.0));  // no minus before zero
    };
    range_ = tr("min %1 · max %2").arg(number(shown.statistics.minimum), number(shown.statistics.maximum));
    if (shown.display != view_math::ValueDisplay::Raw) range_ += QStringLiteral(" dB");
    if (shown.statistics.notANumber + shown.statistics.infinite > 0)
        range_ += tr(" · %1 not finite").arg(shown.statistics.notANumber + shown.statistics.infinite);
    showRange({});
    const std::int64_t channels = shown.layout.rows < 0 ? 1 : shown.values->size(shown.layout.rows);
    if (shown.layout.isCurve && channels <= CurvesView::kMostCurves) {
        curves_->show(shown, view_math::MapPlace{});
        pages_->setCurrentWidget(curves_);
    } else {
        map_->show(shown, view_math::MapPlace{}, MapStyle{});
        pages_->setCurrentWidget(map_);
    }
    Q_EMIT shownChanged();
}

bool OutputPicture::isBusy() const { return job_.isRunning() || map_->isBusy() || curves_->isBusy(); }

void OutputPicture::showRange(const QString& hover) {
    readOut_->setText(hover.isEmpty() ? range_ : hover + QChar(u'\n') + range_);
}

QImage OutputPicture::picture() const {
    if (shown_.values == nullptr) return {};
    return pages_->currentWidget() == map_ ? map_->picture(pages_->size(), devicePixelRatioF())
                                           : curves_->picture(devicePixelRatioF());
}

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
