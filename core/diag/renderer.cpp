#include "core/diag/renderer.h"

#include <fmt/format.h>

#include <charconv>

namespace shapewise::diag {
namespace {

/// "(a, b)", with a comma after a single entry as Python prints tuples.
std::string tuple(std::span<const std::string> entries) {
    return fmt::format("({}{})", fmt::join(entries, ", "), entries.size() == 1 ? "," : "");
}

/// The datum a placeholder stands for: the next one, or the one whose number it holds.
std::size_t placeOf(std::string_view placeholder, std::size_t next) {
    std::size_t number = next;
    std::from_chars(placeholder.data(), placeholder.data() + placeholder.size(), number);
    return number;
}

struct Noun {
    std::string_view many;
    std::string_view one;
};
/// What messages count.
constexpr Noun kNouns[] = {
    {"axes", "axis"},      {"bands", "band"},           {"batches", "batch"},    {"bins", "bin"},
    {"calls", "call"},     {"cells", "cell"},           {"channels", "channel"}, {"classes", "class"},
    {"columns", "column"}, {"dimensions", "dimension"}, {"elements", "element"}, {"entries", "entry"},
    {"errors", "error"},   {"features", "feature"},     {"files", "file"},       {"filters", "filter"},
    {"frames", "frame"},   {"groups", "group"},         {"heads", "head"},       {"inputs", "input"},
    {"layers", "layer"},   {"links", "link"},           {"maps", "map"},         {"models", "model"},
    {"nodes", "node"},     {"numbers", "number"},       {"outputs", "output"},   {"parameters", "parameter"},
    {"pixels", "pixel"},   {"positions", "position"},   {"problems", "problem"}, {"products", "product"},
    {"rows", "row"},       {"samples", "sample"},       {"sizes", "size"},       {"slices", "slice"},
    {"states", "state"},   {"steps", "step"},           {"times", "time"},       {"tokens", "token"},
    {"units", "unit"},     {"values", "value"},         {"warnings", "warning"}, {"weights", "weight"},
};

/// Writes " step" where a sentence goes on with " steps" behind the number 1; what is written is taken from `rest`.
void agreeWithOne(std::string_view& rest, std::string& written) {
    if (!rest.starts_with(' ')) return;
    const std::string_view behind = rest.substr(1);
    std::size_t length = 0;
    while (length < behind.size() && behind[length] >= 'a' && behind[length] <= 'z') ++length;
    for (const Noun& noun : kNouns) {
        if (behind.substr(0, length) != noun.many) continue;
        written += ' ';
        written += noun.one;
        rest.remove_prefix(1 + length);
        return;
    }
}

}  // namespace

const Notation& kerasNotation() {
    static constexpr Notation notation{.name = "Keras",
                                       .shape = tuple,
                                       .axes = tuple,
                                       .size = [](tensor::Dim size) { return size.text(); },
                                       .value = [](const Value& value) { return value.text(); }};
    return notation;
}

const Language& english() {
    static constexpr Language language{"English", [](std::string_view words) { return words; }};
    return language;
}

const Renderer& Renderer::standard() {
    static const Renderer renderer;
    return renderer;
}

std::string Renderer::text(const Phrase& phrase) const {
    std::string_view pattern = language_->translate(phrase.pattern());
    std::string result;
    result.reserve(pattern.size() + 32);
    for (std::size_t next = 0;; ++next) {
        const std::size_t open = pattern.find('{');
        const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
        if (close == std::string_view::npos) break;
        const std::size_t place = placeOf(pattern.substr(open + 1, close - open - 1), next);
        result += pattern.substr(0, open);
        const std::string datum = place < phrase.data().size() ? text(phrase.data()[place].value) : "?";
        result += datum;
        pattern.remove_prefix(close + 1);
        if (datum == "1" && language_ == &english()) agreeWithOne(pattern, result);
    }
    return result += pattern;
}

std::string Renderer::text(const Content& content) const {
    return std::visit([this](const auto& held) { return text(held); }, content);
}

std::string Renderer::text(std::int64_t number) const { return std::to_string(number); }
std::string Renderer::text(double number) const { return fmt::format("{:g}", number); }
std::string Renderer::text(const std::string& plain) const { return plain; }
std::string Renderer::text(const Value& value) const { return notation_->value(value); }
std::string Renderer::text(NodeId id) const { return fmt::format("node {}", id.value); }
std::string Renderer::text(const tensor::Shape& shape) const { return sizes(shape.sizes()); }
std::string Renderer::text(tensor::Dim size) const { return notation_->size(size); }

std::string Renderer::text(const tensor::AxesPattern& axes) const {
    switch (axes.kind()) {
        case tensor::AxesPattern::Kind::Unsaid: return {};
        case tensor::AxesPattern::Kind::Any: return word("any");
        case tensor::AxesPattern::Kind::AsInside: return word("as its Input layers");
        case tensor::AxesPattern::Kind::Listed: break;
    }
    std::vector<std::string> names;
    for (const tensor::AxisWord name : axes.words())
        names.push_back(word(tensor::kAxisWords[static_cast<std::size_t>(name)]));
    return notation_->axes(names);
}

std::string Renderer::text(Axis axis) const {
    if (axis.meaning == tensor::AxisMeaning::Unknown) return text(say("axis {}", axis.index));
    return word(tensor::axisName(axis.meaning));
}

std::string Renderer::text(const AxisNames& names) const {
    std::vector<std::string> list;
    list.reserve(static_cast<std::size_t>(names.shape.rank()));
    for (int axis = 0; axis < names.shape.rank(); ++axis) {
        const tensor::AxisMeaning meaning = names.shape.meaning(axis);
        bool isTaken = false;  // a name twice would not tell the axes apart
        for (int other = 0; other < axis; ++other)
            isTaken = isTaken || (meaning != tensor::AxisMeaning::Unknown && names.shape.meaning(other) == meaning);
        list.push_back(isTaken ? text(say("axis {}", axis)) : word(tensor::axisName(meaning)));
    }
    return notation_->axes(list);
}

std::string Renderer::text(const Sample& sample) const {
    const std::span<const tensor::Dim> all = sample.shape.sizes();
    return sizes(all.empty() ? all : all.subspan(1));
}

std::string Renderer::text(Factor factor) const {
    const bool isSum = factor.size.factorText() != factor.size.text();
    return isSum ? "(" + text(factor.size) + ")" : text(factor.size);
}

std::string Renderer::sizes(std::span<const tensor::Dim> sizes) const {
    std::vector<std::string> list;
    for (const tensor::Dim size : sizes) list.push_back(text(size));
    return notation_->shape(list);
}

std::string Renderer::message(const Diagnostic& diagnostic) const {
    Phrase all = diagnostic.title;
    if (!diagnostic.wanted.empty()) all = say("{}: wanted {}", all, diagnostic.wanted);
    if (!diagnostic.got.empty())
        all =
            diagnostic.wanted.empty() ? say("{}: got {}", all, diagnostic.got) : say("{}, got {}", all, diagnostic.got);
    if (!diagnostic.why.empty()) all = say("{}. {}", all, diagnostic.why);
    if (const std::string sure = sureness(diagnostic); !sure.empty()) all = say("{}. {}", all, sure);
    return text(all);
}

std::string Renderer::sureness(const Diagnostic& diagnostic) const {
    const double confidence = diagnostic.confidence;
    if (diagnostic.severity != Severity::Warning || confidence >= 1.0) return {};
    const std::string share = fmt::format("{:.0f}", confidence * 100.0);
    return text(confidence >= 0.85   ? say("Very likely a mistake, {} % sure", share)
                : confidence >= 0.65 ? say("Probably a mistake, {} % sure", share)
                                     : say("Perhaps a mistake, {} % sure", share));
}

std::string_view severityName(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Hint: return "hint";
    }
    return "error";
}

}  // namespace shapewise::diag
