#include "core/exec/weights.h"

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/graph/seeds.h"

#include <Eigen/QR>
#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace shapewise::exec {

namespace {

using layers::Initializer;
using layers::WeightSpec;
using tensor::Tensor;

/// keras.initializers.RandomUniform as Embedding uses it.
constexpr double kEmbeddingLimit = 0.05;

/// Keras' Orthogonal (keras/src/initializers/random_initializers.py): Q of a normal matrix, signs from R's diagonal,
/// so that the rows or columns, whichever are fewer, are orthonormal. Rows: all axes but the last.
void fillOrthogonal(Tensor& weight, const RandomSequence& random) {
    using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Index columns = weight.rank() > 0 ? static_cast<Eigen::Index>(weight.extents().back()) : 1;
    const Eigen::Index rows = columns > 0 ? static_cast<Eigen::Index>(weight.count()) / columns : 0;
    if (rows == 0 || columns == 0) return;
    Eigen::MatrixXf normal(std::max(rows, columns), std::min(rows, columns));
    random.fillNormal(std::span(normal.data(), static_cast<std::size_t>(normal.size())), 0.0f, 1.0f);
    const Eigen::HouseholderQR<Eigen::MatrixXf> factors(normal);
    Eigen::MatrixXf q = factors.householderQ() * Eigen::MatrixXf::Identity(normal.rows(), normal.cols());
    for (Eigen::Index column = 0; column < q.cols(); ++column)
        if (factors.matrixQR()(column, column) < 0.0f) q.col(column) *= -1.0f;
    Eigen::Map<RowMajor> values(weight.data(), rows, columns);
    if (rows < columns)
        values = q.transpose();
    else
        values = q;
}

/// LSTM's bias: ones for the forget gate, the second of four.
void fillUnitForgetBias(Tensor& bias) {
    std::span<float> values = bias.values();
    std::fill(values.begin(), values.end(), 0.0f);
    const std::size_t units = values.size() / 4;
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(units), units, 1.0f);
}

Error otherShape(const std::string& layer, const WeightSpec& spec, const tensor::Extents& loaded) {
    return {fmt::format("The loaded {} of {} has shape {}, but {} is needed for this input", spec.name, layer,
                        tensor::extentsText(loaded), tensor::extentsText(spec.extents)),
            "Change the input or the parameters back, or drop the loaded weights",
            {}};
}

}  // namespace

double glorotLimit(const WeightSpec& spec) {
    double fanIn = static_cast<double>(spec.fanIn);
    double fanOut = static_cast<double>(spec.fanOut);
    if (spec.fanIn <= 0 || spec.fanOut <= 0) {
        const tensor::Extents& extents = spec.extents;
        const std::size_t rank = extents.size();
        double field = 1.0;
        for (std::size_t axis = 0; axis + 2 < rank; ++axis) field *= static_cast<double>(extents[axis]);
        fanOut = field * (rank > 0 ? static_cast<double>(extents[rank - 1]) : 1.0);
        fanIn = rank > 1 ? field * static_cast<double>(extents[rank - 2]) : fanOut;
    }
    return std::sqrt(6.0 / std::max(1.0, fanIn + fanOut));
}

Tensor initialWeight(const WeightSpec& spec, std::int64_t seed, std::string_view layerSeed, std::size_t place) {
    Tensor weight(spec.extents);
    const RandomSequence random(Hasher().add(seed).add(layerSeed).add(spec.name).add(place).result());
    const auto uniform = [&](double limit) {
        random.fillUniform(weight.values(), static_cast<float>(-limit), static_cast<float>(limit));
    };
    switch (spec.initializer) {
        case Initializer::GlorotUniform: uniform(glorotLimit(spec)); break;
        case Initializer::RandomUniform: uniform(kEmbeddingLimit); break;
        case Initializer::Orthogonal: fillOrthogonal(weight, random); break;
        case Initializer::Ones: std::fill_n(weight.data(), weight.count(), 1.0f); break;
        case Initializer::UnitForgetBias: fillUnitForgetBias(weight); break;
        case Initializer::Zeros: std::fill_n(weight.data(), weight.count(), 0.0f); break;
        case Initializer::Fixed: spec.fixed(weight.values()); break;
    }
    return weight;
}

namespace {

/// Appends the weights of one layer called `name`, those of `owner` when it has any.
Result<void> append(std::vector<TensorPtr>& weights, const graph::Node& owner, const std::string& name,
                    std::int64_t seed, const std::string& layerSeed, std::span<const WeightSpec> specs) {
    if (!owner.weights) {
        for (std::size_t place = 0; place < specs.size(); ++place)
            weights.push_back(std::make_shared<const Tensor>(initialWeight(specs[place], seed, layerSeed, place)));
        return {};
    }
    const graph::WeightSet& loaded = *owner.weights;
    if (loaded.size() != specs.size())
        return failure(fmt::format("{} was loaded with {} weights, but needs {} with its parameters", name,
                                   loaded.size(), specs.size()),
                       "Change the parameters back, or drop the loaded weights");
    for (std::size_t place = 0; place < specs.size(); ++place) {
        if (loaded[place].values.extents() != specs[place].extents)
            return Unexpected(otherShape(name, specs[place], loaded[place].values.extents()));
        weights.push_back(TensorPtr(owner.weights, &loaded[place].values));
    }
    return {};
}

}  // namespace

Result<std::vector<TensorPtr>> weightsOf(const graph::Node& owner, std::int64_t seed, std::span<const WeightSpec> specs,
                                         const std::string& scope) {
    const std::string ownerName = owner.name;
    const std::string ownerSeed = graph::seedOf(owner, scope);
    std::vector<TensorPtr> weights;
    for (std::size_t first = 0; first < specs.size();) {
        const graph::Node* layer = owner.weights ? nullptr : specs[first].owner;
        std::size_t end = specs.size();
        if (!owner.weights)
            for (end = first + 1; end < specs.size() && specs[end].owner == layer;) ++end;
        const std::string name = layer != nullptr ? ownerName + "/" + specs[first].layer : ownerName;
        const std::string layerSeed = layer == nullptr      ? ownerSeed
                                      : layer->seed.empty() ? ownerSeed + "/" + specs[first].layer
                                                            : layer->seed;
        if (Result<void> done = append(weights, layer != nullptr ? *layer : owner, name, seed, layerSeed,
                                       specs.subspan(first, end - first));
            !done)
            return Unexpected(done.error());
        first = end;
    }
    return weights;
}

Result<std::vector<TensorPtr>> materializeWeights(const graph::Node& node, std::int64_t seed,
                                                  std::span<const tensor::TensorType* const> inputs) {
    return weightsOf(node, seed, layers::weightsOf(node, inputs));
}

}  // namespace shapewise::exec
