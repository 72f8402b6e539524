#pragma once
// Values near one that a parameter does not take.

#include "core/layers/framework/layer.h"

#include <string>
#include <vector>

namespace shapewise::mistakes {

struct ValueRepair {
    std::string slug;
    Value value;
    std::string note;
};

/// What someone may have meant by `value`: converted, clamped, cut or repeated to the right length, the nearest name;
/// then the default and what the palette starts with. None of them has been checked.
[[nodiscard]] std::vector<ValueRepair> repairsOf(const layers::ParamSpec& spec, const Value& value);

}  // namespace shapewise::mistakes
