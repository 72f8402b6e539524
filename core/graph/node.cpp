#include "core/graph/node.h"

#include <algorithm>

namespace shapewise::graph {

void Node::set(std::string_view key, Value value) {
    const std::uint32_t hash = hashName(key);
    for (Setting& entry : settings) {
        if (entry.keyHash != hash || entry.key != key) continue;
        entry.value = std::move(value);
        return;
    }
    settings.push_back(Setting{hash, std::string(key), std::move(value)});
}

void Node::reset(std::string_view key) {
    std::erase_if(settings, [&](const Setting& entry) { return entry.key == key; });
}

}  // namespace shapewise::graph
