#pragma once
// What a Target says of the output it is put at.

#include "core/layers/framework/layer.h"

#include <optional>
#include <vector>

namespace shapewise::layers {

struct TargetShape {
    std::vector<tensor::Dim> sizes;  ///< without batch
    bool isSparse = false;           ///< class ids, by the loss

    /// `output`: sizes without batch.
    [[nodiscard]] bool agreesWith(const std::vector<tensor::Dim>& output) const;
    /// Class ids: the output without its last axis, or with 1 in its place.
    [[nodiscard]] bool agreesAsIds(const std::vector<tensor::Dim>& output) const;
};
/// nullopt for a node that declares no such shape.
[[nodiscard]] std::optional<TargetShape> targetShape(const graph::Node& node);

}  // namespace shapewise::layers
