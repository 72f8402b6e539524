#pragma once
// The named arguments of a message. A name that no code declares does not compile; a refusal that lacks one of its
// arguments, or has one of another kind, fails an assertion where it is made.

#include "core/diag/codes.h"
#include "core/diag/phrase.h"

namespace shapewise::diag {

class ArgumentName {
  public:
    consteval ArgumentName(const char* name) : name_(name) {
        if (!isArgumentName(name_)) throw "no code has an argument of this name";
    }
    /// For tests.
    [[nodiscard]] static constexpr ArgumentName undeclared(std::string_view name) {
        ArgumentName made;
        made.name_ = name;
        return made;
    }
    constexpr operator std::string_view() const { return name_; }
    friend constexpr bool operator==(ArgumentName, ArgumentName) = default;

  private:
    constexpr ArgumentName() = default;
    std::string_view name_;
};

struct Argument {
    ArgumentName name;
    Content value;
};
using Arguments = std::vector<Argument>;

/// Null when there is no such argument.
[[nodiscard]] const Argument* findArgument(const Arguments& arguments, ArgumentName name);
/// The same by a name that comes from the table.
[[nodiscard]] const Argument* findNamed(const Arguments& arguments, std::string_view name);
/// What it holds, to be put into a sentence; `otherwise` when there is none.
[[nodiscard]] Phrase phraseOf(const Arguments& arguments, ArgumentName name, const Phrase& otherwise);
/// The same of a Text argument.
[[nodiscard]] std::string textOf(const Arguments& arguments, ArgumentName name, std::string_view otherwise);
/// Sets an argument, replacing one of the same name.
void setArgument(Arguments& arguments, Argument argument);

/// What the arguments of a refusal lack or have too much by the table of codes: "size is no number". Empty: nothing.
[[nodiscard]] std::string faultOf(Code code, const Arguments& given);
/// The arguments that title and why of a code name and that are not there. Empty: none.
[[nodiscard]] std::string missingWords(Code code, const Arguments& arguments);

}  // namespace shapewise::diag
