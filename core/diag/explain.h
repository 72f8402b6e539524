#pragma once
// The pages of resources/explain, compiled in: what a code means, an example, how to mend it.

#include "core/diag/codes.h"

#include <optional>

namespace shapewise::diag {

/// Markdown of the page of a code. Every code has one.
[[nodiscard]] std::string_view explainPage(Code code);

/// "S001", "s001" or "rank-too-low"; nullopt when no code is called that.
[[nodiscard]] std::optional<Code> findCode(std::string_view idOrName);

}  // namespace shapewise::diag
