#pragma once
// Edits the canvas makes of gestures, beyond those of core/edit/builders.h: what the hand meant as one step of undo.
// Pure functions of the project and of its wiring, which `wiring` holds; whether an edit is possible is asked of
// edit::apply alone.

#include "core/edit/apply.h"
#include "core/layers/framework/layer.h"

#include <QPointF>
#include <QString>

#include <optional>
#include <vector>

namespace shapewise::ui::edits {

/// What a new or dragged node is put into.
struct Splice {
    graph::LinkPlace place;
    graph::Link link;
};

/// Why this edit cannot be made, in one sentence; empty when it can.
[[nodiscard]] QString whyNot(const graph::Project& project, const edit::WiringIndex& wiring, const edit::Edit& edit);

[[nodiscard]] edit::Edit move(const graph::Project& project, const std::vector<NodeId>& nodes, const QPointF& by);
[[nodiscard]] edit::Edit remove(const graph::Project& project, const std::vector<NodeId>& nodes,
                                const std::vector<Splice>& links);
/// A new layer at that place. With `feeds`, its first input is connected to that output; with `fedTo`, its first output
/// to that input; with `splice`, it goes into that link.
struct NewLayer {
    const layers::LayerType* type = nullptr;
    QPointF place;
    std::optional<graph::Link> feeds;  ///< from, fromPort; toPort is chosen
    std::optional<std::pair<NodeId, std::uint16_t>> fedTo;
    std::optional<Splice> splice;
};
[[nodiscard]] edit::Edit add(const graph::Project& project, const edit::WiringIndex& wiring, const NewLayer& layer);

/// Puts a node that is there into a link, and moves what comes behind it aside.
[[nodiscard]] edit::Edit splice(const graph::Project& project, const edit::WiringIndex& wiring, NodeId node,
                                const Splice& into, const QPointF& place);

/// Another layer in its place; settings of the same name are kept.
[[nodiscard]] edit::Edit replace(const graph::Project& project, NodeId node, const layers::LayerType& type);

/// The link at that place. Precondition: it exists.
[[nodiscard]] Splice at(const graph::Project& project, const graph::LinkPlace& place);
/// Whether a node has a free first input and no consumer: it may be put into a link.
[[nodiscard]] bool standsAlone(const graph::Project& project, const edit::WiringIndex& wiring, NodeId node);

}  // namespace shapewise::ui::edits
