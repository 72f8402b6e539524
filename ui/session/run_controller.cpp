#include "ui/session/run_controller.h"

#include "core/io/data/data_files.h"
#include "core/kernels/thread_pool.h"
#include "ui/base/qt_text.h"
#include "ui/base/threads.h"
#include "ui/pictures/thumbnail.h"
#include "ui/session/document_model.h"
#include "ui/session/file_text.h"
#include "ui/theme/theme.h"

#include <QThreadPool>

#include <exception>
#include <mutex>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kPollMs = 33;

struct Picture {
    NodeId node;
    std::uint64_t contentHash = 0;
    QImage image;
};

/// Gives back the memory of a report on another thread: thousands of tensors take longer than a frame.
void freeElsewhere(RunReportPtr report) {
    if (report == nullptr) return;
    runOn(*QThreadPool::globalInstance(), [held = std::move(report)]() mutable { held.reset(); });
}

bool mayChangeResults(const session::Change& change) {
    return change.replaced || !change.touched.nodes.empty() || change.touched.wiring || change.touched.runSettings;
}

}  // namespace

/// Shared with the worker. Only `progress` and, under the lock, `pictures` are written while it runs.
struct RunController::Run {
    exec::RunRequest request;
    std::shared_ptr<exec::ActivationStore> store;
    std::unordered_map<NodeId, std::uint64_t> pictureOf;
    std::uint64_t revision = 0;
    std::vector<NodeId> path;  ///< to the open group; empty: the whole
    int threads = 0;
    QSize pictureSize;
    qreal devicePixelRatio = 1.0;
    bool dark = true;

    Progress progress;
    std::mutex mutex;
    std::vector<Picture> pictures;
};

struct RunController::Outcome {
    std::uint64_t revision = 0;
    Result<exec::RunReport> report = exec::RunReport{};
};

RunController::RunController(DocumentModel* document, QObject* parent)
    : QObject(parent), document_(document), store_(std::make_shared<exec::ActivationStore>()) {
    debounce_.setSingleShot(true);
    debounce_.setInterval(kDebounceMs);
    poll_.setInterval(kPollMs);
    connect(&debounce_, &QTimer::timeout, this, &RunController::runNow);
    connect(&poll_, &QTimer::timeout, this, &RunController::fetch);
    connect(document, &DocumentModel::changed, this, &RunController::follow);
}

RunController::~RunController() { worker_.request_stop(); }

std::uint64_t RunController::memoryLimit() const {
    return memoryLimitBytes_ == 0 ? exec::defaultMemoryLimit() : memoryLimitBytes_;
}

void RunController::setPictureFormat(QSize size, qreal devicePixelRatio) {
    if (pictureSize_ == size && qFuzzyCompare(devicePixelRatio_, devicePixelRatio)) return;
    pictureSize_ = size;
    devicePixelRatio_ = devicePixelRatio;
    renewPictures();
}

void RunController::setLive(bool live) {
    if (live_ == live) return;
    live_ = live;
    if (live_ && !isUpToDate()) debounce_.start();
    if (!live_) debounce_.stop();
    Q_EMIT liveChanged(live_);
}

void RunController::follow(const session::Change& change) {
    if (!mayChangeResults(change)) return;
    ++valueRevision_;
    worker_.request_stop();  // its results are of a document that is no more
    const bool wasShown = report_ != nullptr;
    RunReportPtr old;
    if (change.replaced) {
        old = std::exchange(report_, nullptr);
        pictureOf_.clear();
    }
    for (const NodeId node : change.touched.nodes)  // a node that comes back by undo gets its picture again
        if (document_->graph().find(node) == nullptr) pictureOf_.erase(node);
    Q_EMIT outdated();
    freeElsewhere(std::move(old));
    if (change.reopened && wasShown) return runNow();  // what was there to see is there to see in the other graph
    if (live_) debounce_.start();
}

void RunController::renewPictures() {
    pictureOf_.clear();
    if (report_ != nullptr) debounce_.start();
}

void RunController::cancel() {
    debounce_.stop();
    isPending_ = false;
    worker_.request_stop();
}

void RunController::runNow() {
    debounce_.stop();
    if (isRunning()) {
        isPending_ = true;
        worker_.request_stop();
        return;
    }
    start();
}

