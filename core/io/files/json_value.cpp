#include "core/io/files/json_value.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace shapewise::io {

namespace {

// JSON has no NaN; Python writes it as a bare word. Such words are read as these texts, which no file contains.
constexpr std::string_view kNan = "\x01nan";
constexpr std::string_view kInfinity = "\x01inf";
constexpr std::string_view kMinusInfinity = "\x01-inf";

struct BareWord {
    std::string_view word;
    std::string_view json;
};
constexpr BareWord kBareWords[] = {
    {"-Infinity", "\"\\u0001-inf\""}, {"Infinity", "\"\\u0001inf\""}, {"NaN", "\"\\u0001nan\""}};

/// Puts texts in the place of NaN, Infinity and -Infinity that stand outside texts.
std::string withoutBareWords(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool inText = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inText && c == '\\') {
            out += text.substr(at, 2);
            ++at;
            continue;
        }
        if (c == '"') inText = !inText;
        const BareWord* found = nullptr;
        if (!inText && (c == 'N' || c == 'I' || c == '-'))
            for (const BareWord& candidate : kBareWords)
                if (text.substr(at, candidate.word.size()) == candidate.word) found = &candidate;
        if (found == nullptr) {
            out += c;
        } else {
            out += found->json;
            at += found->word.size() - 1;
        }
    }
    return out;
}

/// Keeps the last of members with the same key, at the place of the first.
void dropRepeatedKeys(ValueDict& dict) {
    std::unordered_map<std::string_view, std::size_t> lastOf;
    for (std::size_t index = 0; index < dict.size(); ++index) lastOf[dict[index].first] = index;
    if (lastOf.size() == dict.size()) return;
    ValueDict kept;
    std::unordered_map<std::string, bool> taken;
    for (const auto& [key, value] : dict)
        if (taken.emplace(key, true).second) kept.emplace_back(key, dict[lastOf[key]].second);
    dict = std::move(kept);
}

/// Receives what the parser finds and builds the Value.
class Builder {
  public:
    explicit Builder(std::string_view text) : text_(text) {}

    Value result;
    Error error;

    bool null() { return add(Value()); }
    bool boolean(bool flag) { return add(Value(flag)); }
    bool number_integer(std::int64_t number) { return add(Value(number)); }
    bool number_unsigned(std::uint64_t number) {
        constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (number > kLargest) return add(Value(static_cast<double>(number)));
        return add(Value(static_cast<std::int64_t>(number)));
    }
    bool number_float(double number, const std::string& /*spelling*/) { return add(Value(number)); }
    bool string(std::string& text) {
        if (text == kNan) return add(Value(std::numeric_limits<double>::quiet_NaN()));
        if (text == kInfinity) return add(Value(std::numeric_limits<double>::infinity()));
        if (text == kMinusInfinity) return add(Value(-std::numeric_limits<double>::infinity()));
        return add(Value(std::move(text)));
    }
    bool binary(std::vector<std::uint8_t>& /*bytes*/) { return false; }
    bool start_object(std::size_t /*size*/) { return open(Value(ValueDict{})); }
    bool start_array(std::size_t /*size*/) { return open(Value(ValueList{})); }
    bool key(std::string& key) {
        keys_.back() = std::move(key);
        return true;
    }
    bool end_object() {
        dropRepeatedKeys(stack_.back().asDict());
        return close();
    }
    bool end_array() { return close(); }

    bool parse_error(std::size_t position, const std::string& token, const nlohmann::json::exception& exception) {
        const std::string_view before = text_.substr(0, std::min(position, text_.size()));
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        error.where = fmt::format("line {}", line);
        if (exception.id == 406) {
            error.message =
                fmt::format("the number {} is larger than any number this program works with", shown(token));
            error.advice = "Write a smaller number";
        } else if (position > text_.size()) {
            // The reader counts the character it asked for: past the last one when the text ended before its sense did.
            error.message = "the JSON text ends too early";
            error.advice = "The file is cut off: get a complete copy";
        } else {
            error.message = token.empty() ? "this is not JSON" : fmt::format("this is not JSON near {}", shown(token));
            error.advice = "Open a .shapewise project or a Keras model saved as JSON";
        }
        return false;
    }

  private:
    static std::string shown(const std::string& token) {
        constexpr std::size_t kMost = 40;
        std::string printable;
        for (const char c : token.substr(0, kMost))
            printable += (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) ? '?' : c;
        return "\"" + printable + (token.size() > kMost ? "…\"" : "\"");
    }

