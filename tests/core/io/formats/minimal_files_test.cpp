// The smallest files that showed a fault: what each gives, whole, from opening it to what its run says.

#include "core/diag/renderer.h"
#include "core/exec/run.h"
#include "core/graph/topology.h"
#include "core/infer/cost.h"
#include "core/io/data/data_files.h"
#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"
#include "core/view_math/map_layout.h"
#include "tests/core/exec/small_graph.h"
#include "tests/core/mistakes/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace shapewise::io {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;

using Facts = std::vector<std::string>;

struct MinimalFile {
    const char* file;  ///< below tests/golden
    Facts facts;
};
void PrintTo(const MinimalFile& row, std::ostream* out) { *out << row.file; }

fs::path golden(const std::string& file) { return fs::path(SHAPEWISE_SOURCE_DIR) / "tests/golden" / file; }

std::string contents(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

Opened opened(const std::string& file) {
    Result<Opened> read = openProject(golden(file));
    EXPECT_TRUE(read) << read.error().text();
    return read ? std::move(*read) : Opened{};
}

std::string countText(const infer::Costs& costs) {
    if (costs.knowsParameters) return std::to_string(costs.parameters.total);
    return fmt::format("at least {}", costs.parameters.total);
}

/// "conv Conv2D (None, 4, 4, 2) 40", those of a nested model behind it with a place in front.
void tellNodes(const graph::Graph& graph, const infer::Analysis& analysis, const std::string& place, Facts& facts) {
    const infer::Costs costs = infer::costsOf(graph, analysis);
    for (const NodeId id : graph::topologicalOrder(graph).nodes) {
        const graph::Node& node = *graph.find(id);
        const tensor::TensorType* type = analysis[id].outputAt(0);
        std::string shape = type == nullptr ? "unknown" : type->shape.text();
        if (analysis[id].refusals) shape = "conflict";
        if (type != nullptr && type->guessed) shape.insert(0, "≈ ");
        facts.push_back(fmt::format("{}{} {} {} {}", place, node.name, node.type->className, shape,
                                    costs[id].parameters ? std::to_string(costs[id].parameters->total) : "?"));
        if (node.body != nullptr)
            tellNodes(*node.body, infer::Analysis::of(*node.body), fmt::format("{}{}/", place, node.name), facts);
    }
}

void tellProblems(const mistakes::Model& model, Facts& facts) {
    for (const diag::Diagnostic& found : model.diagnose())
        facts.push_back(
            fmt::format("{} {} at {}: {}", diag::severityName(found.severity), diag::row(found.code).name,
                        model.project().graph.find(found.node)->name,
                        found.fixes.empty() ? std::string("no repair") : mistakes::wordsOf(found.fixes[0].title)));
}

exec::RunReport runOf(const graph::Project& project, const std::string& file,
                      const std::map<std::string, tensor::Tensor>& inputs = {}) {
    exec::RunRequest request;
    request.project = project;
    request.project.run.batchSize = 1;
    request.loadData = dataLoader(golden(file).parent_path());
    for (const auto& [name, values] : inputs)
        request.inputs[project.graph.findByName(name)->id] = std::make_shared<const tensor::Tensor>(values);
    return exec::testing::runAll(request);
}

/// Which nodes have an output when the model runs, and what is said of the others and of what was assumed.
void tellRun(const graph::Project& project, const std::string& file, Facts& facts) {
    const exec::RunReport report = runOf(project, file);
    Facts ran;
    Facts remarks;
    for (const auto& [id, node] : report.nodes) {
        const std::string& name = project.graph.find(id)->name;
        if (!node.outputs.empty()) ran.push_back(name);
        if (!node.problem.empty()) remarks.push_back(fmt::format("{} does not run: {}", name, node.problem));
        if (!node.note.empty()) remarks.push_back(fmt::format("{} runs, {}", name, node.note));
    }
    facts.push_back(ran.size() == report.nodes.size() ? "all run" : fmt::format("run: {}", fmt::join(ran, ", ")));
    facts.insert(facts.end(), remarks.begin(), remarks.end());
}

void tellWriting(const graph::Project& project, const std::string& file, Facts& facts) {
    if (!readDialect(project)) return;
    const Result<std::string> written = kerasJson(project);
    if (!written) {
        facts.push_back("not written: " + written.error().text());
        return;
    }
    const bool isSame = parseJson(*written)->text() == parseJson(contents(golden(file)))->text();
    facts.emplace_back(isSame ? "comes back as it was" : "comes back changed:\n" + *written);
}

Facts factsOfModel(const std::string& file) {
    const Opened read = opened(file);
    const mistakes::Model model(read.project);
    Facts facts;
    if (const std::optional<ReadDialect> dialect = readDialect(read.project)) facts.push_back(dialect->text());
    for (const std::string& note : read.notes) facts.push_back("note: " + note);
    tellNodes(read.project.graph, model.analysis(), "", facts);
    facts.push_back("parameters " + countText(infer::costsOf(read.project.graph, model.analysis())));
    tellProblems(model, facts);
    tellRun(read.project, file, facts);
    tellWriting(read.project, file, facts);
    return facts;
}

/// What becomes of a file of numbers: a node with its shape, or a refusal.
Facts factsOfData(const std::string& file) {
    graph::Project project;
    const Result<std::shared_ptr<graph::Node>> node = makeDataNode(golden(file), project.graph.nextId(), project.graph);
    if (!node) return {node.error().message, "to do: " + node.error().advice};
    project.graph.put(*node);
    const mistakes::Model model(project);
    Facts facts{fmt::format("{} {}", (*node)->type->className, model.shapeOf((*node)->name))};
    tellProblems(model, facts);
    const exec::RunReport report = runOf(project, file);
    const exec::NodeRun& run = report.nodes.at((*node)->id);
    if (!run.problem.empty()) facts.push_back(run.problem);
    if (!run.note.empty()) facts.push_back("note: " + run.note);
    if (run.notFinite.any()) facts.push_back(fmt::format("the first that is not finite at {}", run.notFinite.first));
    return facts;
}

// Parameters counted by hand from Keras' definitions; notes and repairs as a person should meet them. What is ≈ is a
// guess, what is ? is not known.
const MinimalFile kModels[] = {
    {"dialects/bool-as-int.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.15.0)", "i InputLayer (None, 10, 4) 0", "d Dense (None, 10, 4) 20",
      "l LSTM (None, 10, 4) 144", "c Conv1D (None, 8, 4) 52", "parameters 216", "all run", "comes back as it was"}},
    {"dialects/gru-noreset-k1.json",
     {"Keras 1 (keras_version 1.2.2)", "g_input InputLayer (None, 5, 3) 0", "g GRU (None, 4) 96", "parameters 96",
      "all run", "comes back as it was"}},
    {"dialects/gru-noreset-k21.json",
     {"Keras 2.0 to 2.2 (keras_version 2.1.6)", "g_input InputLayer (None, 5, 3) 0", "g GRU (None, 4) 96",
      "parameters 96", "all run", "comes back as it was"}},
    {"dialects/gru-noreset-k3.json",
     {"Keras 3 (keras_version 3.3.0)", "g_input InputLayer (None, 5, 3) 0", "g GRU (None, 4) 108", "parameters 108",
      "all run", "comes back as it was"}},
    {"dialects/gru-noreset-tf210.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.10.0)", "g_input InputLayer (None, 5, 3) 0", "g GRU (None, 4) 108",
      "parameters 108", "all run", "comes back as it was"}},
    {"dialects/gru-noreset-tfjs.json",
     {"TensorFlow.js (keras_version tfjs-layers 1.3.1)", "g_input InputLayer (None, 5, 3) 0", "g GRU (None, 4) 96",
      "parameters 96", "all run", "comes back as it was"}},
    {"dialects/hard_sigmoid-k2.json",
     {"TensorFlow.js (keras_version 2.2.4), a guess", "hs_input InputLayer (None, 3) 0", "hs Activation (None, 3) 0",
      "parameters 0", "all run", "comes back as it was"}},
    {"dialects/hard_sigmoid-k3.json",
     {"Keras 3 (keras_version 3.3.0)", "hs_input InputLayer (None, 3) 0", "hs Activation (None, 3) 0", "parameters 0",
      "all run", "comes back as it was"}},
    {"dialects/hard_sigmoid-tfjs1.json",
     {"TensorFlow.js (keras_version tfjs-layers 1.3.1)", "hs_input InputLayer (None, 3) 0", "hs Activation (None, 3) 0",
      "parameters 0", "all run", "comes back as it was"}},
    {"dialects/hard_sigmoid-tfjs4.json",
     {"TensorFlow.js (keras_version tfjs-layers 4.22.0)", "hs_input InputLayer (None, 3) 0",
      "hs Activation (None, 3) 0", "parameters 0", "all run", "comes back as it was"}},
    {"dialects/keras1-upsampling-th.json",
     {"Keras 1 (keras_version 1.2.2)", "c1_input InputLayer (None, 1, 8, 8) 0", "c1 Conv2D (None, 4, 8, 8) 40",
      "up UpSampling2D (None, 4, 16, 16) 0", "c2 Conv2D (None, 4, 16, 16) 148", "parameters 188", "all run",
      "comes back as it was"}},
    {"dialects/keras1-zeropadding-th.json",
     {"Keras 1 (keras_version 1.2.2)", "zp_input InputLayer (None, 3, 8, 8) 0", "zp ZeroPadding2D (None, 3, 10, 10) 0",
      "c1 Conv2D (None, 4, 10, 10) 112", "mp MaxPooling2D (None, 4, 5, 5) 0", "parameters 112", "all run",
      "comes back as it was"}},
    {"dialects/lstm-hard_sigmoid-k2.json",
     {"Keras 2.0 to 2.2 (keras_version 2.2.4)", "lstm_input InputLayer (None, 3, 2) 0", "lstm LSTM (None, 2) 40",
      "parameters 40", "all run", "comes back as it was"}},
    {"dialects/mask_zero-1.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.15.0)", "i InputLayer (None, 10) 0", "e Embedding (None, 10, 8) 800",
      "g GRU (None, 4) 168", "parameters 968", "all run", "comes back as it was"}},
    {"dialects/seq-of-functional-dict.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.4.0)", "base_input InputLayer (None, 8) 0",
      "base Functional (None, 8) 72", "base/in1 InputLayer (None, 8) 0", "base/a Dense (None, 8) 72",
      "base/add Add (None, 8) 0", "out Dense (None, 3) 27", "parameters 99", "all run", "comes back as it was"}},
    {"dialects/seq-of-functional-withinput.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.4.0)", "inp InputLayer (None, 8) 0", "base Functional (None, 8) 72",
      "base/in1 InputLayer (None, 8) 0", "base/a Dense (None, 8) 72", "base/add Add (None, 8) 0",
      "out Dense (None, 3) 27", "parameters 99", "all run", "comes back as it was"}},
    {"dialects/seq-of-model-list.json",
     {"Keras 2.0 to 2.2 (keras_version 2.1.6)", "base_input InputLayer (None, 8) 0", "base Functional (None, 8) 72",
      "base/in1 InputLayer (None, 8) 0", "base/a Dense (None, 8) 72", "base/add Add (None, 8) 0",
      "out Dense (None, 3) 27", "parameters 99", "all run", "comes back as it was"}},
    {"dialects/seq-of-model-tfjs.json",
     {"TensorFlow.js (keras_version tfjs-layers 1.3.1)", "base_input InputLayer (None, 8) 0",
      "base Functional (None, 8) 72", "base/in1 InputLayer (None, 8) 0", "base/a Dense (None, 8) 72",
      "base/add Add (None, 8) 0", "out Dense (None, 3) 27", "parameters 99", "all run", "comes back as it was"}},
    {"dialects/seq-of-seq-of-model-tfjs.json",
     {"TensorFlow.js (keras_version tfjs-layers 1.3.1)", "s1_input InputLayer (None, 8) 0",
      "s1 Sequential (None, 8) 72", "s1/base_input InputLayer (None, 8) 0", "s1/base Functional (None, 8) 72",
      "s1/base/in1 InputLayer (None, 8) 0", "s1/base/a Dense (None, 8) 72", "s1/base/add Add (None, 8) 0",
      "out Dense (None, 3) 27", "parameters 99", "all run", "comes back as it was"}},
    {"guesses/custom-params-0.json",
     {"Keras 2.0 to 2.2 (keras_version 2.0.4)", "note: layer 'bias_1': class Bias is not known, kept as Custom",
      "d_input InputLayer (None, 3) 0", "d Dense (None, 4) 16", "bias_1 Custom unknown ?", "e Dense unknown ?",
      "parameters at least 16", "hint unknown-layer at bias_1: Declare its output as (None, 4)", "run: d_input, d",
      "bias_1 does not run: nothing here computes this layer", "e does not run: waits for bias_1",
      "comes back as it was"}},
    {"guesses/custom-shape-guess.json",
     {"Keras 2.0 to 2.2 (keras_version 2.1.6)", "note: layer 'ps': class PixelShuffler is not known, kept as Custom",
      "c_input InputLayer (None, 8, 8, 3) 0", "c Conv2D (None, 8, 8, 8) 224", "ps Custom unknown ?",
      "c2 Conv2D ≈ (None, None, None, 4) ?", "parameters at least 224",
      "hint unknown-layer at ps: Declare its output as (None, 8, 8, 8)", "run: c_input, c",
      "ps does not run: nothing here computes this layer", "c2 does not run: waits for ps", "comes back as it was"}},
    {"guesses/locally_connected_valid.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.4.0)", "in0 InputLayer (None, 3, 2) 0",
      "lc LocallyConnected1D (None, 2, 4) 40", "r Reshape (None, 8) 0", "parameters 40", "all run",
      "comes back as it was"}},
    {"guesses/unknown-size-from-reshape.json",
     {"tf.keras of TensorFlow 2 (keras_version 2.10.0)", "i InputLayer (None, None, None, 3) 0",
      "bb Functional (None, None, None, 4) 704", "bb/x InputLayer (None, None, None, 3) 0",
      "bb/c0 Conv2D (None, None, None, 4) 112", "bb/c1 Conv2D (None, None, None, 4) 148",
      "bb/c2 Conv2D (None, None, None, 4) 148", "bb/c3 Conv2D (None, None, None, 4) 148",
      "bb/c4 Conv2D (None, None, None, 4) 148", "r Reshape (None, 13, 13, 4) 0", "parameters 704", "all run",
      "i runs, unknown sizes run as 416, which r asks for", "comes back as it was"}},
    {"minimal/mel-44100.shapewise",
     {"tone AudioFile (1, 44100, 1) 0", "reshape Reshape (1, 44100) 0", "mel MelSpectrogram (1, 128, 87) 0",
      "parameters 0", "warning sample-rate-differs at mel: Set sampling_rate to 44100", "all run"}},
    {"minimal/overflow-pool-strides.json",
     {"Keras 3", "in InputLayer (None, 32, 32, 3) 0", "p MaxPooling2D (None, 1, 1, 3) 0", "c Conv2D conflict ?",
      "parameters at least 0", "error window-too-large at c: Set padding to 'same'", "run: in, p",
      "c does not run: is in conflict: window too large (kernel_size), given (1, 1, 1, 3)",
      ("not written: 'c' has an error: Conv2D 'c': a 5 × 5 kernel does not fit a 1 × 1 input with 'valid' padding. "
       "Repair it first: Keras could not load the model")}},
    {"minimal/overflow-strides.json",
     {"Keras 3", "in InputLayer (None, 32, 32, 3) 0", "c0 Conv2D (None, 1, 1, 4) 112", "c Conv2D conflict ?",
      "parameters at least 112", "error window-too-large at c: Set padding to 'same'", "run: in, c0",
      "c does not run: is in conflict: window too large (kernel_size), given (1, 1, 1, 4)",
      ("not written: 'c' has an error: Conv2D 'c': a 5 × 5 kernel does not fit a 1 × 1 input with 'valid' padding. "
       "Repair it first: Keras could not load the model")}},
    {"minimal/roundtrip-wrapped-lambda-custom.json",
     {"Keras 3 (keras_version 3.3.0)", "note: layer 'lam': class Lambda is not known, kept as Custom",
      "note: layer 'mn': class MyNorm is not known, kept as Custom", "i InputLayer (None, 5, 4) 0",
      "td TimeDistributed (None, 5, 3) 15", "d2 Dense (None, 5, 3) 12", "lam Custom unknown ?", "mn Custom unknown ?",
      "zz_bad Add unknown 0", "parameters at least 27", "hint unknown-layer at lam: Declare its output as (None, 5, 3)",
      "hint unknown-layer at mn: Use Identity instead", "run: i, td, d2",
      "lam does not run: nothing here computes this layer", "mn does not run: waits for lam",
      "zz_bad does not run: waits for lam", "comes back as it was"}},
};

