#pragma once
// Value: what a parameter holds, and what a Keras config is made of: None, bool, integer, real, text, list, dict.
// core/io converts it from and to JSON; nothing else in core knows JSON.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace shapewise {

class Value;
using ValueList = std::vector<Value>;
using ValueDict = std::vector<std::pair<std::string, Value>>;  ///< keeps the order of the file

class Value {
  public:
    Value() = default;  ///< None
    // Defined in value.cpp: inline, each file that copies a Value would compile the visitors of the variant again.
    Value(const Value&);
    Value(Value&&) noexcept;
    Value& operator=(const Value&);
    Value& operator=(Value&&) noexcept;
    ~Value();

    Value(std::nullptr_t) {}
    Value(bool flag) : data_(flag) {}
    Value(int number) : data_(std::int64_t{number}) {}
    Value(std::int64_t number) : data_(number) {}
    Value(double number) : data_(number) {}
    Value(const char* text) : data_(std::string(text)) {}
    Value(std::string_view text) : data_(std::string(text)) {}
    Value(std::string text) : data_(std::move(text)) {}
    Value(ValueList list) : data_(std::move(list)) {}
    Value(ValueDict dict) : data_(std::move(dict)) {}

    [[nodiscard]] static Value list(std::initializer_list<std::int64_t> numbers);
    [[nodiscard]] static Value list(const std::vector<std::int64_t>& numbers);

    [[nodiscard]] bool isNone() const { return data_.index() == 0; }
    [[nodiscard]] bool isBool() const { return std::holds_alternative<bool>(data_); }
    [[nodiscard]] bool isInteger() const { return std::holds_alternative<std::int64_t>(data_); }
    [[nodiscard]] bool isReal() const { return std::holds_alternative<double>(data_); }
    [[nodiscard]] bool isNumber() const { return isInteger() || isReal(); }
    [[nodiscard]] bool isText() const { return std::holds_alternative<std::string>(data_); }
    [[nodiscard]] bool isList() const { return std::holds_alternative<ValueList>(data_); }
    [[nodiscard]] bool isDict() const { return std::holds_alternative<ValueDict>(data_); }

    // Preconditions (asserted by std::get): the value is of that kind; asReal() also takes integers.
    [[nodiscard]] bool asBool() const { return std::get<bool>(data_); }
    [[nodiscard]] std::int64_t asInteger() const { return std::get<std::int64_t>(data_); }
    [[nodiscard]] double asReal() const {
        return isInteger() ? static_cast<double>(asInteger()) : std::get<double>(data_);
    }
    [[nodiscard]] const std::string& asText() const { return std::get<std::string>(data_); }
    [[nodiscard]] const ValueList& asList() const { return std::get<ValueList>(data_); }
    [[nodiscard]] const ValueDict& asDict() const { return std::get<ValueDict>(data_); }
    [[nodiscard]] ValueList& asList() { return std::get<ValueList>(data_); }
    [[nodiscard]] ValueDict& asDict() { return std::get<ValueDict>(data_); }

    /// Member of a dict, or null when this is no dict or has no such member.
    [[nodiscard]] const Value* find(std::string_view key) const;

    /// As Python prints it: None, True, 3, 0.5, 'relu', (3, 3), {'a': 1}. Lists print as tuples.
    [[nodiscard]] std::string text() const;

    friend bool operator==(const Value& a, const Value& b);

  private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, ValueList, ValueDict> data_;
};

}  // namespace shapewise
