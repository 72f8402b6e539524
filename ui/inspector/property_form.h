#pragma once
// PropertyForm: a row for each parameter: label, reset dot, editor, unit, and what is wrong below it. Made from specs;
// the owner says which values to show and receives what was typed.

#include <QWidget>

#include "core/layers/framework/param.h"

#include <QHash>

#include <functional>
#include <optional>
#include <vector>

class QGridLayout;
class QLabel;
class QToolButton;

namespace shapewise::ui {

class Field;

/// Of the column of labels, pixels.
inline constexpr int kLabelWidth = 104;

class PropertyForm : public QWidget {
    Q_OBJECT

  public:
    explicit PropertyForm(QWidget* parent = nullptr);

    /// Builds the rows anew. Hidden parameters get none.
    void setSpecs(const std::vector<const layers::ParamSpec*>& specs);
    [[nodiscard]] std::vector<QString> keys() const;

    struct Shown {
        std::optional<Value> value;  ///< nullopt: the selected nodes differ
        bool isChanged = false;      ///< from the default
        bool isVisible = true;
        QString problem;  ///< of the document with this value; empty when there is none
    };
    /// Brings the rows up to date without disturbing what is being typed.
    void present(const std::function<Shown(const layers::ParamSpec&)>& shown);
    void setFolder(const QString& folder);
    void focusKey(const QString& key);
    [[nodiscard]] Field* field(const QString& key) const;

  Q_SIGNALS:
    void edited(const QString& key, const shapewise::Value& value);
    void resetRequested(const QString& key);
    /// The help of the row the keyboard is in.
    void hintChanged(const QString& hint);

  private:
    struct Row {
        const layers::ParamSpec* spec = nullptr;
        QLabel* label = nullptr;
        QToolButton* dot = nullptr;
        Field* field = nullptr;
        QLabel* unit = nullptr;
        QLabel* problem = nullptr;
        QString unreadable;  ///< why the text in the field is no value
        Shown last;
    };
    void addRow(const layers::ParamSpec& spec);
    void connectRow(std::size_t index);
    void showProblem(Row& row);

    QGridLayout* grid_;
    std::vector<Row> rows_;
};

}  // namespace shapewise::ui
