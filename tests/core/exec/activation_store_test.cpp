#include "core/exec/run.h"

#include <gtest/gtest.h>

namespace shapewise::exec {
namespace {

std::shared_ptr<const NodeRun> runOf(std::int64_t values) {
    auto run = std::make_shared<NodeRun>();
    run->outputs = {std::make_shared<const tensor::Tensor>(tensor::Extents{values}, 1.0f)};
    return run;
}

TEST(ActivationStore, FindsWhatItKept) {
    ActivationStore store;
    const auto run = runOf(4);
    store.keep(1, run);
    EXPECT_EQ(store.find(1), run);
    EXPECT_EQ(store.find(2), nullptr);
}

TEST(ActivationStore, ForgetsTheLeastRecentlyUsed) {
    ActivationStore store(9000);
    store.keep(1, runOf(1000));
    store.keep(2, runOf(1000));
    ASSERT_NE(store.find(1), nullptr);
    store.keep(3, runOf(1000));
    EXPECT_NE(store.find(1), nullptr);
    EXPECT_EQ(store.find(2), nullptr);
    EXPECT_NE(store.find(3), nullptr);
    EXPECT_LE(store.bytes(), 9000u);
}

TEST(ActivationStore, DoesNotEmptyItselfForWhatNeverFits) {
    ActivationStore store(5000);
    store.keep(1, runOf(1000));
    store.keep(2, runOf(100000));
    EXPECT_NE(store.find(1), nullptr);
    EXPECT_EQ(store.find(2), nullptr);
}

TEST(ActivationStore, CountsAReplacedRunOnce) {
    ActivationStore store;
    store.keep(1, runOf(1000));
    const std::uint64_t bytes = store.bytes();
    store.keep(1, runOf(1000));
    EXPECT_EQ(store.bytes(), bytes);
    store.clear();
    EXPECT_EQ(store.bytes(), 0u);
}

TEST(ActivationStore, WeightsWithOtherNumbersHashDifferently) {
    ActivationStore store;
    auto one = std::make_shared<graph::WeightSet>();
    one->push_back({"kernel", tensor::Tensor({2}, 1.0f)});
    auto other = std::make_shared<graph::WeightSet>();
    other->push_back({"kernel", tensor::Tensor({2}, 2.0f)});
    auto same = std::make_shared<graph::WeightSet>(*one);
    EXPECT_NE(store.weightsHash(one), store.weightsHash(other));
    EXPECT_EQ(store.weightsHash(one), store.weightsHash(same));
}

}  // namespace
}  // namespace shapewise::exec
