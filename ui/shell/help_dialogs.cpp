#include "ui/shell/help_dialogs.h"

#include "core/base/version.h"
#include "core/diag/explain.h"
#include "core/layers/framework/catalog.h"
#include "ui/base/formula.h"
#include "ui/base/qt_text.h"
#include "ui/inspector/docs_page.h"
#include "ui/shell/action_table.h"
#include "ui/shell/panel_table.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <array>

namespace shapewise::ui {
namespace {

constexpr QSize kSize{620, 560};
constexpr QSize kWideSize{860, 560};
constexpr int kListWidth = 300;

QString translated(const char* text) { return QCoreApplication::translate("Help", text); }

QDialog* makeDialog(QWidget* parent, const QString& title, QSize size) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->resize(size);
    return dialog;
}

void addCloseButton(QDialog* dialog, QVBoxLayout* column) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    column->addWidget(buttons);
}

QString row(const QString& keys, const QString& text) {
    return QStringLiteral(
               "<tr><td style='padding:2px 16px 2px 0'><code>%1</code></td><td style='padding:2px 0'>%2</td></tr>")
        .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
}

/// What the mouse does; keys are in the table of actions.
struct Gesture {
    const char* keys;
    const char* text;
};
constexpr std::array kGestures{
    Gesture{"Double-click", "Search for a layer at the pointer"},
    Gesture{"Drag a port", "Connect; drop on nothing to search for a layer that fits"},
    Gesture{"Drag a layer onto an edge", "Put it in between; Alt does not"},
    Gesture{"Drag on the canvas", "Select; Shift adds, Ctrl toggles"},
    Gesture{"Middle button, Space and drag", "Move the view"},
    Gesture{"Wheel", "Zoom at the pointer"},
};

}  // namespace

namespace {

QTextBrowser* openPage(QWidget* parent, const QString& title) {
    QDialog* dialog = makeDialog(parent, title, kSize);
    auto* column = new QVBoxLayout(dialog);
    auto* page = new QTextBrowser(dialog);
    page->setOpenExternalLinks(true);
    page->setFrameShape(QFrame::NoFrame);
    page->setAccessibleName(title);
    column->addWidget(page, 1);
    addCloseButton(dialog, column);
    dialog->open();
    return page;
}

}  // namespace

void openHelpDialog(QWidget* parent, const QString& title, const QString& html) {
    openPage(parent, title)->setHtml(html);
}

void openLayerDialog(QWidget* parent, const layers::LayerType& type) {
    setMarkdownWithFormulas(*openPage(parent, toQString(type.title))->document(), docsMarkdown(type));
}

QString panelHtml(const PanelSpec& panel, const QWidget* focus) {
    QString html = QStringLiteral("<h3>%1</h3><p>%2</p>").arg(panel.title.toHtmlEscaped(), panel.help.toHtmlEscaped());
    if (focus == nullptr || focus->accessibleName().isEmpty() || focus->accessibleName() == panel.title) return html;
    html += QStringLiteral("<h4>%1</h4>").arg(focus->accessibleName().toHtmlEscaped());
    if (!focus->toolTip().isEmpty()) html += QStringLiteral("<p>%1</p>").arg(focus->toolTip().toHtmlEscaped());
    return html;
}

void openExplanationList(QWidget* parent) {
    QDialog* dialog = makeDialog(parent, translated("What Does This Mean?"), kWideSize);
    auto* list = new QListWidget(dialog);
    list->setMaximumWidth(kListWidth);
    list->setAccessibleName(translated("Problems by code"));
    auto* page = new QTextBrowser(dialog);
    page->setOpenExternalLinks(true);
    page->setFrameShape(QFrame::NoFrame);
    page->setAccessibleName(translated("Explanation"));
    for (int code = 0; code < static_cast<int>(diag::Code::Count_); ++code) {
        const diag::CodeRow& entry = diag::row(static_cast<diag::Code>(code));
        QString name = toQString(entry.name);
        list->addItem(QStringLiteral("%1  %2").arg(toQString(entry.id), name.replace(QChar(u'-'), QChar(u' '))));
    }
    QObject::connect(list, &QListWidget::currentRowChanged, page, [page](int code) {
        if (code >= 0) page->setMarkdown(toQString(diag::explainPage(static_cast<diag::Code>(code))));
    });
    auto* row = new QHBoxLayout;
    row->addWidget(list);
    row->addWidget(page, 1);
    auto* column = new QVBoxLayout(dialog);
    column->addLayout(row, 1);
    addCloseButton(dialog, column);
    list->setCurrentRow(0);
    dialog->open();
}

QString shortcutsHtml(const ActionTable& actions) {
    QString html = QStringLiteral("<h3>%1</h3><table>").arg(translated("Keys"));
    for (const ActionSpec& spec : actions.specs()) {
        if (spec.shortcuts.isEmpty()) continue;
        QStringList keys;
        for (const QKeySequence& sequence : spec.shortcuts + spec.canvasKeys)
            keys += sequence.toString(QKeySequence::NativeText);
        html += row(keys.join(translated(" or ")), QString(spec.text).remove(QChar(u'&')));
    }
    html += QStringLiteral("</table><h3>%1</h3><table>").arg(translated("On the canvas"));
    for (const Gesture& gesture : kGestures) html += row(translated(gesture.keys), translated(gesture.text));
    return html + QStringLiteral("</table>");
}

QString aboutHtml() {
    const auto state = [](bool isThere) { return isThere ? translated("yes") : translated("not in this build"); };
#ifdef SHAPEWISE_HAVE_HDF5
    const bool hasHdf5 = true;
#else
    const bool hasHdf5 = false;
#endif
#ifdef SHAPEWISE_HAVE_LIBZIP
    const bool hasZip = true;
#else
    const bool hasZip = false;
#endif
    return translated(
               "<h2>Shapewise %1</h2><p>Build a layer pipeline on a canvas and see every tensor shape.</p>"
               "<p>Qt %2 · %3 layer types<br>Weights from .h5: %4<br>.keras and .npz files: %5</p>"
               "<p>Free software under the GNU General Public License, version 3 or later.</p>")
        .arg(toQString(base::version()), QString::fromLatin1(qVersion()))
        .arg(layers::allLayers().size())
        .arg(state(hasHdf5), state(hasZip));
}

}  // namespace shapewise::ui
