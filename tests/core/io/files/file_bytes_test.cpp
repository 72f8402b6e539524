#include "core/io/files/file_lock.h"
#include "core/io/files/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shapewise::io {
namespace {

using test::TemporaryFolder;
namespace fs = std::filesystem;

TEST(FileBytes, WritesAndReadsBack) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "a.txt";
    const std::string bytes("a\0b\n", 4);
    ASSERT_TRUE(writeFileAtomically(file, bytes));
    EXPECT_EQ(*readFile(file, 100), bytes);
    ASSERT_TRUE(writeFileAtomically(file, "new"));
    EXPECT_EQ(*readFile(file, 100), "new");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}), 1);
}

TEST(FileBytes, KeepsPermissionsOfTheFileItReplaces) {
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    ::chmod(file.c_str(), 0640);
    ASSERT_TRUE(writeFileAtomically(file, "new"));
    struct stat state {};
    ASSERT_EQ(::stat(file.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777u, 0640u);
}

TEST(FileBytes, SavingThroughALinkKeepsTheLink) {
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    const fs::path link = folder.path() / "link.txt";
    fs::create_symlink(file, link);
    ASSERT_TRUE(writeFileAtomically(link, "new"));
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_EQ(*readFile(file, 100), "new");
}

TEST(FileBytes, SavingThroughLinksToAFileToComeMakesThatFile) {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "there");
    fs::create_symlink("there/b.txt", folder.path() / "second.txt");
    fs::create_symlink("second.txt", folder.path() / "first.txt");
    ASSERT_TRUE(writeFileAtomically(folder.path() / "first.txt", "new"));
    EXPECT_TRUE(fs::is_symlink(folder.path() / "first.txt"));
    EXPECT_TRUE(fs::is_symlink(folder.path() / "second.txt"));
    EXPECT_EQ(*readFile(folder.path() / "there" / "b.txt", 100), "new");
}

TEST(FileBytes, LinkToItselfIsRefused) {
    const TemporaryFolder folder;
    fs::create_symlink("a.txt", folder.path() / "a.txt");
    EXPECT_FALSE(writeFileAtomically(folder.path() / "a.txt", "new"));
    EXPECT_TRUE(fs::is_symlink(folder.path() / "a.txt"));
}

TEST(FileBytes, WhatAKilledSaveLeftIsRemovedByTheNext) {
    const TemporaryFolder folder;
    folder.write(".shapewise-99999999-0-1f3c", "half a proj");
    folder.write(".shapewise-" + std::to_string(::getpid()) + "-7-1f3c", "of a process whose number came again");
    const char* const others[] = {".shapewise-notes", ".shapewise-1-2", ".shapewise-1-2-3.bak", "shapewise-1-2-3",
                                  ".shapewise--1-2-3"};
    for (const char* name : others) folder.write(name, "of someone else");
    fs::create_directory(folder.path() / ".shapewise-99999999-1-1f3c");
    ASSERT_TRUE(writeFileAtomically(folder.path() / "a.txt", "new"));
    for (const char* name : others) EXPECT_TRUE(fs::exists(folder.path() / name)) << name;
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}), 5 + 2);
}

TEST(FileBytes, WhatALivingSaveWritesIsLeftAlone) {
    const TemporaryFolder folder;
    const fs::path theirs = folder.path() / ".shapewise-99999999-0-1f3c";  // as from another machine
    const auto lock = FileLock::tryTake(theirs);
    ASSERT_NE(lock, nullptr);
    ASSERT_TRUE(writeFileAtomically(folder.path() / "a.txt", "new"));
    EXPECT_TRUE(fs::exists(theirs));
}

TEST(FileBytes, KeepsOwnerAndGroupOfTheFileItReplaces) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    ASSERT_EQ(::chown(file.c_str(), 1234, 4321), 0);
    ::chmod(file.c_str(), 02660);
    ASSERT_TRUE(writeFileAtomically(file, "new"));
    struct stat state {};
    ASSERT_EQ(::stat(file.c_str(), &state), 0);
    EXPECT_EQ(state.st_uid, 1234U);
    EXPECT_EQ(state.st_gid, 4321U);
    EXPECT_EQ(state.st_mode & 07777U, 02660U);
}

TEST(FileBytes, FolderThatIsNotThereIsNamed) {
    const Result<void> written = writeFileAtomically("/nowhere-at-all/a.txt", "x");
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().text().find("/nowhere-at-all/a.txt cannot be written"), std::string::npos);
    EXPECT_FALSE(written.error().advice.empty());
}

TEST(FileBytes, FullDiskLeavesTheOldFile) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "/dev/full is not there";
    const Result<void> written = writeFileAtomically("/dev/full", "x");
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().advice.find("space"), std::string::npos);
}

TEST(FileBytes, ReadOnlyFileIsNotReplaced) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    ::chmod(file.c_str(), 0444);
    EXPECT_FALSE(writeFileAtomically(file, "new"));
    EXPECT_EQ(*readFile(file, 100), "old");
}

TEST(FileBytes, MissingFolderAndLargeFilesAreRefusedWithNumbers) {
    const TemporaryFolder folder;
    EXPECT_NE(readFile(folder.path() / "none", 10).error().advice.find("Check the name"), std::string::npos);
    EXPECT_NE(readFile(folder.path(), 10).error().message.find("is a folder"), std::string::npos);
    const fs::path file = folder.write("a.txt", "12345678901");
    const Result<std::string> bytes = readFile(file, 10);
    ASSERT_FALSE(bytes);
    EXPECT_NE(bytes.error().message.find("11 bytes, and at most 10 are read"), std::string::npos);
}

TEST(FileBytes, NameOfTenThousandCharactersIsRefusedShortly) {
    const Result<std::string> bytes = readFile(std::string(10000, 'a'), 10);
    ASSERT_FALSE(bytes);
    EXPECT_LT(bytes.error().message.size(), 400u);
}

}  // namespace
}  // namespace shapewise::io
