// Merging inputs of unequal ranks: what each needs to get the axes and sizes of another, all in one repair.

#include "core/base/amount.h"
#include "core/mistakes/rules/merge.h"
#include "core/mistakes/rules/readings.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace shapewise::mistakes {
namespace {

using diag::Applicability;
using diag::Phrase;
using diag::say;
using tensor::Dim;

constexpr std::int64_t kMostUnits = 1000000;  ///< of a Dense that makes all values of another shape

/// What all inputs shall become.
struct Wanted {
    Sizes sizes;                ///< without the batch
    std::size_t channel = 0;    ///< the axis of `sizes` that holds the channels
    std::size_t free = ~0U;     ///< the axis of `sizes` along which inputs are joined: any size is right
    bool stretchesOnes = true;  ///< a size of 1 is made as large as the others; else the layer does it

    [[nodiscard]] bool isChannelsFirst() const { return channel == 0 && sizes.size() > 2; }
    [[nodiscard]] int space() const { return static_cast<int>(sizes.size()) - 1; }  // fits: a rank
    [[nodiscard]] std::string layer(std::string_view base) const {
        return std::string(base) + std::to_string(space()) + "D";
    }
    /// The axis of `sizes` that is the index-th of space.
    [[nodiscard]] std::size_t spatial(std::size_t index) const { return isChannelsFirst() ? index + 1 : index; }
};

bool areEqual(Dim a, Dim b) { return a == b || !a.isKnown() || !b.isKnown(); }

/// Where the axes of a smaller shape go in a larger one: as many as can be stand where the size is the same, the rest
/// as far behind as can be. As a set of bits.
unsigned placesFor(const Sizes& low, const Wanted& wanted) {
    unsigned best = 0;
    int bestScore = -1;
    const auto last = 1U << wanted.sizes.size();
    for (unsigned places = 1; places < last; ++places) {
        if (std::popcount(places) != static_cast<int>(low.size())) continue;
        int score = ((places >> wanted.channel) & 1U) != 0U ? 1 : 0;
        std::size_t axis = 0;
        for (std::size_t place = 0; place < wanted.sizes.size(); ++place) {
            if (((places >> place) & 1U) == 0U) continue;
            if (low[axis] != Dim(1) && low[axis] == wanted.sizes[place]) score += 2;
            ++axis;
        }
        if (score >= bestScore) {
            best = places;
            bestScore = score;
        }
    }
    return best;
}

/// Layers on one link, in words and as a plan.
class Conversion {
  public:
    Conversion(Plan& plan, graph::LinkPlace place, const Wanted& wanted)
        : plan_(plan), place_(place), wanted_(wanted) {}

    /// False when it cannot be done by what is known here.
    bool convert(const Sizes& from) {
        if (from == wanted_.sizes) return true;
        if (regroup(from)) return true;
        if (from.empty() || from.size() > wanted_.sizes.size()) return false;
        return place(from) || throughDense(from);
    }
    [[nodiscard]] const std::vector<Phrase>& words() const { return words_; }
    [[nodiscard]] bool isReshapeOnly() const { return isReshapeOnly_; }

  private:
    void insert(std::string_view className, const Settings& settings, Phrase words) {
        plan_.insert(place_, className, settings);
        words_.push_back(std::move(words));
    }
    void reshape(const Sizes& sizes) {
        insert("Reshape", {{"target_shape", sizesValue(sizes)}}, say("Reshape → {}", sizesText(sizes)));
    }

    /// As many values: a Reshape whose axes line up, after a Permute where they do so in another order.
    bool regroup(const Sizes& from) {
        Numbers dims(from.size());
        std::iota(dims.begin(), dims.end(), 1);
        if (from.size() > 4) return false;
        do {
            Sizes permuted;
            for (const std::int64_t dim : dims) permuted.push_back(from[static_cast<std::size_t>(dim - 1)]);
            if (!linesUp(permuted, wanted_.sizes)) continue;
            if (permuted != from) insert("Permute", {{"dims", Value::list(dims)}}, "Permute " + numbersText(dims));
            if (permuted != wanted_.sizes) reshape(wanted_.sizes);
            return true;
        } while (std::ranges::next_permutation(dims).found);
        return false;
    }

