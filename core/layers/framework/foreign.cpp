#include "core/layers/framework/foreign.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

constexpr DialectRow kDialects[] = {
    {Dialect::Keras1, "keras1", "Keras 1"},
    {Dialect::Keras2, "keras2", "Keras 2.0 to 2.2"},
    {Dialect::Keras23, "keras2.3", "Keras 2.3"},
    {Dialect::TfKeras1, "tf.keras1", "tf.keras of TensorFlow 1"},
    {Dialect::TfKeras2, "tf.keras2", "tf.keras of TensorFlow 2"},
    {Dialect::TensorFlowJs, "tfjs", "TensorFlow.js"},
    {Dialect::Keras3, "keras3", "Keras 3"},
};

}  // namespace

std::span<const DialectRow> dialects() { return kDialects; }

const DialectRow& dialectRow(Dialect dialect) { return kDialects[static_cast<std::size_t>(dialect)]; }

std::optional<Dialect> dialectWithId(std::string_view id) {
    const auto* found =
        std::find_if(std::begin(kDialects), std::end(kDialects), [&](const DialectRow& row) { return row.id == id; });
    return found != std::end(kDialects) ? std::optional(found->dialect) : std::nullopt;
}

const ForeignKey* Foreign::key(std::string_view foreignName) const {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const ForeignKey& row) { return row.foreign == foreignName; });
    return found == keys.end() ? nullptr : &*found;
}

bool Foreign::hasOtherDefault(std::string_view ours) const {
    return std::any_of(defaults.begin(), defaults.end(), [&](const ForeignDefault& row) { return row.key == ours; });
}

}  // namespace shapewise::layers
