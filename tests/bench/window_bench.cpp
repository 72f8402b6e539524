// How long the window is busy with one event, at 10,000 nodes. Shows the main window at 1680 x 1040 and 100 %, does
// what a hand does, and prints for each the 50th, 95th and 99th percentile and the longest of all events handled
// meanwhile, in milliseconds. Painting (paint events and update requests) is counted apart.
//
// usage: QT_QPA_PLATFORM=offscreen shapewise-window-bench [--nodes N] [--live] [--cpu] [--slowest] [--limit MS]
//   --live     runs the network after each change, as the window does by itself
//   --cpu      counts the time of the processor, where other programs keep it busy
//   --slowest  names the three longest events of each
//   --limit    ends with 1 when an event other than painting took longer

#include "core/edit/builders.h"
#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/session/document_model.h"
#include "ui/shell/action_table.h"
#include "ui/shell/application.h"
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QMetaEnum>
#include <QMouseEvent>
#include <QStandardPaths>
#include <QTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

namespace {

using namespace shapewise;

struct Handled {
    double milliseconds = 0.0;
    QByteArray what;
};

/// Times each event from the outside; events that are sent while one is handled are part of it, painting is not.
class TimedApplication : public QApplication {
  public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        const bool isPainting = event->type() == QEvent::Paint || event->type() == QEvent::UpdateRequest;
        const bool isOutermost = depth_ == 0;
        const bool isTimed = isOutermost || (isPainting && !isPainting_);
        if (!isTimed) return QApplication::notify(receiver, event);
        const QByteArray what = isOutermost ? nameOf(*receiver, *event) : QByteArray();
        const double paintedBefore = paintedInside_;
        const bool wasPainting = isPainting_;
        isPainting_ = isPainting_ || isPainting;
        ++depth_;
        const double start = now();
        const bool used = QApplication::notify(receiver, event);
        const double taken = now() - start;
        --depth_;
        isPainting_ = wasPainting;
        if (isPainting) {
            painted.push_back({taken, what});
            if (!isOutermost) paintedInside_ += taken;
        }
        if (!isOutermost) return used;
        if (!isPainting) handled.push_back({taken - (paintedInside_ - paintedBefore), what});
        paintedInside_ = 0.0;
        return used;
    }

    std::vector<Handled> handled;
    std::vector<Handled> painted;
    bool countsProcessor = false;

  private:
    [[nodiscard]] double now() const {
        timespec time{};
        clock_gettime(countsProcessor ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    static QByteArray nameOf(const QObject& receiver, const QEvent& event) {
        static const QMetaEnum types = QMetaEnum::fromType<QEvent::Type>();
        const char* type = types.valueToKey(event.type());
        return QByteArray(receiver.metaObject()->className()) + ' ' + receiver.objectName().toUtf8() + ' ' +
               (type == nullptr ? QByteArray::number(event.type()) : QByteArray(type));
    }

    int depth_ = 0;
    bool isPainting_ = false;
    double paintedInside_ = 0.0;
};

double percentile(const std::vector<Handled>& sorted, double share) {
    if (sorted.empty()) return 0.0;
    const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(at, 1, sorted.size()) - 1].milliseconds;
}

/// One chain of Conv1D in rows of 100, with a skip from each tenth node to an Add.
graph::Project largeProject(std::uint32_t count) {
    constexpr std::uint32_t kColumns = 100;
    graph::Project project;
    for (std::uint32_t index = 0; index < count; ++index) {
        const bool isAdd = index % 10 == 9;
        const char* className = index == 0 ? "Sample" : isAdd ? "Add" : "Conv1D";
        auto node = layers::makeInitialNode(*layers::findLayer(className), NodeId(index), "n" + std::to_string(index));
        if (index == 0) {
            node->set("shape", Value::list({64, 8}));
        } else {
            node->inputs.push_back({NodeId(index - 1), 0, 0});
        }
        if (isAdd) node->inputs.push_back({NodeId(index - 8), 0, 0});
        if (index > 0 && !isAdd) {
            node->set("filters", Value(std::int64_t{8}));
            node->set("padding", Value(std::string("same")));
        }
        project.graph.put(node);
        project.canvas.setPlace(NodeId(index),
                                {(index % kColumns) * 280.0, std::floor(index / kColumns) * 200.0, false});
    }
    return project;
}

class Bench {
  public:
    Bench(TimedApplication& application, ui::MainWindow& window, bool namesSlowest)
        : application_(application), window_(window), namesSlowest_(namesSlowest) {
        std::printf("%-22s %8s %8s %8s %8s %8s   %s\n", "", "events", "50 %", "95 %", "99 %", "longest",
                    "longest painting");
    }

