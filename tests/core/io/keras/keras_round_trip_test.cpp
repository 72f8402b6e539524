// Reading a Keras model and writing it: what nobody touched comes back, and an edit changes what it is about.

#include "core/edit/apply.h"
#include "core/edit/builders.h"
#include "core/infer/analysis.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <set>

namespace shapewise::io {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden/keras";

fs::path shared() {
    for (fs::path folder = SHAPEWISE_SOURCE_DIR; folder.has_relative_path(); folder = folder.parent_path())
        if (fs::exists(folder / "shared/models/expected-shapes.json")) return folder / "shared";
    const char* named = std::getenv("SHAPEWISE_SHARED");
    return named != nullptr ? fs::path(named) : fs::path();
}

/// The first place where two values differ, with both; empty when they are one.
std::string difference(const Value& a, const Value& b, const std::string& where = {}) {
    if (a.isDict() && b.isDict()) {
        const ValueDict& one = a.asDict();
        const ValueDict& other = b.asDict();
        for (std::size_t index = 0; index < std::min(one.size(), other.size()); ++index) {
            if (one[index].first != other[index].first)
                return where + ": key " + one[index].first + " against " + other[index].first;
            if (std::string found = difference(one[index].second, other[index].second, where + "." + one[index].first);
                !found.empty())
                return found;
        }
        return one.size() == other.size() ? "" : where + ": " + jsonText(a) + " against " + jsonText(b);
    }
    if (a.isList() && b.isList() && a.asList().size() == b.asList().size()) {
        for (std::size_t index = 0; index < a.asList().size(); ++index)
            if (std::string found =
                    difference(a.asList()[index], b.asList()[index], where + "[" + std::to_string(index) + "]");
                !found.empty())
                return found;
        return {};
    }
    const std::string one = jsonText(a);
    const std::string other = jsonText(b);
    return one == other ? "" : where + ": " + one + " against " + other;
}

/// Every Keras model in JSON below a folder that opens.
std::vector<fs::path> modelsBelow(const fs::path& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

struct Counted {
    int written = 0;
    int refused = 0;  ///< for errors of the model
};

Counted checkFolder(const fs::path& folder) {
    Counted counted;
    for (const fs::path& file : modelsBelow(folder)) {
        SCOPED_TRACE(file.string());
        const Result<std::string> text = readFile(file, 1 << 28);
        const Result<Value> before = text ? parseJson(*text) : Result<Value>(failure("not read"));
        if (!before || !isKerasModel(*before)) continue;
        const Result<Opened> opened = readProject(*text);
        if (!opened) continue;
        const Result<std::string> written = kerasJson(opened->project);
        if (!written) {
            if (!infer::Analysis::of(opened->project.graph).nodesInConflict().empty()) {
                ++counted.refused;
                continue;
            }
            ADD_FAILURE() << written.error().text();
            continue;
        }
        ++counted.written;
        const Result<Value> after = parseJson(*written);
        EXPECT_EQ(difference(*before, *after), "");
        const Result<Opened> saved = readProject(projectJson(opened->project));
        if (!saved) {
            ADD_FAILURE() << saved.error().text();
            continue;
        }
        const Result<std::string> again = kerasJson(saved->project);
        if (!again) {
            ADD_FAILURE() << again.error().text();
            continue;
        }
        EXPECT_EQ(difference(*after, *parseJson(*again)), "") << "through a .shapewise project";
    }
    return counted;
}

/// A file that is read and written has every member as it was.
void expectComesBack(const std::string& text) {
    SCOPED_TRACE(text);
    const Result<Opened> opened = readProject(text);
    ASSERT_TRUE(opened) << opened.error().text();
    const Result<std::string> written = kerasJson(opened->project);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(difference(*parseJson(text), *parseJson(*written)), "");
}

TEST(KerasRoundTrip, WhatNobodyTouchedComesBack) { EXPECT_GE(checkFolder(kGolden).written, 5); }

TEST(KerasRoundTrip, WhatIsWrappedAroundAModelComesBack) {
    const std::string config =
        R"({"name": "m", "layers": [{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 8], "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": "Dense", "config": {"name": "d", "units": 3, "own": {"deep": [1, 1.0, true]}}, "name": "d", "inbound_nodes": [[["x", 0, 0, {}]]]}], "input_layers": [["x", 0, 0]], "output_layers": [["d", 0, 0]]})";
    const std::string model = R"({"class_name": "Functional", "config": )" + config + R"(, "keras_version": "2.11.0"})";
    const std::string files[] = {
        R"({"format": "layers-model", "modelTopology": {"model_config": )" + model +
            R"(, "training_config": {"loss": "mse"}}, "weightsManifest": [{"paths": ["a.bin"], "weights": []}]})",
        R"({"keras_model": )" + model + R"(, "epochs": 3})",
        R"({"class_name": "Functional", "config": )" + config + "}",
        config,
        R"({"before": 1, "keras_model": )" + jsonText(Value(model)) + R"(, "after": [2.0]})",
    };
    for (const std::string& text : files) expectComesBack(text);
}

TEST(KerasRoundTrip, WhatTheDialectHasNoWordForComesBack) {
    const std::string tensor =
        R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 4, 6], "dtype": "float32", "keras_history": ["a", 0, 0]}})";
    const auto operation = [&](const std::string& className, const std::string& config) {
        return R"({"class_name": "Functional", "config": {"name": "f", "layers": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 6], "name": "a"}, "name": "a", "inbound_nodes": []}, {"module": "keras.src.ops.numpy", "class_name": ")" +
               className + R"(", "config": {"name": "x", )" + config + R"(}, "registered_name": ")" + className +
               R"(", "name": "x", "inbound_nodes": [{"args": [)" + tensor +
               R"(], "kwargs": {}}]}], "input_layers": ["a", 0, 0], "output_layers": ["x", 0, 0]}})";
    };
    const std::string files[] = {
        operation("Reshape", R"("newshape": [-1, 24])"),
        // functions that the writer's dialect does not name, with custom objects or as operations
        R"({"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Conv2D", "config": {"name": "c", "batch_input_shape": [null, 8, 8, 3], "filters": 2, "kernel_size": 3, "activation": "relu6"}}, {"class_name": "TimeDistributed", "config": {"name": "t", "layer": {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "gelu"}}}}]}, "keras_version": "2.2.4"})",
        R"({"class_name": "Functional", "config": {"name": "f", "layers": [{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 4], "name": "a"}, "name": "a", "inbound_nodes": []}, {"class_name": "TFOpLambda", "config": {"name": "x", "function": "nn.relu6"}, "name": "x", "inbound_nodes": [["a", 0, 0, {}]]}], "input_layers": [["a", 0, 0]], "output_layers": [["x", 0, 0]]}, "keras_version": "2.11.0"})",
        operation("Softmax", R"("axis": -1, "more": 1)"),
        operation("ExpandDims", R"("axis": 1, "more": 1)"),
        R"({"class_name": "Sequential", "config": [{"class_name": "Merge", "config": {"name": "m", "layers": [{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "l", "batch_input_shape": [null, 5], "output_dim": 8}}]}, {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "r", "batch_input_shape": [null, 7], "output_dim": 8}}]}], "mode": "4wEAAA", "mode_type": "lambda", "output_shape": [8]}}], "keras_version": "1.2.2"})",
    };
    for (const std::string& text : files) expectComesBack(text);
}

TEST(KerasRoundTrip, EveryModelOfTheSharedFolderComesBack) {
    const fs::path folder = shared();
    if (folder.empty()) GTEST_SKIP() << "no shared folder beside the repository: set SHAPEWISE_SHARED";
    Counted all;
    for (const char* room : {"minimal", "models", "oracles/models", "keras-js-vectors"}) {
        const Counted counted = checkFolder(folder / room);
        all.written += counted.written;
        all.refused += counted.refused;
    }
    EXPECT_GE(all.written, 30);
    EXPECT_LE(all.refused, 20);
    RecordProperty("written", all.written);
    RecordProperty("refused", all.refused);
}

}  // namespace
}  // namespace shapewise::io
