#pragma once
// The codes of all mistakes, from their one table: code_table.h. A code has a page in resources/explain too.

#include <cstdint>
#include <span>
#include <string_view>

namespace shapewise::diag {

enum class Severity : std::uint8_t { Error, Warning, Hint };

/// What an argument holds; the alternative of Argument::value it is stored as. Words: a phrase or a text.
enum class ArgumentKind : std::uint8_t { Number, Real, Text, Value, Node, Shape, Size, Axes, Axis, Sample, Words };

enum class Presence : std::uint8_t {
    Always,     ///< each refusal has it
    Sometimes,  ///< a refusal may have it
    Later       ///< found when the refusal is described
};

struct ArgumentSpec {
    std::string_view name;
    ArgumentKind kind = ArgumentKind::Words;
    Presence presence = Presence::Always;
};

/// How the table writes the arguments of a code: number("needed"), maybe(shape("shape")), told("arithmetic").
namespace table {
consteval ArgumentSpec number(const char* name) { return {name, ArgumentKind::Number}; }
consteval ArgumentSpec real(const char* name) { return {name, ArgumentKind::Real}; }
consteval ArgumentSpec text(const char* name) { return {name, ArgumentKind::Text}; }
consteval ArgumentSpec value(const char* name) { return {name, ArgumentKind::Value}; }
consteval ArgumentSpec node(const char* name) { return {name, ArgumentKind::Node}; }
consteval ArgumentSpec shape(const char* name) { return {name, ArgumentKind::Shape}; }
consteval ArgumentSpec size(const char* name) { return {name, ArgumentKind::Size}; }
consteval ArgumentSpec axes(const char* name) { return {name, ArgumentKind::Axes}; }
consteval ArgumentSpec axis(const char* name) { return {name, ArgumentKind::Axis}; }
consteval ArgumentSpec sample(const char* name) { return {name, ArgumentKind::Sample}; }
consteval ArgumentSpec words(const char* name) { return {name, ArgumentKind::Words}; }
consteval ArgumentSpec maybe(ArgumentSpec spec) { return {spec.name, spec.kind, Presence::Sometimes}; }
consteval ArgumentSpec told(const char* name) { return {name, ArgumentKind::Words, Presence::Later}; }

/// Each diagnostic has the first two: the node and what feeds it; the others where something comes over a link.
inline constexpr ArgumentSpec kCommon[] = {told("consumer"), told("producer"), told("shape"), told("rank"),
                                           told("wanted")};
}  // namespace table

enum class Code : std::uint16_t {
#define SHAPEWISE_CODE(code, ...) code,
#include "core/diag/code_table.h"
#undef SHAPEWISE_CODE
    Count_
};

struct CodeRow {
    Code code;
    std::string_view id;    ///< "S001": stable, printed, and the name of the page in resources/explain
    std::string_view name;  ///< "rank-too-low": `code` in the JSON of `check`
    Severity severity;
    std::string_view title;                   ///< one line, sentence case, {named} arguments
    std::string_view why;                     ///< one sentence of cause, {named} arguments
    std::span<const ArgumentSpec> arguments;  ///< besides table::kCommon
};

[[nodiscard]] const CodeRow& row(Code code);

/// Whether some code declares an argument of this name.
[[nodiscard]] constexpr bool isArgumentName(std::string_view name) {
    using namespace table;
#define SHAPEWISE_CODE(code, id, kebab, severity, title, why, ...) __VA_ARGS__ __VA_OPT__(, )
    constexpr ArgumentSpec kAll[] = {
#include "core/diag/code_table.h"
    };
#undef SHAPEWISE_CODE
    for (const ArgumentSpec& spec : kAll)
        if (spec.name == name) return true;
    for (const ArgumentSpec& spec : kCommon)
        if (spec.name == name) return true;
    return false;
}

}  // namespace shapewise::diag
