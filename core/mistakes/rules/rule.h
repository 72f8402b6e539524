#pragma once
// Rules: for each code, how to describe what happened and which repairs to propose. Families of mistakes have a file
// each; diagnose.cpp joins their tables.

#include "core/mistakes/read/trace.h"
#include "core/mistakes/repair/plan.h"
#include "core/mistakes/silent_mistakes.h"

#include <span>

namespace shapewise::mistakes {

/// One refusal or silent mistake with what stands round it.
struct Case {
    const graph::Project& project;
    const infer::Analysis& analysis;
    const graph::Node& node;  ///< the consumer, or the node at fault
    const layers::LayerType& type;
    const diag::Refusal& refusal;
    std::optional<graph::LinkPlace> place;  ///< the link that cannot work
    const graph::Link* link = nullptr;      ///< null when no link is refused
    const graph::Node* producer = nullptr;
    const tensor::TensorType* input = nullptr;  ///< what comes over the link; null when not known

    [[nodiscard]] const graph::Graph& graph() const { return project.graph; }
    [[nodiscard]] Plan plan() const { return Plan(project, analysis); }
    [[nodiscard]] const tensor::Shape& shape() const { return input->shape; }
    [[nodiscard]] const tensor::TensorType* inputAt(std::size_t slot) const;
};
[[nodiscard]] Case makeCase(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                            const diag::Refusal& refusal);

/// A repair before it has been tried.
struct Proposal {
    std::string slug;  ///< "use-conv1d"; unique among the proposals of one case
    diag::Phrase title;
    diag::Phrase note;
    edit::Edit edit;
    diag::Applicability applicability = diag::Applicability::Sure;
    bool isLastResort = false;  ///< takes something away; only when nothing else works
    bool isReading = false;    ///< another reading of the repair before it: those that fit at once go before the others
    bool isOnlyIfFit = false;  ///< a reading that nobody would think of unless it fits at once
    std::optional<diag::FileChoice> file{};  ///< a person chooses a file first: there is nothing to try
};

class Proposals {
  public:
    /// Plans that are not possible are left out.
    void add(std::string slug, diag::Phrase title, diag::Phrase note, Plan plan,
             diag::Applicability applicability = diag::Applicability::Sure);
    /// "Choose file…", with an empty edit.
    void addFileChoice(NodeId node, std::string parameter, diag::Phrase note);
    /// Another reading of the repair that was added last.
    void addReading(std::string slug, diag::Phrase title, diag::Phrase note, Plan plan, bool isOnlyIfFit = true);
    void addLastResort(std::string slug, diag::Phrase title, diag::Phrase note, Plan plan);
    [[nodiscard]] std::vector<Proposal>& list() { return list_; }
    [[nodiscard]] bool empty() const { return list_.empty(); }

  private:
    std::vector<Proposal> list_;
};

struct Rule {
    diag::Code code;
    /// Sets arguments and, where the table's sentence does not fit, why, rootCause and confidence. May be null.
    void (*describe)(const Case& input, diag::Diagnostic& diagnostic);
    void (*propose)(const Case& input, Proposals& proposals);
};

[[nodiscard]] std::span<const Rule> rankRules();
[[nodiscard]] std::span<const Rule> sizeRules();
[[nodiscard]] std::span<const Rule> channelRules();
[[nodiscard]] std::span<const Rule> mergeRules();
[[nodiscard]] std::span<const Rule> axisRules();
[[nodiscard]] std::span<const Rule> reshapeRules();
[[nodiscard]] std::span<const Rule> parameterRules();
[[nodiscard]] std::span<const Rule> graphFaultRules();
[[nodiscard]] std::span<const Rule> weightRules();
[[nodiscard]] std::span<const Rule> orderRules();
[[nodiscard]] std::span<const Rule> scramblingRules();
[[nodiscard]] std::span<const Rule> headRules();
[[nodiscard]] std::span<const Rule> rateRules();

/// Null when no rule is there for a code.
[[nodiscard]] const Rule* findRule(diag::Code code);

/// Looks at one node whose inputs and output are known. Must be cheap: it runs for every node at every edit.
using Detector = void (*)(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                          std::vector<Silent>& found);
/// Lists the nodes behind `node` on whose types and links its detector's answer hangs, so that it is asked again when
/// one of them changes. What stands at its inputs, and before them through layers that keep the shape, needs no
/// mention.
using Watch = void (*)(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                       std::vector<NodeId>& watched);
struct SilentRule {
    bool (*concerns)(const layers::LayerType& type);  ///< by what the layer does; asked before anything is looked at
    Detector detect;
    Watch watch = nullptr;  ///< null for a detector that looks at nothing behind its node
};
/// For rules that mean one kind of layer.
template <layers::Role kRole>
bool isA(const layers::LayerType& type) {
    return type.role == kRole;
}
[[nodiscard]] std::span<const SilentRule> orderDetectors();
[[nodiscard]] std::span<const SilentRule> scramblingDetectors();
[[nodiscard]] std::span<const SilentRule> headDetectors();
[[nodiscard]] std::span<const SilentRule> mergeDetectors();
[[nodiscard]] std::span<const SilentRule> sourceDetectors();
[[nodiscard]] std::span<const SilentRule> rateDetectors();
/// Appends the silent mistakes at a node.
void detectSilent(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                  std::vector<Silent>& found);
/// Appends what the detectors of a node watch behind it; may repeat.
void watchedBehind(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                   std::vector<NodeId>& watched);
/// Loaded or declared weights against what the input asks for; any layer may have them.
void detectWeightsMismatch(const graph::Project& project, const infer::Analysis& analysis, const graph::Node& node,
                           std::vector<Silent>& found);

/// The key by which a warning is dismissed: code, node name and producer name.
[[nodiscard]] std::string dismissalKey(diag::Code code, const graph::Node& node, const graph::Node* producer);

/// An argument of a refusal that is a whole number.
[[nodiscard]] std::int64_t numberArgument(const diag::Refusal& refusal, diag::ArgumentName name,
                                          std::int64_t otherwise);
/// Names the node that made the size of an axis, when it is not the producer itself.
void nameSizeRoot(const Case& input, diag::Diagnostic& diagnostic, int axis);

// Repairs that several families use.

/// "Remove x" (its input feeds its consumers) and "Delete x and what is behind it".
void proposeRemoval(const Case& input, Proposals& proposals);
/// Changes the declared shape of the source when it alone leads to the refused link.
void proposeSourceShape(const Case& input, Proposals& proposals, const graph::Node& source,
                        const std::vector<tensor::Dim>& sizes, diag::Phrase note,
                        diag::Applicability applicability = diag::Applicability::Maybe,
                        std::string slug = "source-shape");
/// The smallest size of `axis` of the source that lets `needed` arrive at the link; nullopt when it cannot be said.
[[nodiscard]] std::optional<std::int64_t> sourceSizeFor(const Case& input, int axis, std::int64_t needed);

}  // namespace shapewise::mistakes
