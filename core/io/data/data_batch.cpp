#include "core/io/data/data_batch.h"

#include "core/base/text.h"
#include "core/io/data/data_files.h"
#include "core/io/files/file_paths.h"
#include "core/io/formats/unread_formats.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 10'000;

Result<DataPlaces> filesIn(const fs::path& folder) {
    if (const std::optional<UnreadFolder> unread = unreadFolder(folder))
        return failure(fmt::format("{} is {}, which is not read", shownName(folder), unread->what),
                       std::string(unread->advice));
    DataPlaces places{{}, true};
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
        std::error_code ignored;
        if (!entry->path().filename().string().starts_with('.') && entry->is_regular_file(ignored))
            places.files.push_back(entry->path());
        if (places.files.size() > kMostFiles)
            return failure(fmt::format("{} holds more than {} files", shownName(folder), kMostFiles),
                           "Put fewer files into a folder");
    }
    if (problem)
        return failure(fmt::format("{} cannot be read: {}", shownName(folder), problem.message()),
                       "Change its permissions");
    if (places.files.empty())
        return failure(fmt::format("{} is a folder without files", shownName(folder)), "Choose another folder");
    std::sort(places.files.begin(), places.files.end());
    return places;
}

/// "a.txt (is neither ...), b.txt and 3 more left out"
std::string leftOutText(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 3;
    std::vector<std::string> shown(names.begin(),
                                   names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMost)));
    std::string text = join(shown, ", ");
    if (names.size() > kMost) text += fmt::format(" and {} more", names.size() - kMost);
    return fmt::format("left out: {}", text);
}

struct Member {
    fs::path path;
    DataProbe probe;
};

/// "3 of 5 files have another sample rate (22050 Hz) than the first (44100 Hz)"; empty when all are alike.
template <class Fact, class Words>
std::string unequalText(const std::vector<Member>& members, Fact fact, Words words, std::string_view what) {
    const auto first = fact(members.front());
    const auto other =
        std::find_if(members.begin(), members.end(), [&](const Member& member) { return fact(member) != first; });
    if (other == members.end()) return {};
    const auto count =
        std::count_if(members.begin(), members.end(), [&](const Member& member) { return fact(member) != first; });
    return fmt::format("{} of {} files {} another {} ({}: {}) than the first ({})", count, members.size(),
                       count == 1 ? "has" : "have", what, shownName(other->path), words(fact(*other)), words(first));
}

class BatchReader final : public DataReader {
  public:
    BatchReader(std::vector<Member> members, const std::vector<std::string>& leftOut, FormatTable table)
        : members_(std::move(members)), table_(table), probe_(members_.front().probe) {
        probe_.notes.clear();
        probe_.sampleNames.clear();
        for (const Member& member : members_) {
            probe_.sampleNames.push_back(member.path.filename().string());
            for (const std::string& note : member.probe.notes)
                probe_.notes.push_back(fmt::format("{}: {}", shownName(member.path), note));
        }
        if (!leftOut.empty()) probe_.notes.push_back(leftOutText(leftOut));
        const auto count = static_cast<std::int64_t>(members_.size());
        if (probe_.kind == DataKind::Audio) joinSound();
        if (probe_.kind == DataKind::Image) joinPictures();
        if (probe_.kind == DataKind::Array) probe_.extents.insert(probe_.extents.begin(), count);
        probe_.description =
            fmt::format("{} {}, the first: {}", count, count == 1 ? "file" : "files", probe_.description);
    }

    [[nodiscard]] const DataProbe& probe() const override { return probe_; }

    Result<tensor::Tensor> read(const DataRequest& request) override {
        switch (probe_.kind) {
            case DataKind::Audio: return readSound(request);
            case DataKind::Image: return readPictures(request);
            case DataKind::Array: break;
        }
        return readArrays(request);
    }

