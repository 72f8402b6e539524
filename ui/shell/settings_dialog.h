#pragma once
// SettingsDialog: theme, live run, memory limit and threads. Changes apply at once.

#include "ui/shell/settings.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace shapewise::ui {

class SettingsDialog : public QDialog {
    Q_OBJECT

  public:
    /// `limitInUse`: bytes a run may take now.
    SettingsDialog(const Settings& settings, std::uint64_t limitInUse, QWidget* parent = nullptr);

  Q_SIGNALS:
    void changed(const shapewise::ui::Settings& settings);

  private:
    void announce();

    Settings settings_;
    QComboBox* theme_;
    QCheckBox* live_;
    QDoubleSpinBox* memory_;
    QSpinBox* threads_;
};

}  // namespace shapewise::ui
