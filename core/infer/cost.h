#pragma once
// Cost: what each node costs in parameters, multiply-adds and memory, and how much of the input it sees. A batch that is
// not known counts as one sample.

#include "core/infer/analysis.h"

#include <array>
#include <optional>
#include <vector>

namespace shapewise::infer {

/// The region of the model's input that one output value depends on, along up to three spatial axes, in input samples.
struct ReceptiveField {
    bool isKnown = true;       ///< false behind layers that mix axes (Reshape) or make more positions (upsampling)
    bool wholeInput = false;   ///< sees everything: global pooling, recurrent and attention layers
    int axes = 0;              ///< 0: one position, no layer has slid a window yet
    std::array<std::int64_t, 3> size{1, 1, 1};
    std::array<std::int64_t, 3> stride{1, 1, 1};  ///< steps between the fields of neighbours
    std::array<std::int64_t, 3> offset{0, 0, 0};  ///< first sample of the first field; negative inside padding

    /// "5 × 5, step 2, from −1"; "all"; "1"; "-" when not known.
    [[nodiscard]] std::string text() const;
    friend bool operator==(const ReceptiveField&, const ReceptiveField&) = default;
};

struct NodeCost {
    std::optional<layers::ParameterCount> parameters;  ///< 0 for a node that uses another's layer again
    std::optional<std::int64_t> multiplyAdds;
    std::optional<std::int64_t> activationBytes;       ///< of all outputs, float32
    ReceptiveField field;
};

struct Costs {
    std::vector<NodeCost> nodes;  ///< by node id
    layers::ParameterCount parameters;   ///< sums of what is known
    std::int64_t multiplyAdds = 0;
    std::int64_t activationBytes = 0;
    bool isComplete = true;              ///< false when a node in conflict or an unknown size leaves a gap
};

/// O(nodes + links).
[[nodiscard]] Costs costsOf(const graph::Graph& graph, const Analysis& analysis);

}  // namespace shapewise::infer
