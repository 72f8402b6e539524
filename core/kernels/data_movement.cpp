#include "core/kernels/data_movement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace shapewise::kernels {
namespace {

void copyFloats(float* to, const float* from, std::int64_t count) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
}

/// Rows [firstRow, lastRow) of one matrix, in tiles that stay in the first-level cache.
void transposeRows(const float* x, float* y, std::int64_t rows, std::int64_t columns, std::int64_t firstRow,
                   std::int64_t lastRow) {
    constexpr std::int64_t kTile = 16;
    for (std::int64_t column = 0; column < columns; column += kTile) {
        const std::int64_t endColumn = std::min(columns, column + kTile);
        for (std::int64_t row = firstRow; row < lastRow; row += kTile) {
            const std::int64_t endRow = std::min(lastRow, row + kTile);
            for (std::int64_t to = column; to < endColumn; ++to) {
                for (std::int64_t from = row; from < endRow; ++from) y[to * rows + from] = x[from * columns + to];
            }
        }
    }
}

/// An axis of the result of permute, with the distance of its neighbours in x.
struct PermutedAxis {
    std::int64_t size;
    std::int64_t distance;
};

/// Axes that stay neighbours are one axis, axes of size 1 none.
std::vector<PermutedAxis> mergedAxes(const Extents& extents, std::span<const int> order) {
    std::vector<std::int64_t> distances(extents.size(), 1);
    for (std::size_t axis = extents.size(); axis-- > 1;) distances[axis - 1] = distances[axis] * extents[axis];
    std::vector<PermutedAxis> axes;
    for (const int place : order) {
        const auto axis = static_cast<std::size_t>(place);
        const PermutedAxis next{extents[axis], distances[axis]};
        if (next.size == 1) continue;
        if (!axes.empty() && axes.back().distance == next.size * next.distance) {
            axes.back() = {axes.back().size * next.size, next.distance};
        } else {
            axes.push_back(next);
        }
    }
    if (axes.empty()) axes.push_back({1, 1});
    return axes;
}

}  // namespace

Extents permutedExtents(const Extents& extents, std::span<const int> order) {
    Extents result;
    for (const int axis : order) result.push_back(extents[static_cast<std::size_t>(axis)]);
    return result;
}

void permute(const Extents& extents, std::span<const int> order, const float* x, float* y, const Parallel& parallel) {
    const std::vector<PermutedAxis> axes = mergedAxes(extents, order);
    const PermutedAxis last = axes.back();
    // [outer.., rows, columns] -> [outer.., columns, rows] is the frequent case of a transpose.
    if (axes.size() == 1) {
        std::copy(x, x + last.size, y);
        return;
    }
    const bool isTranspose = (axes.size() == 2 || axes.size() == 3) && axes[axes.size() - 2].distance == 1 &&
                             last.distance == axes[axes.size() - 2].size &&
                             (axes.size() == 2 || axes[0].distance == last.distance * last.size);
    if (isTranspose) {
        transpose(axes.size() == 3 ? axes[0].size : 1, last.size, axes[axes.size() - 2].size, x, y, parallel);
        return;
    }
    std::int64_t lines = 1;
    for (std::size_t axis = 0; axis + 1 < axes.size(); ++axis) lines *= axes[axis].size;
    parallelFor(parallel, lines, grainFor(last.size), [&](std::int64_t first, std::int64_t end) {
        for (std::int64_t line = first; line < end; ++line) {
            std::int64_t rest = line;
            std::int64_t start = 0;
            for (std::size_t axis = axes.size() - 1; axis-- > 0;) {
                start += rest % axes[axis].size * axes[axis].distance;
                rest /= axes[axis].size;
            }
            const float* from = x + start;
            float* to = y + line * last.size;
            if (last.distance == 1) {
                copyFloats(to, from, last.size);
            } else {
                for (std::int64_t index = 0; index < last.size; ++index) to[index] = from[index * last.distance];
            }
        }
    });
}

