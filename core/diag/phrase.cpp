#include "core/diag/phrase.h"

#include "core/diag/arguments.h"

namespace shapewise::diag {

Datum::Datum(const Datum&) = default;
Datum::Datum(Datum&&) noexcept = default;
Datum& Datum::operator=(const Datum&) = default;
Datum& Datum::operator=(Datum&&) noexcept = default;
Datum::~Datum() = default;
bool operator==(const Datum& a, const Datum& b) { return a.value == b.value; }

Axis axisOf(const tensor::Shape& shape, int axis) {
    const bool isInside = axis >= 0 && axis < shape.rank();
    return {isInside ? shape.meaning(axis) : tensor::AxisMeaning::Unknown, axis};
}

Phrase::Phrase() = default;
Phrase::Phrase(const Phrase& other) = default;
Phrase::Phrase(Phrase&& other) noexcept = default;
Phrase& Phrase::operator=(const Phrase& other) = default;
Phrase& Phrase::operator=(Phrase&& other) noexcept = default;
Phrase::~Phrase() = default;

Phrase::Phrase(std::string_view pattern, std::vector<Datum> data) : pattern_(pattern), data_(std::move(data)) {}

Phrase::Phrase(const char* words) : pattern_(words) {}
// NOLINTNEXTLINE(performance-unnecessary-value-param): moved, through a constructor template
Phrase::Phrase(std::string text) {
    if (text.empty()) return;
    pattern_ = "{}";
    data_.emplace_back(std::move(text));
}
Phrase::Phrase(std::string_view text) : Phrase(std::string(text)) {}
Phrase::Phrase(const tensor::Shape& shape) : Phrase("{}", {Datum(shape)}) {}
Phrase::Phrase(const tensor::AxesPattern& axes) : Phrase("{}", {Datum(axes)}) {}
Phrase::Phrase(tensor::Dim size) : Phrase("{}", {Datum(size)}) {}
Phrase::Phrase(const AxisNames& names) : Phrase("{}", {Datum(names)}) {}
Phrase::Phrase(Axis axis) : Phrase("{}", {Datum(axis)}) {}

Phrase Phrase::ofNamed(std::string_view pattern, const std::vector<Argument>& arguments) {
    Phrase phrase;
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('{');
        const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
        if (close == std::string_view::npos) break;
        const Argument* argument = findNamed(arguments, pattern.substr(open + 1, close - open - 1));
        phrase.pattern_ += pattern.substr(0, open);
        phrase.pattern_ += argument != nullptr ? "{}" : "?";
        if (argument != nullptr) phrase.data_.emplace_back(argument->value);
        pattern.remove_prefix(close + 1);
    }
    phrase.pattern_ += pattern;
    return phrase;
}

void Phrase::clear() { *this = Phrase(); }

Phrase& Phrase::operator+=(const Phrase& more) {
    pattern_ += more.pattern_;
    data_.insert(data_.end(), more.data_.begin(), more.data_.end());
    return *this;
}

bool operator==(const Phrase& a, const Phrase& b) { return a.pattern_ == b.pattern_ && a.data_ == b.data_; }

Phrase joined(const std::vector<Phrase>& list, const char* separator) {
    Phrase all;
    for (const Phrase& part : list) {
        if (!all.empty()) all += separator;
        all += part;
    }
    return all;
}

}  // namespace shapewise::diag
