// Formulas as in scipy.signal.windows.

#include "core/kernels/window_functions.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace shapewise::kernels {
namespace {

using std::numbers::pi;
using Samples = std::vector<double>;
using Parameters = std::vector<double>;

Samples sampled(std::int64_t length, auto formula) {
    Samples window(static_cast<std::size_t>(length));
    for (std::size_t index = 0; index < window.size(); ++index) window[index] = formula(static_cast<double>(index));
    return window;
}

/// Sum of a[k] cos(k phase), the phase running from -pi to pi.
Samples cosineSum(std::int64_t length, const Parameters& a) {
    return sampled(length, [&](double n) {
        const double phase = -pi + 2.0 * pi * n / static_cast<double>(length - 1);
        double sum = 0.0;
        for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * std::cos(static_cast<double>(k) * phase);
        return sum;
    });
}

Samples boxcar(std::int64_t length, const Parameters&) { return Samples(static_cast<std::size_t>(length), 1.0); }
Samples hann(std::int64_t length, const Parameters&) { return cosineSum(length, {0.5, 0.5}); }
Samples hamming(std::int64_t length, const Parameters&) { return cosineSum(length, {0.54, 0.46}); }
Samples blackman(std::int64_t length, const Parameters&) { return cosineSum(length, {0.42, 0.5, 0.08}); }
Samples nuttall(std::int64_t length, const Parameters&) {
    return cosineSum(length, {0.3635819, 0.4891775, 0.1365995, 0.0106411});
}
Samples blackmanHarris(std::int64_t length, const Parameters&) {
    return cosineSum(length, {0.35875, 0.48829, 0.14128, 0.01168});
}
Samples flattop(std::int64_t length, const Parameters&) {
    return cosineSum(length, {0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368});
}
Samples generalCosine(std::int64_t length, const Parameters& a) { return cosineSum(length, a); }
Samples generalHamming(std::int64_t length, const Parameters& p) { return cosineSum(length, {p[0], 1.0 - p[0]}); }

Samples bartlett(std::int64_t length, const Parameters&) {
    const auto last = static_cast<double>(length - 1);
    return sampled(length, [&](double n) { return n <= last / 2.0 ? 2.0 * n / last : 2.0 - 2.0 * n / last; });
}

Samples triang(std::int64_t length, const Parameters&) {
    const auto m = static_cast<double>(length);
    return sampled(length, [&](double n) {
        const double fromEdge = std::min(n, m - 1.0 - n) + 1.0;
        return length % 2 == 0 ? (2.0 * fromEdge - 1.0) / m : 2.0 * fromEdge / (m + 1.0);
    });
}

Samples parzen(std::int64_t length, const Parameters&) {
    const auto m = static_cast<double>(length);
    return sampled(length, [&](double n) {
        const double distance = std::abs(n - (m - 1.0) / 2.0);
        const double ratio = distance / (m / 2.0);
        if (distance <= (m - 1.0) / 4.0) return 1.0 - 6.0 * ratio * ratio + 6.0 * ratio * ratio * ratio;
        return 2.0 * std::pow(1.0 - ratio, 3.0);
    });
}

Samples bohman(std::int64_t length, const Parameters&) {
    return sampled(length, [&](double n) {
        if (n == 0.0 || n == static_cast<double>(length - 1)) return 0.0;
        const double x = std::abs(-1.0 + 2.0 * n / static_cast<double>(length - 1));
        return (1.0 - x) * std::cos(pi * x) + std::sin(pi * x) / pi;
    });
}

Samples barthann(std::int64_t length, const Parameters&) {
    return sampled(length, [&](double n) {
        const double x = std::abs(n / static_cast<double>(length - 1) - 0.5);
        return 0.62 - 0.48 * x + 0.38 * std::cos(2.0 * pi * x);
    });
}

Samples cosine(std::int64_t length, const Parameters&) {
    return sampled(length, [&](double n) { return std::sin(pi / static_cast<double>(length) * (n + 0.5)); });
}

/// Parameters: centre (NaN: the middle), tau.
Samples exponential(std::int64_t length, const Parameters& p) {
    const double center = p.empty() || std::isnan(p[0]) ? static_cast<double>(length - 1) / 2.0 : p[0];
    const double tau = p.size() > 1 ? p[1] : 1.0;
    return sampled(length, [&](double n) { return std::exp(-std::abs(n - center) / tau); });
}

Samples gaussian(std::int64_t length, const Parameters& p) {
    return sampled(length, [&](double n) {
        const double x = (n - static_cast<double>(length - 1) / 2.0) / p[0];
        return std::exp(-0.5 * x * x);
    });
}

Samples generalGaussian(std::int64_t length, const Parameters& p) {
    return sampled(length, [&](double n) {
        const double x = std::abs(n - static_cast<double>(length - 1) / 2.0) / p[1];
        return std::exp(-0.5 * std::pow(x, 2.0 * p[0]));
    });
}

Samples kaiser(std::int64_t length, const Parameters& p) {
    const double half = static_cast<double>(length - 1) / 2.0;
    return sampled(length, [&](double n) {
        const double x = (n - half) / half;
        return std::cyl_bessel_i(0.0, p[0] * std::sqrt(std::max(0.0, 1.0 - x * x))) / std::cyl_bessel_i(0.0, p[0]);
    });
}

/// Roots of the running sum of a kaiser window; for even lengths (the middle sample is repeated for odd ones).
Samples kaiserBesselDerived(std::int64_t length, const Parameters& p) {
    const Samples half = kaiser(length / 2 + 1, p);
    Samples sums(half.size());
    std::partial_sum(half.begin(), half.end(), sums.begin());
    return sampled(length, [&](double n) {
        const auto index = static_cast<std::size_t>(std::min(n, static_cast<double>(length) - 1.0 - n));
        return std::sqrt(sums[index] / sums.back());
    });
}

Samples lanczos(std::int64_t length, const Parameters&) {
    return sampled(length, [&](double n) {
        const double x = pi * (2.0 * n / static_cast<double>(length - 1) - 1.0);
        return x == 0.0 ? 1.0 : std::sin(x) / x;
    });
}

Samples tukey(std::int64_t length, const Parameters& p) {
    const double alpha = p.empty() ? 0.5 : p[0];
    if (alpha <= 0.0) return boxcar(length, {});
    if (alpha >= 1.0) return hann(length, {});
    const auto last = static_cast<double>(length - 1);
    const double width = std::floor(alpha * last / 2.0);
    return sampled(length, [&](double n) {
        if (n <= width) return 0.5 * (1.0 + std::cos(pi * (-1.0 + 2.0 * n / alpha / last)));
        if (n < static_cast<double>(length) - width - 1.0) return 1.0;
        return 0.5 * (1.0 + std::cos(pi * (-2.0 / alpha + 1.0 + 2.0 * n / alpha / last)));
    });
}

/// Parameters: nbar (4), side lobe level in dB (30).
Samples taylor(std::int64_t length, const Parameters& p) {
    const auto nbar = static_cast<int>(p.empty() ? 4.0 : p[0]);
    const double level = p.size() > 1 ? p[1] : 30.0;
    const double a = std::acosh(std::pow(10.0, level / 20.0)) / pi;
    const double spread = nbar * nbar / (a * a + (nbar - 0.5) * (nbar - 0.5));
    Samples coefficients;
    for (int m = 1; m < nbar; ++m) {
        double above = m % 2 == 1 ? 1.0 : -1.0;
        double below = 2.0;
        for (int k = 1; k < nbar; ++k) {
            above *= 1.0 - m * m / spread / (a * a + (k - 0.5) * (k - 0.5));
            if (k != m) below *= 1.0 - static_cast<double>(m * m) / (k * k);
        }
        coefficients.push_back(above / below);
    }
    const auto m = static_cast<double>(length);
    const auto value = [&](double n) {
        double sum = 1.0;
        for (std::size_t k = 0; k < coefficients.size(); ++k) {
            sum += 2.0 * coefficients[k] * std::cos(2.0 * pi * static_cast<double>(k + 1) * (n - m / 2.0 + 0.5) / m);
        }
        return sum;
    };
    const double scale = 1.0 / value((m - 1.0) / 2.0);
    return sampled(length, [&](double n) { return value(n) * scale; });
}

/// Dolph-Chebyshev; parameter: attenuation in dB. The spectrum is known, the window its transform.
Samples chebyshev(std::int64_t length, const Parameters& p) {
    const auto m = static_cast<double>(length);
    const double order = m - 1.0;
    const double beta = std::cosh(std::acosh(std::pow(10.0, std::abs(p[0]) / 20.0)) / order);
    const Samples spectrum = sampled(length, [&](double k) {
        const double x = beta * std::cos(pi * k / m);
        if (x > 1.0) return std::cosh(order * std::acosh(x));
        if (x < -1.0) return (length % 2 == 1 ? 1.0 : -1.0) * std::cosh(order * std::acosh(-x));
        return std::cos(order * std::acos(x));
    });
    const double shift = length % 2 == 1 ? 0.0 : 0.5;
    const std::int64_t middle = (length - 1) / 2;
    Samples window = sampled(length, [&](double n) {
        // Sample n lies |n - middle| (odd lengths) or that from the half sample after it (even lengths) off the centre.
        const double distance =
            length % 2 == 1 ? std::abs(n - static_cast<double>(middle)) : std::abs(n - (m - 1.0) / 2.0) + shift;
        double sum = 0.0;
        for (std::size_t k = 0; k < spectrum.size(); ++k) {
            sum += spectrum[k] * std::cos(2.0 * pi * static_cast<double>(k) * (distance - shift) / m);
        }
        return sum;
    });
    const double most = *std::max_element(window.begin(), window.end());
    for (double& value : window) value /= most;
    return window;
}

/// Eigenvalues below `bound` of the symmetric tridiagonal matrix.
std::int64_t eigenvaluesBelow(const Samples& diagonal, const Samples& beside, double bound) {
    std::int64_t count = 0;
    double pivot = 1.0;
    for (std::size_t row = 0; row < diagonal.size(); ++row) {
        const double square = row == 0 ? 0.0 : beside[row - 1] * beside[row - 1];
        pivot = diagonal[row] - bound - square / pivot;
        if (pivot == 0.0) pivot = 1e-300;
        if (pivot < 0.0) ++count;
    }
    return count;
}

/// The first discrete prolate spheroidal sequence; parameter: half bandwidth. It is the eigenvector of the largest
/// eigenvalue of a tridiagonal matrix (Slepian 1978), found by bisection and inverse iteration in O(length): Eigen's
/// solver finds all eigenvalues in O(length²), which frames of 100,000 samples would feel.
Samples slepian(std::int64_t length, const Parameters& p) {
    const auto m = static_cast<double>(length);
    const double bandwidth = p[0] / m;
    const Samples diagonal = sampled(length, [&](double n) {
        const double x = (m - 1.0 - 2.0 * n) / 2.0;
        return x * x * std::cos(2.0 * pi * bandwidth);
    });
    const Samples beside = sampled(length - 1, [&](double n) { return (n + 1.0) * (m - n - 1.0) / 2.0; });
    double low = -m * m;
    double high = m * m;
    for (int step = 0; step < 200 && high - low > 1e-13 * m * m; ++step) {
        const double middle = (low + high) / 2.0;
        (eigenvaluesBelow(diagonal, beside, middle) < length ? low : high) = middle;
    }
    const double shift = high + 1e-9 * m;  // just above, so that every pivot is negative and none vanishes
    Samples window(static_cast<std::size_t>(length), 1.0);
    for (int round = 0; round < 8; ++round) {
        Samples pivots(window.size());
        pivots[0] = diagonal[0] - shift;
        for (std::size_t row = 1; row < window.size(); ++row) {
            const double factor = beside[row - 1] / pivots[row - 1];
            pivots[row] = diagonal[row] - shift - factor * beside[row - 1];
            window[row] -= factor * window[row - 1];
        }
        window.back() /= pivots.back();
        for (std::size_t row = window.size() - 1; row-- > 0;)
            window[row] = (window[row] - beside[row] * window[row + 1]) / pivots[row];
        const double most = *std::max_element(window.begin(), window.end(),
                                              [](double a, double b) { return std::abs(a) < std::abs(b); });
        for (double& value : window) value /= most;
    }
    if (length % 2 == 0) {
        for (double& value : window) value *= m * m / (m * m + p[0]);
    }
    return window;
}

struct Entry {
    std::string_view name;
    Samples (*make)(std::int64_t length, const Parameters& parameters);
    int required;
    std::array<std::string_view, 4> aliases;
};

constexpr std::array kEntries{
    Entry{"barthann", barthann, 0, {"brthan", "bth"}},
    Entry{"bartlett", bartlett, 0, {"bart", "brt"}},
    Entry{"blackman", blackman, 0, {"black", "blk"}},
    Entry{"blackmanharris", blackmanHarris, 0, {"blackharr", "bkh"}},
    Entry{"bohman", bohman, 0, {"bman", "bmn"}},
    Entry{"boxcar", boxcar, 0, {"box", "ones", "rect", "rectangular"}},
    Entry{"chebwin", chebyshev, 1, {"cheb"}},
    Entry{"cosine", cosine, 0, {"halfcosine"}},
    Entry{"dpss", slepian, 1, {}},
    Entry{"exponential", exponential, 0, {"poisson"}},
    Entry{"flattop", flattop, 0, {"flat", "flt"}},
    Entry{"gaussian", gaussian, 1, {"gauss", "gss"}},
    Entry{"general_cosine", generalCosine, 1, {"general cosine"}},
    Entry{"general_gaussian", generalGaussian, 2, {"general gaussian", "general gauss", "ggs"}},
    Entry{"general_hamming", generalHamming, 1, {"general hamming"}},
    Entry{"hamming", hamming, 0, {"hamm", "ham"}},
    Entry{"hann", hann, 0, {"han", "hanning"}},
    Entry{"kaiser", kaiser, 1, {"ksr"}},
    Entry{"kaiser_bessel_derived", kaiserBesselDerived, 1, {"kbd", "kaiser bessel derived"}},
    Entry{"lanczos", lanczos, 0, {"sinc"}},
    Entry{"nuttall", nuttall, 0, {"nutl", "nut"}},
    Entry{"parzen", parzen, 0, {"parz", "par"}},
    Entry{"taylor", taylor, 0, {"taylorwin"}},
    Entry{"triang", triang, 0, {"triangle", "tri"}},
    Entry{"tukey", tukey, 0, {"tuk"}},
};

const Entry* entryOf(std::string_view name) {
    const auto* found = std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& entry) {
        return !name.empty() && (entry.name == name ||
                                 std::find(entry.aliases.begin(), entry.aliases.end(), name) != entry.aliases.end());
    });
    return found == kEntries.end() ? nullptr : found;
}

}  // namespace

