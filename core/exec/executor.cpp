#include "core/exec/executor.h"

#include "core/base/hash.h"
#include "core/exec/memory.h"
#include "core/exec/not_finite.h"
#include "core/exec/sample.h"
#include "core/exec/weights.h"
#include "core/graph/seeds.h"

#include <fmt/format.h>
#include <algorithm>
#include <new>

namespace shapewise::exec {

namespace {

using Clock = std::chrono::steady_clock;
using tensor::Tensor;

constexpr std::string_view kCancelled = "the run was cancelled";

/// Work of a node for the progress bar: multiply-adds, and one for each value so that cheap layers move it too.
std::int64_t workOf(const PlannedNode& planned) {
    if (!planned.canRun()) return 0;
    return saturatingAdd(planned.multiplyAdds, static_cast<std::int64_t>(planned.outputBytes() / sizeof(float)));
}

}  // namespace

void Executor::loadFiles() {
    request_.project.graph.forEach([this](const graph::Node& node) {
        if (originOf(node) == Origin::File && !stop_.stop_requested()) loadFile(node);
    });
}

void Executor::loadFile(const graph::Node& node) {
    const std::uint64_t stamp = request_.dataStamp ? request_.dataStamp(node) : 0;
    if (stamp != 0) {
        if (const auto kept = store_.find(fileKey(node, stamp))) {
            files_[node.id] = {stamp, kept->outputs.front(), kept->note, kept->sampleNames};
            loadedTypes_.emplace(node.id, kept->types.front());
            return;
        }
    }
    if (!request_.loadData) {
        loadedTypes_.emplace(node.id, failure("files cannot be read here"));
        return;
    }
    try {
        Result<NodeData> data = request_.loadData(node, stop_);
        if (!data) {
            loadedTypes_.emplace(node.id, Unexpected(data.error()));
            return;
        }
        files_[node.id] = {stamp != 0 ? stamp : valuesHash(*data->values), data->values, data->note, data->sampleNames};
        loadedTypes_.emplace(node.id, data->type);
        if (stamp == 0) return;
        NodeRun kept;
        kept.outputs = {data->values};
        kept.types = {data->type};
        kept.note = data->note;
        kept.sampleNames = data->sampleNames;
        store_.keep(fileKey(node, stamp), std::make_shared<const NodeRun>(std::move(kept)));
    } catch (const std::exception& exception) {
        loadedTypes_.emplace(node.id, failure(fmt::format("its file could not be read: {}", exception.what())));
    }
}

RunReport Executor::run(const Plan& plan, const std::function<void(NodeId, const NodeRun&)>& onNode) {
    const Clock::time_point start = Clock::now();
    std::int64_t total = 0;
    for (const PlannedNode& planned : plan.nodes) total = saturatingAdd(total, workOf(planned));
    progress_.done = 0;
    progress_.total = total;
    for (const PlannedNode& planned : plan.nodes) {
        NodeRun& run = report_.nodes[planned.node->id];
        run = runNode(planned);
        progress_.done = saturatingAdd(progress_.done, workOf(planned));
        if (onNode) onNode(planned.node->id, run);
    }
    store_.prepared().endRun();
    report_.cancelled = stop_.stop_requested();
    report_.duration = Clock::now() - start;
    return std::move(report_);
}

NodeRun Executor::runNode(const PlannedNode& planned) {
    NodeRun run;
    run.note = planned.note;
    run.problem = planned.problem;
    run.waitsFor = planned.waitsFor;
    if (planned.canRun()) waitForProducers(planned, run);
    if (run.problem.empty() && stop_.stop_requested()) cancel(run);
    if (!run.problem.empty() || planned.origin == Origin::Nothing) return run;
    std::vector<std::uint64_t> inputHashes;
    for (const graph::Link& link : planned.node->inputs) inputHashes.push_back(report_.nodes.at(link.from).contentHash);
    run.contentHash = contentHash(planned, request_, store_, inputHashes, sourceHash(planned));
    run.types = planned.outputs;
    nameSamples(planned, run);
    run.isPicture = isPicture(planned);
    if (const auto kept = store_.find(run.contentHash)) {
        run.outputs = kept->outputs;
        run.masks = kept->masks;
        run.duration = kept->duration;
        run.reused = true;
        run.notFinite = kept->notFinite;
        run.notFinite.startsHere = run.notFinite.any() && !takesNotFinite(planned);
        if (planned.node->type->prepare != nullptr) store_.prepared().markUsed(preparedKey(planned, request_, store_));
        return run;
    }
    const Clock::time_point start = Clock::now();
    Result<Computed> computed = compute(planned);
    run.duration = Clock::now() - start;
    if (stop_.stop_requested() || !computed) {
        if (stop_.stop_requested())
            cancel(run);
        else
            run.problem = computed.error().text();
        run.types.clear();
        return run;
    }
    run.outputs = std::move(computed->outputs);
    run.masks = std::move(computed->masks);
    run.notFinite = notFiniteOf(run.outputs);
    run.notFinite.startsHere = run.notFinite.any() && !takesNotFinite(planned);
    ++report_.computedNodes;
    store_.keep(run.contentHash, std::make_shared<const NodeRun>(run));
    return run;
}

void Executor::cancel(NodeRun& run) {
    run.cancelled = true;
    run.problem = kCancelled;
}

bool Executor::takesNotFinite(const PlannedNode& planned) const {
    const std::vector<graph::Link>& links = planned.node->inputs;
    return std::any_of(links.begin(), links.end(),
                       [this](const graph::Link& link) { return report_.nodes.at(link.from).notFinite.any(); });
}

bool Executor::isPicture(const PlannedNode& planned) const {
    using layers::AxisEffect;
    if (planned.outputs.size() != 1 || planned.outputs.front().shape.rank() != 4) return false;
    const tensor::Shape& shape = planned.outputs.front().shape;
    const auto isColours = [&](int axis) { return shape[axis] == tensor::Dim(3) || shape[axis] == tensor::Dim(4); };
    if (!isColours(1) && !isColours(3)) return false;
    const std::vector<graph::Link>& links = planned.node->inputs;
    if (links.empty()) return planned.node->type->supply != layers::Supply::None;
    if (links.size() != 1 || !report_.nodes.at(links.front().from).isPicture) return false;
    const layers::AxisEffects effects = planned.node->type->effects;
    constexpr AxisEffect kPlaces[] = {AxisEffect::Keeps, AxisEffect::Shifts, AxisEffect::Pools, AxisEffect::Stretches};
    return planned.origin == Origin::Passed ||
           (effects.channels == layers::ChannelEffect::Keeps &&
            std::find(std::begin(kPlaces), std::end(kPlaces), effects.space) != std::end(kPlaces));
}

/// A file says what its samples are called; what is behind it has the same samples as long as it has as many.
void Executor::nameSamples(const PlannedNode& planned, NodeRun& run) const {
    if (planned.origin == Origin::File) {
        const File& file = files_.at(planned.node->id);
        run.note = file.note;
        run.sampleNames = file.sampleNames;
        return;
    }
    if (run.types.empty() || run.types.front().shape.rank() == 0) return;
    const tensor::Dim samples = run.types.front().shape[0];
    for (const graph::Link& link : planned.node->inputs) {
        const std::vector<std::string>& names = report_.nodes.at(link.from).sampleNames;
        if (names.empty() || samples != tensor::Dim(static_cast<std::int64_t>(names.size()))) continue;
        run.sampleNames = names;
        return;
    }
}

/// The first input that is not there says why: the run was stopped, or a node before it has no output.
void Executor::waitForProducers(const PlannedNode& planned, NodeRun& run) const {
    for (const graph::Link& link : planned.node->inputs) {
        const NodeRun& producer = report_.nodes.at(link.from);
        if (!producer.outputs.empty()) continue;
        if (producer.cancelled) return cancel(run);
        run.waitsFor = producer.waitsFor.isValid() ? producer.waitsFor : link.from;
        run.problem = "waits for " + request_.project.graph.find(run.waitsFor)->name;
        return;
    }
}

std::uint64_t Executor::sourceHash(const PlannedNode& planned) const {
    const graph::Node& node = *planned.node;
    if (planned.origin == Origin::File) return files_.at(node.id).stamp;
    if (planned.origin != Origin::Given) return 0;
    const auto given = request_.inputs.find(node.id);
    if (given != request_.inputs.end() && given->second) {
        const auto mask = request_.inputMasks.find(node.id);
        if (mask == request_.inputMasks.end()) return valuesHash(*given->second);
        return Hasher().add(valuesHash(*given->second)).add(valuesHash(*mask->second)).result();
    }
    const graph::RunSettings& settings = request_.project.run;
    return Hasher()
        .add(settings.seed)
        .add(settings.sampleKind)
        .add(graph::seedOf(node))
        .add(planned.outputs.front().dtype)
        .add(integerBound(request_.project.graph, node.id))
        .result();
}

std::vector<TensorPtr> Executor::masksAt(const PlannedNode& planned) const {
    std::vector<TensorPtr> masks;
    const std::vector<graph::Link>& links = planned.node->inputs;
    for (std::size_t index = 0; index < links.size(); ++index) {
        const std::vector<TensorPtr>& given = report_.nodes.at(links[index].from).masks;
        if (links[index].fromPort >= given.size() || !given[links[index].fromPort]) continue;
        masks.resize(links.size());
        masks[index] = given[links[index].fromPort];
    }
    return masks;
}

Result<Executor::Computed> Executor::compute(const PlannedNode& planned) {
    try {
        switch (planned.origin) {
            case Origin::Given: {
                Computed given{{makeGiven(planned)}, {}};
                if (const auto mask = request_.inputMasks.find(planned.node->id); mask != request_.inputMasks.end())
                    given.masks = {mask->second};
                return given;
            }
            case Origin::Sample: return Computed{{makeSampleNode(planned)}, {}};
            case Origin::File: return Computed{{files_.at(planned.node->id).values}, {}};
            case Origin::Passed: {
                const graph::Link& link = planned.node->inputs.front();
                Computed passed{{report_.nodes.at(link.from).outputs[link.fromPort]}, {}};
                if (planned.node->type->masks == layers::Masks::PassOn) passed.masks = masksAt(planned);
                return passed;
            }
            case Origin::Nothing: return Computed{};
            case Origin::Forward: return computeForward(planned);
        }
    } catch (const std::bad_alloc&) {
        return failure(fmt::format("needs {} and as much again to work in, which the machine did not give",
                                   bytesText(planned.outputBytes() + planned.weightBytes())),
                       "Lower the batch size or the sizes of the inputs");
    } catch (const std::exception& exception) {
        return failure(fmt::format("failed while running: {}", exception.what()));
    }
    return Computed{};
}

PreparedPtr Executor::prepared(const PlannedNode& planned, const layers::ForwardContext& context) {
    if (planned.node->type->prepare == nullptr) return nullptr;
    std::uint64_t weightBytes = 0;
    for (const Tensor* weight : context.weights)
        weightBytes += static_cast<std::uint64_t>(weight->count()) * sizeof(float);
    if (weightBytes > store_.prepared().limitBytes()) return nullptr;
    const std::uint64_t key = preparedKey(planned, request_, store_);
    if (PreparedPtr kept = store_.prepared().find(key)) return kept;
    auto made = std::make_shared<const layers::PreparedLayer>(planned.node->type->prepare(context));
    if (!stop_.stop_requested()) store_.prepared().keep(key, made);
    return made;
}

Result<Executor::Computed> Executor::computeForward(const PlannedNode& planned) {
    const Result<std::vector<TensorPtr>> weightTensors = weights(planned);
    if (!weightTensors) return Unexpected(weightTensors.error());
    std::vector<const Tensor*> inputs;
    for (const graph::Link& link : planned.node->inputs)
        inputs.push_back(report_.nodes.at(link.from).outputs[link.fromPort].get());
    std::vector<const Tensor*> weightPointers;
    for (const TensorPtr& weight : *weightTensors) weightPointers.push_back(weight.get());
    std::vector<Tensor> outputs;
    for (const tensor::TensorType& type : planned.outputs) outputs.emplace_back(layers::extentsOf(type.shape));
    layers::ForwardContext context{
        layers::Params(*planned.node), inputs, planned.inputs, planned.node->inputs, outputs, weightPointers, stop_};
    Computed computed;
    const layers::Masks masks = planned.node->type->masks;
    std::vector<TensorPtr> given;
    if (masks != layers::Masks::Stop) given = masksAt(planned);
    std::vector<const Tensor*> givenPointers;
    std::vector<Tensor> made;
    if (masks == layers::Masks::Compute) {
        for (const TensorPtr& mask : given) givenPointers.push_back(mask.get());
        made.resize(outputs.size());
        context.inputMasks = givenPointers;
        context.outputMasks = made;
    } else if (!given.empty() && given.front()) {
        computed.masks = {given.front()};
    }
    const PreparedPtr kept = prepared(planned, context);
    context.prepared = kept.get();
    if (Result<void> done = planned.node->type->forward(context); !done) return Unexpected(done.error());
    for (Tensor& output : outputs) computed.outputs.push_back(std::make_shared<const Tensor>(std::move(output)));
    for (std::size_t port = 0; port < made.size(); ++port) {
        if (made[port].count() == 0) continue;
        computed.masks.resize(outputs.size());
        computed.masks[port] = std::make_shared<const Tensor>(std::move(made[port]));
    }
    return computed;
}

Result<std::vector<TensorPtr>> Executor::weights(const PlannedNode& planned) {
    if (planned.weights.empty()) return std::vector<TensorPtr>();
    const std::int64_t seed = request_.project.run.seed;
    const bool hasLoaded =
        planned.owner->weights || std::any_of(planned.weights.begin(), planned.weights.end(), [](const auto& weight) {
            return weight.owner != nullptr && weight.owner->weights;
        });
    if (hasLoaded) return weightsOf(*planned.owner, seed, planned.weights, request_.scope);
    const std::uint64_t key = weightsKey(planned, seed, request_.scope);
    if (const auto kept = store_.find(key)) return kept->outputs;
    Result<std::vector<TensorPtr>> made = weightsOf(*planned.owner, seed, planned.weights, request_.scope);
    if (!made) return made;
    NodeRun kept;
    kept.outputs = *made;
    store_.keep(key, std::make_shared<const NodeRun>(std::move(kept)));
    return made;
}

TensorPtr Executor::makeGiven(const PlannedNode& planned) const {
    const auto given = request_.inputs.find(planned.node->id);
    if (given != request_.inputs.end() && given->second) return given->second;
    constexpr std::int64_t kIntegersBelow = 10;
    SampleSpec spec;
    spec.kind = request_.project.run.sampleKind;
    spec.seed = Hasher().add(request_.project.run.seed).add(graph::seedOf(*planned.node)).result();
    spec.integersBelow = integerBound(request_.project.graph, planned.node->id);
    const tensor::DType dtype = planned.outputs.front().dtype;
    if (dtype == tensor::DType::Int32 && spec.integersBelow == 0) spec.integersBelow = kIntegersBelow;
    if (dtype == tensor::DType::Bool) spec.integersBelow = 2;
    return std::make_shared<const Tensor>(makeSample(spec, layers::extentsOf(planned.outputs.front().shape)));
}

TensorPtr Executor::makeSampleNode(const PlannedNode& planned) const {
    const SampleSpec spec = planned.node->type->sample(layers::Params(*planned.node));
    return std::make_shared<const Tensor>(makeSample(spec, layers::extentsOf(planned.outputs.front().shape)));
}

}  // namespace shapewise::exec
