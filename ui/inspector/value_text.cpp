#include "ui/inspector/value_text.h"

#include "core/tensor/shape.h"
#include "ui/base/qt_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace shapewise::ui {
namespace {

using layers::ParamKind;

QString translated(const char* text) { return QCoreApplication::translate("ValueText", text); }

Unexpected unreadable(const QString& message) { return failure(message.toStdString()); }

bool isNoneText(const QString& text) {
    return text.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0 ||
           text.compare(QLatin1String("null"), Qt::CaseInsensitive) == 0;
}

/// Numbers in nested round or square brackets: "1", "(1, 2)", "((0, 1), (0, 1))".
class ListReader {
  public:
    explicit ListReader(const QString& text) : text_(text) {}

    Result<Value> read() {
        Result<Value> value = list(/*isBare=*/true);
        if (!value) return value;
        skipSpace();
        if (at_ < text_.size()) return unreadable(translated("Stray “%1” after the list").arg(text_.mid(at_, 12)));
        return value;
    }

  private:
    static constexpr int kDeepest = 4;

    void skipSpace() {
        while (at_ < text_.size() && text_[at_].isSpace()) ++at_;
    }

    [[nodiscard]] bool isAt(char16_t open, char16_t alternative) const {
        return at_ < text_.size() && (text_[at_] == QChar(open) || text_[at_] == QChar(alternative));
    }

    /// Entries up to a closing bracket, or to the end when the outermost brackets are left out.
    Result<Value> list(bool isBare) {
        ValueList entries;
        bool hasComma = false;
        for (;;) {
            skipSpace();
            if (at_ >= text_.size() || isAt(u')', u']')) break;
            Result<Value> value = entry();
            if (!value) return value;
            entries.push_back(std::move(*value));
            skipSpace();
            if (isAt(u',', u';')) {
                ++at_;
                hasComma = true;
            }
        }
        const bool isSingle = isBare && entries.size() == 1 && !hasComma;
        return isSingle ? std::move(entries.front()) : Value(std::move(entries));
    }

    Result<Value> entry() {
        if (!isAt(u'(', u'[')) return number();
        if (++depth_ > kDeepest) return unreadable(translated("Lists nest %1 deep at most").arg(kDeepest));
        ++at_;
        Result<Value> value = list(/*isBare=*/false);
        if (!value) return value;
        if (!isAt(u')', u']')) return unreadable(translated("A closing bracket is missing"));
        ++at_;
        --depth_;
        return value;
    }

    Result<Value> number() {
        const qsizetype start = at_;
        while (at_ < text_.size() && !text_[at_].isSpace() && !isAt(u'(', u'[') && !isAt(u')', u']') &&
               !isAt(u',', u';'))
            ++at_;
        const QString word = text_.mid(start, at_ - start);
        const Result<std::int64_t> whole = parseWholeNumber(word);
        if (!whole) return tl::unexpected(whole.error());
        return Value(*whole);
    }

    const QString& text_;
    qsizetype at_ = 0;
    int depth_ = 0;
};

Result<Value> parseSpatial(const layers::ParamSpec& spec, const QString& text) {
    QString spaced = text;
    for (const QChar times : {QChar(u'x'), QChar(u'X'), QChar(u'×'), QChar(u'*')}) spaced.replace(times, QChar(u','));
    Result<Value> value = ListReader(spaced).read();
    if (!value) return value;
    if (value->isInteger()) return value;
    const ValueList& entries = value->asList();
    for (const Value& entry : entries)
        if (!entry.isInteger()) return unreadable(translated("A list of numbers such as (3, 3) belongs here"));
    if (entries.empty()) return unreadable(translated("Type a number, or one for each axis, such as 3 × 3"));
    if (static_cast<int>(entries.size()) != spec.axes)
        return unreadable(
            translated("%1 numbers for %2 axes: type one number, or %2").arg(entries.size()).arg(spec.axes));
    if (entries.size() == 1) return Value(entries.front());
    return value;
}

Result<Value> parseSizes(const QString& text) {
    std::string why;
    const auto dims = tensor::parseSizes(text.toStdString(), &why);
    if (!dims) return unreadable(why.empty() ? translated("Sizes look like (28, 28, 1)") : toQString(why));
    ValueList entries;
    for (const tensor::Dim dim : *dims) {
        if (dim.isTooLarge()) return unreadable(translated("A size does not fit in 64 bits"));
        if (dim.isKnown())
            entries.emplace_back(dim.size());
        else if (dim.isUnknown())
            entries.emplace_back(nullptr);
        else
            entries.emplace_back(dim.text());
    }
    return Value(std::move(entries));
}

/// Reshape counts on -1 staying -1; parseSizes reads it as None.
Result<Value> parseSizesKeepingMinusOne(const QString& text) {
    Result<Value> value = parseSizes(text);
    if (!value || !text.contains(QLatin1String("-1"))) return value;
    QString plain = text;
    for (const char16_t bracket : {u'(', u')', u'[', u']'}) plain.replace(QChar(bracket), QChar(u' '));
    const QStringList words = plain.split(QChar(u','), Qt::SkipEmptyParts);
    ValueList& entries = value->asList();
    if (static_cast<std::size_t>(words.size()) != entries.size()) return value;
    for (std::size_t index = 0; index < entries.size(); ++index)
        if (words[static_cast<qsizetype>(index)].trimmed() == QLatin1String("-1")) entries[index] = Value(-1);
    return value;
}

Result<Value> parseWindow(const QString& text) {
    const bool isList = text.startsWith(QChar(u'(')) || text.startsWith(QChar(u'['));
    if (!isList) return Value(text.toStdString());
    QString inside = text;
    for (const char16_t bracket : {u'(', u')', u'[', u']'}) inside.replace(QChar(bracket), QChar(u' '));
    ValueList entries;
    for (const QString& word : inside.split(QChar(u','), Qt::SkipEmptyParts)) {
        const Result<double> number = parseReal(word.trimmed());
        if (!number) return tl::unexpected(number.error());
        entries.emplace_back(*number);
    }
    return Value(std::move(entries));
}

QString spatialText(const Value& value) {
    if (!value.isList()) return toQString(value.text());
    QStringList parts;
    for (const Value& entry : value.asList()) parts += toQString(entry.text());
    return parts.join(QStringLiteral(" × "));
}

QString sizesText(const Value& value) {
    if (!value.isList()) return toQString(value.text());
    QStringList parts;
    for (const Value& entry : value.asList())
        parts += entry.isText() ? toQString(entry.asText()) : toQString(entry.text());
    return QStringLiteral("(%1%2)").arg(parts.join(QStringLiteral(", ")),
                                        parts.size() == 1 ? QStringLiteral(",") : QString());
}

}  // namespace

