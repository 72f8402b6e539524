#pragma once
// From data to words: the one place that writes shapes, sizes, axes and sentences as people read them.

#include "core/diag/diagnostic.h"

#include <span>

namespace shapewise::diag {

/// How shapes and values are written.
struct Notation {
    std::string_view name;
    std::string (*shape)(std::span<const std::string> sizes) = nullptr;  ///< "(None, 18, 32)"
    std::string (*axes)(std::span<const std::string> names) = nullptr;   ///< "(batch, time, channels)"
    std::string (*size)(tensor::Dim size) = nullptr;                     ///< "None"
    std::string (*value)(const Value& value) = nullptr;                  ///< of a parameter: "(3, 3)"
};
/// As Keras prints them.
[[nodiscard]] const Notation& kerasNotation();

/// How words are said. Sentences hold {} for their data; a translation may order them by {0}, {1}.
struct Language {
    std::string_view name;
    std::string_view (*translate)(std::string_view english) = nullptr;
};
[[nodiscard]] const Language& english();

class Renderer {
  public:
    explicit Renderer(const Notation& notation = kerasNotation(), const Language& language = english())
        : notation_(&notation), language_(&language) {}
    /// Keras' notation, in English.
    [[nodiscard]] static const Renderer& standard();

    [[nodiscard]] std::string text(const Phrase& phrase) const;
    [[nodiscard]] std::string text(const Content& content) const;
    [[nodiscard]] std::string text(std::int64_t number) const;
    [[nodiscard]] std::string text(double number) const;
    [[nodiscard]] std::string text(const std::string& plain) const;
    [[nodiscard]] std::string text(const Value& value) const;
    [[nodiscard]] std::string text(NodeId id) const;
    [[nodiscard]] std::string text(const tensor::Shape& shape) const;
    [[nodiscard]] std::string text(tensor::Dim size) const;
    [[nodiscard]] std::string text(const tensor::AxesPattern& axes) const;
    [[nodiscard]] std::string text(Axis axis) const;
    [[nodiscard]] std::string text(const AxisNames& names) const;
    [[nodiscard]] std::string text(const Sample& sample) const;
    [[nodiscard]] std::string text(Factor factor) const;

    /// Title, wanted, got and why in one line, as the problem list and the command line print it.
    [[nodiscard]] std::string message(const Diagnostic& diagnostic) const;
    /// "Probably a mistake, 70 % sure": how sure a warning is; empty where nothing is left to doubt, and of what is
    /// none.
    [[nodiscard]] std::string sureness(const Diagnostic& diagnostic) const;

  private:
    [[nodiscard]] std::string sizes(std::span<const tensor::Dim> sizes) const;
    [[nodiscard]] std::string word(std::string_view english) const {
        return std::string(language_->translate(english));
    }

    const Notation* notation_;
    const Language* language_;
};

/// "error", "warning", "hint".
[[nodiscard]] std::string_view severityName(Severity severity);

}  // namespace shapewise::diag
