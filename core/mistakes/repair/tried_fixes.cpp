#include "core/mistakes/repair/trial.h"

#include "core/diag/renderer.h"

#include <algorithm>

namespace shapewise::mistakes {
namespace {

constexpr int kDeepestFollowUp = 6;
constexpr int kMostTrials = 80;            ///< to complete the first repair of a diagnostic, or the first that works
constexpr int kFewTrials = 24;             ///< to complete another one
constexpr std::size_t kMostCompleted = 3;  ///< repairs besides the first that are completed in small graphs
constexpr std::size_t kSmallGraph = 300;
constexpr std::size_t kWidestFollowUp = 3;
constexpr std::size_t kMostDemoted = 4;

struct Tried {
    Proposal proposal;
    Outcome outcome;
};

std::vector<Proposal> proposalsFor(const Case& input) {
    Proposals proposals;
    if (const Rule* rule = findRule(input.refusal.code); rule && rule->propose) rule->propose(input, proposals);
    proposeRemoval(input, proposals);
    return std::move(proposals.list());
}

/// Of the readings of one repair those that fit at once go first; others stay only where they make sense anyway.
void orderReadings(const Ground& ground, const Finding& cured, std::vector<Proposal>& proposals) {
    const auto isReading = [](const Proposal& proposal) { return proposal.isReading; };
    const auto fits = [&](const Proposal& proposal) { return attempt(ground, proposal.edit, cured).isClean(); };
    for (auto begin = proposals.begin(); begin != proposals.end();) {
        const auto end = std::find_if_not(begin + 1, proposals.end(), isReading);
        if (end == begin + 1) {
            begin = end;
            continue;
        }
        const auto fitting = std::stable_partition(begin, end, fits);
        const auto kept = std::remove_if(fitting, end, [](const Proposal& proposal) { return proposal.isOnlyIfFit; });
        begin = proposals.erase(kept, end);
    }
}

std::optional<diag::Refusal> refusalAt(const Ground& ground, const Finding& finding) {
    const graph::Node* node = ground.project.graph.find(finding.node);
    if (!node) return std::nullopt;
    if (const auto& refusals = ground.analysis[finding.node].refusals)
        for (const diag::Refusal& refusal : *refusals)
            if (refusal.code == finding.code) return refusal;
    std::vector<Silent> silent;
    detectSilent(ground.project, ground.analysis, *node, silent);
    for (Silent& entry : silent)
        if (entry.refusal.code == finding.code) return std::move(entry.refusal);
    return std::nullopt;
}

void addSentence(diag::Phrase& text, const diag::Phrase& sentence) {
    text = text.empty() ? sentence : diag::say("{} {}", text, sentence);
}

/// Repairs what a repair has left or brought, until nothing is new. The edits become one.
class FollowUp {
  public:
    FollowUp(const Ground& before, const Finding& cured, int mostTrials = kMostTrials)
        : before_(before), cured_(cured), mostTrials_(mostTrials) {}

    bool complete(Tried& tried) {
        std::vector<diag::Phrase> further;  // the last one first
        if (!search(tried, 0, further)) return false;
        std::ranges::reverse(further);
        for (const diag::Phrase& change : further) tried.proposal.title += diag::say("; {}", change);
        tried.proposal.slug += "-and-more";
        return true;
    }

  private:
    bool search(Tried& tried, int depth, std::vector<diag::Phrase>& changes) {
        if (depth == kDeepestFollowUp || !tried.outcome.isApplied) return false;
        const Finding next = tried.outcome.cures ? tried.outcome.added.front() : cured_;
        const std::optional<diag::Refusal> refusal = refusalAt(tried.outcome.after, next);
        const graph::Node* node = tried.outcome.after.project.graph.find(next.node);
        if (!refusal || !node) return false;
        const Case input = makeCase(tried.outcome.after.project, tried.outcome.after.analysis, *node, *refusal);
        std::size_t width = 0;
        std::vector<Proposal> proposals = proposalsFor(input);
        orderReadings(tried.outcome.after, next, proposals);
        for (Proposal& proposal : proposals) {
            const std::string step = std::to_string(next.node.value) + "/" + proposal.slug;
            if (std::ranges::find(path_, step) != path_.end()) continue;  // it did not help before
            if (proposal.file) continue;                                  // nobody is there to choose
            if (proposal.isLastResort || width++ == kWidestFollowUp || trials_++ >= mostTrials_) break;
            Tried further{tried.proposal, attempt(tried.outcome.after, proposal.edit, next)};
            if (!further.outcome.isApplied) continue;
            further.outcome.added = addedFindings(before_, further.outcome.after);
            further.outcome.cures = !further.outcome.after.findings.contains(cured_);
            further.proposal.edit.steps.insert(further.proposal.edit.steps.end(), proposal.edit.steps.begin(),
                                               proposal.edit.steps.end());
            if (proposal.applicability != diag::Applicability::Sure)
                further.proposal.applicability = diag::Applicability::Maybe;
            path_.push_back(step);
            const bool isDone = further.outcome.isClean() || search(further, depth + 1, changes);
            path_.pop_back();
            if (isDone) {
                changes.push_back(diag::say("at {}: {}", labelOf(*node), proposal.title));
                tried = std::move(further);
                return true;
            }
        }
        return false;
    }

