#pragma once
// The table of views for tensors. Everything that shows a tensor offers its rows.

#include "ui/viewers/tensor_view.h"

#include <QString>

#include <functional>
#include <vector>

namespace shapewise::ui {

/// How much room there is: the bottom of the window, or a section of the inspector.
enum class Room { Wide, Narrow };

struct TensorViewSpec {
    QString id;
    QString title;  ///< in a list of kinds of picture
    /// False: this view has no way to show such a tensor, and is not offered.
    std::function<bool(const tensor::TensorType& type)> accepts;
    std::function<TensorView*(QWidget* parent)> make;
    /// True where this view is chosen when nobody chose one; of several rows the first.
    std::function<bool(const TensorShown& shown, Room room)> suits;
    bool showsOneMap = false;  ///< of the maps of a tensor, the one of TensorShown::place
    bool opensMaps = false;    ///< shows all maps; one whose cell is chosen is wanted large
    bool hasColors = false;    ///< follows TensorShown::style
};

[[nodiscard]] const std::vector<TensorViewSpec>& tensorViews();

/// The view chosen for a tensor when nobody chose one; null when none accepts it.
[[nodiscard]] const TensorViewSpec* suitingView(const std::vector<TensorViewSpec>& views, const TensorShown& shown,
                                                Room room);

}  // namespace shapewise::ui