    Settings inFormat(Settings settings) const {
        if (wanted_.isChannelsFirst()) settings.emplace_back("data_format", "channels_first");
        return settings;
    }

    /// Axes of size 1, then a projection for the channels, then each axis of space as long as it must be.
    bool place(const Sizes& from) {
        isReshapeOnly_ = false;
        const unsigned places = placesFor(from, wanted_);
        Sizes sizes(wanted_.sizes.size(), Dim(1));
        std::size_t axis = 0;
        for (std::size_t index = 0; index < sizes.size(); ++index)
            if (((places >> index) & 1U) != 0U) sizes[index] = from[axis++];
        const Dim channels = wanted_.sizes[wanted_.channel];
        const bool isFree = wanted_.free == wanted_.channel;
        const bool isChannelFit = isFree || areEqual(sizes[wanted_.channel], channels) ||
                                  (sizes[wanted_.channel] == Dim(1) && !wanted_.stretchesOnes);
        Numbers strides;
        Numbers factors;
        Numbers surplus;
        for (std::size_t index = 0; index + 1 < sizes.size(); ++index) {
            const std::size_t at = wanted_.spatial(index);
            const bool stays = at == wanted_.free || areEqual(sizes[at], wanted_.sizes[at]) ||
                               (sizes[at] == Dim(1) && !wanted_.stretchesOnes);
            const Dim own = stays ? Dim(1) : sizes[at];
            const Dim needed = stays ? Dim(1) : wanted_.sizes[at];
            if (own.size() < 1 || needed.size() < 1) return false;
            strides.push_back(std::max<std::int64_t>(1, own.size() / needed.size()));
            const Dim strided = ceilDivide(own, strides.back());
            factors.push_back(ceilDivide(needed, strided.size()).size());
            surplus.push_back((Amount(strided.size()) * factors.back() - needed.size()).value());
        }
        const auto isMore = [](std::int64_t than) { return [than](std::int64_t number) { return number > than; }; };
        const bool isStrided = std::ranges::any_of(strides, isMore(1));
        const bool isStretched = std::ranges::any_of(factors, isMore(1));
        const bool isCut = std::ranges::any_of(surplus, isMore(0));
        if ((isStrided || isStretched || isCut) && wanted_.space() > 3) return false;
        if (wanted_.isChannelsFirst() && wanted_.space() != 2 && (isStretched || isCut)) return false;

        // Dense works on the last axis of any rank.
        const bool isDense = !isChannelFit && !isStrided && from.size() < sizes.size() && !wanted_.isChannelsFirst() &&
                             ((places >> wanted_.channel) & 1U) != 0U;
        if (isDense) {
            insert("Dense", {{"units", channels.size()}}, say("Dense({})", channels));
            sizes[wanted_.channel] = channels;
        }
        if (from.size() == 1 && sizes.size() == 2 && isStretched && sizes[0] == Dim(1)) {
            insert("RepeatVector", {{"n", factors[0]}}, "RepeatVector(" + std::to_string(factors[0]) + ")");
            return true;
        }
        if (from.size() < sizes.size()) {
            if (std::ranges::count_if(sizes, [](Dim size) { return !size.isKnown(); }) > 1) return false;
            reshape(sizes);
        }
        if (isStrided || (!isChannelFit && !isDense)) {
            if (wanted_.space() < 1 || wanted_.space() > 3) return false;
            const Dim filters = isChannelFit ? sizes[wanted_.channel] : channels;
            if (!filters.isKnown()) return false;
            Settings settings{{"filters", filters.size()}, {"kernel_size", 1}, {"padding", "same"}};
            if (isStrided)
                settings.emplace_back("strides", strides.size() == 1 ? Value(strides[0]) : Value::list(strides));
            const std::string words = "a 1 × 1 " + wanted_.layer("Conv") + " with " + filters.text() +
                                      (filters == Dim(1) ? " filter" : " filters") +
                                      (isStrided ? " and stride " + timesText(strides) : std::string());
            insert(wanted_.layer("Conv"), inFormat(std::move(settings)), words);
        }
        if (isStretched)
            insert(wanted_.layer("UpSampling"),
                   inFormat({{"size", factors.size() == 1 ? Value(factors[0]) : Value::list(factors)}}),
                   wanted_.layer("UpSampling") + " " + timesText(factors));
        if (isCut) {
            ValueList pairs;
            for (const std::int64_t cells : surplus) pairs.push_back(Value::list({0, cells}));
            const Value cropping = pairs.size() == 1 ? pairs.front() : Value(std::move(pairs));
            insert(wanted_.layer("Cropping"), inFormat({{"cropping", cropping}}),
                   say("{} {}", wanted_.layer("Cropping"), cropping));
        }
        return true;
    }

