#include "core/base/version.h"

#include <benchmark/benchmark.h>

// The cost of an empty measurement: what every other number here is to be read against.
static void versionLookup(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(shapewise::base::version());
}
BENCHMARK(versionLookup);
