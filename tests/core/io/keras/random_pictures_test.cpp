// Layers that change pictures at random while training, as tutorials put them in front of a model.

#include "core/infer/analysis.h"
#include "core/io/files/files.h"
#include "core/io/files/json_value.h"
#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::io {
namespace {

struct Case {
    std::string className;
    std::string config;
};
const Case kCases[] = {
    {"RandomFlip", R"("mode": "horizontal", "seed": null)"},
    {"RandomRotation", R"("factor": 0.1, "fill_mode": "reflect", "fill_value": 0.0, "interpolation": "bilinear")"},
    {"RandomRotation", R"("factor": [-0.2, 0.3])"},
    {"RandomZoom", R"("height_factor": 0.2, "width_factor": null)"},
    {"RandomZoom", R"("height_factor": {"class_name": "__tuple__", "items": [0.1, 0.2]})"},
    {"RandomTranslation", R"("height_factor": 0.1, "width_factor": [-0.1, 0.1])"},
    {"RandomContrast", R"("factor": 0.1, "seed": 3)"},
    {"RandomBrightness", R"("factor": 0.2, "value_range": [0, 255])"},
};

std::string file(const Case& example) {
    return R"({"class_name": "Sequential", "keras_version": "2.11.0", "config": {"name": "s", "layers": [)"
           R"({"class_name": "Sequential", "config": {"name": "augmentation", "layers": [{"class_name": ")" +
           example.className + R"(", "config": {"name": "x", "batch_input_shape": [null, 8, 9, 3], )" + example.config +
           R"(}}]}}, {"class_name": "Conv2D", "config": {"name": "c", "filters": 4, "kernel_size": 3}}]}})";
}

TEST(RandomPictures, WhatIsBehindThemIsKnown) {
    for (const Case& example : kCases) {
        SCOPED_TRACE(example.className + " " + example.config);
        const Result<Opened> opened = readProject(file(example));
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_TRUE(opened->notes.empty()) << opened->notes.front();
        const infer::Analysis analysis = infer::Analysis::of(opened->project.graph);
        const tensor::TensorType* out = analysis[opened->project.graph.findByName("c")->id].outputAt(0);
        ASSERT_NE(out, nullptr);
        EXPECT_EQ(out->shape.text(), "(None, 6, 7, 4)");
        EXPECT_FALSE(out->guessed);
        const Result<std::string> written = kerasJson(opened->project);
        ASSERT_TRUE(written) << written.error().text();
        EXPECT_EQ(jsonText(*parseJson(*written)), jsonText(*parseJson(file(example))));
    }
}

TEST(RandomPictures, AFactorIsANumberOrARange) {
    for (const char* factor : {R"("much")", "[0.1]", "[0.1, 0.2, 0.3]", "true"}) {
        SCOPED_TRACE(factor);
        const Result<Opened> opened = readProject(file({"RandomContrast", std::string(R"("factor": )") + factor}));
        ASSERT_TRUE(opened);
        const infer::Analysis analysis = infer::Analysis::of(opened->project.graph);
        EXPECT_EQ(analysis[opened->project.graph.findByName("c")->id].outputAt(0), nullptr);
    }
}

}  // namespace
}  // namespace shapewise::io
