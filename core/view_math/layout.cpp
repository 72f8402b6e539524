// Layered drawing after Sugiyama, Tagawa and Toda (1981): columns by longest path, order by barycentres, then heights.

#include "core/view_math/layout.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace shapewise::view_math {

namespace {

using Indices = std::vector<std::size_t>;

/// The links in both directions, without loops and without links to nodes that are not there.
struct Wiring {
    std::vector<Indices> inputs;
    std::vector<Indices> outputs;
    Indices order;  ///< producers first
};

/// Nodes in an order in which producers come first. Where a loop leaves none ready, the first node left goes ahead and
/// its open inputs are dropped.
Wiring wire(const std::vector<LayoutNode>& nodes) {
    const std::size_t count = nodes.size();
    std::vector<Indices> consumers(count);
    std::vector<std::size_t> open(count, 0);
    for (std::size_t index = 0; index < count; ++index)
        for (const std::size_t from : nodes[index].inputs)
            if (from < count && from != index) {
                consumers[from].push_back(index);
                ++open[index];
            }
    Wiring wiring{std::vector<Indices>(count), std::vector<Indices>(count), {}};
    std::vector<char> done(count, 0);
    Indices ready;
    std::size_t next = 0;
    std::size_t firstLeft = 0;
    while (wiring.order.size() < count) {
        for (; ready.empty() && next < count; ++next)
            if (!done[next] && open[next] == 0) ready.push_back(next);
        if (ready.empty()) {  // only loops are left
            while (done[firstLeft]) ++firstLeft;
            ready.push_back(firstLeft);
        }
        while (!ready.empty()) {
            const std::size_t node = ready.back();
            ready.pop_back();
            if (done[node]) continue;
            done[node] = 1;
            wiring.order.push_back(node);
            for (const std::size_t from : nodes[node].inputs)
                if (from < count && from != node && done[from]) {
                    wiring.inputs[node].push_back(from);
                    wiring.outputs[from].push_back(node);
                }
            for (auto consumer = consumers[node].rbegin(); consumer != consumers[node].rend(); ++consumer)
                if (open[*consumer] > 0 && --open[*consumer] == 0 && !done[*consumer]) ready.push_back(*consumer);
        }
    }
    return wiring;
}

/// The number of the connected part each node belongs to, counted in order of the parts' first nodes.
Indices partsOf(const Wiring& wiring) {
    const std::size_t count = wiring.inputs.size();
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    Indices part(count, kNone);
    std::size_t parts = 0;
    for (std::size_t start = 0; start < count; ++start) {
        if (part[start] != kNone) continue;
        Indices stack{start};
        part[start] = parts;
        while (!stack.empty()) {
            const std::size_t node = stack.back();
            stack.pop_back();
            for (const auto* neighbours : {&wiring.inputs[node], &wiring.outputs[node]})
                for (const std::size_t other : *neighbours)
                    if (part[other] == kNone) {
                        part[other] = parts;
                        stack.push_back(other);
                    }
        }
        ++parts;
    }
    return part;
}

Indices columnsOf(const Wiring& wiring) {
    Indices column(wiring.inputs.size(), 0);
    for (const std::size_t node : wiring.order)
        for (const std::size_t from : wiring.inputs[node]) column[node] = std::max(column[node], column[from] + 1);
    // A source stands just left of its first consumer, not at the far left.
    for (const std::size_t node : wiring.order) {
        if (!wiring.inputs[node].empty() || wiring.outputs[node].empty()) continue;
        std::size_t first = std::numeric_limits<std::size_t>::max();
        for (const std::size_t to : wiring.outputs[node]) first = std::min(first, column[to]);
        column[node] = first - 1;
    }
    return column;
}

double mean(const Indices& neighbours, const std::vector<double>& centre, double otherwise) {
    if (neighbours.empty()) return otherwise;
    double sum = 0.0;
    for (const std::size_t node : neighbours) sum += centre[node];
    return sum / static_cast<double>(neighbours.size());
}

/// Gives the nodes of a column centres as near to `wanted` as their order and heights allow: blocks that touch are
/// merged and stand at the mean of what they want (pool adjacent violators).
void settle(const Indices& column, const std::vector<LayoutNode>& nodes, double gap, const std::vector<double>& wanted,
            std::vector<double>& centre) {
    struct Block {
        std::size_t first;
        std::size_t count;
        double start;  // wanted upper edge, a mean
        double height;
    };
    std::vector<Block> blocks;
    for (std::size_t index = 0; index < column.size(); ++index) {
        const double height = nodes[column[index]].height + gap;
        blocks.push_back({index, 1, wanted[column[index]] - nodes[column[index]].height / 2.0, height});
        while (blocks.size() > 1) {
            Block& upper = blocks[blocks.size() - 2];
            const Block lower = blocks.back();
            if (upper.start + upper.height <= lower.start) break;
            const auto above = static_cast<double>(upper.count);
            const auto below = static_cast<double>(lower.count);
            upper.start = (upper.start * above + (lower.start - upper.height) * below) / (above + below);
            upper.count += lower.count;
            upper.height += lower.height;
            blocks.pop_back();
        }
    }
    for (const Block& block : blocks) {
        double y = block.start;
        for (std::size_t index = block.first; index < block.first + block.count; ++index) {
            centre[column[index]] = y + nodes[column[index]].height / 2.0;
            y += nodes[column[index]].height + gap;
        }
    }
}

/// Centres of the nodes of one part, over its columns.
void arrange(std::vector<Indices>& columns, const Wiring& wiring, const std::vector<LayoutNode>& nodes, double gap,
             std::vector<double>& centre) {
    constexpr int kSweeps = 4;
    std::vector<double> wanted(nodes.size(), 0.0);
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        const bool rightward = sweep % 2 == 0;
        for (std::size_t step = 0; step < columns.size(); ++step) {
            Indices& column = columns[rightward ? step : columns.size() - 1 - step];
            for (const std::size_t node : column)
                wanted[node] = mean(rightward ? wiring.inputs[node] : wiring.outputs[node], centre, centre[node]);
            std::stable_sort(column.begin(), column.end(),
                             [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
            settle(column, nodes, gap, wanted, centre);
        }
    }
}

}  // namespace

std::vector<LayoutPlace> layered(const std::vector<LayoutNode>& nodes, const LayoutGaps& gaps) {
    const Wiring wiring = wire(nodes);
    const Indices part = partsOf(wiring);
    const Indices columnOf = columnsOf(wiring);
    const std::size_t partCount = part.empty() ? 0 : *std::max_element(part.begin(), part.end()) + 1;

    std::vector<std::vector<Indices>> columns(partCount);
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        std::vector<Indices>& own = columns[part[node]];
        if (own.size() <= columnOf[node]) own.resize(columnOf[node] + 1);
        own[columnOf[node]].push_back(node);
    }
    std::vector<LayoutPlace> places(nodes.size());
    std::vector<double> centre(nodes.size(), 0.0);
    double top = 0.0;
    for (std::vector<Indices>& own : columns) {
        arrange(own, wiring, nodes, gaps.below, centre);
        double upper = std::numeric_limits<double>::max();
        double lower = std::numeric_limits<double>::lowest();
        for (const Indices& column : own)
            for (const std::size_t node : column) {
                upper = std::min(upper, centre[node] - nodes[node].height / 2.0);
                lower = std::max(lower, centre[node] + nodes[node].height / 2.0);
            }
        double x = 0.0;
        for (const Indices& column : own) {
            double width = 0.0;
            for (const std::size_t node : column) {
                places[node] = {x, top + centre[node] - nodes[node].height / 2.0 - upper};
                width = std::max(width, nodes[node].width);
            }
            if (!column.empty()) x += width + gaps.between;
        }
        top += lower - upper + gaps.parts;
    }
    return places;
}

}  // namespace shapewise::view_math
