#include "ui/inspector/choice_fields.h"

#include "core/base/text.h"
#include "ui/base/qt_text.h"
#include "ui/inspector/value_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QWheelEvent>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

/// Scrolling the panel must not change what the pointer happens to pass over.
class QuietComboBox : public QComboBox {
  public:
    using QComboBox::QComboBox;

  protected:
    void wheelEvent(QWheelEvent* event) override {
        if (hasFocus())
            QComboBox::wheelEvent(event);
        else
            event->ignore();
    }
};

QHBoxLayout* rowIn(QWidget* parent) {
    auto* row = new QHBoxLayout(parent);
    row->setContentsMargins(0, 0, 0, 0);
    return row;
}

QComboBox* makeBox(QWidget* parent) {
    auto* box = new QuietComboBox(parent);
    box->setFocusPolicy(Qt::StrongFocus);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    return box;
}

bool isChoice(const layers::ParamSpec& spec, const std::string& name) {
    return std::find(spec.choices.begin(), spec.choices.end(), name) != spec.choices.end();
}

}  // namespace

CheckField::CheckField(const layers::ParamSpec& spec, QWidget* parent)
    : Field(spec, parent), box_(new QCheckBox(this)) {
    rowIn(this)->addWidget(box_);
    setEditor(box_);
    connect(box_, &QCheckBox::clicked, this, [this](bool checked) {
        box_->setTristate(false);
        take(Value(checked));
    });
}

void CheckField::display(const std::optional<Value>& value) {
    const bool isFlag = value && value->isBool();
    box_->setTristate(!isFlag);
    box_->setCheckState(!isFlag ? Qt::PartiallyChecked : value->asBool() ? Qt::Checked : Qt::Unchecked);
    box_->setText(value && !isFlag ? valueText(spec(), *value) : QString());
}

ChoiceField::ChoiceField(const layers::ParamSpec& spec, QWidget* parent) : Field(spec, parent), box_(makeBox(this)) {
    fill();
    rowIn(this)->addWidget(box_);
    setEditor(box_);
    connect(box_, &QComboBox::activated, this, [this](int index) {
        const QString name = box_->itemData(index).toString();
        if (name.isNull()) return;
        // What the layer does anyway is written as nothing.
        const bool isNone = name.isEmpty() || (name == QLatin1String("linear") && meansLinear(this->spec().fallback));
        take(isNone ? Value() : Value(name.toStdString()));
    });
}

void ChoiceField::fill() {
    box_->clear();
    // None of an activation is called linear, which is among the choices.
    if (spec().noneAllowed && !meansLinear(Value())) box_->addItem(noneText(spec()), QStringLiteral(""));
    for (const std::string_view choice : spec().choices) box_->addItem(toQString(choice), toQString(choice));
}

bool ChoiceField::meansLinear(const Value& value) const {
    return value.isNone() && spec().kind == layers::ParamKind::Activation && isChoice(spec(), "linear");
}

void ChoiceField::display(const std::optional<Value>& value) {
    fill();
    const QString text = !value                ? mixedText()
                         : meansLinear(*value) ? QStringLiteral("linear")
                                               : valueText(spec(), *value);
    int index = box_->findText(text, Qt::MatchFixedString);
    if (index < 0) {
        box_->insertItem(0, text);  // no data: choosing it again changes nothing
        index = 0;
        const std::vector<std::string> names(spec().choices.begin(), spec().choices.end());
        const std::vector<std::string> nearest = value ? nearestNames(text.toStdString(), names, 1) : names;
        if (value && !nearest.empty()) box_->setToolTip(tr("Perhaps “%1” is meant").arg(toQString(nearest.front())));
    } else {
        box_->setToolTip(toQString(spec().help));
    }
    box_->setCurrentIndex(index);
}

SuggestionField::SuggestionField(const layers::ParamSpec& spec, QWidget* parent)
    : Field(spec, parent), box_(makeBox(this)) {
    box_->setEditable(true);
    box_->setInsertPolicy(QComboBox::NoInsert);
    if (spec.noneAllowed) box_->addItem(QStringLiteral("None"));
    for (const std::string_view choice : spec.choices) box_->addItem(toQString(choice));
    box_->completer()->setFilterMode(Qt::MatchContains);
    box_->completer()->setCompletionMode(QCompleter::PopupCompletion);
    box_->completer()->setCaseSensitivity(Qt::CaseInsensitive);
    rowIn(this)->addWidget(box_);
    setEditor(box_);
    const auto typed = [this](const QString& text) { take(read(text)); };
    connect(box_->lineEdit(), &QLineEdit::textEdited, this, typed);
    connect(box_, &QComboBox::textActivated, this, typed);
}

Result<Value> SuggestionField::read(const QString& text) const {
    // Half a word on its way to another is no wish for None.
    if (text.trimmed().isEmpty()) return failure(tr("Choose a name from the list").toStdString());
    Result<Value> value = parseValue(spec(), text);
    const bool isName = value && value->isText() && spec().kind == layers::ParamKind::Window;
    if (!isName || isChoice(spec(), value->asText())) return value;
    const std::vector<std::string> names(spec().choices.begin(), spec().choices.end());
    const std::vector<std::string> nearest = nearestNames(value->asText(), names, 1);
    Error error;
    error.message = (nearest.empty() ? tr("There is no window named “%1”").arg(text.trimmed().left(24))
                                     : tr("There is no window named “%1”; perhaps “%2” is meant")
                                           .arg(text.trimmed().left(24), toQString(nearest.front())))
                        .toStdString();
    return tl::unexpected(std::move(error));
}

void SuggestionField::display(const std::optional<Value>& value) {
    const QString text = value ? valueText(spec(), *value) : mixedText();
    const int index = box_->findText(text, Qt::MatchFixedString);
    box_->setCurrentIndex(index);
    box_->setEditText(text);
}

}  // namespace shapewise::ui
