#include "ui/palette/layer_list_model.h"

#include "core/layers/framework/catalog.h"
#include "ui/base/qt_text.h"
#include "ui/palette/layer_search.h"
#include "ui/theme/theme.h"

#include <QIconEngine>
#include <QMimeData>
#include <QPainter>

#include <map>

namespace shapewise::ui {
namespace {

/// Painted, so that it is sharp at any scale.
class ColorSquare : public QIconEngine {
  public:
    explicit ColorSquare(QColor color) : color_(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override {
        constexpr double kShare = 0.6;
        const double side = rect.width() * kShare;
        const QPointF corner = QRectF(rect).center() - QPointF(side / 2, side / 2);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color_.lighter(tokens().theme == Theme::Dark ? 125 : 100));
        painter->drawRoundedRect(QRectF(corner, QSizeF(side, side)), side * 0.3, side * 0.3);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new ColorSquare(color_); }

  private:
    QColor color_;
};

QString headingOf(layers::Category category) {
    const std::string_view title = layers::categoryTitle(category);
    return toQString(title).toUpper();
}

}  // namespace

QIcon categoryIcon(const QColor& color) { return QIcon(new ColorSquare(color)); }

LayerListModel::LayerListModel(QObject* parent) : QStandardItemModel(parent) {}

QStandardItem* LayerListModel::makeRow(const layers::LayerType& type, const QString& reason) const {
    auto* item = new QStandardItem(categoryIcon(Tokens::category(type.category)), layerListTitle(type));
    item->setData(layerClassName(type), ClassNameRole);
    item->setData(reason, ReasonRole);
    item->setData(layerListTitle(type), Qt::AccessibleTextRole);
    item->setToolTip(reason.isEmpty() ? layerSummary(type) : QStringLiteral("%1\n%2").arg(layerSummary(type), reason));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
    if (!reason.isEmpty()) item->setForeground(tokens().unknown);
    return item;
}

void LayerListModel::fillByCategory(const QString& query) {
    clear();
    // Every layer that matches, in the order of the catalogue: a filter does not shuffle a list people know.
    std::map<const layers::LayerType*, bool> matches;
    for (const layers::LayerType* type : searchLayers(query)) matches[type] = true;
    QStandardItem* heading = nullptr;
    layers::Category current{};
    for (const layers::LayerType* type : layers::allLayers()) {
        if (matches.count(type) == 0) continue;
        if (heading == nullptr || type->category != current) {
            current = type->category;
            heading = new QStandardItem(headingOf(current));
            heading->setFlags(Qt::ItemIsEnabled);
            heading->setForeground(tokens().secondaryText);
            heading->setFont(smallFont());
            appendRow(heading);
        }
        heading->appendRow(makeRow(*type, {}));
    }
}

void LayerListModel::fillFlat(const QString& query, int rank, bool needsInput) {
    clear();
    std::vector<QStandardItem*> refused;
    for (const layers::LayerType* type : searchLayers(query)) {
        const QString reason = needsInput ? whyNotFed(*type, rank) : QString();
        QStandardItem* item = makeRow(*type, reason);
        if (!reason.isEmpty()) item->setText(QStringLiteral("%1 · %2").arg(layerListTitle(*type), reason));
        // Who writes a name in full means that layer, whether or not it fits here.
        if (reason.isEmpty() || isExactName(*type, query)) {
            appendRow(item);
        } else {
            refused.push_back(item);
        }
    }
    for (QStandardItem* item : refused) appendRow(item);
}

QString LayerListModel::classNameAt(const QModelIndex& index) const { return index.data(ClassNameRole).toString(); }

QModelIndex LayerListModel::firstLayer() const {
    if (rowCount() == 0) return {};
    const QModelIndex top = index(0, 0);
    return classNameAt(top).isEmpty() ? index(0, 0, top) : top;
}

QModelIndex LayerListModel::indexOf(const QString& className) const {
    const QModelIndexList found =
        match(index(0, 0), ClassNameRole, className, 1, Qt::MatchExactly | Qt::MatchRecursive);
    return found.isEmpty() ? QModelIndex() : found.front();
}

QStringList LayerListModel::mimeTypes() const { return {QString::fromLatin1(kLayerMimeType)}; }

QMimeData* LayerListModel::mimeData(const QModelIndexList& indexes) const {
    for (const QModelIndex& index : indexes) {
        const QString name = classNameAt(index);
        if (name.isEmpty()) continue;
        auto* data = new QMimeData;
        data->setData(QString::fromLatin1(kLayerMimeType), name.toUtf8());
        return data;
    }
    return nullptr;
}

}  // namespace shapewise::ui
