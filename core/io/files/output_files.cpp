#include "core/base/hash.h"
#include "core/io/report/report_text.h"

#include <fmt/format.h>
#include <set>

namespace shapewise::io {

namespace {

constexpr std::string_view kSuffix = ".npy";

/// What a file name can hold on any system: no separators, control characters or marks of other meaning; not hidden;
/// long names are cut and end with a hash of the whole.
std::string stemOf(const std::string& name) {
    constexpr std::size_t kLongest = 200;  // file systems take 255 bytes
    constexpr std::string_view kForbidden = "/\\:*?\"<>|";
    std::string stem;
    for (const char byte : name) {
        const auto code = static_cast<unsigned char>(byte);
        stem += code < 0x20 || code == 0x7F || kForbidden.find(byte) != std::string_view::npos ? '_' : byte;
    }
    if (stem.empty() || stem.front() == '.') stem.insert(stem.begin(), '_');
    if (stem.size() <= kLongest) return stem;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xC0u) == 0x80u) --end;
    return fmt::format("{}_{:016x}", stem.substr(0, end), Hasher().add(std::string_view(name)).result());
}

std::string free(const std::string& wanted, std::set<std::string>& taken) {
    std::string stem = wanted;
    for (int number = 2; !taken.insert(stem).second; ++number) stem = fmt::format("{}_{}", wanted, number);
    return stem;
}

}  // namespace

OutputFiles outputFiles(const graph::Graph& graph, const exec::RunReport& report) {
    OutputFiles files;
    std::set<std::string> taken;
    for (const auto& [id, run] : report.nodes)
        if (!run.outputs.empty()) files[id].push_back(free(stemOf(graph.find(id)->name), taken));
    for (const auto& [id, run] : report.nodes)
        for (std::size_t port = 1; port < run.outputs.size(); ++port)
            files[id].push_back(free(fmt::format("{}_{}", files[id].front(), port), taken));
    for (auto& [id, names] : files)
        for (std::string& name : names) name += kSuffix;
    return files;
}

}  // namespace shapewise::io
