#include "core/diag/explain.h"

#include "core/diag/explain_pages.h"

#include <algorithm>
#include <cctype>

namespace shapewise::diag {
namespace {

bool sameLetters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string_view explainPage(Code code) {
    for (const ExplainPage& page : explainPages())
        if (page.id == row(code).id) return page.text;
    return {};
}

std::optional<Code> findCode(std::string_view idOrName) {
    for (std::uint16_t index = 0; index < static_cast<std::uint16_t>(Code::Count_); ++index) {
        const CodeRow& candidate = row(static_cast<Code>(index));
        if (sameLetters(candidate.id, idOrName) || sameLetters(candidate.name, idOrName)) return candidate.code;
    }
    return std::nullopt;
}

}  // namespace shapewise::diag
