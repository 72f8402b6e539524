#include "core/diag/codes.h"

#include <array>
#include <cassert>

namespace shapewise::diag {
namespace {

using namespace table;
using enum Severity;

#define SHAPEWISE_CODE(code, id, name, severity, title, why, ...) \
    constexpr ArgumentSpec k##code##Arguments[] = {__VA_ARGS__};
#include "core/diag/code_table.h"
#undef SHAPEWISE_CODE

constexpr CodeRow kRows[] = {
#define SHAPEWISE_CODE(code, id, name, severity, title, why, ...) \
    {Code::code, id, name, severity, title, why, k##code##Arguments},
#include "core/diag/code_table.h"
#undef SHAPEWISE_CODE
};

constexpr bool isDeclared(std::span<const ArgumentSpec> arguments, std::string_view name) {
    for (const ArgumentSpec& spec : arguments)
        if (spec.name == name) return true;
    return false;
}

/// Whether each {name} of a sentence is an argument of the code.
constexpr bool namesArguments(std::string_view text, const CodeRow& row) {
    while (true) {
        const std::size_t open = text.find('{');
        if (open == std::string_view::npos) return true;
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) return false;
        const std::string_view name = text.substr(open + 1, close - open - 1);
        if (!isDeclared(row.arguments, name) && !isDeclared(kCommon, name)) return false;
        text.remove_prefix(close + 1);
    }
}

constexpr bool allNameArguments() {
    for (const CodeRow& row : kRows)
        if (!namesArguments(row.title, row) || !namesArguments(row.why, row)) return false;
    return true;
}
static_assert(allNameArguments(), "a title or a why names an argument that its code does not declare");

}  // namespace

const CodeRow& row(Code code) {
    const auto index = static_cast<std::size_t>(code);
    assert(index < std::size(kRows));
    return kRows[index];
}

}  // namespace shapewise::diag
