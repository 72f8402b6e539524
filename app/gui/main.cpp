#include "ui/shell/application.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QMainWindow>

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    shapewise::ui::setUpApplication();
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("FILE"), QStringLiteral("Project to open"),
                                 QStringLiteral("[FILE]"));
    parser.process(application);
    QMainWindow window;
    window.resize(1280, 800);
    window.show();
    return QApplication::exec();
}
