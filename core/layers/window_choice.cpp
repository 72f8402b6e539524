#include "core/layers/window_choice.h"

#include <fmt/format.h>

namespace shapewise::layers {

std::optional<std::int64_t> listedWindowLength(const Value& value) {
    if (!value.isList() || value.asList().empty() || !value.asList().front().isNumber()) return std::nullopt;
    return static_cast<std::int64_t>(value.asList().size());
}

}  // namespace shapewise::layers
