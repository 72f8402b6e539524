#pragma once
// The catalogue: the one table of all layer types.

#include "core/layers/framework/layer.h"

#include <memory>

namespace shapewise::layers {

/// All types in the order of the palette (category, then as listed).
[[nodiscard]] std::span<const LayerType* const> allLayers();

/// By class name or one of its other names ("Conv2D", "Convolution2D"); null when nobody knows it.
[[nodiscard]] const LayerType* findLayer(std::string_view className);

/// What a class in a file of another writer is with us.
struct ForeignLayer {
    const LayerType* type = nullptr;        ///< null when nobody knows it
    const ForeignClass* written = nullptr;  ///< its row in the type's table; null for our own name
};
/// By all names, those that stand for one of our layers with some settings included. `config`: what the file says of
/// it.
[[nodiscard]] ForeignLayer findForeign(std::string_view className, const ValueDict& config);
/// The stand-in for classes nobody knows.
[[nodiscard]] const LayerType& customLayer();
/// Same family, other spatial rank: Conv2D and 1 give Conv1D. Null when there is none.
[[nodiscard]] const LayerType* sibling(const LayerType& type, int spatialRank);
/// The known class names nearest to a misspelt one, best first.
[[nodiscard]] std::vector<std::string_view> nearestLayers(std::string_view className, std::size_t most = 3);

/// Types that are in the catalogue as long as this lives: how tests bring layers of their own. Not while another thread
/// looks into the catalogue.
class AddedLayers {
  public:
    explicit AddedLayers(const std::vector<const LayerType*>& types);
    ~AddedLayers();
    AddedLayers(const AddedLayers&) = delete;
    AddedLayers& operator=(const AddedLayers&) = delete;

  private:
    std::size_t before_;
};

/// A node of that type, its port counts filled in. Precondition: id chosen by the caller.
[[nodiscard]] std::shared_ptr<graph::Node> makeNode(const LayerType& type, NodeId id, std::string name);
/// The same with the `initial` values of required parameters, as the palette drops it.
[[nodiscard]] std::shared_ptr<graph::Node> makeInitialNode(const LayerType& type, NodeId id, std::string name);

/// Keras' automatic base name: "conv2d" for Conv2D, "max_pooling2d" for MaxPooling2D.
[[nodiscard]] std::string automaticName(const LayerType& type);

}  // namespace shapewise::layers
