#pragma once
// PreparedStore: owns what layers keep between runs (packed weights), by the content it was made from.

#include "core/layers/framework/prepared_layer.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace shapewise::exec {

using PreparedPtr = std::shared_ptr<const layers::PreparedLayer>;

/// Thread-safe. Forgets what no layer of the last runs was found under, since its plan is gone, and the least recently
/// used beyond its limit. Of several runs, because the graph inside a group is run apart from what stands before it.
class PreparedStore {
  public:
    static constexpr std::uint64_t kRunsKept = 8;

    explicit PreparedStore(std::uint64_t limitBytes) : limitBytes_(limitBytes) {}

    /// Null when there is nothing under this key.
    [[nodiscard]] PreparedPtr find(std::uint64_t key);
    void keep(std::uint64_t key, PreparedPtr layer);
    /// For a layer of the plan that is not computed this time, since its output is there.
    void markUsed(std::uint64_t key) { (void)find(key); }
    void endRun();
    void clear();

    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] std::uint64_t limitBytes() const { return limitBytes_; }

  private:
    struct Kept {
        PreparedPtr layer;
        std::uint64_t bytes = 0;
        std::uint64_t lastUse = 0;
        std::uint64_t lastRun = 0;
    };
    using Entry = std::map<std::uint64_t, Kept>::iterator;
    Entry drop(Entry entry);

    mutable std::mutex mutex_;
    std::map<std::uint64_t, Kept> kept_;
    const std::uint64_t limitBytes_;
    std::uint64_t bytes_ = 0;
    std::uint64_t clock_ = 0;
    std::uint64_t run_ = 0;
};

}  // namespace shapewise::exec
