// Time of the kernels on the workloads by which other engines were measured (names C1..C17, D1, P1), with one and two
// threads. "eigen" is a block-wise im2col with an Eigen product, compiled like the rest of the program (without -march:
// SSE2), on one thread. GFLOP/s count the whole window at each output, by elapsed time. On a machine that does other
// work compare the CPU column of one thread, the versions run in turn: elapsed times differ by more than most changes
// bring.

#include "core/kernels/convolution.h"
#include "core/kernels/gemm_tiles.h"
#include "core/kernels/pooling.h"
#include "core/kernels/window_gather.h"

#include <Eigen/Core>
#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace shapewise::kernels;

enum class Kind { Convolution, Depthwise, Transposed, Dense, MaximumPooling };
enum class Padding { Valid, Same, Causal };

struct Workload {
    const char* name;
    Kind kind;
    ImageSize input;
    std::int64_t filters;
    Sizes3 size;
    Sizes3 strides;
    Sizes3 dilation;
    Padding padding;
};

constexpr Sizes3 kOnes{1, 1, 1};
using enum Padding;
const std::array kWorkloads{
    Workload{"C1", Kind::Convolution, {100, {1, 1, 20}, 1}, 32, {1, 1, 3}, kOnes, kOnes, Valid},
    Workload{"C2", Kind::Convolution, {8, {1, 1, 16000}, 1}, 64, {1, 1, 80}, {1, 1, 4}, kOnes, Valid},
    Workload{"C3", Kind::Convolution, {8, {1, 1, 1000}, 64}, 128, {1, 1, 3}, kOnes, kOnes, Same},
    Workload{"C4", Kind::Convolution, {100, {1, 20, 10}, 1}, 32, {1, 3, 3}, kOnes, kOnes, Valid},
    Workload{"C5", Kind::Convolution, {1, {1, 224, 224}, 3}, 64, {1, 7, 7}, {1, 2, 2}, kOnes, Same},
    Workload{"C6", Kind::Convolution, {1, {1, 56, 56}, 64}, 64, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C7", Kind::Convolution, {1, {1, 28, 28}, 128}, 128, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C8", Kind::Convolution, {1, {1, 14, 14}, 256}, 256, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C9", Kind::Convolution, {1, {1, 7, 7}, 512}, 512, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C10", Kind::Convolution, {1, {1, 56, 56}, 256}, 64, kOnes, kOnes, kOnes, Same},
    Workload{"C11", Kind::Convolution, {1, {1, 14, 14}, 1024}, 256, kOnes, kOnes, kOnes, Same},
    Workload{"C12", Kind::Depthwise, {1, {1, 112, 112}, 32}, 32, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C13", Kind::Depthwise, {1, {1, 14, 14}, 512}, 512, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C14", Kind::Convolution, {16, {1, 128, 128}, 1}, 32, {1, 3, 3}, kOnes, kOnes, Same},
    Workload{"C15", Kind::Transposed, {1, {1, 32, 32}, 64}, 32, {1, 4, 4}, {1, 2, 2}, kOnes, Same},
    Workload{"C16", Kind::Convolution, {4, {1, 1, 8000}, 64}, 64, {1, 1, 2}, kOnes, {1, 1, 64}, Causal},
    Workload{"C17", Kind::Convolution, {1, {16, 56, 56}, 3}, 64, {3, 3, 3}, kOnes, kOnes, Same},
    Workload{"D1", Kind::Dense, {32, {1, 1, 1}, 4096}, 1000, kOnes, kOnes, kOnes, Valid},
    Workload{"D2", Kind::Dense, {1, {1, 1, 1}, 4096}, 4096, kOnes, kOnes, kOnes, Valid},
    Workload{"P1", Kind::MaximumPooling, {1, {1, 112, 112}, 64}, 64, {1, 3, 3}, {1, 2, 2}, kOnes, Valid},
};

Tensor randomValues(std::int64_t count) {
    std::mt19937 generator(7);
    std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
    Tensor values({count});
    for (float& value : values.values()) value = uniform(generator);
    return values;
}

Window windowOf(const Workload& workload) {
    Window window{workload.size, workload.strides, workload.dilation, {}, {}};
    if (workload.padding == Same) window.padSame(workload.input.spatial);
    if (workload.padding == Causal) window.padCausal();
    return window;
}

TransposedShape transposedShape(const Workload& workload) {
    TransposedShape shape;
    shape.input = workload.input;
    shape.size = workload.size;
    shape.strides = workload.strides;
    shape.filters = workload.filters;
    for (int axis = 0; axis < 3; ++axis) shape.placeAxis(axis, workload.padding == Same, -1);
    return shape;
}

