#include "core/layers/framework/catalog.h"

#include "core/base/text.h"

#include <algorithm>
#include <unordered_map>

namespace shapewise::layers {

// One line per layer, in the order of the palette.
#define SHAPEWISE_LAYERS(LAYER)     \
    /* Input */                     \
    LAYER(inputLayer)               \
    LAYER(sample)                   \
    LAYER(audioFile)                \
    LAYER(imageFile)                \
    LAYER(arrayFile)                \
    /* Audio */                     \
    LAYER(stftSpectrogram)          \
    LAYER(melSpectrogram)           \
    /* Convolution */               \
    LAYER(conv1D)                   \
    LAYER(conv2D)                   \
    LAYER(conv3D)                   \
    LAYER(conv1DTranspose)          \
    LAYER(conv2DTranspose)          \
    LAYER(conv3DTranspose)          \
    LAYER(depthwiseConv1D)          \
    LAYER(depthwiseConv2D)          \
    LAYER(separableConv1D)          \
    LAYER(separableConv2D)          \
    LAYER(locallyConnected1D)       \
    LAYER(locallyConnected2D)       \
    /* Pooling */                   \
    LAYER(maxPooling1D)             \
    LAYER(maxPooling2D)             \
    LAYER(maxPooling3D)             \
    LAYER(averagePooling1D)         \
    LAYER(averagePooling2D)         \
    LAYER(averagePooling3D)         \
    LAYER(globalMaxPooling1D)       \
    LAYER(globalMaxPooling2D)       \
    LAYER(globalMaxPooling3D)       \
    LAYER(globalAveragePooling1D)   \
    LAYER(globalAveragePooling2D)   \
    LAYER(globalAveragePooling3D)   \
    LAYER(adaptiveMaxPooling1D)     \
    LAYER(adaptiveMaxPooling2D)     \
    LAYER(adaptiveMaxPooling3D)     \
    LAYER(adaptiveAveragePooling1D) \
    LAYER(adaptiveAveragePooling2D) \
    LAYER(adaptiveAveragePooling3D) \
    /* Reshape */                   \
    LAYER(flatten)                  \
    LAYER(reshape)                  \
    LAYER(permute)                  \
    LAYER(repeatVector)             \
    LAYER(zeroPadding1D)            \
    LAYER(zeroPadding2D)            \
    LAYER(zeroPadding3D)            \
    LAYER(cropping1D)               \
    LAYER(cropping2D)               \
    LAYER(cropping3D)               \
    LAYER(upSampling1D)             \
    LAYER(upSampling2D)             \
    LAYER(upSampling3D)             \
    LAYER(expandDims)               \
    LAYER(squeeze)                  \
    LAYER(getItem)                  \
    /* Core */                      \
    LAYER(dense)                    \
    LAYER(einsumDense)              \
    LAYER(embedding)                \
    LAYER(maxoutDense)              \
    LAYER(highway)                  \
    LAYER(masking)                  \
    LAYER(identity)                 \
    LAYER(custom)                   \
    /* Activation */                \
    LAYER(activation)               \
    LAYER(reLU)                     \
    LAYER(leakyReLU)                \
    LAYER(eLU)                      \
    LAYER(pReLU)                    \
    LAYER(softmax)                  \
    LAYER(thresholdedReLU)          \
    /* Normalization */             \
    LAYER(batchNormalization)       \
    LAYER(layerNormalization)       \
    LAYER(groupNormalization)       \
    LAYER(rmsNormalization)         \
    LAYER(unitNormalization)        \
    /* Regularization */            \
    LAYER(dropout)                  \
    LAYER(spatialDropout1D)         \
    LAYER(spatialDropout2D)         \
    LAYER(spatialDropout3D)         \
    LAYER(gaussianDropout)          \
    LAYER(gaussianNoise)            \
    LAYER(alphaDropout)             \
    LAYER(activityRegularization)   \
    /* Merge */                     \
    LAYER(add)                      \
    LAYER(subtract)                 \
    LAYER(multiply)                 \
    LAYER(average)                  \
    LAYER(maximum)                  \
    LAYER(minimum)                  \
    LAYER(concatenate)              \
    LAYER(dot)                      \
    LAYER(tensorArithmetic)         \
    /* Recurrent */                 \
    LAYER(simpleRNN)                \
    LAYER(lSTM)                     \
    LAYER(gRU)                      \
    LAYER(cuDNNLSTM)                \
    LAYER(cuDNNGRU)                 \
    LAYER(convLSTM1D)               \
    LAYER(convLSTM2D)               \
    LAYER(convLSTM3D)               \
    /* Attention */                 \
    LAYER(attention)                \
    LAYER(additiveAttention)        \
    LAYER(multiHeadAttention)       \
    LAYER(groupQueryAttention)      \
    /* Preprocessing */             \
    LAYER(rescaling)                \
    LAYER(normalization)            \
    LAYER(resizing)                 \
    LAYER(centerCrop)               \
    LAYER(categoryEncoding)         \
    LAYER(randomFlip)               \
    LAYER(randomRotation)           \
    LAYER(randomZoom)               \
    LAYER(randomTranslation)        \
    LAYER(randomContrast)           \
    LAYER(randomBrightness)         \
    /* Wrapper */                   \
    LAYER(timeDistributed)          \
    LAYER(bidirectional)            \
    LAYER(functional)               \
    LAYER(sequential)               \
    /* Annotation */                \
    LAYER(target)                   \
    LAYER(note)

#define SHAPEWISE_DECLARE(name) const LayerType& name();
SHAPEWISE_LAYERS(SHAPEWISE_DECLARE)
#undef SHAPEWISE_DECLARE

namespace {

struct Catalogue {
    std::vector<const LayerType*> types;
    std::unordered_map<std::string_view, const LayerType*> byName;
    std::unordered_multimap<std::string_view, ForeignLayer> foreign;