const MinimalFile kData[] = {
    {"minimal/tone-1000Hz-44100.wav", {"AudioFile (1, 44100, 1)"}},
    {"data/complex.npy",
     {"complex.npy holds complex numbers ('<c16'), and only real numbers, integers and bool are read",
      ("to do: Save their size with numpy.abs(array), or both parts stacked: numpy.stack([array.real, array.imag], "
       "-1)")}},
    {"data/cut-300-bytes.wav", {"AudioFile (1, 650, 1)", "note: the file is cut, 650 of 800 samples read"}},
    {"data/data-size-0.wav", {"AudioFile (1, 800, 1)"}},
    {"data/exif-orientation-6.jpg", {"ImageFile (1, 40, 20, 3)", "note: turned by 90° clockwise (EXIF orientation 6)"}},
    {"data/extraneous-bytes.jpg",
     {"ImageFile (1, 20, 40, 3)", "note: libjpeg warns: Corrupt JPEG data: 3 extraneous bytes before marker 0xdb"}},
    {"data/float64-1e300.npy",
     {"ArrayFile (2, 2)", "note: 1 value is too large for float32 (1e+300) and became infinite",
      "the first that is not finite at 0"}},
    {"data/pcm36-in-40.wav",
     {"pcm36-in-40.wav is WAV with 36-bit integers in 40 bits, which is not read",
      ("to do: Save it as WAV with 16-bit integers or 32-bit floating point numbers and open that, for example: ffmpeg "
       "-i pcm36-in-40.wav -c:a pcm_f32le new.wav")}},
    {"data/pcm64.wav",
     {"pcm64.wav is WAV with 64-bit integers, which is not read",
      ("to do: Save it as WAV with 16-bit integers or 32-bit floating point numbers and open that, for example: ffmpeg "
       "-i pcm64.wav -c:a pcm_f32le new.wav")}},
    {"data/strings.npy",
     {"strings.npy holds text ('<U2'), and only real numbers, integers and bool are read",
      "to do: Encode it as numbers first, for example numpy.unique(array, return_inverse=True)[1]"}},
    {"data/struct.npy",
     {("struct.npy holds records with fields [('x', '<f4'), ('y', '<i2')], and only real numbers, integers and bool "
       "are "
       "read"),
      "to do: Save one field: numpy.save(path, array['NAME'].astype('float32'))"}},
};

