#include "core/kernels/window_functions.h"

#include <gtest/gtest.h>
#include <cmath>
#include <map>

namespace shapewise::kernels {
namespace {

std::vector<double> window(const std::string& name, std::vector<double> parameters, std::int64_t length,
                           bool periodic = false) {
    return makeWindow({name, std::move(parameters)}, length, periodic).value();
}

std::vector<double> parametersFor(std::string_view name) {
    static const std::map<std::string_view, std::vector<double>> kParameters{{"kaiser", {8.6}},
                                                                             {"gaussian", {3.0}},
                                                                             {"chebwin", {60.0}},
                                                                             {"dpss", {2.5}},
                                                                             {"general_cosine", {0.5, 0.5}},
                                                                             {"general_gaussian", {1.5, 3.0}},
                                                                             {"general_hamming", {0.6}},
                                                                             {"kaiser_bessel_derived", {4.0}}};
    const auto found = kParameters.find(name);
    return found == kParameters.end() ? std::vector<double>{} : found->second;
}

void expectNear(const std::vector<double>& got, const std::vector<double>& expected, double tolerance) {
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t index = 0; index < got.size(); ++index)
        EXPECT_NEAR(got[index], expected[index], tolerance) << "sample " << index;
}

// Values of the NumPy reference for 12 points and of the definitions.
TEST(Windows, KnownValues) {
    expectNear(window("hann", {}, 5), {0, 0.5, 1, 0.5, 0}, 1e-12);
    expectNear(window("hann", {}, 4, true), {0, 0.5, 1, 0.5}, 1e-12);
    expectNear(window("hamming", {}, 3), {0.08, 1, 0.08}, 1e-12);
    expectNear(window("bartlett", {}, 5), {0, 0.5, 1, 0.5, 0}, 1e-12);
    expectNear(window("triang", {}, 4), {0.25, 0.75, 0.75, 0.25}, 1e-12);
    expectNear(window("triang", {}, 3), {0.5, 1, 0.5}, 1e-12);
    expectNear(window("kaiser", {14.0}, 12),
               {7.72686684e-06, 3.46009194e-03, 4.65200189e-02, 2.29737120e-01, 5.99885316e-01, 9.45674898e-01,
                9.45674898e-01, 5.99885316e-01, 2.29737120e-01, 4.65200189e-02, 3.46009194e-03, 7.72686684e-06},
               1e-8);
    expectNear(window("blackman", {}, 12),
               {0, 3.26064346e-02, 1.59903635e-01, 4.14397981e-01, 7.36045180e-01, 9.67046769e-01, 9.67046769e-01,
                7.36045180e-01, 4.14397981e-01, 1.59903635e-01, 3.26064346e-02, 0},
               1e-8);
    expectNear(window("tukey", {0.0}, 3), {1, 1, 1}, 1e-12);
    expectNear(window("tukey", {1.0}, 5), window("hann", {}, 5), 1e-12);
}

TEST(Windows, AllAreSymmetricAndPeriodicOnesAreOneSampleLonger) {
    for (const std::string_view name : windowNames()) {
        for (const std::int64_t length : {2, 9, 16, 33}) {
            const std::string text(name);
            const auto samples = window(text, parametersFor(name), length);
            for (std::size_t index = 0; index < samples.size(); ++index) {
                EXPECT_NEAR(samples[index], samples[samples.size() - 1 - index], 1e-9) << name << " of " << length;
                EXPECT_LT(samples[index], 1.0 + 1e-6) << name;
            }
            auto longer = window(text, parametersFor(name), length + 1);
            longer.pop_back();
            expectNear(window(text, parametersFor(name), length, true), longer, 1e-12);
        }
    }
}

TEST(Windows, OneSampleIsOne) {
    for (const std::string_view name : windowNames())
        expectNear(window(std::string(name), parametersFor(name), 1), {1.0}, 0.0);
}

TEST(Windows, AliasesOfScipyAreKnown) {
    expectNear(window("hanning", {}, 7), window("hann", {}, 7), 0.0);
    expectNear(window("ones", {}, 3), {1, 1, 1}, 0.0);
}

TEST(Windows, UnknownNamesAndMissingParametersAreRefused) {
    const auto unknown = makeWindow({"haning", {}}, 8, false);
    ASSERT_FALSE(unknown.has_value());
    EXPECT_NE(unknown.error().message.find("haning"), std::string::npos);
    const auto missing = makeWindow({"kaiser", {}}, 8, false);
    ASSERT_FALSE(missing.has_value());
    EXPECT_NE(missing.error().message.find("1 parameter"), std::string::npos);
    EXPECT_EQ(requiredWindowParameters("kaiser"), 1);
    EXPECT_EQ(requiredWindowParameters("no window"), -1);
}

}  // namespace
}  // namespace shapewise::kernels
