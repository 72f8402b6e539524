#pragma once
// RectIndex: which rectangles touch a given one, without a look at all of them. RectExtent: what all of them cover.

#include <QRectF>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

namespace shapewise::ui {

/// Grids of cells whose side doubles from one to the next. A rectangle is kept in the cell of its upper left corner, in
/// the finest grid whose cells are no smaller than it, so that one of any size is kept in one place. put() and remove()
/// cost what one cell holds; touching() costs what lies near.
template <class Item>
class RectIndex {
  public:
    /// Keeps `item` at `rect`; one that is kept already moves there.
    void put(Item* item, const QRectF& rect) {
        const auto found = homes_.find(item);
        const Home home{levelOf(rect), {}};
        const Cell cell = cellAt(rect.topLeft(), sideOf(home.level));
        if (found != homes_.end() && found->second.level == home.level && found->second.cell == cell) {
            slotOf(found->second, item)->rect = rect;
            return;
        }
        std::uint64_t order = nextOrder_;
        if (found != homes_.end()) {
            order = slotOf(found->second, item)->order;
            remove(item);
        } else {
            ++nextOrder_;
        }
        if (home.level >= levels_.size()) levels_.resize(home.level + 1);
        levels_[home.level][cell].push_back({item, rect, order});
        homes_[item] = {home.level, cell};
    }

    void remove(Item* item) {
        const auto found = homes_.find(item);
        if (found == homes_.end()) return;
        const auto kept = levels_[found->second.level].find(found->second.cell);
        std::vector<Slot>& slots = kept->second;
        *slotOf(found->second, item) = slots.back();
        slots.pop_back();
        if (slots.empty()) levels_[found->second.level].erase(kept);
        homes_.erase(found);
    }

    void clear() {
        homes_.clear();
        levels_.clear();
        nextOrder_ = 0;
    }

    /// In the order in which they were first put.
    [[nodiscard]] std::vector<Item*> touching(const QRectF& rect) const {
        std::vector<Slot> found;
        for (std::size_t level = 0; level < levels_.size(); ++level) collect(level, rect, found);
        std::sort(found.begin(), found.end(), [](const Slot& a, const Slot& b) { return a.order < b.order; });
        std::vector<Item*> items;
        items.reserve(found.size());
        for (const Slot& slot : found) items.push_back(slot.item);
        return items;
    }

  private:
    struct Slot {
        Item* item;
        QRectF rect;
        std::uint64_t order;
    };
    struct Cell {
        std::int64_t column;
        std::int64_t row;
        friend bool operator==(const Cell&, const Cell&) = default;
    };
    struct CellHash {
        std::size_t operator()(const Cell& cell) const {
            constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
            return static_cast<std::size_t>(static_cast<std::uint64_t>(cell.column) * kSpread ^
                                            static_cast<std::uint64_t>(cell.row));
        }
    };
    struct Home {
        std::size_t level;
        Cell cell;
    };
    using Level = std::unordered_map<Cell, std::vector<Slot>, CellHash>;

    static constexpr double kFinestSide = 256.0;  ///< about a node
    static constexpr std::size_t kMostLevels = 40;

    static double sideOf(std::size_t level) { return std::ldexp(kFinestSide, static_cast<int>(level)); }
    static std::size_t levelOf(const QRectF& rect) {
        const double size = std::max(rect.width(), rect.height());
        std::size_t level = 0;
        while (level + 1 < kMostLevels && sideOf(level) < size) ++level;
        return level;
    }
    static Cell cellAt(const QPointF& point, double side) {
        return {static_cast<std::int64_t>(std::floor(point.x() / side)),
                static_cast<std::int64_t>(std::floor(point.y() / side))};
    }

    typename std::vector<Slot>::iterator slotOf(const Home& home, const Item* item) {
        std::vector<Slot>& slots = levels_[home.level].at(home.cell);
        return std::find_if(slots.begin(), slots.end(), [&](const Slot& slot) { return slot.item == item; });
    }

    void collect(std::size_t level, const QRectF& rect, std::vector<Slot>& found) const {
        const auto take = [&](const std::vector<Slot>& slots) {
            for (const Slot& slot : slots)
                if (slot.rect.intersects(rect)) found.push_back(slot);
        };
        const Level& cells = levels_[level];
        const double side = sideOf(level);
        // One cell more to the left and above: what begins there may reach in.
        const Cell first = cellAt(rect.topLeft() - QPointF(side, side), side);
        const Cell last = cellAt(rect.bottomRight(), side);
        const double count =
            static_cast<double>(last.column - first.column + 1) * static_cast<double>(last.row - first.row + 1);
        if (count > static_cast<double>(cells.size())) {
            for (const auto& [cell, slots] : cells) take(slots);
            return;
        }
        for (std::int64_t row = first.row; row <= last.row; ++row)
            for (std::int64_t column = first.column; column <= last.column; ++column)
                if (const auto kept = cells.find({column, row}); kept != cells.end()) take(kept->second);
    }

    std::unordered_map<const Item*, Home> homes_;
    std::vector<Level> levels_;
    std::uint64_t nextOrder_ = 0;
};

/// The smallest rectangle around any number of them, of which each can be taken away again. O(log n).
class RectExtent {
  public:
    void add(const QRectF& rect) {
        left_.insert(rect.left());
        top_.insert(rect.top());
        right_.insert(rect.right());
        bottom_.insert(rect.bottom());
    }
    /// Precondition: it was added.
    void remove(const QRectF& rect) {
        left_.erase(left_.find(rect.left()));
        top_.erase(top_.find(rect.top()));
        right_.erase(right_.find(rect.right()));
        bottom_.erase(bottom_.find(rect.bottom()));
    }
    void clear() { *this = RectExtent(); }
    /// Empty without rectangles.
    [[nodiscard]] QRectF rect() const {
        if (left_.empty()) return {};
        return {QPointF(*left_.begin(), *top_.begin()), QPointF(*right_.rbegin(), *bottom_.rbegin())};
    }

  private:
    std::multiset<double> left_, top_, right_, bottom_;
};

}  // namespace shapewise::ui
