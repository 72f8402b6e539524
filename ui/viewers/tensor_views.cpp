#include "ui/viewers/tensor_views.h"

#include "core/view_math/picture_colours.h"
#include "ui/viewers/colour_view.h"
#include "ui/viewers/curves_view.h"
#include "ui/viewers/feature_map_grid.h"
#include "ui/viewers/heat_map_view.h"

#include <QCoreApplication>

#include <algorithm>

namespace shapewise::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("TensorViews", text); }

constexpr std::int64_t kMostWaves = 2;

bool acceptsAll(const tensor::TensorType&) { return true; }

/// One value a step, of at most two channels: as a map it would be a stripe.
bool isWaveform(const tensor::TensorType& type) {
    const view_math::MapLayout layout = view_math::chooseLayout(type.shape);
    if (!layout.isCurve) return false;
    if (layout.rows < 0) return true;
    const tensor::Dim rows = type.shape[layout.rows];
    return rows.isKnown() && rows.size() <= kMostWaves;
}

bool acceptsMaps(const tensor::TensorType& type) { return !isWaveform(type); }

template <class View>
TensorView* make(QWidget* parent) {
    return new View(parent);
}

bool suitsCurves(const TensorShown& shown, Room room) {
    const bool isReadable = room == Room::Wide || shown.size(shown.layout.rows) <= CurvesView::kMostCurves;
    return shown.layout.isCurve && isReadable;
}

bool mayBeColours(const tensor::TensorType& type) {
    const tensor::Shape& shape = type.shape;
    const auto isColours = [&](int axis) { return shape[axis] == tensor::Dim(3) || shape[axis] == tensor::Dim(4); };
    return shape.rank() == 4 && (isColours(1) || isColours(3));
}

bool suitsColours(const TensorShown& shown, Room) {
    return shown.isPicture && view_math::colourAxis(shown.type.shape, *shown.values) > 0;
}

bool suitsMaps(const TensorShown& shown, Room room) {
    return room == Room::Wide && !shown.layout.isCurve && view_math::mapCount(*shown.values, shown.layout) > 1;
}

bool suitsWhatIsLeft(const TensorShown& shown, Room room) {
    return !suitsColours(shown, room) && !suitsCurves(shown, room) && !suitsMaps(shown, room);
}

}  // namespace

const std::vector<TensorViewSpec>& tensorViews() {
    static const std::vector<TensorViewSpec> kViews{
        {.id = QStringLiteral("colours"),
         .title = translated("Colours"),
         .accepts = mayBeColours,
         .make = make<ColourView>,
         .suits = suitsColours},
        {.id = QStringLiteral("maps"),
         .title = translated("All Maps"),
         .accepts = acceptsMaps,
         .make = make<FeatureMapGrid>,
         .suits = suitsMaps,
         .opensMaps = true,
         .hasColors = true},
        {.id = QStringLiteral("map"),
         .title = translated("One Map"),
         .accepts = acceptsMaps,
         .make = make<HeatMapView>,
         .suits = suitsWhatIsLeft,
         .showsOneMap = true,
         .hasColors = true},
        {.id = QStringLiteral("curves"),
         .title = translated("Curves"),
         .accepts = acceptsAll,
         .make = make<CurvesView>,
         .suits = suitsCurves},
    };
    return kViews;
}

const TensorViewSpec* suitingView(const std::vector<TensorViewSpec>& views, const TensorShown& shown, Room room) {
    const auto found = std::find_if(views.begin(), views.end(), [&](const TensorViewSpec& view) {
        return view.accepts(shown.type) && view.suits(shown, room);
    });
    if (found != views.end()) return &*found;
    const auto other =
        std::find_if(views.begin(), views.end(), [&](const TensorViewSpec& view) { return view.accepts(shown.type); });
    return other == views.end() ? nullptr : &*other;
}

}  // namespace shapewise::ui
