#include "core/kernels/activation.h"
#include "tests/core/kernels/reference.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

namespace shapewise::kernels {
namespace {

using reference::Floats;

struct Case {
    std::string_view name;
    std::function<double(double)> formula;
};

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }
double softplusOf(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double clampOf(double x, double low, double high) { return std::min(std::max(x, low), high); }

const std::vector<Case>& cases() {
    static const std::vector<Case> kCases{
        {"linear", [](double x) { return x; }},
        {"relu", [](double x) { return std::max(x, 0.0); }},
        {"relu6", [](double x) { return clampOf(x, 0.0, 6.0); }},
        {"leaky_relu", [](double x) { return x >= 0 ? x : 0.2 * x; }},
        {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }},
        {"selu", [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }},
        {"celu", [](double x) { return x > 0 ? x : std::expm1(x); }},
        {"gelu", [](double x) { return 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }},
        {"gelu_tanh",
         [](double x) { return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x))); }},
        {"silu", [](double x) { return x * logistic(x); }},
        {"swish", [](double x) { return x * logistic(x); }},
        {"mish", [](double x) { return x * std::tanh(softplusOf(x)); }},
        {"sigmoid", logistic},
        {"hard_sigmoid", [](double x) { return clampOf(x + 3.0, 0.0, 6.0) / 6.0; }},
        {"hard_sigmoid_keras2", [](double x) { return clampOf(0.2 * x + 0.5, 0.0, 1.0); }},
        {"hard_silu", [](double x) { return x * clampOf(x + 3.0, 0.0, 6.0) / 6.0; }},
        {"log_sigmoid", [](double x) { return -softplusOf(-x); }},
        {"softplus", softplusOf},
        {"softsign", [](double x) { return x / (1.0 + std::abs(x)); }},
        {"tanh", [](double x) { return std::tanh(x); }},
        {"tanh_shrink", [](double x) { return x - std::tanh(x); }},
        {"hard_tanh", [](double x) { return clampOf(x, -1.0, 1.0); }},
        {"hard_shrink", [](double x) { return std::abs(x) > 0.5 ? x : 0.0; }},
        {"soft_shrink", [](double x) { return x > 0.5    ? x - 0.5
                                              : x < -0.5 ? x + 0.5
                                                         : 0.0; }},
        {"squareplus", [](double x) { return (x + std::sqrt(x * x + 4.0)) / 2.0; }},
        {"sparse_plus", [](double x) { return x <= -1  ? 0.0
                                              : x >= 1 ? x
                                                       : (x + 1) * (x + 1) / 4.0; }},
        {"sparse_sigmoid", [](double x) { return clampOf(0.5 * (x + 1.0), 0.0, 1.0); }},
        {"exponential", [](double x) { return std::exp(x); }},
        {"threshold", [](double x) { return x > 0 ? x : 0.0; }},
    };
    return kCases;
}

TEST(Activation, AgreesWithItsFormula) {
    for (const Case& one : cases()) {
        const auto activation = activationFromName(one.name);
        ASSERT_TRUE(activation.has_value()) << one.name;
        Floats x;
        for (int step = -1000; step <= 1000; ++step) x.push_back(static_cast<float>(step) * 0.0203F);
        Floats y(x.size());
        activate(*activation, x.data(), static_cast<std::int64_t>(x.size()), y.data());
        for (std::size_t index = 0; index < x.size(); ++index) {
            const double expected = one.formula(static_cast<double>(x[index]));
            ASSERT_NEAR(static_cast<double>(y[index]), expected, 2e-6 * (1.0 + std::abs(expected)))
                << one.name << " at " << x[index];
        }
    }
}

TEST(Activation, EveryNameIsKnownAndNanStaysNan) {
    for (const ActivationName& entry : activationNames()) {
        const auto activation = activationFromName(entry.name);
        ASSERT_TRUE(activation.has_value()) << entry.name;
        EXPECT_EQ(activation->kind, entry.kind);
        if (!entry.isAlias) {
            EXPECT_EQ(activationName(entry.kind), entry.name);
        }
        if (activation->isElementwise()) {
            EXPECT_TRUE(std::isnan(activationValue(*activation, std::numeric_limits<float>::quiet_NaN())))
                << entry.name;
        }
    }
    EXPECT_TRUE(std::is_sorted(activationNames().begin(), activationNames().end(),
                               [](const ActivationName& a, const ActivationName& b) { return a.name < b.name; }));
    EXPECT_FALSE(activationFromName("rellu").has_value());
}

