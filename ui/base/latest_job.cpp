#include "ui/base/latest_job.h"

#include <QCoreApplication>
#include <QThreadPool>

#include <new>

namespace shapewise::ui {

/// Touched on the UI thread alone; the worker only carries it.
struct LatestJob::State {
    std::function<void()> nextWork;  ///< empty: nothing waits
    std::function<void()> nextDone;
    std::function<void()> done;  ///< of the job under way; empty: its outcome is not wanted
    bool isRunning = false;
};

LatestJob::LatestJob() : state_(std::make_shared<State>()) {}

LatestJob::~LatestJob() { cancel(); }

void LatestJob::cancel() {
    state_->nextWork = {};
    state_->nextDone = {};
    state_->done = {};
}

bool LatestJob::isRunning() const { return state_->done != nullptr || state_->nextWork != nullptr; }

void LatestJob::enqueue(std::function<void()> work, std::function<void()> done) {
    // The outcome of the job under way is still shown: while a number is spun, pictures follow.
    state_->nextWork = std::move(work);
    state_->nextDone = std::move(done);
    if (!state_->isRunning) run(state_);
}

void LatestJob::run(const std::shared_ptr<State>& state) {
    if (!state->nextWork) return;
    state->isRunning = true;
    state->done = std::exchange(state->nextDone, {});
    QThreadPool::globalInstance()->start([state, work = std::exchange(state->nextWork, {})] {
        bool isDone = true;
        try {
            work();
        } catch (const std::bad_alloc&) {
            isDone = false;  // the view keeps what it shows
        }
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [state, isDone] {
                state->isRunning = false;
                if (const std::function<void()> done = std::exchange(state->done, {}); done && isDone) done();
                run(state);
            },
            Qt::QueuedConnection);
    });
}

}  // namespace shapewise::ui
