#pragma once
// Result<T>: a value, or an Error that says what is wrong, with which numbers, and what to do next.
// Used for operations that may fail (open, save, import, run). Faults of the user's graph are
// diag::Diagnostic instead. GCC 12 has no std::expected in C++20 mode; tl::expected has its interface.

#include <tl/expected.hpp>
#include <string>
#include <utility>

namespace shapewise {

/// What failed. `message` is one sentence for the user, with the numbers; `advice` says what to do next;
/// `where` is a place inside the input ("line 12", "layers[3].config.filters"), empty when there is none.
struct Error {
    std::string message;
    std::string advice;
    std::string where;

    /// "where: message. advice" for one line of output.
    [[nodiscard]] std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Unexpected = tl::unexpected<Error>;

/// Shorthand for returning a failure from a function that gives a Result.
[[nodiscard]] inline Unexpected failure(std::string message, std::string advice = {}, std::string where = {}) {
    return Unexpected(Error{std::move(message), std::move(advice), std::move(where)});
}

}  // namespace shapewise