  private:
    void joinSound() {
        const double rate = probe_.sampleRateHz;
        probe_.shortest = probe_.extents[0];
        for (const Member& member : members_) {
            // At the rate of the first.
            const std::int64_t frames =
                layers::audioExcerpt(member.probe.extents[0], member.probe.sampleRateHz, 0.0, 0.0, rate).samples;
            probe_.extents[0] = std::max(probe_.extents[0], frames);
            probe_.shortest = std::min(probe_.shortest, frames);
            probe_.extents[1] = std::max(probe_.extents[1], member.probe.extents[1]);
        }
        note(unequalText(
            members_, [](const Member& member) { return member.probe.sampleRateHz; },
            [](double hertz) { return fmt::format("{:g} Hz", hertz); }, "sample rate"));
        note(unequalText(
            members_, [](const Member& member) { return member.probe.extents[1]; },
            [](std::int64_t channels) { return fmt::format("{}", channels); }, "number of channels"));
    }
    void joinPictures() {
        note(unequalText(
            members_,
            [](const Member& member) {
                return tensor::Extents{member.probe.extents[0], member.probe.extents[1]};
            },
            [](const tensor::Extents& size) { return fmt::format("{} × {}", size[1], size[0]); }, "size"));
    }
    void note(std::string text) {
        if (!text.empty()) probe_.notes.push_back(std::move(text));
    }

    /// The reader of a member, which may have changed since it was looked at.
    Result<std::unique_ptr<DataReader>> openMember(const Member& member, const std::stop_token& stop) const {
        if (stop.stop_requested()) return failure("cancelled");
        Result<std::unique_ptr<DataReader>> reader = openDataFile(member.path, table_);
        if (reader && (*reader)->probe().kind != probe_.kind)
            return failure(fmt::format("{} has changed while it was read", shownName(member.path)), "Run again");
        return reader;
    }

    Result<tensor::Tensor> readSound(const DataRequest& request) const {
        const std::int64_t samples = request.excerpt.samples;
        const bool keepsAll = request.channels == "all";
        const std::int64_t channels = keepsAll ? probe_.extents[1] : 1;
        tensor::Tensor batch({static_cast<std::int64_t>(members_.size()), samples, channels}, 0.0F);
        std::int64_t padded = 0;
        std::int64_t cut = 0;
        float* to = batch.data();
        for (const Member& member : members_) {
            Result<std::unique_ptr<DataReader>> reader = openMember(member, request.stop);
            if (!reader) return Unexpected(std::move(reader.error()));
            const DataProbe& probe = (*reader)->probe();
            DataRequest one = request;
            one.excerpt = layers::audioExcerpt(probe.extents[0], probe.sampleRateHz, request.startSeconds,
                                               request.durationSeconds, request.excerpt.sampleRateHz);
            const std::int64_t kept = std::min(one.excerpt.samples, samples);
            if (one.excerpt.frames > 0 && kept > 0) {
                Result<tensor::Tensor> values = (*reader)->read(one);
                if (!values) return values;
                const std::int64_t own = values->size(2);
                for (std::int64_t sample = 0; sample < kept; ++sample)
                    for (std::int64_t channel = 0; channel < std::min(own, channels); ++channel)
                        to[sample * channels + channel] = values->data()[sample * own + channel];
            }
            padded += one.excerpt.samples < samples ? 1 : 0;
            cut += one.excerpt.samples > samples ? 1 : 0;
            to += samples * channels;
        }
        const auto count = members_.size();
        if (padded > 0)
            request.note(fmt::format("{} of {} recordings padded with silence to {} samples", padded, count, samples));
        if (cut > 0) request.note(fmt::format("{} of {} recordings cut to {} samples", cut, count, samples));
        if (keepsAll && std::any_of(members_.begin(), members_.end(),
                                    [&](const Member& member) { return member.probe.extents[1] < channels; }))
            request.note("channels that a recording does not have are silent");
        return batch;
    }

    Result<tensor::Tensor> readPictures(const DataRequest& request) const {
        const std::int64_t height = request.image.height > 0 ? request.image.height : probe_.extents[0];
        const std::int64_t width = request.image.width > 0 ? request.image.width : probe_.extents[1];
        std::vector<float> values;
        std::int64_t channels = 0;
        std::int64_t framed = 0;
        for (const Member& member : members_) {
            Result<std::unique_ptr<DataReader>> reader = openMember(member, request.stop);
            if (!reader) return Unexpected(std::move(reader.error()));
            DataRequest one = request;
            one.image.height = request.keepsProportions ? 0 : height;
            one.image.width = request.keepsProportions ? 0 : width;
            Result<tensor::Tensor> picture = (*reader)->read(one);
            if (!picture) return picture;
            channels = picture->size(3);
            if (picture->size(1) != height || picture->size(2) != width) {
                picture = inFrame(*picture, height, width);
                ++framed;
            }
            values.insert(values.end(), picture->values().begin(), picture->values().end());
        }
        if (framed > 0)
            request.note(fmt::format("{} of {} pictures centred in {} × {} pixels: cut, or padded with black", framed,
                                     members_.size(), width, height));
        return tensor::Tensor({static_cast<std::int64_t>(members_.size()), height, width, channels}, values);
    }