    void measure(const char* name, const std::function<void()>& act) {
        settle();
        application_.handled.clear();
        application_.painted.clear();
        act();
        settle();
        std::vector<Handled> events = std::move(application_.handled);
        const auto isShorter = [](const Handled& a, const Handled& b) { return a.milliseconds < b.milliseconds; };
        std::sort(events.begin(), events.end(), isShorter);
        std::sort(application_.painted.begin(), application_.painted.end(), isShorter);
        std::printf("%-22s %8zu %8.2f %8.2f %8.2f %8.2f   %.2f\n", name, events.size(), percentile(events, 0.5),
                    percentile(events, 0.95), percentile(events, 0.99), percentile(events, 1.0),
                    percentile(application_.painted, 1.0));
        for (std::size_t back = 1; namesSlowest_ && back <= std::min<std::size_t>(3, events.size()); ++back)
            std::printf("    %8.2f  %s\n", events[events.size() - back].milliseconds,
                        events[events.size() - back].what.constData());
        longest = std::max(longest, percentile(events, 1.0));
        std::fflush(stdout);
    }

    /// As an event of its own.
    void later(const std::function<void()>& act) {
        QTimer::singleShot(0, &window_, act);
        process(20);
    }
    void mouse(QEvent::Type type, const QPoint& at, Qt::MouseButton button = Qt::NoButton,
               Qt::MouseButtons held = Qt::NoButton, Qt::KeyboardModifiers modifiers = {}) {
        QWidget* viewport = window_.canvas()->viewport();
        QMouseEvent event(type, at, viewport->mapToGlobal(at), button, held, modifiers);
        QCoreApplication::sendEvent(viewport, &event);
        process(1);
    }
    void press(const QPoint& at) { mouse(QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton); }
    void drag(const QPoint& at) { mouse(QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton); }
    void release(const QPoint& at) { mouse(QEvent::MouseButtonRelease, at, Qt::LeftButton); }
    void click(const QPoint& at) {
        press(at);
        release(at);
    }
    void wheel(const QPoint& at, const QPoint& pixels) {
        QWidget* viewport = window_.canvas()->viewport();
        QWheelEvent event(at, viewport->mapToGlobal(at), pixels, pixels * 8, Qt::NoButton, {}, Qt::ScrollUpdate, false);
        QCoreApplication::sendEvent(viewport, &event);
        process(1);
    }

    double longest = 0.0;

  private:
    static void process(int milliseconds) {
        QElapsedTimer timer;
        timer.start();
        do QCoreApplication::processEvents(QEventLoop::AllEvents, milliseconds);
        while (timer.elapsed() < milliseconds);
    }
    /// Until what waits a moment before it is worked out has been.
    static void settle() { process(1200); }

