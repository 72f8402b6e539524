#include "ui/base/formula.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>
#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>

namespace shapewise::ui {
namespace {

constexpr char16_t kPlaceholder = u'\uE000';  // private use: no text of ours has it

const QHash<QString, QString>& symbols() {
    static const QHash<QString, QString> kSymbols{
        {QStringLiteral("alpha"), QStringLiteral("α")},
        {QStringLiteral("beta"), QStringLiteral("β")},
        {QStringLiteral("gamma"), QStringLiteral("γ")},
        {QStringLiteral("delta"), QStringLiteral("δ")},
        {QStringLiteral("epsilon"), QStringLiteral("ε")},
        {QStringLiteral("lambda"), QStringLiteral("λ")},
        {QStringLiteral("mu"), QStringLiteral("μ")},
        {QStringLiteral("sigma"), QStringLiteral("σ")},
        {QStringLiteral("pi"), QStringLiteral("π")},
        {QStringLiteral("sum"), QStringLiteral("∑")},
        {QStringLiteral("prod"), QStringLiteral("∏")},
        {QStringLiteral("ge"), QStringLiteral(" ≥ ")},
        {QStringLiteral("le"), QStringLiteral(" ≤ ")},
        {QStringLiteral("ne"), QStringLiteral(" ≠ ")},
        {QStringLiteral("times"), QStringLiteral(" × ")},
        {QStringLiteral("cdot"), QStringLiteral(" · ")},
        {QStringLiteral("odot"), QStringLiteral(" ⊙ ")},
        {QStringLiteral("lfloor"), QStringLiteral("⌊")},
        {QStringLiteral("rfloor"), QStringLiteral("⌋")},
        {QStringLiteral("lceil"), QStringLiteral("⌈")},
        {QStringLiteral("rceil"), QStringLiteral("⌉")},
        {QStringLiteral("ldots"), QStringLiteral("…")},
        {QStringLiteral("infty"), QStringLiteral("∞")},
        {QStringLiteral("in"), QStringLiteral(" ∈ ")},
        {QStringLiteral("left"), QString()},
        {QStringLiteral("right"), QString()},
    };
    return kSymbols;
}

class FormulaReader {
  public:
    explicit FormulaReader(const QString& tex) : tex_(tex) {}

    QString read() { return sequence(false); }

  private:
    [[nodiscard]] bool atEnd() const { return at_ >= tex_.size(); }

    QString sequence(bool inGroup) {
        QString html;
        while (!atEnd() && !(inGroup && tex_[at_] == u'}')) html += piece();
        if (inGroup && !atEnd()) ++at_;
        return html;
    }

    /// What a command, an index or a power takes: a group, or the next sign.
    QString argument() {
        while (!atEnd() && tex_[at_].isSpace()) ++at_;
        if (atEnd()) return {};
        return tex_[at_].isLetter() ? QStringLiteral("<i>%1</i>").arg(tex_[at_++]) : piece();
    }

    QString piece() {
        const QChar c = tex_[at_];
        if (c.isLetter()) return word();
        ++at_;
        switch (c.unicode()) {
            case u'{': return sequence(true);
            case u'\\': return command();
            case u'_': return QStringLiteral("<sub>%1</sub>").arg(argument());
            case u'^': return QStringLiteral("<sup>%1</sup>").arg(argument());
            case u'-': return QStringLiteral("−");
            case u'*': return QStringLiteral("·");
            default: return QString(c).toHtmlEscaped();
        }
    }

    /// A variable slants; a name of several letters does not.
    QString word() {
        const qsizetype start = at_;
        while (!atEnd() && tex_[at_].isLetter()) ++at_;
        const QString letters = tex_.mid(start, at_ - start);
        return letters.size() == 1 ? QStringLiteral("<i>%1</i>").arg(letters) : letters;
    }

    QString command() {
        if (atEnd()) return {};
        if (!tex_[at_].isLetter()) {
            const QChar c = tex_[at_++];
            if (c == u',' || c == u';' || c == u' ') return QStringLiteral("\u2009");  // a thin space
            if (c == u'|') return QStringLiteral("‖");
            return QString(c).toHtmlEscaped();
        }
        const qsizetype start = at_;
        while (!atEnd() && tex_[at_].isLetter()) ++at_;
        const QString name = tex_.mid(start, at_ - start);
        if (name == QLatin1String("frac")) {
            const QString above = operand(argument());
            return above + QStringLiteral(" / ") + operand(argument());
        }
        if (name == QLatin1String("sqrt")) {
            const QString inside = argument();
            return isSimple(inside) ? QStringLiteral("√") + inside : QStringLiteral("√(%1)").arg(inside);
        }
        const auto found = symbols().constFind(name);
        return found == symbols().constEnd() ? name : *found;
    }

    static bool isSimple(const QString& html) {
        static const QRegularExpression kTags(QStringLiteral("<(sub|sup)>.*?</\\1>|<[^>]*>"));
        const QString plain = QString(html).remove(kTags).trimmed();
        return std::all_of(plain.begin(), plain.end(), [](QChar c) { return c.isLetterOrNumber(); });
    }
    /// A root whose bracket closes at the very end.
    static bool isRoot(const QString& html) {
        if (!html.startsWith(QStringLiteral("√("))) return false;
        int open = 0;
        for (qsizetype index = 1; index < html.size(); ++index) {
            open += html[index] == u'(' ? 1 : html[index] == u')' ? -1 : 0;
            if (open == 0) return index + 1 == html.size();
        }
        return false;
    }
    /// With brackets where the line of a fraction would have told what belongs together.
    static QString operand(const QString& html) {
        return isSimple(html) || isRoot(html) ? html : QStringLiteral("(%1)").arg(html);
    }

    QString tex_;
    qsizetype at_ = 0;
};

}  // namespace

QString formulaHtml(const QString& tex) { return FormulaReader(tex).read(); }

void setMarkdownWithFormulas(QTextDocument& document, const QString& markdown) {
    static const QRegularExpression kFormula(QStringLiteral("\\$+([^$]+)\\$+"));
    QStringList formulas;
    QString text;
    qsizetype from = 0;
    for (auto matches = kFormula.globalMatch(markdown); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        text += QStringView(markdown).mid(from, match.capturedStart() - from);
        text += QChar(kPlaceholder);
        formulas += formulaHtml(match.captured(1));
        from = match.capturedEnd();
    }
    text += QStringView(markdown).mid(from);
    document.setMarkdown(text);
    QTextCursor cursor(&document);
    for (const QString& formula : formulas) {
        cursor = document.find(QString(QChar(kPlaceholder)), cursor);
        if (cursor.isNull()) return;
        cursor.insertHtml(formula);
    }
}

}  // namespace shapewise::ui
