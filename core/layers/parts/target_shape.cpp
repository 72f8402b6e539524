#include "core/layers/parts/target_shape.h"

namespace shapewise::layers {

using tensor::Dim;

namespace {

bool agree(const std::vector<Dim>& a, const std::vector<Dim>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t index = 0; index < a.size(); ++index)
        if (!tensor::mayBeEqual(a[index], b[index])) return false;
    return true;
}

}  // namespace

bool TargetShape::agreesAsIds(const std::vector<Dim>& output) const {
    if (output.empty()) return false;
    std::vector<Dim> ids(output.begin(), output.end() - 1);
    if (agree(sizes, ids)) return true;
    ids.emplace_back(1);
    return agree(sizes, ids);
}

bool TargetShape::agreesWith(const std::vector<Dim>& output) const {
    return isSparse ? agreesAsIds(output) : agree(sizes, output);
}

std::optional<TargetShape> targetShape(const graph::Node& node) {
    if (node.type->category != Category::Annotation || node.type->param("shape") == nullptr) return std::nullopt;
    const Value* shape = node.setting("shape");
    if (shape == nullptr || !shape->isList()) return std::nullopt;
    TargetShape target;
    for (const Value& entry : shape->asList())
        target.sizes.push_back(entry.isInteger() && entry.asInteger() >= 0 ? Dim(entry.asInteger()) : Dim());
    target.isSparse = Params(node).text("loss").starts_with("sparse");
    return target;
}

}  // namespace shapewise::layers
