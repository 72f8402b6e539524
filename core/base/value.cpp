#include "core/base/value.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise {

Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value Value::list(std::initializer_list<std::int64_t> numbers) { return list(std::vector<std::int64_t>(numbers)); }

Value Value::list(const std::vector<std::int64_t>& numbers) {
    ValueList values;
    values.reserve(numbers.size());
    for (const std::int64_t number : numbers) values.emplace_back(number);
    return Value(std::move(values));
}

const Value* Value::find(std::string_view key) const {
    if (!isDict()) return nullptr;
    const ValueDict& dict = asDict();
    const auto found = std::find_if(dict.begin(), dict.end(), [&](const auto& member) { return member.first == key; });
    return found == dict.end() ? nullptr : &found->second;
}

std::string Value::text() const {
    if (isNone()) return "None";
    if (isBool()) return asBool() ? "True" : "False";
    if (isInteger()) return fmt::format("{}", asInteger());
    if (isReal()) return fmt::format("{}", asReal());
    if (isText()) return "'" + asText() + "'";
    std::string out;
    if (isList()) {
        for (const Value& entry : asList()) out += (out.empty() ? "" : ", ") + entry.text();
        return "(" + out + (asList().size() == 1 ? ",)" : ")");
    }
    for (const auto& [key, entry] : asDict()) out += (out.empty() ? "'" : ", '") + key + "': " + entry.text();
    return "{" + out + "}";
}

bool operator==(const Value& a, const Value& b) { return a.data_ == b.data_; }

}  // namespace shapewise