    void add(const LayerType& type) {
        types.push_back(&type);
        byName.emplace(type.className, &type);
        for (const ForeignClass& row : type.foreign.classes) {
            foreign.emplace(row.name, ForeignLayer{&type, &row});
            if (!row.isTranslated) byName.emplace(row.name, &type);
        }
    }
    void keepFirst(std::size_t count) {
        const std::vector<const LayerType*> kept(types.begin(), types.begin() + static_cast<std::ptrdiff_t>(count));
        *this = Catalogue();
        for (const LayerType* type : kept) add(*type);
    }
};

Catalogue& catalogue() {
#define SHAPEWISE_ENTRY(name) made.add(name());
    static Catalogue known = [] {
        Catalogue made;
        SHAPEWISE_LAYERS(SHAPEWISE_ENTRY)
        return made;
    }();
#undef SHAPEWISE_ENTRY
    return known;
}

const std::vector<const LayerType*>& table() { return catalogue().types; }

bool isMeant(const ForeignClass& row, const ValueDict& config) {
    if (row.whenKey.empty()) return true;
    return std::any_of(config.begin(), config.end(), [&](const auto& member) {
        return member.first == row.whenKey && member.second == Value(row.whenValue);
    });
}

}  // namespace

std::span<const LayerType* const> allLayers() { return table(); }

const LayerType* findLayer(std::string_view className) {
    const auto& index = catalogue().byName;
    const auto found = index.find(className);
    return found == index.end() ? nullptr : found->second;
}

ForeignLayer findForeign(std::string_view className, const ValueDict& config) {
    const auto [first, last] = catalogue().foreign.equal_range(className);
    for (auto row = first; row != last; ++row)
        if (isMeant(*row->second.written, config)) return row->second;
    return {findLayer(className), nullptr};
}

AddedLayers::AddedLayers(const std::vector<const LayerType*>& types) : before_(table().size()) {
    for (const LayerType* type : types) catalogue().add(*type);
}

AddedLayers::~AddedLayers() { catalogue().keepFirst(before_); }

const LayerType& customLayer() {
    static const LayerType& type = *findLayer("Custom");
    return type;
}

const LayerType* sibling(const LayerType& type, int spatialRank) {
    if (type.family.name.empty()) return nullptr;
    for (const LayerType* candidate : table())
        if (candidate->family.name == type.family.name && candidate->family.spatialRank == spatialRank)
            return candidate;
    return nullptr;
}

std::vector<std::string_view> nearestLayers(std::string_view className, std::size_t most) {
    std::vector<std::string> known;
    for (const LayerType* type : table()) known.emplace_back(type->className);
    std::vector<std::string_view> nearest;
    for (const std::string& name : nearestNames(className, known, most)) nearest.push_back(findLayer(name)->className);
    return nearest;
}

std::shared_ptr<graph::Node> makeNode(const LayerType& type, NodeId id, std::string name) {
    auto node = std::make_shared<graph::Node>();
    node->id = id;
    node->type = &type;
    node->name = std::move(name);
    node->inputPortCount = static_cast<std::uint16_t>(type.inputs.size());
    for (std::size_t port = 0; port < type.inputs.size(); ++port)
        if (type.inputs[port].many) node->manyPort = static_cast<std::uint16_t>(port);
    return node;
}

std::shared_ptr<graph::Node> makeInitialNode(const LayerType& type, NodeId id, std::string name) {
    std::shared_ptr<graph::Node> node = makeNode(type, id, std::move(name));
    for (const ParamSpec& spec : type.params)
        if (!spec.initial.isNone()) node->set(spec.key, spec.initial);
    return node;
}

std::string automaticName(const LayerType& type) { return snakeCase(type.className); }

}  // namespace shapewise::layers
