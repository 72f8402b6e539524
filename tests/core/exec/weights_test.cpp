#include "core/exec/weights.h"

#include <Eigen/Core>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>

namespace shapewise::exec {
namespace {

using layers::Initializer;
using layers::WeightSpec;
using tensor::Tensor;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Tensor make(WeightSpec spec, std::int64_t seed = 0, std::string_view layer = "dense", std::size_t place = 0) {
    return initialWeight(spec, seed, layer, place);
}

float largest(const Tensor& values) {
    float most = 0.0f;
    for (const float value : values.values()) most = std::max(most, std::abs(value));
    return most;
}

bool sameValues(const Tensor& a, const Tensor& b) { return std::ranges::equal(a.values(), b.values()); }

TEST(InitialWeight, GlorotUniformStaysInsideItsLimit) {
    const WeightSpec spec{"kernel", {3, 3, 16, 32}};
    EXPECT_DOUBLE_EQ(glorotLimit(spec), std::sqrt(6.0 / (9.0 * 16.0 + 9.0 * 32.0)));
    const Tensor kernel = make(spec);
    EXPECT_LE(largest(kernel), glorotLimit(spec));
    EXPECT_GT(largest(kernel), 0.99 * glorotLimit(spec));
}

TEST(InitialWeight, GlorotCountsAVectorAsBothFans) {
    EXPECT_DOUBLE_EQ(glorotLimit({"kernel", {8}}), std::sqrt(6.0 / 16.0));
}

TEST(InitialWeight, GlorotTakesFansThatAreGiven) {
    EXPECT_DOUBLE_EQ(glorotLimit({"kernel", {2, 3, 4}, Initializer::GlorotUniform, true, 5, 7}), std::sqrt(0.5));
}

TEST(InitialWeight, OrthogonalColumnsOfATallMatrix) {
    const Tensor weight = make({"recurrent_kernel", {12, 5}, Initializer::Orthogonal});
    const Eigen::Map<const RowMajor> matrix(weight.data(), 12, 5);
    EXPECT_TRUE((matrix.transpose() * matrix).isApprox(Eigen::MatrixXf::Identity(5, 5), 1e-5f));
}

TEST(InitialWeight, OrthogonalRowsOfAWideMatrix) {
    const Tensor weight = make({"recurrent_kernel", {4, 16}, Initializer::Orthogonal});
    const Eigen::Map<const RowMajor> matrix(weight.data(), 4, 16);
    EXPECT_TRUE((matrix * matrix.transpose()).isApprox(Eigen::MatrixXf::Identity(4, 4), 1e-5f));
}

TEST(InitialWeight, ForgetGateStartsAtOne) {
    const Tensor bias = make({"bias", {8}, Initializer::UnitForgetBias});
    EXPECT_TRUE(std::ranges::equal(bias.values(), std::vector<float>{0, 0, 1, 1, 0, 0, 0, 0}));
}

TEST(InitialWeight, EmbeddingStaysWithinAHundredthTimesFive) {
    const Tensor table = make({"embeddings", {100, 10}, Initializer::RandomUniform});
    EXPECT_LE(largest(table), 0.05f);
    EXPECT_GT(largest(table), 0.049f);
}

TEST(InitialWeight, DependsOnSeedLayerNameAndPlaceAlone) {
    const WeightSpec spec{"kernel", {4, 4}};
    EXPECT_TRUE(sameValues(make(spec), make(spec)));
    EXPECT_FALSE(sameValues(make(spec), make(spec, 1)));
    EXPECT_FALSE(sameValues(make(spec), make(spec, 0, "dense_1")));
    EXPECT_FALSE(sameValues(make(spec), make(spec, 0, "dense", 3)));
    EXPECT_FALSE(sameValues(make(spec), make({"recurrent_kernel", {4, 4}})));
}

}  // namespace
}  // namespace shapewise::exec
