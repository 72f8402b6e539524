#include "core/layers/framework/older.h"

#include "core/layers/framework/catalog.h"

#include <algorithm>
#include <array>

namespace shapewise::layers {

namespace {

const ForeignClass* ownRow(const LayerType& type) {
    const auto& rows = type.foreign.classes;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const ForeignClass& row) { return row.name == type.className; });
    return found == rows.end() ? nullptr : &*found;
}

struct Successor {
    std::string_view old;
    std::string_view now;
    std::string_view oldKey{};  ///< a setting that has another name now
    std::string_view nowKey{};
    double oldDefault = 0.0;  ///< of that setting
};
/// cuDNN's layers are LSTM and GRU with their defaults in Keras 3: tanh, sigmoid, reset_after.
constexpr std::array<Successor, 3> kSuccessors{
    {{"ThresholdedReLU", "ReLU", "theta", "threshold", 1.0}, {"CuDNNLSTM", "LSTM"}, {"CuDNNGRU", "GRU"}}};

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

std::shared_ptr<graph::Node> inKeras3(const graph::Node& node) {
    const auto row = std::find_if(kSuccessors.begin(), kSuccessors.end(),
                                  [&](const Successor& each) { return each.old == node.type->className; });
    if (row == kSuccessors.end() || !isOfOlderDialect(*node.type)) return nullptr;
    auto now = std::make_shared<graph::Node>(node);
    now->type = findLayer(row->now);
    now->weights = {};
    if (!row->oldKey.empty()) {
        const Value* value = node.setting(ParamKey::of(row->oldKey));
        const Value kept = value != nullptr ? *value : Value(row->oldDefault);
        now->reset(row->oldKey);
        now->set(row->nowKey, kept);
    }
    return now;
}

}  // namespace shapewise::layers
