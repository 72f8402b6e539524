#include "ui/canvas/scene/node_view.h"

#include "core/edit/inside.h"
#include "core/layers/framework/guess.h"
#include "core/layers/framework/layer.h"
#include "ui/base/wording.h"

#include <QCoreApplication>
#include <QLocale>

namespace shapewise::ui {
namespace {

struct NodeTexts {
    Q_DECLARE_TR_FUNCTIONS(Canvas)
};

QString text(std::string_view bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); }

/// "1 875 000", with narrow spaces that do not break.
QString grouped(std::int64_t number) {
    constexpr char16_t kNarrowSpace = 0x202F;
    return QLocale(QLocale::English)
        .toString(static_cast<qlonglong>(number))
        .replace(QLatin1Char(','), QChar(kNarrowSpace));
}

/// Refused links of a node, by slot.
bool isRefused(const infer::NodeAnalysis& analysis, std::size_t slot) {
    if (analysis.state != infer::State::Conflict || !analysis.refusals) return false;
    for (const diag::Refusal& refusal : *analysis.refusals)
        if (refusal.parameter.empty() && refusal.input == static_cast<int>(slot)) return true;
    return false;
}

bool isParameterFault(const infer::NodeAnalysis& analysis) {
    if (!analysis.refusals || analysis.refusals->empty()) return false;
    for (const diag::Refusal& refusal : *analysis.refusals)
        if (refusal.parameter.empty()) return false;
    return true;
}

QString stateText(const graph::Graph& graph, const graph::Node& node, const infer::NodeAnalysis& analysis) {
    switch (analysis.state) {
        case infer::State::Conflict:
            return isParameterFault(analysis) ? NodeTexts::tr("no shape: check the settings")
                                              : NodeTexts::tr("no shape: input is incompatible");
        case infer::State::Blocked: {
            const graph::Node* cause = graph.find(analysis.blockedBy);
            if (cause == nullptr || cause->id == node.id) return NodeTexts::tr("waits for its input");
            return NodeTexts::tr("waits for %1").arg(QString::fromStdString(cause->name));
        }
        case infer::State::Unconnected: return NodeTexts::tr("input not connected");
        case infer::State::Unknown:
            return node.type->isSource() ? NodeTexts::tr("choose a file") : NodeTexts::tr("shape not known");
        case infer::State::Known:
        case infer::State::Missing: break;
    }
    return {};
}

const tensor::TensorType* producerType(const infer::Analysis& analysis, const graph::Link& link) {
    return analysis[link.from].outputAt(link.fromPort);
}

std::vector<PortView> inputPorts(const graph::Node& node, const infer::Analysis& analysis) {
    std::vector<PortView> ports;
    const auto& specs = node.type->inputs;
    const std::size_t count = std::max<std::size_t>(node.inputPortCount, specs.size());
    for (std::size_t index = 0; index < count; ++index) {
        PortView port;
        if (!specs.empty()) {
            const layers::PortSpec& spec = specs[std::min(index, specs.size() - 1)];
            port.name = text(spec.name);
            port.optional = spec.optional;
            if (spec.minimumRank == spec.maximumRank) port.wantedRank = spec.minimumRank;
        }
        port.many = node.manyPort == index;
        ports.push_back(port);
    }
    for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
        const graph::Link& link = node.inputs[slot];
        if (link.toPort >= ports.size()) continue;
        PortView& port = ports[link.toPort];
        port.connected = true;
        if (const tensor::TensorType* type = producerType(analysis, link)) port.rank = type->shape.rank();
        if (isRefused(analysis[node.id], slot)) port.wrong = true;
    }
    return ports;
}

std::vector<PortView> outputPorts(const graph::Node& node, const infer::Analysis& analysis) {
    std::vector<PortView> ports;
    const infer::NodeAnalysis& own = analysis[node.id];
    const std::size_t count = std::max(node.type->outputs.size(), own.outputCount());
    for (std::size_t index = 0; index < count; ++index) {
        PortView port;
        if (index < node.type->outputs.size()) port.name = text(node.type->outputs[index]);
        if (const tensor::TensorType* type = own.outputAt(index)) port.rank = type->shape.rank();
        ports.push_back(port);
    }
    return ports;
}

/// What the refused port would take, for the label of the edge: "rank 4", or a word when it is no matter of rank.
QString wantedText(const graph::Node& node, const graph::Link& link, int gotRank) {
    const auto& specs = node.type->inputs;
    if (specs.empty()) return {};
    const layers::PortSpec& spec = specs[std::min<std::size_t>(link.toPort, specs.size() - 1)];
    if (gotRank >= spec.minimumRank && gotRank <= spec.maximumRank) return {};
    if (spec.minimumRank == spec.maximumRank) return NodeTexts::tr("rank %1").arg(spec.minimumRank);
    if (gotRank < spec.minimumRank) return NodeTexts::tr("rank ≥ %1").arg(spec.minimumRank);
    return NodeTexts::tr("rank ≤ %1").arg(spec.maximumRank);
}

