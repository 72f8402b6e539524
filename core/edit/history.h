#pragma once
// Undo as snapshots: each entry holds the project before and after, and what was touched.

#include "core/edit/apply.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace shapewise::edit {

class History {
  public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::milliseconds kMergeTime{700};
    static constexpr std::size_t kMostEntries = 1000;  ///< the oldest are forgotten beyond that

    /// Forgets what was undone. Merges into the last entry when the merge keys agree and it is younger than 700 ms,
    /// unless that entry leads to the saved state.
    void push(const graph::Project& before, const graph::Project& after, const Edit& edit, const Touched& touched,
              Clock::time_point now = Clock::now());

    [[nodiscard]] bool canUndo() const { return position_ > 0; }
    [[nodiscard]] bool canRedo() const { return position_ < entries_.size(); }
    /// Empty when there is nothing.
    [[nodiscard]] std::string undoLabel() const;
    [[nodiscard]] std::string redoLabel() const;

    struct Step {
        graph::Project project;
        Touched touched;
    };
    /// Preconditions: canUndo(), canRedo().
    [[nodiscard]] Step undo();
    [[nodiscard]] Step redo();

    void clear();
    /// The present state is what is on disk. isSaved() is true again after undoing back to it.
    void markSaved();
    /// What is on disk is another state than any here.
    void markUnsaved() { savedPosition_ = kSavedStateLost; }
    /// The present state is being written; edits may go on. endSave() makes it the saved one, wherever the user is by
    /// then, if it was `written`. After clear(), endSave() does nothing.
    void beginSave();
    void endSave(bool written);
    [[nodiscard]] bool isSaved() const;
    /// Labels from oldest to newest, and how many of them are done.
    [[nodiscard]] std::vector<std::string> labels() const;
    [[nodiscard]] std::size_t position() const { return position_; }

  private:
    struct Entry {
        std::string label;
        std::string mergeKey;
        Clock::time_point time;
        graph::Project before;
        graph::Project after;
        Touched touched;
    };
    [[nodiscard]] bool mergesWithLast(const Edit& edit, Clock::time_point now) const;

    static constexpr std::ptrdiff_t kSavedStateLost = -1;

    std::deque<Entry> entries_;
    std::size_t position_ = 0;
    std::ptrdiff_t savedPosition_ = 0;                  ///< kSavedStateLost: it can no longer be reached
    std::ptrdiff_t writtenPosition_ = kSavedStateLost;  ///< of the state being written
    bool isWriting_ = false;
};

}  // namespace shapewise::edit
