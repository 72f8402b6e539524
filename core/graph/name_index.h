#pragma once
// NameIndex: from names to ids, as a value that graphs share like their nodes.
//
// Open addressing over a persistent table of (hash, id): finding and changing a name is O(1), a change to a shared
// copy costs one chunk of 2 KB. The names themselves are in the nodes, so whoever asks says how to compare.

#include "core/base/ids.h"
#include "core/base/persistent_vector.h"

#include <cstdint>

namespace shapewise::graph {

class NameIndex {
  public:
    void insert(std::uint32_t hash, NodeId id);
    /// Nothing happens when that pair is not there.
    void erase(std::uint32_t hash, NodeId id);

    /// The lowest id with that hash for which hasName(id), or an id that is not valid.
    template <class HasName>
    [[nodiscard]] NodeId find(std::uint32_t hash, HasName&& hasName) const {
        NodeId found;
        if (slots_.empty()) return found;
        for (std::size_t slot = home(hash); slots_[slot].id.isValid(); slot = next(slot)) {
            const Slot& entry = slots_[slot];
            if (entry.hash == hash && entry.id < found && hasName(entry.id)) found = entry.id;
        }
        return found;
    }

  private:
    struct Slot {
        std::uint32_t hash = 0;
        NodeId id;
    };

    // Names such as conv2d_1, conv2d_2 give neighbouring hashes: the factor spreads them over the table.
    [[nodiscard]] std::size_t home(std::uint32_t hash) const {
        return static_cast<std::size_t>((std::uint64_t{hash} * 0x9E3779B97F4A7C15ull) >> 24) & (slots_.size() - 1);
    }
    [[nodiscard]] std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
    void place(Slot entry);
    void grow();

    PersistentVector<Slot> slots_;  ///< a power of two, at most half of them taken
    std::size_t count_ = 0;
};

}  // namespace shapewise::graph
