#include "core/layers/parts/window_choice.h"

#include <fmt/format.h>

namespace shapewise::layers {

ParamSpec frameWindowParam() {
    return {.key = "window",
            .kind = ParamKind::Window,
            .fallback = "hann",
            .help = "Window each frame is multiplied with: a name, a list of numbers, or None",
            .noneAllowed = true,
            .choices = {"hann", "hamming", "blackman", "bartlett", "boxcar", "cosine", "nuttall", "blackmanharris",
                        "flattop"},
            .affects = Affects::Values};
}

std::optional<std::int64_t> listedWindowLength(const Value& value) {
    if (!value.isList() || value.asList().empty() || !value.asList().front().isNumber()) return std::nullopt;
    return static_cast<std::int64_t>(value.asList().size());
}

Result<std::vector<double>> windowSamples(const Value& value, std::int64_t length, bool periodic) {
    if (value.isNone()) return std::vector<double>{};
    if (value.isText()) return kernels::makeWindow({.name = value.asText(), .parameters = {}}, length, periodic);
    std::vector<double> numbers;
    for (const Value& entry : value.asList())
        if (entry.isNumber()) numbers.push_back(entry.asReal());
    if (value.asList().front().isText())
        return kernels::makeWindow({.name = value.asList().front().asText(), .parameters = std::move(numbers)}, length,
                                   periodic);
    if (static_cast<std::int64_t>(numbers.size()) != length)
        return failure(fmt::format("The window holds {} numbers, but a frame has {} samples", numbers.size(), length),
                       fmt::format("Give {} numbers or the name of a window", length));
    return numbers;
}

}  // namespace shapewise::layers