std::span<const std::string_view> windowNames() {
    static const auto kNames = [] {
        std::array<std::string_view, kEntries.size()> names;
        std::transform(kEntries.begin(), kEntries.end(), names.begin(), [](const Entry& entry) { return entry.name; });
        return names;
    }();
    return kNames;
}

int requiredWindowParameters(std::string_view name) {
    const Entry* entry = entryOf(name);
    return entry != nullptr ? entry->required : -1;
}

Result<std::vector<double>> makeWindow(const WindowSpec& window, std::int64_t length, bool periodic) {
    const Entry* entry = entryOf(window.name);
    if (entry == nullptr) {
        return failure("There is no window named '" + window.name + "'",
                       "Use hann, hamming, blackman or another window of scipy.signal");
    }
    if (static_cast<int>(window.parameters.size()) < entry->required) {
        return failure("The window '" + window.name + "' needs " + counted(entry->required, "parameter") + ", " +
                           std::to_string(window.parameters.size()) + " given",
                       "Add the parameter, or use a window without one such as hann");
    }
    if (length <= 1) return Samples(static_cast<std::size_t>(std::max<std::int64_t>(length, 0)), 1.0);
    Samples samples = entry->make(periodic ? length + 1 : length, window.parameters);
    samples.resize(static_cast<std::size_t>(length));
    return samples;
}

}  // namespace shapewise::kernels
