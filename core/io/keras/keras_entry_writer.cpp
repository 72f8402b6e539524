#include "core/io/keras/keras_entry_writer.h"

#include "core/io/keras/keras_formulas.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_model.h"
#include "core/io/keras/keras_operations.h"
#include "core/io/keras/layer_call.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::io {

using layers::Dialect;
using layers::LayerType;
using layers::ParamKind;
using layers::ParamSpec;

namespace {

const Value& effective(const graph::Node& node, const ParamSpec& spec) {
    const Value* value = node.setting(ParamKey::of(spec.key));
    return value != nullptr ? *value : spec.fallback;
}

bool isInput(const graph::Node& node) { return node.type->supply == layers::Supply::Given; }

/// Settings of an Input that its batch_shape tells together.
bool isOfShape(std::string_view key) { return key == "shape" || key == "batch_size" || key == "batch_shape"; }

/// Settings that stand elsewhere in the file: the ends of a model, a declared output, a model inside, arguments of
/// calls.
bool standsElsewhere(const graph::Node& node, std::string_view key) {
    if (layers::isNestedModel(node)) return true;
    if (isInput(node) && isOfShape(key)) return true;
    if (node.body != nullptr && key == "layer") return true;
    if (isCallSetting(key)) return true;
    return isStandIn(node);
}

/// Of the two newest, which know most settings, those that are not the dialect at hand.
std::string_view newestBut(Dialect dialect) {
    if (dialect == Dialect::Keras3) return "tf.keras 2";
    return dialect == Dialect::TfKeras2 ? "Keras 3" : "tf.keras 2 or Keras 3";
}

Error refusal(const graph::Node& node, std::string_view key, const Value& value, Dialect dialect) {
    return {fmt::format("'{}' ({}): {} = {} cannot be written in {}", node.name, fileClassName(node), key, value.text(),
                        dialectTitle(dialect)),
            fmt::format("Change the setting, or write the model in {}", newestBut(dialect)),
            {}};
}

std::shared_ptr<graph::Node> innerNode(const Value& layer) {
    const Value* className = layer.find("class_name");
    const Value* config = layer.find("config");
    if (className == nullptr || !className->isText()) return nullptr;
    return makeLayerNode(className->asText(), config != nullptr && config->isDict() ? config->asDict() : ValueDict{},
                         NodeId(), {});
}

bool sameSettings(const graph::Node& node, const graph::Node& other);

bool sameValue(const ParamSpec& spec, const Value& value, const Value& other) {
    if (sameMeaning(spec, value, other)) return true;
    const auto isSilu = [](const Value& name) { return name == Value("silu") || name == Value("swish"); };
    if (spec.kind == ParamKind::Activation) return isSilu(value) && isSilu(other);
    if (spec.kind != ParamKind::Layer) return false;
    const std::shared_ptr<graph::Node> inner = innerNode(value);
    const std::shared_ptr<graph::Node> otherInner = innerNode(other);
    return inner && otherInner && fileClassName(*inner) == fileClassName(*otherInner) &&
           sameSettings(*inner, *otherInner);
}

bool sameSettings(const graph::Node& node, const graph::Node& other) {
    if (node.type == &layers::customLayer()) return effectiveConfig(node) == effectiveConfig(other);
    return std::all_of(node.type->params.begin(), node.type->params.end(), [&](const ParamSpec& spec) {
        return sameValue(spec, effective(node, spec), effective(other, spec));
    });
}

/// The row for a setting that the dialect spells otherwise; null where it uses our name.
const layers::ForeignKey* foreignRow(const LayerType& type, std::string_view className, std::string_view key,
                                     Dialect dialect) {
    for (const layers::ForeignKey& row : type.foreign.keys) {
        const bool isOfOtherClass = row.foreign == "theta" && className != "ThresholdedReLU";
        if (row.key == key && row.in.contains(dialect) && type.param(row.foreign) == nullptr && !isOfOtherClass)
            return &row;
    }
    return nullptr;
}

/// What row.convert makes `value` of; nullopt when nothing known gives it.
std::optional<Value> unconverted(const layers::ForeignKey& row, const Value& value) {
    if (row.convert == nullptr) return value;
    const Value candidates[] = {value, Value("one"), Value("zero"), Value(ValueList{value})};
    for (const Value& candidate : candidates)
        if (row.convert(candidate) == value) return candidate;
    return std::nullopt;
}

Value inForeignWords(std::string_view foreignKey, const Value& value) {
    if (foreignKey != "dim_ordering") return value;
    if (value == Value("channels_first")) return Value("th");
    return value == Value("channels_last") ? Value("tf") : value;
}

/// kernel_size as nb_row and nb_col, or kernel_dim1 ...: Keras 1. False when the config has no such members.
bool putSizesApart(ValueDict& config, std::string_view key, const Value& value) {
    if (key != "kernel_size") return false;
    for (const std::vector<std::string_view>& parts :
         {std::vector<std::string_view>{"nb_row", "nb_col"},
          std::vector<std::string_view>{"kernel_dim1", "kernel_dim2", "kernel_dim3"}}) {
        if (findMember(config, parts.front()) == nullptr) continue;
        for (std::size_t axis = 0; axis < parts.size(); ++axis) {
            const bool isEach = value.isList() && axis < value.asList().size();
            setMember(config, parts[axis], isEach ? value.asList()[axis] : value);
        }
        return true;
    }
    return false;
}

Result<Value> spelledValue(const graph::Node& node, const ParamSpec& spec, const Value& value, Dialect dialect) {
    if (spec.kind == ParamKind::Layer && value.isDict()) {
        const std::shared_ptr<graph::Node> inner = innerNode(value);
        if (!inner) return value;
        inner->name = node.name;
        Result<Value> entry = newEntry(*inner, dialect);
        if (!entry) return entry;
        // The name of the layer inside is no part of the project; Keras chooses one.
        if (Value* config = memberOf(*entry, "config"); config != nullptr && config->isDict())
            setMember(config->asDict(), "name", Value(baseName(fileClassName(*inner))));
        return entry;
    }
    if (spec.kind == ParamKind::Activation && value.isText()) return spelledActivation(value, dialect);
    return spelledObject(spec.key, value, dialect);
}

/// Puts a setting where the config has it, else under the name the dialect has for it.
Result<void> putSetting(ValueDict& config, const graph::Node& node, std::string_view className, const ParamSpec& spec,
                        const Value& value, Dialect dialect) {
    if (!takesSetting(dialect, node.type->className, spec.key))
        return Unexpected(refusal(node, spec.key, value, dialect));
    const Result<Value> spelled = spelledValue(node, spec, value, dialect);
    if (!spelled) return Unexpected(spelled.error());
    if (findMember(config, spec.key) != nullptr) {
        setMember(config, spec.key, *spelled);
        return {};
    }
    const layers::ForeignKey* row = nullptr;
    for (const layers::ForeignKey& candidate : node.type->foreign.keys)
        if (candidate.key == spec.key && findMember(config, candidate.foreign) != nullptr) row = &candidate;
    if (row == nullptr && putSizesApart(config, spec.key, *spelled)) return {};
    if (row == nullptr) row = foreignRow(*node.type, className, spec.key, dialect);
    if (row == nullptr) {
        config.emplace_back(spec.key, *spelled);
        return {};
    }
    const std::optional<Value> given = unconverted(*row, *spelled);
    if (!given) return Unexpected(refusal(node, spec.key, value, dialect));
    setMember(config, row->foreign, inForeignWords(row->foreign, *given));
    return {};
}

/// Members that are no parameters: as they are now, each under its own key.
void putExtras(ValueDict& config, const graph::Node& node, const graph::Node& read, Dialect dialect) {
    for (const auto& [key, value] : node.extras) {
        if (key.starts_with('@')) continue;
        const auto before = std::find_if(read.extras.begin(), read.extras.end(),
                                         [&, &name = key](const auto& member) { return member.first == name; });
        if (before == read.extras.end() || before->second != value)
            setMember(config, key, spelledObject(key, value, dialect));
    }
    for (const auto& [key, value] : read.extras) {
        const bool isThere = std::any_of(node.extras.begin(), node.extras.end(),
                                         [&, &name = key](const auto& member) { return member.first == name; });
        const bool areModels = key == "layers";  // of a Merge of Keras 1, which stand for themselves
        if (!isThere && !areModels && !key.starts_with('@')) takeMember(config, key);
    }
}

Result<void> changeSettings(Value& entry, const graph::Node& node, const graph::Node& read, Dialect dialect);

/// The layer inside a wrapper: what of it was changed.
Result<void> changeInner(Value& inner, const graph::Node& node, const ParamSpec& spec, const graph::Node& read,
                         Dialect dialect) {
    const std::shared_ptr<graph::Node> before = innerNode(effective(read, spec));
    const std::shared_ptr<graph::Node> now = innerNode(effective(node, spec));
    if (!before || !now || fileClassName(*before) != fileClassName(*now)) {
        Result<Value> fresh = spelledValue(node, spec, effective(node, spec), dialect);
        if (!fresh) return Unexpected(fresh.error());
        inner = std::move(*fresh);
        return {};
    }
    now->name = node.name;
    return changeSettings(inner, *now, *before, dialect);
}

/// The config of a class nobody knows: key by key.
void changeCustomConfig(ValueDict& config, const graph::Node& node, const graph::Node& read) {
    const Value now = effectiveConfig(node);
    const Value before = effectiveConfig(read);
    for (const auto& [key, value] : now.asDict())
        if (const Value* old = before.find(key); old == nullptr || *old != value) setMember(config, key, value);
    for (const auto& [key, value] : before.asDict())
        if (now.find(key) == nullptr && !(key == "layers" && fileClassName(node) == "Merge")) takeMember(config, key);
}

void changeShape(ValueDict& config, const graph::Node& node, const graph::Node& read, Dialect dialect) {
    const Value shape = batchShape(node);
    if (shape == batchShape(read)) return;
    for (const char* key : {"batch_shape", "batch_input_shape"})
        if (findMember(config, key) != nullptr) return setMember(config, key, shape);
    setMember(config, dialect == Dialect::Keras3 ? "batch_shape" : "batch_input_shape", shape);
}

Result<void> changeSettings(Value& entry, const graph::Node& node, const graph::Node& read, Dialect dialect) {
    Value* members = memberOf(entry, "config");
    if (members == nullptr || !members->isDict()) return {};  // a model, whose layers stand for themselves
    ValueDict& config = members->asDict();
    const Value* className = entry.find("class_name");
    const std::string written = className != nullptr && className->isText() ? className->asText() : std::string();
    if (isInput(node)) changeShape(config, node, read, dialect);
    if (isStandIn(node)) changeCustomConfig(config, node, read);
    for (const ParamSpec& spec : node.type->params) {
        const Value& now = effective(node, spec);
        if (now == effective(read, spec)) continue;
        if (isCallSetting(spec.key)) {  // one that an older constructor took
            for (const layers::ForeignKey& row : node.type->foreign.keys)
                if (row.key == spec.key && findMember(config, row.foreign) != nullptr)
                    setMember(config, row.foreign, now);
        }
        if (standsElsewhere(node, spec.key)) continue;
        Value* inner = findMember(config, spec.key);
        const bool isInner = spec.kind == ParamKind::Layer && inner != nullptr && inner->isDict() && now.isDict();
        if (Result<void> done = isInner ? changeInner(*inner, node, spec, read, dialect)
                                        : putSetting(config, node, written, spec, now, dialect);
            !done)
            return done;
    }
    putExtras(config, node, read, dialect);
    return {};
}

/// The class a dialect has for a layer, with the settings that make it that layer.
struct WrittenClass {
    std::string name;
    ValueDict settings;
};

WrittenClass classIn(const graph::Node& node, Dialect dialect) {
    WrittenClass written{fileClassName(node), {}};
    if (const std::optional<LayerRecord> kept = isStandIn(node) ? recordOf(node) : std::nullopt) {
        const Value* inFile = kept->entry.find("class_name");
        if (inFile != nullptr && inFile->isText()) written.name = inFile->asText();
    }
    if (dialect != Dialect::Keras1) return written;
    for (const layers::ForeignClass& row : node.type->foreign.classes) {
        if (!row.in.contains(Dialect::Keras1) || row.in.contains(Dialect::Keras3)) continue;
        const bool isMerge = !row.whenKey.empty();
        if (row.isTranslated && !isMerge) continue;
        written.name = row.name;
        if (isMerge) written.settings.emplace_back(row.whenKey, row.whenValue);
        break;
    }
    return written;
}

/// Keras 1 has the sizes of a kernel in members of their own, which putSizesApart fills.
void openKernelSizes(ValueDict& config, const graph::Node& node, Dialect dialect) {
    if (dialect != Dialect::Keras1 || node.type->param("kernel_size") == nullptr) return;
    const int axes = node.type->param("kernel_size")->axes;
    if (axes == 2)
        for (const char* key : {"nb_row", "nb_col"}) config.emplace_back(key, Value());
    if (axes == 3)
        for (const char* key : {"kernel_dim1", "kernel_dim2", "kernel_dim3"}) config.emplace_back(key, Value());
}

}  // namespace

