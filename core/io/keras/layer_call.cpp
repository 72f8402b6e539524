#include "core/io/keras/layer_call.h"

#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/layer_node.h"

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

bool isCallSetting(std::string_view key) { return key == "use_causal_mask" || key == "return_attention_scores"; }

ValueDict callSettings(const graph::Node& node) {
    ValueDict settings;
    for (const auto& [key, value] : node.extras)
        if (key == kCallSettings && value.isDict()) settings = value.asDict();
    for (const layers::ParamSpec& spec : node.type->params) {
        if (!isCallSetting(spec.key)) continue;
        const Value* now = node.setting(ParamKey::of(spec.key));
        const Value* before = findMember(settings, spec.key);
        const bool isOn = now != nullptr && *now == Value(true);
        if (isOn || (before != nullptr && flagOf(*before) != Value(false))) setMember(settings, spec.key, Value(isOn));
    }
    return settings;
}

void setFromCall(graph::Node& node, const ValueDict& callSettings) {
    for (const auto& [key, value] : callSettings)
        if (isCallSetting(key) && node.type->param(key) != nullptr && flagOf(value) == Value(true)) node.set(key, true);
}

}  // namespace shapewise::io
