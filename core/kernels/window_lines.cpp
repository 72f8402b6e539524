#include "core/kernels/window_lines.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/window_lines.cpp"
#include "core/kernels/simd_targets.h"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace shapewise::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Outputs made together, so that they share the weights in registers.
constexpr std::size_t kTogether = 4;

struct Depthwise {
    static constexpr bool kHasWeights = true;
    template <class D>
    static hn::Vec<D> begin(D d, const LineJob& job, std::int64_t channel) {
        return job.bias != nullptr ? hn::LoadU(d, job.bias + channel) : hn::Zero(d);
    }
    template <class D>
    static hn::Vec<D> step(D, hn::Vec<D> sum, hn::Vec<D> value, hn::Vec<D> weight) {
        return hn::MulAdd(value, weight, sum);
    }
    template <class D>
    static hn::Vec<D> end(D, hn::Vec<D> sum, std::int64_t) {
        return sum;
    }
};

struct Maximum {
    static constexpr bool kHasWeights = false;
    template <class D>
    static hn::Vec<D> begin(D d, const LineJob&, std::int64_t) {
        return hn::Set(d, -std::numeric_limits<float>::infinity());
    }
    template <class D>
    static hn::Vec<D> step(D, hn::Vec<D> most, hn::Vec<D> value, hn::Vec<D>) {
        return hn::IfThenElse(hn::Or(hn::Gt(value, most), hn::IsNaN(value)), value, most);
    }
    template <class D>
    static hn::Vec<D> end(D, hn::Vec<D> most, std::int64_t) {
        return most;
    }
};

/// For lines without NaN.
struct MaximumOfNumbers : Maximum {
    template <class D>
    static hn::Vec<D> step(D, hn::Vec<D> most, hn::Vec<D> value, hn::Vec<D>) {
        return hn::Max(most, value);
    }
};

struct Mean {
    static constexpr bool kHasWeights = false;
    template <class D>
    static hn::Vec<D> begin(D d, const LineJob&, std::int64_t) {
        return hn::Zero(d);
    }
    template <class D>
    static hn::Vec<D> step(D, hn::Vec<D> sum, hn::Vec<D> value, hn::Vec<D>) {
        return hn::Add(sum, value);
    }
    template <class D>
    static hn::Vec<D> end(D d, hn::Vec<D> sum, std::int64_t cells) {
        return hn::Div(sum, hn::Set(d, static_cast<float>(std::max<std::int64_t>(cells, 1))));
    }
};

/// One output, some of whose taps may lie outside.
template <class Op, class D>
void oneOutput(D d, const LineJob& job, std::int64_t output, std::int64_t channel) {
    const std::int64_t firstCell = output * job.stride - job.padBefore;
    auto sum = Op::begin(d, job, channel);
    std::int64_t inside = 0;
    for (std::int64_t tap = 0; tap < job.taps; ++tap) {
        const std::int64_t cell = firstCell + tap * job.dilation;
        if (cell < 0 || cell >= job.cells) continue;
        inside += job.lineCount;
        for (std::int64_t line = 0; line < job.lineCount; ++line) {
            auto weight = hn::Zero(d);
            if constexpr (Op::kHasWeights) weight = hn::LoadU(d, job.weights[line] + tap * job.channels + channel);
            sum = Op::step(d, sum, hn::LoadU(d, job.lines[line] + cell * job.channels + channel), weight);
        }
    }
    hn::StoreU(Op::end(d, sum, inside), d, job.y + output * job.channels + channel);
}

/// kTogether neighbouring outputs, all taps inside.
template <class Op, class D>
void outputsTogether(D d, const LineJob& job, std::int64_t output, std::int64_t channel) {
    using V = hn::Vec<D>;
    const std::int64_t first = (output * job.stride - job.padBefore) * job.channels + channel;
    const std::int64_t step = job.stride * job.channels;
    V sums[kTogether];
    for (V& sum : sums) sum = Op::begin(d, job, channel);
    for (std::int64_t line = 0; line < job.lineCount; ++line) {
        const float* cell = job.lines[line] + first;
        for (std::int64_t tap = 0; tap < job.taps; ++tap, cell += job.dilation * job.channels) {
            V weight = hn::Zero(d);
            if constexpr (Op::kHasWeights) weight = hn::LoadU(d, job.weights[line] + tap * job.channels + channel);
#pragma GCC unroll 4
            for (std::size_t index = 0; index < kTogether; ++index) {
                sums[index] =
                    Op::step(d, sums[index], hn::LoadU(d, cell + index * static_cast<std::size_t>(step)), weight);
            }
        }
    }
#pragma GCC unroll 4
    for (std::size_t index = 0; index < kTogether; ++index) {
        hn::StoreU(Op::end(d, sums[index], job.lineCount * job.taps), d,
                   job.y + (output + static_cast<std::int64_t>(index)) * job.channels + channel);
    }
}

