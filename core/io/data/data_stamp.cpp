#include "core/base/hash.h"
#include "core/io/data/data_batch.h"
#include "core/io/data/data_files.h"
#include "core/io/files/file_paths.h"
#include "core/layers/framework/layer.h"

namespace shapewise::io {

namespace {

namespace fs = std::filesystem;

/// 0 when the file is not there.
std::uint64_t stampOf(const fs::path& path) {
    std::error_code problem;
    const auto changed = fs::last_write_time(path, problem);
    if (problem) return 0;
    const std::uintmax_t bytes = fs::file_size(path, problem);
    if (problem) return 0;
    return Hasher().add(std::string_view(path.native())).add(bytes).add(changed.time_since_epoch().count()).result();
}

}  // namespace

std::function<std::uint64_t(const graph::Node&)> dataStamp(fs::path folder) {
    return [folder = std::move(folder)](const graph::Node& node) -> std::uint64_t {
        Hasher hasher;
        for (const layers::ParamSpec& param : node.type->params) {
            if (param.kind != layers::ParamKind::FilePath) continue;
            const Value* path = node.setting(ParamKey::of(param.key));
            if (path == nullptr || !path->isText()) return 0;
            const Result<DataPlaces> places = dataPlaces(path->asText(), folder);
            if (!places) return 0;
            for (const fs::path& file : places->files) {
                const std::uint64_t stamp = stampOf(file);
                if (stamp == 0) return 0;
                hasher.add(stamp);
            }
        }
        return hasher.result();
    };
}

}  // namespace shapewise::io
