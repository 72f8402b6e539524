#include "ui/base/formula.h"

#include "core/layers/framework/catalog.h"
#include "ui/inspector/docs_page.h"

#include <QTextDocument>

#include <gtest/gtest.h>

namespace shapewise::ui {
namespace {

QString plain(const char* tex) {
    QTextDocument document;
    document.setHtml(formulaHtml(QString::fromUtf8(tex)));
    return document.toPlainText();
}

TEST(Formula, FractionsRootsSumsAndBracketsAreDrawn) {
    EXPECT_EQ(plain("\\gamma \\frac{x - mean}{\\sqrt{variance + \\epsilon}} + \\beta"),
              QString::fromUtf8("γ (x − mean) / √(variance + ε) + β"));
    EXPECT_EQ(plain("scale \\frac{x}{\\sqrt{mean(x^2) + \\epsilon}}"), QString::fromUtf8("scale x / √(mean(x2) + ε)"));
    EXPECT_EQ(plain("\\lfloor n / s \\rfloor"), QString::fromUtf8("⌊ n / s ⌋"));
    EXPECT_EQ(formulaHtml(QStringLiteral("x_{i,u}^2")),
              QStringLiteral("<i>x</i><sub><i>i</i>,<i>u</i></sub><sup>2</sup>"));
    EXPECT_EQ(plain("\\sum_i x_i"), QString::fromUtf8("∑i xi"));
    EXPECT_EQ(plain("max\\_value"), QStringLiteral("max_value"));
}

TEST(Formula, WhatIsBrokenOrUnknownEndsNothing) {
    for (const char* tex :
         {"", "\\", "{", "}", "x_", "x^", "\\frac", "\\frac{a}", "\\nonsense{x}", "}}{{", "_", "\\sqrt"})
        EXPECT_GE(formulaHtml(QString::fromUtf8(tex)).size(), 0) << tex;
}

TEST(Formula, NoPageOfALayerShowsRawTex) {
    for (const layers::LayerType* type : layers::allLayers()) {
        QTextDocument page;
        setMarkdownWithFormulas(page, docsMarkdown(*type));
        const QString text = page.toPlainText();
        for (const char* raw : {"$", "\\", "_{", "^{", "\uE000"})
            EXPECT_FALSE(text.contains(QString::fromUtf8(raw))) << type->className << " " << raw << "\n"
                                                                << text.toStdString();
    }
}

}  // namespace
}  // namespace shapewise::ui
