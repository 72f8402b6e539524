#pragma once
// ShapePage: the shapes at all ports of one node, with axes, with and without the batch, and the arithmetic behind
// them.

#include <QTextBrowser>

#include "core/base/ids.h"

namespace shapewise::ui {

class DocumentModel;

class ShapePage : public QTextBrowser {
    Q_OBJECT

  public:
    explicit ShapePage(QWidget* parent = nullptr);
    void setDocument(DocumentModel* document);
    void showNode(NodeId node);

  private:
    void refresh();
    [[nodiscard]] QString html() const;

    DocumentModel* document_ = nullptr;
    NodeId node_;
};

}  // namespace shapewise::ui
