#pragma once
// Parallel: how a kernel may use the machine: which pool, and when to stop.

#include "core/kernels/thread_pool.h"

#include <algorithm>
#include <cstdint>
#include <stop_token>

namespace shapewise::kernels {

/// Passed by value or reference to each kernel. The default uses the shared pool and cannot be stopped.
/// Once a stop is requested a kernel returns soon; what it has written by then is unspecified.
struct Parallel {
    ThreadPool* pool = nullptr;  ///< null: ThreadPool::shared()
    std::stop_token stop;

    [[nodiscard]] bool stopRequested() const { return stop.stop_requested(); }
    [[nodiscard]] ThreadPool& threads() const { return pool != nullptr ? *pool : ThreadPool::shared(); }
};

/// Calls work(begin, end) for consecutive ranges of at most `grain` indices that cover 0..count-1.
/// The ranges depend on count and grain alone, never on the number of threads, so that a kernel whose ranges
/// write apart gives the same bits on any machine load. The stop token is looked at before each range.
/// Preconditions: count >= 0, grain >= 1. Throws what `work` threw first.
template <class Work>
void parallelFor(const Parallel& parallel, std::int64_t count, std::int64_t grain, Work&& work) {
    if (count <= 0) return;
    const std::int64_t blocks = (count + grain - 1) / grain;
    auto block = [&](std::int64_t index) {
        if (parallel.stopRequested()) return;
        work(index * grain, std::min(count, (index + 1) * grain));
    };
    parallel.threads().run(blocks, block);
}

/// A grain so that one range costs roughly 50 µs: unitCost is the work of one index in multiply-adds or floats moved.
[[nodiscard]] inline std::int64_t grainFor(std::int64_t unitCost) {
    constexpr std::int64_t kWorkPerRange = 64 * 1024;
    return std::max<std::int64_t>(1, kWorkPerRange / std::max<std::int64_t>(1, unitCost));
}

}  // namespace shapewise::kernels
