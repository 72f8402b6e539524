#include "core/exec/open_sizes.h"

#include "core/layers/framework/guess.h"
#include "core/layers/parts/target_shape.h"

#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <set>

namespace shapewise::exec {

namespace {

using graph::Node;
using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

constexpr std::int64_t kSmallestPower = 16;
constexpr std::int64_t kLargestPower = 16384;
constexpr std::int64_t kLargestRound = 4096;
constexpr std::int64_t kLargestInGrid = 1024;
constexpr std::size_t kMostInferences = 200'000;  ///< of single nodes, all trials together

/// Sizes that are one unknown: the axes that bear one name, or a single axis without a name.
struct Unknown {
    std::vector<std::pair<std::size_t, int>> places;  ///< Input by its index, axis
};

/// From the roundest to the least round, each kind from the smallest: 2^k times an odd number.
std::vector<std::int64_t> roundSizes(std::int64_t largest) {
    std::vector<std::int64_t> sizes;
    std::int64_t power = 1;
    while (power * 2 <= largest) power *= 2;
    for (; power > 0; power /= 2)
        for (std::int64_t size = power; size <= largest; size += 2 * power) sizes.push_back(size);
    return sizes;
}

/// Whether loaded weights have the shapes that the layers need on these inputs.
bool doWeightsFit(const Node& owner, std::span<const layers::WeightSpec> specs) {
    std::map<const Node*, std::size_t> next;
    for (const layers::WeightSpec& spec : specs) {
        const Node* layer = owner.weights || spec.owner == nullptr ? &owner : spec.owner;
        const std::size_t place = next[layer]++;
        if (!layer->weights || place >= layer->weights->size()) continue;
        const tensor::Extents& loaded = (*layer->weights)[place].values.extents();
        if (!loaded.empty() && loaded != spec.extents) return false;
    }
    return true;
}

/// A map reshaped to one of other sizes along its spatial axes: (4, 15, 4) to (6, 10, 2, 2). Not where axes are joined.
bool scrambles(const Shape& from, const Shape& to) {
    if (from.rank() < 4 || to.rank() < from.rank()) return false;
    for (int axis = 1; axis + 1 < from.rank(); ++axis)
        if (!tensor::mayBeEqual(from[axis], to[axis])) return true;
    return false;
}

/// What an Input declares; nullopt when it refuses its settings.
std::optional<TensorType> declaredBy(const Node& input) {
    layers::InferContext context(layers::Params(input), {}, {}, &input);
    if (!layers::inferLayer(context) || context.outputs().empty()) return std::nullopt;
    return context.outputs().front();
}

bool leavesSizeOpen(const TensorType& type) {
    for (int axis = 1; axis < type.shape.rank(); ++axis)
        if (!type.shape[axis].isKnown()) return true;
    return false;
}

/// The shapes of a whole graph for given sizes of its Inputs.
class Trial {
  public:
    Trial(const RunRequest& request, const LoadedTypes& loaded, const std::vector<NodeId>& order, std::int64_t batch)
        : graph_(request.project.graph), types_(graph_.slotCount()) {
        std::vector<bool> isOpen(graph_.slotCount(), false);
        for (const NodeId id : order) {
            const Node* node = graph_.find(id);
            if (node == nullptr) continue;
            for (const graph::Link& link : node->inputs)
                if (link.from.value < isOpen.size() && isOpen[link.from.value]) isOpen[id.value] = true;
            const auto file = loaded.find(id);
            const auto given = request.inputs.find(id);
            if (file != loaded.end()) {
                if (file->second) types_[id.value] = {*file->second};
                continue;
            }
            if (given != request.inputs.end() && given->second) {
                takeArray(*node, given->second->extents());
                continue;
            }
            if (originOf(*node) == Origin::Given && addInput(*node, batch)) isOpen[id.value] = true;
            if (isOpen[id.value])
                behind_.push_back(node);
            else
                (void)infer(*node);
        }
        open_.assign(inputs_.begin(), inputs_.end());
        for (const Node* node : behind_)
            if (!inferOpen(*node)) excused_.insert(node->id);
    }

