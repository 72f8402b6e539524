#include "ui/inspector/docs_page.h"

#include "core/layers/framework/layer.h"
#include "ui/base/formula.h"
#include "ui/base/qt_text.h"
#include "ui/inspector/value_text.h"

#include <QTextBlock>

#include <cmath>

namespace shapewise::ui {
namespace {

QString boundsText(const layers::ParamSpec& spec) {
    const bool hasLow = std::isfinite(spec.minimum);
    const bool hasHigh = std::isfinite(spec.maximum);
    if (hasLow && hasHigh) return DocsPage::tr("%1 to %2").arg(realText(spec.minimum), realText(spec.maximum));
    if (hasLow) return DocsPage::tr("at least %1").arg(realText(spec.minimum));
    if (hasHigh) return DocsPage::tr("at most %1").arg(realText(spec.maximum));
    QStringList choices;
    if (spec.kind == layers::ParamKind::Choice)
        for (const std::string_view choice : spec.choices) choices += toQString(choice);
    return choices.isEmpty() ? QString() : DocsPage::tr("one of %1").arg(choices.join(QStringLiteral(", ")));
}

QString parameterMarkdown(const layers::ParamSpec& spec) {
    const QString fallback = spec.required ? DocsPage::tr("required") : valueText(spec, spec.fallback);
    QString text = QStringLiteral("- **%1** (%2): %3").arg(toQString(spec.key), fallback, toQString(spec.help));
    const QString bounds = boundsText(spec);
    if (!bounds.isEmpty()) text += QStringLiteral("; ") + bounds;
    if (!spec.unit.empty()) text += QStringLiteral(" · ") + toQString(spec.unit);
    return text;
}

}  // namespace

QString docsMarkdown(const layers::LayerType& type) {
    QString page = QStringLiteral("### %1\n\n%2\n\n").arg(toQString(type.title), toQString(type.summary));
    page += toQString(type.doc) + QStringLiteral("\n\n");
    if (type.params.empty()) return page;
    page += QStringLiteral("#### %1\n\n").arg(DocsPage::tr("Parameters"));
    for (const layers::ParamSpec& spec : type.params)
        if (!spec.hidden) page += parameterMarkdown(spec) + QChar(u'\n');
    return page;
}

DocsPage::DocsPage(QWidget* parent) : QTextBrowser(parent) {
    setFrameShape(QFrame::NoFrame);
    setStyleSheet(QStringLiteral("QTextBrowser { background: palette(window); border: none; }"));
    setOpenExternalLinks(true);
    setAccessibleName(tr("Documentation of the layer"));
    setPlainText(tr("Select a node to read about its layer"));
}

void DocsPage::showLayer(const layers::LayerType* type) {
    if (type == type_) return;
    type_ = type;
    if (type == nullptr)
        setPlainText(tr("Select a node to read about its layer"));
    else
        setMarkdownWithFormulas(*document(), docsMarkdown(*type));
    moveCursor(QTextCursor::Start);
}

void DocsPage::showParameter(const QString& key) {
    // The list of parameters is behind all else that may name it.
    QTextCursor found(document());
    found.movePosition(QTextCursor::End);
    do {
        found = document()->find(key + QStringLiteral(" ("), found, QTextDocument::FindBackward);
    } while (!found.isNull() && found.selectionStart() != found.block().position());
    if (found.isNull()) return;
    found.movePosition(QTextCursor::StartOfBlock);
    found.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    setTextCursor(found);
    ensureCursorVisible();
}

}  // namespace shapewise::ui
