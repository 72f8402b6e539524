// What every layer of the catalogue must do, derived from the catalogue itself.

#include "core/layers/framework/catalog.h"
#include "core/layers/parts/activation_choice.h"
#include "tests/support/added_layers.h"
#include "valid_layer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace shapewise::layers {
namespace {

using diag::Code;
using tensor::Tensor;
using tensor::TensorType;

std::vector<const TensorType*> pointersTo(const std::vector<TensorType>& types) {
    std::vector<const TensorType*> pointers;
    for (const TensorType& type : types) pointers.push_back(&type);
    return pointers;
}

/// Whether the words follow the house rules: a capital or a parameter's value first, no full stop at the end.
void expectHouseText(std::string_view text, std::size_t longest) {
    EXPECT_FALSE(text.empty());
    EXPECT_LE(text.size(), longest) << text;
    if (text.empty()) return;
    EXPECT_NE(text.back(), '.') << text;
    for (const char* word : {"nvalid", "llegal", "oops", "lease "})
        EXPECT_EQ(text.find(word), std::string_view::npos) << text;
}

class EveryLayer : public testing::TestWithParam<const LayerType*> {
  protected:
    EveryLayer() {
        if (findLayer(type().className) == nullptr) added_.emplace(std::vector<const LayerType*>{GetParam()});
    }
    const LayerType& type() const { return *GetParam(); }
    std::shared_ptr<graph::Node> initialNode() const {
        return makeInitialNode(type(), NodeId(0), automaticName(type()));
    }

  private:
    std::optional<AddedLayers> added_;
};

class EveryLayerWithInput : public EveryLayer {};
/// Nested models have a graph and no parameters to draw: nested_model_test.
class EveryComputingLayer : public EveryLayer {};

std::vector<const LayerType*> layersThat(bool (*hold)(const LayerType&)) {
    std::vector<const LayerType*> found;
    for (const LayerType* type : allLayers())
        if (hold(*type)) found.push_back(type);
    return found;
}

TEST_P(EveryLayer, IsFoundByItsNameAndAliases) {
    EXPECT_EQ(findLayer(type().className), &type());
    for (const ForeignClass& row : type().foreign.classes) {
        EXPECT_EQ(findLayer(row.name), row.isTranslated ? nullptr : &type()) << row.name;
        ValueDict config;
        if (!row.whenKey.empty()) config.emplace_back(row.whenKey, Value(row.whenValue));
        EXPECT_EQ(findForeign(row.name, config).type, &type()) << row.name;
    }
}

TEST_P(EveryLayer, HasWordsThatFollowTheHouseRules) {
    expectHouseText(type().summary, 80);
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(type().summary.front()))) << type().summary;
    EXPECT_FALSE(type().title.empty());
    EXPECT_FALSE(type().keywords.empty());
    EXPECT_GT(type().doc.size(), 40U);
    for (const ParamSpec& spec : type().params) {
        SCOPED_TRACE(spec.key);
        expectHouseText(spec.help, 140);
    }
}

/// Settings that are kept in the extras: how weights start and what holds them in training.
bool isOfTraining(std::string_view key) {
    return key.ends_with("_initializer") || key.ends_with("_regularizer") || key.ends_with("_constraint") ||
           key == "unit_forget_bias";
}

TEST_P(EveryLayer, NamesOnlyParametersThatItHas) {
    std::set<std::string_view> keys;
    for (const ParamSpec& spec : type().params) EXPECT_TRUE(keys.insert(spec.key).second) << spec.key;
    for (const std::string_view key : type().telling) EXPECT_TRUE(keys.contains(key)) << key;
    for (const ForeignKey& row : type().foreign.keys) {
        EXPECT_TRUE(keys.contains(row.key) || isOfTraining(row.key)) << row.key;
        EXPECT_FALSE(keys.contains(row.foreign)) << row.foreign;
    }
    for (const ForeignDefault& row : type().foreign.defaults) EXPECT_TRUE(keys.contains(row.key)) << row.key;
    for (const std::string_view key : {type().integersBelow, type().channelAxis})
        EXPECT_TRUE(key.empty() || keys.contains(key)) << key;
    for (const ParamSpec& spec : type().params)
        EXPECT_TRUE(spec.visibleWhenKey.empty() || keys.contains(spec.visibleWhenKey)) << spec.key;
}

