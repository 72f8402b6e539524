#include "ui/inspector/property_form.h"

#include "ui/base/qt_text.h"
#include "ui/inspector/field.h"
#include "ui/inspector/value_text.h"
#include "ui/theme/icons.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kDotSize = 14;

QToolButton* makeDot(QWidget* parent, const QString& label) {
    auto* dot = new QToolButton(parent);
    dot->setObjectName(QStringLiteral("resetDot"));
    dot->setAutoRaise(true);
    dot->setIcon(icon(QStringLiteral("reset")));
    dot->setIconSize(QSize(kDotSize - 4, kDotSize - 4));
    dot->setFixedSize(kDotSize, kDotSize);
    dot->setStyleSheet(QStringLiteral("padding: 0;"));
    dot->setFocusPolicy(Qt::TabFocus);
    dot->setAccessibleName(PropertyForm::tr("Reset %1").arg(label));
    QSizePolicy policy = dot->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    dot->setSizePolicy(policy);
    return dot;
}

QLabel* makeLabel(QWidget* parent, const layers::ParamSpec& spec) {
    auto* label = new QLabel(labelOf(spec), parent);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setFixedWidth(kLabelWidth);
    label->setWordWrap(true);
    label->setToolTip(toQString(spec.help));
    return label;
}

}  // namespace

PropertyForm::PropertyForm(QWidget* parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    grid_->setContentsMargins(12, 4, 12, 10);
    grid_->setHorizontalSpacing(4);
    grid_->setVerticalSpacing(0);  // hidden rows take no room; fields bring their own
    grid_->setColumnStretch(2, 1);
}

void PropertyForm::setSpecs(const std::vector<const layers::ParamSpec*>& specs) {
    for (Row& row : rows_)
        for (QWidget* widget :
             {static_cast<QWidget*>(row.label), static_cast<QWidget*>(row.dot), static_cast<QWidget*>(row.field),
              static_cast<QWidget*>(row.unit), static_cast<QWidget*>(row.problem)}) {
            if (widget == nullptr) continue;
            grid_->removeWidget(widget);
            widget->hide();
            widget->deleteLater();
        }
    rows_.clear();
    for (const layers::ParamSpec* spec : specs)
        if (!spec->hidden) addRow(*spec);
    for (std::size_t index = 0; index < rows_.size(); ++index) connectRow(index);
}

void PropertyForm::addRow(const layers::ParamSpec& spec) {
    Row row;
    row.spec = &spec;
    row.label = makeLabel(this, spec);
    row.dot = makeDot(this, labelOf(spec));
    row.field = makeField(spec, this);
    row.field->setObjectName(toQString(spec.key));
    row.field->setContentsMargins(0, 2, 0, 3);
    row.label->setBuddy(row.field);
    row.problem = new QLabel(this);
    row.problem->setProperty("role", QStringLiteral("error"));
    row.problem->setWordWrap(true);
    row.problem->hide();
    const int line = static_cast<int>(rows_.size()) * 3;
    grid_->addWidget(row.label, line, 0, Qt::AlignTop | Qt::AlignLeft);
    row.label->setContentsMargins(0, 7, 0, 0);
    grid_->addWidget(row.dot, line, 1);
    if (spec.kind == layers::ParamKind::Layer) {
        // A form inside the form takes the whole width: its own labels stand where those around it do.
        grid_->addWidget(row.field, line + 1, 0, 1, 4);
    } else if (spec.unit.empty()) {
        grid_->addWidget(row.field, line, 2, 1, 2);
    } else {
        row.unit = new QLabel(toQString(spec.unit), this);
        row.unit->setProperty("role", QStringLiteral("secondary"));
        grid_->addWidget(row.field, line, 2);
        grid_->addWidget(row.unit, line, 3);
    }
    grid_->addWidget(row.problem, line + 2, 0, 1, 4);
    rows_.push_back(row);
}

void PropertyForm::connectRow(std::size_t index) {
    const Row& row = rows_[index];
    const QString key = toQString(row.spec->key);
    connect(row.field, &Field::edited, this, [this, index, key](const Value& value) {
        rows_[index].unreadable.clear();
        showProblem(rows_[index]);
        Q_EMIT edited(key, value);
    });
    connect(row.field, &Field::unreadable, this, [this, index](const QString& why) {
        rows_[index].unreadable = why;
        showProblem(rows_[index]);
    });
    connect(row.field, &Field::focused, this,
            [this, index] { Q_EMIT hintChanged(toQString(rows_[index].spec->help)); });
    connect(row.field, &Field::left, this, [this] { Q_EMIT hintChanged(QString()); });
    connect(row.dot, &QToolButton::clicked, this, [this, index, key] {
        Row& mine = rows_[index];
        mine.unreadable.clear();
        mine.field->restore(mine.last.value);
        Q_EMIT resetRequested(key);
        showProblem(rows_[index]);
    });
}

void PropertyForm::showProblem(Row& row) {
    const bool isUnreadable = !row.unreadable.isEmpty();
    const QString text = isUnreadable ? row.unreadable : row.last.problem;
    const bool isVisible = row.last.isVisible && !text.isEmpty();
    row.problem->setText(text);
    row.problem->setVisible(isVisible);
    row.field->setWrong(isVisible);
    row.dot->setVisible(row.last.isVisible && (row.last.isChanged || isUnreadable));
    row.dot->setToolTip(isUnreadable && !row.last.isChanged
                            ? tr("Back to the value in use")
                            : tr("Reset to %1").arg(valueText(*row.spec, row.spec->fallback)));
}

void PropertyForm::present(const std::function<Shown(const layers::ParamSpec&)>& shown) {
    for (Row& row : rows_) {
        Shown now = shown(*row.spec);
        const bool isSame = row.last.value == now.value;
        row.last = std::move(now);
        if (!isSame) row.unreadable.clear();
        row.field->present(row.last.value);
        row.label->setVisible(row.last.isVisible);
        row.field->setVisible(row.last.isVisible);
        if (row.unit != nullptr) row.unit->setVisible(row.last.isVisible);
        QFont font = row.label->font();
        font.setBold(row.last.isChanged);
        row.label->setFont(font);
        row.label->setProperty("changed", row.last.isChanged);
        showProblem(row);
    }
}

void PropertyForm::setFolder(const QString& folder) {
    for (const Row& row : rows_) row.field->setFolder(folder);
}

void PropertyForm::focusKey(const QString& key) {
    if (Field* found = field(key)) found->setFocus(Qt::OtherFocusReason);
}

Field* PropertyForm::field(const QString& key) const {
    for (const Row& row : rows_)
        if (toQString(row.spec->key) == key) return row.field;
    return nullptr;
}

std::vector<QString> PropertyForm::keys() const {
    std::vector<QString> keys;
    for (const Row& row : rows_) keys.push_back(toQString(row.spec->key));
    return keys;
}

}  // namespace shapewise::ui
