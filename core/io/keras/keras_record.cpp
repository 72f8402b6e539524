#include "core/io/keras/keras_record.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_entry.h"

#include <algorithm>
#include <utility>

namespace shapewise::io {

namespace {

std::int64_t integerMember(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isInteger() ? member->asInteger() : 0;
}

bool isList(const Value* value) { return value != nullptr && value->isList(); }

}  // namespace

void keepRecord(graph::Node& node, const LayerRecord& record) {
    ValueDict kept{{"dialect", record.dialect}, {"name", record.name}};
    if (!record.isImplied()) kept.emplace_back("entry", record.entry);
    if (record.call != 0) kept.emplace_back("call", record.call);
    if (record.index != 0) kept.emplace_back("index", record.index);
    if (record.isUnused) kept.emplace_back("unused", true);
    if (!record.readAs.empty()) kept.emplace_back("read_as", record.readAs);
    if (!record.className.empty()) kept.emplace_back("class", record.className);
    setMember(node.extras, kFileRecord, Value(jsonText(Value(std::move(kept)))));
}

std::optional<LayerRecord> recordOf(const graph::Node& node) {
    const auto found =
        std::find_if(node.extras.begin(), node.extras.end(), [](const auto& e) { return e.first == kFileRecord; });
    if (found == node.extras.end() || !found->second.isText()) return std::nullopt;
    const Result<Value> kept = parseJson(found->second.asText());
    if (!kept || !kept->isDict()) return std::nullopt;
    LayerRecord record;
    record.dialect = textMember(*kept, "dialect");
    record.name = textMember(*kept, "name");
    if (const Value* entry = kept->find("entry"); entry != nullptr && entry->isDict()) record.entry = *entry;
    record.className = textMember(*kept, "class");
    record.call = integerMember(*kept, "call");
    record.index = integerMember(*kept, "index");
    const Value* unused = kept->find("unused");
    record.isUnused = unused != nullptr && *unused == Value(true);
    if (const Value* settings = kept->find("read_as"); settings != nullptr && settings->isDict())
        record.readAs = settings->asDict();
    return record;
}

const Value* layerListOf(const Value& model) {
    if (model.isList()) return &model;
    if (model.find("class_name") == nullptr && isList(model.find("layers"))) return model.find("layers");
    const Value* config = model.find("config");
    if (isList(config)) return config;
    const Value* layers = config != nullptr ? config->find("layers") : nullptr;
    return isList(layers) ? layers : nullptr;
}

Value* memberOf(Value& value, std::string_view key) {
    return value.isDict() ? findMember(value.asDict(), key) : nullptr;
}

Value* modelConfigOf(Value& model) {
    if (model.find("class_name") == nullptr && isList(model.find("layers"))) return &model;
    Value* config = memberOf(model, "config");
    return config != nullptr && config->isDict() ? config : nullptr;
}

Value* layerListOf(Value& model) {
    if (model.isList()) return &model;
    if (Value* config = memberOf(model, "config"); isList(config)) return config;
    Value* config = modelConfigOf(model);
    Value* layers = config != nullptr ? memberOf(*config, "layers") : nullptr;
    return isList(layers) ? layers : nullptr;
}

Value withoutInnerLayers(Value entry) {
    if (Value* layers = layerListOf(entry)) {
        // The branches of Keras 1's Merge are told apart by their place.
        if (const Value* className = entry.find("class_name"); className != nullptr && *className == Value("Merge"))
            for (Value& branch : layers->asList()) branch = withoutInnerLayers(std::move(branch));
        else
            *layers = Value(ValueList{});
        return entry;
    }
    Value* config = memberOf(entry, "config");
    Value* inner = config != nullptr ? memberOf(*config, "layer") : nullptr;
    if (inner != nullptr && inner->isDict()) *inner = withoutInnerLayers(std::move(*inner));
    return entry;
}

}  // namespace shapewise::io
