#include "core/io/keras/keras_data_formats.h"

namespace shapewise::io {

namespace {

constexpr int kDeepestModels = 200;

std::string_view formatIn(const Value& layer) {
    const Value* config = layer.find("config");
    if (config == nullptr) return {};
    for (const char* key : {"dim_ordering", "data_format"}) {
        const Value* format = config->find(key);
        if (format == nullptr || !format->isText()) continue;
        if (format->asText() == "th" || format->asText() == "channels_first") return "channels_first";
        if (format->asText() == "tf" || format->asText() == "channels_last") return "channels_last";
    }
    const Value* wrapped = config->find("layer");
    return wrapped != nullptr ? formatIn(*wrapped) : std::string_view();
}

}  // namespace

void DataFormats::collect(const ValueList& layers, int depth) {
    for (const Value& layer : layers) {
        placeOf_.emplace(&layer, said_.size());
        said_.push_back(formatIn(layer));
        const Value* config = layer.find("config");
        if (config == nullptr || depth == kDeepestModels) continue;
        const Value* inner = config->isList() ? config : config->find("layers");  // of a model, or of a Merge
        if (inner != nullptr && inner->isList()) collect(inner->asList(), depth + 1);
    }
}

std::string_view DataFormats::near(const Value& layer) const {
    const auto found = placeOf_.find(&layer);
    const std::size_t place = found != placeOf_.end() ? found->second : 0;
    for (std::size_t distance = 0; distance < said_.size(); ++distance) {
        if (distance <= place && !said_[place - distance].empty()) return said_[place - distance];
        if (place + distance < said_.size() && !said_[place + distance].empty()) return said_[place + distance];
    }
    return {};
}

}  // namespace shapewise::io
