#include "ui/base/latest_job.h"

#include "ui/base/threads.h"

#include <QCoreApplication>
#include <QThreadPool>

#include <exception>
#include <new>

namespace shapewise::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("LatestJob", text); }

/// Why `work` did not come to its end; empty when it did.
QString failureOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::bad_alloc&) {
        return translated("There is not enough memory to work this out");
    } catch (const std::exception& problem) {
        return translated("This could not be worked out: %1").arg(QString::fromUtf8(problem.what()));
    } catch (...) {
        return translated("This could not be worked out");
    }
    return {};
}

}  // namespace

/// Touched on the UI thread alone; the worker only carries it.
struct LatestJob::State {
    Failed failed;
    std::function<void()> nextWork;  ///< empty: nothing waits
    std::function<void()> nextDone;
    std::function<void()> done;  ///< of the job under way; empty: its outcome is not wanted
    bool isRunning = false;
};

LatestJob::LatestJob(Failed failed) : state_(std::make_shared<State>()) { state_->failed = std::move(failed); }

LatestJob::~LatestJob() { cancel(); }

void LatestJob::cancel() {
    state_->nextWork = {};
    state_->nextDone = {};
    state_->done = {};
}

bool LatestJob::isRunning() const { return state_->done != nullptr || state_->nextWork != nullptr; }

void LatestJob::runAtOnce(const std::function<void()>& work, const std::function<void()>& done) {
    cancel();
    if (const QString why = failureOf(work); why.isEmpty())
        done();
    else
        state_->failed(why);
}

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
    runOn(*QThreadPool::globalInstance(), [state, work = std::exchange(state->nextWork, {})] {
        callOn(QCoreApplication::instance(), [state, why = failureOf(work)] {
            state->isRunning = false;
            // Empty when the owner is gone, or wants no outcome.
            if (const std::function<void()> done = std::exchange(state->done, {})) {
                if (why.isEmpty())
                    done();
                else
                    state->failed(why);
            }
            run(state);
        });
    });
}

}  // namespace shapewise::ui