/// The same for a stride and dilation of 1 and few taps: each cell is loaded once for all outputs it belongs to.
template <class Op, std::size_t kTaps, class D>
void neighboursTogether(D d, const LineJob& job, std::int64_t output, std::int64_t channel) {
    using V = hn::Vec<D>;
    constexpr std::size_t kCells = kTogether + kTaps - 1;
    const std::int64_t channels = job.channels;
    const std::int64_t first = (output - job.padBefore) * channels + channel;
    V sums[kTogether];
#pragma GCC unroll 4
    for (std::size_t index = 0; index < kTogether; ++index) sums[index] = Op::begin(d, job, channel);
    for (std::int64_t line = 0; line < job.lineCount; ++line) {
        const float* cell = job.lines[line] + first;
        V cells[kCells];
#pragma GCC unroll 16
        for (std::size_t index = 0; index < kCells; ++index)
            cells[index] = hn::LoadU(d, cell + index * static_cast<std::size_t>(channels));
#pragma GCC unroll 16
        for (std::size_t tap = 0; tap < kTaps; ++tap) {
            V weight = hn::Zero(d);
            if constexpr (Op::kHasWeights)
                weight = hn::LoadU(d, job.weights[line] + tap * static_cast<std::size_t>(channels) + channel);
#pragma GCC unroll 4
            for (std::size_t index = 0; index < kTogether; ++index)
                sums[index] = Op::step(d, sums[index], cells[index + tap], weight);
        }
    }
#pragma GCC unroll 4
    for (std::size_t index = 0; index < kTogether; ++index) {
        hn::StoreU(Op::end(d, sums[index], job.lineCount * static_cast<std::int64_t>(kTaps)), d,
                   job.y + (output + static_cast<std::int64_t>(index)) * channels + channel);
    }
}

/// Outputs whose taps all lie inside: first .. end.
struct Inside {
    std::int64_t first;
    std::int64_t end;
};

Inside insideOf(const LineJob& job) {
    const std::int64_t reach = (job.taps - 1) * job.dilation;
    const std::int64_t first = std::min((job.padBefore + job.stride - 1) / job.stride, job.outputs);
    const std::int64_t room = job.cells - 1 - reach + job.padBefore;
    const std::int64_t end = room < 0 ? 0 : std::min(job.outputs, room / job.stride + 1);
    return {first, std::max(first, end)};
}

/// All channels of some outputs: whole vectors, then what is left four and one at a time.
template <class Function>
HWY_INLINE void forChannels(const LineJob& job, Function function) {
    const hn::ScalableTag<float> wide;
    const hn::CappedTag<float, 4> four;
    const hn::CappedTag<float, 1> one;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(wide));
    std::int64_t channel = 0;
    for (; channel + lanes <= job.channels; channel += lanes) function(wide, channel);
    const auto fourLanes = static_cast<std::int64_t>(hn::Lanes(four));
    for (; channel + fourLanes <= job.channels; channel += fourLanes) function(four, channel);
    for (; channel < job.channels; ++channel) function(one, channel);
}

template <class Op>
struct One {
    const LineJob& job;
    std::int64_t output;
    template <class D>
    HWY_INLINE void operator()(D d, std::int64_t channel) const {
        oneOutput<Op>(d, job, output, channel);
    }
};

template <class Op>
struct Several {
    const LineJob& job;
    std::int64_t output;
    template <class D>
    HWY_INLINE void operator()(D d, std::int64_t channel) const {
        outputsTogether<Op>(d, job, output, channel);
    }
};

template <class Op, std::size_t kTaps>
struct Neighbours {
    const LineJob& job;
    std::int64_t output;
    template <class D>
    HWY_INLINE void operator()(D d, std::int64_t channel) const {
        neighboursTogether<Op, kTaps>(d, job, output, channel);
    }
};

template <class Op>
void line(const LineJob& job) {
    const Inside inside = insideOf(job);
    std::int64_t output = 0;
    for (; output < inside.first; ++output) forChannels(job, One<Op>{job, output});
    const bool dense = job.stride == 1 && job.dilation == 1;
    constexpr auto kStep = static_cast<std::int64_t>(kTogether);
    for (; output + kStep <= inside.end; output += kStep) {
        if (dense && job.taps == 3) {
            forChannels(job, Neighbours<Op, 3>{job, output});
        } else if (dense && job.taps == 5) {
            forChannels(job, Neighbours<Op, 5>{job, output});
        } else {
            forChannels(job, Several<Op>{job, output});
        }
    }
    for (; output < job.outputs; ++output) forChannels(job, One<Op>{job, output});
}

/// True for certain when a NaN is there; an infinity may give true as well.
bool mayHaveNan(const LineJob& job) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const std::int64_t count = job.cells * job.channels;
    auto even = hn::Zero(d);
    auto odd = hn::Zero(d);
    float rest = 0.0F;
    for (std::int64_t line = 0; line < job.lineCount; ++line) {
        const float* x = job.lines[line];
        std::int64_t index = 0;
        for (; index + 2 * lanes <= count; index += 2 * lanes) {
            even = hn::MulAdd(hn::LoadU(d, x + index), hn::Zero(d), even);
            odd = hn::MulAdd(hn::LoadU(d, x + index + lanes), hn::Zero(d), odd);
        }
        for (; index < count; ++index) rest += x[index] * 0.0F;
    }
    return !hn::AllFalse(d, hn::IsNaN(hn::Add(even, odd))) || rest != rest;
}

void maximumLine(const LineJob& job) {
    if (mayHaveNan(job)) {
        line<Maximum>(job);
    } else {
        line<MaximumOfNumbers>(job);
    }
}

const LineSet* linesOfTarget() {
    static const LineSet kSet{&line<Depthwise>, &maximumLine, &line<Mean>};
    return &kSet;
}

}  // namespace shapewise::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace shapewise::kernels {

HWY_EXPORT(linesOfTarget);

const LineSet& lineSet() {
    static const LineSet* const kSet = HWY_DYNAMIC_DISPATCH(linesOfTarget)();
    return *kSet;
}

}  // namespace shapewise::kernels
#endif
