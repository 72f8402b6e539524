#pragma once
// Diagnostics are data: a code, typed arguments, where, and repairs that are edits. Rendering is elsewhere.

#include "core/diag/codes.h"
#include "core/edit/edit.h"
#include "core/tensor/shape.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace shapewise::diag {

/// One named argument of a message. Shapes keep their axis names until they are rendered.
struct Argument {
    std::string_view name{};  ///< a literal
    std::variant<std::int64_t, double, std::string, tensor::Shape, Value, NodeId> value;
};
using Arguments = std::vector<Argument>;

/// What one layer's rule refuses, before the graph round it is looked at. Made by layers, held by infer.
struct Refusal {
    Code code = Code::RankTooLow;
    std::string_view parameter{};  ///< the key to blame, empty when the input is
    int input = 0;                 ///< which of the node's links, in order, is refused; -1: none in particular
    Arguments arguments{};
};

enum class Applicability : std::uint8_t { Sure, Placeholder, Maybe };

/// A repair: an edit with a title, and what it leads to.
struct Fix {
    std::string id;     ///< "conv2d/rank-too-low/use-conv1d": unique in a report and the same in every run
    std::string title;  ///< "Use Conv1D instead"
    std::string note;   ///< what the axes mean afterwards, what is lost or assumed; may be empty
    Applicability applicability = Applicability::Maybe;
    edit::Edit edit;
    std::optional<tensor::Shape>
        outputShape;  ///< of the diagnostic's node when the edit is applied; nullopt: not known
};

struct Diagnostic {
    Code code = Code::RankTooLow;
    Severity severity = Severity::Error;
    NodeId node;                           ///< the consumer, or the node at fault
    NodeId from;                           ///< the producer, not valid when there is none
    std::optional<graph::LinkPlace> link;  ///< the edge that cannot work
    std::string parameter;                 ///< key at fault, may be empty
    Arguments arguments;
    std::string title;        ///< "conv2d needs rank 4, but conv1d gives rank 3"
    std::string wanted;       ///< "(batch, height, width, channels)"; may be empty
    std::string got;          ///< "(None, 18, 32) = (batch, time, channels)"; may be empty
    std::string why;          ///< the cause in a sentence, the root node named
    NodeId rootCause;         ///< the node that set the wrong rank, size or order, if another
    double confidence = 1.0;  ///< of warnings: 0..1, "how sure"
    std::vector<Fix> fixes;   ///< best first

    /// Stable identity for dismissal: code, node name and producer name.
    std::string key;
    /// title, wanted, got and why in one line, as the problem list and the command line print it.
    [[nodiscard]] std::string message() const;
};

}  // namespace shapewise::diag
