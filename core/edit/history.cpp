#include "core/edit/history.h"

#include <algorithm>

namespace shapewise::edit {

namespace {

void addTo(Touched& all, const Touched& more) {
    const auto unite = [](std::vector<NodeId>& ids, const std::vector<NodeId>& further) {
        ids.insert(ids.end(), further.begin(), further.end());
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    };
    unite(all.nodes, more.nodes);
    unite(all.moved, more.moved);
    all.wiring = all.wiring || more.wiring;
    all.runSettings = all.runSettings || more.runSettings;
    all.dismissals = all.dismissals || more.dismissals;
}

}  // namespace

bool History::mergesWithLast(const Edit& edit, Clock::time_point now) const {
    if (edit.mergeKey.empty() || position_ == 0 || position_ != entries_.size()) return false;
    // An entry that leads to the saved state stays, so that undo can lead back to it.
    const auto here = static_cast<std::ptrdiff_t>(position_);
    if (savedPosition_ == here || writtenPosition_ == here) return false;
    const Entry& last = entries_.back();
    return last.mergeKey == edit.mergeKey && now - last.time < kMergeTime;
}

void History::push(const graph::Project& before, const graph::Project& after, const Edit& edit, const Touched& touched,
                   Clock::time_point now) {
    if (mergesWithLast(edit, now)) {
        Entry& last = entries_.back();
        last.after = after;
        last.label = edit.label;
        last.time = now;
        addTo(last.touched, touched);
        return;
    }
    while (entries_.size() > position_) entries_.pop_back();
    for (std::ptrdiff_t* kept : {&savedPosition_, &writtenPosition_})
        if (*kept > static_cast<std::ptrdiff_t>(position_)) *kept = kSavedStateLost;
    entries_.push_back(Entry{edit.label, edit.mergeKey, now, before, after, touched});
    ++position_;
    if (entries_.size() <= kMostEntries) return;
    entries_.pop_front();
    --position_;
    for (std::ptrdiff_t* kept : {&savedPosition_, &writtenPosition_}) *kept = *kept > 0 ? *kept - 1 : kSavedStateLost;
}

std::string History::undoLabel() const { return canUndo() ? entries_[position_ - 1].label : std::string(); }

std::string History::redoLabel() const { return canRedo() ? entries_[position_].label : std::string(); }

History::Step History::undo() {
    const Entry& entry = entries_[--position_];
    return {entry.before, entry.touched};
}

History::Step History::redo() {
    const Entry& entry = entries_[position_++];
    return {entry.after, entry.touched};
}

void History::clear() {
    entries_.clear();
    position_ = 0;
    savedPosition_ = 0;
    writtenPosition_ = kSavedStateLost;
    isWriting_ = false;
}

void History::markSaved() { savedPosition_ = static_cast<std::ptrdiff_t>(position_); }

void History::beginSave() {
    writtenPosition_ = static_cast<std::ptrdiff_t>(position_);
    isWriting_ = true;
}

void History::endSave(bool written) {
    if (isWriting_ && written) savedPosition_ = writtenPosition_;
    writtenPosition_ = kSavedStateLost;
    isWriting_ = false;
}

bool History::isSaved() const { return savedPosition_ == static_cast<std::ptrdiff_t>(position_); }

std::vector<std::string> History::labels() const {
    std::vector<std::string> all;
    all.reserve(entries_.size());
    for (const Entry& entry : entries_) all.push_back(entry.label);
    return all;
}

}  // namespace shapewise::edit
