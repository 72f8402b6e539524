#include "core/io/report/report_json.h"

#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/mistakes/diagnose.h"

#include <gtest/gtest.h>
#include <set>

namespace shapewise::io {
namespace {

Value report(const std::string& nodes) {
    const Result<Opened> opened = readProject(R"({"format": "shapewise", "version": 1, "nodes": [)" + nodes + "]}");
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    const infer::Analysis analysis = infer::Analysis::of(opened->project.graph);
    const Result<Value> value =
        parseJson(checkReportJson(opened->project, analysis, mistakes::diagnose(opened->project, analysis)));
    EXPECT_TRUE(value);
    return *value;
}

const std::string kBroken =
    R"({"name": "conv2d", "type": "Conv2D", "settings": {"filters": 32, "kernel_size": 3}, "inputs": ["conv1d"]},
  {"name": "conv1d", "type": "Conv1D", "settings": {"filters": 32, "kernel_size": 3}, "inputs": ["data"]},
  {"name": "data", "type": "InputLayer", "settings": {"shape": [20, 1]}},
  {"name": "words", "type": "Note", "settings": {"text": "hello"}})";

TEST(CheckReport, NodesStandInTopologicalOrderWithoutNotes) {
    const Value value = report(kBroken);
    EXPECT_EQ(jsonText(*value.find("nodes")),
              R"([{"name": "data", "type": "InputLayer", "output_shapes": [[null, 20, 1]], "parameters": 0}, )"
              R"({"name": "conv1d", "type": "Conv1D", "output_shapes": [[null, 18, 32]], "parameters": 128}, )"
              R"({"name": "conv2d", "type": "Conv2D", "output_shapes": [null], "parameters": null}])");
}

TEST(CheckReport, DiagnosticsNameConsumerProducerAndRepairs) {
    const Value value = report(kBroken);
    ASSERT_EQ(value.find("diagnostics")->asList().size(), 1u);
    const Value& diagnostic = value.find("diagnostics")->asList()[0];
    EXPECT_EQ(*diagnostic.find("severity"), Value("error"));
    EXPECT_EQ(*diagnostic.find("node"), Value("conv2d"));
    EXPECT_EQ(*diagnostic.find("from"), Value("conv1d"));
    EXPECT_FALSE(diagnostic.find("message")->asText().empty());
    ASSERT_FALSE(diagnostic.find("fixes")->asList().empty());
    std::set<std::string> ids;
    for (const Value& fix : diagnostic.find("fixes")->asList()) {
        EXPECT_TRUE(ids.insert(fix.find("id")->asText()).second);
        EXPECT_FALSE(fix.find("title")->asText().empty());
        EXPECT_NE(fix.find("output_shape"), nullptr);
    }
}

TEST(CheckReport, SharedLayersCountOnce) {
    const Value value = report(R"({"name": "a", "type": "InputLayer", "settings": {"shape": [4]}},
      {"name": "b", "type": "Dense", "settings": {"units": 2}, "inputs": ["a"]},
      {"name": "c", "type": "Dense", "settings": {"units": 2}, "inputs": ["a"], "shares": "b"})");
    EXPECT_EQ(*value.find("nodes")->asList()[1].find("parameters"), Value(10));
    EXPECT_EQ(*value.find("nodes")->asList()[2].find("parameters"), Value(0));
}

TEST(CheckReport, IsTheSameInEveryRun) { EXPECT_EQ(jsonText(report(kBroken)), jsonText(report(kBroken))); }

}  // namespace
}  // namespace shapewise::io
