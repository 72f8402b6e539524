#pragma once
// LayerListModel: the catalogue as rows, with category headings or flat. Rows can be dragged out.

#include <QIcon>
#include <QStandardItemModel>

namespace shapewise::layers {
struct LayerType;
}

namespace shapewise::ui {

/// Of a layer dragged out of the palette; the payload is its class name in UTF-8.
inline constexpr char kLayerMimeType[] = "application/x-shapewise-layer";

class LayerListModel : public QStandardItemModel {
    Q_OBJECT

  public:
    enum Role { ClassNameRole = Qt::UserRole + 1, ReasonRole };

    explicit LayerListModel(QObject* parent = nullptr);

    /// Headings with their layers below, those that match.
    void fillByCategory(const QString& query);
    /// Best match first. Layers that cannot take a tensor of `rank` come last, with the reason; -1: not asked.
    void fillFlat(const QString& query, int rank, bool needsInput);

    /// Empty for headings.
    [[nodiscard]] QString classNameAt(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex firstLayer() const;
    [[nodiscard]] QModelIndex indexOf(const QString& className) const;

    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;

  private:
    [[nodiscard]] QStandardItem* makeRow(const layers::LayerType& type, const QString& reason) const;
};

/// A rounded square in the category's colour.
[[nodiscard]] QIcon categoryIcon(const QColor& color);

}  // namespace shapewise::ui
