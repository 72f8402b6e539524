#pragma once
// Window functions by the names of scipy.signal.get_window.

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::kernels {

struct WindowSpec {
    std::string name = "hann";       ///< any of windowNames(), or an alias of scipy ("han", "hamm", "ones", "rect")
    std::vector<double> parameters;  ///< kaiser: beta; gaussian: std; tukey: alpha (0.5); exponential: centre, tau (1)
};

/// Canonical names, sorted.
[[nodiscard]] std::span<const std::string_view> windowNames();
/// How many parameters the window of that name must have, 1 for kaiser and 0 for hann; -1 for an unknown name.
[[nodiscard]] int requiredWindowParameters(std::string_view name);

/// `length` samples; periodic (DFT-even) windows are one longer with the last sample left out.
/// Fails for an unknown name, with the nearest known ones, or when a needed parameter is missing.
[[nodiscard]] Result<std::vector<double>> makeWindow(const WindowSpec& window, std::int64_t length, bool periodic);

}  // namespace shapewise::kernels
