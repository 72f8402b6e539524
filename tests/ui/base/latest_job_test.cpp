#include "ui/base/latest_job.h"

#include <QCoreApplication>
#include <QTest>
#include <QThread>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

namespace {

using shapewise::ui::LatestJob;

constexpr std::int64_t kMany = LatestJob::kReadAtOnce + 1;

void unexpected(const QString& why) { ADD_FAILURE() << why.toStdString(); }

TEST(LatestJob, SmallWorkIsDoneBeforeStartReturns) {
    LatestJob job(unexpected);
    int seen = 0;
    job.start(
        10, [] { return 7; }, [&](int result) { seen = result; });
    EXPECT_EQ(seen, 7);
    EXPECT_FALSE(job.isRunning());
}

TEST(LatestJob, LargeWorkRunsOnAnotherThreadAndEndsOnThisOne) {
    LatestJob job(unexpected);
    QThread* worker = nullptr;
    QThread* ended = nullptr;
    job.start(
        kMany, [] { return QThread::currentThread(); },
        [&](QThread* result) {
            worker = result;
            ended = QThread::currentThread();
        });
    EXPECT_TRUE(job.isRunning());
    ASSERT_TRUE(QTest::qWaitFor([&] { return !job.isRunning(); }));
    EXPECT_NE(worker, QThread::currentThread());
    EXPECT_EQ(ended, QThread::currentThread());
}

TEST(LatestJob, WhatWaitsIsReplacedByWhatIsAskedForLater) {
    LatestJob job(unexpected);
    std::atomic<bool> mayEnd = false;
    std::vector<int> seen;
    const auto take = [&](int result) { seen.push_back(result); };
    job.start(
        kMany,
        [&mayEnd] {
            while (!mayEnd) QThread::yieldCurrentThread();
            return 1;
        },
        take);
    job.start(
        kMany, [] { return 2; }, take);
    job.start(
        kMany, [] { return 3; }, take);
    mayEnd = true;
    ASSERT_TRUE(QTest::qWaitFor([&] { return !job.isRunning(); }));
    EXPECT_EQ(seen, (std::vector<int>{1, 3}));
}

TEST(LatestJob, NothingIsHeardOfACancelledOne) {
    std::atomic<bool> hasRun = false;
    bool isDone = false;
    {
        LatestJob job(unexpected);
        job.start(
            kMany,
            [&hasRun] {
                hasRun = true;
                return 0;
            },
            [&](int) { isDone = true; });
    }
    ASSERT_TRUE(QTest::qWaitFor([&] { return hasRun.load(); }));
    QCoreApplication::processEvents();
    EXPECT_FALSE(isDone);
}

TEST(LatestJob, AFailureIsReportedWhereTheOutcomeWouldHaveBeenAndTheNextJobRuns) {
    for (const std::int64_t numbers : {std::int64_t{1}, kMany}) {
        QStringList failures;
        std::vector<int> seen;
        LatestJob job([&](const QString& why) { failures += why; });
        const auto take = [&](int result) { seen.push_back(result); };
        job.start(
            numbers, []() -> int { throw std::bad_alloc(); }, take);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !job.isRunning(); }));
        job.start(
            numbers, []() -> int { throw std::runtime_error("no such axis"); }, take);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !job.isRunning(); }));
        job.start(
            numbers, []() -> int { throw 1; }, take);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !job.isRunning(); }));
        job.start(
            numbers, [] { return 4; }, take);
        ASSERT_TRUE(QTest::qWaitFor([&] { return !job.isRunning(); }));
        EXPECT_EQ(seen, std::vector<int>{4});
        ASSERT_EQ(failures.size(), 3);
        EXPECT_TRUE(failures[0].contains(QStringLiteral("memory")));
        EXPECT_TRUE(failures[1].contains(QStringLiteral("no such axis")));
        EXPECT_FALSE(failures[2].isEmpty());
    }
}

}  // namespace