Value effectiveConfig(const graph::Node& node) {
    const Value* kept = node.setting(kCustomConfig);
    return kept != nullptr && kept->isDict() ? *kept : Value(ValueDict{});
}

Value batchShape(const graph::Node& input) {
    if (const Value* whole = input.setting("batch_shape"); whole != nullptr && whole->isList()) return *whole;
    const Value* shape = input.setting("shape");
    if (shape == nullptr || !shape->isList()) return {};
    const Value* batch = input.setting("batch_size");
    ValueList sizes{batch != nullptr ? *batch : Value()};
    sizes.insert(sizes.end(), shape->asList().begin(), shape->asList().end());
    return Value(std::move(sizes));
}

namespace {

/// Keras 1: {"name": "MaxNorm", "m": 2, "axis": 0}, {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.01}.
Value withoutKeras1Form(std::string_view key, const Value& value) {
    const Value* name = value.find("name");
    if (value.find("class_name") != nullptr || name == nullptr || !name->isText()) return value;
    ValueDict config;
    for (const auto& [member, setting] : value.asDict())
        if (member != "name") config.emplace_back(member == "m" ? "max_value" : member, setting);
    if (key.ends_with("constraint")) return ValueDict{{"class_name", *name}, {"config", std::move(config)}};
    const bool isWeights = value.find("l1") != nullptr || value.find("l2") != nullptr;
    if (!key.ends_with("regularizer") || !isWeights) return value;
    return ValueDict{{"class_name", "L1L2"}, {"config", std::move(config)}};
}

/// Members that one kind of dialect writes, that say nothing of shapes and values, and that constructors of the others
/// do not take. Sources: keras/layers of 2.3.1 and of tf.keras 2.15, keras/src/layers of 3.12.
bool isUnknownTo(Dialect dialect, std::string_view key) {
    constexpr std::string_view kBefore3[] = {
        "fused",      "renorm",       "renorm_clipping", "renorm_momentum", "virtual_batch_size",
        "adjustment", "input_length", "consume_less"};
    constexpr std::string_view kOnly3[] = {"lora_rank", "lora_alpha", "quantization_mode"};
    if (dialect == Dialect::Keras3)
        return std::find(std::begin(kBefore3), std::end(kBefore3), key) != std::end(kBefore3);
    return std::find(std::begin(kOnly3), std::end(kOnly3), key) != std::end(kOnly3);
}

}  // namespace

