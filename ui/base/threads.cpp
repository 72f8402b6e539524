#include "ui/base/threads.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>
#include <QPointer>
#include <QRunnable>
#include <QThreadPool>

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

class Call : public QEvent {
  public:
    Call(QObject* receiver, std::function<void()> work) : QEvent(kind()), receiver_(receiver), work_(std::move(work)) {}
    static Type kind() {
        static const auto registered = static_cast<Type>(registerEventType());
        return registered;
    }
    void make() const {
        if (receiver_ != nullptr) work_();
    }

  private:
    QPointer<QObject> receiver_;
    std::function<void()> work_;
};

/// Lives on the thread of the window and makes the calls that come to it.
class Courier : public QObject {
  public:
    static Courier& ofWindow() {
        static auto* const courier = [] {
            auto* made = new Courier;
            made->moveToThread(QCoreApplication::instance()->thread());
            return made;
        }();
        return *courier;
    }
    bool event(QEvent* event) override {
        if (event->type() != Call::kind()) return QObject::event(event);
        takenOver();
        static_cast<const Call*>(event)->make();
        return true;
    }
};

}  // namespace

void runOn(QThreadPool& pool, std::function<void()> work) {
    auto* runnable = new Work(std::move(work));
    handedOver();
    pool.start(runnable);
}

void callOn(QObject* receiver, std::function<void()> work) {
    auto* call = new Call(receiver, std::move(work));
    Courier& courier = Courier::ofWindow();
    handedOver();
    QCoreApplication::postEvent(&courier, call);
}

}  // namespace shapewise::ui
