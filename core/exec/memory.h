#pragma once
// Memory a run may take.

#include "core/exec/run.h"

#include <optional>

namespace shapewise::exec {

/// Why a run of this size is refused, with the numbers; nullopt when it is not. Limit 0: the default.
[[nodiscard]] std::optional<Error> refuseMemory(const MemoryEstimate& estimate, std::uint64_t limitBytes,
                                                const graph::Graph& graph);

/// "3.2 GB"; also for numbers beyond 63 bits.
[[nodiscard]] std::string bytesText(std::uint64_t bytes);

}  // namespace shapewise::exec
