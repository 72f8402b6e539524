#pragma once
// Project: what is saved and undone: the graph, where its nodes stand, and settings of the document.
// A value; the window, the engine and the autosave hold snapshots of it.

#include "core/graph/graph.h"

#include <map>
#include <memory>
#include <set>

namespace shapewise::graph {

/// Where a node stands, in scene units (one unit is one pixel at 100 %).
struct CanvasPlace {
    double x = 0.0;
    double y = 0.0;
    bool collapsed = false;
    friend bool operator==(const CanvasPlace&, const CanvasPlace&) = default;
};

/// Kept apart from the graph, so that moving a node infers and runs nothing.
class Canvas {
  public:
    [[nodiscard]] CanvasPlace place(NodeId id) const {
        return id.value < places_.size() ? places_[id.value] : CanvasPlace{};
    }
    void setPlace(NodeId id, CanvasPlace place);

    /// Places inside a nested model, kept by the node whose layer it is. Null while nobody has placed anything there.
    [[nodiscard]] const Canvas* inside(NodeId model) const;
    void setInside(NodeId model, Canvas inside);
    void forgetInside(NodeId model);

    [[nodiscard]] bool sharesAllWith(const Canvas& other) const {
        return places_.sharesAllWith(other.places_) && inside_ == other.inside_;
    }

  private:
    using Inside = std::map<NodeId, std::shared_ptr<const Canvas>>;

    PersistentVector<CanvasPlace> places_;
    std::shared_ptr<const Inside> inside_;  ///< null: nothing
};

/// What a run uses for Input nodes that have no data of their own.
struct RunSettings {
    std::int64_t batchSize = 1;
    std::string sampleKind = "normal";  ///< normal, uniform, sine, chirp, impulse, ramp (the kinds of Sample)
    std::int64_t seed = 0;
    friend bool operator==(const RunSettings&, const RunSettings&) = default;
};

struct Project {
    Graph graph;
    Canvas canvas;
    RunSettings run;
    std::set<std::string> dismissed;  ///< keys of warnings the user has dismissed, see diag::Diagnostic::key
    ValueDict properties;             ///< title, Keras model name and output order; keys of newer versions: kept
};

}  // namespace shapewise::graph
