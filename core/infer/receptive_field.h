#pragma once
// How much of the model's input one output value depends on.

#include "core/infer/analysis.h"

#include <array>
#include <string>
#include <vector>

namespace shapewise::infer {

/// The region of the model's input that one output value depends on, along up to three spatial axes, in input samples.
struct ReceptiveField {
    bool isKnown = true;      ///< false behind layers that mix axes (Reshape) or make more positions (upsampling)
    bool wholeInput = false;  ///< sees everything: global pooling, recurrent and attention layers
    int axes = 0;             ///< 0: one position, no layer has slid a window yet
    std::array<std::int64_t, 3> size{1, 1, 1};
    std::array<std::int64_t, 3> stride{1, 1, 1};  ///< steps between the fields of neighbours
    std::array<std::int64_t, 3> offset{0, 0, 0};  ///< first sample of the first field; negative inside padding

    /// "5 × 5, step 2, from −1"; "all"; "1"; "-" when not known.
    [[nodiscard]] std::string text() const;
    friend bool operator==(const ReceptiveField&, const ReceptiveField&) = default;
};

/// Of each output of a node, one for all when they see the same. `before`: what the values at its links see. A nested
/// model sees what its layers see one behind the other. Precondition: the node's shapes are known.
[[nodiscard]] std::vector<ReceptiveField> fieldsOf(const graph::Node& node, const std::vector<ReceptiveField>& before,
                                                   const std::vector<const tensor::TensorType*>& inputs);

/// That of an output in what fieldsOf() gave.
[[nodiscard]] ReceptiveField fieldAt(const std::vector<ReceptiveField>& fields, std::size_t port);

}  // namespace shapewise::infer