Value spelledObject(std::string_view key, const Value& given, Dialect dialect) {
    Value value = dialect != Dialect::Keras1 ? withoutKeras1Form(key, given) : given;
    const Value* className = value.find("class_name");
    const Value* config = value.find("config");
    if (className == nullptr || config == nullptr) return value;
    if (dialect != Dialect::Keras3) {
        if (value.find("module") == nullptr) return value;
        ValueDict inner;
        if (config->isDict())
            for (const auto& [name, member] : config->asDict())
                inner.emplace_back(name, spelledObject(name, member, dialect));
        return ValueDict{{"class_name", *className}, {"config", config->isDict() ? Value(inner) : *config}};
    }
    if (value.find("module") != nullptr) return value;
    std::string_view module = "keras.layers";
    if (key.ends_with("initializer")) module = "keras.initializers";
    if (key.ends_with("regularizer")) module = "keras.regularizers";
    if (key.ends_with("constraint")) module = "keras.constraints";
    return ValueDict{{"module", module}, {"class_name", *className}, {"config", *config}, {"registered_name", Value()}};
}

void completeRecord(LayerRecord& record, const graph::Node& read) {
    record.className.clear();
    record.readAs.clear();
    if (read.body != nullptr) return;
    if (record.isImplied()) {
        for (const graph::Setting& setting : read.settings) record.readAs.emplace_back(setting.key, setting.value);
        return;
    }
    const std::optional<Dialect> dialect = dialectNamed(record.dialect);
    const std::shared_ptr<graph::Node> alone =
        plainNode(readEntry(record.entry, {dialect.value_or(Dialect::Keras3)}), NodeId(), {});
    const bool isOperation = std::any_of(read.extras.begin(), read.extras.end(),
                                         [](const auto& member) { return member.first == kOperation; });
    if (isOperation || fileClassName(*alone) != fileClassName(read) || alone->type != read.type) {
        record.className = fileClassName(read);
        for (const graph::Setting& setting : read.settings) record.readAs.emplace_back(setting.key, setting.value);
        return;
    }
    for (const ParamSpec& spec : read.type->params)
        if (!standsElsewhere(read, spec.key) && effective(*alone, spec) != effective(read, spec))
            record.readAs.emplace_back(spec.key, effective(read, spec));
}

