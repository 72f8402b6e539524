#include "core/mistakes/repair/layer_repairs.h"

#include "core/layers/framework/catalog.h"

namespace shapewise::mistakes {

using graph::Node;
using layers::LayerType;
using layers::Role;

const LayerType* typeWith(Role role, int spatialRank) {
    for (const LayerType* type : layers::allLayers())
        if (type->role == role && type->family.spatialRank == spatialRank) return type;
    return nullptr;
}

void proposeUnwrapped(const Case& input, Proposals& proposals) {
    if (input.type.role != Role::Wrapper) return;
    const InnerLayer inner = innerLayerOf(input.node);
    if (!inner.type) return;
    Plan plan = input.plan();
    plan.replace(input.node, *inner.type, innerSettings(inner));
    proposals.add("without-wrapper",
                  "Use " + std::string(inner.type->className) + " without " + std::string(input.type.className),
                  "The layer then sees the whole tensor at once.", std::move(plan));
}

void proposeReturnSequences(const Case& input, Proposals& proposals, bool on) {
    // Without the sequence the rank was made by the layer itself; with it, by whatever lies before the nearest one.
    const Node* node = nullptr;
    if (on) {
        node = rankOrigin(input.graph(), input.analysis, *input.link).node;
    } else {
        for (const Node* upstream : pathUp(input.graph(), *input.link))
            if (isRecurrent(*upstream)) {
                node = upstream;
                break;
            }
    }
    if (!node || !isRecurrent(*node)) return;
    Plan plan = input.plan();
    if (hasParameter(*node->type, "return_sequences"))
        plan.set(node->id, "return_sequences", on);
    else
        plan.set(node->id, "layer", withInnerSetting(valueOf(*node, "layer"), "return_sequences", on));
    const std::string title = std::string("Turn return_sequences ") + (on ? "on" : "off") + " in " + labelOf(*node);
    const std::string note = on ? "It then gives (batch, time, features): one vector for each step."
                                : "It then gives (batch, features): the last step only.";
    proposals.add(on ? "return-sequences-on" : "return-sequences-off", title, note, std::move(plan));
}

}  // namespace shapewise::mistakes