    TimedApplication& application_;
    ui::MainWindow& window_;
    bool namesSlowest_;
};

void measureAll(Bench& bench, ui::MainWindow& window) {
    ui::CanvasView& canvas = *window.canvas();
    ui::DocumentModel& document = *window.document();
    const ui::CanvasPicker& picker = canvas.findChild<ui::CanvasController*>()->picker();
    const auto body = [&](std::uint32_t id) { return canvas.mapFromScene(picker.bodyOf(NodeId(id)).center()); };
    const auto output = [&](std::uint32_t id) { return canvas.mapFromScene(picker.portAt({true, NodeId(id), 0})); };
    const QRect seen = canvas.viewport()->rect();
    const auto across = [&](int step, int steps) {
        return QPoint(seen.width() * (step + 1) / (steps + 2), seen.height() * (step + 1) / (steps + 2));
    };

    bench.measure("edit first node", [&] {
        bench.later([&] {
            edit::Edit edit;
            edit.label = "Resize";
            edit.steps.emplace_back(edit::SetParameter{NodeId(0), "shape", Value::list({72, 8})});
            document.perform(edit);
        });
    });
    bench.measure("undo", [&] { bench.later([&] { (*window.actions())[QStringLiteral("edit.undo")]->trigger(); }); });
    bench.measure("hover", [&] {
        for (int step = 0; step < 200; ++step) bench.mouse(QEvent::MouseMove, across(step, 200));
    });
    bench.measure("drag a wire", [&] {
        const QPoint from = output(1);
        bench.press(from);
        for (int step = 0; step < 100; ++step) bench.drag(from + QPoint(8 * step, 5 * step));
        bench.drag(body(5));
        bench.drag(body(0));
        bench.release(body(5));
    });
    bench.measure("undo the wire",
                  [&] { bench.later([&] { (*window.actions())[QStringLiteral("edit.undo")]->trigger(); }); });
    bench.measure("drag a node", [&] {
        bench.press(body(1));
        for (int step = 1; step < 60; ++step) bench.drag(body(1) + QPoint(step % 2 + 4, 3));
        bench.release(body(1));
    });
    bench.measure("scroll", [&] {
        for (int step = 0; step < 100; ++step) bench.wheel(seen.center(), {-37, -23});
    });
    bench.measure("zoom", [&] {
        for (int step = 0; step < 20; ++step) (step < 10 ? canvas.zoomOut() : canvas.zoomIn());
    });
    bench.measure("select by clicks", [&] {
        for (int step = 0; step < 20; ++step) bench.click(across(step, 20));
    });
    bench.measure("select by a box", [&] {
        bench.click(QPoint(4, 4));
        bench.press(QPoint(4, 4));
        for (int step = 0; step < 60; ++step) bench.drag(across(step, 60));
        bench.release(across(59, 60));
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_SCALE_FACTOR", "1");
    QStandardPaths::setTestModeEnabled(true);
    TimedApplication application(argc, argv);
    ui::setUpApplication();

    QCommandLineParser parser;
    const QCommandLineOption nodes(QStringLiteral("nodes"), QString(), QStringLiteral("N"), QStringLiteral("10000"));
    const QCommandLineOption live(QStringLiteral("live"));
    const QCommandLineOption cpu(QStringLiteral("cpu"));
    const QCommandLineOption slowest(QStringLiteral("slowest"));
    const QCommandLineOption limit(QStringLiteral("limit"), QString(), QStringLiteral("MS"));
    parser.addOptions({nodes, live, cpu, slowest, limit});
    parser.process(application);

    application.countsProcessor = parser.isSet(cpu);
    ui::Settings settings;
    settings.liveRun = parser.isSet(live);
    ui::MainWindow window(settings, {}, false);
    window.resize(1680, 1040);
    window.show();
    Bench bench(application, window, parser.isSet(slowest));
    bench.measure("open", [&] {
        bench.later([&] { window.document()->replace(largeProject(parser.value(nodes).toUInt()), {}); });
    });
    window.canvas()->zoom100();
    window.canvas()->centerOn(QPointF(400, 300));
    measureAll(bench, window);
    return parser.isSet(limit) && bench.longest > parser.value(limit).toDouble() ? 1 : 0;
}
