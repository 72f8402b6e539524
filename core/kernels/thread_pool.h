#pragma once
// A fixed set of helper threads for kernels. The caller works too and never waits for a helper that has not begun.

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace shapewise::kernels {

/// A callable passed by reference, without allocation. Valid while the callable lives.
class BlockFunction {
  public:
    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, BlockFunction>) BlockFunction(F& function)
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
          call_([](void* object, std::int64_t block) { (*static_cast<F*>(object))(block); }) {}
    void operator()(std::int64_t block) const { call_(object_, block); }

  private:
    void* object_;
    void (*call_)(void*, std::int64_t);
};

class ThreadPool {
  public:
    /// A pool in which `threads` threads work, the caller of run() being one of them. Precondition: threads >= 1.
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// The pool of the process: min(4, processor cores) threads until setThreadCount().
    [[nodiscard]] static ThreadPool& shared();

    [[nodiscard]] int threadCount() const;
    /// Waits for a run in progress, then changes the number of threads. Precondition: threads >= 1.
    void setThreadCount(int threads);

    /// Calls function(block) once for each block in 0..blocks-1 and returns when all have returned. Blocks are taken
    /// one by one, so that a core that is slowed down does not hold the others up. Called from inside a block, or
    /// while another thread uses the pool, it does all blocks itself. Throws what a block threw first.
    void run(std::int64_t blocks, BlockFunction function);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace shapewise::kernels
