// False alarms cost more trust than a missed hint: real models draw no warning.

#include "tests/core/mistakes/model.h"

#include "core/io/files.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace shapewise::mistakes {
namespace {

TEST(CleanModels, DrawNoErrorAndNoWarning) {
    const char* folder = std::getenv("SHAPEWISE_SHARED");
    const std::filesystem::path models =
        (folder ? std::filesystem::path(folder) : std::filesystem::path(SHAPEWISE_SOURCE_DIR) / ".." / "shared") / "models";
    if (!std::filesystem::exists(models)) GTEST_SKIP() << models << " is not there";
    for (const auto& entry : std::filesystem::directory_iterator(models)) {
        if (entry.path().extension() != ".json" || entry.path().filename() == "expected-shapes.json") continue;
        const auto opened = io::openProject(entry.path());
        ASSERT_TRUE(opened) << entry.path();
        const Model model(opened->project);
        EXPECT_TRUE(problems(model.diagnose()).empty()) << entry.path() << "\n" << report(model);
    }
}

}  // namespace
}  // namespace shapewise::mistakes
