#include "core/io/keras/keras_place.h"

#include "core/io/files/json_value.h"
#include "core/io/keras/keras_dialect.h"

#include <algorithm>
#include <deque>

namespace shapewise::io {

namespace {

/// So many wrappers around a model are taken off.
constexpr int kDeepest = 6;
/// So many members are looked at, so that a file of anything else is soon known for what it is.
constexpr std::size_t kMostVisited = 2000;

/// Members in which a model is looked for before all others.
constexpr std::string_view kUsual[] = {"modelTopology", "model_config", "keras_model", "model", "config"};

void hear(const Value& value, KerasWriterWords& words) {
    const auto take = [&](const char* key, std::string& word) {
        if (std::string text = textMember(value, key); !text.empty()) word = std::move(text);
    };
    take("keras_version", words.kerasVersion);
    take("backend", words.backend);
    take("generatedBy", words.generatedBy);
    take("convertedBy", words.convertedBy);
}

/// A layer that is no model: what stands in it is part of it.
bool isPlainLayer(const Value& value) {
    if (!isLayerEntry(value)) return false;
    const std::string className = textMember(value, "class_name");
    return className != "Sequential" && className != "Functional" && className != "Model";
}

/// A list of other things than layers may name classes too.
bool isBareList(const Value& value) {
    return value.isList() && std::any_of(value.asList().begin(), value.asList().end(),
                                         [](const Value& entry) { return entry.find("config") == nullptr; });
}

bool mayBeJson(const Value& value) {
    if (!value.isText()) return false;
    const std::size_t start = value.asText().find_first_not_of(" \t\r\n");
    return start != std::string::npos && (value.asText()[start] == '{' || value.asText()[start] == '[');
}

}  // namespace

std::optional<KerasPlace> findKerasModel(const Value& file) {
    struct Visit {
        const Value* value;
        KerasWriterWords words;
        std::shared_ptr<const Value> parsed;
        int depth;
    };
    std::deque<Visit> due{{&file, {}, nullptr, 0}};
    for (std::size_t visited = 0; !due.empty() && visited < kMostVisited; ++visited) {
        Visit visit = std::move(due.front());
        due.pop_front();
        if (mayBeJson(*visit.value)) {
            Result<Value> inside = parseJson(visit.value->asText());
            if (!inside) continue;
            visit.parsed = std::make_shared<const Value>(std::move(*inside));
            visit.value = visit.parsed.get();
        }
        hear(*visit.value, visit.words);
        if (visit.depth > 0 && isBareList(*visit.value)) continue;
        if (std::optional<KerasModel> model = kerasModel(*visit.value)) {
            KerasPlace place{std::move(*model), visit.value, std::move(visit.words), std::move(visit.parsed)};
            if (const Value* config = visit.value->find("config")) hear(*config, place.words);
            return place;
        }
        if (std::optional<Value> converted = fromKeras0(*visit.value)) {
            visit.parsed = std::make_shared<const Value>(std::move(*converted));
            if (std::optional<KerasModel> model = kerasModel(*visit.parsed)) {
                if (visit.words.kerasVersion.empty()) visit.words.kerasVersion = "0";
                return KerasPlace{std::move(*model), visit.parsed.get(), std::move(visit.words), visit.parsed};
            }
        }
        if (!visit.value->isDict() || visit.depth == kDeepest || isPlainLayer(*visit.value)) continue;
        const auto isUsual = [](const auto& member) {
            return std::find(std::begin(kUsual), std::end(kUsual), member.first) != std::end(kUsual);
        };
        for (const bool usual : {true, false})
            for (const auto& member : visit.value->asDict())
                if (isUsual(member) == usual &&
                    (member.second.isDict() || member.second.isList() || member.second.isText()))
                    due.push_back({&member.second, visit.words, visit.parsed, visit.depth + 1});
    }
    return std::nullopt;
}

}  // namespace shapewise::io
