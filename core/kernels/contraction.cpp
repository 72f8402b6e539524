// Einsum by permuting both operands to [shared, own, summed] and multiplying batches of matrices.

#include "core/kernels/contraction.h"

#include "core/kernels/data_movement.h"
#include "core/kernels/matmul.h"
#include "core/kernels/normalization.h"
#include "core/kernels/scratch.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace shapewise::kernels {
namespace {

constexpr std::string_view kEllipsis = "...";

/// Stands for the axes of "..." in label strings, counted from the right: kFirstHidden is the last of them.
constexpr char kFirstHidden = '\x01';

/// An equation with "..." written out: one character an axis.
struct Labels {
    std::string a;
    std::string b;
    std::string result;
};

std::string withoutSpaces(std::string_view text) {
    std::string result;
    std::copy_if(text.begin(), text.end(), std::back_inserter(result), [](char c) { return c != ' '; });
    return result;
}

/// Writes "..." out as `hidden` axes. Fails on characters that are no letters.
Result<std::string> writtenOut(std::string_view term, std::size_t hidden) {
    std::string labels;
    for (std::size_t place = 0; place < term.size(); ++place) {
        if (term.substr(place, kEllipsis.size()) == kEllipsis) {
            for (std::size_t axis = hidden; axis-- > 0;)
                labels.push_back(static_cast<char>(kFirstHidden + static_cast<char>(axis)));
            place += kEllipsis.size() - 1;
        } else if (std::isalpha(static_cast<unsigned char>(term[place])) != 0) {
            labels.push_back(term[place]);
        } else {
            return failure("The equation has '" + std::string(1, term[place]) + "' in '" + std::string(term) + "'",
                           "Use letters, a comma and '->', for example 'abc,cd->abd'");
        }
    }
    return labels;
}

Result<std::size_t> hiddenAxes(std::string_view term, std::size_t rank) {
    const bool hasEllipsis = term.find(kEllipsis) != std::string_view::npos;
    const std::size_t letters = term.size() - (hasEllipsis ? kEllipsis.size() : 0);
    if (letters > rank || (!hasEllipsis && letters != rank)) {
        return failure("'" + std::string(term) + "' names " + std::to_string(letters) + " axes, its input has " +
                           std::to_string(rank),
                       "Name each axis of the input, or put '...' for those that stay");
    }
    return rank - letters;
}

Result<Labels> parseEquation(std::string_view equation, std::size_t rankA, std::size_t rankB) {
    const std::string text = withoutSpaces(equation);
    const std::size_t arrow = text.find("->");
    const std::size_t comma = text.find(',');
    if (arrow == std::string::npos || comma == std::string::npos || comma > arrow) {
        return failure("The equation '" + std::string(equation) + "' is not of the form 'ab,bc->ac'",
                       "Write two inputs, '->' and the output");
    }
    const std::string termA = text.substr(0, comma);
    const std::string termB = text.substr(comma + 1, arrow - comma - 1);
    const std::string termResult = text.substr(arrow + 2);
    const auto hiddenA = hiddenAxes(termA, rankA);
    if (!hiddenA) return tl::make_unexpected(hiddenA.error());
    const auto hiddenB = hiddenAxes(termB, rankB);
    if (!hiddenB) return tl::make_unexpected(hiddenB.error());
    auto a = writtenOut(termA, *hiddenA);
    if (!a) return tl::make_unexpected(a.error());
    auto b = writtenOut(termB, *hiddenB);
    if (!b) return tl::make_unexpected(b.error());
    auto result = writtenOut(termResult, std::max(*hiddenA, *hiddenB));
    if (!result) return tl::make_unexpected(result.error());
    return Labels{std::move(*a), std::move(*b), std::move(*result)};
}

std::int64_t sizeOf(char label, const std::string& labels, const Extents& extents) {
    const std::size_t place = labels.find(label);
    return place == std::string::npos ? 1 : extents[place];
}

/// Sizes by label; axes of "..." broadcast, letters must agree.
Result<Extents> resultExtents(const Labels& labels, const Extents& a, const Extents& b) {
    for (std::size_t place = 0; place < labels.a.size(); ++place) {
        const std::size_t other = labels.b.find(labels.a[place]);
        if (other == std::string::npos || a[place] == b[other]) continue;
        const bool mayRepeat = labels.a[place] < ' ' && (a[place] == 1 || b[other] == 1);
        if (mayRepeat) continue;
        return failure("Axis '" + std::string(1, labels.a[place]) + "' is " + std::to_string(a[place]) +
                           " in one input and " + std::to_string(b[other]) + " in the other",
                       "Give both the same size");
    }
    Extents result;
    for (const char label : labels.result) {
        if (labels.a.find(label) == std::string::npos && labels.b.find(label) == std::string::npos) {
            return failure("The output names axis '" + std::string(1, label) + "', which no input has",
                           "Use letters of the inputs");
        }
        result.push_back(std::max(sizeOf(label, labels.a, a), sizeOf(label, labels.b, b)));
    }
    return result;
}

/// An operand brought to a wanted order of labels: repeated labels are taken along the diagonal, labels nobody else has
/// are summed up, missing ones are repeated.
class Operand {
  public:
    Operand(const std::string& labels, const TensorView& tensor) : labels_(labels), tensor_(tensor) {}