    [[nodiscard]] const std::vector<std::pair<NodeId, TensorType>>& inputs() const { return open_; }
    [[nodiscard]] const std::vector<Unknown>& unknowns() const { return unknowns_; }
    [[nodiscard]] bool isAffordable() const { return inferences_ < kMostInferences; }

    /// Twice the nodes that refuse sizes that they might have taken, and one more where a Reshape would cut rows of
    /// another length than it is given. Stops at `enough`. Names the first in `culprit`.
    int misfits(const std::vector<std::int64_t>& sizes, int enough = std::numeric_limits<int>::max(),
                std::string* culprit = nullptr) {
        inputs_ = open_;
        for (std::size_t index = 0; index < unknowns_.size(); ++index)
            for (const auto& [input, axis] : unknowns_[index].places)
                inputs_[input].second.shape.setSize(axis, Dim(sizes[index]));
        isScrambled_ = false;
        int count = 0;
        for (const Node* node : behind_) {
            if (infer(*node) || excused_.contains(node->id)) continue;
            if (count == 0 && culprit != nullptr) *culprit = node->name + inner_;
            count += 2;
            if (count >= enough) break;
        }
        return count + (isScrambled_ ? 1 : 0);
    }

  private:
    /// False when it leaves only its batch open.
    bool addInput(const Node& node, std::int64_t batch) {
        std::optional<TensorType> declared = declaredBy(node);
        if (!declared) return false;
        TensorType& type = *declared;
        bool isOpen = false;
        for (int axis = 0; axis < type.shape.rank(); ++axis) {
            const Dim size = type.shape[axis];
            if (size.isKnown()) continue;
            isOpen = true;
            if (axis == 0)
                type.shape.setSize(0, Dim(batch));
            else
                addUnknown(size, inputs_.size(), axis);
        }
        if (isOpen) inputs_.emplace_back(node.id, std::move(type));
        return isOpen;
    }

    void addUnknown(Dim size, std::size_t input, int axis) {
        if (size.isSymbolic()) {
            const auto [named, isNew] = names_.emplace(size.code(), unknowns_.size());
            if (!isNew) {
                unknowns_[named->second].places.emplace_back(input, axis);
                return;
            }
        }
        unknowns_.push_back({{{input, axis}}});
    }

    void takeArray(const Node& node, const tensor::Extents& extents) {
        std::optional<TensorType> declared = declaredBy(node);
        if (!declared) return;
        TensorType& type = *declared;
        if (type.shape.rank() != static_cast<int>(extents.size())) return;
        for (int axis = 0; axis < type.shape.rank(); ++axis)
            type.shape.setSize(axis, Dim(extents[static_cast<std::size_t>(axis)]));
        types_[node.id.value] = {std::move(type)};
    }

    /// While the sizes are open. False when the node refuses whatever they will be.
    bool inferOpen(const Node& node) {
        if (infer(node)) return true;
        std::vector<const TensorType*> types;
        for (const graph::Link& link : node.inputs) types.push_back(&types_[link.from.value][link.fromPort]);
        layers::InferContext context(layers::Params(node), types, node.inputs, &node);
        if (layers::inferLayer(context)) return false;  // it is its weights or its target that do not fit
        const bool waitsForSizes =
            std::any_of(context.refusals().begin(), context.refusals().end(), [](const diag::Refusal& refusal) {
                return refusal.code == diag::Code::SizeUnknown || refusal.code == diag::Code::NestedLayer;
            });
        if (!waitsForSizes) return false;
        std::vector<TensorType> guessed;
        for (const TensorType* type : types) guessed.emplace_back(*type).guessed = true;
        for (std::size_t index = 0; index < guessed.size(); ++index) types[index] = &guessed[index];
        layers::PartlyInferred partly = layers::inferPartly(node, types, node.inputs);
        for (TensorType& output : partly.outputs) output.guessed = false;
        types_[node.id.value] = std::move(partly.outputs);
        return partly.refusals.empty();
    }

