#pragma once
// RunController: runs the document on a worker thread and hands the results to the window. The one place where the
// worker and the UI thread meet: the worker gets a snapshot, its outcome comes back in one queued call, progress and
// finished pictures are fetched by a timer. The UI thread never waits for the worker, except at the very end, after
// asking it to stop.

#include "core/base/result.h"
#include "core/exec/run.h"

#include <QImage>
#include <QObject>
#include <QSize>
#include <QTimer>

#include <atomic>
#include <memory>
#include <thread>
#include <unordered_map>

namespace shapewise::session {
struct Change;
}

namespace shapewise::ui {

class DocumentModel;

using RunReportPtr = std::shared_ptr<const exec::RunReport>;

class RunController : public QObject {
    Q_OBJECT

  public:
    explicit RunController(DocumentModel* document, QObject* parent = nullptr);
    ~RunController() override;  ///< cancels and waits for the worker to notice

    [[nodiscard]] bool isLive() const { return live_; }
    [[nodiscard]] bool isRunning() const { return run_ != nullptr; }
    /// True when a live run is about to start or under way.
    [[nodiscard]] bool isBusy() const { return isRunning() || debounce_.isActive() || isPending_; }
    /// Of the last finished run, of the graph shown; null before the first and after another graph was opened.
    [[nodiscard]] const RunReportPtr& report() const { return report_; }
    /// False when the document was edited after the last report's snapshot.
    [[nodiscard]] bool isUpToDate() const { return report_ != nullptr && reportRevision_ == valueRevision_; }

    /// 0: half of the machine's memory.
    void setMemoryLimit(std::uint64_t bytes) { memoryLimitBytes_ = bytes; }
    [[nodiscard]] std::uint64_t memoryLimit() const;
    /// 0: the engine's own choice.
    void setThreads(int threads) { threads_ = threads; }
    /// Of the pictures on the nodes, in device-independent pixels.
    void setPictureFormat(QSize size, qreal devicePixelRatio);
    [[nodiscard]] QSize pictureSize() const { return pictureSize_; }

    static constexpr int kDebounceMs = 120;

  public Q_SLOTS:
    void setLive(bool live);
    void runNow();
    void cancel();
    /// Forgets the pictures handed out, so that the next run makes them anew (another theme).
    void renewPictures();

  Q_SIGNALS:
    void started();
    void progressed(qint64 done, qint64 total);
    void pictureReady(shapewise::NodeId node, const QImage& picture);
    /// A run came to its end; report() is new. Nodes that could not run say why in it.
    void finished();
    void cancelled();
    /// The run was refused as a whole, as when it needs more memory than the limit.
    void refused(const QString& message, const QString& advice);
    /// report() is of another document, or of an older revision.
    void outdated();
    void liveChanged(bool live);

  private:
    struct Run;
    struct Outcome;
    void follow(const session::Change& change);
    void start();
    void fetch();
    void take(Outcome outcome);
    [[nodiscard]] std::shared_ptr<Run> makeRun() const;
    static Outcome work(Run& run, std::stop_token stop);

    DocumentModel* document_;
    std::shared_ptr<exec::ActivationStore> store_;
    QTimer debounce_;
    QTimer poll_;
    std::shared_ptr<Run> run_;  ///< null while nothing runs
    std::jthread worker_;
    RunReportPtr report_;
    std::uint64_t reportRevision_ = 0;
    std::uint64_t valueRevision_ = 1;  ///< counts changes that may change results; moving a node is none
    std::unordered_map<NodeId, std::uint64_t> pictureOf_;  ///< content hash of the picture handed out
    std::uint64_t memoryLimitBytes_ = 0;
    int threads_ = 0;
    QSize pictureSize_{200, 64};
    qreal devicePixelRatio_ = 1.0;
    bool live_ = true;
    bool isPending_ = false;  ///< start again as soon as the run under way has stopped
};

}  // namespace shapewise::ui
