// False alarms cost more trust than a missed hint: real models draw no warning.

#include "tests/core/mistakes/model.h"

#include "core/io/files/files.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace shapewise::mistakes {
namespace {

/// A stand-in for an unknown layer may give another shape than that layer would.
bool hasOnlyKnownLayers(const Model& model) {
    bool isWhole = true;
    model.project().graph.forEach([&](const graph::Node& node) { isWhole &= !node.type->declaresOutput; });
    return isWhole;
}

TEST(CleanModels, DrawNoErrorAndNoWarning) {
    const char* folder = std::getenv("SHAPEWISE_SHARED");
    const std::filesystem::path models =
        (folder ? std::filesystem::path(folder) : std::filesystem::path(SHAPEWISE_SOURCE_DIR) / ".." / "shared") /
        "models";
    if (!std::filesystem::exists(models)) GTEST_SKIP() << models << " is not there";
    for (const auto& entry : std::filesystem::directory_iterator(models)) {
        if (entry.path().extension() != ".json" || entry.path().filename() == "expected-shapes.json") continue;
        const auto opened = io::openProject(entry.path());
        ASSERT_TRUE(opened) << entry.path();
        const Model model(opened->project);
        const bool isWhole = hasOnlyKnownLayers(model);
        for (const diag::Diagnostic& diagnostic : model.diagnose()) {
            if (diagnostic.severity == diag::Severity::Error && !isWhole) continue;
            EXPECT_EQ(diagnostic.severity, diag::Severity::Hint) << entry.path() << "\n" << report(model);
        }
    }
}

}  // namespace
}  // namespace shapewise::mistakes
