#pragma once
// Strong ids: a NodeId cannot be passed where another number is meant.

#include <compare>
#include <cstdint>
#include <functional>

namespace shapewise {

/// Names a node for the life of a project. Ids are dense and never used again after a removal, so that
/// they index chunked tables and stay valid across undo.
struct NodeId {
    std::uint32_t value = kNone;

    static constexpr std::uint32_t kNone = 0xFFFFFFFFu;
    constexpr NodeId() = default;
    constexpr explicit NodeId(std::uint32_t number) : value(number) {}
    [[nodiscard]] constexpr bool isValid() const { return value != kNone; }
    friend constexpr auto operator<=>(NodeId, NodeId) = default;
};

}  // namespace shapewise

template <>
struct std::hash<shapewise::NodeId> {
    std::size_t operator()(shapewise::NodeId id) const noexcept { return std::hash<std::uint32_t>{}(id.value); }
};
