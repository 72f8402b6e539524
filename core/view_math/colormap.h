#pragma once
// Colour maps by name: perceptually ordered for one-signed data, diverging for signed data, cyclic for phase.
// Never a rainbow: lightness is read as data far better than hue. Saved by id, never by index.

#include "core/view_math/colormap_tables.h"

#include <span>
#include <string_view>

namespace shapewise::view_math {

enum class ColormapKind : std::uint8_t { Sequential, Diverging, Cyclic };

struct Colormap {
    std::string_view id;     ///< "viridis"
    std::string_view title;  ///< "Viridis"
    ColormapKind kind = ColormapKind::Sequential;
    ColorTable colors{};  ///< lowest value first, 0xRRGGBB
};

/// viridis, magma, cividis, grey; blue-red (diverging, neutral at the middle); twilight (cyclic).
[[nodiscard]] std::span<const Colormap> allColormaps();
/// Viridis when nobody knows the id.
[[nodiscard]] const Colormap& colormap(std::string_view id);

/// Colours no map contains, for values that are no numbers or infinite.
inline constexpr std::uint32_t kNotANumberColor = 0xFF00FF;

}  // namespace shapewise::view_math
