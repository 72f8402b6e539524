// Running the body of a nested model: node by node, each output kept until its last consumer has run.

#include "core/layers/framework/prepared_layer.h"
#include "core/layers/parts/body.h"

#include <fmt/format.h>
#include <algorithm>
#include <vector>

namespace shapewise::layers {

using tensor::Tensor;
using tensor::TensorType;

namespace {

using WeightSpan = std::span<const Tensor* const>;

/// The weights of each layer, by its place in nodes(); empty at further calls of a layer.
std::vector<WeightSpan> weightsByPlace(const Body& body, WeightSpan weights) {
    std::vector<WeightSpan> byPlace(body.nodes().size());
    std::size_t first = 0;
    for (const std::size_t place : body.layersInFileOrder()) {
        const std::size_t count = weightsOf(*body.nodes()[place].node, body.nodes()[place].inputs).size();
        byPlace[place] = weights.subspan(first, count);
        first += count;
    }
    return byPlace;
}

class BodyRun {
  public:
    BodyRun(const Body& body, ForwardContext& context)
        : body_(body),
          context_(context),
          values_(body.nodes().size()),
          masks_(body.nodes().size()),
          uses_(body.nodes().size(), 0),
          weights_(weightsByPlace(body, context.weights)) {
        for (const BodyNode& entry : body.nodes())
            for (const graph::Link& link : entry.node->inputs) ++uses_[*body.find(link.from)];
        for (const BodyEnd& end : body.ends()) ++uses_[end.node];
    }

    Result<void> run() {
        for (std::size_t place = 0; place < body_.nodes().size(); ++place) {
            if (context_.stop.stop_requested()) return failure("the run was cancelled");
            if (uses_[place] == 0) continue;  // nothing needs it
            if (Result<void> done = runNode(place); !done) return done;
            for (const graph::Link& link : body_.nodes()[place].node->inputs) release(*body_.find(link.from));
        }
        for (std::size_t index = 0; index < body_.ends().size(); ++index) {
            const BodyEnd& end = body_.ends()[index];
            if (const Tensor* mask = maskOf(end.node, end.port)) context_.giveMask(*mask, static_cast<int>(index));
            Tensor& value = values_[end.node][end.port];
            if (uses_[end.node] == 1)
                context_.output(static_cast<int>(index)) = std::move(value);
            else
                std::copy(value.values().begin(), value.values().end(),
                          context_.output(static_cast<int>(index)).data());
            release(end.node);
        }
        return {};
    }

  private:
    void release(std::size_t place) {
        if (--uses_[place] > 0) return;
        values_[place].clear();
        masks_[place].clear();
    }

    [[nodiscard]] const Tensor* maskOf(std::size_t place, std::size_t port) const {
        return port < masks_[place].size() && masks_[place][port].count() > 0 ? &masks_[place][port] : nullptr;
    }

    /// Masks at a node's inputs; empty when it has nothing to do with them or there are none.
    [[nodiscard]] std::vector<const Tensor*> masksAt(std::size_t place) const {
        const BodyNode& entry = body_.nodes()[place];
        std::vector<const Tensor*> masks;
        if (const std::optional<std::size_t> index = entryIndex(place))
            masks.push_back(context_.inputMask(static_cast<int>(*index)));
        else
            for (const graph::Link& link : entry.node->inputs)
                masks.push_back(maskOf(*body_.find(link.from), link.fromPort));
        if (std::all_of(masks.begin(), masks.end(), [](const Tensor* mask) { return mask == nullptr; })) masks.clear();
        return masks;
    }

    /// Index among the model's inputs, nullopt for a node inside.
    [[nodiscard]] std::optional<std::size_t> entryIndex(std::size_t place) const {
        const std::vector<std::size_t>& entries = body_.entries();
        for (std::size_t index = 0; index < entries.size(); ++index)
            if (entries[index] == place) return index;
        return std::nullopt;
    }

    Result<void> runNode(std::size_t place) {
        const BodyNode& entry = body_.nodes()[place];
        const std::vector<const Tensor*> masks = masksAt(place);
        std::vector<const Tensor*> inputs;
        for (const graph::Link& link : entry.node->inputs)
            inputs.push_back(&values_[*body_.find(link.from)][link.fromPort]);
        if (const std::optional<std::size_t> index = entryIndex(place)) {
            const Tensor& given = context_.input(static_cast<int>(*index));
            if (entry.node->type->inputs.empty()) {
                values_[place].emplace_back(extentsOf(entry.outputs.front().shape), given.values());
                if (!masks.empty()) masks_[place].push_back(*masks.front());
                return {};
            }
            inputs = {&given};
        }
        if (entry.node->type->forward == nullptr)
            return failure(fmt::format("'{}' inside computes nothing here", entry.node->name),
                           "Put data nodes and layers of your own outside the nested model");
        for (const TensorType& type : entry.outputs) values_[place].emplace_back(extentsOf(type.shape));
        ForwardContext inner{.params = Params(*entry.node),
                             .inputs = inputs,
                             .inputTypes = entry.inputs,
                             .links = entry.links(),
                             .outputs = values_[place],
                             .weights = weights_[*body_.find(entry.owner->id)],
                             .stop = context_.stop};
        if (context_.prepared != nullptr) inner.prepared = &context_.prepared->inside[place];
        if (entry.node->type->masks == Masks::Compute) {
            masks_[place].resize(entry.outputs.size());
            inner.inputMasks = masks;
            inner.outputMasks = masks_[place];
        } else if (entry.node->type->masks == Masks::PassOn && !masks.empty() && masks.front() != nullptr) {
            masks_[place].push_back(*masks.front());
        }
        Result<void> done = entry.node->type->forward(inner);
        if (done) return done;
        Error error = done.error();
        error.message = fmt::format("'{}' inside: {}", entry.node->name, error.message);
        return Unexpected(std::move(error));
    }

    const Body& body_;
    ForwardContext& context_;
    std::vector<std::vector<Tensor>> values_;  ///< by place
    std::vector<std::vector<Tensor>> masks_;   ///< by place and port; those without a value are none
    std::vector<int> uses_;                    ///< links and ends that still need a node's outputs
    std::vector<WeightSpan> weights_;          ///< by place of the layer they belong to
};

}  // namespace

PreparedLayer Body::prepare(const ForwardContext& context) const {
    const std::vector<WeightSpan> weights = weightsByPlace(*this, context.weights);
    PreparedLayer prepared;
    prepared.inside.resize(nodes_.size());
    for (std::size_t place = 0; place < nodes_.size(); ++place) {
        const BodyNode& entry = nodes_[place];
        if (entry.node->type->prepare == nullptr || context.stop.stop_requested()) continue;
        prepared.inside[place] = entry.node->type->prepare({.params = Params(*entry.node),
                                                            .inputs = {},
                                                            .inputTypes = entry.inputs,
                                                            .links = entry.links(),
                                                            .outputs = {},
                                                            .weights = weights[*find(entry.owner->id)],
                                                            .stop = context.stop});
    }
    return prepared;
}

Result<void> Body::run(ForwardContext& context) const { return BodyRun(*this, context).run(); }

}  // namespace shapewise::layers
