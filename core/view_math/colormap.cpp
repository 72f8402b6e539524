#include "core/view_math/colormap.h"

#include <algorithm>
#include <cmath>

namespace shapewise::view_math {
namespace {

std::uint32_t pack(double red, double green, double blue) {
    const auto byte = [](double part) {
        return static_cast<std::uint32_t>(std::lround(std::clamp(part, 0.0, 1.0) * 255.0));
    };
    return byte(red) << 16 | byte(green) << 8 | byte(blue);
}

ColorTable greyTable() {
    ColorTable table{};
    for (std::size_t index = 0; index < table.size(); ++index) {
        const double level = static_cast<double>(index) / 255.0;
        table[index] = pack(level, level, level);
    }
    return table;
}

/// Blue below zero, light grey at zero, red above: linear in each half between three colours of equal steps
/// in lightness.
ColorTable blueRedTable() {
    struct Rgb {
        double red, green, blue;
    };
    constexpr std::array<Rgb, 5> kStops{
        {{0.02, 0.19, 0.38}, {0.26, 0.58, 0.76}, {0.97, 0.97, 0.97}, {0.84, 0.38, 0.30}, {0.40, 0.00, 0.12}}};
    ColorTable table{};
    for (std::size_t index = 0; index < table.size(); ++index) {
        const double place = static_cast<double>(index) / 255.0 * 4.0;
        const auto stop = std::min<std::size_t>(3, static_cast<std::size_t>(place));
        const double part = place - static_cast<double>(stop);
        const Rgb& from = kStops[stop];
        const Rgb& to = kStops[stop + 1];
        table[index] = pack(from.red + part * (to.red - from.red), from.green + part * (to.green - from.green),
                            from.blue + part * (to.blue - from.blue));
    }
    return table;
}

const std::array<Colormap, 6>& maps() {
    static const std::array<Colormap, 6> kMaps{{
        {"viridis", "Viridis", ColormapKind::Sequential, kViridisTable},
        {"magma", "Magma", ColormapKind::Sequential, kMagmaTable},
        {"cividis", "Cividis (safe for colour blindness)", ColormapKind::Sequential, kCividisTable},
        {"grey", "Grey", ColormapKind::Sequential, greyTable()},
        {"blue-red", "Blue–red around zero", ColormapKind::Diverging, blueRedTable()},
        {"twilight", "Twilight (phase)", ColormapKind::Cyclic, kTwilightTable},
    }};
    return kMaps;
}

}  // namespace

std::span<const Colormap> allColormaps() { return maps(); }

const Colormap& colormap(std::string_view id) {
    const auto found = std::find_if(maps().begin(), maps().end(), [&](const Colormap& map) { return map.id == id; });
    return found == maps().end() ? maps().front() : *found;
}

}  // namespace shapewise::view_math
