#pragma once
// What every format of data gives: the facts in the head of a file, and its values.

#include "core/io/files/input_file.h"
#include "core/layers/parts/data_node.h"
#include "core/tensor/tensor.h"

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shapewise::io {

/// Which node a file becomes.
enum class DataKind { Audio, Image, Array };

struct DataWords {
    std::string_view noun;      ///< "sound"
    std::string_view fileNoun;  ///< "a sound file"
};
[[nodiscard]] const DataWords& wordsFor(DataKind kind);

/// What a file holds, told from its content in a few reads.
struct DataProbe {
    DataKind kind = DataKind::Array;
    tensor::Extents extents;  ///< audio: (samples, channels); image: (height, width, channels); array: as stored
    double sampleRateHz = 0.0;
    std::string description;  ///< "WAV, 16-bit PCM, 44 100 Hz, stereo, 3.2 s"
    /// What is not as it should be in the file: "the file is cut, 650 of 800 samples read".
    std::vector<std::string> notes{};
    std::vector<std::string> sampleNames{};  ///< of a batch the name of each file; empty for one file
    std::int64_t shortest = 0;               ///< audio in a batch: samples of the shortest, extents are of the longest
};

struct ImageRequest {
    std::string_view colour = "rgb";  ///< grey (0.299 R + 0.587 G + 0.114 B), rgb, rgba
    std::int64_t height = 0;          ///< 0: as stored
    std::int64_t width = 0;           ///< another size is made by bilinear interpolation between cell centres
};

/// What is wanted of a file; each kind looks at its own part.
struct DataRequest {
    layers::AudioExcerpt excerpt;       ///< sound
    std::string_view channels = "all";  ///< sound: mix, left, right, all
    double startSeconds = 0.0;          ///< of each recording of a batch
    double durationSeconds = 0.0;
    ImageRequest image;
    bool keepsProportions = false;  ///< pictures of a batch are centred and cut or padded, not resized
    std::stop_token stop;
    std::vector<std::string>* notes = nullptr;  ///< takes what was done to the numbers; null: nobody asks

    void note(std::string text) const {
        if (notes != nullptr) notes->push_back(std::move(text));
    }
};

/// An open file of data with its head parsed.
class DataReader {
  public:
    virtual ~DataReader() = default;
    [[nodiscard]] virtual const DataProbe& probe() const = 0;
    /// Sound [1, samples, channels], full scale 1; a picture [1, height, width, channels], 0 to 1; an array as stored.
    [[nodiscard]] virtual Result<tensor::Tensor> read(const DataRequest& request) = 0;
};

}  // namespace shapewise::io