TEST(Activation, LargeArgumentsSaturate) {
    const float huge = 1000.0F;
    const auto of = [](std::string_view name, float x) { return activationValue(*activationFromName(name), x); };
    EXPECT_EQ(of("sigmoid", huge), 1.0F);
    EXPECT_EQ(of("sigmoid", -huge), 0.0F);
    EXPECT_EQ(of("tanh", -huge), -1.0F);
    EXPECT_EQ(of("softplus", huge), huge);
    EXPECT_EQ(of("softplus", -huge), 0.0F);
    EXPECT_EQ(of("exponential", huge), std::numeric_limits<float>::infinity());
    EXPECT_EQ(of("exponential", -huge), 0.0F);
    EXPECT_EQ(of("elu", -huge), -1.0F);
    EXPECT_EQ(of("silu", -huge), 0.0F);
    EXPECT_EQ(of("gelu", -huge), 0.0F);
}

TEST(Activation, ReluTakesMaximumSlopeAndThreshold) {
    const Activation activation = Activation::relu(2.0F, 0.5F, 1.0F);
    EXPECT_EQ(activationValue(activation, 5.0F), 2.0F);
    EXPECT_EQ(activationValue(activation, 1.5F), 1.5F);
    EXPECT_EQ(activationValue(activation, 0.0F), -0.5F);
}

TEST(Softmax, WorksAlongAnyAxis) {
    const Floats x = reference::randomValues(3 * 4 * 5, 1);
    Floats y(x.size());
    activateAlong(Activation::of(ActivationKind::Softmax), x.data(), {3, 4, 5}, y.data());
    for (std::size_t outer = 0; outer < 3; ++outer) {
        for (std::size_t inner = 0; inner < 5; ++inner) {
            float sum = 0.0F;
            for (std::size_t place = 0; place < 4; ++place) sum += y[(outer * 4 + place) * 5 + inner];
            EXPECT_NEAR(sum, 1.0F, 1e-6F);
        }
    }
    Floats logarithms(x.size());
    activateAlong(Activation::of(ActivationKind::LogSoftmax), x.data(), {3, 4, 5}, logarithms.data());
    for (std::size_t index = 0; index < x.size(); ++index) EXPECT_NEAR(std::exp(logarithms[index]), y[index], 1e-6F);
}

TEST(Softmax, SurvivesLargeValuesAndSpreadsNan) {
    Floats x{1000.0F, 1000.0F, -1000.0F};
    Floats y(3);
    activateAlong(Activation::of(ActivationKind::Softmax), x.data(), {1, 3, 1}, y.data());
    EXPECT_EQ(y, (Floats{0.5F, 0.5F, 0.0F}));
    x[1] = std::numeric_limits<float>::quiet_NaN();
    activateAlong(Activation::of(ActivationKind::Softmax), x.data(), {1, 3, 1}, y.data());
    for (const float value : y) EXPECT_TRUE(std::isnan(value));
}

TEST(Sparsemax, ProjectsOntoTheSimplex) {
    const Floats x{1.0F, 0.9F, 0.2F, -3.0F};
    Floats y(4);
    activateAlong(Activation::of(ActivationKind::Sparsemax), x.data(), {1, 4, 1}, y.data());
    EXPECT_NEAR(y[0], 0.55F, 1e-6F);
    EXPECT_NEAR(y[1], 0.45F, 1e-6F);
    EXPECT_EQ(y[2], 0.0F);
    EXPECT_EQ(y[3], 0.0F);
}

TEST(Glu, GatesTheFirstHalfWithTheSecond) {
    const Floats x{2.0F, 4.0F, 0.0F, 0.0F};
    Floats y(2);
    activateAlong(Activation::of(ActivationKind::Glu), x.data(), {1, 4, 1}, y.data());
    EXPECT_EQ(y, (Floats{1.0F, 2.0F}));
}

TEST(ParametricRelu, HasASlopeForEachElement) {
    const Floats x{1, -1, -2, -1, 2, 3};
    const Floats alpha{0.5F, 0.25F, 2.0F};
    Floats y(6);
    parametricRelu(x.data(), 2, 3, alpha.data(), y.data());
    EXPECT_EQ(y, (Floats{1, -0.25F, -4, -0.5F, 2, 3}));
}

}  // namespace
}  // namespace shapewise::kernels
