#pragma once
// LatestJob: what a view has worked out on the thread pool, one job at a time. What is asked for while a job runs takes
// the place of what waits; after cancel() or the end of the view, outcomes are dropped. Used on the UI thread; never
// waits.

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace shapewise::ui {

class LatestJob {
  public:
    LatestJob();
    ~LatestJob();
    LatestJob(const LatestJob&) = delete;
    LatestJob& operator=(const LatestJob&) = delete;

    /// Numbers that are read in about a millisecond: not worth a thread, nor a picture that comes a moment later.
    static constexpr std::int64_t kReadAtOnce = 200'000;

    /// `work` runs on another thread and owns all it reads; `done` gets its result on this one. Up to kReadAtOnce
    /// numbers both have run before start() returns.
    template <class Work, class Done>
    void start(std::int64_t numbers, Work work, Done done) {
        if (numbers <= kReadAtOnce) {
            cancel();
            done(work());
            return;
        }
        using Outcome = decltype(work());
        auto outcome = std::make_shared<Outcome>();
        enqueue([work = std::move(work), outcome] { *outcome = work(); },
                [done = std::move(done), outcome]() mutable { done(std::move(*outcome)); });
    }
    /// What runs or waits is no longer wanted.
    void cancel();
    [[nodiscard]] bool isRunning() const;

  private:
    struct State;
    void enqueue(std::function<void()> work, std::function<void()> done);
    static void run(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;
};

}  // namespace shapewise::ui
