// Numbers at the ends of 64 bits in every parameter and every size: shapes, costs, receptive fields, mistakes and
// repairs must not compute with what has wrapped round. With UndefinedBehaviorSanitizer the test finds each place that
// does.
#include "core/infer/cost.h"
#include "core/io/files/files.h"
#include "core/layers/framework/catalog.h"
#include "tests/core/mistakes/model.h"

#include <gtest/gtest.h>
#include <filesystem>
#include <limits>

namespace shapewise::mistakes {
namespace {

using layers::LayerType;
using layers::ParamKind;
using layers::ParamSpec;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kExtremes[] = {kMost, std::int64_t{1} << 62, kLeast};

/// Everything that is computed of a model while someone edits it: no number of it has wrapped round to less than 0.
void expectNothingWraps(const Model& model, const std::string& what) {
    SCOPED_TRACE(what);
    const infer::Analysis analysis = model.analysis();
    const infer::Costs costs = infer::costsOf(model.project().graph, analysis);
    EXPECT_GE(costs.multiplyAdds, 0);
    EXPECT_GE(costs.activationBytes, 0);
    EXPECT_GE(costs.parameters.total, 0);
    model.project().graph.forEach([&](const graph::Node& node) {
        for (const std::int64_t size : costs[node.id].field.size) EXPECT_GE(size, 0) << node.name;
        for (std::size_t port = 0; port < analysis[node.id].outputCount(); ++port)
            for (const tensor::Dim size : analysis[node.id].outputAt(port)->shape.sizes())
                EXPECT_GE(size.sizeOr(0), 0) << node.name;
    });
    for (const diag::Diagnostic& diagnostic : model.diagnose())
        for (const diag::Fix& fix : diagnostic.fixes) {
            EXPECT_FALSE(wordsOf(fix.title).empty());
            if (!fix.outputShape) continue;
            for (const tensor::Dim size : fix.outputShape->sizes()) EXPECT_GE(size.sizeOr(0), 0) << fix.id;
        }
}

bool holdsNumbers(const ParamSpec& spec) {
    return spec.kind == ParamKind::Integer || spec.kind == ParamKind::Spatial || spec.kind == ParamKind::Padding ||
           spec.kind == ParamKind::Sizes || spec.kind == ParamKind::IntegerList;
}

/// A model with the layer between an Input that it takes and a layer that may not fit behind it.
Model around(const LayerType& type, const Settings& settings, std::vector<std::int64_t> sizes) {
    Model model;
    model.add("InputLayer", "in", {{"shape", Value::list(sizes)}});
    const NodeId source = model.project().graph.findByName("in")->id;
    std::vector<NodeId> inputs(type.inputs.empty() ? 0 : 1, source);
    if (!type.inputs.empty() && type.inputs.front().many) inputs.push_back(source);
    const NodeId layer = model.add(type.className, "layer", settings, inputs);
    if (!type.outputs.empty() && type.isLayer())
        model.add("Conv2D", "behind", {{"filters", 4}, {"kernel_size", 5}}, {layer});
    return model;
}

Settings initial(const LayerType& type) {
    Settings settings;
    for (const ParamSpec& spec : type.params)
        if (!spec.initial.isNone()) settings.emplace_back(spec.key, spec.initial);
    return settings;
}

std::vector<std::int64_t> usualSizes(const LayerType& type) {
    const int rank = type.inputs.empty() ? 4 : std::clamp(type.inputs.front().minimumRank, 3, 5);
    return std::vector<std::int64_t>(static_cast<std::size_t>(rank - 1), 32);
}

TEST(ExtremeSizes, InAnyParameterOfAnyLayerAreNoFaultOfOurs) {
    for (const LayerType* type : layers::allLayers()) {
        for (const ParamSpec& spec : type->params) {
            if (!holdsNumbers(spec)) continue;
            for (const std::int64_t extreme : kExtremes) {
                Settings settings = initial(*type);
                std::erase_if(settings, [&](const auto& setting) { return setting.first == spec.key; });
                Settings listed = settings;
                settings.emplace_back(spec.key, Value(extreme));
                const std::size_t count = spec.axes > 0 ? static_cast<std::size_t>(spec.axes) : 2;
                listed.emplace_back(spec.key, Value::list(std::vector<std::int64_t>(count, extreme)));
                const std::string what =
                    std::string(type->className) + "." + std::string(spec.key) + " = " + std::to_string(extreme);
                expectNothingWraps(around(*type, settings, usualSizes(*type)), what);
                expectNothingWraps(around(*type, listed, usualSizes(*type)), what + " in a list");
            }
        }
    }
}

TEST(ExtremeSizes, InAnyAxisOfTheInputAreNoFaultOfOurs) {
    for (const LayerType* type : layers::allLayers()) {
        if (type->inputs.empty()) continue;
        for (const std::int64_t extreme : {kMost, kMost - 1, std::int64_t{1} << 61})
            for (std::size_t axis = 0; axis < usualSizes(*type).size(); ++axis) {
                std::vector<std::int64_t> sizes = usualSizes(*type);
                sizes[axis] = extreme;
                expectNothingWraps(around(*type, initial(*type), sizes), std::string(type->className) + " on axis " +
                                                                             std::to_string(axis + 1) + " of " +
                                                                             std::to_string(extreme));
            }
    }
}

TEST(ExtremeSizes, InTheStridesBeforeALayerThatDoesNotFitAreNoFaultOfOurs) {
    for (const char* first :
         {"MaxPooling2D", "Conv2D", "AveragePooling2D", "Conv2DTranspose", "DepthwiseConv2D", "UpSampling2D"})
        for (const std::int64_t extreme : {kMost, kMost - 1, std::int64_t{1} << 62})
            for (const char* key : {"strides", "size", "dilation_rate", "pool_size", "kernel_size"}) {
                const LayerType& type = *layers::findLayer(first);
                if (type.param(key) == nullptr) continue;
                Settings settings = initial(type);
                std::erase_if(settings, [&](const auto& setting) { return setting.first == key; });
                settings.emplace_back(key, Value::list({extreme, extreme}));
                expectNothingWraps(around(type, settings, {32, 32, 3}), std::string(first) + "." + key);
            }
}

}  // namespace
}  // namespace shapewise::mistakes
