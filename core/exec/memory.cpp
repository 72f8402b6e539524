#include "core/exec/memory.h"
#include "core/base/text.h"

#include <fmt/format.h>
#include <unistd.h>
#include <limits>

namespace shapewise::exec {

std::uint64_t defaultMemoryLimit() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long pageBytes = sysconf(_SC_PAGESIZE);
    constexpr std::uint64_t kUnknownMachine = std::uint64_t{2} << 30;
    if (pages <= 0 || pageBytes <= 0) return kUnknownMachine;
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(pageBytes) / 2;
}

std::uint64_t MemoryEstimate::all() const {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t sum = 0;
    for (const std::uint64_t part : {outputs, weights, working}) sum = kMost - sum < part ? kMost : sum + part;
    return sum;
}

std::string bytesText(std::uint64_t bytes) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return bytes > kMost ? "more than 9 billion GB" : humanBytes(static_cast<std::int64_t>(bytes));
}

std::optional<Error> refuseMemory(const MemoryEstimate& estimate, std::uint64_t limitBytes, const graph::Graph& graph) {
    if (limitBytes == 0) limitBytes = defaultMemoryLimit();
    const std::uint64_t bytes = estimate.all();
    if (bytes <= limitBytes) return std::nullopt;
    const graph::Node* largest = graph.find(estimate.largest);
    const std::string working =
        estimate.working == 0 ? std::string() : fmt::format(", {} inside nested models", bytesText(estimate.working));
    return Error{
        fmt::format(
            "The run needs {} ({} of outputs, {} of weights{}), the limit is {}; the largest part is {} with {}",
            bytesText(bytes), bytesText(estimate.outputs), bytesText(estimate.weights), working, bytesText(limitBytes),
            largest != nullptr ? largest->name : "a node", bytesText(estimate.largestBytes)),
        "Lower the batch size or the sizes of the inputs, or raise the memory limit",
        {}};
}

}  // namespace shapewise::exec