    /// False when the node refuses what comes in.
    bool infer(const Node& node) {
        ++inferences_;
        inner_.clear();
        std::vector<TensorType>& outputs = types_[node.id.value];
        const auto input =
            std::find_if(inputs_.begin(), inputs_.end(), [&](const auto& entry) { return entry.first == node.id; });
        if (input != inputs_.end()) {
            outputs = {input->second};
            return true;
        }
        outputs.clear();
        std::vector<const TensorType*> types;
        for (const graph::Link& link : node.inputs) {
            if (link.from.value >= types_.size()) return true;
            const std::vector<TensorType>& from = types_[link.from.value];
            if (link.fromPort >= from.size()) return true;  // what is before it has said so
            types.push_back(&from[link.fromPort]);
        }
        layers::InferContext context(layers::Params(node), types, node.inputs, &node);
        if (!layers::inferLayer(context)) {
            if (node.type->holdsModel)
                inner_ = "/" + std::string(diag::textOf(context.refusals().front().arguments, "layer", ""));
            return false;
        }
        outputs.assign(context.outputs().begin(), context.outputs().end());
        if (node.type->role == layers::Role::Reshape && !outputs.empty())
            isScrambled_ = isScrambled_ || scrambles(types.front()->shape, outputs.front().shape);
        if (const std::optional<layers::TargetShape> target = layers::targetShape(node); target && !types.empty()) {
            const auto sizes = types.front()->shape.sizes();
            return sizes.empty() || target->agreesWith({sizes.begin() + 1, sizes.end()});
        }
        const Node* shared = graph_.find(node.sharesLayerOf);
        const Node& owner = shared != nullptr ? *shared : node;
        if (node.type->weights == nullptr || (!owner.weights && !node.type->holdsModel && node.body == nullptr))
            return true;
        return doWeightsFit(owner, layers::weightsOf(owner, types, node.inputs));
    }

    const graph::Graph& graph_;
    std::vector<std::vector<TensorType>> types_;         ///< by node id
    std::vector<std::pair<NodeId, TensorType>> inputs_;  ///< with the sizes of the present trial
    std::vector<std::pair<NodeId, TensorType>> open_;    ///< as declared
    std::vector<const Node*> behind_;                    ///< what depends on an open size, in order
    std::vector<Unknown> unknowns_;
    std::map<std::int64_t, std::size_t> names_;
    std::set<NodeId> excused_;  ///< refuse while the sizes are open: no size would help
    bool isScrambled_ = false;
    std::string inner_;  ///< of the nested model that refused last
    std::size_t inferences_ = 0;
};

class Search {
  public:
    explicit Search(Trial& trial) : trial_(trial), best_(trial.unknowns().size(), kSmallestPower) {}

    /// True when all nodes that can work do.
    bool run() {
        (void)(tryPowers() || tryRound() || tryInputs() || tryPairs());
        return fewest_ <= 1;
    }

    [[nodiscard]] const std::vector<std::int64_t>& sizes() const { return best_; }
    [[nodiscard]] bool isPower() const { return isPower_; }

  private:
    bool consider(const std::vector<std::int64_t>& sizes) {
        const int misfits = trial_.misfits(sizes, fewest_);
        if (misfits >= fewest_) return false;
        fewest_ = misfits;
        best_ = sizes;
        isPower_ = isTryingPowers_;
        return fewest_ == 0;
    }

    bool tryPowers() {
        for (std::int64_t size = kSmallestPower; size <= kLargestPower && trial_.isAffordable(); size *= 2)
            if (consider(std::vector<std::int64_t>(best_.size(), size))) return true;
        isTryingPowers_ = false;
        return false;
    }

    bool tryRound() {
        for (const std::int64_t size : roundSizes(kLargestRound))
            if (!trial_.isAffordable() || consider(std::vector<std::int64_t>(best_.size(), size))) break;
        return fewest_ == 0;
    }

    /// One unknown after the other, the others left as they are; those of one Input together first.
    bool tryInputs() {
        if (best_.size() < 2) return false;
        for (const bool isTogether : {true, false})
            for (std::size_t unknown = 0; unknown < best_.size(); ++unknown) {
                const std::vector<std::int64_t> base = best_;
                for (const std::int64_t size : roundSizes(kLargestInGrid)) {
                    if (!trial_.isAffordable()) return false;
                    std::vector<std::int64_t> sizes = base;
                    for (std::size_t other = 0; other < sizes.size(); ++other)
                        if (other == unknown || (isTogether && inputOf(other) == inputOf(unknown))) sizes[other] = size;
                    if (consider(sizes)) return true;
                }
            }
        return false;
    }

