#include "core/io/files/record_file.h"
#include "core/io/files/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

namespace shapewise::io {
namespace {

using test::TemporaryFolder;
namespace fs = std::filesystem;
using Records = std::vector<std::string>;

const Records kWritten{"first", "", std::string("a\0b\n", 4), std::string(70000, 'x'), "last"};

fs::path written(const TemporaryFolder& folder) {
    const fs::path path = folder.path() / "a.records";
    const auto file = RecordFile::create(path, "test");
    EXPECT_TRUE(file);
    for (const std::string& record : kWritten) EXPECT_TRUE((*file)->append(record));
    EXPECT_TRUE((*file)->sync());
    EXPECT_EQ((*file)->bytes(), fs::file_size(path));
    return path;
}

Records readBack(const fs::path& path, bool& isWhole) {
    Records records;
    const Result<bool> done =
        readRecords(path, "test", [&](std::string record) { records.push_back(std::move(record)); });
    isWhole = done && *done;
    return records;
}

TEST(RecordFile, GivesBackWhatWasAppended) {
    const TemporaryFolder folder;
    bool isWhole = false;
    EXPECT_EQ(readBack(written(folder), isWhole), kWritten);
    EXPECT_TRUE(isWhole);
}

/// The first records of `all`, as many as there are in `some`.
bool isBeginning(const Records& some, const Records& all) {
    return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
}

TEST(RecordFile, CutAtAnyByteGivesTheRecordsThatAreWhole) {
    const TemporaryFolder folder;
    const fs::path path = written(folder);
    const std::size_t size = fs::file_size(path);
    for (std::size_t cut = size; cut-- > 0;) {
        const bool isEdge = cut + 200 > size || cut < 300;  // the middle of the long record says nothing new
        if (!isEdge && cut % 4999 != 0) continue;
        fs::resize_file(path, cut);
        bool isWhole = true;
        const Records records = readBack(path, isWhole);
        ASSERT_TRUE(isBeginning(records, kWritten)) << cut;
        ASSERT_LT(records.size(), kWritten.size()) << cut;
    }
}

TEST(RecordFile, DamagedAtAnyByteIsReadNoFurther) {
    const TemporaryFolder folder;
    const std::string bytes = *readFile(written(folder), 1 << 20);
    for (std::size_t at = 0; at < bytes.size(); at += at < 200 || at + 200 > bytes.size() ? 1U : 4999U) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        bool isWhole = true;
        const Records records = readBack(folder.write("damaged", damaged), isWhole);
        ASSERT_TRUE(isBeginning(records, kWritten)) << at;
        ASSERT_FALSE(isWhole) << at;
    }
}

TEST(RecordFile, RecordsInAnotherOrderAreNotTaken) {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.records";
    {
        const auto file = RecordFile::create(path, "test");
        ASSERT_TRUE((*file)->append("one"));
        ASSERT_TRUE((*file)->append("two"));
    }
    const std::string bytes = *readFile(path, 1000);
    const std::size_t record = 16 + 3;
    const std::size_t head = bytes.size() - 2 * record;
    bool isWhole = true;
    const std::string swapped = bytes.substr(0, head) + bytes.substr(head + record) + bytes.substr(head, record);
    EXPECT_TRUE(readBack(folder.write("swapped", swapped), isWhole).empty());
    EXPECT_FALSE(isWhole);
}

TEST(RecordFile, FullDiskIsSaid) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "/dev/full is not there";
    const auto file = RecordFile::create("/dev/full", "test");
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().advice.find("space"), std::string::npos);
}

TEST(RecordFile, ARecordThatFoundNoRoomIsTakenBackAndTheNextGoesOn) {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.records";
    const auto file = RecordFile::create(path, "test");
    ASSERT_TRUE((*file)->append("first"));
    const std::uintmax_t size = fs::file_size(path);
    struct rlimit before {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = before;
    tight.rlim_cur = size + 100;  // part of the record finds room
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const Result<void> done = (*file)->append(std::string(1000, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_FALSE(done);
    EXPECT_EQ(fs::file_size(path), size);
    ASSERT_TRUE((*file)->append("second"));
    bool isWhole = false;
    EXPECT_EQ(readBack(path, isWhole), (Records{"first", "second"}));
    EXPECT_TRUE(isWhole);
}

TEST(RecordFile, FileOfAnotherKindIsRefused) {
    const TemporaryFolder folder;
    const auto nothing = [](const std::string&) {};
    EXPECT_FALSE(readRecords(written(folder), "other", nothing));
    EXPECT_FALSE(readRecords(folder.path() / "none", "test", nothing));
}

}  // namespace
}  // namespace shapewise::io
