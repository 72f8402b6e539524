#include "ui/inspector/number_box.h"

#include "core/base/checked_math.h"
#include "ui/inspector/value_text.h"

#include <QLineEdit>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace shapewise::ui {
namespace {

constexpr int kNarrowest = 44;  // pixels
constexpr int kUsual = 72;
constexpr int kMostDecimals = 8;

std::int64_t clampedWhole(std::int64_t number, double minimum, double maximum) {
    // Beyond 2^53 bounds are no exact numbers and nobody steps there.
    if (std::isfinite(minimum) && static_cast<double>(number) < minimum) return static_cast<std::int64_t>(minimum);
    if (std::isfinite(maximum) && static_cast<double>(number) > maximum) return static_cast<std::int64_t>(maximum);
    return number;
}

int decimalsOf(const QString& text) {
    const qsizetype point = text.indexOf(QChar(u'.'));
    return point < 0 ? 0 : static_cast<int>(std::min<qsizetype>(text.size() - point - 1, kMostDecimals));
}

}  // namespace

NumberBox::NumberBox(Kind kind, QWidget* parent) : QAbstractSpinBox(parent), kind_(kind) {
    setFocusPolicy(Qt::StrongFocus);
    connect(lineEdit(), &QLineEdit::textEdited, this, &NumberBox::textEdited);
}

void NumberBox::setStepLimits(double minimum, double maximum) {
    minimum_ = minimum;
    maximum_ = maximum;
}

void NumberBox::setText(const QString& text) {
    if (lineEdit()->text() != text) lineEdit()->setText(text);
}

void NumberBox::stepBy(int steps) {
    const QString text = kind_ == Kind::Whole ? steppedWhole(steps) : steppedReal(steps);
    if (text == lineEdit()->text()) return;
    lineEdit()->setText(text);
    Q_EMIT textEdited(text);
}

QString NumberBox::steppedWhole(int steps) const {
    const Result<std::int64_t> number = parseWholeNumber(lineEdit()->text());
    const std::int64_t start = std::isfinite(minimum_) ? static_cast<std::int64_t>(minimum_) : 1;
    const std::int64_t next = number ? saturatingAdd(*number, steps) : start;
    return QString::number(clampedWhole(next, minimum_, maximum_));
}

QString NumberBox::steppedReal(int steps) const {
    const QString text = lineEdit()->text();
    const Result<double> number = parseReal(text);
    if (!number) return realText(std::isfinite(minimum_) ? minimum_ : 0.0);
    if (text.contains(QChar(u'e'), Qt::CaseInsensitive)) return realText(*number * std::pow(10.0, steps));
    const int decimals = std::max(1, decimalsOf(text));  // the last digit written is the one that moves
    const double next = *number + steps * std::pow(10.0, -decimals);
    return QString::number(std::clamp(next, minimum_, maximum_), 'f', decimals);
}

QAbstractSpinBox::StepEnabled NumberBox::stepEnabled() const {
    return isReadOnly() ? StepNone : StepUpEnabled | StepDownEnabled;
}

void NumberBox::wheelEvent(QWheelEvent* event) {
    if (hasFocus())
        QAbstractSpinBox::wheelEvent(event);
    else
        event->ignore();  // scrolls the panel instead
}

QSize NumberBox::sizeHint() const { return {kUsual, QAbstractSpinBox::sizeHint().height()}; }

QSize NumberBox::minimumSizeHint() const { return {kNarrowest, QAbstractSpinBox::minimumSizeHint().height()}; }

}  // namespace shapewise::ui
