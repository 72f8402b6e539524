#pragma once
// LatestJob: what a view has worked out on the thread pool, one job at a time. What is asked for while a job runs takes
// the place of what waits; after cancel() or the end of the view, outcomes are dropped. A job that fails says so to its
// owner. Used on the UI thread; never waits.

#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace shapewise::ui {

class LatestJob {
  public:
    /// A sentence for the place where the outcome would have been.
    using Failed = std::function<void(const QString& why)>;

    /// `failed` is called on the UI thread when work throws, instead of what was to be done with the outcome.
    explicit LatestJob(Failed failed);
    ~LatestJob();
    LatestJob(const LatestJob&) = delete;
    LatestJob& operator=(const LatestJob&) = delete;

    /// Numbers that are read in about a millisecond: not worth a thread, nor a picture that comes a moment later.
    static constexpr std::int64_t kReadAtOnce = 200'000;
    /// Work of which nobody knows how long it takes, such as a look at the disk.
    static constexpr std::int64_t kNeverAtOnce = kReadAtOnce + 1;

    /// `work` runs on another thread and owns all it reads; `done` gets its result on this one. Up to kReadAtOnce
    /// numbers both have run before start() returns.
    template <class Work, class Done>
    void start(std::int64_t numbers, Work work, Done done) {
        using Outcome = decltype(work());
        auto outcome = std::make_shared<std::optional<Outcome>>();
        std::function<void()> fill = [work = std::move(work), outcome] { outcome->emplace(work()); };
        std::function<void()> take = [done = std::move(done), outcome]() mutable { done(std::move(**outcome)); };
        if (numbers <= kReadAtOnce)
            runAtOnce(fill, take);
        else
            enqueue(std::move(fill), std::move(take));
    }
    /// What runs or waits is no longer wanted.
    void cancel();
    [[nodiscard]] bool isRunning() const;

  private:
    struct State;
    void runAtOnce(const std::function<void()>& work, const std::function<void()>& done);
    void enqueue(std::function<void()> work, std::function<void()> done);
    static void run(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;
};

}  // namespace shapewise::ui