    bool add(Value value) {
        if (stack_.empty()) {
            result = std::move(value);
        } else if (stack_.back().isDict()) {
            stack_.back().asDict().emplace_back(std::move(keys_.back()), std::move(value));
        } else {
            stack_.back().asList().push_back(std::move(value));
        }
        return true;
    }

    bool open(Value empty) {
        if (stack_.size() >= static_cast<std::size_t>(kMaximumJsonDepth)) {
            error.message = fmt::format("lists and objects are nested more than {} deep", kMaximumJsonDepth);
            error.advice = "No model nests that deep: the file is damaged";
            return false;
        }
        stack_.push_back(std::move(empty));
        keys_.emplace_back();
        return true;
    }

    bool close() {
        Value done = std::move(stack_.back());
        stack_.pop_back();
        keys_.pop_back();
        return add(std::move(done));
    }

    std::string_view text_;
    std::vector<Value> stack_;
    std::vector<std::string> keys_;
};

std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string realText(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    std::string text = fmt::format("{}", number);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

/// Appends the value on one line. Stops early, with more than `most` characters in `out`, once it is that long.
void appendLine(std::string& out, const Value& value, std::size_t most) {
    if (value.isNone()) {
        out += "null";
    } else if (value.isBool()) {
        out += value.asBool() ? "true" : "false";
    } else if (value.isInteger()) {
        out += std::to_string(value.asInteger());
    } else if (value.isReal()) {
        out += realText(value.asReal());
    } else if (value.isText()) {
        out += quoted(value.asText());
    } else if (value.isList()) {
        const char* separator = "[";
        for (const Value& entry : value.asList()) {
            if (out.size() > most) return;
            out += std::exchange(separator, ", ");
            appendLine(out, entry, most);
        }
        out += value.asList().empty() ? "[]" : "]";
    } else {
        const char* separator = "{";
        for (const auto& [key, entry] : value.asDict()) {
            if (out.size() > most) return;
            out += std::exchange(separator, ", ");
            out += quoted(key) + ": ";
            appendLine(out, entry, most);
        }
        out += value.asDict().empty() ? "{}" : "}";
    }
}

void appendLines(std::string& out, const Value& value, std::size_t indent, std::size_t width) {
    std::string line;
    const std::size_t most = width > indent ? width - indent : 0;
    appendLine(line, value, most);
    const bool isEmpty = (value.isList() && value.asList().empty()) || (value.isDict() && value.asDict().empty());
    if (line.size() <= most || isEmpty || !(value.isList() || value.isDict())) {
        out += line;
        return;
    }
    const std::string margin(indent + 2, ' ');
    const char* separator = "\n";
    out += value.isList() ? "[" : "{";
    if (value.isList()) {
        for (const Value& entry : value.asList()) {
            out += std::exchange(separator, ",\n") + margin;
            appendLines(out, entry, indent + 2, width);
        }
    } else {
        for (const auto& [key, entry] : value.asDict()) {
            out += std::exchange(separator, ",\n") + margin + quoted(key) + ": ";
            appendLines(out, entry, indent + 2, width);
        }
    }
    out += "\n" + std::string(indent, ' ') + (value.isList() ? "]" : "}");
}

}  // namespace

Result<Value> parseJson(std::string_view text) {
    try {
        std::string replaced;
        if (text.find("NaN") != std::string_view::npos || text.find("Infinity") != std::string_view::npos) {
            replaced = withoutBareWords(text);
            text = replaced;
        }
        if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
            return failure("the file is empty", "Open a .shapewise project or a Keras model saved as JSON");
        Builder builder(text);
        if (!nlohmann::json::sax_parse(text, &builder)) return Unexpected(std::move(builder.error));
        return std::move(builder.result);
    } catch (const std::exception& problem) {
        return failure(fmt::format("the JSON text could not be read: {}", problem.what()));
    }
}

std::string jsonText(const Value& value) {
    std::string out;
    appendLine(out, value, std::numeric_limits<std::size_t>::max());
    return out;
}

std::string jsonLines(const Value& value, std::size_t width) {
    std::string out;
    appendLines(out, value, 0, width);
    out += '\n';
    return out;
}

std::string textMember(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isText() ? member->asText() : std::string();
}

}  // namespace shapewise::io