TEST_P(EveryLayer, HasDefaultsAndInitialValuesItAccepts) {
    for (const ParamSpec& spec : type().params) {
        SCOPED_TRACE(spec.key);
        for (const Value& value : {spec.fallback, spec.initial}) {
            if (value.isNone()) continue;
            const std::shared_ptr<graph::Node> node = initialNode();
            node->set(spec.key, value);
            InferContext context(Params(*node), {}, {}, node.get());
            validate(context);
            for (const diag::Refusal& refusal : context.refusals()) {
                const bool concernsIt = refusal.parameter == spec.key;
                const bool isConflict = refusal.code == Code::ParameterConflict;
                EXPECT_TRUE(!concernsIt || isConflict) << value.text();
            }
        }
        EXPECT_TRUE(spec.kind != ParamKind::Choice || !spec.choices.empty());
        EXPECT_TRUE(!spec.required || spec.fallback.isNone());
    }
}

TEST_P(EveryLayer, MissesItsRequiredParameters) {
    const std::shared_ptr<graph::Node> node = makeNode(type(), NodeId(0), "bare");
    InferContext context(Params(*node), {}, {}, node.get());
    validate(context);
    for (const ParamSpec& spec : type().params)
        if (spec.required) {
            bool isMissed = false;
            for (const diag::Refusal& refusal : context.refusals())
                isMissed = isMissed || (refusal.code == Code::ParameterMissing && refusal.parameter == spec.key);
            EXPECT_TRUE(isMissed) << spec.key;
        }
    EXPECT_TRUE(tellingText(Params(*node)).empty() || context.refusals().empty());
}

TEST_P(EveryLayer, HasPortsThatAreTold) {
    const std::shared_ptr<graph::Node> node = initialNode();
    EXPECT_EQ(node->inputPortCount, type().inputs.size());
    for (std::size_t port = 0; port < type().inputs.size(); ++port) {
        const PortSpec& spec = type().inputs[port];
        EXPECT_FALSE(spec.name.empty());
        EXPECT_LE(spec.minimumRank, spec.maximumRank);
        EXPECT_LE(spec.maximumRank, tensor::kMaximumRank);
        EXPECT_TRUE(!spec.many || port + 1 == type().inputs.size()) << "only the last port takes a list";
    }
    const bool givesNothing = !type().isLayer();
    EXPECT_EQ(type().outputs.empty(), givesNothing);
}

std::string refusalText(InferContext& context) {
    std::string text;
    for (const diag::Refusal& refusal : context.refusals())
        text += std::string(diag::row(refusal.code).name) + "(" + std::string(refusal.parameter) + ") ";
    return text;
}

/// Sizes that need not be known may be unknown: no error, and the batch stays unknown.
TEST_P(EveryLayerWithInput, LeavesUnknownSizesUnknown) {
    // Pictures may come without a batch, of rank 3; with one they have four axes.
    const int usualRank = type().param("height") != nullptr ? 4 : 3;
    for (int known = 0; known <= 2; ++known) {  // none; the last axis; all but the batch
        const std::shared_ptr<graph::Node> node = initialNode();
        std::vector<TensorType> inputs;
        for (const PortSpec& port : type().inputs) {
            if (port.optional) continue;
            TensorType input;
            const int rank = std::clamp(usualRank, std::max(port.minimumRank, 1), port.maximumRank);
            for (int axis = 0; axis < rank; ++axis) {
                const bool isKnown = axis > 0 && (known == 2 || (known == 1 && axis == rank - 1));
                input.shape.append(isKnown ? tensor::Dim(64) : tensor::Dim::unknown());
            }
            inputs.push_back(input);
            for (int more = 1; port.many && more < port.minimumLinks; ++more) inputs.push_back(input);
        }
        const std::vector<const TensorType*> pointers = pointersTo(inputs);
        InferContext context(Params(*node), pointers, {}, node.get());
        inferLayer(context);
        const bool hasGoodReason =
            std::all_of(context.refusals().begin(), context.refusals().end(), [&](const diag::Refusal& refusal) {
                return refusal.code == Code::SizeUnknown || refusal.code == Code::ElementType || known == 2 ||
                       (known == 1 && refusal.code != Code::RankTooLow && refusal.code != Code::RankTooHigh);
            });
        EXPECT_TRUE(hasGoodReason) << "with " << known << "\n" << refusalText(context);
        if (context.isRefused() || context.outputs().empty() || inputs[0].shape.rank() < 2) continue;
        const tensor::Shape& output = context.outputs()[0].shape;
        EXPECT_FALSE(output.rank() > 0 && output[0].isKnown()) << output.text();
    }
}

