// What Keras 1 and 2 wrote in another structure; the names are in the tables of the layers (LayerType::foreign).

#include "core/io/keras/keras_entry.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/catalog.h"
#include "core/layers/parts/activation_choice.h"

#include <algorithm>
#include <array>

namespace shapewise::io {

namespace {

void rename(ValueDict& config, std::string_view from, std::string_view to) {
    if (findMember(config, from) == nullptr) return;
    Value value = takeMember(config, from);
    if (findMember(config, to) == nullptr) config.emplace_back(to, std::move(value));
}

/// nb_row, nb_col and kernel_dim1 ... become one list.
void gather(ValueDict& config, std::initializer_list<std::string_view> parts, std::string_view whole) {
    ValueList sizes;
    for (const std::string_view part : parts) {
        if (findMember(config, part) == nullptr) return;
        sizes.push_back(*findMember(config, part));
    }
    for (const std::string_view part : parts) takeMember(config, part);
    setMember(config, whole, std::move(sizes));
}

void modernizeDataFormat(ValueDict& config) {
    Value* format = findMember(config, "data_format");
    if (format == nullptr || !format->isText()) return;
    if (format->asText() == "tf")
        *format = Value("channels_last");
    else if (format->asText() == "th")
        *format = Value("channels_first");
    else if (format->asText() == "default")
        takeMember(config, "data_format");
}

/// Keras 1: a list (top, bottom, left, right), or a dict with such names.
void modernizePadding(LayerEntry& entry) {
    if (!entry.className.starts_with("ZeroPadding") && !entry.className.starts_with("Cropping")) return;
    Value* padding = findMember(entry.config, entry.className.starts_with("Zero") ? "padding" : "cropping");
    if (padding == nullptr) return;
    const auto side = [&](const char* name) {
        const Value* found = padding->find(name);
        return found != nullptr ? *found : Value(0);
    };
    if (padding->isList() && padding->asList().size() == 4) {
        const ValueList sides = padding->asList();
        *padding = Value(ValueList{Value(ValueList{sides[0], sides[1]}), Value(ValueList{sides[2], sides[3]})});
    } else if (padding->isDict() && entry.className.ends_with("1D")) {
        *padding = Value(ValueList{side("left_pad"), side("right_pad")});
    } else if (padding->isDict() && entry.className.ends_with("2D")) {
        *padding = Value(ValueList{Value(ValueList{side("top_pad"), side("bottom_pad")}),
                                   Value(ValueList{side("left_pad"), side("right_pad")})});
    }
}

/// Merge of Keras 1, whose mode said which layer it was, had members for all of them.
void tidyMerge(ValueDict& config, const layers::LayerType& type) {
    for (const char* key : {"mode", "mode_type", "output_shape", "output_shape_type", "output_mask", "output_mask_type",
                            "node_indices", "tensor_indices", "arguments"})
        takeMember(config, key);
    for (const char* key : {"concat_axis", "dot_axes"}) {
        const Value* value = findMember(config, key);
        if (value != nullptr && (value->isNone() || type.foreign.key(key) == nullptr)) takeMember(config, key);
    }
}

std::optional<std::int64_t> sizeAt(const Value* value, std::size_t axis, std::optional<std::int64_t> absent = {}) {
    if (value == nullptr) return absent;
    const Value* one = value->isList() && axis < value->asList().size() ? &value->asList()[axis] : value;
    const Value whole = withWholeNumbers(*one);
    return whole.isInteger() && whole.asInteger() > 0 ? std::optional(whole.asInteger()) : std::nullopt;
}

/// Keras 1 said how large the output of a Deconvolution is: strides leave several sizes open, of which output_padding
/// takes one. Source: deconv_length() in keras/layers/convolutional.py at 1.2.2 names them, TensorFlow and Theano check
/// that the size is one of them.
void useOutputShape(LayerEntry& entry) {
    ValueDict& config = entry.config;
    const Value shape = takeMember(config, "output_shape");
    const std::size_t axes = entry.className.ends_with("3DTranspose") ? 3 : 2;
    if (!shape.isList() || shape.asList().size() != axes + 2 || findMember(config, "output_padding") != nullptr) return;
    const Value* format = findMember(config, "data_format");
    const std::size_t first = format != nullptr && *format == Value("channels_first") ? 2 : 1;
    const Value* padding = findMember(config, "padding");
    const bool isSame = padding != nullptr && *padding == Value("same");
    ValueList added;
    bool isUsual = true;
    bool isPossible = true;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        const auto size = sizeAt(&shape.asList()[first + axis], 0);
        const auto kernel = sizeAt(findMember(config, "kernel_size"), axis);
        const auto stride = sizeAt(findMember(config, "strides"), axis, 1);
        if (!size || !kernel || !stride) return;
        const std::int64_t inside = isSame ? *kernel % 2 : *kernel;  // (n - 1) s + inside + output_padding
        const std::int64_t more = ((*size - inside) % *stride + *stride) % *stride;
        const bool isDefault = isSame ? *size % *stride == 0 : more == std::max<std::int64_t>(*stride - *kernel, 0);
        isUsual = isUsual && isDefault;
        // n s behind an even kernel would need an output_padding as large as the stride
        isPossible = isPossible && (!isSame || !isDefault || *kernel % 2 == 1);
        added.emplace_back(more);
    }
    if (isUsual) return;
    if (isPossible)
        config.emplace_back("output_padding", std::move(added));
    else
        entry.gaps.emplace_back("Its output_shape is one that output_padding cannot give, and is not followed");
}

/// The members by the names the layer has for them. One that is there by both names stays as it is by ours.
void useOurNames(ValueDict& config, const layers::LayerType& type) {
    for (const layers::ForeignKey& row : type.foreign.keys) {
        if (type.param(row.foreign) != nullptr || findMember(config, row.foreign) == nullptr) continue;
        if (row.convert != nullptr) {
            Value converted = row.convert(takeMember(config, row.foreign));
            if (!converted.isNone()) setMember(config, row.key, std::move(converted));
        } else {
            rename(config, row.foreign, row.key);
        }
    }
}

/// What is not said means what it means to the writer.
void addMeanings(ValueDict& config, const layers::LayerType& type, const layers::ForeignClass* written,
                 const Reading& reading) {
    const layers::Dialect dialect = reading.dialect;
    for (const layers::ForeignIgnored& row : type.foreign.ignored) {
        const Value* value = findMember(config, row.foreign);
        if (value != nullptr && row.in.contains(dialect) && (row.only.isNone() || *value == row.only))
            takeMember(config, row.foreign);
    }
    const auto addMissing = [&](std::string_view key, const Value& value) {
        if (findMember(config, key) == nullptr) config.emplace_back(key, value);
    };
    if (written != nullptr)
        for (const auto& [key, value] : written->settings) addMissing(key, value);
    for (const layers::ForeignDefault& row : type.foreign.defaults)
        if (row.in.contains(dialect)) addMissing(row.key, row.value);
    for (const layers::ForeignUnwritten& row : type.foreign.unwritten)
        if (row.in.contains(dialect) && !reading.dataFormat.empty()) addMissing(row.key, Value(reading.dataFormat));
}

/// What the writer does with such settings and this program does not.
void findGaps(LayerEntry& entry, const layers::LayerType& type, layers::Dialect dialect) {
    for (const layers::ForeignUnwritten& row : type.foreign.unwritten)
        if (row.in.contains(dialect) && findMember(entry.config, row.key) == nullptr)
            entry.gaps.emplace_back(
                "Its writer did not say where its channels are, and no layer tells it: taken as last");
    for (const layers::ForeignGap& row : type.foreign.gaps) {
        if (!row.in.contains(dialect)) continue;
        const Value* written = findMember(entry.config, row.foreign);
        const layers::ParamSpec* spec = type.param(row.foreign);
        if (written == nullptr && spec != nullptr) written = &spec->fallback;
        if (written != nullptr && (row.value.isNone() || *written == row.value)) entry.gaps.push_back(row.reason);
    }
}

/// Names of formulas as this program has them.
void useOurFormulas(ValueDict& config, const layers::LayerType& type, layers::Dialect dialect) {
    for (auto& [key, value] : config)
        if (const layers::ParamSpec* spec = type.param(key); spec != nullptr && spec->kind != layers::ParamKind::Layer)
            value = layers::inOurFormulas(*spec, value, dialect);
}

/// The layer inside Bidirectional and TimeDistributed, in the same spelling.
void modernizeInner(LayerEntry& outer, std::string_view key, const Reading& reading) {
    Value* inner = findMember(outer.config, key);
    if (inner == nullptr || !isLayerEntry(*inner)) return;
    LayerEntry entry = readEntry(*inner, reading);
    for (const char* ofInput : {"batch_input_shape", "batch_shape", "input_shape", "input_dim", "input_length"})
        if (entry.className != "Embedding" || std::string_view(ofInput) != "input_dim")
            takeMember(entry.config, ofInput);
    if (Value* type = findMember(entry.config, "dtype"); type != nullptr && *type == Value("float32"))
        takeMember(entry.config, "dtype");
    outer.gaps.insert(outer.gaps.end(), entry.gaps.begin(), entry.gaps.end());
    *inner = Value(ValueDict{{"class_name", entry.className}, {"config", std::move(entry.config)}});
}

}  // namespace

void modernize(LayerEntry& entry, const Reading& reading) {
    ValueDict& config = entry.config;
    const layers::ForeignLayer found = layers::findForeign(entry.className, config);
    if (found.type == nullptr) return;  // kept as it came
    if (entry.className == "Merge") tidyMerge(config, *found.type);
    entry.className = found.type->className;
    gather(config, {"nb_row", "nb_col"}, "kernel_size");
    gather(config, {"kernel_dim1", "kernel_dim2", "kernel_dim3"}, "kernel_size");
    useOurNames(config, *found.type);
    rename(config, "input_dtype", "dtype");
    modernizeDataFormat(config);
    modernizePadding(entry);
    if (entry.className == "Conv2DTranspose" || entry.className == "Conv3DTranspose") useOutputShape(entry);
    useOurFormulas(config, *found.type, reading.dialect);  // the defaults that follow are in our words
    addMeanings(config, *found.type, found.written, reading);
    findGaps(entry, *found.type, reading.dialect);
    for (const char* key : {"layer", "backward_layer"}) modernizeInner(entry, key, reading);
}

}  // namespace shapewise::io
