#include "core/exec/prepared.h"

#include <algorithm>

namespace shapewise::exec {

PreparedPtr PreparedStore::find(std::uint64_t key) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    if (found == kept_.end()) return nullptr;
    found->second.lastUse = ++clock_;
    found->second.lastRun = run_;
    return found->second.layer;
}

void PreparedStore::keep(std::uint64_t key, PreparedPtr layer) {
    const std::uint64_t bytes = layer->bytes();
    const std::lock_guard lock(mutex_);
    if (const auto before = kept_.find(key); before != kept_.end()) drop(before);
    if (bytes > limitBytes_) return;
    while (bytes_ + bytes > limitBytes_)
        drop(std::min_element(kept_.begin(), kept_.end(),
                              [](const auto& a, const auto& b) { return a.second.lastUse < b.second.lastUse; }));
    kept_[key] = {std::move(layer), bytes, ++clock_, run_};
    bytes_ += bytes;
}

void PreparedStore::endRun() {
    const std::lock_guard lock(mutex_);
    ++run_;
    for (auto entry = kept_.begin(); entry != kept_.end();)
        entry = entry->second.lastRun + kRunsKept < run_ ? drop(entry) : std::next(entry);
}

void PreparedStore::clear() {
    const std::lock_guard lock(mutex_);
    kept_.clear();
    bytes_ = 0;
}

std::uint64_t PreparedStore::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

PreparedStore::Entry PreparedStore::drop(Entry entry) {
    bytes_ -= entry->second.bytes;
    return kept_.erase(entry);
}

}  // namespace shapewise::exec