std::shared_ptr<const graph::Node> asRead(const LayerRecord& record, const graph::Node& node) {
    if (record.isImplied()) return nullptr;
    std::shared_ptr<graph::Node> read;
    if (!record.className.empty()) {
        read = makeLayerNode(record.className, record.readAs, NodeId(), record.name);
        for (const auto& [key, value] : record.readAs)
            if (node.type == &layers::customLayer()) read->set(key, value);
    } else {
        const std::optional<Dialect> dialect = dialectNamed(record.dialect);
        if (!dialect || !isLayerEntry(record.entry)) return nullptr;
        if (layers::isNestedModel(node))
            return kerasModel(record.entry) ? std::make_shared<graph::Node>(node) : nullptr;
        read = plainNode(readEntry(record.entry, {*dialect}), NodeId(), record.name);
        for (const auto& [key, value] : record.readAs) {
            const ParamSpec* spec = read->type->param(key);
            if (spec != nullptr && sameMeaning(*spec, value, spec->fallback))
                read->reset(key);
            else if (spec != nullptr)
                read->set(key, value);
        }
    }
    return read->type == node.type && fileClassName(*read) == fileClassName(node) ? read : nullptr;
}

Result<Value> changedEntry(const graph::Node& node, const graph::Node& read, const LayerRecord& record) {
    Value entry = record.entry;
    const Dialect dialect = dialectNamed(record.dialect).value_or(Dialect::Keras3);
    if (Result<void> done = changeSettings(entry, node, read, dialect); !done) return Unexpected(done.error());
    return entry;
}

