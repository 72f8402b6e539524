#include "core/mistakes/rules/nested_model.h"

#include "core/layers/parts/body.h"
#include "core/mistakes/diagnose.h"
#include "core/mistakes/rules/channel.h"

#include <algorithm>

namespace shapewise::mistakes {
namespace {

using graph::Node;
using graph::NodePtr;
using tensor::TensorType;

/// The body as a project whose Input layers declare what really comes.
struct Inside {
    graph::Project project;
    std::vector<NodePtr> declared;  ///< the Input layers as they were
    std::vector<NodePtr> given;     ///< the same with what comes
};

Inside insideOf(const Case& input) {
    Inside inside;
    const layers::Params params(input.node);
    const std::vector<const TensorType*> types = input.analysis.inputTypes(input.node);
    inside.project.graph = *input.node.body;
    const std::vector<NodeId> entries = layers::bodyEntries(params);
    for (std::size_t index = 0; index < entries.size() && index < types.size(); ++index) {
        const NodePtr declared = inside.project.graph.share(entries[index]);
        if (types[index] == nullptr || !declared->type->isSource()) continue;
        auto given = std::make_shared<Node>(*declared);
        layers::declareInput(*given, *types[index]);
        inside.declared.push_back(declared);
        inside.given.push_back(given);
        inside.project.graph.put(given);
    }
    inside.project.graph = layers::standingAlone(layers::Params(*withBody(input.node, inside.project.graph)), types);
    return inside;
}

std::vector<diag::Diagnostic> problemsOf(const Inside& inside, bool withFixes) {
    Options options;
    options.withFixes = withFixes;
    options.most = 1;
    return diagnose(inside.project, infer::Analysis::of(inside.project.graph), options);
}

/// The repaired body: Input layers that the repair left alone declare what they did, and those put before layers that
/// nothing feeds go again.
graph::Graph repairedBody(const Case& input, const Inside& inside, graph::Graph graph) {
    for (std::size_t index = 0; index < inside.given.size(); ++index)
        if (graph.share(inside.given[index]->id) == inside.given[index]) graph.put(inside.declared[index]);
    for (const NodeId id : layers::bodyEntries(layers::Params(input.node))) {
        const Node* entry = graph.find(id);
        const bool wasFed = entry == nullptr || entry->inputs.empty() || !input.node.body->find(id)->inputs.empty();
        if (wasFed) continue;
        const NodeId added = entry->inputs.front().from;
        if (input.node.body->find(added) != nullptr) continue;
        auto bare = std::make_shared<Node>(*entry);
        bare->inputs.clear();
        graph.put(std::move(bare));
        graph.erase(added);
    }
    return graph;
}

/// Channels round a nested model: its Input declares another number of channels than comes.
void otherChannels(const Case& input, Proposals& proposals) {
    const infer::Analysis declared = infer::Analysis::of(*input.node.body);
    const std::vector<NodeId> entries = layers::bodyEntries(layers::Params(input.node));
    for (std::size_t slot = 0; slot < entries.size() && slot < input.node.inputs.size(); ++slot) {
        const TensorType* wanted = declared[entries[slot]].outputAt(0);
        const TensorType* given = input.inputAt(slot);
        if (!wanted || !given || wanted->shape.rank() != given->shape.rank() || wanted->shape.rank() < 3) continue;
        const int last = given->shape.rank() - 1;
        const tensor::Dim needed = wanted->shape[last];
        if (!needed.isKnown() || !given->shape[last].isKnown() || needed == given->shape[last]) continue;
        const diag::Refusal refusal{diag::Code::ChannelsMismatch,
                                    {},
                                    static_cast<int>(slot),
                                    {{"needed", needed.size()}, {"got", given->shape[last].size()}}};
        proposeChannels(makeCase(input.project, input.analysis, input.node, refusal), proposals);
    }
}

void proposeBody(const Case& input, Proposals& proposals, std::string slug, diag::Phrase title, diag::Phrase note,
                 const graph::Graph& body, diag::Applicability applicability) {
    Plan plan = input.plan();
    plan.add(edit::ReplaceNode{withBody(input.node, body)});
    proposals.add(std::move(slug), std::move(title), std::move(note), std::move(plan), applicability);
}

}  // namespace

NodePtr withBody(const Node& model, graph::Graph body) {
    auto changed = std::make_shared<Node>(model);
    changed->body = std::make_shared<const graph::Graph>(std::move(body));
    return changed;
}

void describeInside(const Case& input, diag::Diagnostic& diagnostic) {
    const std::vector<diag::Diagnostic> problems = problemsOf(insideOf(input), false);
    if (problems.empty() || problems.front().severity != diag::Severity::Error) return;
    diag::setArgument(diagnostic.arguments, {"inner", diag::say(": {}", problems.front().title)});
    diag::setArgument(diagnostic.arguments, {"reason", problems.front().why});
}

void proposeInside(const Case& input, Proposals& proposals) {
    const Inside inside = insideOf(input);
    const std::vector<diag::Diagnostic> problems = problemsOf(inside, true);
    if (problems.empty() || problems.front().severity != diag::Severity::Error) {
        // The layers agree with what comes, the Input layers do not.
        otherChannels(input, proposals);
        graph::Graph body = *input.node.body;
        for (const NodePtr& given : inside.given) body.put(given);
        proposeBody(input, proposals, "declare-inside", "Declare inside what " + input.node.name + " is given",
                    "Its Input layers take the shapes that come.", body, diag::Applicability::Sure);
        return;
    }
    for (const diag::Fix& fix : problems.front().fixes) {
        const Result<edit::Applied> applied = edit::apply(inside.project, fix.edit);
        if (!applied) continue;
        const std::string slug = "inside-" + fix.id.substr(fix.id.rfind('/') + 1);
        proposeBody(input, proposals, slug, diag::say("Inside {}: {}", input.node.name, fix.title), fix.note,
                    repairedBody(input, inside, applied->project.graph), fix.applicability);
    }
}

void proposeDeclared(const Case& input, Proposals& proposals) {
    const TensorType* given = input.analysis.givenTo(input.node.id);
    if (given == nullptr) return;
    auto declared = std::make_shared<Node>(input.node);
    layers::declareInput(*declared, *given);
    Plan plan = input.plan();
    plan.add(edit::ReplaceNode{declared});
    proposals.add("declare-given", diag::say("Declare {}", given->shape), "The Input takes what the group is given.",
                  std::move(plan));
}

}  // namespace shapewise::mistakes
