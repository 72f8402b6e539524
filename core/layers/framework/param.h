#pragma once
// ParamSpec: one parameter of a layer: from it the inspector, validation, the file format, importers, undo labels and
// the generated documentation are made. Params: reading a node's parameters through its layer's specs.

#include "core/base/param_key.h"
#include "core/base/value.h"
#include "core/graph/node.h"
#include "core/tensor/shape.h"

#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::layers {

enum class ParamKind : std::uint8_t {
    Integer,
    Real,
    Boolean,
    Choice,  ///< one of `choices`
    Text,
    Spatial,      ///< integer, repeated for each axis, or a list of `axes` integers (kernel_size, strides)
    IntegerList,  ///< list of integers of any length, or one integer (dims, axis lists)
    Sizes,        ///< list of sizes: integer, None, -1, or a name (shape, target_shape)
    Padding,      ///< integer, one per axis, or a pair (before, after) per axis
    Activation,   ///< Keras name of an activation, or its object form; None means linear
    Window,       ///< name of a window, or a list of numbers, or None
    FilePath,     ///< relative to the project file
    Layer,        ///< {"class_name", "config"} of the layer inside a wrapper
    Any           ///< kept as it came
};

/// What has to be done again when the parameter changes.
enum class Affects : std::uint8_t { Nothing, Values, Weights, Shape };

class Params;

struct ParamSpec {
    std::string_view key{};  ///< Keras' own name
    ParamKind kind = ParamKind::Integer;
    Value fallback{};         ///< Keras' default; what an absent key means
    std::string_view help{};  ///< one line, sentence case, no full stop

    bool required = false;  ///< Keras gives no default: absent is an error
    Value initial{};        ///< what a node dropped from the palette starts with, for required parameters
    bool noneAllowed = false;
    std::string_view noneMeans{};  ///< what Keras does for None, for the inspector: "channels_last"
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    std::vector<std::string_view> choices{};  ///< of Choice; for other kinds suggestions of the inspector
    int axes = 1;                             ///< of Spatial and Padding
    bool singleAllowed = false;               ///< of Sizes: one integer stands for a list of one
    std::string_view unit{};                  ///< "Hz", "samples", "s"; shown behind the editor
    Affects affects = Affects::Shape;
    bool hidden = false;                  ///< kept and saved, but not edited by hand
    std::string_view visibleWhenKey{};    ///< shown only while that choice parameter has ...
    std::string_view visibleWhenValue{};  ///< ... this value, or one of "sine|chirp"; empty key: always shown
    std::uint32_t keyHash = hashName(key);

    /// Whether the inspector shows it, given the values of the other parameters.
    [[nodiscard]] bool isVisible(const Params& params) const;
};

/// Sizes of one to three spatial axes, those that are not used at the end and 1.
using SpatialSizes = std::array<std::int64_t, 3>;

/// A list with at most one entry for each axis of a tensor, held in place: rules read lists without allocation.
template <class T>
class AxisList {
  public:
    /// Entries beyond tensor::kMaximumRank are left out; validate() refuses such lists.
    void append(T entry) {
        if (count_ < entries_.size()) entries_[count_++] = entry;
    }
    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] const T& operator[](std::size_t index) const { return entries_[index]; }
    [[nodiscard]] T& operator[](std::size_t index) { return entries_[index]; }
    [[nodiscard]] const T* begin() const { return entries_.data(); }
    [[nodiscard]] const T* end() const { return entries_.data() + count_; }

  private:
    std::array<T, static_cast<std::size_t>(tensor::kMaximumRank)> entries_{};
    std::size_t count_ = 0;
};

/// Cells added before and after each spatial axis.
using Margins = std::array<std::array<std::int64_t, 2>, 3>;

struct LayerType;

/// A node's parameters with defaults filled in. Cheap to make; refers to the node and the type.
class Params {
  public:
    Params(const LayerType& type, std::span<const graph::Setting> settings) : type_(&type), settings_(settings) {}
    /// Settings and, of a nested model, its graph.
    explicit Params(const graph::Node& node);

    /// The value set or the default. Precondition: the type has such a parameter (asserted).
    [[nodiscard]] const Value& operator[](ParamKey key) const;
    [[nodiscard]] bool isSet(ParamKey key) const;

    // None reads as 0, "" or false, and so does a value that validate() refuses: a node can be told of before it is
    // right.
    [[nodiscard]] std::int64_t integer(ParamKey key) const;
    [[nodiscard]] double real(ParamKey key) const;
    [[nodiscard]] bool flag(ParamKey key) const;
    /// Of a Choice: spelt as in `choices`, whatever the letters' case in the file.
    [[nodiscard]] std::string_view text(ParamKey key) const;
    [[nodiscard]] bool isNone(ParamKey key) const { return (*this)[key].isNone(); }
    /// `axes` values, an integer repeated; the rest of the array is 1.
    [[nodiscard]] SpatialSizes spatial(ParamKey key, int axes) const;
    /// One integer reads as a list of one.
    [[nodiscard]] AxisList<std::int64_t> integers(ParamKey key) const;
    /// Sizes of a Sizes parameter: None and -1 as Dim::unknown(), names as symbols. Empty for None.
    [[nodiscard]] AxisList<tensor::Dim> sizes(ParamKey key) const;
    /// (before, after) per axis from any of the three spellings.
    [[nodiscard]] Margins padding(ParamKey key, int axes) const;
    /// Lower-case name of an Activation parameter: "linear" for None, the class name for objects.
    [[nodiscard]] std::string activation(ParamKey key) const;
    /// True for "channels_first". None means channels_last.
    [[nodiscard]] bool channelsFirst() const;

    [[nodiscard]] const LayerType& type() const { return *type_; }
    [[nodiscard]] std::span<const graph::Setting> settings() const { return settings_; }
    /// Graph of a nested model, or of the one inside a wrapper; else null.
    [[nodiscard]] const graph::Graph* body() const { return body_; }

  private:
    [[nodiscard]] const ParamSpec& spec(ParamKey key) const;

    const LayerType* type_;
    std::span<const graph::Setting> settings_;
    const graph::Graph* body_ = nullptr;
};

}  // namespace shapewise::layers