void transpose(std::int64_t count, std::int64_t rows, std::int64_t columns, const float* x, float* y,
               const Parallel& parallel) {
    if (rows == 1 || columns == 1) {
        std::copy(x, x + count * rows * columns, y);
        return;
    }
    constexpr std::int64_t kRowsAtOnce = 64;
    const std::int64_t pieces = (rows + kRowsAtOnce - 1) / kRowsAtOnce;
    parallelFor(parallel, count * pieces, grainFor(kRowsAtOnce * columns), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) {
            const std::int64_t matrix = index / pieces * rows * columns;
            const std::int64_t row = index % pieces * kRowsAtOnce;
            transposeRows(x + matrix, y + matrix, rows, columns, row, std::min(rows, row + kRowsAtOnce));
        }
    });
}

void channelsFirstToLast(const Extents& extents, const float* x, float* y, const Parallel& parallel) {
    const AxisSplit split = splitAt(extents, 1);
    transpose(split.outer, split.size, split.inner, x, y, parallel);
}

void channelsLastToFirst(const Extents& extents, const float* x, float* y, const Parallel& parallel) {
    const std::int64_t channels = extents.back();
    std::int64_t positions = 1;
    for (std::size_t axis = 1; axis + 1 < extents.size(); ++axis) positions *= extents[axis];
    transpose(extents.front(), positions, channels, x, y, parallel);
}

Extents channelsLastExtents(const Extents& channelsFirst) {
    Extents result = channelsFirst;
    std::rotate(result.begin() + 1, result.begin() + 2, result.end());
    return result;
}

Extents channelsFirstExtents(const Extents& channelsLast) {
    Extents result = channelsLast;
    std::rotate(result.begin() + 1, result.end() - 1, result.end());
    return result;
}

Extents concatenatedExtents(std::span<const TensorView> inputs, int axis) {
    Extents result = inputs.front().extents;
    const auto at = static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(result.size()) : axis);
    for (const TensorView& input : inputs.subspan(1)) result[at] += input.extents[at];
    return result;
}

void concatenate(std::span<const TensorView> inputs, int axis, float* y, const Parallel& parallel) {
    const AxisSplit whole = splitAt(concatenatedExtents(inputs, axis), axis);
    std::int64_t before = 0;
    for (const TensorView& input : inputs) {
        const std::int64_t piece = splitAt(input.extents, axis).size * whole.inner;
        parallelFor(parallel, whole.outer, grainFor(piece), [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t outer = first; outer < last; ++outer) {
                copyFloats(y + outer * whole.size * whole.inner + before, input.data + outer * piece, piece);
            }
        });
        before += piece;
    }
}

Extents paddedExtents(const Extents& extents, const Margins& margins) {
    Extents result = extents;
    for (std::size_t axis = 0; axis < extents.size(); ++axis)
        result[axis] += margins.before[axis] + margins.after[axis];
    return result;
}

void pad(const Extents& extents, const Margins& margins, float fill, const float* x, float* y,
         const Parallel& parallel) {
    if (extents.empty()) {
        y[0] = x[0];
        return;
    }
    const Extents result = paddedExtents(extents, margins);
    const std::size_t last = extents.size() - 1;
    const std::int64_t width = result[last];
    if (tensor::elementCount(result) == 0) return;
    const std::int64_t copyFirst = std::clamp<std::int64_t>(margins.before[last], 0, width);
    const std::int64_t copyEnd = std::clamp<std::int64_t>(margins.before[last] + extents[last], copyFirst, width);
    parallelFor(parallel, tensor::elementCount(result) / width, grainFor(width),
                [&](std::int64_t first, std::int64_t end) {
                    for (std::int64_t line = first; line < end; ++line) {
                        float* to = y + line * width;
                        std::int64_t rest = line;
                        std::int64_t source = 0;
                        std::int64_t distance = 1;
                        bool isInside = true;
                        for (std::size_t axis = last; axis-- > 0;) {
                            const std::int64_t at = rest % result[axis] - margins.before[axis];
                            rest /= result[axis];
                            isInside = isInside && at >= 0 && at < extents[axis];
                            source += at * distance;
                            distance *= extents[axis];
                        }
                        if (!isInside || copyFirst >= copyEnd) {
                            std::fill(to, to + width, fill);
                            continue;
                        }
                        std::fill(to, to + copyFirst, fill);
                        copyFloats(to + copyFirst, x + source * extents[last] + copyFirst - margins.before[last],
                                   copyEnd - copyFirst);
                        std::fill(to + copyEnd, to + width, fill);
                    }
                });
}

