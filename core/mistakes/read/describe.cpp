#include "core/mistakes/read/describe.h"

#include "core/diag/render_text.h"

namespace shapewise::mistakes {
namespace {

using diag::setArgument;

const layers::PortSpec* portOf(const graph::Node& node, const graph::Link* link) {
    const auto& ports = node.type->inputs;
    const std::size_t port = link ? link->toPort : 0;
    return port < ports.size() ? &ports[port] : ports.empty() ? nullptr : &ports.back();
}

/// "(batch, height, width, channels)" -> "(batch, channels, height, width)".
std::string withChannelsFirst(std::string_view axes) {
    constexpr std::string_view kLast = ", channels)";
    constexpr std::string_view kBatch = "(batch, ";
    if (!axes.ends_with(kLast) || !axes.starts_with(kBatch)) return std::string(axes);
    const std::string_view space = axes.substr(kBatch.size(), axes.size() - kBatch.size() - kLast.size());
    return "(batch, channels, " + std::string(space) + ")";
}

}  // namespace

std::string wantedAxes(const graph::Node& node, const graph::Link* link) {
    const layers::PortSpec* port = portOf(node, link);
    if (!port) return {};
    return isChannelsFirst(node) ? withChannelsFirst(port->axes) : std::string(port->axes);
}

std::string describeShape(const tensor::Shape& shape) {
    std::string text = shape.text();
    for (int axis = 1; axis < shape.rank(); ++axis)
        if (shape.meaning(axis) != tensor::AxisMeaning::Unknown) return text + " = " + shape.axesText();
    return text;
}

diag::Diagnostic describe(const Case& input, const Silent& mistake) {
    const diag::CodeRow& row = diag::row(input.refusal.code);
    diag::Diagnostic diagnostic;
    diagnostic.code = row.code;
    diagnostic.severity = mistake.severity;
    diagnostic.confidence = mistake.confidence;
    diagnostic.node = input.node.id;
    diagnostic.link = input.place;
    if (input.producer) diagnostic.from = input.producer->id;
    diagnostic.parameter = input.refusal.parameter;
    diagnostic.key = dismissalKey(row.code, input.node, input.producer);
    diagnostic.arguments = input.refusal.arguments;
    setArgument(diagnostic.arguments, {"consumer", labelOf(input.node)});
    setArgument(diagnostic.arguments,
                {"producer", input.producer ? labelOf(*input.producer) : std::string("its input")});
    if (input.input) {
        setArgument(diagnostic.arguments, {"shape", input.shape()});
        setArgument(diagnostic.arguments, {"rank", std::int64_t{input.shape().rank()}});
        diagnostic.got = describeShape(input.shape());
    }
    if (input.link) diagnostic.wanted = wantedAxes(input.node, input.link);
    for (const std::string_view empty : {"(batch, ...)", "any", "as its Input layers"})
        if (diagnostic.wanted == empty) diagnostic.wanted.clear();
    if (!diagnostic.wanted.empty()) setArgument(diagnostic.arguments, {"wanted", diagnostic.wanted});
    if (const Rule* rule = findRule(row.code); rule && rule->describe) rule->describe(input, diagnostic);
    diagnostic.title = diag::render(row.title, diagnostic.arguments);
    const std::string why = diag::render(row.why, diagnostic.arguments);
    diagnostic.why = diagnostic.why.empty() ? why : why + ". " + diagnostic.why;
    return diagnostic;
}

}  // namespace shapewise::mistakes
