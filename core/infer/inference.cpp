#include "core/infer/inference.h"

#include "core/layers/framework/guess.h"
#include "core/layers/parts/body.h"

#include <algorithm>
#include <cassert>
#include <optional>

namespace shapewise::infer {

namespace {

using diag::Code;
using diag::Refusal;

bool sameValue(const diag::Argument& a, const diag::Argument& b) { return a.name == b.name && a.value == b.value; }

bool sameRefusal(const Refusal& a, const Refusal& b) {
    return a.code == b.code && a.parameter == b.parameter && a.input == b.input &&
           std::equal(a.arguments.begin(), a.arguments.end(), b.arguments.begin(), b.arguments.end(), sameValue);
}

/// What the links of a node bring, looked at once.
struct Supply {
    NodeId blockedBy;
    bool hasUnknown = false;
    std::optional<std::size_t> lostLink;  ///< a link to an output its producer does not have, or to no node at all
};

Supply gather(const graph::Node& node, const Analysis& analysis, InferenceScratch& scratch) {
    Supply supply;
    scratch.inputs.clear();
    scratch.links.clear();
    for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
        const graph::Link& link = node.inputs[slot];
        const NodeAnalysis& producer = analysis[link.from];
        const tensor::TensorType* type = producer.outputAt(link.fromPort);
        if (type != nullptr) {
            scratch.inputs.push_back(type);
            scratch.links.push_back(link);
            continue;
        }
        switch (producer.state) {
            case State::Unknown: supply.hasUnknown = true; break;
            case State::Conflict:
            case State::Unconnected:
                if (!supply.blockedBy.isValid()) supply.blockedBy = link.from;
                break;
            case State::Blocked:
                if (!supply.blockedBy.isValid()) supply.blockedBy = producer.blockedBy;
                break;
            case State::Known: {
                const graph::Node* from = analysis.graph().find(link.from);
                if (from != nullptr && from->type->isOpaque) {  // may well have more outputs than it declares
                    supply.hasUnknown = true;
                    break;
                }
                if (!supply.lostLink) supply.lostLink = slot;
                break;
            }
            case State::Missing:
                if (!supply.lostLink) supply.lostLink = slot;
                break;
        }
    }
    return supply;
}

/// Required ports without a link, and a link that leads nowhere.
std::vector<Refusal> missingInputs(const graph::Node& node, const Supply& supply) {
    std::vector<Refusal> missing;
    const std::vector<layers::PortSpec>& ports = node.type->inputs;
    const std::size_t portCount = std::min<std::size_t>(ports.size(), node.inputPortCount);
    for (std::size_t port = 0; port < portCount; ++port) {
        if (ports[port].optional || (ports[port].many && ports[port].minimumLinks == 0)) continue;
        const bool isLinked = std::any_of(node.inputs.begin(), node.inputs.end(),
                                          [&](const graph::Link& link) { return link.toPort == port; });
        if (isLinked) continue;
        missing.push_back(
            Refusal{Code::InputMissing,
                    {},
                    -1,
                    {{"port", std::string(ports[port].name)}, {"index", static_cast<std::int64_t>(port)}}});
    }
    if (supply.lostLink) {
        const graph::Link& link = node.inputs[*supply.lostLink];
        missing.push_back(
            Refusal{Code::InputMissing,
                    {},
                    static_cast<int>(*supply.lostLink),
                    {{"port", link.toPort < ports.size() ? std::string(ports[link.toPort].name) : std::string()},
                     {"index", std::int64_t{link.toPort}},
                     {"from", link.from},
                     {"fromPort", std::int64_t{link.fromPort}}}});
    }
    return missing;
}

NodeAnalysis refused(State state, std::vector<Refusal> refusals) {
    for ([[maybe_unused]] const Refusal& refusal : refusals)
        assert(diag::faultOf(refusal.code, refusal.arguments).empty());
    NodeAnalysis result;
    result.state = state;
    result.refusals = std::make_shared<const std::vector<Refusal>>(std::move(refusals));
    return result;
}

/// Of a node whose rule cannot run: its own parameters may be wrong all the same.
NodeAnalysis withoutInputs(const graph::Node& node, const Supply& supply, std::vector<Refusal> missing) {
    layers::InferContext context(layers::Params(node), {}, {}, &node);
    layers::validate(context);
    std::vector<Refusal>& wrong = context.refusals();
    if (!missing.empty()) {
        missing.insert(missing.end(), std::make_move_iterator(wrong.begin()), std::make_move_iterator(wrong.end()));
        return refused(State::Unconnected, std::move(missing));
    }
    if (!wrong.empty()) return refused(State::Conflict, std::move(wrong));
    NodeAnalysis result;
    result.state = supply.blockedBy.isValid() ? State::Blocked : State::Unknown;
    result.blockedBy = supply.blockedBy;
    return result;
}

void setKnown(NodeAnalysis& result, std::span<const tensor::TensorType> outputs) {
    result.state = State::Known;
    if (outputs.empty()) return;
    result.hasOutput = true;
    result.output = outputs[0];
    if (outputs.size() > 1)
        result.moreOutputs =
            std::make_shared<const std::vector<tensor::TensorType>>(outputs.begin() + 1, outputs.end());
}

/// Behind a layer nobody knows: what can be said all the same, else unknown. A guess refuses nothing.
NodeAnalysis inferGuessing(const graph::Node& node, const Analysis& analysis) {
    layers::PartlyInferred partly = layers::inferPartly(node, analysis.inputTypes(node), node.inputs);
    if (!partly.refusals.empty()) return refused(State::Conflict, std::move(partly.refusals));
    NodeAnalysis result;
    result.state = node.type->outputs.empty() ? State::Known : State::Unknown;
    if (!partly.outputs.empty()) setKnown(result, partly.outputs);
    return result;
}

bool anyGuessed(std::span<const tensor::TensorType* const> inputs) {
    return std::any_of(inputs.begin(), inputs.end(), [](const tensor::TensorType* input) { return input->guessed; });
}

}  // namespace

