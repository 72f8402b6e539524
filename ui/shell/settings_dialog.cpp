#include "ui/shell/settings_dialog.h"

#include "core/base/text.h"
#include "ui/base/qt_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace shapewise::ui {
namespace {

constexpr double kMostGib = 4096.0;
constexpr int kMostThreads = 256;
constexpr int kWidth = 420;

}  // namespace

SettingsDialog::SettingsDialog(const Settings& settings, std::uint64_t limitInUse, QWidget* parent)
    : QDialog(parent),
      settings_(settings),
      theme_(new QComboBox(this)),
      live_(new QCheckBox(tr("Run after every change"), this)),
      memory_(new QDoubleSpinBox(this)),
      threads_(new QSpinBox(this)) {
    setWindowTitle(tr("Settings"));
    setMinimumWidth(kWidth);
    theme_->addItem(tr("Follow the desktop"), static_cast<int>(ThemeChoice::System));
    theme_->addItem(tr("Dark"), static_cast<int>(ThemeChoice::Dark));
    theme_->addItem(tr("Light"), static_cast<int>(ThemeChoice::Light));
    theme_->setCurrentIndex(theme_->findData(static_cast<int>(settings.theme)));
    live_->setChecked(settings.liveRun);
    memory_->setObjectName(QStringLiteral("memoryLimit"));
    memory_->setRange(0.0, kMostGib);
    memory_->setDecimals(2);
    memory_->setSingleStep(0.5);
    memory_->setSuffix(tr(" GiB"));
    memory_->setSpecialValueText(tr("Half of the machine's memory"));
    memory_->setValue(settings.memoryLimitGib);
    threads_->setObjectName(QStringLiteral("threads"));
    threads_->setRange(0, kMostThreads);
    threads_->setSpecialValueText(tr("Chosen by the engine"));
    threads_->setValue(settings.threads);

    auto* form = new QFormLayout;
    form->setVerticalSpacing(10);
    form->addRow(tr("Theme"), theme_);
    form->addRow(tr("Live run"), live_);
    form->addRow(tr("Memory limit of a run"), memory_);
    form->addRow(tr("Threads"), threads_);
    auto* note = new QLabel(tr("In use now: %1. A run that would need more is refused before it starts.")
                                .arg(toQString(humanBytes(static_cast<std::int64_t>(limitInUse)))),
                            this);
    note->setProperty("role", QStringLiteral("secondary"));
    note->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 12);
    column->setSpacing(12);
    column->addLayout(form);
    column->addWidget(note);
    column->addWidget(buttons);
    connect(theme_, &QComboBox::activated, this, &SettingsDialog::announce);
    connect(live_, &QCheckBox::toggled, this, &SettingsDialog::announce);
    connect(memory_, &QDoubleSpinBox::valueChanged, this, &SettingsDialog::announce);
    connect(threads_, &QSpinBox::valueChanged, this, &SettingsDialog::announce);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::accept);
    memory_->setFocus();
}

void SettingsDialog::announce() {
    settings_.theme = static_cast<ThemeChoice>(theme_->currentData().toInt());
    settings_.liveRun = live_->isChecked();
    settings_.memoryLimitGib = memory_->value();
    settings_.threads = threads_->value();
    Q_EMIT changed(settings_);
}

}  // namespace shapewise::ui
