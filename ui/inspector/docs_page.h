#pragma once
// DocsPage: what the catalogue says of a layer: description, formula, and all parameters with defaults.

#include <QTextBrowser>

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::ui {

class DocsPage : public QTextBrowser {
    Q_OBJECT

  public:
    explicit DocsPage(QWidget* parent = nullptr);
    /// Null: nothing selected.
    void showLayer(const layers::LayerType* type);
    /// Scrolls to a parameter of that layer and marks it.
    void showParameter(const QString& key);

  private:
    const layers::LayerType* type_ = nullptr;
};

/// The page as Markdown.
[[nodiscard]] QString docsMarkdown(const layers::LayerType& type);

}  // namespace shapewise::ui
