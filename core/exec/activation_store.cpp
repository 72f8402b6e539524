#include "core/base/hash.h"
#include "core/exec/run.h"

namespace shapewise::exec {

namespace {

std::uint64_t bytesOf(const NodeRun& run) {
    std::uint64_t bytes = sizeof(NodeRun);
    for (const TensorPtr& output : run.outputs)
        if (output) bytes += static_cast<std::uint64_t>(output->count()) * sizeof(float);
    return bytes;
}

}  // namespace

ActivationStore::ActivationStore(std::uint64_t limitBytes) : ActivationStore(limitBytes, limitBytes / 4) {}

ActivationStore::ActivationStore(std::uint64_t limitBytes, std::uint64_t preparedLimitBytes)
    : limitBytes_(limitBytes), prepared_(preparedLimitBytes) {}

std::shared_ptr<const NodeRun> ActivationStore::find(std::uint64_t contentHash) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(contentHash);
    if (found == kept_.end()) return nullptr;
    uses_.erase(found->second.lastUse);
    found->second.lastUse = ++clock_;
    uses_[clock_] = contentHash;
    return found->second.run;
}

void ActivationStore::keep(std::uint64_t contentHash, std::shared_ptr<const NodeRun> run) {
    const std::uint64_t bytes = bytesOf(*run);
    const std::lock_guard lock(mutex_);
    drop(contentHash);
    if (bytes > limitBytes_) return;
    while (bytes_ + bytes > limitBytes_ && !uses_.empty()) drop(uses_.begin()->second);
    kept_[contentHash] = {std::move(run), bytes, ++clock_};
    uses_[clock_] = contentHash;
    bytes_ += bytes;
}

void ActivationStore::drop(std::uint64_t contentHash) {
    const auto found = kept_.find(contentHash);
    if (found == kept_.end()) return;
    bytes_ -= found->second.bytes;
    uses_.erase(found->second.lastUse);
    kept_.erase(found);
}

void ActivationStore::clear() {
    prepared_.clear();
    const std::lock_guard lock(mutex_);
    kept_.clear();
    uses_.clear();
    weightHashes_.clear();
    bytes_ = 0;
}

std::uint64_t ActivationStore::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::uint64_t ActivationStore::weightsHash(const std::shared_ptr<const graph::WeightSet>& weights) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = weightHashes_.find(weights.get());
        if (found != weightHashes_.end() && found->second.weights.lock() == weights) return found->second.hash;
    }
    Hasher hasher;
    for (const graph::NamedTensor& weight : *weights) {
        for (const std::int64_t size : weight.values.extents()) hasher.add(size);
        hasher.addFloats(weight.values.values());
    }
    const std::lock_guard lock(mutex_);
    std::erase_if(weightHashes_, [](const auto& entry) { return entry.second.weights.expired(); });
    weightHashes_[weights.get()] = {weights, hasher.result()};
    return hasher.result();
}

}  // namespace shapewise::exec
