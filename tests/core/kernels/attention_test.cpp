#include "core/kernels/attention.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <cmath>

namespace shapewise::kernels {
namespace {

using reference::deviation;
using reference::Floats;
using reference::randomValues;

TEST(Attention, AgreesWithTheDefinitionForGroupedHeads) {
    const AttentionShape shape{2, 5, 7, 4, 2, 3, 6};
    const Floats query = randomValues(2 * 5 * 4 * 3, 1);
    const Floats key = randomValues(2 * 7 * 2 * 3, 2);
    const Floats value = randomValues(2 * 7 * 2 * 6, 3);
    AttentionOptions options;
    options.scale = 0.5F;
    options.causal = true;
    Floats y(2 * 5 * 4 * 6);
    Floats weights(2 * 4 * 5 * 7);
    attention(shape, query.data(), key.data(), value.data(), options, {y.data(), weights.data()});
    Floats expected(y.size());
    for (std::size_t b = 0; b < 2; ++b) {
        for (std::size_t h = 0; h < 4; ++h) {
            for (std::size_t q = 0; q < 5; ++q) {
                std::vector<double> scores(q + 1);
                double sum = 0.0;
                for (std::size_t k = 0; k <= q; ++k) {
                    double score = 0.0;
                    for (std::size_t d = 0; d < 3; ++d) {
                        score += static_cast<double>(query[((b * 5 + q) * 4 + h) * 3 + d]) *
                                 static_cast<double>(key[((b * 7 + k) * 2 + h / 2) * 3 + d]);
                    }
                    scores[k] = std::exp(0.5 * score);
                    sum += scores[k];
                }
                for (std::size_t v = 0; v < 6; ++v) {
                    double mean = 0.0;
                    for (std::size_t k = 0; k <= q; ++k)
                        mean += scores[k] / sum * static_cast<double>(value[((b * 7 + k) * 2 + h / 2) * 6 + v]);
                    expected[((b * 5 + q) * 4 + h) * 6 + v] = static_cast<float>(mean);
                }
                EXPECT_EQ(weights[((b * 4 + h) * 5 + q) * 7 + q + 1], 0.0F);
            }
        }
    }
    EXPECT_LT(deviation(y, expected), 1e-5);
}

TEST(Attention, AQueryThatSeesNothingGetsThePlainMean) {
    const Floats query{1, 2};
    const Floats key{3, 4, 5, 6};
    const Floats value{1, 3};
    const Floats mask{0, 0};
    AttentionOptions options;
    options.keyMask = mask.data();
    Floats y(1);
    attention({1, 1, 2, 1, 1, 2, 1}, query.data(), key.data(), value.data(), options, {y.data(), nullptr});
    EXPECT_NEAR(y[0], 2.0F, 1e-6F);
}

TEST(Attention, MasksHideKeysAndClearQueries) {
    const Floats query{1, 1};
    const Floats key{1, 5};
    const Floats value{10, 20};
    const Floats pairs{1, 0, 0, 1};
    const Floats queries{1, 0};
    AttentionOptions options;
    options.mask = pairs.data();
    options.queryMask = queries.data();
    Floats y(2);
    attention({1, 2, 2, 1, 1, 1, 1}, query.data(), key.data(), value.data(), options, {y.data(), nullptr});
    EXPECT_NEAR(y[0], 10.0F, 1e-6F);
    EXPECT_EQ(y[1], 0.0F);
}

TEST(AdditiveAttention, ScoresAreSumsOfTangents) {
    const Floats query{0.5F};
    const Floats key{0.1F, -0.7F};
    const Floats value{1, 0};
    const Floats scale{2};
    AttentionOptions options;
    options.score = AttentionScore::Additive;
    options.scaleVector = scale.data();
    Floats y(1);
    attention({1, 1, 2, 1, 1, 1, 1}, query.data(), key.data(), value.data(), options, {y.data(), nullptr});
    const double first = std::exp(2.0 * std::tanh(0.6));
    const double second = std::exp(2.0 * std::tanh(-0.2));
    EXPECT_NEAR(static_cast<double>(y[0]), first / (first + second), 1e-6);
}

}  // namespace
}  // namespace shapewise::kernels
