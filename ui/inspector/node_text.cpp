#include "ui/inspector/node_text.h"

#include "core/base/text.h"
#include "core/infer/cost.h"
#include "core/layers/framework/layer.h"
#include "ui/base/wording.h"
#include "ui/session/document_model.h"

#include <QCoreApplication>

#include <algorithm>

namespace shapewise::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("NodeText", text); }

std::vector<const tensor::TensorType*> knownInputs(const DocumentModel& document, const graph::Node& node) {
    return document.analysis().inputTypes(node);
}

bool allKnown(const std::vector<const tensor::TensorType*>& inputs) {
    return std::none_of(inputs.begin(), inputs.end(), [](const auto* input) { return input == nullptr; });
}

}  // namespace

QString explanationText(const DocumentModel& document, const graph::Node& node) {
    const std::vector<const tensor::TensorType*> inputs = knownInputs(document, node);
    if (!allKnown(inputs)) return {};
    const std::vector<layers::ExplanationLine> lines = layers::explainLayer(node, inputs);
    qsizetype widest = 0;
    for (const layers::ExplanationLine& line : lines) widest = std::max(widest, shown(line.quantity).size());
    QStringList text;
    for (const layers::ExplanationLine& line : lines) {
        text += shown(line.quantity).leftJustified(widest) + QStringLiteral(" = ") + shown(line.arithmetic);
        if (!line.note.empty()) text += QString(widest + 3, QChar(u' ')) + shown(line.note);
    }
    return text.join(QChar(u'\n'));
}

QString costText(const infer::NodeCost& cost, bool isKnown) {
    if (!isKnown) return translated("Known once the shape is");
    QStringList lines;
    const std::string field = cost.field.text();
    if (cost.field.isKnown && cost.field.wholeInput)
        lines += translated("receptive field: the whole input");
    else if (cost.field.isKnown && cost.field.axes > 0)
        lines += translated("receptive field %1").arg(toQString(field));
    if (cost.parameters) {
        QString text = translated("parameters %1").arg(toQString(withThousands(cost.parameters->total)));
        if (cost.parameters->trainable != cost.parameters->total)
            text += translated(" (%1 trainable)").arg(toQString(withThousands(cost.parameters->trainable)));
        lines += text;
    }
    if (cost.multiplyAdds) lines += translated("multiply-adds %1").arg(toQString(humanCount(*cost.multiplyAdds)));
    if (cost.activationBytes) lines += translated("activations %1").arg(toQString(humanBytes(*cost.activationBytes)));
    return lines.join(QChar(u'\n'));
}

}  // namespace shapewise::ui