std::string nameOf(const testing::TestParamInfo<MinimalFile>& row) {
    std::string name = fs::path(row.param.file).stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) == 0; },
        '_');
    return name;
}

class MinimalModels : public testing::TestWithParam<MinimalFile> {};

TEST_P(MinimalModels, GiveWhatIsRight) {
    EXPECT_THAT(factsOfModel(GetParam().file), ElementsAreArray(GetParam().facts));
}

TEST_P(MinimalModels, AreMendedByTheFirstRepair) {
    mistakes::expectFirstRepairsWork(mistakes::Model(opened(GetParam().file).project), GetParam().file);
}

INSTANTIATE_TEST_SUITE_P(MinimalFiles, MinimalModels, testing::ValuesIn(kModels), nameOf);

class MinimalData : public testing::TestWithParam<MinimalFile> {};

TEST_P(MinimalData, GiveWhatIsRight) { EXPECT_THAT(factsOfData(GetParam().file), ElementsAreArray(GetParam().facts)); }

TEST_P(MinimalData, AreToldFromModelsWithWhatToDo) {
    const Result<Opened> read = openProject(golden(GetParam().file));
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("no project"));
    // Who cannot drop it on the canvas either is told what to do instead.
    const bool isRead = GetParam().facts.front().find("File (") != std::string::npos;
    EXPECT_EQ(read.error().advice, isRead ? "Drop it on the canvas to make a node of it"
                                          : std::string(GetParam().facts[1]).substr(std::strlen("to do: ")));
}

