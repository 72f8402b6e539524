#include "ui/canvas/scene/problem_marks.h"

#include "ui/canvas/scene/node_view.h"

#include <algorithm>

namespace shapewise::ui {
namespace {

bool isWorse(diag::Severity a, diag::Severity b) { return static_cast<int>(a) < static_cast<int>(b); }

/// What stands in one of two sorted ranges alone, or stands for something else there.
template <class Range, class KeyOf>
void addDifferent(const Range& before, const Range& after, KeyOf keyOf, std::set<NodeId>& changed) {
    std::vector<typename Range::value_type> different;
    std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(),
                                  std::back_inserter(different));
    for (const auto& entry : different) changed.insert(keyOf(entry));
}

}  // namespace

ProblemMarks::Changed ProblemMarks::update(const std::vector<diag::Diagnostic>& problems) {
    ProblemMarks now;
    for (const diag::Diagnostic& problem : problems) {
        if (!isWorthAMark(problem) || !problem.node.isValid()) continue;
        const auto [badge, isFirst] = now.badges_.emplace(problem.node, problem.severity);
        if (!isFirst && isWorse(problem.severity, badge->second)) badge->second = problem.severity;
        if (problem.link && problem.severity == diag::Severity::Warning)
            now.suspicious_.insert({problem.link->to, problem.link->slot});
    }
    Changed changed;
    const auto first = [](const auto& entry) { return entry.first; };
    addDifferent(badges_, now.badges_, first, changed.nodes);
    addDifferent(suspicious_, now.suspicious_, first, changed.consumers);
    *this = std::move(now);
    return changed;
}

std::optional<diag::Severity> ProblemMarks::badge(NodeId node) const {
    const auto found = badges_.find(node);
    return found == badges_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace shapewise::ui
