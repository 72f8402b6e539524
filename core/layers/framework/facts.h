#pragma once
// Facts a layer states about itself, so that whoever reads a graph asks for what a layer does and keeps no list of
// layers: what becomes of its axes, where its values come from, how Keras calls it.

#include "core/base/value.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shapewise::layers {

/// What becomes of the positions in space and time, seen from one value of the output.
enum class AxisEffect : std::uint8_t {
    Unknown,     ///< cannot be said: foreign layers, whole models, layers in a wrapper
    Keeps,       ///< a position is made of the same position
    Shifts,      ///< cells are added or cut off at the ends
    Slides,      ///< a window with weights: LayerType::window
    Pools,       ///< the maximum or mean of a window: a coarser map of the same channels
    Stretches,   ///< a finer map, in which several positions share one of the input
    Transforms,  ///< frames of a signal become spectra, which are an axis of their own
    Permutes,    ///< axes change places: LayerType::inputAxis
    Rearranges,  ///< values fall into other axes, in the order of memory
    Contracts,   ///< an axis is summed over and gone
    SeesAll,     ///< a position may depend on any other
    Reduces,     ///< one value for all positions
    Joins        ///< all positions become features of one
};

enum class ChannelEffect : std::uint8_t {
    Unknown,
    Keeps,  ///< each by itself
    Mixes,  ///< each depends on all, and they stay what they are
    Makes   ///< others come out
};

struct AxisEffects {
    AxisEffect space = AxisEffect::Unknown;
    ChannelEffect channels = ChannelEffect::Unknown;

    friend bool operator==(const AxisEffects&, const AxisEffects&) = default;
};

/// Positions and channels stay where and what they are; of layers with one input the shape too.
inline constexpr AxisEffects kKeepsAll{AxisEffect::Keeps, ChannelEffect::Keeps};

/// Where the values of a layer without inputs come from.
enum class Supply : std::uint8_t {
    None,   ///< it is no source
    Given,  ///< whoever calls the model gives them
    Made,   ///< LayerType::sample
    AudioFile,
    ImageFile,
    ArrayFile
};

/// How Keras takes the tensors of a port in a call.
enum class PassedAs : std::uint8_t {
    Position,  ///< one behind the other; by name where one before it is missing
    Name,      ///< the name of the port, spaces as underscores
    State      ///< in the list `initial_state`
};

enum class WindowPadding : std::uint8_t { Valid, Same, Causal };

/// Made-up data.
struct SampleSpec {
    std::string kind = "normal";  ///< normal (0, 1), uniform (0..1), sine, chirp, impulse, ramp
    std::uint64_t seed = 0;
    double sampleRateHz = 16000.0;   ///< of sine and chirp
    double frequencyHz = 440.0;      ///< of sine; a chirp starts there and rises to 0.45 of the sample rate
    std::int64_t integersBelow = 0;  ///< above 0: random integers below this, whatever the kind
};

using SettingList = std::vector<std::pair<std::string_view, Value>>;

/// Settings that go together, with sizes of inputs they take.
struct Example {
    SettingList settings{};
    std::vector<tensor::Extents> inputs{};  ///< for the ports from the first on
};

}  // namespace shapewise::layers