TEST_P(MinimalData, OfANodeThatCannotReadThemSayWhatToDo) {
    if (GetParam().facts.front().find("File (") != std::string::npos) return;
    mistakes::Model model;
    const bool isSound = fs::path(GetParam().file).extension() == ".wav";
    model.add(isSound ? "AudioFile" : "ArrayFile", "data", {{"path", golden(GetParam().file).string()}});
    edit::Edit look;
    look.steps = refreshDataNodes(model.project().graph, {});
    model = model.after(look);
    const std::vector<diag::Diagnostic> found = model.diagnose();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(mistakes::messageOf(found.front()) + mistakes::report(model), HasSubstr(GetParam().facts[0]));
    EXPECT_THAT(mistakes::report(model), HasSubstr(std::string(GetParam().facts[1]).substr(std::strlen("to do: "))));
}

INSTANTIATE_TEST_SUITE_P(MinimalFiles, MinimalData, testing::ValuesIn(kData), nameOf);

TEST(MinimalFiles, AllOfTheSharedFolderAreInTheTables) {
    fs::path folder;
    for (fs::path above = SHAPEWISE_SOURCE_DIR; above.has_relative_path(); above = above.parent_path())
        if (fs::exists(above / "shared/minimal")) folder = above / "shared/minimal";
    if (const char* named = std::getenv("SHAPEWISE_SHARED"); folder.empty() && named != nullptr)
        folder = fs::path(named) / "minimal";
    if (!fs::is_directory(folder)) GTEST_SKIP() << "no shared folder beside the repository: set SHAPEWISE_SHARED";
    std::set<std::string> known;
    for (const MinimalFile& row : kModels) known.insert(fs::path(row.file).filename().string());
    for (const MinimalFile& row : kData) known.insert(fs::path(row.file).filename().string());
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        // what joins unequal inputs, and what stands against its weights, has its tests beside the repairs
        if (entry.is_directory() || name.starts_with("merge_") || name == "README.md") continue;
        EXPECT_TRUE(known.contains(name)) << name;
    }
}

