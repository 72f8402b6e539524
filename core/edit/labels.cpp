#include "core/edit/labels.h"

#include "core/base/text.h"

namespace shapewise::edit {

std::string nodesText(std::size_t count) { return counted(static_cast<std::int64_t>(count), "Node"); }

std::string nodesText(const graph::Graph& graph, std::span<const NodeId> nodes) {
    const graph::Node* only = nodes.size() == 1 ? graph.find(nodes.front()) : nullptr;
    return only != nullptr ? only->name : nodesText(nodes.size());
}

std::string parameterText(std::string_view key) {
    std::string text;
    bool startsWord = true;
    for (const char letter : key) {
        if (letter == '_') {
            if (!text.empty()) text += ' ';
            startsWord = true;
            continue;
        }
        const bool raise = startsWord && letter >= 'a' && letter <= 'z';
        text += raise ? static_cast<char>(letter - 'a' + 'A') : letter;
        startsWord = false;
    }
    return text;
}

}  // namespace shapewise::edit
