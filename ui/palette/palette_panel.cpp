#include "ui/palette/palette_panel.h"

#include "core/layers/framework/catalog.h"
#include "ui/palette/layer_list_model.h"
#include "ui/palette/layer_search.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QDrag>
#include <QIcon>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QTreeView>
#include <QVBoxLayout>

namespace shapewise::ui {
namespace {

/// Drags the small square of the category: the canvas draws what will be there.
class LayerTree : public QTreeView {
  public:
    using QTreeView::QTreeView;

  protected:
    void startDrag(Qt::DropActions) override {
        QMimeData* content = model()->mimeData(selectedIndexes());
        if (content == nullptr) return;
        auto* drag = new QDrag(this);
        drag->setMimeData(content);
        drag->setPixmap(currentIndex().data(Qt::DecorationRole).value<QIcon>().pixmap(iconSize().expandedTo({16, 16})));
        drag->exec(Qt::CopyAction);
    }
};

}  // namespace

PalettePanel::PalettePanel(QWidget* parent) : Panel(parent) {
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Layers"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 4, 0);
    layout->setSpacing(6);

    filterField_ = new QLineEdit(this);
    filterField_->setObjectName(QStringLiteral("paletteFilter"));
    filterField_->setPlaceholderText(tr("Filter… e.g. “pool”"));
    filterField_->setAccessibleName(tr("Filter layers"));
    filterField_->setClearButtonEnabled(true);
    filterField_->addAction(icon(QStringLiteral("search"), tokens().secondaryText), QLineEdit::LeadingPosition);
    filterField_->installEventFilter(this);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 6, 0);
    row->addWidget(filterField_);
    layout->addLayout(row);

    tree_ = new LayerTree(this);
    tree_->setObjectName(QStringLiteral("paletteTree"));
    tree_->setAccessibleName(tr("Layers by category"));
    tree_->setHeaderHidden(true);
    tree_->setRootIsDecorated(false);
    tree_->setIndentation(4);
    tree_->setUniformRowHeights(true);
    tree_->setDragEnabled(true);
    tree_->setDragDropMode(QAbstractItemView::DragOnly);
    tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree_->setExpandsOnDoubleClick(false);
    tree_->installEventFilter(this);
    model_ = new LayerListModel(this);
    tree_->setModel(model_);
    layout->addWidget(tree_, 1);
    setMinimumWidth(200);

    connect(filterField_, &QLineEdit::textChanged, this, &PalettePanel::applyFilter);
    connect(tree_, &QTreeView::doubleClicked, this, &PalettePanel::choose);
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, [this] { applyFilter(filterField_->text()); });
    applyFilter({});
}

QWidget* PalettePanel::focusTarget() { return filterField_; }

void PalettePanel::focusFilter() {
    filterField_->setFocus(Qt::ShortcutFocusReason);
    filterField_->selectAll();
}

void PalettePanel::applyFilter(const QString& text) {
    model_->fillByCategory(text.trimmed());
    tree_->expandAll();
    if (text.trimmed().isEmpty()) return;
    const auto best = searchLayers(text.trimmed());
    if (!best.empty()) tree_->setCurrentIndex(model_->indexOf(layerClassName(*best.front())));
}

const layers::LayerType* PalettePanel::current() const {
    return layers::findLayer(model_->classNameAt(tree_->currentIndex()).toStdString());
}

void PalettePanel::choose(const QModelIndex& index) {
    const QString name = model_->classNameAt(index);
    if (!name.isEmpty()) Q_EMIT layerChosen(name);
}

bool PalettePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress) return Panel::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (isEnter) {
        const QModelIndex current = tree_->currentIndex();
        choose(watched == filterField_ && !current.isValid() ? model_->firstLayer() : current);
        return true;
    }
    if (watched == filterField_ && key->key() == Qt::Key_Down) {
        if (model_->classNameAt(tree_->currentIndex()).isEmpty()) tree_->setCurrentIndex(model_->firstLayer());
        tree_->setFocus(Qt::OtherFocusReason);
        return true;
    }
    if (watched == filterField_ && key->key() == Qt::Key_Escape && !filterField_->text().isEmpty()) {
        filterField_->clear();
        return true;
    }
    return Panel::eventFilter(watched, event);
}

}  // namespace shapewise::ui
