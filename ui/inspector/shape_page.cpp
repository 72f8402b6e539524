#include "ui/inspector/shape_page.h"

#include "core/base/text.h"
#include "core/layers/framework/layer.h"
#include "ui/base/wording.h"
#include "ui/inspector/node_text.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokens.h"

namespace shapewise::ui {
namespace {

QString escaped(std::string_view text) { return toQString(text).toHtmlEscaped(); }

QString sizeLine(const tensor::TensorType& type) {
    const tensor::Dim elements = type.shape.elementCountPerSample();
    if (!elements.isKnown()) return {};
    return ShapePage::tr("%1 a sample, %2")
        .arg(countedText(elements.size(), "number"),
             toQString(humanBytes(saturatingMultiply(elements.size(), sizeof(float)))));
}

QString scaleLine(const tensor::TensorType& type) {
    QStringList parts;
    for (int axis = 0; axis < type.shape.rank(); ++axis) {
        const tensor::AxisScale scale = type.scale(axis);
        const QString name = toQString(tensor::axisName(type.shape.meaning(axis)));
        if (scale.kind == tensor::AxisScale::Kind::Seconds)
            parts += ShapePage::tr("%1: %2 s a step").arg(name).arg(scale.step, 0, 'g', 4);
        if (scale.kind == tensor::AxisScale::Kind::Hertz)
            parts += ShapePage::tr("%1: %2 Hz a step").arg(name).arg(scale.step, 0, 'g', 4);
    }
    if (type.scales && type.scales->sampleRateHz > 0)
        parts += ShapePage::tr("from %1 Hz").arg(type.scales->sampleRateHz, 0, 'f', 0);
    return parts.join(QStringLiteral(" · "));
}

QString portHtml(const QString& heading, const QString& from, const tensor::TensorType* type) {
    const QString dim = tokens().secondaryText.name();
    QString html = QStringLiteral("<p style='margin:8px 0 0 0'><b>%1</b> <span style='color:%2'>%3</span><br>")
                       .arg(heading.toHtmlEscaped(), dim, from.toHtmlEscaped());
    if (type == nullptr)
        return html + QStringLiteral("<span style='color:%1'>%2</span></p>").arg(dim, ShapePage::tr("not known yet"));
    html += QStringLiteral("<code>%1</code><br><span style='color:%2'>").arg(shown(type->shape).toHtmlEscaped(), dim);
    QStringList lines{shown(diag::AxisNames{type->shape}).toHtmlEscaped(),
                      ShapePage::tr("without batch %1").arg(escaped(type->shape.textWithoutBatch())),
                      ShapePage::tr("rank %1, batch counted · %2")
                          .arg(type->shape.rank())
                          .arg(toQString(tensor::dtypeName(type->dtype)))};
    for (const QString& line : {sizeLine(*type), scaleLine(*type)})
        if (!line.isEmpty()) lines += line.toHtmlEscaped();
    return html + lines.join(QStringLiteral("<br>")) + QStringLiteral("</span></p>");
}

}  // namespace

ShapePage::ShapePage(QWidget* parent) : QTextBrowser(parent) {
    setFrameShape(QFrame::NoFrame);
    setStyleSheet(QStringLiteral("QTextBrowser { background: palette(window); border: none; }"));
    setAccessibleName(tr("Shape"));
    connect(&ThemeSignal::instance(), &ThemeSignal::changed, this, &ShapePage::refresh);
}

void ShapePage::setDocument(DocumentModel* document) {
    if (document_ != nullptr) document_->disconnect(this);
    document_ = document;
    connect(document_, &DocumentModel::changed, this, &ShapePage::refresh);
    showNode({});
}

void ShapePage::showNode(NodeId node) {
    node_ = node;
    refresh();
}

void ShapePage::refresh() { setHtml(html()); }

QString ShapePage::html() const {
    const graph::Node* node = document_ == nullptr ? nullptr : document_->graph().find(node_);
    if (node == nullptr) return tr("Select one node to see its shapes");
    QString html;
    const std::vector<const tensor::TensorType*> inputs = document_->analysis().inputTypes(*node);
    for (std::size_t slot = 0; slot < node->inputs.size(); ++slot) {
        const graph::Link& link = node->inputs[slot];
        const std::size_t port = std::min<std::size_t>(link.toPort, node->type->inputs.size() - 1);
        const QString name = node->type->inputs.empty() ? tr("Input") : toQString(node->type->inputs[port].name);
        html += portHtml(tr("In: %1").arg(name), tr("from %1").arg(document_->nodeName(link.from)), inputs[slot]);
    }
    const infer::NodeAnalysis& analysis = document_->analysis()[node_];
    for (std::size_t port = 0; port < std::max<std::size_t>(node->type->outputs.size(), 1); ++port) {
        if (port >= node->type->outputs.size() && !analysis.isKnown()) break;
        const QString name = port < node->type->outputs.size() ? toQString(node->type->outputs[port]) : QString();
        html += portHtml(tr("Out: %1").arg(name), QString(), analysis.outputAt(port));
    }
    const QString arithmetic = explanationText(*document_, *node);
    if (!arithmetic.isEmpty())
        html += QStringLiteral(
                    "<p style='margin:12px 0 2px 0'><b>%1</b></p><pre style='margin:0; white-space:pre-wrap'>%2</pre>")
                    .arg(tr("How the shape comes about"), arithmetic.toHtmlEscaped());
    return html;
}

}  // namespace shapewise::ui