std::shared_ptr<RunController::Run> RunController::makeRun() const {
    auto run = std::make_shared<Run>();
    run->request.project = document_->whole();
    run->path = document_->openPath();
    run->request.memoryLimitBytes = memoryLimitBytes_;
    const std::filesystem::path folder = nativePath(document_->folder());
    run->request.loadData = io::dataLoader(folder);
    run->request.dataStamp = io::dataStamp(folder);
    run->store = store_;
    run->pictureOf = pictureOf_;
    run->revision = valueRevision_;
    run->threads = threads_;
    run->pictureSize = pictureSize_;
    run->devicePixelRatio = devicePixelRatio_;
    run->dark = currentTheme() == Theme::Dark;
    return run;
}

void RunController::start() {
    isPending_ = false;
    run_ = makeRun();
    Q_EMIT started();
    poll_.start();
    worker_ = std::jthread([this, run = run_](std::stop_token stop) {
        auto outcome = std::make_shared<Outcome>(work(*run, std::move(stop)));
        callOn(this, [this, outcome] { take(std::move(*outcome)); });
    });
}

RunController::Outcome RunController::work(Run& run, std::stop_token stop) {
    const auto picture = [&run](NodeId node, const exec::NodeRun& result) {
        if (result.outputs.empty() || result.outputs.front() == nullptr || result.types.empty()) return;
        const auto known = run.pictureOf.find(node);
        if (known != run.pictureOf.end() && known->second == result.contentHash) return;
        QImage image = thumbnail(*result.outputs.front(), result.types.front(), run.pictureSize, run.devicePixelRatio,
                                 run.dark, result.isPicture);
        const std::lock_guard lock(run.mutex);
        run.pictures.push_back({node, result.contentHash, std::move(image)});
    };
    Outcome outcome;
    outcome.revision = run.revision;
    try {
        if (run.threads > 0) kernels::ThreadPool::shared().setThreadCount(run.threads);
        outcome.report = run.path.empty() ? exec::run(run.request, *run.store, std::move(stop), run.progress, picture)
                                          : exec::runInside(run.request, run.path, *run.store, std::move(stop),
                                                            run.progress, picture);
    } catch (const std::bad_alloc&) {
        outcome.report = failure("The run needs more memory than the machine has left",
                                 "Lower the batch size or the memory limit, or close other programs");
    } catch (const std::exception& problem) {
        outcome.report = failure(std::string("The run stopped: ") + problem.what());
    }
    return outcome;
}

void RunController::fetch() {
    if (run_ == nullptr) return;
    std::vector<Picture> ready;
    {
        const std::lock_guard lock(run_->mutex);
        ready.swap(run_->pictures);
    }
    if (run_->revision == valueRevision_) {
        for (Picture& picture : ready) {
            pictureOf_[picture.node] = picture.contentHash;
            Q_EMIT pictureReady(picture.node, picture.image);
        }
    }
    Q_EMIT progressed(run_->progress.done.load(std::memory_order_relaxed),
                      run_->progress.total.load(std::memory_order_relaxed));
}

void RunController::take(Outcome outcome) {
    fetch();
    poll_.stop();
    run_.reset();
    const bool isStale = outcome.revision != valueRevision_;
    const bool wasCancelled = outcome.report && outcome.report->cancelled;
    if (!outcome.report && !isStale) {
        Q_EMIT refused(toQString(outcome.report.error().message), toQString(outcome.report.error().advice));
    } else if (isStale || wasCancelled) {
        if (outcome.report) freeElsewhere(std::make_shared<const exec::RunReport>(std::move(*outcome.report)));
        Q_EMIT cancelled();
    } else {
        RunReportPtr old = std::exchange(report_, std::make_shared<const exec::RunReport>(std::move(*outcome.report)));
        reportRevision_ = outcome.revision;
        // A node without output keeps no picture of an earlier run.
        for (auto known = pictureOf_.begin(); known != pictureOf_.end();) {
            const auto ran = report_->nodes.find(known->first);
            const bool hasOutput = ran != report_->nodes.end() && !ran->second.outputs.empty();
            if (!hasOutput) Q_EMIT pictureReady(known->first, QImage());
            known = hasOutput ? std::next(known) : pictureOf_.erase(known);
        }
        Q_EMIT finished();
        freeElsewhere(std::move(old));  // the views have let go of it
    }
    if (isPending_) start();
}

}  // namespace shapewise::ui
