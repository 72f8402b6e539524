#include "core/mistakes/rules/rule.h"

#include "core/diag/renderer.h"

#include <algorithm>
#include <array>

namespace shapewise::mistakes {
namespace {

constexpr auto kCodes = static_cast<std::size_t>(diag::Code::Count_);

std::array<const Rule*, kCodes> makeTable() {
    std::array<const Rule*, kCodes> table{};
    for (const std::span<const Rule> family :
         {rankRules(), sizeRules(), channelRules(), mergeRules(), axisRules(), reshapeRules(), parameterRules(),
          graphFaultRules(), orderRules(), scramblingRules(), headRules(), rateRules(), weightRules()})
        for (const Rule& rule : family) table[static_cast<std::size_t>(rule.code)] = &rule;
    return table;
}

/// What comes in or goes out is a guess, which is the ground for nothing.
bool restsOnGuess(const infer::Analysis& analysis, const graph::Node& node) {
    const infer::NodeAnalysis& own = analysis[node.id];
    if (own.hasOutput && own.output.guessed && !node.type->isOpaque) return true;
    return std::any_of(node.inputs.begin(), node.inputs.end(), [&](const graph::Link& link) {
        const tensor::TensorType* type = analysis[link.from].outputAt(link.fromPort);
        return type != nullptr && type->guessed && !node.type->isOpaque;
    });
}

std::vector<SilentRule> allDetectors() {
    std::vector<SilentRule> all;
    for (const std::span<const SilentRule> family : {orderDetectors(), scramblingDetectors(), headDetectors(),
                                                     mergeDetectors(), sourceDetectors(), rateDetectors()})
        all.insert(all.end(), family.begin(), family.end());
    return all;
}

const std::vector<SilentRule>& silentRules() {
    static const std::vector<SilentRule> rules = allDetectors();
    return rules;
}

/// Found in the parameters alone, though it is the input they do not go with.
bool concernsInput(diag::Code code) {
    return code == diag::Code::GroupsNotDividing || code == diag::Code::ReshapeTwoUnknown ||
           code == diag::Code::PermutationNotComplete || code == diag::Code::NestedLayer;
}

}  // namespace

const tensor::TensorType* Case::inputAt(std::size_t slot) const {
    return slot < node.inputs.size() ? typeAt(analysis, node.inputs[slot]) : nullptr;
}

Case makeCase(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
              const diag::Refusal& refusal) {
    Case input{project, analysis, node, *node.type, refusal, std::nullopt};
    const int linked = refusal.input < 0 && node.inputs.size() == 1 && concernsInput(refusal.code) ? 0 : refusal.input;
    if (linked < 0 || static_cast<std::size_t>(linked) >= node.inputs.size()) return input;
    const auto slot = static_cast<std::size_t>(linked);
    input.place = graph::LinkPlace{node.id, slot};
    input.link = &node.inputs[slot];
    input.producer = project.graph.find(input.link->from);
    input.input = typeAt(analysis, *input.link);
    return input;
}

void Proposals::add(std::string slug, diag::Phrase title, diag::Phrase note, Plan plan,
                    diag::Applicability applicability) {
    if (!plan.isPossible()) return;
    std::string label = diag::Renderer::standard().text(title);
    for (const Proposal& present : list_)
        if (present.slug == slug || present.edit.label == label) return;  // one of two that read the same
    Proposal proposal;
    proposal.edit = plan.take(std::move(label));
    proposal.slug = std::move(slug);
    proposal.title = std::move(title);
    proposal.note = std::move(note);
    proposal.applicability = applicability;
    list_.push_back(std::move(proposal));
}

void Proposals::addFileChoice(NodeId node, std::string parameter, diag::Phrase note) {
    Proposal proposal;
    proposal.slug = "choose-file";
    proposal.title = "Choose file…";
    proposal.note = std::move(note);
    proposal.applicability = diag::Applicability::Placeholder;
    proposal.file = diag::FileChoice{node, std::move(parameter)};
    list_.push_back(std::move(proposal));
}

void Proposals::addReading(std::string slug, diag::Phrase title, diag::Phrase note, Plan plan, bool isOnlyIfFit) {
    const std::size_t before = list_.size();
    add(std::move(slug), std::move(title), std::move(note), std::move(plan), diag::Applicability::Maybe);
    if (list_.size() == before) return;
    list_.back().isReading = before > 0;
    list_.back().isOnlyIfFit = isOnlyIfFit;
}

void Proposals::addLastResort(std::string slug, diag::Phrase title, diag::Phrase note, Plan plan) {
    const std::size_t before = list_.size();
    add(std::move(slug), std::move(title), std::move(note), std::move(plan), diag::Applicability::Maybe);
    if (list_.size() > before) list_.back().isLastResort = true;
}

std::int64_t numberArgument(const diag::Refusal& refusal, diag::ArgumentName name, std::int64_t otherwise) {
    const diag::Argument* argument = diag::findArgument(refusal.arguments, name);
    const auto* number = argument ? std::get_if<std::int64_t>(&argument->value) : nullptr;
    return number ? *number : otherwise;
}

void nameSizeRoot(const Case& input, diag::Diagnostic& diagnostic, int axis) {
    if (!input.link || !input.input || axis < 0 || axis >= input.shape().rank()) return;
    const Origin origin = sizeOrigin(input.graph(), input.analysis, *input.link, axis);
    if (!origin.node || origin.node == input.producer) return;
    diagnostic.rootCause = origin.node->id;
    const tensor::Dim size = input.shape()[axis];
    const diag::Axis at = diag::axisOf(input.shape(), axis);
    const std::string label = labelOf(*origin.node);
    diagnostic.why = size.isUnknown() ? diag::say("The unknown size of {} comes from {}", at, label)
                                      : diag::say("Size {} of {} comes from {}", size, at, label);
}

const Rule* findRule(diag::Code code) {
    static const std::array<const Rule*, kCodes> table = makeTable();
    return table[static_cast<std::size_t>(code)];
}

void detectSilent(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                  std::vector<Silent>& found) {
    if (restsOnGuess(analysis, node)) return;
    if (node.weights || node.builtFor) detectWeightsMismatch(project, analysis, node, found);
    for (const SilentRule& rule : silentRules())
        if (rule.concerns(*node.type)) rule.detect(project, analysis, node, found);
}

void watchedBehind(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                   std::vector<NodeId>& watched) {
    for (const SilentRule& rule : silentRules())
        if (rule.watch != nullptr && rule.concerns(*node.type)) rule.watch(project, analysis, node, watched);
}

std::string dismissalKey(diag::Code code, const graph::Node& node, const graph::Node* producer) {
    std::string key(diag::row(code).name);
    key += "|" + node.name + "|";
    if (producer) key += producer->name;
    return key;
}

}  // namespace shapewise::mistakes
