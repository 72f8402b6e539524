#include "core/io/keras/keras_calls.h"

#include "core/io/keras/keras_entry.h"

namespace shapewise::io {

namespace {

bool isIndex(const Value& value) { return value.isInteger() && value.asInteger() >= 0; }

/// Collects the tensors in `value`. True when it is a tensor or a list of nothing but tensors.
bool collect(const Value& value, const std::string& name, std::size_t position, bool fromList, LayerCall& call) {
    CallArgument argument{name, position, fromList, {}};
    if (readTensorReference(value, argument.tensor)) {
        call.arguments.push_back(std::move(argument));
        return true;
    }
    if (!value.isList() || value.asList().empty()) return false;
    bool all = true;
    std::size_t at = name.empty() ? position : 0;
    for (const Value& entry : value.asList()) all = collect(entry, name, at++, true, call) && all;
    return all;
}

/// Tensors among the keyword arguments become arguments, the rest settings.
void readKeywords(const Value& keywords, LayerCall& call) {
    if (!keywords.isDict()) return;
    for (const auto& [key, value] : keywords.asDict()) {
        const std::size_t before = call.arguments.size();
        if (collect(value, key, 0, false, call)) continue;
        call.arguments.resize(before);
        if (!value.isNone()) call.settings.emplace_back(key, unwrapped(value));
    }
}

/// {"args": [...], "kwargs": {...}}
LayerCall readModernCall(const Value& value) {
    LayerCall call;
    if (const Value* arguments = value.find("args"); arguments != nullptr && arguments->isList())
        for (std::size_t position = 0; position < arguments->asList().size(); ++position) {
            const Value& argument = arguments->asList()[position];
            if (!argument.isNone() && !collect(argument, "", position, false, call)) call.hasConstants = true;
        }
    if (const Value* keywords = value.find("kwargs")) readKeywords(*keywords, call);
    return call;
}

/// [["a", 0, 0, {}], ["b", 0, 0]], or a single ["a", 0, 0, {...}]
Result<LayerCall> readListCall(const Value& value, const std::string& where) {
    LayerCall call;
    const bool isSingle = !value.asList().empty() && value.asList()[0].isText();
    const ValueList single{value};
    const ValueList& tensors = isSingle ? single : value.asList();
    for (std::size_t position = 0; position < tensors.size(); ++position) {
        CallArgument argument{"", position, tensors.size() > 1, {}};
        if (!readTensorReference(tensors[position], argument.tensor))
            return failure("an input is not written as [layer, call, tensor]",
                           "Save the model again with model.to_json()", where);
        call.arguments.push_back(std::move(argument));
    }
    if (!tensors.empty() && tensors[0].asList().size() > 3) readKeywords(tensors[0].asList()[3], call);
    return call;
}

}  // namespace

bool readTensorReference(const Value& value, TensorReference& reference) {
    if (value.isDict()) {
        const Value* className = value.find("class_name");
        const Value* config = value.find("config");
        if (className == nullptr || *className != Value("__keras_tensor__") || config == nullptr) return false;
        const Value* history = config->find("keras_history");
        if (history == nullptr || !readTensorReference(*history, reference)) return false;
        if (const Value* shape = config->find("shape")) reference.shape = unwrapped(*shape);
        return true;
    }
    if (!value.isList() || value.asList().size() < 3 || value.asList().size() > 4) return false;
    const ValueList& parts = value.asList();
    if (!parts[0].isText() || !isIndex(parts[1]) || !isIndex(parts[2])) return false;
    if (parts.size() == 4 && !parts[3].isDict() && !parts[3].isNone()) return false;
    reference.layer = parts[0].asText();
    reference.call = parts[1].asInteger();
    reference.output = parts[2].asInteger();
    return true;
}

Result<std::vector<LayerCall>> readCalls(const Value& inboundNodes, const std::string& where) {
    std::vector<LayerCall> calls;
    if (inboundNodes.isNone()) return calls;
    if (!inboundNodes.isList())
        return failure("inbound_nodes is no list", "Save the model again with model.to_json()", where);
    for (const Value& entry : inboundNodes.asList()) {
        if (entry.isDict()) {
            calls.push_back(readModernCall(entry));
        } else if (entry.isList()) {
            Result<LayerCall> call = readListCall(entry, where);
            if (!call) return Unexpected(std::move(call.error()));
            calls.push_back(std::move(*call));
        } else {
            return failure("an entry of inbound_nodes is neither a list nor an object",
                           "Save the model again with model.to_json()", where);
        }
    }
    return calls;
}

}  // namespace shapewise::io
