#include "core/graph/name_index.h"

#include <algorithm>

namespace shapewise::graph {

void NameIndex::insert(std::uint32_t hash, NodeId id) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    place(Slot{hash, id});
    ++count_;
}

void NameIndex::place(Slot entry) {
    std::size_t slot = home(entry.hash);
    while (slots_[slot].id.isValid()) slot = next(slot);
    slots_.set(slot, entry);
}

void NameIndex::grow() {
    const PersistentVector<Slot> old = slots_;
    slots_ = {};
    slots_.resize(std::max<std::size_t>(64, 2 * old.size()));
    for (std::size_t slot = 0; slot < old.size(); ++slot)
        if (old[slot].id.isValid()) place(old[slot]);
}

void NameIndex::erase(std::uint32_t hash, NodeId id) {
    if (slots_.empty()) return;
    std::size_t hole = home(hash);
    while (slots_[hole].id.isValid() && slots_[hole].id != id) hole = next(hole);
    if (!slots_[hole].id.isValid()) return;
    // Entries behind the hole move up unless that would put them before their home.
    for (std::size_t slot = next(hole); slots_[slot].id.isValid(); slot = next(slot)) {
        const std::size_t wanted = home(slots_[slot].hash);
        const bool homeIsBetween = hole < slot ? (hole < wanted && wanted <= slot) : (hole < wanted || wanted <= slot);
        if (homeIsBetween) continue;
        slots_.set(hole, slots_[slot]);
        hole = slot;
    }
    slots_.set(hole, Slot{});
    --count_;
}

}  // namespace shapewise::graph