// Numbers

std::vector<float> valuesOf(const exec::RunReport& report, const graph::Project& project, const char* name) {
    const std::span<const float> values = report.nodes.at(project.graph.findByName(name)->id).outputs.at(0)->values();
    return {values.begin(), values.end()};
}

TEST(MinimalNumbers, HardSigmoidIsThatOfItsWriter) {
    for (const auto& [file, expected] : {std::pair{"hard_sigmoid-k2", std::array{0.7F, 0.3F, 1.0F}},
                                         {"hard_sigmoid-tfjs1", {0.7F, 0.3F, 1.0F}},
                                         {"hard_sigmoid-tfjs4", {0.7F, 0.3F, 1.0F}},
                                         {"hard_sigmoid-k3", {2.0F / 3, 1.0F / 3, 0.95F}}}) {
        const std::string path = fmt::format("dialects/{}.json", file);
        const graph::Project project = opened(path).project;
        const exec::RunReport report =
            runOf(project, path, {{"hs_input", tensor::Tensor({1, 3}, std::vector<float>{1.0F, -1.0F, 2.7F})}});
        EXPECT_THAT(valuesOf(report, project, "hs"), Pointwise(FloatNear(1e-6F), expected)) << file;
    }
}

TEST(MinimalNumbers, TheGatesOfAnLstmOfKeras2AreThoseOfKeras2) {
    mistakes::Model model(opened("dialects/lstm-hard_sigmoid-k2.json").project);
    // Biases alone: each gate is 0.2 · 1 + 0.5, the candidate tanh(1).
    model.setWeights(model.project().graph.findByName("lstm")->id, {{"kernel", tensor::Tensor({2, 8}, 0.0F)},
                                                                    {"recurrent_kernel", tensor::Tensor({2, 8}, 0.0F)},
                                                                    {"bias", tensor::Tensor({8}, 1.0F)}});
    constexpr float kGate = 0.7F;
    float cell = 0.0F;
    for (int step = 0; step < 3; ++step) cell = kGate * cell + kGate * std::tanh(1.0F);
    const exec::RunReport report = runOf(model.project(), "dialects/lstm-hard_sigmoid-k2.json");
    EXPECT_THAT(valuesOf(report, model.project(), "lstm"), Each(FloatNear(kGate * std::tanh(cell), 1e-6F)));
}

