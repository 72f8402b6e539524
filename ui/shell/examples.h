#pragma once
// The examples compiled into the program, in the order of the menu.

#include <QString>

#include <vector>

namespace shapewise::ui {

struct Example {
    QString title;     ///< "Conv1D into Conv2D"
    QString resource;  ///< ":/examples/conv1d-into-conv2d.shapewise"
};
/// Those that belong to the tour first, further files of resources/examples behind them by name.
[[nodiscard]] std::vector<Example> examples();

}  // namespace shapewise::ui
