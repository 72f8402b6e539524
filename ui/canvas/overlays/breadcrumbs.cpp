#include "ui/canvas/overlays/breadcrumbs.h"

#include "ui/session/document_model.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace shapewise::ui {
namespace {

constexpr int kMargin = 6;
constexpr int kLongestName = 40;

QString shortened(const QString& name) {
    return name.size() <= kLongestName ? name : name.left(kLongestName - 1) + QChar(u'…');
}

}  // namespace

Breadcrumbs::Breadcrumbs(DocumentModel* document, QWidget* parent)
    : QFrame(parent),
      document_(document),
      back_(new QToolButton(this)),
      row_(new QHBoxLayout),
      note_(new QLabel(this)) {
    setObjectName(QStringLiteral("breadcrumbs"));
    setAccessibleName(tr("Open groups"));
    back_->setText(QStringLiteral("‹"));
    back_->setAccessibleName(tr("Back"));
    back_->setObjectName(QStringLiteral("groupBack"));
    back_->setToolTip(tr("Back to the graph around this group (Esc)"));
    connect(back_, &QToolButton::clicked, this, [this] { document_->closeGroups(); });
    note_->setProperty("role", QStringLiteral("secondary"));
    row_->setSpacing(2);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(kMargin, kMargin / 2, kMargin * 2, kMargin / 2);
    line->addWidget(back_);
    line->addLayout(row_);
    line->addStretch(1);
    line->addWidget(note_);
    connect(document, &DocumentModel::groupChanged, this, &Breadcrumbs::refresh);
    connect(document, &DocumentModel::changed, this, [this] {
        if (isVisible()) refresh();
    });
    refresh();
}

void Breadcrumbs::setProjectName(const QString& name) {
    projectName_ = name;
    refresh();
}

QStringList Breadcrumbs::parts() const { return QStringList(projectName_) + document_->openNames(); }

void Breadcrumbs::clearParts() {
    while (QLayoutItem* item = row_->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->setObjectName(QString());  // nobody is to find it any more
            widget->deleteLater();             // it may be the button that was clicked
        }
        delete item;
    }
}

void Breadcrumbs::refresh() {
    const bool isInside = !document_->openPath().empty();
    clearParts();
    setVisible(isInside);
    if (!isInside) return;
    const QStringList names = parts();
    for (qsizetype index = 0; index < names.size(); ++index) {
        if (index > 0) row_->addWidget(new QLabel(QStringLiteral("▸"), this));
        if (index + 1 == names.size()) {
            auto* here = new QLabel(this);
            here->setObjectName(QStringLiteral("crumbHere"));
            here->setTextFormat(Qt::PlainText);
            here->setText(shortened(names[index]));
            QFont bold = here->font();
            bold.setBold(true);
            here->setFont(bold);
            row_->addWidget(here);
            continue;
        }
        auto* crumb = new QToolButton(this);
        crumb->setObjectName(QStringLiteral("crumb%1").arg(index));
        crumb->setText(shortened(names[index]).replace(QLatin1Char('&'), QLatin1String("&&")));
        crumb->setToolTip(tr("Back to %1").arg(names[index]));
        crumb->setAutoRaise(true);
        const auto levels = static_cast<std::size_t>(names.size() - 1 - index);
        connect(crumb, &QToolButton::clicked, this, [this, levels] { document_->closeGroups(levels); });
        row_->addWidget(crumb);
    }
    note_->setText(noteText());
}

QString Breadcrumbs::noteText() const {
    const graph::Graph* graph = &document_->whole().graph;
    std::size_t uses = 1;
    for (const NodeId id : document_->openPath()) {
        const graph::Node* node = graph->find(id);
        if (node == nullptr || node->body == nullptr) return {};
        uses = graph->nodesSharingLayerOf(id).size();
        graph = node->body.get();
    }
    const QString way = tr("Esc goes back");
    return uses > 1 ? tr("Edits change all %1 calls of this model · %2").arg(uses).arg(way) : way;
}

}  // namespace shapewise::ui
