#include "core/base/version.h"

#include <gtest/gtest.h>

#include <algorithm>

TEST(Version, HasThreeNumbers) {
    const auto version = shapewise::base::version();
    EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2);
    EXPECT_EQ(version.find_first_not_of("0123456789."), version.npos);
}