TEST(MinimalNumbers, EachPlaceOfALocallyConnectedLayerHasItsKernel) {
    mistakes::Model model(opened("guesses/locally_connected_valid.json").project);
    std::vector<float> kernel(2 * 4 * 4, 1.0F);
    std::fill(kernel.begin() + 16, kernel.end(), 10.0F);  // of the second place
    model.setWeights(
        model.project().graph.findByName("lc")->id,
        {{"kernel", tensor::Tensor({2, 4, 4}, std::move(kernel))}, {"bias", tensor::Tensor({2, 4}, 0.5F)}});
    const exec::RunReport report = runOf(model.project(), "guesses/locally_connected_valid.json",
                                         {{"in0", tensor::Tensor({1, 3, 2}, std::vector<float>{1, 2, 3, 4, 5, 6})}});
    EXPECT_THAT(valuesOf(report, model.project(), "r"),
                ElementsAre(10.5F, 10.5F, 10.5F, 10.5F, 180.5F, 180.5F, 180.5F, 180.5F));
}

/// Where the axis of frequency says that most of the sound is.
double loudestHertz(const graph::Project& project) {
    const exec::RunReport report = runOf(project, "minimal/mel-44100.shapewise");
    const exec::NodeRun& mel = report.nodes.at(project.graph.findByName("mel")->id);
    const tensor::Tensor& bands = *mel.outputs.at(0);
    std::int64_t best = 0;
    std::vector<double> sums(static_cast<std::size_t>(bands.size(1)));
    for (std::int64_t band = 0; band < bands.size(1); ++band) {
        for (std::int64_t time = 0; time < bands.size(2); ++time)
            sums[static_cast<std::size_t>(band)] += bands.data()[band * bands.size(2) + time];
        if (sums[static_cast<std::size_t>(band)] > sums[static_cast<std::size_t>(best)]) best = band;
    }
    return view_math::positionOf(static_cast<double>(best), mel.types.at(0).scale(1));
}

TEST(MinimalNumbers, AToneLiesAtItsHertzBeforeAndAfterTheRepairOfTheRate) {
    const mistakes::Model model(opened("minimal/mel-44100.shapewise").project);
    EXPECT_NEAR(loudestHertz(model.project()), 1000.0, 40.0);
    const mistakes::Model repaired = model.after(model.diagnose().at(0).fixes.at(0).edit);
    EXPECT_EQ(*repaired.project().graph.findByName("mel")->setting("sampling_rate"), Value(44100));
    EXPECT_NEAR(loudestHertz(repaired.project()), 1000.0, 40.0);
}

}  // namespace
}  // namespace shapewise::io
