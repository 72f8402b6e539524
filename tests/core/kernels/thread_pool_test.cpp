#include "core/kernels/parallel.h"
#include "core/kernels/scratch.h"

#include <gtest/gtest.h>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

namespace shapewise::kernels {
namespace {

TEST(ThreadPool, CallsEachBlockOnce) {
    ThreadPool pool(3);
    for (int round = 0; round < 200; ++round) {
        std::vector<std::atomic<int>> calls(37);
        auto count = [&](std::int64_t block) { ++calls[static_cast<std::size_t>(block)]; };
        pool.run(37, count);
        for (const auto& call : calls) EXPECT_EQ(call.load(), 1);
    }
}

TEST(ThreadPool, NestedRunsAreDoneByTheBlockItself) {
    ThreadPool pool(2);
    std::atomic<int> calls{0};
    auto inner = [&](std::int64_t) { ++calls; };
    auto outer = [&](std::int64_t) { pool.run(5, inner); };
    pool.run(4, outer);
    EXPECT_EQ(calls.load(), 20);
}

TEST(ThreadPool, ServesSeveralCallersAtOnce) {
    ThreadPool pool(2);
    std::atomic<int> calls{0};
    auto block = [&](std::int64_t) { ++calls; };
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&] {
            for (int round = 0; round < 50; ++round) pool.run(8, block);
        });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(calls.load(), 4 * 50 * 8);
}

TEST(ThreadPool, PassesOnWhatABlockThrew) {
    ThreadPool pool(2);
    auto failing = [](std::int64_t block) {
        if (block == 3) throw std::runtime_error("block 3");
    };
    EXPECT_THROW(pool.run(8, failing), std::runtime_error);
    std::atomic<int> calls{0};
    auto counting = [&](std::int64_t) { ++calls; };
    pool.run(8, counting);
    EXPECT_EQ(calls.load(), 8);
}

TEST(ThreadPool, ThreadCountCanChange) {
    ThreadPool pool(1);
    pool.setThreadCount(3);
    EXPECT_EQ(pool.threadCount(), 3);
    std::atomic<int> calls{0};
    auto counting = [&](std::int64_t) { ++calls; };
    pool.run(10, counting);
    EXPECT_EQ(calls.load(), 10);
}

TEST(ParallelFor, RangesDependOnCountAndGrainOnly) {
    ThreadPool pool(3);
    std::vector<std::atomic<int>> ends(100);
    parallelFor({&pool, {}}, 100, 30, [&](std::int64_t first, std::int64_t last) {
        ends[static_cast<std::size_t>(first)] = static_cast<int>(last);
    });
    EXPECT_EQ(ends[0], 30);
    EXPECT_EQ(ends[30], 60);
    EXPECT_EQ(ends[60], 90);
    EXPECT_EQ(ends[90], 100);
}

TEST(ParallelFor, StopsBeforeTheNextRange) {
    ThreadPool pool(1);
    std::stop_source source;
    int ranges = 0;
    parallelFor({&pool, source.get_token()}, 10, 1, [&](std::int64_t, std::int64_t) {
        if (++ranges == 3) source.request_stop();
    });
    EXPECT_EQ(ranges, 3);
}

TEST(ScratchFrame, FramesNestAndStayAligned) {
    ScratchFrame outer;
    float* first = outer.floats(10);
    {
        ScratchFrame inner;
        float* second = inner.floats(3'000'000);
        second[2'999'999] = 1.0F;
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(second) % 64, 0U);
    }
    ScratchFrame again;
    EXPECT_NE(again.floats(10), first);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 64, 0U);
}

}  // namespace
}  // namespace shapewise::kernels