    /// to: [sizes of `wanted`]; sums over all other labels.
    void arrange(const std::string& wanted, const std::string& allLabels, const Extents& allSizes, float* to) const {
        std::vector<Loop> loops;
        std::int64_t count = 1;
        for (const char label : wanted) {
            const std::int64_t size = allSizes[allLabels.find(label)];
            loops.push_back({size, distance(label)});
            count *= size;
        }
        std::vector<Loop> summed;
        std::string seen = wanted;
        for (const char label : labels_) {
            if (seen.find(label) != std::string::npos) continue;
            seen.push_back(label);
            summed.push_back({allSizes[allLabels.find(label)], distance(label)});
        }
        for (std::int64_t index = 0; index < count; ++index)
            to[index] = sum(summed, tensor_.data + offset(loops, index));
    }

  private:
    struct Loop {
        std::int64_t size;
        std::int64_t distance;
    };

    /// Floats from one index of a label to the next; 0 where the operand is repeated along it.
    [[nodiscard]] std::int64_t distance(char label) const {
        std::int64_t result = 0;
        std::int64_t step = 1;
        for (std::size_t axis = labels_.size(); axis-- > 0;) {
            if (labels_[axis] == label && tensor_.extents[axis] != 1) result += step;
            step *= tensor_.extents[axis];
        }
        return result;
    }

    static std::int64_t offset(const std::vector<Loop>& loops, std::int64_t index) {
        std::int64_t result = 0;
        for (std::size_t loop = loops.size(); loop-- > 0;) {
            result += index % loops[loop].size * loops[loop].distance;
            index /= loops[loop].size;
        }
        return result;
    }

    static float sum(const std::vector<Loop>& loops, const float* from) {
        std::int64_t count = 1;
        for (const Loop& loop : loops) count *= loop.size;
        if (count == 1) return *from;
        double total = 0.0;
        for (std::int64_t index = 0; index < count; ++index) total += static_cast<double>(from[offset(loops, index)]);
        return static_cast<float>(total);
    }

    const std::string& labels_;
    const TensorView& tensor_;
};

bool has(const std::string& labels, char label) { return labels.find(label) != std::string::npos; }

/// The labels of an equation by their part in a product of matrices.
struct Roles {
    std::string shared;   ///< in both and in the result: one matrix for each
    std::string rows;     ///< of a and the result
    std::string columns;  ///< of b and the result
    std::string summed;   ///< in both, not in the result
    std::string all;
    Extents sizes;  ///< of all
};

Roles rolesOf(const Labels& labels, const Extents& a, const Extents& b) {
    Roles roles;
    for (const char label : labels.a + labels.b) {
        if (has(roles.all, label)) continue;
        roles.all.push_back(label);
        roles.sizes.push_back(std::max(sizeOf(label, labels.a, a), sizeOf(label, labels.b, b)));
        const bool inA = has(labels.a, label);
        const bool inB = has(labels.b, label);
        const bool stays = has(labels.result, label);
        if (inA && inB) (stays ? roles.shared : roles.summed).push_back(label);
        if (inA && !inB && stays) roles.rows.push_back(label);
        if (!inA && inB && stays) roles.columns.push_back(label);
    }
    return roles;
}

std::int64_t sizeOfAll(const Roles& roles, const std::string& labels) {
    std::int64_t size = 1;
    for (const char label : labels) size *= roles.sizes[roles.all.find(label)];
    return size;
}

/// The operand in the wanted order; read in place when it lies so already.
const float* arranged(const std::string& labels, const TensorView& tensor, const std::string& wanted,
                      const Roles& roles, ScratchFrame& frame) {
    const std::int64_t count = sizeOfAll(roles, wanted);
    if (labels == wanted && count == tensor.count()) return tensor.data;
    float* to = frame.floats(count);
    Operand(labels, tensor).arrange(wanted, roles.all, roles.sizes, to);
    return to;
}

}  // namespace

