#include "core/layers/framework/guess.h"

#include "core/base/checked_math.h"
#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <array>

namespace shapewise::layers {

using diag::Code;
using diag::Refusal;
using graph::Node;
using tensor::Dim;
using tensor::Shape;
using tensor::TensorType;

namespace {

bool holdsUnknownLayer(const graph::Graph& graph) {
    bool found = false;
    graph.forEach([&](const Node& node) { found = found || layers::holdsUnknownLayer(node); });
    return found;
}

/// The class of a layer it wraps that nobody knows, empty when there is none.
std::string wrappedUnknownClass(const Node& node) {
    for (const ParamSpec& spec : node.type->params) {
        if (spec.kind != ParamKind::Layer) continue;
        const Value* layer = node.setting(ParamKey::of(spec.key));
        const Value* name = layer != nullptr ? layer->find("class_name") : nullptr;
        if (name != nullptr && name->isText() && findLayer(name->asText()) == nullptr) return name->asText();
    }
    return {};
}

/// Sizes put where a rule needs one and none is known. What comes out the same for both does not depend on it.
constexpr std::array<std::int64_t, 2> kProbes{48, 80};
constexpr int kMostOpenRank = 6;

/// Wrong by the links alone.
bool concernsWiring(Code code) {
    return code == Code::InputMissing || code == Code::TooFewInputs || code == Code::TooManyInputs;
}

bool concernsOneInput(Code code) {
    return code == Code::RankTooLow || code == Code::RankTooHigh || code == Code::SizeUnknown ||
           code == Code::ElementType;
}

std::optional<std::int64_t> numberIn(const Refusal& refusal, diag::ArgumentName name) {
    const diag::Argument* argument = diag::findArgument(refusal.arguments, name);
    const auto* number = argument != nullptr ? std::get_if<std::int64_t>(&argument->value) : nullptr;
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

/// The input that a file says the layer was built for.
std::optional<TensorType> builtInput(const Node& node) {
    if (!node.builtFor || !node.builtFor->isList() || node.inputs.size() != 1) return std::nullopt;
    const ValueList& sizes = node.builtFor->asList();
    if (sizes.empty() || sizes.size() > static_cast<std::size_t>(tensor::kMaximumRank)) return std::nullopt;
    TensorType type;
    for (const Value& size : sizes) {
        if (!size.isNone() && !size.isInteger()) return std::nullopt;
        type.shape.append(size.isInteger() && size.asInteger() >= 0 ? Dim(size.asInteger()) : Dim());
    }
    type.guessed = true;
    return type;
}

/// Asks the rule of one node again and again, with other inputs in place of those that are not certain.
class Asking {
  public:
    Asking(const Node& node, std::span<const TensorType* const> inputs, std::span<const graph::Link> links)
        : node_(node), given_(inputs.begin(), inputs.end()), links_(links), tried_(inputs.size()) {}

    PartlyInferred ask() {
        if (const std::vector<Refusal> wrong = wrongAnyway(); !wrong.empty()) return {{}, wrong};
        const std::optional<TensorType> built = builtInput(node_);
        int lowest = tensor::kMaximumRank;
        int highest = 1;
        for (std::size_t index = 0; index < given_.size(); ++index) {
            if (given_[index] != nullptr || built) continue;
            lowest = std::min(lowest, portAt(index).minimumRank);
            highest = std::max(highest, std::min(portAt(index).maximumRank, kMostOpenRank));
        }
        if (lowest > highest) lowest = highest;  // every rank is known
        bool isFirst = true;
        for (int rank = std::max(1, lowest); rank <= std::max(highest, lowest); ++rank) {
            std::vector<TensorType> outputs;
            if (!askWith(rank, built, outputs)) continue;
            if (isFirst)
                result_ = std::move(outputs);
            else
                meet(outputs);
            isFirst = false;
            if (result_.empty()) return {};
        }
        if (isFirst) return {{}, certain_};
        for (TensorType& output : result_) output.guessed = true;
        return {std::move(result_), {}};
    }

  private:
    [[nodiscard]] bool isCertain(std::size_t index) const {
        return index < given_.size() && given_[index] != nullptr && !given_[index]->guessed;
    }

    [[nodiscard]] PortSpec portAt(std::size_t index) const {
        const std::vector<PortSpec>& ports = node_.type->inputs;
        const std::size_t port = index < links_.size() ? links_[index].toPort : index;
        return ports.empty() ? PortSpec{} : ports[std::min(port, ports.size() - 1)];
    }

    /// Settings, and what several inputs that are certain say to one another.
    [[nodiscard]] std::vector<Refusal> wrongAnyway() const {
        InferContext alone(Params(node_), {}, {}, &node_);
        validate(alone);
        if (alone.isRefused()) return alone.refusals();
        const std::vector<PortSpec>& ports = node_.type->inputs;
        if (ports.size() != 1 || !ports.front().many || node_.type->holdsModel) return {};
        std::vector<const TensorType*> sure;
        std::vector<graph::Link> links;
        std::vector<int> places;
        for (std::size_t index = 0; index < given_.size(); ++index) {
            if (!isCertain(index)) continue;
            sure.push_back(given_[index]);
            if (index < links_.size()) links.push_back(links_[index]);
            places.push_back(static_cast<int>(index));
        }
        if (sure.size() < 2) return {};
        InferContext context(Params(node_), sure, links, &node_);
        if (inferLayer(context) || concernsWiring(context.refusals().front().code)) return {};
        std::vector<Refusal> wrong = context.refusals();
        for (Refusal& refusal : wrong)
            if (refusal.input >= 0 && static_cast<std::size_t>(refusal.input) < places.size())
                refusal.input = places[static_cast<std::size_t>(refusal.input)];
        return wrong;
    }

    /// Inputs of that rank where none is known, with sizes put in where the rule needs them.
    bool askWith(int rank, const std::optional<TensorType>& built, std::vector<TensorType>& outputs) {
        std::vector<TensorType> first;
        if (!settle(rank, built, kProbes[0], first)) return false;
        if (isProbed_) {
            std::vector<TensorType> second;
            if (!settle(rank, built, kProbes[1], second)) return false;
            std::swap(result_, first);
            meet(second);
            std::swap(result_, first);
        }
        std::vector<TensorType> ofOnes;  // layers may drop axes of size 1
        if (settle(rank, built, 1, ofOnes, true)) {
            std::swap(result_, first);
            meet(ofOnes);
            std::swap(result_, first);
        }
        outputs = std::move(first);
        return true;
    }

    bool settle(int rank, const std::optional<TensorType>& built, std::int64_t probe, std::vector<TensorType>& outputs,
                bool fillsAll = false) {
        isProbed_ = false;
        std::vector<const TensorType*> inputs;
        for (std::size_t index = 0; index < given_.size(); ++index) {
            if (given_[index] != nullptr) {
                tried_[index] = *given_[index];
            } else {
                const PortSpec port = portAt(index);
                tried_[index] = built ? *built : TensorType{};
                tried_[index].guessed = true;
                if (!built) tried_[index].dtype = port.dtype;
                const int axes = std::clamp(rank, std::max(1, port.minimumRank), port.maximumRank);
                if (!built)
                    for (int axis = 0; axis < axes; ++axis) tried_[index].shape.append(Dim::unknown());
            }
            Shape& shape = tried_[index].shape;
            for (int axis = 1; fillsAll && !isCertain(index) && axis < shape.rank(); ++axis)
                if (!shape[axis].isKnown()) shape.setSize(axis, Dim(probe));
            inputs.push_back(&tried_[index]);
        }
        constexpr int kMostQuestions = 16;
        for (int question = 0; question < kMostQuestions; ++question) {
            InferContext context(Params(node_), inputs, links_, &node_);
            if (inferLayer(context)) {
                outputs.assign(context.outputs().begin(), context.outputs().end());
                return true;
            }
            const Refusal& refusal = context.refusals().front();
            if (fill(refusal, probe)) continue;
            const bool isOfCertain = refusal.input >= 0 && isCertain(static_cast<std::size_t>(refusal.input));
            if (concernsWiring(refusal.code) || (concernsOneInput(refusal.code) && isOfCertain))
                certain_ = context.refusals();
            return false;
        }
        return false;
    }

    /// Puts a size in where the rule says that it needs one. False when that is not what it says.
    bool fill(const Refusal& refusal, std::int64_t probe) {
        const auto index = static_cast<std::size_t>(std::max(0, refusal.input));
        if (index >= tried_.size() || isCertain(index)) return false;
        Shape& shape = tried_[index].shape;
        if (refusal.code == Code::GroupsNotDividing) {
            const std::int64_t groups = numberIn(refusal, "groups").value_or(1);
            bool isWidened = false;
            for (int axis = 1; axis < shape.rank() && isProbed_; ++axis)
                if (groups > 1 && shape[axis] == Dim(probe)) {
                    shape.setSize(axis, saturatingMultiply(probe, groups));
                    isWidened = true;
                }
            return isWidened;
        }
        if (refusal.code != Code::SizeUnknown) return false;
        const auto isOpen = [&](std::int64_t axis) {
            return axis > 0 && axis < shape.rank() && !shape[static_cast<int>(axis)].isKnown();
        };
        std::int64_t axis = numberIn(refusal, "axis").value_or(-1);
        if (!isOpen(axis)) axis = shape.rank() - 1;  // a wrapper counts the axes of what it wraps
        while (axis > 0 && !isOpen(axis)) --axis;
        if (axis <= 0) return false;
        shape.setSize(static_cast<int>(axis), probe);
        isProbed_ = true;
        return true;
    }

    /// Leaves of the result what `other` says too.
    void meet(const std::vector<TensorType>& other) {
        if (other.size() != result_.size()) return result_.clear();
        for (std::size_t port = 0; port < result_.size(); ++port) {
            TensorType& type = result_[port];
            if (other[port].shape.rank() != type.shape.rank()) return result_.clear();
            for (int axis = 0; axis < type.shape.rank(); ++axis) {
                if (type.shape[axis] != other[port].shape[axis]) type.shape.setSize(axis, Dim::unknown());
                if (type.shape.meaning(axis) != other[port].shape.meaning(axis))
                    type.shape.setMeaning(axis, tensor::AxisMeaning::Unknown);
            }
        }
    }

    const Node& node_;
    std::vector<const TensorType*> given_;
    std::span<const graph::Link> links_;
    std::vector<TensorType> tried_;
    std::vector<TensorType> result_;
    std::vector<Refusal> certain_;
    bool isProbed_ = false;
};

}  // namespace

bool holdsUnknownLayer(const Node& node) {
    if (node.type->isOpaque || !wrappedUnknownClass(node).empty()) return true;
    return node.body != nullptr && holdsUnknownLayer(*node.body);
}

std::string unknownClassIn(const Node& node) {
    const Value* name = node.type->isOpaque ? node.setting("class_name") : nullptr;
    if (name != nullptr && name->isText()) return name->asText();
    std::string found = wrappedUnknownClass(node);
    if (node.body != nullptr)
        node.body->forEach([&](const Node& inner) {
            if (found.empty()) found = unknownClassIn(inner);
        });
    return found;
}

PartlyInferred inferPartly(const Node& node, std::span<const TensorType* const> inputs,
                           std::span<const graph::Link> links) {
    return Asking(node, inputs, links).ask();
}

}  // namespace shapewise::layers
