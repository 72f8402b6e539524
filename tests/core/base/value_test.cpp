#include "core/base/value.h"

#include <gtest/gtest.h>

namespace shapewise {
namespace {

TEST(Value, PrintsAsPythonDoes) {
    EXPECT_EQ(Value().text(), "None");
    EXPECT_EQ(Value(true).text(), "True");
    EXPECT_EQ(Value(3).text(), "3");
    EXPECT_EQ(Value(0.5).text(), "0.5");
    EXPECT_EQ(Value("relu").text(), "'relu'");
    EXPECT_EQ(Value::list({3, 3}).text(), "(3, 3)");
    EXPECT_EQ(Value::list({3}).text(), "(3,)");
    EXPECT_EQ(Value(ValueDict{{"a", 1}, {"b", Value()}}).text(), "{'a': 1, 'b': None}");
}

TEST(Value, MembersAreFoundByName) {
    const Value dict(ValueDict{{"units", 64}});
    ASSERT_NE(dict.find("units"), nullptr);
    EXPECT_EQ(dict.find("units")->asInteger(), 64);
    EXPECT_EQ(dict.find("rate"), nullptr);
    EXPECT_EQ(Value(3).find("units"), nullptr);
}

TEST(Value, KindsAreToldApart) {
    EXPECT_TRUE(Value(1).isNumber());
    EXPECT_FALSE(Value(true).isNumber());
    EXPECT_EQ(Value(1).asReal(), 1.0);
    EXPECT_FALSE(Value(1) == Value(1.0));
    EXPECT_FALSE(Value(1) == Value(true));
    EXPECT_EQ(Value::list({1, 2}), Value(ValueList{1, 2}));
}

}  // namespace
}  // namespace shapewise
