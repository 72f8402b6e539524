#include "core/io/keras/keras_dialect.h"

#include "core/io/keras/keras_json.h"
#include "core/layers/parts/activation_choice.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace shapewise::io {

using layers::Dialect;
using layers::Dialects;

namespace {

struct Version {
    int major = -1;  ///< -1: none
    int minor = 0;
    int patch = 0;
    bool isTensorFlow = false;  ///< "2.2.4-tf"

    [[nodiscard]] bool isBefore(int otherMinor, int otherPatch) const {
        return minor < otherMinor || (minor == otherMinor && patch < otherPatch);
    }
};

Version parsed(const std::string& text) {
    Version version;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (int* part : {&version.major, &version.minor, &version.patch}) {
        const auto [next, problem] = std::from_chars(at, end, *part);
        if (problem != std::errc() || next == end || *next != '.') break;
        at = next + 1;
    }
    version.isTensorFlow = text.find("-tf") != std::string::npos;
    return version;
}

/// What the layers of a model show of their writer, those of models inside included.
struct Traits {
    bool keras1Names = false;  ///< nb_filter, border_mode, ...
    bool keras2Names = false;  ///< filters, units, ...
    bool batchInputShape = false;
    bool batchShape = false;    ///< of an InputLayer: Keras 3 renamed it
    bool kerasTensors = false;  ///< calls as Keras 3 writes them
    bool modules = false;       ///< module and registered_name: tf.keras 2.12 and later
    bool tensorFlow2 = false;   ///< ragged, the class Functional, groups, time_major
    bool batchNormalizationV1 = false;
    bool typedLayers = false;  ///< dtype on layers that are no inputs: tf.keras
    bool calls = false;
};

constexpr int kDeepestModels = 20;

bool hasAny(const Value& value, std::initializer_list<const char*> keys) {
    return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return value.find(key) != nullptr; });
}

void look(const KerasModel& model, Traits& traits, int depth) {
    for (const Value& layer : *model.layers) {
        const Value& className = *layer.find("class_name");
        traits.modules = traits.modules || hasAny(layer, {"module", "registered_name"});
        if (const Value* calls = layer.find("inbound_nodes"); calls != nullptr && calls->isList()) {
            traits.calls = true;
            traits.kerasTensors = traits.kerasTensors || std::any_of(calls->asList().begin(), calls->asList().end(),
                                                                     [](const Value& call) { return call.isDict(); });
        }
        traits.tensorFlow2 = traits.tensorFlow2 || className == Value("Functional");
        traits.batchNormalizationV1 = traits.batchNormalizationV1 || className == Value("BatchNormalizationV1");
        if (const std::optional<KerasModel> inner = kerasModel(layer)) {
            if (depth < kDeepestModels) look(*inner, traits, depth + 1);
            continue;
        }
        const Value* config = layer.find("config");
        if (config == nullptr || !config->isDict()) continue;
        const bool isInput = className == Value("InputLayer");
        traits.keras1Names = traits.keras1Names ||
                             hasAny(*config, {"nb_filter", "border_mode", "dim_ordering", "pool_length",
                                              "inner_activation", "subsample", "W_regularizer", "bias", "p"}) ||
                             (config->find("output_dim") != nullptr && className != Value("Embedding"));
        traits.keras2Names =
            traits.keras2Names || hasAny(*config, {"filters", "units", "rate", "use_bias", "kernel_initializer"});
        traits.batchInputShape = traits.batchInputShape || config->find("batch_input_shape") != nullptr;
        traits.batchShape = traits.batchShape || (isInput && config->find("batch_shape") != nullptr);
        traits.tensorFlow2 = traits.tensorFlow2 || hasAny(*config, {"ragged", "groups", "time_major"});
        traits.typedLayers = traits.typedLayers || (!isInput && config->find("dtype") != nullptr &&
                                                    config->find("batch_input_shape") == nullptr);
    }
}

Traits traitsOf(const KerasPlace& place) {
    Traits traits;
    const Value* className = place.value != nullptr ? place.value->find("class_name") : nullptr;
    if (className != nullptr) traits.tensorFlow2 = *className == Value("Functional");
    if (place.value != nullptr) traits.modules = hasAny(*place.value, {"module", "registered_name"});
    look(place.model, traits, 0);
    return traits;
}

KerasDialect unsaid(const Traits& traits) {
    const auto guess = [](Dialect dialect) { return KerasDialect{dialect, {}, "the file does not say who wrote it"}; };
    if (traits.batchShape || traits.kerasTensors) return {Dialect::Keras3, {}};
    if (traits.modules) return traits.batchInputShape ? KerasDialect{Dialect::TfKeras2, {}} : KerasDialect{};
    if (traits.keras1Names && !traits.keras2Names) return guess(Dialect::Keras1);
    if (traits.batchNormalizationV1) return guess(Dialect::TfKeras1);
    if (traits.tensorFlow2) return guess(Dialect::TfKeras2);
    if (traits.batchInputShape || traits.calls) return guess(traits.typedLayers ? Dialect::TfKeras2 : Dialect::Keras2);
    return guess(Dialect::Keras3);
}

/// Of keras_version 2.x. TensorFlow wrote "-tf" from 1.5 (2.1.2-tf) to 2.2 (2.3.0-tf); 2.4.0 and later are its own.
KerasDialect ofVersion2(const Version& version, const Traits& traits) {
    if (version.isTensorFlow) {
        if (traits.batchNormalizationV1 || version.isBefore(2, 4)) return {Dialect::TfKeras1, {}};
        if (!version.isBefore(3, 0)) return {Dialect::TfKeras2, {}};
        return {Dialect::TfKeras2,
                {},
                "TensorFlow 1.13 to 1.15 and 2.0 to 2.1 all wrote this version",
                Dialects{Dialect::TfKeras1}};
    }
    if (version.minor >= 4) return {Dialect::TfKeras2, {}};
    if (traits.tensorFlow2)
        return {Dialect::TfKeras2, {}, "the version is of the package keras, the layers are written as tf.keras does"};
    return {version.minor == 3 ? Dialect::Keras23 : Dialect::Keras2, {}};
}

