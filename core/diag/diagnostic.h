#pragma once
// Diagnostics are data: a code, typed arguments, where, and repairs that are edits. A Renderer makes words of them.

#include "core/diag/arguments.h"
#include "core/edit/edit.h"

#include <optional>

namespace shapewise::diag {

/// What one layer's rule refuses, before the graph round it is looked at. Made by layers, held by infer.
struct Refusal {
    Code code = Code::RankTooLow;
    std::string_view parameter{};  ///< the key to blame, empty when the input is
    int input = 0;                 ///< which of the node's links, in order, is refused; -1: none in particular
    Arguments arguments{};
};

enum class Applicability : std::uint8_t { Sure, Placeholder, Maybe };

/// What a repair needs a file for: the parameter that is to hold its path.
struct FileChoice {
    NodeId node;
    std::string parameter;
};

/// A repair: an edit with a title, and what it leads to.
struct Fix {
    std::string id;  ///< "conv2d/rank-too-low/use-conv1d": unique in a report and the same in every run
    Phrase title;    ///< "Use Conv1D instead"
    Phrase note;     ///< what the axes mean afterwards, what is lost or assumed; may be empty
    Applicability applicability = Applicability::Maybe;
    edit::Edit edit;
    std::optional<tensor::Shape>
        outputShape;                   ///< of the diagnostic's node when the edit is applied; nullopt: not known
    std::optional<FileChoice> file{};  ///< a person chooses a file first; the edit is empty until then
};

struct Diagnostic {
    Code code = Code::RankTooLow;
    Severity severity = Severity::Error;
    NodeId node;                           ///< the consumer, or the node at fault
    NodeId from;                           ///< the producer, not valid when there is none
    std::optional<graph::LinkPlace> link;  ///< the edge that cannot work
    std::string parameter;                 ///< key at fault, may be empty
    Arguments arguments;
    Phrase title;             ///< "conv2d needs rank 4, but conv1d gives rank 3"
    Phrase wanted;            ///< "(batch, height, width, channels)"; may be empty
    Phrase got;               ///< "(None, 18, 32) = (batch, time, channels)"; may be empty
    Phrase why;               ///< the cause in a sentence, the root node named
    NodeId rootCause;         ///< the node that set the wrong rank, size or order, if another
    double confidence = 1.0;  ///< of warnings: 0..1, "how sure"
    std::vector<Fix> fixes;   ///< best first

    /// Stable identity for dismissal: code, node name and producer name.
    std::string key;
};

}  // namespace shapewise::diag
