#pragma once
// The data behind the colour maps.

#include <array>
#include <cstdint>

namespace shapewise::view_math {

using ColorTable = std::array<std::uint32_t, 256>;  ///< 0xRRGGBB

extern const ColorTable kViridisTable;
extern const ColorTable kMagmaTable;
extern const ColorTable kCividisTable;
extern const ColorTable kTwilightTable;  ///< cyclic: first and last entry meet

}  // namespace shapewise::view_math