KerasDialect ofVersion(const Version& version, const Traits& traits) {
    if (version.major >= 3) return {Dialect::Keras3, {}};
    if (traits.batchShape || traits.kerasTensors)
        return {Dialect::Keras3, {}, "the version is older, the layers are written as Keras 3 does"};
    if (version.major < 2) {
        if (traits.keras2Names && !traits.keras1Names)
            return {Dialect::Keras2, {}, "the version is of Keras 1, the layers are written as Keras 2 does"};
        return {Dialect::Keras1, {}};
    }
    if (traits.keras1Names && !traits.keras2Names)
        return {Dialect::Keras1, {}, "the version is of Keras 2, the layers are written as Keras 1 does"};
    return ofVersion2(version, traits);
}

/// Layers of the model in one dialect, those of models inside as well; stops at the first that differs in another one.
bool differs(const KerasModel& model, const Reading& assumed, const Reading& other, int depth) {
    return std::any_of(model.layers->begin(), model.layers->end(), [&](const Value& layer) {
        if (const std::optional<KerasModel> inner = kerasModel(layer))
            return depth < kDeepestModels && differs(*inner, assumed, other, depth + 1);
        const LayerEntry mine = readEntry(layer, assumed);
        const LayerEntry theirs = readEntry(layer, other);
        return mine.className != theirs.className || Value(mine.config) != Value(theirs.config);
    });
}

}  // namespace

KerasDialect decideDialect(const KerasPlace& place) {
    const KerasWriterWords& words = place.words;
    const Traits traits = traitsOf(place);
    std::string said = words.kerasVersion;
    const bool isTensorFlowJs = said.starts_with("tfjs") || words.backend == "tensor_flow.js" ||
                                (said.empty() && words.generatedBy.starts_with("TensorFlow.js"));
    if (isTensorFlowJs) {
        KerasDialect found{Dialect::TensorFlowJs, said.empty() ? words.generatedBy : said};
        if (const Version version = parsed(said); version.major >= 0) {
            found.guess = "its backend is TensorFlow.js, its version one of Keras";
            found.others = Dialects{ofVersion(version, traits).dialect};
        }
        return found;
    }
    if (said.empty())
        if (const std::size_t at = words.generatedBy.find("eras v"); at != std::string::npos)
            said = words.generatedBy.substr(at + 6);
    if (said.empty() && words.generatedBy.starts_with("Keras 3")) said = "3";
    const Version version = parsed(said);
    KerasDialect found = version.major < 0 ? unsaid(traits) : ofVersion(version, traits);
    found.version = said;
    return found;
}

bool dialectMatters(const KerasModel& model, Dialect assumed, layers::Dialects others) {
    const std::span<const layers::DialectRow> all = layers::dialects();
    return std::any_of(all.begin(), all.end(), [&](const layers::DialectRow& row) {
        return row.dialect != assumed && others.contains(row.dialect) &&
               differs(model, {assumed, {}}, {row.dialect, {}}, 0);
    });
}

std::string ReadDialect::text() const {
    std::string text(layers::dialectRow(dialect).title);
    if (!version.empty()) text += fmt::format(" (keras_version {})", version);
    return guess.empty() ? text : text + ", a guess";
}

std::optional<ReadDialect> readDialect(const graph::Project& project) {
    std::optional<ReadDialect> read;
    std::string version;
    std::string guess;
    for (const auto& [key, value] : project.properties) {
        if (!value.isText()) continue;
        if (key == kKerasVersion) version = value.asText();
        if (key == kDialectGuess) guess = value.asText();
        if (const std::optional<Dialect> dialect = layers::dialectWithId(value.asText()); key == kDialect && dialect)
            read = ReadDialect{*dialect, {}, {}};
    }
    if (!read) return std::nullopt;
    read->version = std::move(version);
    read->guess = std::move(guess);
    return read;
}

bool followsKeras2(const graph::Project& project) {
    const std::optional<ReadDialect> read = readDialect(project);
    return read && read->dialect != Dialect::Keras3;
}

namespace {

void nameFormulas(graph::Graph& graph, Dialect writer, int depth) {
    std::vector<NodeId> ids;
    graph.forEach([&](const graph::Node& node) { ids.push_back(node.id); });
    for (const NodeId id : ids) {
        auto node = std::make_shared<graph::Node>(*graph.find(id));
        bool isChanged = false;
        for (const layers::ParamSpec& spec : node->type->params) {
            const Value* value = node->setting(ParamKey::of(spec.key));
            if (value == nullptr) continue;
            Value named = layers::inOurFormulas(spec, *value, writer);
            if (named == *value) continue;
            node->set(spec.key, std::move(named));
            isChanged = true;
        }
        if (node->body && depth < kDeepestModels) {
            auto body = std::make_shared<graph::Graph>(*node->body);
            nameFormulas(*body, writer, depth + 1);
            isChanged = isChanged || !body->sharesAllWith(*node->body);
            node->body = std::move(body);
        }
        if (isChanged) graph.put(std::move(node));
    }
}

}  // namespace

void nameFormulas(graph::Project& project) {
    if (readDialect(project)) return;
    for (const auto& [key, value] : project.properties)
        if (key == kKerasVersion && value.isText() && parsed(value.asText()).major < 3 &&
            parsed(value.asText()).major > 0)
            return nameFormulas(project.graph, Dialect::Keras2, 0);
}

}  // namespace shapewise::io
