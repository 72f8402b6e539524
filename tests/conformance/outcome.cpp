#include "tests/conformance/outcome.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::conformance {

Outcome Outcome::failed(std::string check, std::string expected, std::string got) {
    return {Verdict::Failed, std::move(check), std::move(expected), std::move(got)};
}

Outcome Outcome::unsupported(std::string reason) { return {Verdict::Unsupported, {}, {}, std::move(reason)}; }

void Report::add(std::string_view id, std::string_view layer, const Outcome& outcome) {
    auto place = layers_.find(layer);
    if (place == layers_.end()) place = layers_.emplace(std::string(layer), Count{}).first;
    switch (outcome.verdict) {
        case Verdict::Passed:
            ++place->second.passed;
            ++passed_;
            if (verbose_) fmt::print("passed       {}\n", id);
            break;
        case Verdict::Failed:
            ++place->second.failed;
            ++failed_;
            fmt::print("failed       {} ({}): {}\n    expected   {}\n    got        {}\n", id, layer, outcome.check,
                       outcome.expected, outcome.got);
            break;
        case Verdict::Unsupported:
            ++place->second.unsupported;
            ++unsupported_;
            if (verbose_) fmt::print("unsupported  {} ({}): {}\n", id, layer, outcome.got);
            break;
    }
}

void Report::addUnreadable(std::string_view path, std::string_view reason) {
    add(path, "(files)", Outcome::failed("reading", "a file of cases", std::string(reason)));
}

void Report::print() const {
    std::size_t width = std::string_view("layer").size();
    for (const auto& [layer, count] : layers_) width = std::max(width, layer.size());
    if (!layers_.empty())
        fmt::print("\n{:<{}}  {:>6}  {:>6}  {:>11}\n", "layer", width, "passed", "failed", "unsupported");
    for (const auto& [layer, count] : layers_)
        fmt::print("{:<{}}  {:>6}  {:>6}  {:>11}\n", layer, width, count.passed, count.failed, count.unsupported);
    fmt::print("total {} passed {} failed {} unsupported {}\n", passed_ + failed_ + unsupported_, passed_, failed_,
               unsupported_);
}

}  // namespace shapewise::conformance