void countOperations(benchmark::State& state, const Workload& workload, const ImageSize& output) {
    const bool perChannel = workload.kind == Kind::Depthwise || workload.kind == Kind::MaximumPooling;
    const std::int64_t positions = workload.kind == Kind::Transposed ? workload.input.positions() : output.positions();
    const std::int64_t products = output.batch * positions * product(workload.size) * workload.filters *
                                  (perChannel ? 1 : workload.input.channels);
    state.counters["GFLOP/s"] =
        benchmark::Counter(static_cast<double>(2 * products) * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

void runKernel(benchmark::State& state, const Workload& workload, int threads) {
    ThreadPool pool(threads);
    const Parallel parallel{&pool, {}};
    const Window window = windowOf(workload);
    const auto x = randomValues(workload.input.count());
    const auto kernel = randomValues(product(workload.size) * workload.input.channels * workload.filters);
    const auto bias = randomValues(workload.filters);
    Epilogue epilogue;
    epilogue.bias = bias.data();
    const TransposedShape transposed = transposedShape(workload);
    ImageSize output{workload.input.batch, window.outputSize(workload.input.spatial), workload.filters};
    if (workload.kind == Kind::Transposed) output = transposed.output();
    Tensor y({output.count()}, 0.0F);
    for (auto _ : state) {
        switch (workload.kind) {
            case Kind::Convolution:
                convolution({workload.input, window, workload.filters, 1}, x.data(), kernel.data(), epilogue, y.data(),
                            parallel);
                break;
            case Kind::Depthwise:
                depthwiseConvolution({workload.input, window, 1}, x.data(), kernel.data(), epilogue, y.data(),
                                     parallel);
                break;
            case Kind::Transposed:
                transposedConvolution(transposed, x.data(), kernel.data(), epilogue, y.data(), parallel);
                break;
            case Kind::Dense:
                dense(x.data(), workload.input.batch,
                      MatrixView::rowMajor(kernel.data(), workload.input.channels, workload.filters), epilogue,
                      y.data(), parallel);
                break;
            case Kind::MaximumPooling:
                pooling(PoolingKind::Maximum, workload.input, window, x.data(), y.data(), parallel);
                break;
        }
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    countOperations(state, workload, output);
}

void runEigen(benchmark::State& state, const Workload& workload) {
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Window window = windowOf(workload);
    const ImageSize output{workload.input.batch, window.outputSize(workload.input.spatial), workload.filters};
    const std::int64_t depth = product(workload.size) * workload.input.channels;
    const auto x = randomValues(workload.input.count());
    const Matrix kernel = Matrix::Random(depth, workload.filters);
    const Eigen::RowVectorXf bias = Eigen::RowVectorXf::Random(workload.filters);
    std::array<AxisTaps, 3> axes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        axes[axis] = {output.spatial[axis], window.strides[axis], {}};
        for (std::int64_t tap = 0; tap < window.size[axis]; ++tap) {
            axes[axis].offsets.push_back(tap * window.dilation[axis] - window.padBefore[axis]);
        }
    }
    const WindowGather patches(workload.input, x.data(), axes, 0, workload.input.channels);
    const std::int64_t rows = output.batch * output.positions();
    const std::int64_t block = std::clamp<std::int64_t>(64 * 1024 / depth, 16, 512);
    Matrix gathered(block, depth);
    Matrix y(rows, workload.filters);
    std::vector<float> piece(static_cast<std::size_t>(block * kGatherStride));
    for (auto _ : state) {
        for (std::int64_t row = 0; row < rows; row += block) {
            const std::int64_t count = std::min(block, rows - row);
            for (std::int64_t first = 0; first < depth; first += kDepthBlock) {
                const std::int64_t width = std::min(kDepthBlock, depth - first);
                WindowGather::gather(&patches, row, count, first, width, piece.data());
                for (std::int64_t index = 0; index < count; ++index) {
                    std::copy_n(piece.data() + index * kGatherStride, width, gathered.data() + index * depth + first);
                }
            }
            y.middleRows(row, count).noalias() = gathered.topRows(count) * kernel;
            y.middleRows(row, count).rowwise() += bias;
        }
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    countOperations(state, workload, output);
}

[[maybe_unused]] const bool kRegistered = [] {
    for (const Workload& workload : kWorkloads) {
        for (const int threads : {1, 2}) {
            const std::string name = std::string("kernels/") + workload.name + "/threads:" + std::to_string(threads);
            benchmark::RegisterBenchmark(
                name.c_str(), [&workload, threads](benchmark::State& state) { runKernel(state, workload, threads); })
                ->UseRealTime()
                ->Unit(benchmark::kMicrosecond);
        }
        if (workload.kind != Kind::Convolution && workload.kind != Kind::Dense) continue;
        const std::string name = std::string("eigen/") + workload.name;
        benchmark::RegisterBenchmark(name.c_str(), [&workload](benchmark::State& state) { runEigen(state, workload); })
            ->UseRealTime()
            ->Unit(benchmark::kMicrosecond);
    }
    return true;
}();

}  // namespace
