// The words people read: one example for each code that a small model can show.

#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace shapewise::mistakes {
namespace {

struct Step {
    std::string_view className;
    Settings settings;
};

Model chain(const std::vector<Step>& steps) {
    Model model;
    for (std::size_t index = 0; index < steps.size(); ++index)
        model.add(steps[index].className, index == 0 ? "data" : "layer_" + std::to_string(index),
                  steps[index].settings);
    return model;
}

Step input(std::initializer_list<std::int64_t> sizes) { return {"InputLayer", {{"shape", Value::list(sizes)}}}; }
Step conv2D() { return {"Conv2D", {{"filters", 8}, {"kernel_size", 3}}}; }

Model merged(std::string_view className, std::initializer_list<std::int64_t> a, std::initializer_list<std::int64_t> b) {
    Model model;
    const NodeId first = model.add("InputLayer", "a", {{"shape", Value::list(a)}});
    const NodeId second = model.add("InputLayer", "b", {{"shape", Value::list(b)}});
    model.add(className, "merge", {}, {first, second});
    return model;
}

Step layer(std::string_view className, Settings settings = {}) { return {className, std::move(settings)}; }

Value inner(std::string_view className, ValueDict config) {
    return Value(ValueDict{{"class_name", Value(className)}, {"config", Value(std::move(config))}});
}

Model loop() {
    Model model = chain({input({10}), layer("Dense", {{"units", 10}}), layer("Add"), layer("Dense", {{"units", 10}})});
    auto first = std::make_shared<graph::Node>(*model.project().graph.findByName("layer_2"));
    first->inputs.push_back(graph::Link{NodeId(3), 0, 0});
    model.project().graph.put(std::move(first));
    return model;
}

/// One example for each code that is left.
void addRest(std::vector<Model>& models) {
    Model batches;
    const NodeId two = batches.add("InputLayer", "a", {{"batch_shape", Value::list({2, 5})}});
    const NodeId three = batches.add("InputLayer", "b", {{"batch_shape", Value::list({3, 5})}});
    batches.add("Add", "merge", {}, {two, three});
    models.push_back(batches);
    models.push_back(chain({input({4, 5}), layer("BatchNormalization", {{"axis", 3}})}));
    models.push_back(chain({input({128}), layer("Dense", {{"units", std::int64_t{1} << 62}})}));
    Model dot;
    const NodeId left = dot.add("InputLayer", "a", {{"shape", Value::list({4, 5})}});
    const NodeId right = dot.add("InputLayer", "b", {{"shape", Value::list({4, 6})}});
    dot.add("Dot", "merge", {{"axes", 2}}, {left, right});
    models.push_back(dot);
    models.push_back(chain({input({5, 4}), layer("Cropping1D", {{"cropping", Value::list({3, 3})}})}));
    models.push_back(chain({input({std::int64_t{1} << 40, std::int64_t{1} << 30, 3})}));
    models.push_back(
        chain({input({2, 2, 2}), layer("Reshape", {{"target_shape", Value::list({2, 2, 2, 1, 1, 1, 1, 1, 1})}})}));
    models.push_back(
        chain({{"InputLayer", {{"shape", Value::list({16000, 1})}, {"dtype", "int32"}}}, layer("STFTSpectrogram")}));
    models.push_back(chain(
        {input({5, 4, 4, 3}),
         layer("TimeDistributed", {{"layer", inner("Conv2D", {{"filters", Value(4)}, {"kernel_size", Value(9)}})}})}));
    Model lone;
    const NodeId data = lone.add("InputLayer", "data", {{"shape", Value::list({10})}});
    lone.add("Add", "merge", {}, {data});
    models.push_back(lone);
    Model many;
    const NodeId a = many.add("InputLayer", "a", {{"shape", Value::list({10})}});
    many.add("Subtract", "merge", {}, {a, a, a});
    models.push_back(many);
    models.push_back(loop());
    models.push_back(chain(
        {{"ImageFile", {{"path", "photo.png"}, {"file_problem", "it ends after 12 of 40,000 bytes"}}}, conv2D()}));
    models.push_back(
        chain({input({98, 8}), layer("Conv1D", {{"filters", 8}, {"kernel_size", 3}}), layer("Dense", {{"units", 3}})}));
    models.push_back(chain({input({3, 32, 32}),
                            layer("Conv2D", {{"filters", 8}, {"kernel_size", 3}, {"data_format", "channels_first"}}),
                            layer("BatchNormalization")}));
    models.push_back(chain({input({16000}), layer("MelSpectrogram", {{"num_mel_bins", 64}, {"sequence_stride", 256}}),
                            layer("LSTM", {{"units", 8}})}));
    models.push_back(
        chain({layer("Sample", {{"kind", "sine"}, {"shape", Value::list({16384})}, {"sample_rate", 44100.0}}),
               layer("MelSpectrogram")}));
    models.push_back(chain({input({60000, 784}), layer("Dense", {{"units", 10}})}));
    Model trained = chain({input({32, 32, 1}), conv2D()});
    trained.setWeights(NodeId(1),
                       {{"kernel", tensor::Tensor({3, 3, 3, 8}, 0.0F)}, {"bias", tensor::Tensor({8}, 0.0F)}});
    models.push_back(trained);
}

std::vector<Model> examples() {
    std::vector<Model> models;
    models.push_back(chain({input({20, 1}), {"Conv1D", {{"filters", 32}, {"kernel_size", 3}}}, conv2D()}));
    models.push_back(chain({input({32, 28, 28, 1}), conv2D()}));
    models.push_back(chain({input({5, 5, 3}), {"Conv2D", {{"filters", 8}, {"kernel_size", 7}}}}));
    models.push_back(chain({{"InputLayer", {{"shape", Value(ValueList{Value(), Value(), Value(3)})}}},
                            {"Flatten", {}},
                            {"Dense", {{"units", 10}}}}));
    models.push_back(chain({input({8, 8, 32}), {"Conv2D", {{"filters", 64}, {"kernel_size", 3}, {"groups", 64}}}}));
    models.push_back(chain({input({13, 13, 1024}), {"Reshape", {{"target_shape", Value::list({4, 10})}}}}));
    models.push_back(chain({input({10}), {"Reshape", {{"target_shape", Value::list({-1, 3})}}}}));
    models.push_back(chain({input({10}), {"Reshape", {{"target_shape", Value::list({-1, -1})}}}}));
    models.push_back(merged("Add", {28, 28, 64}, {28, 28, 128}));
    models.push_back(merged("Concatenate", {225, 225, 8}, {224, 224, 8}));
    models.push_back(merged("Concatenate", {10}, {7, 7, 64}));
    models.push_back(merged("Add", {8, 8, 64}, {1, 1, 64}));
    models.push_back(chain({{"InputLayer", {{"shape", Value::list({400})}}}, {"MelSpectrogram", {}}}));
    models.push_back(chain({input({8, 8, 3}), {"Conv2D", {{"kernel_size", 3}}}}));
    models.push_back(chain({input({8}), {"Dense", {{"units", "4"}}}}));
    models.push_back(chain({input({8}), {"Dense", {{"units", 0}}}}));
    models.push_back(chain({input({8}), {"Dense", {{"units", 4}, {"activation", "rleu"}}}}));
    models.push_back(chain({input({8, 3}), {"Conv1D", {{"filters", 8}, {"kernel_size", Value::list({3, 3})}}}}));
    models.push_back(chain(
        {input({20, 20, 3}), {"Conv2D", {{"filters", 8}, {"kernel_size", 3}, {"strides", 2}, {"dilation_rate", 2}}}}));
    models.push_back(chain({input({4, 5}), {"Permute", {{"dims", Value::list({1, 1})}}}}));
    models.push_back(chain({input({1, 101}), {"Conv1D", {{"filters", 8}, {"kernel_size", 5}, {"padding", "same"}}}}));
    models.push_back(chain({input({3, 224, 224}), {"Conv2D", {{"filters", 8}, {"kernel_size", 3}}}}));
    models.push_back(chain({input({28, 28, 1}), conv2D(), {"Dense", {{"units", 10}}}}));
    models.push_back(chain({input({64, 128}), {"Reshape", {{"target_shape", Value::list({128, 64})}}}}));
    models.push_back(chain({input({20}),
                            {"Dense", {{"units", 10}}},
                            {"Target", {{"shape", Value::list({1})}, {"loss", "categorical_crossentropy"}}}}));
    models.push_back(chain({{"ImageFile", {{"path", "photo.png"}}}, conv2D()}));
    models.push_back(chain({{"ImageFile", {}}, conv2D()}));
    models.push_back(chain({input({8}), {"Custom", {{"class_name", "Stranger"}}}, layer("Dense", {{"units", 4}})}));
    addRest(models);
    Model lonely;
    lonely.add("InputLayer", "data", {{"shape", Value::list({28, 28, 3})}});
    lonely.add("Conv2D", "lonely", {{"filters", 8}, {"kernel_size", 3}}, {});
    models.push_back(lonely);
    return models;
}

/// Codes that no layer refuses with, or only inside an open group.
bool isElsewhere(diag::Code code) { return code == diag::Code::ChannelsMismatch || code == diag::Code::GroupInput; }

TEST(GoldenWords, CoverEachCode) {
    std::set<diag::Code> seen;
    for (const Model& model : examples())
        for (const diag::Diagnostic& diagnostic : model.diagnose()) seen.insert(diagnostic.code);
    for (std::uint16_t index = 0; index < static_cast<std::uint16_t>(diag::Code::Count_); ++index) {
        const auto code = static_cast<diag::Code>(index);
        EXPECT_TRUE(seen.contains(code) || isElsewhere(code)) << diag::row(code).name;
    }
}

TEST(GoldenWords, ReadAsTheyDid) {
    std::string words;
    for (const Model& model : examples())
        for (const diag::Diagnostic& diagnostic : model.diagnose())
            words += std::string(diag::row(diagnostic.code).name) + ": " + messageOf(diagnostic) + "\n";
    const std::string path = std::string(SHAPEWISE_SOURCE_DIR) + "/tests/golden/diagnostics.txt";
    if (std::getenv("SHAPEWISE_UPDATE_GOLDEN")) std::ofstream(path) << words;
    std::ifstream file(path);
    std::stringstream golden;
    golden << file.rdbuf();
    EXPECT_EQ(words, golden.str()) << "Read the difference; if it is meant, run with SHAPEWISE_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace shapewise::mistakes
