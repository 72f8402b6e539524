#include "ui/session/recovery.h"
#include "ui/shell/application.h"
#include "ui/shell/main_window.h"
#include "ui/shell/screenshot.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QRegularExpression>

#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

namespace {

using shapewise::ui::MainWindow;
using shapewise::ui::Settings;
using shapewise::ui::ThemeChoice;

constexpr int kBadArgument = 2;
constexpr int kSmallestSide = 200;
constexpr int kLargestSide = 16384;

struct Arguments {
    QString file;
    QString screenshot;
    QSize size;
    std::optional<ThemeChoice> theme;
    QString problem;  ///< what is wrong with them
};

/// Before there is a QApplication: its platform depends on it.
bool hasArgument(int argc, char** argv, const char* name) {
    for (int index = 1; index < argc; ++index)
        if (std::strncmp(argv[index], name, std::strlen(name)) == 0) return true;
    return false;
}

/// False when there is neither a display nor a picture to draw into.
bool choosePlatform(int argc, char** argv) {
    const bool hasDisplay = !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
    if (hasDisplay || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) return true;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    for (const char* name : {"--screenshot", "--help", "-h", "--version", "-v"})
        if (hasArgument(argc, argv, name)) return true;
    return false;
}

QSize parseSize(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{1,6})x(\\d{1,6})$"));
    const QRegularExpressionMatch match = form.match(text);
    return match.hasMatch() ? QSize(match.captured(1).toInt(), match.captured(2).toInt()) : QSize();
}

Arguments parseArguments(const QApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Build a neural network on a canvas and see every tensor shape."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("FILE"),
        QStringLiteral("Project or Keras model to open; a sound, picture or array becomes a node"),
        QStringLiteral("[FILE]"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        QStringLiteral("Draw the window with the finished run into a PNG file and end"),
                                        QStringLiteral("OUT.png"));
    const QCommandLineOption size(
        QStringLiteral("size"), QStringLiteral("Size of the window in pixels, e.g. 1680x1040"), QStringLiteral("WxH"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("dark or light"), QStringLiteral("THEME"));
    parser.addOptions({screenshot, size, theme});
    parser.process(application);

    Arguments arguments;
    arguments.screenshot = parser.value(screenshot);
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1) arguments.problem = QStringLiteral("One FILE at a time; got %1").arg(files.size());
    if (!files.isEmpty()) arguments.file = files.front();
    if (parser.isSet(screenshot) && arguments.screenshot.isEmpty())
        arguments.problem = QStringLiteral("--screenshot needs the name of a PNG file");
    if (parser.isSet(size)) {
        arguments.size = parseSize(parser.value(size));
        const int shorter = qMin(arguments.size.width(), arguments.size.height());
        if (shorter < kSmallestSide || qMax(arguments.size.width(), arguments.size.height()) > kLargestSide)
            arguments.problem = QStringLiteral("--size %1: give width and height from %2 to %3, e.g. 1680x1040")
                                    .arg(parser.value(size))
                                    .arg(kSmallestSide)
                                    .arg(kLargestSide);
    }
    if (parser.isSet(theme)) {
        if (parser.value(theme) == QLatin1String("dark"))
            arguments.theme = ThemeChoice::Dark;
        else if (parser.value(theme) == QLatin1String("light"))
            arguments.theme = ThemeChoice::Light;
        else
            arguments.problem = QStringLiteral("--theme %1: choose dark or light").arg(parser.value(theme));
    }
    return arguments;
}

void complain(const QString& text) { std::fprintf(stderr, "shapewise: %s\n", qPrintable(text)); }

}  // namespace

int main(int argc, char** argv) {
    if (!choosePlatform(argc, argv)) {
        complain(
            QStringLiteral("there is no display to open a window on. Draw it into a picture instead:\n"
                           "  shapewise FILE --screenshot OUT.png"));
        return kBadArgument;
    }
    QApplication application(argc, argv);
    shapewise::ui::setUpApplication();
    const Arguments arguments = parseArguments(application);
    if (!arguments.problem.isEmpty()) {
        complain(arguments.problem);
        return kBadArgument;
    }
    const bool isScreenshot = !arguments.screenshot.isEmpty();
    Settings settings = isScreenshot ? Settings{} : shapewise::ui::loadSettings();
    if (arguments.theme) settings.theme = *arguments.theme;
    MainWindow window(settings, {}, !isScreenshot);
    if (arguments.size.isValid()) {
        window.setMinimumSize(arguments.size.boundedTo(window.minimumSize()));
        window.resize(arguments.size);
    }
    window.show();
    if (!arguments.file.isEmpty()) window.files()->open(arguments.file);
    if (!isScreenshot) {
        window.startRecovery(std::make_shared<shapewise::ui::Recovery>(shapewise::ui::Recovery::usualFolder()));
        window.offerLost();
        return QApplication::exec();
    }

    shapewise::ui::Screenshot screenshot(&window, arguments.screenshot);
    QObject::connect(&screenshot, &shapewise::ui::Screenshot::finished, &application, [](const QString& problem) {
        if (!problem.isEmpty()) complain(problem);
        QCoreApplication::exit(problem.isEmpty() ? 0 : kBadArgument);
    });
    return QApplication::exec();
}
