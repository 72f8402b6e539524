// Files of tests/golden/dialects, with what Keras gives for each.

#include "core/graph/topology.h"
#include "core/infer/cost.h"
#include "core/io/files/files.h"
#include "core/io/keras/keras_dialect.h"
#include "core/mistakes/diagnose.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

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

TEST(DialectFiles, GiveWhatTheirWriterGives) {
    for (const Row& row : kRows) {
        const Result<Opened> opened =
            openProject(std::string(SHAPEWISE_SOURCE_DIR) + "/tests/golden/dialects/" + row.file + ".json");
        ASSERT_TRUE(opened) << row.file << ": " << opened.error().text();
        EXPECT_EQ(textOf(*opened), row.expected) << row.file;
    }
}

}  // namespace
}  // namespace shapewise::io
