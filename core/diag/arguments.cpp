#include "core/diag/arguments.h"

namespace shapewise::diag {
namespace {

const ArgumentSpec* specOf(const CodeRow& row, std::string_view name) {
    for (const ArgumentSpec& spec : row.arguments)
        if (spec.name == name) return &spec;
    return nullptr;
}

bool isOfKind(const Content& value, ArgumentKind kind) {
    switch (kind) {
        case ArgumentKind::Number: return std::holds_alternative<std::int64_t>(value);
        case ArgumentKind::Real: return std::holds_alternative<double>(value);
        case ArgumentKind::Text: return std::holds_alternative<std::string>(value);
        case ArgumentKind::Value: return std::holds_alternative<Value>(value);
        case ArgumentKind::Node: return std::holds_alternative<NodeId>(value);
        case ArgumentKind::Shape: return std::holds_alternative<tensor::Shape>(value);
        case ArgumentKind::Size: return std::holds_alternative<tensor::Dim>(value);
        case ArgumentKind::Axes: return std::holds_alternative<tensor::AxesPattern>(value);
        case ArgumentKind::Axis: return std::holds_alternative<Axis>(value);
        case ArgumentKind::Sample: return std::holds_alternative<Sample>(value);
        case ArgumentKind::Words:
            return std::holds_alternative<Phrase>(value) || std::holds_alternative<std::string>(value);
    }
    return false;
}

std::string about(const CodeRow& row, std::string_view name, std::string_view fault) {
    return std::string(row.name) + ": " + std::string(name) + " " + std::string(fault);
}

void addMissing(std::string& missing, std::string_view text, const Arguments& arguments) {
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
        const std::size_t close = text.find('}', open);
        const std::string_view name = text.substr(open + 1, close - open - 1);
        if (findNamed(arguments, name) == nullptr) missing += (missing.empty() ? "" : ", ") + std::string(name);
        text.remove_prefix(close + 1);
    }
}

}  // namespace

const Argument* findArgument(const Arguments& arguments, ArgumentName name) {
    return findNamed(arguments, std::string_view(name));
}

const Argument* findNamed(const Arguments& arguments, std::string_view name) {
    for (const Argument& argument : arguments)
        if (std::string_view(argument.name) == name) return &argument;
    return nullptr;
}

Phrase phraseOf(const Arguments& arguments, ArgumentName name, const Phrase& otherwise) {
    const Argument* argument = findArgument(arguments, name);
    return argument != nullptr ? Phrase("{}", {Datum(argument->value)}) : otherwise;
}

std::string textOf(const Arguments& arguments, ArgumentName name, std::string_view otherwise) {
    const Argument* argument = findArgument(arguments, name);
    const auto* text = argument != nullptr ? std::get_if<std::string>(&argument->value) : nullptr;
    return text != nullptr ? *text : std::string(otherwise);
}

void setArgument(Arguments& arguments, Argument argument) {
    for (Argument& present : arguments)
        if (present.name == argument.name) {
            present = std::move(argument);
            return;
        }
    arguments.push_back(std::move(argument));
}

std::string faultOf(Code code, const Arguments& given) {
    const CodeRow& codeRow = row(code);
    for (const ArgumentSpec& spec : codeRow.arguments)
        if (spec.presence == Presence::Always && findNamed(given, spec.name) == nullptr)
            return about(codeRow, spec.name, "is missing");
    for (const Argument& argument : given) {
        const ArgumentSpec* spec = specOf(codeRow, argument.name);
        if (spec == nullptr || spec->presence == Presence::Later)
            return about(codeRow, argument.name, "is no argument of a refusal");
        if (!isOfKind(argument.value, spec->kind)) return about(codeRow, argument.name, "is of another kind");
    }
    return {};
}

std::string missingWords(Code code, const Arguments& arguments) {
    std::string missing;
    addMissing(missing, row(code).title, arguments);
    addMissing(missing, row(code).why, arguments);
    return missing;
}

}  // namespace shapewise::diag
