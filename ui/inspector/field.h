#pragma once
// Field: the editor of one parameter. Shows a value, tells what was typed, and keeps text that cannot be read in place
// until it can. Knows no node and no document.

#include "core/base/result.h"
#include "core/layers/framework/param.h"

#include <QWidget>

#include <optional>

namespace shapewise::ui {

class Field : public QWidget {
    Q_OBJECT

  public:
    Field(const layers::ParamSpec& spec, QWidget* parent);

    [[nodiscard]] const layers::ParamSpec& spec() const { return spec_; }
    /// nullopt: the selected nodes differ, shown as "—". Text being typed stays while the value is still the same.
    void present(const std::optional<Value>& value);
    /// Throws away what was typed and shows `value`.
    void restore(const std::optional<Value>& value);
    /// Red outline: the text cannot be read, or the document has a problem with the value.
    virtual void setWrong(bool wrong);
    /// Where relative file paths start from; for fields of files.
    virtual void setFolder(const QString&) {}

  Q_SIGNALS:
    void edited(const shapewise::Value& value);
    /// What is typed stands for no value; the document keeps the old one.
    void unreadable(const QString& why);
    /// The keyboard came to the field.
    void focused();
    /// The keyboard left it.
    void left();

  protected:
    virtual void display(const std::optional<Value>& value) = 0;
    /// From subclasses when the user has changed something.
    void take(const Result<Value>& value);
    /// Wires focus, undo keys and the red outline of the widget one types into.
    void setEditor(QWidget* editor);
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void selectText(QWidget* editor, const QEvent& event);

    layers::ParamSpec spec_;
    std::optional<Value> shown_;
    bool hasShown_ = false;
    QList<QWidget*> editors_;
    bool selectsOnRelease_ = false;  ///< the click that brought the keyboard
};

/// The editor for a kind of parameter.
[[nodiscard]] Field* makeField(const layers::ParamSpec& spec, QWidget* parent);

/// Shown for values that differ between the selected nodes.
[[nodiscard]] QString mixedText();

}  // namespace shapewise::ui
