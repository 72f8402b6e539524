#include "core/io/keras/keras_call_writer.h"

#include "core/io/keras/keras_record.h"

namespace shapewise::io {

namespace {

/// The place of the reference that a value is; nullopt when it is none.
std::optional<ReferencePlace> placeOf(Value& value) {
    TensorReference reference;
    if (!readTensorReference(value, reference)) return std::nullopt;
    if (value.isList()) return ReferencePlace{&value, nullptr};
    Value* config = memberOf(value, "config");
    Value* history = config != nullptr ? memberOf(*config, "keras_history") : nullptr;
    if (history == nullptr || !history->isList()) return std::nullopt;
    return ReferencePlace{history, config};
}

/// True when the value is a reference or a list of nothing but references.
bool collect(Value& value, std::vector<ReferencePlace>& places) {
    if (std::optional<ReferencePlace> place = placeOf(value)) {
        places.push_back(*place);
        return true;
    }
    if (!value.isList() || value.asList().empty()) return false;
    bool all = true;
    for (Value& entry : value.asList()) all = collect(entry, places) && all;
    return all;
}

void collectKeywords(Value& keywords, std::vector<ReferencePlace>& places) {
    if (!keywords.isDict()) return;
    for (auto& [key, value] : keywords.asDict()) {
        const std::size_t before = places.size();
        if (!collect(value, places)) places.resize(before);
    }
}

void collectAll(Value& value, std::vector<ReferencePlace>& places) {
    if (std::optional<ReferencePlace> place = placeOf(value)) {
        places.push_back(*place);
    } else if (value.isList()) {
        for (Value& entry : value.asList()) collectAll(entry, places);
    } else if (value.isDict()) {
        for (auto& [key, entry] : value.asDict()) collectAll(entry, places);
    }
}

}  // namespace

std::vector<ReferencePlace> referencesOfCall(Value& call) {
    std::vector<ReferencePlace> places;
    if (call.isDict()) {
        if (Value* arguments = memberOf(call, "args"); arguments != nullptr && arguments->isList())
            for (Value& argument : arguments->asList()) collect(argument, places);
        if (Value* keywords = memberOf(call, "kwargs")) collectKeywords(*keywords, places);
        return places;
    }
    if (!call.isList() || call.asList().empty()) return places;
    const bool isSingle = call.asList()[0].isText();
    if (isSingle)
        collect(call, places);
    else
        for (Value& tensor : call.asList()) collect(tensor, places);
    Value& first = isSingle ? call : call.asList()[0];
    if (first.isList() && first.asList().size() > 3) collectKeywords(first.asList()[3], places);
    return places;
}

std::vector<ReferencePlace> referencesOfEnds(Value& ends) {
    std::vector<ReferencePlace> places;
    collectAll(ends, places);
    return places;
}

bool contradicts(const Value& declared, const Value& found) {
    if (!declared.isList() || !found.isList()) return false;
    const ValueList& one = declared.asList();
    const ValueList& other = found.asList();
    if (one.size() != other.size()) return true;
    for (std::size_t axis = 1; axis < one.size(); ++axis)
        if (one[axis].isInteger() && other[axis].isInteger() && one[axis] != other[axis]) return true;
    return false;
}

void setReference(Value& list, const TensorReference& reference) {
    ValueList& parts = list.asList();
    parts[0] = Value(reference.layer);
    parts[1] = Value(reference.call);
    parts[2] = Value(reference.output);
}

}  // namespace shapewise::io
