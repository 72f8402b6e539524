#pragma once
// What CMake makes of resources/explain/*.md: one entry for each file.

#include <span>
#include <string_view>

namespace shapewise::diag {

struct ExplainPage {
    std::string_view id;
    std::string_view text;
};

[[nodiscard]] std::span<const ExplainPage> explainPages();

}  // namespace shapewise::diag
