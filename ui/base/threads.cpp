#include "ui/base/threads.h"

#include <QObject>
#include <QRunnable>
#include <QThreadPool>

#include <memory>
#include <utility>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace shapewise::ui {
namespace {

// Qt orders what goes through its queues by locks of its own. It is not instrumented, so ThreadSanitizer is told here.
#if defined(__SANITIZE_THREAD__)
char handOver = 0;
void handedOver() { __tsan_release(&handOver); }
void takenOver() { __tsan_acquire(&handOver); }
#else
void handedOver() {}
void takenOver() {}
#endif

class Work : public QRunnable {
  public:
    explicit Work(std::function<void()> work) : work_(std::move(work)) {}
    void run() override {
        takenOver();
        work_();
    }

  private:
    std::function<void()> work_;
};

}  // namespace

void runOn(QThreadPool& pool, std::function<void()> work) {
    auto* runnable = new Work(std::move(work));
    handedOver();
    pool.start(runnable);
}

void callOn(QObject* receiver, std::function<void()> work) {
    const auto taken = [held = std::make_shared<std::function<void()>>(std::move(work))] {
        takenOver();
        std::exchange(*held, {})();  // what it holds is freed here, not on the thread that called
    };
    handedOver();
    QMetaObject::invokeMethod(receiver, taken, Qt::QueuedConnection);
}

}  // namespace shapewise::ui