    /// A learned map of all values, where no layer works on as many axes.
    bool throughDense(const Sizes& from) {
        if (!words_.empty() || wanted_.free < wanted_.sizes.size()) return false;
        Dim count(1);
        for (const Dim size : wanted_.sizes) count = count * size;
        if (count.sizeOr(kMostUnits + 1) > kMostUnits ||
            std::ranges::any_of(from, [](Dim size) { return !size.isKnown(); }))
            return false;
        if (from.size() > 1) insert("Flatten", {}, "Flatten");
        insert("Dense", {{"units", count.size()}}, say("Dense({})", count));
        reshape(wanted_.sizes);
        return true;
    }

    Plan& plan_;
    graph::LinkPlace place_;
    const Wanted& wanted_;
    std::vector<Phrase> words_;
    bool isReshapeOnly_ = true;
};

/// The sizes that inputs broadcast to where they agree; a size of 1 gives way to what another input of that rank has.
Wanted wantedOf(const Case& input, std::size_t slot, const MergePair& pair) {
    Wanted wanted;
    wanted.sizes = sampleSizes(input.inputAt(slot)->shape);
    const graph::Node* producer = input.graph().find(input.node.inputs[slot].from);
    const bool isFirst = wanted.sizes.size() > 2 && (pair.channelsFirst || (producer && isChannelsFirst(*producer)));
    wanted.channel = isFirst ? 0 : wanted.sizes.size() - 1;
    wanted.stretchesOnes = pair.isJoin || !input.type.isGate;
    if (pair.isJoin) {
        const std::int64_t axis = integerOf(input.node, "axis").value_or(-1);
        const std::int64_t rank = std::ssize(wanted.sizes) + 1;
        const std::int64_t along = axis < 0 ? axis + rank : axis;
        if (along >= 1 && along < rank) wanted.free = static_cast<std::size_t>(along - 1);
    }
    return wanted;
}

std::optional<std::size_t> extremeSlot(const Case& input, bool isLargest) {
    std::optional<std::size_t> found;
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const tensor::TensorType* type = input.inputAt(slot);
        if (!type || type->shape.rank() < 2) return std::nullopt;
        const int rank = type->shape.rank();
        if (!found ||
            (isLargest ? rank > input.inputAt(*found)->shape.rank() : rank < input.inputAt(*found)->shape.rank()))
            found = slot;
    }
    return found;
}

/// What is put behind which layers: "Insert Dense(2) and RepeatVector(2) behind a and b".
class Insertions {
  public:
    void add(std::vector<Phrase> words, const graph::Node& producer) {
        if (words.empty()) return;
        Phrase last = std::move(words.back());
        words.pop_back();
        Phrase text = words.empty() ? std::move(last) : say("{} and {}", joined(words, ", "), last);
        const auto same = std::ranges::find(list_, text, &Insertion::words);
        Insertion& insertion = same != list_.end() ? *same : list_.emplace_back(Insertion{std::move(text), {}});
        insertion.producers.emplace_back(labelOf(producer));
    }
    [[nodiscard]] bool isEmpty() const { return list_.empty(); }
    [[nodiscard]] Phrase title() const {
        std::vector<Phrase> places;
        for (const Insertion& insertion : list_)
            places.push_back(say("{} behind {}", insertion.words, joined(insertion.producers, " and ")));
        return say("Insert {}", joined(places, ", and "));
    }

