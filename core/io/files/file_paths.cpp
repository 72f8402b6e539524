#include "core/io/files/file_paths.h"

#include "core/base/text.h"
#include "core/layers/framework/layer.h"

#include <algorithm>
#include <optional>

namespace shapewise::io {

namespace fs = std::filesystem;

std::string shownName(const fs::path& path) {
    constexpr std::size_t kMost = 100;
    const bool isFolder = path.filename().empty() && path.has_parent_path();
    const std::string name = (isFolder ? path.parent_path() : path).filename().string();
    if (name.empty()) return path.empty() ? "a file without a name" : path.string();
    return name.size() <= kMost ? name : name.substr(0, kMost) + "…";
}

std::vector<std::string> pathsIn(const std::string& setting) {
    std::vector<std::string> paths;
    for (std::size_t start = 0; start <= setting.size();) {
        const std::size_t end = std::min(setting.find('\n', start), setting.size());
        if (end > start) paths.push_back(setting.substr(start, end - start));
        start = end + 1;
    }
    return paths;
}

namespace {

std::string eachLine(const fs::path& folder, const std::string& paths,
                     std::string (*convert)(const fs::path&, const std::string&)) {
    if (paths.find('\n') == std::string::npos) return convert(folder, paths);
    std::vector<std::string> converted;
    for (const std::string& path : pathsIn(paths)) converted.push_back(convert(folder, path));
    return join(converted, "\n");
}

std::string oneAbsolute(const fs::path& folder, const std::string& path) {
    if (path.empty() || folder.empty() || fs::path(path).is_absolute()) return path;
    std::error_code problem;
    const fs::path absolute = fs::absolute(folder, problem);
    return ((problem ? folder : absolute) / path).lexically_normal().generic_string();
}

std::string oneRelative(const fs::path& folder, const std::string& path) {
    if (path.empty() || folder.empty() || !fs::path(path).is_absolute()) return path;
    std::error_code problem;
    const fs::path absolute = fs::absolute(folder, problem);
    if (problem) return path;
    const fs::path relative = fs::path(path).lexically_normal().lexically_relative(absolute.lexically_normal());
    return relative.empty() ? path : relative.generic_string();
}

/// The lines of a list of texts; nullopt for anything else.
std::optional<std::string> linesOf(const Value& value) {
    if (value.isText()) return value.asText();
    if (!value.isList() || value.asList().empty()) return std::nullopt;
    std::vector<std::string> lines;
    for (const Value& line : value.asList()) {
        if (!line.isText()) return std::nullopt;
        lines.push_back(line.asText());
    }
    return join(lines, "\n");
}

}  // namespace

std::string absoluteFrom(const fs::path& folder, const std::string& path) {
    return eachLine(folder, path, oneAbsolute);
}

std::string relativeTo(const fs::path& folder, const std::string& path) { return eachLine(folder, path, oneRelative); }

std::shared_ptr<graph::Node> withPaths(const graph::Node& node, const fs::path& folder,
                                       std::string (*convert)(const fs::path&, const std::string&)) {
    std::shared_ptr<graph::Node> changed;
    for (const layers::ParamSpec& spec : node.type->params) {
        if (spec.kind != layers::ParamKind::FilePath) continue;
        const Value* path = node.setting(ParamKey::of(spec.key));
        const std::optional<std::string> lines = path == nullptr ? std::nullopt : linesOf(*path);
        if (!lines) continue;
        std::string converted = convert(folder, *lines);
        if (path->isText() && converted == path->asText()) continue;
        if (!changed) changed = std::make_shared<graph::Node>(node);
        changed->set(spec.key, Value(std::move(converted)));
    }
    return changed;
}

}  // namespace shapewise::io
