#include "core/mistakes/read/describe.h"

#include <cassert>

namespace shapewise::mistakes {
namespace {

using diag::setArgument;

const layers::PortSpec* portOf(const graph::Node& node, const graph::Link* link) {
    const auto& ports = node.type->inputs;
    const std::size_t port = link ? link->toPort : 0;
    return port < ports.size() ? &ports[port] : ports.empty() ? nullptr : &ports.back();
}

}  // namespace

tensor::AxesPattern wantedAxes(const graph::Node& node, const graph::Link* link) {
    const layers::PortSpec* port = portOf(node, link);
    if (!port) return {};
    return isChannelsFirst(node) ? port->axes.withChannelsFirst() : port->axes;
}

diag::Phrase describeShape(const tensor::Shape& shape) {
    for (int axis = 1; axis < shape.rank(); ++axis)
        if (shape.meaning(axis) != tensor::AxisMeaning::Unknown)
            return diag::say("{} = {}", shape, diag::AxisNames{shape});
    return shape;
}

diag::Diagnostic describe(const Case& input, const Silent& mistake) {
    return describe(input, mistake, findRule(input.refusal.code));
}

diag::Diagnostic describe(const Case& input, const Silent& mistake, const Rule* rule) {
    const diag::CodeRow& row = diag::row(input.refusal.code);
    assert(diag::faultOf(row.code, input.refusal.arguments).empty());
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
    if (const tensor::AxesPattern axes = wantedAxes(input.node, input.link); input.link && axes.namesAxes())
        diagnostic.wanted = axes;
    if (!diagnostic.wanted.empty()) setArgument(diagnostic.arguments, {"wanted", diagnostic.wanted});
    if (rule && rule->describe) rule->describe(input, diagnostic);
    assert(diag::missingWords(row.code, diagnostic.arguments).empty());
    diagnostic.title = diag::Phrase::ofNamed(row.title, diagnostic.arguments);
    const diag::Phrase why = diag::Phrase::ofNamed(row.why, diagnostic.arguments);
    diagnostic.why = diagnostic.why.empty() ? why : diag::say("{}. {}", why, diagnostic.why);
    return diagnostic;
}

}  // namespace shapewise::mistakes
