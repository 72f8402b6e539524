#include "core/io/data/resample.h"

#include <fmt/format.h>
#include <samplerate.h>
#include <algorithm>
#include <memory>

namespace shapewise::io {

namespace {

struct DeleteConverter {
    void operator()(SRC_STATE* state) const { src_delete(state); }
};

}  // namespace

Result<std::vector<float>> resample(std::span<const float> interleaved, int channels, double ratio, std::int64_t frames,
                                    std::stop_token stop) {
    if (src_is_valid_ratio(ratio) == 0)
        return failure(
            fmt::format("the sample rate would change by a factor of {:.4g}, and 1/256 to 256 can be made", ratio),
            "Choose a sample rate nearer to that of the file");
    int error = 0;
    const std::unique_ptr<SRC_STATE, DeleteConverter> converter(src_new(SRC_SINC_BEST_QUALITY, channels, &error));
    if (!converter) return failure(fmt::format("the sample rate cannot be changed: {}", src_strerror(error)));
    constexpr long kBlockFrames = 1 << 13;
    const auto step = static_cast<std::size_t>(channels);
    std::vector<float> out(static_cast<std::size_t>(frames) * step, 0.0F);
    SRC_DATA data{};
    data.src_ratio = ratio;
    std::size_t read = 0;
    std::size_t written = 0;
    while (written < out.size()) {
        if (stop.stop_requested()) return failure("cancelled");
        const std::size_t left = (interleaved.size() - read) / step;
        data.data_in = interleaved.data() + read;
        data.input_frames = std::min(kBlockFrames, static_cast<long>(left));
        data.end_of_input = data.input_frames == static_cast<long>(left) ? 1 : 0;
        data.data_out = out.data() + written;
        data.output_frames = static_cast<long>((out.size() - written) / step);
        if (const int problem = src_process(converter.get(), &data); problem != 0)
            return failure(fmt::format("the sample rate cannot be changed: {}", src_strerror(problem)));
        read += static_cast<std::size_t>(data.input_frames_used) * step;
        written += static_cast<std::size_t>(data.output_frames_gen) * step;
        if (data.input_frames_used == 0 && data.output_frames_gen == 0) break;
    }
    return out;
}

}  // namespace shapewise::io
