#include "core/kernels/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace shapewise::kernels {
namespace {

thread_local bool isInsideBlock = false;

void pauseProcessor() {
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#else
    std::this_thread::yield();
#endif
}

/// About 20 µs: longer than the gap between two layers of a run, too short to be noticed by other programs.
constexpr int kSpinsBeforeSleep = 1500;

}  // namespace

/// The gate says in one word which job is open and how many helpers are inside it:
/// generation in the upper bits, kOpen, and the number of helpers below. A helper that has not passed the gate
/// when the caller closes it is not waited for.
struct ThreadPool::State {
    static constexpr std::uint64_t kOpen = 1U << 15;
    static constexpr std::uint64_t kInsideMask = kOpen - 1;
    static constexpr int kGenerationShift = 16;

    std::mutex runMutex;  ///< held for the length of a run or of a change of the thread count
    std::vector<std::thread> helpers;
    std::atomic<int> threads{1};

    std::atomic<std::uint64_t> gate{0};
    std::atomic<std::int64_t> next{0};
    std::atomic<std::int64_t> blocks{0};
    std::atomic<const BlockFunction*> function{nullptr};
    std::atomic<bool> stopping{false};
    std::atomic<bool> hasFailed{false};
    std::exception_ptr failure;

    std::mutex sleepMutex;
    std::condition_variable wake;
    std::atomic<int> sleeping{0};

    void work() {
        const std::int64_t count = blocks.load(std::memory_order_relaxed);
        const BlockFunction& call = *function.load(std::memory_order_relaxed);
        isInsideBlock = true;
        for (std::int64_t block = next.fetch_add(1); block < count; block = next.fetch_add(1)) {
            try {
                call(block);
            } catch (...) {
                if (!hasFailed.exchange(true)) failure = std::current_exception();
                next.store(count);
            }
        }
        isInsideBlock = false;
    }

    [[nodiscard]] bool hasNewJob(std::uint64_t word, std::uint64_t seen) const {
        return (word & kOpen) != 0 && (word >> kGenerationShift) != seen;
    }

    /// Enters the open job when there is one the helper has not seen; true when it did.
    bool enterAndWork(std::uint64_t& seen) {
        std::uint64_t word = gate.load();
        while (hasNewJob(word, seen)) {
            if (!gate.compare_exchange_weak(word, word + 1)) continue;
            seen = word >> kGenerationShift;
            work();
            gate.fetch_sub(1);
            return true;
        }
        return false;
    }

    void help() {
        std::uint64_t seen = gate.load() >> kGenerationShift;
        if ((gate.load() & kOpen) != 0) --seen;
        while (!stopping.load()) {
            bool worked = false;
            for (int spin = 0; spin < kSpinsBeforeSleep && !worked && !stopping.load(); ++spin) {
                worked = enterAndWork(seen);
                if (!worked) pauseProcessor();
            }
            if (worked) continue;
            std::unique_lock lock(sleepMutex);
            sleeping.fetch_add(1);
            wake.wait(lock, [&] { return stopping.load() || hasNewJob(gate.load(), seen); });
            sleeping.fetch_sub(1);
        }
    }

    void start(int count) {
        stopping = false;
        threads = count;
        for (int index = 1; index < count; ++index) helpers.emplace_back([this] { help(); });
    }

    void finish() {
        {
            const std::scoped_lock lock(sleepMutex);
            stopping = true;
        }
        wake.notify_all();
        for (std::thread& helper : helpers) helper.join();
        helpers.clear();
    }

    void runShared(std::int64_t count, const BlockFunction& call) {
        function = &call;
        blocks = count;
        next = 0;
        hasFailed = false;
        failure = nullptr;
        const std::uint64_t generation = (gate.load() >> kGenerationShift) + 1;
        gate.store((generation << kGenerationShift) | kOpen);
        if (sleeping.load() > 0) {
            { const std::scoped_lock lock(sleepMutex); }
            wake.notify_all();
        }
        work();
        gate.fetch_and(~kOpen);
        for (int spin = 0; (gate.load() & kInsideMask) != 0; ++spin) {
            if (spin < kSpinsBeforeSleep) {
                pauseProcessor();
            } else {
                std::this_thread::yield();
            }
        }
        if (hasFailed) std::rethrow_exception(std::exchange(failure, nullptr));
    }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) { state_->start(threads); }

ThreadPool::~ThreadPool() { state_->finish(); }

ThreadPool& ThreadPool::shared() {
    constexpr unsigned kMostThreads = 4;
    static ThreadPool pool(static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads)));
    return pool;
}

int ThreadPool::threadCount() const { return state_->threads; }

void ThreadPool::setThreadCount(int threads) {
    const std::scoped_lock lock(state_->runMutex);
    state_->finish();
    state_->start(threads);
}

void ThreadPool::run(std::int64_t blocks, BlockFunction function) {
    std::unique_lock lock(state_->runMutex, std::defer_lock);
    if (blocks <= 1 || isInsideBlock || !lock.try_lock() || state_->helpers.empty()) {
        for (std::int64_t block = 0; block < blocks; ++block) function(block);
        return;
    }
    state_->runShared(blocks, function);
}

}  // namespace shapewise::kernels
