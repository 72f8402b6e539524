#include "ui/shell/examples.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace shapewise::ui {
namespace {

struct Known {
    const char* file;
    const char* title;
};
constexpr std::array kTour{
    Known{"conv1d-into-conv2d", QT_TRANSLATE_NOOP("Examples", "Conv1D into Conv2D")},
    Known{"flattened-spectrogram", QT_TRANSLATE_NOOP("Examples", "Flattened Spectrogram")},
    Known{"conv1d-done-right", QT_TRANSLATE_NOOP("Examples", "Conv1D, Done Right")},
    Known{"audio-spectrogram-classifier", QT_TRANSLATE_NOOP("Examples", "A Recording, Classified")},
    Known{"model-in-a-model", QT_TRANSLATE_NOOP("Examples", "A Model Inside a Model")},
};

/// "two-inputs" -> "Two Inputs".
QString titleFromName(const QString& name) {
    QStringList words = name.split(QChar(u'-'), Qt::SkipEmptyParts);
    for (QString& word : words) word[0] = word[0].toUpper();
    return words.join(QChar(u' '));
}

std::size_t tourPlace(const QString& name) {
    const auto found =
        std::find_if(kTour.begin(), kTour.end(), [&](const Known& known) { return QLatin1String(known.file) == name; });
    return static_cast<std::size_t>(found - kTour.begin());
}

}  // namespace

std::vector<Example> examples() {
    QFileInfoList files =
        QDir(QStringLiteral(":/examples")).entryInfoList({QStringLiteral("*.shapewise")}, QDir::Files, QDir::Name);
    std::stable_sort(files.begin(), files.end(), [](const QFileInfo& a, const QFileInfo& b) {
        return tourPlace(a.completeBaseName()) < tourPlace(b.completeBaseName());
    });
    std::vector<Example> list;
    for (const QFileInfo& file : files) {
        const std::size_t place = tourPlace(file.completeBaseName());
        const QString title = place < kTour.size() ? QCoreApplication::translate("Examples", kTour[place].title)
                                                   : titleFromName(file.completeBaseName());
        list.push_back({title, file.filePath()});
    }
    return list;
}

}  // namespace shapewise::ui