QString realText(double number) {
    if (std::isnan(number)) return QStringLiteral("nan");
    if (std::isinf(number)) return number > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
    return QLocale::c().toString(number, 'g', QLocale::FloatingPointShortest).remove(QChar(u','));
}

QString noneText(const layers::ParamSpec& spec) {
    if (spec.noneMeans.empty()) return QStringLiteral("None");
    const bool isChoice = std::find(spec.choices.begin(), spec.choices.end(), spec.noneMeans) != spec.choices.end();
    return isChoice ? translated("%1 (default)").arg(toQString(spec.noneMeans)) : toQString(spec.noneMeans);
}

QString valueText(const layers::ParamSpec& spec, const Value& value) {
    if (value.isNone()) return noneText(spec);
    if (value.isReal()) return realText(value.asReal());
    if (value.isText()) return toQString(value.asText());
    if (spec.kind == ParamKind::Spatial) return spatialText(value);
    if (spec.kind == ParamKind::Sizes) return sizesText(value);
    if (spec.kind == ParamKind::Activation || spec.kind == ParamKind::Layer)
        if (const Value* name = value.find("class_name"); name != nullptr && name->isText())
            return toQString(name->asText());
    return toQString(value.text());
}

Result<std::int64_t> parseWholeNumber(const QString& text) {
    const QString word = text.trimmed();
    if (word.isEmpty()) return unreadable(translated("A whole number belongs here"));
    bool isNumber = false;
    const qlonglong number = QLocale::c().toLongLong(word, &isNumber);
    if (isNumber && !word.contains(QChar(u','))) return static_cast<std::int64_t>(number);
    const bool isSigned = word.startsWith(QChar(u'-')) || word.startsWith(QChar(u'+'));
    bool onlyDigits = word.size() > (isSigned ? 1 : 0);
    for (qsizetype index = isSigned ? 1 : 0; index < word.size(); ++index)
        onlyDigits = onlyDigits && word[index] >= QChar(u'0') && word[index] <= QChar(u'9');
    if (onlyDigits) return unreadable(translated("%1 does not fit in 64 bits").arg(word.left(24)));
    return unreadable(translated("“%1” is no whole number").arg(word.left(24)));
}

Result<double> parseReal(const QString& text) {
    const QString word = text.trimmed();
    if (word.isEmpty()) return unreadable(translated("A number belongs here"));
    bool isNumber = false;
    const double number = word.toDouble(&isNumber);
    if (!isNumber)
        return unreadable(word.contains(QChar(u','))
                              ? translated("“%1” is no number: use a decimal point").arg(word.left(24))
                              : translated("“%1” is no number").arg(word.left(24)));
    if (!std::isfinite(number)) return unreadable(translated("%1 is no finite number").arg(word.left(24)));
    return number;
}

Result<Value> parseValue(const layers::ParamSpec& spec, const QString& typed) {
    const QString text = typed.trimmed();
    if (spec.noneAllowed && (text.isEmpty() || isNoneText(text) || text == noneText(spec))) return Value();
    switch (spec.kind) {
        case ParamKind::Integer: {
            const Result<std::int64_t> number = parseWholeNumber(text);
            if (!number) return tl::unexpected(number.error());
            return Value(*number);
        }
        case ParamKind::Real: {
            const Result<double> number = parseReal(text);
            if (!number) return tl::unexpected(number.error());
            return Value(*number);
        }
        case ParamKind::Spatial: return parseSpatial(spec, text);
        case ParamKind::IntegerList:
        case ParamKind::Padding:
            if (text.isEmpty()) return unreadable(translated("Type a number, or several such as (1, 2)"));
            return ListReader(text).read();
        case ParamKind::Sizes:
            if (text.isEmpty()) return unreadable(translated("Type sizes such as (28, 28, 1)"));
            return parseSizesKeepingMinusOne(text);
        case ParamKind::Window: return parseWindow(text);
        case ParamKind::Boolean: return Value(text.compare(QLatin1String("true"), Qt::CaseInsensitive) == 0);
        default: return Value(text.toStdString());
    }
}

QString labelOf(const layers::ParamSpec& spec) {
    QString label = toQString(spec.key);
    label.replace(QChar(u'_'), QChar(u' '));
    if (!label.isEmpty()) label[0] = label[0].toUpper();
    return label;
}

}  // namespace shapewise::ui
