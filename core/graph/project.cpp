#include "core/graph/project.h"

namespace shapewise::graph {

void Canvas::setPlace(NodeId id, CanvasPlace place) {
    if (id.value >= places_.size()) {
        if (place == CanvasPlace{}) return;
        places_.resize(id.value + std::size_t{1});
    }
    places_.set(id.value, place);
}

}  // namespace shapewise::graph