Result<Extents> einsumExtents(std::string_view equation, const Extents& a, const Extents& b) {
    const auto labels = parseEquation(equation, a.size(), b.size());
    if (!labels) return tl::make_unexpected(labels.error());
    return resultExtents(*labels, a, b);
}

void einsum(std::string_view equation, const TensorView& a, const TensorView& b, float* y, const Parallel& parallel) {
    const Labels labels = *parseEquation(equation, a.extents.size(), b.extents.size());
    const Roles roles = rolesOf(labels, a.extents, b.extents);
    const std::int64_t matrices = sizeOfAll(roles, roles.shared);
    const std::int64_t rows = sizeOfAll(roles, roles.rows);
    const std::int64_t columns = sizeOfAll(roles, roles.columns);
    const std::int64_t depth = sizeOfAll(roles, roles.summed);
    ScratchFrame frame;
    const float* left = arranged(labels.a, a, roles.shared + roles.rows + roles.summed, roles, frame);
    const float* right = arranged(labels.b, b, roles.shared + roles.summed + roles.columns, roles, frame);
    const std::string made = roles.shared + roles.rows + roles.columns;
    float* product = made == labels.result ? y : frame.floats(matrices * rows * columns);
    batchedMatmul({matrices, rows * depth, depth * columns, rows * columns}, MatrixView::rowMajor(left, rows, depth),
                  MatrixView::rowMajor(right, depth, columns), product, columns, {}, parallel);
    if (product == y) return;
    Extents extents;
    for (const char label : made) extents.push_back(roles.sizes[roles.all.find(label)]);
    const TensorView whole{product, extents};
    Operand(made, whole).arrange(labels.result, roles.all, roles.sizes, y);
}

Extents dotExtents(const Extents& a, const Extents& b, std::pair<int, int> axes) {
    const auto place = [](int axis, const Extents& extents) {
        return static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(extents.size()) : axis);
    };
    Extents result{a.front()};
    for (std::size_t axis = 1; axis < a.size(); ++axis) {
        if (axis != place(axes.first, a)) result.push_back(a[axis]);
    }
    for (std::size_t axis = 1; axis < b.size(); ++axis) {
        if (axis != place(axes.second, b)) result.push_back(b[axis]);
    }
    if (result.size() == 1) result.push_back(1);
    return result;
}

void dot(const TensorView& a, const TensorView& b, std::pair<int, int> axes, bool normalize, float* y,
         const Parallel& parallel) {
    ScratchFrame frame;
    TensorView left = a;
    TensorView right = b;
    if (normalize) {
        const auto normalized = [&](const TensorView& tensor, int axis) {
            float* values = frame.floats(tensor.count());
            const std::array<int, 1> axisList{axis};
            unitNormalization(tensor.extents, axisList, tensor.data, values, parallel);
            return values;
        };
        left.data = normalized(a, axes.first);
        right.data = normalized(b, axes.second);
    }
    // Letters: batch z, summed s, the rest a.. and A..
    const auto labelsOf = [](std::size_t rank, int axis, char first, std::string& own) {
        const auto summed = static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(rank) : axis);
        std::string labels = "z";
        for (std::size_t place = 1; place < rank; ++place) {
            const char label = place == summed ? 's' : static_cast<char>(first + static_cast<char>(place));
            labels.push_back(label);
            if (label != 's') own.push_back(label);
        }
        return labels;
    };
    std::string own = "z";
    const std::string labelsA = labelsOf(a.extents.size(), axes.first, 'a', own);
    const std::string labelsB = labelsOf(b.extents.size(), axes.second, 'A', own);
    einsum(labelsA + "," + labelsB + "->" + own, left, right, y, parallel);
}

}  // namespace shapewise::kernels
