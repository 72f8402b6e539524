#include "ui/inspector/text_fields.h"

#include "ui/base/qt_text.h"
#include "ui/inspector/number_box.h"
#include "ui/inspector/value_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace shapewise::ui {
namespace {

constexpr int kLinkSize = 20;

QHBoxLayout* rowIn(QWidget* parent) {
    auto* row = new QHBoxLayout(parent);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    return row;
}

QString hintOf(const layers::ParamSpec& spec) {
    using layers::ParamKind;
    if (spec.kind == ParamKind::Sizes) return QStringLiteral("(28, 28, 1)");
    if (spec.kind == ParamKind::Padding)
        return spec.axes == 1 ? QStringLiteral("1  or  (1, 2)") : QStringLiteral("1  or  ((0, 1), (0, 1))");
    if (spec.kind == ParamKind::IntegerList) return QStringLiteral("(2, 1)");
    return {};
}

}  // namespace

NumberField::NumberField(const layers::ParamSpec& spec, QWidget* parent)
    : Field(spec, parent),
      box_(new NumberBox(spec.kind == layers::ParamKind::Integer ? NumberBox::Kind::Whole : NumberBox::Kind::Real,
                         this)) {
    box_->setStepLimits(spec.minimum, spec.maximum);
    rowIn(this)->addWidget(box_);
    setEditor(box_);
    connect(box_, &NumberBox::textEdited, this, [this](const QString& text) { take(parseValue(this->spec(), text)); });
}

void NumberField::display(const std::optional<Value>& value) {
    box_->setText(value ? valueText(spec(), *value) : mixedText());
}

TextField::TextField(const layers::ParamSpec& spec, QWidget* parent) : Field(spec, parent), line_(new QLineEdit(this)) {
    line_->setPlaceholderText(hintOf(spec));
    line_->setReadOnly(spec.kind == layers::ParamKind::Any);
    rowIn(this)->addWidget(line_);
    setEditor(line_);
    connect(line_, &QLineEdit::textEdited, this, [this](const QString& text) { take(parseValue(this->spec(), text)); });
}

void TextField::display(const std::optional<Value>& value) {
    line_->setText(value ? valueText(spec(), *value) : mixedText());
    line_->setCursorPosition(0);
}

SpatialField::SpatialField(const layers::ParamSpec& spec, QWidget* parent) : Field(spec, parent) {
    auto* row = rowIn(this);
    for (int axis = 0; axis < spec.axes; ++axis) {
        if (axis > 0) {
            signs_.push_back(new QLabel(QStringLiteral("×"), this));
            row->addWidget(signs_.back());
        }
        auto* box = new NumberBox(NumberBox::Kind::Whole, this);
        box->setStepLimits(spec.minimum, spec.maximum);
        row->addWidget(box, 1);
        setEditor(box);
        const auto index = static_cast<std::size_t>(axis);
        connect(box, &NumberBox::textEdited, this, [this, index](const QString& text) { boxEdited(index, text); });
        boxes_.push_back(box);
    }
    line_ = new QLineEdit(this);
    line_->setVisible(false);
    row->addWidget(line_, 1);
    setEditor(line_);
    connect(line_, &QLineEdit::textEdited, this, [this](const QString& text) { take(parseValue(this->spec(), text)); });
    if (spec.axes > 1) {
        link_ = new QToolButton(this);
        link_->setCheckable(true);
        link_->setChecked(true);
        link_->setAutoRaise(true);
        link_->setFixedSize(kLinkSize, kLinkSize);
        link_->setIconSize(QSize(kLinkSize - 6, kLinkSize - 6));
        link_->setStyleSheet(
            QStringLiteral("QToolButton { padding: 0; background: transparent; border-color: transparent; }"
                           "QToolButton:focus { border-color: palette(highlight); }"));
        link_->setToolTip(tr("Same number for all axes"));
        link_->setAccessibleName(tr("%1: same number for all axes").arg(labelOf(spec)));
        link_->setFocusPolicy(Qt::TabFocus);
        row->addWidget(link_);
        connect(link_, &QToolButton::clicked, this, &SpatialField::setLinked);
        // The chain is in the accent colour while it holds.
        connect(link_, &QToolButton::toggled, this, &SpatialField::showLink);
        connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, &SpatialField::showLink);
        showLink();
    }
}

void SpatialField::showForm(bool asLine) {
    for (NumberBox* box : boxes_) box->setVisible(!asLine);
    for (QWidget* sign : signs_) sign->setVisible(!asLine);
    line_->setVisible(asLine);
    if (link_ != nullptr) link_->setVisible(!asLine);
}

void SpatialField::display(const std::optional<Value>& value) {
    const bool isList = value && value->isList() && value->asList().size() == boxes_.size();
    const bool isPlain = !value || value->isInteger() || value->isNone() || isList;
    showForm(!isPlain);
    if (!isPlain) {
        line_->setText(valueText(spec(), *value));
        return;
    }
    bool agree = true;
    for (std::size_t axis = 0; axis < boxes_.size(); ++axis) {
        const Value& number = isList ? value->asList()[axis] : value ? *value : Value();
        agree = agree && (!isList || number == value->asList().front());
        boxes_[axis]->setText(value ? toQString(number.text()) : mixedText());
    }
    if (link_ != nullptr && value) link_->setChecked(agree);
}

void SpatialField::boxEdited(std::size_t axis, const QString& text) {
    const Result<Value> typed = parseValue(spec(), text);
    const bool isWholeField = typed && !typed->isInteger();
    if (isWholeField) {
        for (std::size_t other = 0; other < boxes_.size(); ++other)
            if (other != axis && typed->isList()) boxes_[other]->setText(toQString(typed->asList()[other].text()));
        take(typed);
        return;
    }
    if (!typed || boxes_.size() == 1) return take(typed);
    if (link_->isChecked()) {
        for (NumberBox* other : boxes_)
            if (other != boxes_[axis]) other->setText(text.trimmed());
        return take(typed);
    }
    ValueList numbers;
    for (const NumberBox* box : boxes_) {
        const Result<std::int64_t> number = parseWholeNumber(box->text());
        if (!number) return take(tl::unexpected(number.error()));
        numbers.emplace_back(*number);
    }
    take(Value(std::move(numbers)));
}

void SpatialField::showLink() {
    link_->setIcon(icon(QStringLiteral("link"), link_->isChecked() ? tokens().accent : tokens().unknown));
}

void SpatialField::setLinked(bool linked) {
    if (!linked) return;
    const Result<std::int64_t> first = parseWholeNumber(boxes_.front()->text());
    if (!first) return;
    for (NumberBox* box : boxes_) box->setText(QString::number(*first));
    take(Value(*first));
}

}  // namespace shapewise::ui
