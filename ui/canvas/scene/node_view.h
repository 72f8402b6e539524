#pragma once
// NodeView, EdgeView: what the canvas shows of a node and an edge, worked out from the document. Immutable; items point
// at them. Two projects that look alike have equal views: SceneSync's test rests on that.

#include "core/diag/diagnostic.h"
#include "core/graph/project.h"
#include "core/infer/analysis.h"

#include <QPointF>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace shapewise::ui {

struct PortView {
    QString name;
    int rank = -1;           ///< of the tensor there, batch counted; -1: not known
    int wantedRank = -1;     ///< shown when there is no tensor to show; -1: any
    bool connected = false;  ///< of input ports
    bool many = false;
    bool optional = false;
    bool wrong = false;  ///< the link into it is refused
    friend bool operator==(const PortView&, const PortView&) = default;
};

struct NodeView {
    NodeId id;
    QString name;
    QString typeName;
    QString telling;    ///< "32 filters · 3×3 · relu"
    QString shape;      ///< "(100, 18, 32)", "≈ (100, 18, 32)" for a guess; empty unless the state is Known
    QString count;      ///< "128 params", "? params" where that is not known; empty without weights
    QString stateText;  ///< "waits for conv2d"; empty when the shape is known
    infer::State state = infer::State::Missing;
    std::optional<diag::Severity> badge;
    layers::Category category = layers::Category::Core;
    bool isNote = false;
    bool guessed = false;  ///< rests on a layer nobody knows
    bool opens = false;    ///< holds a graph: double click shows it
    std::vector<PortView> inputs;
    std::vector<PortView> outputs;
    QPointF place;
    friend bool operator==(const NodeView&, const NodeView&) = default;
};
using NodeViewPtr = std::shared_ptr<const NodeView>;

struct EdgeView {
    graph::LinkPlace place;
    graph::Link link;
    int rank = -1;
    QString label;            ///< the shape that flows
    bool wrong = false;       ///< label says both sides then: "(100, 18, 32) ≠ rank 4"
    bool blocked = false;     ///< nothing flows: the producer has no shape
    bool suspicious = false;  ///< a warning points at it
    bool guessed = false;     ///< rests on a layer nobody knows; the label begins with ≈ then
    friend bool operator==(const EdgeView& a, const EdgeView& b) {
        return a.place == b.place && a.link == b.link && a.rank == b.rank && a.label == b.label && a.wrong == b.wrong &&
               a.blocked == b.blocked && a.suspicious == b.suspicious && a.guessed == b.guessed;
    }
};
using EdgeViewPtr = std::shared_ptr<const EdgeView>;

/// Precondition: the node exists. `badge`: of its worst problem beyond what the state says.
[[nodiscard]] NodeView makeNodeView(const graph::Project& project, const infer::Analysis& analysis, NodeId id,
                                    std::optional<diag::Severity> badge);
/// Precondition: the link exists.
[[nodiscard]] EdgeView makeEdgeView(const graph::Project& project, const infer::Analysis& analysis,
                                    const graph::LinkPlace& place, bool suspicious);

/// Whether the canvas marks a problem, by a badge and a callout. An input that nobody has connected yet is no mistake
/// while building: the node says so in grey.
[[nodiscard]] bool isWorthAMark(const diag::Diagnostic& problem);

/// "conv2d, Conv2D, output (None, 18, 32), 1 error": for screen readers and tooltips.
[[nodiscard]] QString spokenText(const NodeView& view);

}  // namespace shapewise::ui
