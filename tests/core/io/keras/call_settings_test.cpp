// Arguments of calls that are no tensors: what they say of a layer is followed, and comes back.

#include "core/edit/apply.h"
#include "core/edit/builders.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/io/keras/keras_json.h"
#include "core/layers/framework/layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string input(const std::string& name) {
    return R"({"class_name": "InputLayer", "name": ")" + name + R"(", "config": {"name": ")" + name +
           R"(", "batch_input_shape": [null, 4, 3]}, "inbound_nodes": []})";
}

std::string model(const std::string& version, const std::string& layer) {
    return R"({"class_name": "Functional", "config": {"name": "f", "layers": [)" + input("a") + ", " + input("b") +
           ", " + layer +
           R"(], "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["x", 0, 0]]}, "keras_version": ")" +
           version + R"(", "backend": "tensorflow"})";
}

struct Attending {
    std::string name;
    std::string file;
};

std::string keras3Tensor(const std::string& name) {
    return R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 4, 3], "dtype": "float32", )"
           R"("keras_history": [")" +
           name + R"(", 0, 0]}})";
}

/// Every layer that attends, in the calls that writers make; `settings`: members of the call.
std::vector<Attending> attendingLayers(const std::string& settings) {
    const std::string heads = R"("num_heads": 1, "key_dim": 2)";
    const std::string listCall = R"("inbound_nodes": [[["a", 0, 0, {)" + settings + R"(}], ["b", 0, 0, {}]]])";
    const std::string namedCall = R"("inbound_nodes": [["a", 0, 0, {"value": ["b", 0, 0], )" + settings + "}]]";
    const std::string modern = R"("inbound_nodes": [{"args": [)" + keras3Tensor("a") + ", " + keras3Tensor("b") +
                               R"(], "kwargs": {)" + settings + "}}]";
    const std::string modernList = R"("inbound_nodes": [{"args": [[)" + keras3Tensor("a") + ", " + keras3Tensor("b") +
                                   R"(]], "kwargs": {)" + settings + "}}]";
    const auto layer = [](const std::string& className, const std::string& config, const std::string& call) {
        return R"({"class_name": ")" + className + R"(", "name": "x", "config": {"name": "x")" +
               (config.empty() ? "" : ", ") + config + "}, " + call + "}";
    };
    return {{"Attention 2", model("2.11.0", layer("Attention", {}, listCall))},
            {"AdditiveAttention 2", model("2.11.0", layer("AdditiveAttention", {}, listCall))},
            {"MultiHeadAttention 2", model("2.11.0", layer("MultiHeadAttention", heads, namedCall))},
            {"Attention 3", model("3.4.0", layer("Attention", {}, modernList))},
            {"AdditiveAttention 3", model("3.4.0", layer("AdditiveAttention", {}, modernList))},
            {"MultiHeadAttention 3", model("3.4.0", layer("MultiHeadAttention", heads, modern))},
            {"GroupQueryAttention 3",
             model("3.4.0", layer("GroupQueryAttention",
                                  R"("head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1)", modern))}};
}

bool isCausal(const graph::Project& project) {
    return layers::Params(*project.graph.findByName("x")).flag("use_causal_mask");
}

std::string written(const graph::Project& project) {
    const Result<Value> value = kerasValue(project, readDialect(project)->dialect);
    return value ? jsonText(*value) : value.error().text();
}

TEST(CallSettings, ACausalMaskIsASettingOfTheLayer) {
    for (const Attending& attending : attendingLayers(R"("use_causal_mask": true)")) {
        SCOPED_TRACE(attending.name);
        const Result<Opened> opened = readProject(attending.file);
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_TRUE(isCausal(opened->project));
    }
    for (const Attending& attending : attendingLayers(R"("use_causal_mask": false)")) {
        SCOPED_TRACE(attending.name);
        const Result<Opened> opened = readProject(attending.file);
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_FALSE(isCausal(opened->project));
    }
}

TEST(CallSettings, ScoresThatTheCallAsksForAreASecondOutput) {
    for (const Attending& attending : attendingLayers(R"("return_attention_scores": true)")) {
        SCOPED_TRACE(attending.name);
        const Result<Opened> opened = readProject(attending.file);
        ASSERT_TRUE(opened) << opened.error().text();
        const infer::Analysis analysis = infer::Analysis::of(opened->project.graph);
        EXPECT_EQ(analysis[opened->project.graph.findByName("x")->id].outputCount(), 2);
    }
}

TEST(CallSettings, WhatNobodyTouchedComesBack) {
    for (const std::string settings :
         {R"("use_causal_mask": true)", R"("use_causal_mask": false)", R"("return_attention_scores": true)"})
        for (const Attending& attending : attendingLayers(settings)) {
            SCOPED_TRACE(attending.name + " " + settings);
            const Result<Opened> opened = readProject(attending.file);
            ASSERT_TRUE(opened) << opened.error().text();
            EXPECT_EQ(written(opened->project), jsonText(*parseJson(attending.file)));
        }
}

TEST(CallSettings, AnEditOfOneIsWrittenInTheCall) {
    for (const bool isOnInFile : {false, true})
        for (const Attending& attending :
             attendingLayers(isOnInFile ? R"("use_causal_mask": true)" : R"("training": false)")) {
            SCOPED_TRACE(attending.name);
            const Result<Opened> opened = readProject(attending.file);
            ASSERT_TRUE(opened) << opened.error().text();
            const NodeId id = opened->project.graph.findByName("x")->id;
            const Result<edit::Applied> edited =
                edit::apply(opened->project, edit::setParameter(id, "use_causal_mask", Value(!isOnInFile)));
            ASSERT_TRUE(edited);
            const std::string file = written(edited->project);
            const Result<Opened> again = readProject(file);
            ASSERT_TRUE(again) << file;
            EXPECT_EQ(isCausal(again->project), !isOnInFile) << file;
            const Value entry = parseJson(file)->find("config")->find("layers")->asList()[2];
            EXPECT_EQ(entry.find("config")->find("use_causal_mask"), nullptr) << file;
        }
}

TEST(CallSettings, TheConstructorSaidItUpToTensorFlow29) {
    for (const char* className : {"Attention", "AdditiveAttention"}) {
        const std::string file =
            model("2.8.0", std::string(R"({"class_name": ")") + className +
                               R"(", "name": "x", "config": {"name": "x", "causal": true, "dropout": 0.0}, )"
                               R"("inbound_nodes": [[["a", 0, 0, {}], ["b", 0, 0, {}]]]})");
        const Result<Opened> opened = readProject(file);
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_TRUE(isCausal(opened->project));
        EXPECT_EQ(written(opened->project), jsonText(*parseJson(file)));
        const NodeId id = opened->project.graph.findByName("x")->id;
        const Result<edit::Applied> edited =
            edit::apply(opened->project, edit::setParameter(id, "use_causal_mask", Value(false)));
        ASSERT_TRUE(edited);
        EXPECT_THAT(written(edited->project), HasSubstr(R"("causal": false)"));
        const Result<Value> modern = kerasValue(opened->project, layers::Dialect::Keras3);
        ASSERT_TRUE(modern);
        EXPECT_THAT(jsonText(*modern), HasSubstr(R"("use_causal_mask": true)"));
        EXPECT_THAT(jsonText(*modern), Not(HasSubstr(R"("causal")")));
    }
}

TEST(CallSettings, ALayerThatIsCalledAsInTrainingIsSaidToRunOtherwise) {
    const Result<Opened> opened =
        readProject(model("2.11.0", R"({"class_name": "Dropout", "name": "x", "config": {"name": "x", "rate": 0.5}, )"
                                    R"("inbound_nodes": [[["a", 0, 0, {"training": true}]]]})"));
    ASSERT_TRUE(opened);
    EXPECT_THAT(opened->notes, testing::Contains(HasSubstr("'x': is called with training=True")));
}

}  // namespace
}  // namespace shapewise::io