    const Ground& before_;
    const Finding cured_;
    std::vector<std::string> path_;
    int mostTrials_;
    int trials_ = 0;
};

/// The refusal itself is gone, though another of the same code may be left at the node.
bool curesOwn(const Outcome& outcome, const Case& input) {
    const auto& refusals = outcome.after.analysis[input.node.id].refusals;
    if (outcome.cures || !refusals || input.refusal.parameter.empty()) return outcome.cures;
    return std::ranges::none_of(*refusals, [&](const diag::Refusal& left) {
        return left.code == input.refusal.code && left.parameter == input.refusal.parameter;
    });
}

bool hasRefusals(const Outcome& outcome, NodeId id) {
    const auto& refusals = outcome.after.analysis[id].refusals;
    return refusals && !refusals->empty();
}

/// One error of the node is gone for another of the same node.
bool exchangesErrors(const Outcome& outcome, NodeId own) {
    return outcome.cures && std::ranges::any_of(outcome.added, [&](const Finding& finding) {
               const auto found = outcome.after.findings.find(finding);
               return finding.node == own && found != outcome.after.findings.end() &&
                      found->second == diag::Severity::Error;
           });
}

bool addsNodes(const edit::Edit& edit) {
    return std::ranges::any_of(edit.steps,
                               [](const edit::Step& step) { return std::holds_alternative<edit::AddNode>(step); });
}

void note(Proposal& proposal, const Outcome& outcome, NodeId own) {
    const std::size_t count = outcome.added.size() + (outcome.cures ? 0 : 1);
    const graph::Node* node = outcome.after.project.graph.find(outcome.cures ? outcome.added.front().node : own);
    const std::string label = node ? labelOf(*node) : "another layer";
    addSentence(proposal.note, count > 1 ? diag::say("Afterwards {} and others need a repair too.", label)
                                         : diag::say("Afterwards {} needs a repair too.", label));
    proposal.applicability = diag::Applicability::Maybe;
}

diag::Fix fixOf(const Case& input, Tried& tried) {
    diag::Fix fix;
    fix.id = input.node.name + "/" + std::string(diag::row(input.refusal.code).name) + "/" + tried.proposal.slug;
    fix.title = std::move(tried.proposal.title);
    fix.note = std::move(tried.proposal.note);
    fix.applicability = tried.proposal.applicability;
    fix.edit = std::move(tried.proposal.edit);
    fix.edit.label = diag::Renderer::standard().text(fix.title);
    if (const tensor::TensorType* output = tried.outcome.after.analysis[input.node.id].outputAt(0))
        fix.outputShape = output->shape;
    return fix;
}

}  // namespace

std::vector<diag::Fix> triedFixes(const Ground& ground, const Case& input) {
    const Finding cured{input.refusal.code, input.node.id};
    std::vector<Tried> clean;
    std::vector<Tried> partial;
    std::vector<Tried> lastResort;
    std::vector<diag::Fix> fixes;
    bool isFirst = true;
    std::size_t completions = ground.project.graph.nodeCount() <= kSmallGraph ? kMostCompleted : 0;
    std::vector<Proposal> proposals = proposalsFor(input);
    orderReadings(ground, cured, proposals);
    for (Proposal& proposal : proposals) {
        if (proposal.file) {
            Tried choice{std::move(proposal), {}};
            fixes.push_back(fixOf(input, choice));
            fixes.back().file = choice.proposal.file;
            continue;
        }
        if (proposal.isLastResort && (!clean.empty() || !fixes.empty())) continue;
        Tried tried{std::move(proposal), {}};
        tried.outcome = attempt(ground, tried.proposal.edit, cured);
        if (!tried.outcome.isApplied) continue;
        const bool isResort = tried.proposal.isLastResort;
        bool isClean = tried.outcome.isClean();
        if (!isClean && isFirst && !isResort) {
            isClean = FollowUp(ground, cured).complete(tried);
        } else if (!isClean && !isResort && completions > 0 && tried.outcome.cures &&
                   tried.outcome.added.front().node != input.node.id &&
                   tried.proposal.applicability == diag::Applicability::Sure) {
            --completions;
            isClean = FollowUp(ground, cured, kFewTrials).complete(tried);
        }
        isFirst = false;
        (isResort ? lastResort : isClean ? clean : partial).push_back(std::move(tried));
    }
    for (std::size_t index = 0; clean.empty() && index < partial.size() && index < kMostDemoted; ++index)
        if (FollowUp(ground, cured).complete(partial[index])) {
            clean.push_back(std::move(partial[index]));
            partial.erase(partial.begin() + static_cast<std::ptrdiff_t>(index));
        }
    std::erase_if(partial, [&](const Tried& tried) { return !curesOwn(tried.outcome, input); });
    // What only exchanges errors is another reading of the layer, offered last; no layer is put in for it.
    const auto helps = [&](const Tried& tried) { return !exchangesErrors(tried.outcome, input.node.id); };
    const auto exchanging = std::stable_partition(partial.begin(), partial.end(), helps);
    if (!clean.empty())
        partial.erase(std::remove_if(exchanging, partial.end(),
                                     [](const Tried& tried) { return addsNodes(tried.proposal.edit); }),
                      partial.end());
    if (partial.size() > kMostDemoted) partial.resize(kMostDemoted);

    // Of several faults at one node, a repair that ends them all is worth more.
    std::stable_partition(clean.begin(), clean.end(),
                          [&](const Tried& tried) { return !hasRefusals(tried.outcome, input.node.id); });
    for (Tried& tried : clean) fixes.push_back(fixOf(input, tried));
    std::stable_partition(lastResort.begin(), lastResort.end(),
                          [](const Tried& tried) { return tried.outcome.isClean(); });
    if (clean.empty())
        for (Tried& tried : lastResort)
            if (tried.outcome.isClean()) fixes.push_back(fixOf(input, tried));
    for (Tried& tried : partial) {
        note(tried.proposal, tried.outcome, input.node.id);
        fixes.push_back(fixOf(input, tried));
    }
    if (fixes.empty())
        for (Tried& tried : lastResort)
            if (tried.outcome.cures) fixes.push_back(fixOf(input, tried));
    return fixes;
}

}  // namespace shapewise::mistakes