TEST_P(EveryLayer, SurvivesAnySettingsAndShapes) {
    constexpr std::uint32_t kSeed = 20240607;
    constexpr int kRounds = 300;
    SCOPED_TRACE(kSeed);
    Random random(kSeed);
    const tensor::Dim sizes[] = {tensor::Dim(0),
                                 tensor::Dim(1),
                                 tensor::Dim(7),
                                 tensor::Dim(std::int64_t{1} << 40),
                                 tensor::Dim(std::numeric_limits<std::int64_t>::max()),
                                 tensor::Dim::unknown(),
                                 tensor::Dim::symbol("T")};
    for (int round = 0; round < kRounds; ++round) {
        const std::shared_ptr<graph::Node> node = initialNode();
        for (const ParamSpec& spec : type().params)
            if (randomBetween(random, 0, 3) == 0) node->set(spec.key, wildValue(random));
        std::vector<TensorType> inputs(static_cast<std::size_t>(randomBetween(random, 0, 4)));
        for (TensorType& input : inputs)
            for (std::int64_t axes = randomBetween(random, 0, tensor::kMaximumRank); axes > 0; --axes)
                input.shape.append(sizes[randomBetween(random, 0, std::size(sizes) - 1)]);
        const std::vector<const TensorType*> pointers = pointersTo(inputs);
        std::vector<ExplanationLine> lines;
        InferContext context(Params(*node), pointers, {}, node.get());
        context.collectExplanation(&lines);
        const bool accepted = inferLayer(context);
        EXPECT_EQ(accepted, context.refusals().empty());
        (void)tellingText(Params(*node));
        if (type().window != nullptr) (void)type().window(Params(*node));
        if (!accepted) continue;
        (void)parameterCount(*node, pointers);
        (void)multiplyAddCount(*node, pointers);
        for (const TensorType& output : context.outputs()) {
            EXPECT_FALSE(output.shape.hasTooLarge()) << output.shape.text();
            for (const tensor::Dim size : output.shape.sizes()) EXPECT_GE(size.sizeOr(0), 0);
        }
    }
}

/// Runs the layer on outputs of the inferred sizes that are full of a mark; every value must be written.
void expectForwardFillsOutputs(const graph::Node& node, const std::vector<TensorType>& inputs,
                               std::span<const TensorType> outputs, Random& random) {
    const std::vector<const TensorType*> types = pointersTo(inputs);
    constexpr float kMark = -1.2345e30F;
    std::vector<Tensor> values;
    for (const TensorType& input : inputs) {
        tensor::Extents extents;
        for (const tensor::Dim size : input.shape.sizes()) extents.push_back(size.size());
        Tensor tensor(extents);
        for (float& value : tensor.values())
            value = input.dtype == tensor::DType::Float32 ? std::normal_distribution<float>()(random) : 0.0F;
        values.push_back(std::move(tensor));
    }
    std::vector<Tensor> weights;
    for (const WeightSpec& weight : weightsOf(node, types)) weights.emplace_back(weight.extents, 0.5F);
    std::vector<Tensor> results;
    for (const TensorType& output : outputs) {
        tensor::Extents extents;
        for (const tensor::Dim size : output.shape.sizes()) extents.push_back(size.size());
        results.emplace_back(extents, kMark);
    }
    std::vector<const Tensor*> valuePointers;
    for (const Tensor& value : values) valuePointers.push_back(&value);
    std::vector<const Tensor*> weightPointers;
    for (const Tensor& weight : weights) weightPointers.push_back(&weight);
    ForwardContext context{.params = Params(node),
                           .inputs = valuePointers,
                           .inputTypes = types,
                           .links = {},
                           .outputs = results,
                           .weights = weightPointers,
                           .stop = {}};
    const Result<void> done = node.type->forward(context);
    ASSERT_TRUE(done) << done.error().text();
    for (const Tensor& result : results)
        for (const float value : result.values()) ASSERT_NE(value, kMark);
}

