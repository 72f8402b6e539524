#include "core/layers/framework/older.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

const ForeignClass* ownRow(const LayerType& type) {
    const auto& rows = type.foreign.classes;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const ForeignClass& row) { return row.name == type.className; });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

bool isOfOlderDialect(const LayerType& type) {
    const ForeignClass* row = ownRow(type);
    return row != nullptr && !row->in.contains(Dialect::Keras3);
}

std::string_view olderDialectTitle(const LayerType& type) {
    if (!isOfOlderDialect(type)) return {};
    const Dialects in = ownRow(type)->in;
    const bool inKeras2 = in.contains(Dialect::Keras2) || in.contains(Dialect::TfKeras2);
    if (!in.contains(Dialect::Keras1)) return "Keras 2";
    return inKeras2 ? "Keras 1 and 2" : "Keras 1";
}

}  // namespace shapewise::layers