/// Nothing is known of what flows, but what the port takes says something.
QString unknownText(const graph::Node& node, const graph::Link& link) {
    const auto& specs = node.type->inputs;
    if (specs.empty()) return NodeTexts::tr("not known");
    const layers::PortSpec& spec = specs[std::min<std::size_t>(link.toPort, specs.size() - 1)];
    return spec.minimumRank == spec.maximumRank ? NodeTexts::tr("≈ rank %1").arg(spec.minimumRank)
                                                : NodeTexts::tr("not known");
}

}  // namespace

NodeView makeNodeView(const graph::Project& project, const infer::Analysis& analysis, NodeId id,
                      std::optional<diag::Severity> badge) {
    const graph::Node& node = *project.graph.find(id);
    const infer::NodeAnalysis& own = analysis[id];
    NodeView view;
    view.id = id;
    view.name = QString::fromStdString(node.name);
    view.typeName = text(node.type->title.empty() ? node.type->className : node.type->title);
    view.telling = QString::fromStdString(layers::tellingText(layers::Params(node)));
    view.state = own.state;
    view.category = node.type->category;
    view.isNote = node.type->isRemark();
    view.opens = edit::holdsModel(node);
    view.guessed =
        own.state == infer::State::Unknown || (own.hasOutput && own.output.guessed) || layers::holdsUnknownLayer(node);
    if (own.isKnown() && !view.isNote) view.shape = shown(own.output);
    view.stateText = view.isNote ? QString() : stateText(project.graph, node, own);
    view.badge = own.state == infer::State::Conflict ? std::optional(diag::Severity::Error) : badge;
    if (own.isKnown() || own.state == infer::State::Unknown) {
        const auto count = layers::parameterCount(node, analysis.inputTypes(node));
        if (!count && view.guessed) view.count = NodeTexts::tr("? params");
        if (count && count->total > 0)
            view.count =
                count->total == 1 ? NodeTexts::tr("1 param") : NodeTexts::tr("%1 params").arg(grouped(count->total));
    }
    view.inputs = inputPorts(node, analysis);
    if (!view.isNote) view.outputs = outputPorts(node, analysis);
    const graph::CanvasPlace place = project.canvas.place(id);
    view.place = QPointF(place.x, place.y);
    return view;
}

EdgeView makeEdgeView(const graph::Project& project, const infer::Analysis& analysis, const graph::LinkPlace& place,
                      bool suspicious) {
    const graph::Node& consumer = *project.graph.find(place.to);
    EdgeView view;
    view.place = place;
    view.link = consumer.inputs[place.slot];
    view.suspicious = suspicious;
    const tensor::TensorType* type = producerType(analysis, view.link);
    view.blocked = type == nullptr;
    if (type == nullptr) {
        view.guessed = analysis[view.link.from].state == infer::State::Unknown;
        if (view.guessed) view.label = unknownText(consumer, view.link);
        return view;
    }
    view.rank = type->shape.rank();
    view.guessed = type->guessed;
    view.label = shown(*type);
    view.wrong = isRefused(analysis[place.to], place.slot);
    if (view.wrong) {
        const QString wanted = wantedText(consumer, view.link, view.rank);
        view.label = wanted.isEmpty() ? NodeTexts::tr("%1 does not fit").arg(view.label)
                                      : QStringLiteral("%1 ≠ %2").arg(view.label, wanted);
    }
    return view;
}

bool isWorthAMark(const diag::Diagnostic& problem) {
    return problem.code != diag::Code::InputMissing && problem.code != diag::Code::TooFewInputs;
}

QString spokenText(const NodeView& view) {
    QStringList parts{view.name, view.typeName};
    if (!view.shape.isEmpty()) parts << NodeTexts::tr("output %1").arg(view.shape);
    if (!view.stateText.isEmpty()) parts << view.stateText;
    if (view.guessed) parts << NodeTexts::tr("a guess");
    if (view.opens) parts << NodeTexts::tr("opens with Enter or a double click");
    if (view.badge == diag::Severity::Error) parts << NodeTexts::tr("error");
    if (view.badge == diag::Severity::Warning) parts << NodeTexts::tr("warning");
    return parts.join(QStringLiteral(", "));
}

}  // namespace shapewise::ui
