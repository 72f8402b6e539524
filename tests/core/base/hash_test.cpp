#include "core/base/hash.h"

#include <gtest/gtest.h>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace shapewise {
namespace {

enum class Colour : std::uint8_t { Red, Green };

TEST(Fnv1a32, AgreesWithThePublishedVectors) {
    static_assert(fnv1a32("") == 0x811C9DC5u);
    static_assert(fnv1a32("a") == 0xE40C292Cu);
    static_assert(fnv1a32("foobar") == 0xBF9CF968u);
    EXPECT_EQ(fnv1a32("kernel_size"), fnv1a32(std::string("kernel_size")));
}

TEST(Hasher, EqualContentsHaveEqualHashes) {
    const auto hash = [] { return Hasher().add(3).add("conv2d").add(0.5).add(true).add(Colour::Green).result(); };
    EXPECT_EQ(hash(), hash());
}

TEST(Hasher, EveryValueAndItsPlaceCount) {
    const std::set<std::uint64_t> hashes{
        Hasher().result(),
        Hasher().add(0).result(),
        Hasher().add(0).add(0).result(),
        Hasher().add(1).add(2).result(),
        Hasher().add(2).add(1).result(),
        Hasher().add(-1).result(),
        Hasher().add(0.5).result(),
        Hasher().add(-0.5).result(),
        Hasher().add("").result(),
        Hasher().add("ab").add("c").result(),
        Hasher().add("a").add("bc").result(),
        Hasher().add("abc").result(),
    };
    EXPECT_EQ(hashes.size(), 12u);
}

TEST(Hasher, EveryBitOfALongTextCounts) {
    std::set<std::uint64_t> hashes;
    for (std::size_t length = 0; length < 100; ++length) {
        std::string text(length, 'a');
        hashes.insert(Hasher().add(text).result());
        for (std::size_t at = 0; at < length; ++at) {
            text[at] = 'b';
            hashes.insert(Hasher().add(text).result());
            text[at] = 'a';
        }
    }
    EXPECT_EQ(hashes.size(), 100u + 99u * 100u / 2u);
}

TEST(Hasher, FloatsAreHashedByTheirBits) {
    std::vector<float> values(1000, 1.0f);
    const std::uint64_t before = Hasher().addFloats(values).result();
    values[999] = std::nextafter(1.0f, 2.0f);
    EXPECT_NE(Hasher().addFloats(values).result(), before);
    values[999] = 1.0f;
    EXPECT_EQ(Hasher().addFloats(values).result(), before);
}

}  // namespace
}  // namespace shapewise