std::string drawnText(const ValidLayer& drawn) {
    std::string text;
    for (const TensorType& input : drawn.inputs) text += input.shape.text() + " ";
    for (const graph::Setting& setting : drawn.node->settings) text += " " + setting.key + "=" + setting.value.text();
    return text;
}

/// For random settings of all parameters and random inputs: every output has the inferred sizes and each of its values
/// is written. The draws are nearly all right, which is counted too.
TEST_P(EveryComputingLayer, ComputesExactlyTheShapeItInfers) {
    constexpr std::uint32_t kSeed = 4711;
    constexpr int kRounds = 150;
    constexpr int kLeastRuns = 120;
    constexpr std::int64_t kMostValues = 400000;
    SCOPED_TRACE(kSeed);
    Random random(kSeed);
    int runs = 0;
    std::string refused;
    for (int round = 0; round < kRounds; ++round) {
        const ValidLayer drawn = validLayer(random, type());
        const std::vector<const TensorType*> pointers = pointersTo(drawn.inputs);
        InferContext context(Params(*drawn.node), pointers, {}, drawn.node.get());
        if (!inferLayer(context)) {
            refused += refusalText(context) + drawnText(drawn) + "\n";
            continue;
        }
        std::int64_t count = 0;
        for (const TensorType& output : context.outputs())
            count = std::max(count, output.shape.elementCount().sizeOr(kMostValues + 1));
        ASSERT_LE(count, kMostValues) << drawnText(drawn);
        SCOPED_TRACE(drawnText(drawn));
        expectForwardFillsOutputs(*drawn.node, drawn.inputs, context.outputs(), random);
        ++runs;
    }
    EXPECT_GE(runs, kLeastRuns) << "the generator makes too many layers that are refused:\n" << refused;
}

/// glu halves the last axis of any layer with an activation.
bool hasGlu(const Params& params) {
    return params.type().param("activation") != nullptr && params.activation("activation") == "glu";
}

TEST_P(EveryComputingLayer, KeepsTheShapeWhereItSaysSo) {
    Random random(20);
    for (int round = 0; round < 20 && type().keepsShape(); ++round) {
        const ValidLayer drawn = validLayer(random, type());
        const std::vector<const TensorType*> pointers = pointersTo(drawn.inputs);
        InferContext context(Params(*drawn.node), pointers, {}, drawn.node.get());
        if (!inferLayer(context) || hasGlu(Params(*drawn.node))) continue;
        EXPECT_EQ(context.outputs()[0].shape, drawn.inputs[0].shape) << drawnText(drawn);
    }
}

std::string nameOf(const testing::TestParamInfo<const LayerType*>& layer) {
    return std::string(layer.param->className);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryLayer, testing::ValuesIn(allLayers().begin(), allLayers().end()), nameOf);
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryLayerWithInput,
                         testing::ValuesIn(layersThat([](const LayerType& type) { return !type.inputs.empty(); })),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryComputingLayer, testing::ValuesIn(layersThat([](const LayerType& type) {
                             return type.forward != nullptr && !type.holdsModel;
                         })),
                         nameOf);

const LayerType* const kAdded[] = {&toys::recall(), &toys::wheel()};
INSTANTIATE_TEST_SUITE_P(Added, EveryLayer, testing::ValuesIn(kAdded), nameOf);
INSTANTIATE_TEST_SUITE_P(Added, EveryLayerWithInput, testing::ValuesIn(kAdded), nameOf);
INSTANTIATE_TEST_SUITE_P(Added, EveryComputingLayer, testing::ValuesIn(kAdded), nameOf);

