#include "core/io/files/json_value.h"

#include <gtest/gtest.h>
#include <cmath>

namespace shapewise::io {
namespace {

TEST(JsonValue, ReadsAndWritesEveryKind) {
    const std::string text =
        R"({"a": null, "b": [true, false], "c": -3, "d": 0.5, "e": 1.0, "f": "ä\n", "g": {}, "h": []})";
    const Result<Value> value = parseJson(text);
    ASSERT_TRUE(value) << value.error().text();
    EXPECT_TRUE(value->find("e")->isReal());
    EXPECT_TRUE(value->find("c")->isInteger());
    EXPECT_EQ(jsonText(*value), text);
}

TEST(JsonValue, ReadsPythonsNaNAndInfinity) {
    const Result<Value> value = parseJson(R"({"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \" Infinity"})");
    ASSERT_TRUE(value) << value.error().text();
    EXPECT_TRUE(std::isnan(value->find("a")->asReal()));
    EXPECT_EQ(value->find("b")->asList()[0].asReal(), INFINITY);
    EXPECT_EQ(value->find("c")->asText(), "NaN \" Infinity");
    EXPECT_EQ(jsonText(*value), R"({"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \" Infinity"})");
}

TEST(JsonValue, IntegersBeyond64BitsBecomeReals) {
    const Result<Value> value = parseJson("[9223372036854775807, 9223372036854775808, 123456789012345678901234567890]");
    ASSERT_TRUE(value);
    EXPECT_TRUE(value->asList()[0].isInteger());
    EXPECT_DOUBLE_EQ(value->asList()[1].asReal(), 9223372036854775808.0);
    EXPECT_DOUBLE_EQ(value->asList()[2].asReal(), 123456789012345678901234567890.0);
}

TEST(JsonValue, OfTwoMembersWithOneKeyTheLastCounts) {
    const Result<Value> value = parseJson(R"({"a": 1, "b": 2, "a": 3})");
    ASSERT_TRUE(value);
    EXPECT_EQ(jsonText(*value), R"({"a": 3, "b": 2})");
}

TEST(JsonValue, DeepNestingIsRefusedNotCrashed) {
    for (const char* piece : {"[", "{\"a\":"}) {
        std::string text;
        for (int i = 0; i < 100000; ++i) text += piece;
        const Result<Value> value = parseJson(text);
        ASSERT_FALSE(value);
        EXPECT_NE(value.error().message.find("nested more than"), std::string::npos);
    }
}

TEST(JsonValue, TruncatedTextSaysSoWithItsLine) {
    const Result<Value> value = parseJson("{\n\"a\": [1,\n");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().where, "line 3");
    EXPECT_EQ(value.error().message, "the JSON text ends too early");
}

TEST(JsonValue, TellsATextThatIsCutOffWhereverItEndsFromOneThatIsWrong) {
    for (const char* text : {"[1, 2", "[1,", "[tru", "[1e", "{\"a\": \"xy", "\"ab\\"}) {
        const Result<Value> value = parseJson(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().message, "the JSON text ends too early") << text;
    }
    for (const char* text : {"{\"a\": 1]", "[1,2]x", "hello"}) {
        const Result<Value> value = parseJson(text);
        ASSERT_FALSE(value) << text;
        EXPECT_TRUE(value.error().message.starts_with("this is not JSON")) << text;
    }
    const Result<Value> large = parseJson("1e999");
    ASSERT_FALSE(large);
    EXPECT_NE(large.error().message.find("larger than any number"), std::string::npos);
}

TEST(JsonValue, RefusesWhatIsNoJson) {
    for (const char* text :
         {"", "  \n", "RIFF\x10", "{'a': 1}", "[1 2]", "1e999", "{\"a\": }", "nul", "\"\\ud800\"", "\xff\xfe"}) {
        const Result<Value> value = parseJson(text);
        ASSERT_FALSE(value) << text;
        EXPECT_FALSE(value.error().message.empty());
    }
}

TEST(JsonValue, BytesThatAreNotUtf8AreReplacedWhenWritten) { EXPECT_EQ(jsonText(Value("a\xff")), "\"a\xEF\xBF\xBD\""); }

TEST(JsonValue, LinesHoldWhatFits) {
    const Result<Value> value = parseJson(R"({"short": [1, 2, 3], "long": ["aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbb"]})");
    ASSERT_TRUE(value);
    EXPECT_EQ(
        jsonLines(*value, 30),
        "{\n  \"short\": [1, 2, 3],\n  \"long\": [\n    \"aaaaaaaaaaaaaaa\",\n    \"bbbbbbbbbbbbbbbbbb\"\n  ]\n}\n");
}

TEST(JsonValue, LinesReadBackAsTheSame) {
    const Result<Value> value =
        parseJson(R"([{"a": [[1, 2], [3.25, null]]}, {"b": {"c": {"d": "e"}}}, 1e300, 1e-300])");
    ASSERT_TRUE(value);
    for (const std::size_t width : {0u, 10u, 40u, 200u}) EXPECT_EQ(*parseJson(jsonLines(*value, width)), *value);
}

TEST(JsonValue, ManyMembersAreReadInGoodTime) {
    std::string text = "{";
    for (int i = 0; i < 50000; ++i) text += "\"" + std::to_string(i) + "\": 1, ";
    text += "\"7\": 2}";
    const Result<Value> value = parseJson(text);
    ASSERT_TRUE(value);
    EXPECT_EQ(value->asDict().size(), 50000u);
    EXPECT_EQ(value->asDict()[7].second, Value(2));
}

}  // namespace
}  // namespace shapewise::io