  private:
    struct Insertion {
        Phrase words;
        std::vector<Phrase> producers;
    };
    std::vector<Insertion> list_;
};

/// All inputs brought to what is wanted; `isReshapeOnly`: by moving values alone.
bool bringAll(const Case& input, Proposals& proposals, const Wanted& wanted, std::string slug, bool isReshapeOnly,
              bool isReading) {
    Plan plan = input.plan();
    Insertions insertions;
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const Sizes sizes = sampleSizes(input.inputAt(slot)->shape);
        Conversion conversion(plan, {input.node.id, slot}, wanted);
        if (!conversion.convert(sizes) || (isReshapeOnly && !conversion.isReshapeOnly())) return false;
        insertions.add(conversion.words(), *input.graph().find(input.node.inputs[slot].from));
    }
    if (insertions.isEmpty()) return false;
    const char* note = isReshapeOnly ? "All inputs hold as many values: nothing has to be learned."
                                     : "An input with fewer axes is given at each position of the others.";
    if (isReading)
        proposals.addReading(std::move(slug), insertions.title(), note, std::move(plan), false);
    else
        proposals.add(std::move(slug), insertions.title(), note, std::move(plan),
                      isReshapeOnly ? Applicability::Sure : Applicability::Maybe);
    return true;
}

/// Maps against a vector: the mean of each channel, then as many features.
void poolMaps(const Case& input, Proposals& proposals, const Wanted& vector) {
    Plan plan = input.plan();
    Insertions insertions;
    for (std::size_t slot = 0; slot < input.node.inputs.size(); ++slot) {
        const tensor::Shape& shape = input.inputAt(slot)->shape;
        const graph::Node& producer = *input.graph().find(input.node.inputs[slot].from);
        const bool isFirst = isChannelsFirst(producer) && shape.rank() > 3;
        const Dim channels = shape[isFirst ? 1 : shape.rank() - 1];
        std::vector<Phrase> words;
        if (shape.rank() > 5) return;
        if (shape.rank() > 2) {
            const std::string pool = "GlobalAveragePooling" + std::to_string(shape.rank() - 2) + "D";
            plan.insert({input.node.id, slot}, pool,
                        isFirst ? Settings{{"data_format", "channels_first"}} : Settings{});
            words.emplace_back(pool);
        }
        if (!areEqual(channels, vector.sizes[0])) {
            plan.insert({input.node.id, slot}, "Dense", {{"units", vector.sizes[0].size()}});
            words.push_back(say("Dense({})", vector.sizes[0]));
        }
        insertions.add(std::move(words), producer);
    }
    proposals.add("pool-maps", insertions.title(), "The mean over all positions of the map.", std::move(plan),
                  Applicability::Maybe);
}

}  // namespace

void proposeUnequalRanks(const Case& input, Proposals& proposals) {
    const std::optional<MergePair> pair = mergePairOf(input);
    const std::optional<std::size_t> largest = extremeSlot(input, true);
    const std::optional<std::size_t> smallest = extremeSlot(input, false);
    if (!pair || !largest || !smallest) return;
    const Wanted large = wantedOf(input, *largest, *pair);
    const Wanted small = wantedOf(input, *smallest, *pair);
    const bool isMoved = bringAll(input, proposals, large, "match-rank", true, false);
    bringAll(input, proposals, small, "match-smallest-rank", true, isMoved);
    if (!isMoved) bringAll(input, proposals, large, "match-rank", false, false);
    if (small.sizes.size() == 1 && !pair->isJoin) poolMaps(input, proposals, small);
}

}  // namespace shapewise::mistakes
