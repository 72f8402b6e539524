#include "core/io/files/file_stamp.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

namespace fs = std::filesystem;

TEST(FileStamp, TellsContentsFromTimes) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    FileStamp known = FileStamp::of(file);
    EXPECT_EQ(changeSince(known, file), OutsideChange::None);
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::hours(1));  // touched
    EXPECT_EQ(changeSince(known, file), OutsideChange::None);
    folder.write("a.txt", "new");  // as long as the old one
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::hours(2));
    EXPECT_EQ(changeSince(known, file), OutsideChange::Contents);
    EXPECT_EQ(changeSince(known, file), OutsideChange::Contents) << "asked twice";
    fs::rename(file, folder.path() / "b.txt");
    EXPECT_EQ(changeSince(known, file), OutsideChange::Gone);
}

TEST(FileStamp, OfNothingIsChangedByAFileThatComes) {
    const test::TemporaryFolder folder;
    FileStamp nothing = FileStamp::of(folder.path() / "a.txt");
    EXPECT_FALSE(nothing.isThere);
    EXPECT_EQ(changeSince(nothing, folder.path() / "a.txt"), OutsideChange::None);
    EXPECT_EQ(changeSince(nothing, folder.write("a.txt", "x")), OutsideChange::Contents);
}

TEST(FileStamp, ComesBackFromAValue) {
    const test::TemporaryFolder folder;
    const FileStamp stamp = FileStamp::of(folder.write("a.txt", "some text"));
    EXPECT_EQ(FileStamp::from(stamp.value()), stamp);
    EXPECT_FALSE(FileStamp::from(Value("no stamp")).isThere);
    EXPECT_FALSE(FileStamp::from(FileStamp{}.value()).isThere);
}

}  // namespace
}  // namespace shapewise::io
