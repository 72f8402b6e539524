#include "core/io/keras/layer_call.h"

#include <algorithm>

namespace shapewise::io {

CallArguments callArguments(const graph::Node& node) {
    const std::vector<layers::PortSpec>& ports = node.type->inputs;
    CallArguments call;
    call.isList = node.type->isCalledWithList();
    for (const graph::Link& link : node.inputs) {
        const layers::PortSpec* port = link.toPort < ports.size() ? &ports[link.toPort] : nullptr;
        const layers::PassedAs passedAs = port != nullptr ? port->passedAs : layers::PassedAs::Name;
        const bool isNext = passedAs == layers::PassedAs::Position && link.toPort == call.positional.size();
        if (node.manyPort == 0 || isNext) {
            call.positional.push_back(&link);
        } else if (passedAs == layers::PassedAs::State) {
            call.states.push_back(&link);
        } else {
            std::string name(port != nullptr ? port->name : "inputs");
            std::replace(name.begin(), name.end(), ' ', '_');
            call.named.emplace_back(std::move(name), &link);
        }
    }
    return call;
}

}  // namespace shapewise::io
