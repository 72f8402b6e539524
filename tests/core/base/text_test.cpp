#include "core/base/text.h"

#include <gtest/gtest.h>
#include <limits>

namespace shapewise {
namespace {

using Names = std::vector<std::string>;

TEST(EditDistance, CountsInsertionsRemovalsChangesAndSwaps) {
    EXPECT_EQ(editDistance("", ""), 0u);
    EXPECT_EQ(editDistance("relu", "relu"), 0u);
    EXPECT_EQ(editDistance("", "relu"), 4u);
    EXPECT_EQ(editDistance("relu", "rel"), 1u);
    EXPECT_EQ(editDistance("relu", "reluu"), 1u);
    EXPECT_EQ(editDistance("relu", "rely"), 1u);
    EXPECT_EQ(editDistance("relu", "rleu"), 1u);
    EXPECT_EQ(editDistance("kitten", "sitting"), 3u);
}

TEST(EditDistance, IsTheSameBothWays) {
    EXPECT_EQ(editDistance("softmax", "softplus"), editDistance("softplus", "softmax"));
}

TEST(NearestNames, FindsWhatWasMeant) {
    const Names activations{"relu", "selu", "elu", "softmax", "softplus", "sigmoid", "tanh"};
    EXPECT_EQ(nearestNames("sofmax", activations, 1), Names{"softmax"});
    EXPECT_EQ(nearestNames("RELU", activations, 1), Names{"relu"});
    EXPECT_EQ(nearestNames("sigmod", activations, 3), Names{"sigmoid"});
    EXPECT_EQ(nearestNames("soft", activations, 3), (Names{"softmax", "softplus"}));
    EXPECT_EQ(nearestNames("max_pooling_2d", {"AveragePooling2D", "MaxPooling2D"}, 1), Names{"MaxPooling2D"});
}

TEST(NearestNames, FindsNothingForUnlikeWords) {
    EXPECT_TRUE(nearestNames("convolution", {"relu", "tanh"}, 3).empty());
    EXPECT_TRUE(nearestNames("", {"relu"}, 3).empty());
    EXPECT_TRUE(nearestNames("x", {"y"}, 3).empty());
    EXPECT_TRUE(nearestNames(std::string(10000, 'a'), {"relu"}, 3).empty());
}

TEST(Counted, HasAnSWhereItIsNotOne) {
    EXPECT_EQ(counted(0, "filter"), "0 filters");
    EXPECT_EQ(counted(1, "filter"), "1 filter");
    EXPECT_EQ(counted(32, "filter"), "32 filters");
}

TEST(Ordinal, EndsAsInEnglish) {
    EXPECT_EQ(ordinal(1), "1st");
    EXPECT_EQ(ordinal(2), "2nd");
    EXPECT_EQ(ordinal(3), "3rd");
    EXPECT_EQ(ordinal(4), "4th");
    EXPECT_EQ(ordinal(11), "11th");
    EXPECT_EQ(ordinal(12), "12th");
    EXPECT_EQ(ordinal(13), "13th");
    EXPECT_EQ(ordinal(22), "22nd");
    EXPECT_EQ(ordinal(101), "101st");
    EXPECT_EQ(ordinal(111), "111th");
}

TEST(Join, PutsTheLastWordBeforeTheLastEntry) {
    EXPECT_EQ(join(Names{"a", "b", "c"}, ", ", " or "), "a, b or c");
    EXPECT_EQ(join(Names{"a", "b"}, ", ", " or "), "a or b");
    EXPECT_EQ(join(Names{"a"}, ", ", " or "), "a");
    EXPECT_EQ(join(Names{}, ", ", " or "), "");
    EXPECT_EQ(join(Names{"a", "b", "c"}, " "), "a b c");
}

TEST(Numbers, ThousandsAreSeparated) {
    EXPECT_EQ(withThousands(138357544), "138,357,544");
    EXPECT_EQ(withThousands(0), "0");
    EXPECT_EQ(withThousands(999), "999");
    EXPECT_EQ(withThousands(1000), "1,000");
    EXPECT_EQ(withThousands(-1234567), "-1,234,567");
    EXPECT_EQ(withThousands(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Numbers, BytesAreShort) {
    EXPECT_EQ(humanBytes(0), "0 B");
    EXPECT_EQ(humanBytes(512), "512 B");
    EXPECT_EQ(humanBytes(1500), "1.5 kB");
    EXPECT_EQ(humanBytes(2100000), "2.1 MB");
    EXPECT_EQ(humanBytes(138000000), "138 MB");
    EXPECT_EQ(humanBytes(999999), "1 MB");
    EXPECT_EQ(humanBytes(3200000000), "3.2 GB");
    EXPECT_EQ(humanBytes(std::numeric_limits<std::int64_t>::max()), "9.2 EB");
}

TEST(Numbers, CountsAreShort) {
    EXPECT_EQ(humanCount(950), "950");
    EXPECT_EQ(humanCount(1000), "1 k");
    EXPECT_EQ(humanCount(1400000), "1.4 M");
    EXPECT_EQ(humanCount(15500000000), "15.5 G");
    EXPECT_EQ(humanCount(99960), "100 k");
    EXPECT_EQ(humanCount(-1500), "-1.5 k");
}

/// Expected values: to_snake_case of Keras 3, run on the names.
TEST(SnakeCase, NamesLayersAsKerasDoes) {
    struct Case {
        const char* name;
        const char* expected;
    };
    for (const auto& [name, expected] : {Case{"Conv2D", "conv2d"},
                                         Case{"Conv2DTranspose", "conv2d_transpose"},
                                         Case{"GlobalAveragePooling2D", "global_average_pooling2d"},
                                         Case{"STFTSpectrogram", "stft_spectrogram"},
                                         Case{"MelSpectrogram", "mel_spectrogram"},
                                         Case{"ReLU", "re_lu"},
                                         Case{"PReLU", "p_re_lu"},
                                         Case{"LeakyReLU", "leaky_re_lu"},
                                         Case{"ELU", "elu"},
                                         Case{"LSTM", "lstm"},
                                         Case{"TFSMLayer", "tfsm_layer"},
                                         Case{"RMSNormalization", "rms_normalization"},
                                         Case{"UpSampling2D", "up_sampling2d"},
                                         Case{"MyLayerX", "my_layer_x"},
                                         Case{"AbCdEf", "ab_cd_ef"},
                                         Case{"A", "a"},
                                         Case{"AB", "ab"},
                                         Case{"aB", "a_b"},
                                         Case{"my_Layer", "my__layer"},
                                         Case{"Dense(1)", "dense1"},
                                         Case{"HTTPServer2X", "http_server2x"},
                                         Case{"X2YZa", "x2y_za"},
                                         Case{"", ""}})
        EXPECT_EQ(snakeCase(name), expected) << name;
}

}  // namespace
}  // namespace shapewise