    /// Two unknowns of one Input, as height and width, on grids that get finer.
    bool tryPairs() {
        for (std::int64_t step = 64; step > 0; step /= 2)
            for (std::size_t first = 0; first + 1 < best_.size(); ++first) {
                if (inputOf(first) != inputOf(first + 1)) continue;
                std::vector<std::int64_t> sizes = best_;
                const std::int64_t most = std::min(kLargestInGrid, step * 32);
                for (std::int64_t a = step; a <= most; a += step)
                    for (std::int64_t b = step; b <= most; b += step) {
                        if (!trial_.isAffordable()) return false;
                        sizes[first] = a;
                        sizes[first + 1] = b;
                        if (consider(sizes)) return true;
                    }
            }
        return false;
    }

    [[nodiscard]] std::size_t inputOf(std::size_t unknown) const {
        return trial_.unknowns()[unknown].places.front().first;
    }

    Trial& trial_;
    std::vector<std::int64_t> best_;
    int fewest_ = std::numeric_limits<int>::max();
    bool isPower_ = true;  ///< the best there is
    bool isTryingPowers_ = true;
};

/// "416", or "416 and 832" where the axes of one Input differ.
std::string sizesText(const Trial& trial, const std::vector<std::int64_t>& sizes, std::size_t input) {
    std::vector<std::int64_t> own;
    for (std::size_t index = 0; index < sizes.size(); ++index)
        for (const auto& [place, axis] : trial.unknowns()[index].places)
            if (place == input) own.push_back(sizes[index]);
    const bool isOne = std::all_of(own.begin(), own.end(), [&](std::int64_t size) { return size == own.front(); });
    if (isOne) own.resize(std::min<std::size_t>(own.size(), 1));
    std::string text;
    for (std::size_t index = 0; index < own.size(); ++index)
        text += (index == 0 ? "" : index + 1 == own.size() ? " and " : ", ") + std::to_string(own[index]);
    return text;
}

}  // namespace

OpenSizes solveOpenSizes(const RunRequest& request, const LoadedTypes& loaded, const std::vector<NodeId>& order,
                         std::int64_t batch) {
    OpenSizes solved;
    bool hasUnknown = false;
    for (const NodeId id : order) {
        const Node* node = request.project.graph.find(id);
        if (node == nullptr || originOf(*node) != Origin::Given) continue;
        std::optional<TensorType> type = declaredBy(*node);
        if (!type || type->shape.isFullyKnown()) continue;
        hasUnknown = hasUnknown || leavesSizeOpen(*type);
        if (!type->shape[0].isKnown()) type->shape.setSize(0, Dim(batch));
        solved.inputs.emplace(id, OpenSizes::Choice{type->shape, {}});
    }
    if (!hasUnknown) return solved;
    Trial trial(request, loaded, order, batch);
    Search search(trial);
    std::string reason;
    if (!trial.unknowns().empty()) {
        std::string culprit;
        (void)trial.misfits(std::vector<std::int64_t>(trial.unknowns().size(), kSmallestPower), 1, &culprit);
        const bool isSolved = search.run();
        const bool isSmallest = search.isPower() && search.sizes().front() == kSmallestPower;
        if (!isSolved)
            reason = fmt::format("; no size was found that {} takes", culprit);
        else if (!isSmallest && search.isPower())
            reason = fmt::format(", the smallest power of two with which all layers work ({} takes no smaller one)",
                                 culprit);
        else if (!isSmallest)
            reason = fmt::format(", which {} asks for", culprit);
    }
    for (std::size_t index = 0; index < trial.inputs().size(); ++index) {
        const auto& [id, type] = trial.inputs()[index];
        OpenSizes::Choice choice{type.shape, {}};
        for (std::size_t unknown = 0; unknown < search.sizes().size(); ++unknown)
            for (const auto& [input, axis] : trial.unknowns()[unknown].places)
                if (input == index) choice.shape.setSize(axis, Dim(search.sizes()[unknown]));
        if (const std::string sizes = sizesText(trial, search.sizes(), index); !sizes.empty())
            choice.note = fmt::format("unknown sizes run as {}{}", sizes, reason);
        solved.inputs.insert_or_assign(id, std::move(choice));
    }
    return solved;
}

}  // namespace shapewise::exec
