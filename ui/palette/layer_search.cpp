#include "ui/palette/layer_search.h"

#include "core/layers/framework/catalog.h"
#include "core/layers/framework/older.h"
#include "ui/base/qt_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

/// "Conv2D" -> "c2d", "MaxPooling2D" -> "mp2d": the capitals and digits people type.
QString initials(const QString& name) {
    QString letters;
    for (const QChar c : name)
        if (c.isUpper() || c.isDigit()) letters += c.toLower();
    return letters;
}

/// Letters and digits alone.
QString bare(const QString& text) {
    QString letters;
    for (const QChar c : text)
        if (c.isLetterOrNumber()) letters += c.toLower();
    return letters;
}

constexpr int kExact = 1000;  ///< above all that several words may come to

/// 0: not found; larger is better.
int scoreOf(const layers::LayerType& type, const QString& word) {
    const QString title = layerTitle(type).toLower();
    const QString name = layerClassName(type).toLower();
    if (title == word || name == word) return 100;
    if (title.startsWith(word) || name.startsWith(word)) return 80;
    if (initials(layerClassName(type)).startsWith(word)) return 70;
    if (title.contains(word) || name.contains(word)) return 60;
    if (toQString(type.keywords).toLower().contains(word)) return 40;
    if (toQString(layers::categoryTitle(type.category)).toLower().contains(word)) return 30;
    if (word.size() >= 3 && toQString(type.summary).toLower().contains(word)) return 20;
    return 0;
}

}  // namespace

std::vector<const layers::LayerType*> searchLayers(const QString& query) {
    const QStringList words = query.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    std::vector<std::pair<int, const layers::LayerType*>> found;
    for (const layers::LayerType* type : layers::allLayers()) {
        int total = words.isEmpty() ? 1 : isExactName(*type, query) ? kExact : 0;
        for (const QString& word : words) {
            const int score = scoreOf(*type, word);
            if (score == 0 && total < kExact) {
                total = 0;
                break;
            }
            total += score;
        }
        if (total > 0) found.emplace_back(total, type);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<const layers::LayerType*> types;
    types.reserve(found.size());
    for (const auto& [score, type] : found) types.push_back(type);
    return types;
}

bool isExactName(const layers::LayerType& type, const QString& query) {
    const QString wanted = bare(query);
    return !wanted.isEmpty() && (wanted == bare(layerTitle(type)) || wanted == bare(layerClassName(type)));
}

QString layerTitle(const layers::LayerType& type) {
    return toQString(type.title.empty() ? type.className : type.title);
}

QString layerListTitle(const layers::LayerType& type) {
    if (!layers::isOfOlderDialect(type)) return layerTitle(type);
    return QStringLiteral("%1 (%2)").arg(layerTitle(type), toQString(layers::olderDialectTitle(type)));
}

QString layerSummary(const layers::LayerType& type) { return toQString(type.summary); }

QString layerClassName(const layers::LayerType& type) { return toQString(type.className); }

QString whyNotFed(const layers::LayerType& type, int rank) {
    if (type.inputs.empty()) return QCoreApplication::translate("LayerSearch", "takes no input");
    if (rank < 0) return {};
    const layers::PortSpec& port = type.inputs.front();
    if (rank >= port.minimumRank && rank <= port.maximumRank) return {};
    if (port.minimumRank == port.maximumRank)
        return QCoreApplication::translate("LayerSearch", "needs rank %1, not %2").arg(port.minimumRank).arg(rank);
    if (rank < port.minimumRank)
        return QCoreApplication::translate("LayerSearch", "needs rank %1 or more, not %2")
            .arg(port.minimumRank)
            .arg(rank);
    return QCoreApplication::translate("LayerSearch", "needs rank %1 or less, not %2").arg(port.maximumRank).arg(rank);
}

}  // namespace shapewise::ui
