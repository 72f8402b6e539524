#pragma once
// Places nodes of a graph in columns from left to right, for models that come without places and for Tidy.
// Pure numbers: who the nodes are is the caller's affair.

#include <cstddef>
#include <vector>

namespace shapewise::view_math {

struct LayoutNode {
    double width = 200.0;
    double height = 110.0;
    std::vector<std::size_t> inputs;  ///< indices of the nodes that feed it; out-of-range ones and loops are tolerated
};

struct LayoutPlace {
    double x = 0.0;  ///< of the upper left corner
    double y = 0.0;
};

struct LayoutGaps {
    double between = 100.0;  ///< columns
    double below = 48.0;     ///< nodes of a column
    double parts = 96.0;     ///< unconnected parts of the graph, which stand one below the other
};

/// Each node stands right of all that feed it and beside them where there is room; straight runs stay straight.
/// The same input gives the same places. O(n log n).
[[nodiscard]] std::vector<LayoutPlace> layered(const std::vector<LayoutNode>& nodes, const LayoutGaps& gaps = {});

}  // namespace shapewise::view_math
