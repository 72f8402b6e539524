#include "core/layers/framework/foreign.h"

#include <algorithm>

namespace shapewise::layers {

Dialect kerasDialect(int majorVersion) {
    if (majorVersion >= 3) return Dialect::Keras3;
    return majorVersion == 2 ? Dialect::Keras2 : Dialect::Keras1;
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
