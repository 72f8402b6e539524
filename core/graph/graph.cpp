#include "core/graph/graph.h"

#include "core/base/copy_on_write.h"
#include "core/base/hash.h"

#include <algorithm>
#include <cassert>

namespace shapewise::graph {

namespace {

constexpr auto byLayer = [](const auto& a, const auto& b) {
    return a.layer != b.layer ? a.layer < b.layer : a.user < b.user;
};

}  // namespace

const Node* Graph::findByName(std::string_view name) const {
    return find(names_.find(hashName(name), [&](NodeId id) { return find(id)->name == name; }));
}

std::string Graph::freeName(std::string_view wanted) const { return freeName(wanted, {}); }

std::string Graph::freeName(std::string_view wanted, const std::set<std::string, std::less<>>& alsoTaken) const {
    const auto isTaken = [&](std::string_view name) { return findByName(name) != nullptr || alsoTaken.contains(name); };
    const auto numbered = [&](std::uint64_t number) { return std::string(wanted) + "_" + std::to_string(number); };
    if (!isTaken(wanted)) return std::string(wanted);
    constexpr std::uint64_t kOneByOne = 64;
    for (std::uint64_t number = 1; number <= kOneByOne; ++number)
        if (!isTaken(numbered(number))) return numbered(number);
    // Thousands of equal names: double, then halve, to the end of a run of taken numbers.
    std::uint64_t taken = kOneByOne;
    std::uint64_t free = 2 * kOneByOne;
    while (isTaken(numbered(free))) {
        taken = free;
        free *= 2;
    }
    while (free - taken > 1) {
        const std::uint64_t middle = taken + (free - taken) / 2;
        (isTaken(numbered(middle)) ? taken : free) = middle;
    }
    return numbered(free);
}

std::vector<NodeId> Graph::nodesSharingLayerOf(NodeId id) const {
    const Node* node = find(id);
    if (node == nullptr) return {};
    const NodeId layer = node->sharesLayerOf.isValid() ? node->sharesLayerOf : id;
    std::vector<NodeId> nodes;
    if (find(layer) != nullptr) nodes.push_back(layer);
    if (sharing_) {
        const Sharing first{layer, NodeId(0)};
        for (auto entry = std::lower_bound(sharing_->begin(), sharing_->end(), first, byLayer);
             entry != sharing_->end() && entry->layer == layer; ++entry)
            nodes.push_back(entry->user);
    }
    return nodes;
}

void Graph::put(NodePtr node) {
    assert(node && node->type != nullptr && node->id <= nextId());
    const NodeId id = node->id;
    if (id == nextId()) nodes_.resize(nodes_.size() + 1);
    const NodePtr old = nodes_[id.value];
    if (!old) ++nodeCount_;
    if (!old || old->name != node->name) {
        if (old) names_.erase(hashName(old->name), id);
        names_.insert(hashName(node->name), id);
    }
    if (!node->seed.empty() && (!old || old->seed != node->seed)) stirSeeds(node->seed);
    const NodeId oldLayer = old ? old->sharesLayerOf : NodeId();
    if (oldLayer != node->sharesLayerOf) {
        if (oldLayer.isValid()) stopSharing(oldLayer, id);
        if (node->sharesLayerOf.isValid()) startSharing(node->sharesLayerOf, id);
    }
    nodes_.set(id.value, std::move(node));
}

std::string Graph::freshSeed(std::string_view name) const {
    constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
    constexpr int kLength = 12;  // 60 bits, held in place by std::string
    std::uint64_t bits = Hasher().add(seeds_).add(name).result();
    std::string seed;
    for (int place = 0; place < kLength; ++place, bits /= kLetters.size()) seed += kLetters[bits % kLetters.size()];
    return seed;
}

void Graph::stirSeeds(std::string_view seed) { seeds_ += Hasher().add(seed).result(); }

void Graph::erase(NodeId id) {
    const Node* node = find(id);
    if (node == nullptr) return;
    names_.erase(hashName(node->name), id);
    if (node->sharesLayerOf.isValid()) stopSharing(node->sharesLayerOf, id);
    nodes_.set(id.value, nullptr);
    --nodeCount_;
}

void Graph::startSharing(NodeId layer, NodeId user) {
    std::vector<Sharing>& sharing = ownAlone(sharing_);
    const Sharing entry{layer, user};
    sharing.insert(std::lower_bound(sharing.begin(), sharing.end(), entry, byLayer), entry);
}

void Graph::stopSharing(NodeId layer, NodeId user) {
    std::erase_if(ownAlone(sharing_), [&](const Sharing& entry) { return entry.layer == layer && entry.user == user; });
}

}  // namespace shapewise::graph
