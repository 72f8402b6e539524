// Files of tests/golden/dialects, with what Keras gives for each.

#include "core/graph/topology.h"
#include "core/infer/cost.h"
#include "core/io/files/files.h"
#include "core/io/keras/keras_dialect.h"
#include "core/mistakes/diagnose.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

using testing::HasSubstr;

struct Row {
    const char* file;
    const char* expected;  ///< dialect, nodes, parameters, shape of the last node
};
const Row kRows[] = {
    {"gru-noreset-k1", "keras1: 2 nodes, 96 parameters, (None, 4)"},
    {"gru-noreset-k21", "keras2: 2 nodes, 96 parameters, (None, 4)"},
    {"gru-noreset-tfjs", "tfjs: 2 nodes, 96 parameters, (None, 4)"},
    {"gru-noreset-tf210", "tf.keras2: 2 nodes, 108 parameters, (None, 4)"},
    {"gru-noreset-k3", "keras3: 2 nodes, 108 parameters, (None, 4)"},
    {"hard_sigmoid-k2", "tfjs?: 2 nodes, 0 parameters, (None, 3), hard_sigmoid_keras2"},
    {"hard_sigmoid-tfjs1", "tfjs: 2 nodes, 0 parameters, (None, 3), hard_sigmoid_keras2"},
    {"hard_sigmoid-tfjs4", "tfjs: 2 nodes, 0 parameters, (None, 3), hard_sigmoid_keras2"},
    {"hard_sigmoid-k3", "keras3: 2 nodes, 0 parameters, (None, 3), hard_sigmoid"},
    {"lstm-hard_sigmoid-k2", "keras2: 2 nodes, 40 parameters, (None, 2), hard_sigmoid_keras2"},
    {"keras1-upsampling-th", "keras1: 4 nodes, 188 parameters, (None, 4, 16, 16), relu"},
    {"keras1-zeropadding-th", "keras1: 4 nodes, 112 parameters, (None, 4, 5, 5)"},
    {"mask_zero-1", "tf.keras2: 3 nodes, 968 parameters, (None, 4)"},
    {"bool-as-int", "tf.keras2: 4 nodes, 216 parameters, (None, 8, 4)"},
    {"seq-of-functional-dict", "tf.keras2: 3 nodes, 99 parameters, (None, 3), relu"},
    {"seq-of-functional-withinput", "tf.keras2: 3 nodes, 99 parameters, (None, 3), relu"},
    {"seq-of-model-list", "keras2: 3 nodes, 99 parameters, (None, 3), relu"},
    {"seq-of-model-tfjs", "tfjs: 3 nodes, 99 parameters, (None, 3), relu"},
    {"seq-of-seq-of-model-tfjs", "tfjs: 3 nodes, 99 parameters, (None, 3), relu"},
};

std::string textOf(const Opened& opened) {
    const graph::Graph& graph = opened.project.graph;
    const infer::Analysis analysis = infer::Analysis::of(graph);
    const graph::Node& last = *graph.find(graph::topologicalOrder(graph).nodes.back());
    const tensor::TensorType* type = analysis[last.id].outputAt(0);
    const ReadDialect read = readDialect(opened.project).value_or(ReadDialect{});
    std::string text =
        fmt::format("{}{}: {} nodes, {} parameters, {}", layers::dialectRow(read.dialect).id,
                    read.guess.empty() ? "" : "?", graph.nodeCount(), infer::costsOf(graph, analysis).parameters.total,
                    type != nullptr ? type->shape.text() : "not known");
    for (const char* key : {"recurrent_activation", "activation"})
        if (const Value* value = last.setting(ParamKey::of(key));
            value != nullptr && value->isText() && last.type->className != "GRU") {
            text += ", " + value->asText();
            break;
        }
    for (const diag::Diagnostic& found : mistakes::diagnose(opened.project, analysis))
        if (found.severity == diag::Severity::Error) text += " error";
    return text;
}

Opened opened(const std::string& file) {
    Result<Opened> read = openProject(std::string(SHAPEWISE_SOURCE_DIR) + "/tests/golden/dialects/" + file + ".json");
    EXPECT_TRUE(read) << file << ": " << read.error().text();
    return read ? std::move(*read) : Opened{};
}

std::int64_t parametersOf(const graph::Graph& graph) {
    return infer::costsOf(graph, infer::Analysis::of(graph)).parameters.total;
}

TEST(DialectFiles, GiveWhatTheirWriterGives) {
    for (const Row& row : kRows) EXPECT_EQ(textOf(opened(row.file)), row.expected) << row.file;
}

/// In another dialect: written so that it says the same there, or refused by the name of what it lacks, with one that
/// has it.
TEST(DialectFiles, AreWrittenInAnotherDialectOrRefusedWithOneThatHasWhatTheyNeed) {
    using layers::Dialect;
    struct Rewriting {
        const char* file;
        Dialect dialect;
        const char* refusal;  ///< empty: written
        const char* instead;  ///< a dialect that has what is refused
    };
    for (const Rewriting& row :
         {Rewriting{"gru-noreset-tf210", Dialect::TensorFlowJs, "reset_after = True", "tf.keras 2"},
          {"gru-noreset-tf210", Dialect::TfKeras2, "", ""},
          {"gru-noreset-tfjs", Dialect::TfKeras2, "", ""},
          {"gru-noreset-tfjs", Dialect::Keras3, "0.2 x + 0.5", "tf.keras 2"},
          {"lstm-hard_sigmoid-k2", Dialect::Keras3, "0.2 x + 0.5", "tf.keras 2"},
          {"lstm-hard_sigmoid-k2", Dialect::TensorFlowJs, "", ""},
          {"hard_sigmoid-k2", Dialect::Keras3, "", ""},
          {"hard_sigmoid-k3", Dialect::Keras2, "x / 6 + 0.5", "Keras 3"},
          {"keras1-upsampling-th", Dialect::Keras3, "", ""}}) {
        SCOPED_TRACE(fmt::format("{} in {}", row.file, layers::dialectRow(row.dialect).title));
        const graph::Project project = opened(row.file).project;
        const Result<std::string> written = kerasJson(project, row.dialect);
        ASSERT_EQ(written.has_value(), *row.refusal == '\0') << (written ? *written : written.error().text());
        if (!written) {
            EXPECT_THAT(written.error().message, HasSubstr(row.refusal));
            EXPECT_THAT(written.error().advice, HasSubstr(row.instead));
            continue;
        }
        const Result<Opened> again = readProject(*written);
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(readDialect(again->project)->dialect, row.dialect);
        EXPECT_EQ(parametersOf(again->project.graph), parametersOf(project.graph));
    }
}

}  // namespace
}  // namespace shapewise::io