NodeAnalysis inferNode(const graph::Node& node, const Analysis& analysis, InferenceScratch& scratch) {
    const Supply supply = gather(node, analysis, scratch);
    const bool isComplete = scratch.inputs.size() == node.inputs.size();
    if (!node.type->declaresOutput) {
        std::vector<Refusal> missing = missingInputs(node, supply);
        if (missing.empty() && supply.hasUnknown && !supply.blockedBy.isValid()) return inferGuessing(node, analysis);
        if (!isComplete || !missing.empty()) return withoutInputs(node, supply, std::move(missing));
    }
    layers::InferContext context(layers::Params(node), scratch.inputs, scratch.links, &node);
    if (!layers::inferLayer(context)) {
        if (!node.type->declaresOutput && anyGuessed(scratch.inputs)) return inferGuessing(node, analysis);
        return refused(State::Conflict, std::move(context.refusals()));
    }
    const std::span<const tensor::TensorType> outputs = context.outputs();
    NodeAnalysis result;
    if (outputs.empty() && !node.type->outputs.empty()) {
        result.state = supply.blockedBy.isValid() ? State::Blocked : State::Unknown;
        result.blockedBy = supply.blockedBy;
        return result;
    }
    setKnown(result, outputs);
    if (outputs.empty()) return result;
    if (const tensor::TensorType* given = analysis.givenTo(node.id)) {
        std::optional<tensor::TensorType> fitted = layers::fittedInput(result.output, *given);
        if (!fitted)
            return refused(
                State::Conflict,
                {Refusal{Code::GroupInput, {}, -1, {{"declared", result.output.shape}, {"shape", given->shape}}}});
        result.output = std::move(*fitted);
        result.moreOutputs.reset();
    }
    return result;
}

NodeAnalysis loopConflict() { return refused(State::Conflict, {Refusal{Code::Loop, {}, -1, {}}}); }

bool sameOutcome(const NodeAnalysis& a, const NodeAnalysis& b) {
    if (a.state != b.state || a.hasOutput != b.hasOutput || a.blockedBy != b.blockedBy) return false;
    if (!a.hasOutput) return true;
    if (!(a.output == b.output)) return false;
    if (a.moreOutputs == b.moreOutputs) return true;
    return a.moreOutputs && b.moreOutputs && *a.moreOutputs == *b.moreOutputs;
}

bool sameRefusals(const NodeAnalysis& a, const NodeAnalysis& b) {
    if (a.refusals == b.refusals) return true;
    return a.refusals && b.refusals &&
           std::equal(a.refusals->begin(), a.refusals->end(), b.refusals->begin(), b.refusals->end(), sameRefusal);
}

bool operator==(const NodeAnalysis& a, const NodeAnalysis& b) { return sameOutcome(a, b) && sameRefusals(a, b); }

}  // namespace shapewise::infer
