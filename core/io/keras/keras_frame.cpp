#include "core/io/keras/keras_frame.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_record.h"

namespace shapewise::io {

namespace {

constexpr const char* kFile = "file";
constexpr const char* kPath = "path";
constexpr const char* kText = "text";
constexpr const char* kTextPath = "text_path";

/// The members that lead from a value to the first one inside that is wanted.
template <class IsWanted>
bool findPath(const Value& value, const IsWanted& isWanted, ValueList& path) {
    if (isWanted(value)) return true;
    const auto enter = [&](const Value& member, Value step) {
        path.push_back(std::move(step));
        if (findPath(member, isWanted, path)) return true;
        path.pop_back();
        return false;
    };
    if (value.isDict())
        for (const auto& [key, member] : value.asDict())
            if (enter(member, Value(key))) return true;
    if (value.isList())
        for (std::size_t index = 0; index < value.asList().size(); ++index)
            if (enter(value.asList()[index], Value(static_cast<std::int64_t>(index)))) return true;
    return false;
}

Value* follow(Value& root, const Value* path) {
    Value* at = &root;
    if (path == nullptr || !path->isList()) return nullptr;
    for (const Value& step : path->asList()) {
        if (step.isText()) {
            at = memberOf(*at, step.asText());
        } else {
            const bool isThere = step.isInteger() && at->isList() && step.asInteger() >= 0 &&
                                 step.asInteger() < static_cast<std::int64_t>(at->asList().size());
            at = isThere ? &at->asList()[static_cast<std::size_t>(step.asInteger())] : nullptr;
        }
        if (at == nullptr) return nullptr;
    }
    return at;
}

bool holds(const Value& text, const Value& parsed) {
    if (!text.isText() || text.asText().find_first_of("{[") == std::string::npos) return false;
    const Result<Value> inside = parseJson(text.asText());
    return inside && *inside == parsed;
}

void emptyLayers(Value& frame) {
    Value* model = modelIn(frame);
    if (Value* layers = model != nullptr ? layerListOf(*model) : nullptr) layers->asList().clear();
}

}  // namespace

Value frameOf(const Value& file, const KerasPlace& place) {
    ValueList path;
    const auto isModel = [&](const Value& value) { return &value == place.value; };
    Value frame(ValueDict{});
    if (place.parsed == nullptr) {
        findPath(file, isModel, path);
        frame.asDict() = {{kFile, file}, {kPath, std::move(path)}};
    } else {
        ValueList textPath;
        findPath(*place.parsed, isModel, path);
        if (findPath(
                file, [&](const Value& value) { return holds(value, *place.parsed); }, textPath)) {
            frame.asDict() = {{kFile, file}, {kTextPath, textPath}, {kText, *place.parsed}, {kPath, std::move(path)}};
            if (Value* text = follow(*memberOf(frame, kFile), frame.find(kTextPath))) *text = Value("");
        } else {  // in a text inside a text
            frame.asDict() = {{kFile, *place.parsed}, {kPath, std::move(path)}};
        }
    }
    emptyLayers(frame);
    return frame;
}

Value* modelIn(Value& frame) {
    Value* root = memberOf(frame, kText);
    if (root == nullptr) root = memberOf(frame, kFile);
    return root != nullptr ? follow(*root, frame.find(kPath)) : nullptr;
}

Value fileOf(Value frame) {
    Value* file = memberOf(frame, kFile);
    if (file == nullptr) return {};
    const Value* text = frame.find(kText);
    if (Value* place = text != nullptr ? follow(*file, frame.find(kTextPath)) : nullptr)
        *place = Value(jsonText(*text));
    return std::move(*file);
}

Value frameOf(Value file) {
    ValueList path;
    if (const Value* topology = file.find("modelTopology"); topology != nullptr && topology->find("model_config"))
        path = {Value("modelTopology"), Value("model_config")};
    return ValueDict{{kFile, std::move(file)}, {kPath, std::move(path)}};
}

}  // namespace shapewise::io
