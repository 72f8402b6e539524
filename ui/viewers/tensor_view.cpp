#include "ui/viewers/tensor_view.h"

#include "core/view_math/colour_scale.h"
#include "core/view_math/picture_colours.h"
#include "ui/base/qt_text.h"

#include <algorithm>
#include <utility>

namespace shapewise::ui {

TensorShown tensorShown(exec::TensorPtr values, const tensor::TensorType& type) {
    TensorShown shown;
    shown.type = type;
    shown.layout = view_math::chooseLayout(values->rank() == type.shape.rank() ? type.shape : values->shape());
    shown.display = view_math::valueDisplay(type);
    shown.values = std::move(values);
    return shown;
}

std::int64_t measuredCount(const TensorShown& shown, Measured which) {
    if (shown.values == nullptr) return 0;
    const bool isWhole = which == Measured::EverySample || shown.values->rank() == 0;
    return shown.values->count() / (isWhole ? 1 : std::max<std::int64_t>(shown.values->size(0), 1));
}

TensorShown measured(TensorShown shown, Measured which) {
    const auto count = static_cast<std::size_t>(measuredCount(shown, which));
    if (!shown.values) return shown;
    const std::size_t samples = count == 0 ? 1 : std::max<std::size_t>(shown.values->values().size() / count, 1);
    const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(shown.place.sample, 0));
    const std::size_t sample = std::min(wanted, samples - 1);
    shown.statistics = view_math::statisticsOf(shown.values->values().subspan(sample * count, count));
    return shown;
}

QString axisLabel(const tensor::TensorType& type, int axis) {
    if (axis < 0) return {};
    switch (type.scale(axis).kind) {
        case tensor::AxisScale::Kind::Seconds: return QStringLiteral("s");
        case tensor::AxisScale::Kind::Hertz: return QStringLiteral("Hz");
        case tensor::AxisScale::Kind::Mel: return QStringLiteral("Hz (mel)");
        default: break;
    }
    const tensor::AxisMeaning meaning =
        axis < type.shape.rank() ? type.shape.meaning(axis) : tensor::AxisMeaning::Unknown;
    if (meaning == tensor::AxisMeaning::Unknown) return QStringLiteral("axis %1").arg(axis);
    return toQString(tensor::axisName(meaning));
}

QString readOut(const TensorShown& shown, const TensorIndex& index) {
    if (shown.isEmpty() || index.empty()) return {};
    QString place;
    QString positions;
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
        if (axis > 0) place += QStringLiteral(", ");
        place += QString::number(index[axis]);
        const tensor::AxisScale scale = shown.type.scale(static_cast<int>(axis));
        if (scale.kind == tensor::AxisScale::Kind::None) continue;
        if (!positions.isEmpty()) positions += QStringLiteral(" · ");
        positions += toQString(view_math::positionText(static_cast<double>(index[axis]), scale));
    }
    if (const int colours = shown.isPicture ? view_math::colourAxis(shown.type.shape, *shown.values) : -1;
        colours > 0) {
        TensorIndex channel = index;
        QStringList values;
        for (std::int64_t at = 0; at < shown.values->size(colours); ++at) {
            channel[static_cast<std::size_t>(colours)] = at;
            values +=
                toQString(view_math::valueText(static_cast<double>(view_math::valueAt(*shown.values, channel)) + 0.0));
        }
        const QString colour = QStringLiteral("   (%1)").arg(values.join(QStringLiteral(", ")));
        return QStringLiteral("[%1]").arg(place) + colour;
    }
    const float raw = view_math::valueAt(*shown.values, index);
    const QString number = toQString(view_math::valueText(static_cast<double>(raw) + 0.0));  // no −0
    QString text = QStringLiteral("[%1]").arg(place);
    if (!positions.isEmpty()) text += QStringLiteral("   ") + positions;
    if (shown.display == view_math::ValueDisplay::LnMagnitude) {
        const double decibels = view_math::shownValue(raw, shown.display);
        return text + QStringLiteral("   %1 dB (ln %2)").arg(toQString(view_math::valueText(decibels)), number);
    }
    if (shown.display == view_math::ValueDisplay::Decibels) return text + QStringLiteral("   %1 dB").arg(number);
    return text + QStringLiteral("   ") + number;
}

}  // namespace shapewise::ui
