#include "core/diag/render_text.h"

#include <fmt/format.h>

namespace shapewise::diag {
namespace {

struct TextOfArgument {
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return fmt::format("{:g}", number); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const tensor::Shape& shape) const { return shape.text(); }
    std::string operator()(const Value& value) const { return value.text(); }
    std::string operator()(NodeId id) const { return fmt::format("node {}", id.value); }
};

}  // namespace

std::string argumentText(const Argument& argument) { return std::visit(TextOfArgument{}, argument.value); }

const Argument* findArgument(const Arguments& arguments, std::string_view name) {
    for (const Argument& argument : arguments)
        if (argument.name == name) return &argument;
    return nullptr;
}

void setArgument(Arguments& arguments, Argument argument) {
    for (Argument& present : arguments)
        if (present.name == argument.name) {
            present = std::move(argument);
            return;
        }
    arguments.push_back(std::move(argument));
}

std::string render(std::string_view text, const Arguments& arguments) {
    std::string result;
    result.reserve(text.size() + 32);
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) break;
        result += text.substr(0, open);
        const Argument* argument = findArgument(arguments, text.substr(open + 1, close - open - 1));
        result += argument ? argumentText(*argument) : "?";
        text.remove_prefix(close + 1);
    }
    result += text;
    return result;
}

std::string_view severityName(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Hint: return "hint";
    }
    return "error";
}

std::string surenessText(const Diagnostic& diagnostic) {
    const double confidence = diagnostic.confidence;
    const std::string share = fmt::format("{:.0f} % sure", confidence * 100.0);
    return (confidence >= 0.85   ? "Very likely a mistake, "
            : confidence >= 0.65 ? "Probably a mistake, "
                                 : "Perhaps a mistake, ") +
           share;
}

std::string Diagnostic::message() const {
    std::string text = title;
    if (!wanted.empty()) text += ": wanted " + wanted;
    if (!got.empty()) text += (wanted.empty() ? ": got " : ", got ") + got;
    if (!why.empty()) text += ". " + why;
    if (severity == Severity::Warning) text += ". " + surenessText(*this);
    return text;
}

}  // namespace shapewise::diag