Result<Value> newEntry(const graph::Node& node, Dialect dialect) {
    if (std::optional<Error> missing = missingClass(dialect, node)) return Unexpected(std::move(*missing));
    if (const std::optional<LayerRecord> kept = recordOf(node);
        kept && kept->dialect != dialectName(dialect) && fileClassName(node) == "Lambda")
        return failure(
            fmt::format("'{}' (Lambda): its Python function cannot be written in {}", node.name, dialectTitle(dialect)),
            "Put a layer in its place, or write the model in the dialect it was read in");
    const WrittenClass written = classIn(node, dialect);
    ValueDict config{{"name", node.name}};
    Value module("keras.layers");
    Value registeredName;
    for (const auto& [key, value] : node.extras)
        if (key == kRegistration) {
            module = value.find("module") != nullptr ? *value.find("module") : Value();
            registeredName = value.find("registered_name") != nullptr ? *value.find("registered_name") : Value();
        }
    if (isStandIn(node)) {
        if (module == Value("keras.layers")) module = Value();
        const Value kept = effectiveConfig(node);
        config.insert(config.end(), kept.asDict().begin(), kept.asDict().end());
    } else {
        for (const auto& member : written.settings) config.push_back(member);
        openKernelSizes(config, node, dialect);
        for (const ParamSpec& spec : node.type->params) {
            const Value* value = node.setting(ParamKey::of(spec.key));
            const bool hasOtherDefault = node.type->foreign.hasOtherDefault(spec.key);
            const bool isTaken = takesSetting(dialect, node.type->className, spec.key);
            if (standsElsewhere(node, spec.key) || (value == nullptr && (!hasOtherDefault || !isTaken))) continue;
            if (Result<void> done =
                    putSetting(config, node, written.name, spec, value != nullptr ? *value : spec.fallback, dialect);
                !done)
                return Unexpected(done.error());
        }
        for (const auto& [key, value] : node.extras)
            if (!key.starts_with('@') && !isUnknownTo(dialect, key))
                config.emplace_back(key, spelledObject(key, value, dialect));
    }
    if (dialect != Dialect::Keras3)
        return Value(ValueDict{{"class_name", written.name}, {"config", std::move(config)}});
    return Value(ValueDict{{"module", module},
                           {"class_name", written.name},
                           {"config", std::move(config)},
                           {"registered_name", registeredName}});
}

Result<void> readsBack(const Value& entry, const graph::Node& node, Dialect dialect, const LayerRecord* record) {
    if (record != nullptr && !record->className.empty()) return {};  // the entry alone does not say what it is
    const std::shared_ptr<graph::Node> read = plainNode(readEntry(entry, {dialect}), NodeId(), node.name);
    if (read->type != node.type || fileClassName(*read) != fileClassName(node))
        return failure(
            fmt::format("'{}' ({}) cannot be written in {}", node.name, fileClassName(node), dialectTitle(dialect)),
            fmt::format("Write the model in {}", newestBut(dialect)));
    if (isStandIn(node)) return {};
    for (const ParamSpec& spec : node.type->params) {
        if (standsElsewhere(node, spec.key)) continue;
        const Value& wanted = effective(node, spec);
        const bool isDecidedElsewhere =
            record != nullptr && std::any_of(record->readAs.begin(), record->readAs.end(), [&](const auto& member) {
                return member.first == spec.key && sameValue(spec, member.second, wanted);
            });
        if (!isDecidedElsewhere && !sameValue(spec, effective(*read, spec), wanted))
            return Unexpected(refusal(node, spec.key, wanted, dialect));
    }
    return {};
}

}  // namespace shapewise::io
