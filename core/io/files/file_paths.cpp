#include "core/io/files/file_paths.h"

#include "core/layers/framework/layer.h"

namespace shapewise::io {

namespace fs = std::filesystem;

std::string shownName(const fs::path& path) {
    constexpr std::size_t kMost = 100;
    const std::string name = path.filename().string();
    return name.size() <= kMost ? name : name.substr(0, kMost) + "…";
}

std::string absoluteFrom(const fs::path& folder, const std::string& path) {
    if (path.empty() || folder.empty() || fs::path(path).is_absolute()) return path;
    std::error_code problem;
    const fs::path absolute = fs::absolute(folder, problem);
    return ((problem ? folder : absolute) / path).lexically_normal().generic_string();
}

std::string relativeTo(const fs::path& folder, const std::string& path) {
    if (path.empty() || folder.empty() || !fs::path(path).is_absolute()) return path;
    std::error_code problem;
    const fs::path absolute = fs::absolute(folder, problem);
    if (problem) return path;
    const fs::path relative = fs::path(path).lexically_normal().lexically_relative(absolute.lexically_normal());
    return relative.empty() ? path : relative.generic_string();
}

std::shared_ptr<graph::Node> withPaths(const graph::Node& node, const fs::path& folder,
                                       std::string (*convert)(const fs::path&, const std::string&)) {
    std::shared_ptr<graph::Node> changed;
    for (const layers::ParamSpec& spec : node.type->params) {
        if (spec.kind != layers::ParamKind::FilePath) continue;
        const Value* path = node.setting(ParamKey::of(spec.key));
        if (path == nullptr || !path->isText()) continue;
        std::string converted = convert(folder, path->asText());
        if (converted == path->asText()) continue;
        if (!changed) changed = std::make_shared<graph::Node>(node);
        changed->set(spec.key, Value(std::move(converted)));
    }
    return changed;
}

}  // namespace shapewise::io
