#include "ui/inspector/value_text.h"

#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace {

using namespace shapewise;
using layers::ParamKind;
using layers::ParamSpec;

ParamSpec specOf(ParamKind kind, int axes = 1) {
    ParamSpec spec;
    spec.key = "kernel_size";
    spec.kind = kind;
    spec.axes = axes;
    return spec;
}

struct Reading {
    ParamKind kind;
    int axes;
    const char* text;
    Value value;
};

TEST(ValueText, ReadsWhatPeopleType) {
    const Reading readings[] = {
        {ParamKind::Integer, 1, " 32 ", Value(32)},
        {ParamKind::Integer, 1, "-3", Value(-3)},
        {ParamKind::Real, 1, "0.25", Value(0.25)},
        {ParamKind::Real, 1, "1e-3", Value(1e-3)},
        {ParamKind::Spatial, 2, "3", Value(3)},
        {ParamKind::Spatial, 2, "3x5", Value::list({3, 5})},
        {ParamKind::Spatial, 2, "3 × 5", Value::list({3, 5})},
        {ParamKind::Spatial, 2, "(3, 5)", Value::list({3, 5})},
        {ParamKind::Spatial, 2, "[3 5]", Value::list({3, 5})},
        {ParamKind::IntegerList, 1, "(2, 1)", Value::list({2, 1})},
        {ParamKind::Padding, 2, "1", Value(1)},
        {ParamKind::Padding, 2, "((0, 1), (2, 3))", Value(ValueList{Value::list({0, 1}), Value::list({2, 3})})},
        {ParamKind::Sizes, 1, "(28, 28, 1)", Value::list({28, 28, 1})},
        {ParamKind::Sizes, 1, "(None, 8)", Value(ValueList{Value(), Value(8)})},
        {ParamKind::Sizes, 1, "(-1, 8)", Value::list({-1, 8})},
        {ParamKind::Sizes, 1, "(T, 8)", Value(ValueList{Value("T"), Value(8)})},
    };
    for (const Reading& reading : readings) {
        const Result<Value> value = ui::parseValue(specOf(reading.kind, reading.axes), QString::fromUtf8(reading.text));
        ASSERT_TRUE(value) << reading.text;
        EXPECT_EQ(*value, reading.value) << reading.text << " read as " << value->text();
    }
}

TEST(ValueText, SaysWhyATextIsNoValue) {
    const Reading readings[] = {
        {ParamKind::Integer, 1, "three", {}},
        {ParamKind::Integer, 1, "", {}},
        {ParamKind::Integer, 1, "9223372036854775808", {}},
        {ParamKind::Real, 1, "0,5", {}},
        {ParamKind::Real, 1, "inf", {}},
        {ParamKind::Spatial, 2, "3x3x3", {}},
        {ParamKind::Spatial, 2, "", {}},
        {ParamKind::IntegerList, 1, "(2, 1", {}},
        {ParamKind::Padding, 2, "(((((1", {}},
        {ParamKind::Sizes, 1, "28;;", {}},
    };
    for (const Reading& reading : readings) {
        const Result<Value> value = ui::parseValue(specOf(reading.kind, reading.axes), QString::fromUtf8(reading.text));
        ASSERT_FALSE(value) << reading.text << " read as " << value->text();
        EXPECT_FALSE(value.error().message.empty());
    }
}

TEST(ValueText, NoneIsReadOnlyWhereItIsAllowed) {
    ParamSpec spec = specOf(ParamKind::Integer);
    EXPECT_FALSE(ui::parseValue(spec, QStringLiteral("None")));
    spec.noneAllowed = true;
    ASSERT_TRUE(ui::parseValue(spec, QStringLiteral("None")));
    EXPECT_TRUE(ui::parseValue(spec, QStringLiteral("None"))->isNone());
    EXPECT_TRUE(ui::parseValue(spec, QString())->isNone());
}

TEST(ValueText, NoneSaysWhatKerasDoes) {
    const layers::ParamSpec& format = *layers::findLayer("Conv2D")->param("data_format");
    EXPECT_EQ(ui::valueText(format, Value()).toStdString(), "channels_last (default)");
    EXPECT_TRUE(ui::parseValue(format, QStringLiteral("channels_last (default)"))->isNone());
    const layers::ParamSpec& step = *layers::findLayer("STFTSpectrogram")->param("frame_step");
    EXPECT_EQ(ui::valueText(step, Value()).toStdString(), "half a frame");
}

TEST(ValueText, WrittenTextReadsBackAsTheSameValue) {
    for (const double number : {0.0, 0.1, 1e-7, 3.0, -2.5, 1e300}) {
        const Result<double> read = ui::parseReal(ui::realText(number));
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, number);
    }
    const ParamSpec sizes = specOf(ParamKind::Sizes);
    const Value value(ValueList{Value(), Value(8), Value("T")});
    EXPECT_EQ(*ui::parseValue(sizes, ui::valueText(sizes, value)), value);
}

TEST(ValueText, LabelsAreKeysInWords) {
    EXPECT_EQ(ui::labelOf(specOf(ParamKind::Integer)), QStringLiteral("Kernel size"));
}

}  // namespace
