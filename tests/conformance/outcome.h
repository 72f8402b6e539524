#pragma once
// What became of one recorded case, and the report over all of them.

#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shapewise::conformance {

enum class Verdict { Passed, Failed, Unsupported };

/// `expected` and `got` say what differs; of an unsupported case `got` says what is missing.
struct Outcome {
    Verdict verdict = Verdict::Passed;
    std::string check;  ///< "output shape", "values of output 0", ...
    std::string expected;
    std::string got;

    [[nodiscard]] static Outcome passed() { return {}; }
    [[nodiscard]] static Outcome failed(std::string check, std::string expected, std::string got);
    [[nodiscard]] static Outcome unsupported(std::string reason);
};

/// Counts outcomes by layer and prints those that did not pass as they come.
class Report {
  public:
    explicit Report(bool verbose) : verbose_(verbose) {}

    void add(std::string_view id, std::string_view layer, const Outcome& outcome);
    /// A file that could not be read: counts as a failed case.
    void addUnreadable(std::string_view path, std::string_view reason);

    /// The table per layer and the totals; the totals are the last line.
    void print() const;
    [[nodiscard]] bool hasFailures() const { return failed_ > 0; }
    [[nodiscard]] bool hasUnsupported() const { return unsupported_ > 0; }

  private:
    struct Count {
        int passed = 0;
        int failed = 0;
        int unsupported = 0;
    };
    bool verbose_;
    std::map<std::string, Count, std::less<>> layers_;
    int passed_ = 0;
    int failed_ = 0;
    int unsupported_ = 0;
};

}  // namespace shapewise::conformance