TEST(Catalogue, HasEachClassNameAndAliasOnce) {
    std::set<std::string_view> names;
    for (const LayerType* type : allLayers()) {
        EXPECT_TRUE(names.insert(type->className).second) << type->className;
        for (const ForeignClass& row : type->foreign.classes)
            EXPECT_TRUE(row.name == type->className || !row.whenKey.empty() || names.insert(row.name).second)
                << row.name;
    }
}

TEST(Catalogue, StandsInTheOrderOfItsCategories) {
    int last = 0;
    for (const LayerType* type : allLayers()) {
        EXPECT_GE(static_cast<int>(type->category), last) << type->className;
        last = static_cast<int>(type->category);
    }
}

/// A function `const LayerType& name()` in a file of the folder must be a line of the table.
TEST(Catalogue, HasALineForEveryLayerInTheFolder) {
    const std::filesystem::path folder = std::filesystem::path(SHAPEWISE_SOURCE_DIR) / "core/layers";
    const auto contentOf = [](const std::filesystem::path& path) {
        std::ostringstream content;
        content << std::ifstream(path).rdbuf();
        return content.str();
    };
    const std::string table = contentOf(folder / "framework/catalog.cpp");
    const std::regex definition("\nconst LayerType& (\\w+)\\(\\) \\{");
    int layers = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".cpp" || entry.path().filename() == "catalog.cpp") continue;
        const std::string content = contentOf(entry.path());
        for (std::sregex_iterator match(content.begin(), content.end(), definition), end; match != end; ++match) {
            ++layers;
            EXPECT_NE(table.find("LAYER(" + (*match)[1].str() + ")"), std::string::npos)
                << entry.path() << ": " << (*match)[1];
        }
    }
    EXPECT_EQ(static_cast<std::size_t>(layers), allLayers().size());
}

TEST(Catalogue, KnowsSiblingsOfOtherRank) {
    EXPECT_EQ(sibling(*findLayer("Conv2D"), 1), findLayer("Conv1D"));
    EXPECT_EQ(sibling(*findLayer("MaxPooling1D"), 3), findLayer("MaxPooling3D"));
    EXPECT_EQ(sibling(*findLayer("Dense"), 1), nullptr);
}

TEST(Catalogue, NamesLayersAsKerasDoes) {
    EXPECT_EQ(automaticName(*findLayer("Conv2D")), "conv2d");
    EXPECT_EQ(automaticName(*findLayer("MaxPooling2D")), "max_pooling2d");
    EXPECT_EQ(automaticName(*findLayer("ReLU")), "re_lu");
    EXPECT_EQ(automaticName(*findLayer("STFTSpectrogram")), "stft_spectrogram");
}

TEST(Catalogue, FindsWhatAMisspeltNameMeant) {
    ASSERT_FALSE(nearestLayers("Conv2d").empty());
    EXPECT_EQ(nearestLayers("Conv2d").front(), "Conv2D");
    EXPECT_EQ(nearestLayers("BatchNorm").front(), "BatchNormalization");
    EXPECT_TRUE(nearestLayers("Xyzzy").empty());
}

TEST(Activations, HaveTheNamesTheKernelsKnow) {
    std::set<std::string_view> ours(activationChoices().begin(), activationChoices().end());
    std::set<std::string_view> theirs;
    for (const kernels::ActivationName& name : kernels::activationNames()) theirs.insert(name.name);
    EXPECT_EQ(ours, theirs);
}

TEST(Activations, MayBeGivenAsAnObject) {
    const Value leaky(ValueDict{{"class_name", "LeakyReLU"}, {"config", Value(ValueDict{{"negative_slope", 0.1}})}});
    EXPECT_EQ(activationNameOf(leaky), "leaky_relu");
    EXPECT_FLOAT_EQ(activationOf(leaky).slope, 0.1F);
    const Value function(ValueDict{{"class_name", "function"}, {"config", "gelu"}});
    EXPECT_EQ(activationNameOf(function), "gelu");
}

}  // namespace
}  // namespace shapewise::layers