void repeatEach(const AxisSplit& axis, std::int64_t times, const float* x, float* y, const Parallel& parallel) {
    parallelFor(parallel, axis.outer * axis.size, grainFor(times * axis.inner),
                [&](std::int64_t first, std::int64_t last) {
                    for (std::int64_t index = first; index < last; ++index) {
                        const float* from = x + index * axis.inner;
                        float* to = y + index * times * axis.inner;
                        if (axis.inner == 1) {
                            std::fill(to, to + times, *from);
                            continue;
                        }
                        for (std::int64_t copy = 0; copy < times; ++copy)
                            copyFloats(to + copy * axis.inner, from, axis.inner);
                    }
                });
}

void repeatWhole(const AxisSplit& axis, std::int64_t times, const float* x, float* y, const Parallel& parallel) {
    repeatEach({axis.outer, 1, axis.size * axis.inner}, times, x, y, parallel);
}

void upsampleNearest(const ImageSize& input, const Sizes3& factors, const float* x, float* y,
                     const Parallel& parallel) {
    const Sizes3 cells = input.spatial;
    const Sizes3 outputs{cells[0] * factors[0], cells[1] * factors[1], cells[2] * factors[2]};
    const std::int64_t lineSize = outputs[2] * input.channels;
    parallelFor(parallel, input.batch * outputs[0] * outputs[1], grainFor(lineSize),
                [&](std::int64_t first, std::int64_t last) {
                    for (std::int64_t line = first; line < last; ++line) {
                        const std::int64_t i1 = line % outputs[1] / factors[1];
                        const std::int64_t i0 = line / outputs[1] % outputs[0] / factors[0];
                        const std::int64_t sample = line / (outputs[0] * outputs[1]);
                        const float* from = x + ((sample * cells[0] + i0) * cells[1] + i1) * cells[2] * input.channels;
                        repeatEach({1, cells[2], input.channels}, factors[2], from, y + line * lineSize);
                    }
                });
}

Gathered gatherRows(const float* table, std::int64_t rows, std::int64_t width, std::span<const float> ids, float* y,
                    const Parallel& parallel) {
    const auto count = static_cast<std::int64_t>(ids.size());
    const auto isInside = [&](float id) { return id >= 0.0F && id < static_cast<float>(rows); };
    parallelFor(parallel, count, grainFor(width), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t index = first; index < last; ++index) {
            const float id = ids[static_cast<std::size_t>(index)];
            if (isInside(id)) {
                copyFloats(y + index * width, table + static_cast<std::int64_t>(id) * width, width);
            } else {
                std::fill(y + index * width, y + (index + 1) * width, std::numeric_limits<float>::quiet_NaN());
            }
        }
    });
    const auto outside = std::find_if_not(ids.begin(), ids.end(), isInside);
    return {outside == ids.end(), outside == ids.end() ? 0 : outside - ids.begin()};
}

Gathered encodeCategories(CategoryMode mode, const CategoryShape& shape, const float* ids, const float* weights,
                          float* y) {
    const bool oneHot = mode == CategoryMode::OneHot;
    const std::int64_t resultRows = oneHot ? shape.rows * shape.length : shape.rows;
    std::fill(y, y + resultRows * shape.tokens, 0.0F);
    Gathered gathered;
    for (std::int64_t index = 0; index < shape.rows * shape.length; ++index) {
        const float id = ids[index];
        if (!(id >= 0.0F && id < static_cast<float>(shape.tokens))) {
            if (gathered.allInside) gathered = {false, index};
            continue;
        }
        float& cell = y[(oneHot ? index : index / shape.length) * shape.tokens + static_cast<std::int64_t>(id)];
        if (mode == CategoryMode::Count) {
            cell += weights != nullptr ? weights[index] : 1.0F;
        } else {
            cell = 1.0F;
        }
    }
    return gathered;
}

}  // namespace shapewise::kernels
