#include "core/exec/not_finite.h"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <cmath>

namespace shapewise::exec {

namespace {

constexpr std::uint32_t kExponent = 0x7F800000U;

/// All bits of the exponent are set in NaN and infinity alone.
bool isNotFinite(float value) { return (std::bit_cast<std::uint32_t>(value) & kExponent) == kExponent; }

std::string indexText(const tensor::Extents& extents, std::int64_t position) {
    std::vector<std::int64_t> index(extents.size());
    for (std::size_t axis = extents.size(); axis-- > 0;) {
        index[axis] = position % extents[axis];
        position /= extents[axis];
    }
    return fmt::format("[{}]", fmt::join(index, ", "));
}

}  // namespace

NotFinite notFiniteOf(const std::vector<TensorPtr>& outputs) {
    NotFinite result;
    for (std::size_t port = 0; port < outputs.size(); ++port) {
        if (outputs[port] == nullptr) continue;
        const std::span<const float> values = outputs[port]->values();
        result.values += static_cast<std::int64_t>(values.size());
        std::int64_t strange = 0;
        for (const float value : values) strange += isNotFinite(value) ? 1 : 0;
        if (strange == 0) continue;
        const auto nans = static_cast<std::int64_t>(
            std::count_if(values.begin(), values.end(), [](float value) { return std::isnan(value); }));
        if (!result.any()) {
            result.output = port;
            result.first = std::find_if(values.begin(), values.end(), isNotFinite) - values.begin();
        }
        result.notANumber += nans;
        result.infinite += strange - nans;
    }
    return result;
}

std::string notFiniteText(const NodeRun& run) {
    const NotFinite& found = run.notFinite;
    if (!found.any()) return {};
    std::string counts;
    if (found.notANumber > 0) counts = fmt::format("{} NaN", found.notANumber);
    if (found.infinite > 0) counts += fmt::format("{}{} infinite", counts.empty() ? "" : " and ", found.infinite);
    std::string place;
    if (found.output < run.outputs.size() && run.outputs[found.output] != nullptr)
        place = ", the first at " + indexText(run.outputs[found.output]->extents(), found.first);
    if (run.outputs.size() > 1) place += fmt::format(" of output {}", found.output);
    return fmt::format("{} of {} {}{}{}", counts, found.values, found.values == 1 ? "value" : "values", place,
                       found.startsHere ? "; they start here" : "");
}

std::vector<NodeId> notFiniteStarts(const RunReport& report, const std::vector<NodeId>& order) {
    std::vector<NodeId> starts;
    for (const NodeId id : order) {
        const auto ran = report.nodes.find(id);
        if (ran != report.nodes.end() && ran->second.notFinite.startsHere) starts.push_back(id);
    }
    return starts;
}

std::string remarkOf(const NodeRun& run) {
    std::string remark = run.note;
    const std::string strange = notFiniteText(run);
    if (strange.empty()) return remark;
    return remark.empty() ? strange : remark + "; " + strange;
}

}  // namespace shapewise::exec
