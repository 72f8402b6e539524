#include "core/graph/project.h"

namespace shapewise::graph {

void Canvas::setPlace(NodeId id, CanvasPlace place) {
    if (id.value >= places_.size()) {
        if (place == CanvasPlace{}) return;
        places_.resize(id.value + std::size_t{1});
    }
    places_.set(id.value, place);
}

const Canvas* Canvas::inside(NodeId model) const {
    if (!inside_) return nullptr;
    const auto found = inside_->find(model);
    return found != inside_->end() ? found->second.get() : nullptr;
}

void Canvas::setInside(NodeId model, Canvas inside) {
    auto changed = inside_ ? std::make_shared<Inside>(*inside_) : std::make_shared<Inside>();
    (*changed)[model] = std::make_shared<const Canvas>(std::move(inside));
    inside_ = std::move(changed);
}

void Canvas::forgetInside(NodeId model) {
    if (inside(model) == nullptr) return;
    auto changed = std::make_shared<Inside>(*inside_);
    changed->erase(model);
    inside_ = changed->empty() ? nullptr : std::move(changed);
}

}  // namespace shapewise::graph