    /// The picture in the middle of one of that size.
    static tensor::Tensor inFrame(const tensor::Tensor& picture, std::int64_t height, std::int64_t width) {
        const std::int64_t channels = picture.size(3);
        tensor::Tensor framed({1, height, width, channels}, 0.0F);
        const std::int64_t down = (height - picture.size(1)) / 2;
        const std::int64_t right = (width - picture.size(2)) / 2;
        for (std::int64_t row = 0; row < picture.size(1); ++row)
            for (std::int64_t column = 0; column < picture.size(2); ++column) {
                if (row + down < 0 || row + down >= height || column + right < 0 || column + right >= width) continue;
                const float* from = picture.data() + (row * picture.size(2) + column) * channels;
                std::copy_n(from, channels, framed.data() + ((row + down) * width + column + right) * channels);
            }
        return framed;
    }

    Result<tensor::Tensor> readArrays(const DataRequest& request) const {
        std::vector<float> values;
        for (const Member& member : members_) {
            Result<std::unique_ptr<DataReader>> reader = openMember(member, request.stop);
            if (!reader) return Unexpected(std::move(reader.error()));
            Result<tensor::Tensor> array = (*reader)->read(request);
            if (!array) return array;
            if (array->extents() != members_.front().probe.extents)
                return failure(fmt::format("{} has changed while it was read", shownName(member.path)), "Run again");
            values.insert(values.end(), array->values().begin(), array->values().end());
        }
        return tensor::Tensor(probe_.extents, values);
    }

    std::vector<Member> members_;
    FormatTable table_;
    DataProbe probe_;
};

}  // namespace

Result<DataPlaces> dataPlaces(const std::string& path, const fs::path& folder) {
    const std::vector<std::string> lines = pathsIn(path);
    std::error_code ignored;
    if (lines.empty()) return failure("no file is named", "Choose one");
    if (lines.size() == 1) {
        const fs::path only = absoluteFrom(folder, lines.front());
        if (fs::is_directory(only, ignored)) return filesIn(only);
        return DataPlaces{{only}, false};
    }
    if (lines.size() > kMostFiles)
        return failure(fmt::format("{} files are listed, and at most {} are read", lines.size(), kMostFiles),
                       "Choose fewer files");
    DataPlaces places{{}, true};
    for (const std::string& line : lines) places.files.emplace_back(absoluteFrom(folder, line));
    return places;
}

Result<std::unique_ptr<DataReader>> openDataBatch(const std::vector<fs::path>& files, std::optional<DataKind> wanted,
                                                  FormatTable table) {
    std::vector<Member> members;
    std::vector<std::string> leftOut;
    for (const fs::path& path : files) {
        const Result<std::unique_ptr<DataReader>> reader = openDataFile(path, table);
        if (!reader) {
            std::string_view why = reader.error().message;
            if (const std::string name = shownName(path) + " "; why.starts_with(name)) why.remove_prefix(name.size());
            leftOut.push_back(fmt::format("{} ({})", shownName(path), why));
            continue;
        }
        const DataProbe& probe = (*reader)->probe();
        if (!wanted) wanted = probe.kind;
        if (probe.kind != *wanted) {
            leftOut.push_back(fmt::format("{} (it is {})", shownName(path), wordsFor(probe.kind).noun));
        } else if (!members.empty() && probe.kind == DataKind::Array &&
                   probe.extents != members.front().probe.extents) {
            leftOut.push_back(fmt::format("{} (its shape is {}, that of {} {})", shownName(path),
                                          tensor::extentsText(probe.extents), shownName(members.front().path),
                                          tensor::extentsText(members.front().probe.extents)));
        } else {
            members.push_back({path, probe});
        }
    }
    if (members.empty())
        return failure(fmt::format("none of the files can be read; {}", leftOutText(leftOut)), "Choose other files");
    return std::make_unique<BatchReader>(std::move(members), leftOut, table);
}

}  // namespace shapewise::io
