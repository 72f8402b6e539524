#include "core/io/project/journal.h"

#include "core/base/hash.h"
#include "core/io/files/file_lock.h"
#include "core/io/files/json_value.h"
#include "core/io/files/record_file.h"
#include "core/io/project/project_changes.h"

#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstring>
#include <optional>
#include <set>

namespace shapewise::io {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kJournal = ".journal";
constexpr std::string_view kBeginning = ".beginning";  // a journal before it has its first state
constexpr std::string_view kWeights = ".weights";
constexpr std::string_view kLock = ".lock";
constexpr std::string_view kJournalKind = "journal";
constexpr std::string_view kWeightsKind = "weights";

static_assert(std::endian::native == std::endian::little, "weights are kept as they lie in memory");

void removeFile(const fs::path& path) {
    std::error_code ignored;
    fs::remove(path, ignored);
}

std::string freshId() {
    static std::atomic<unsigned> calls{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return fmt::format("{:x}-{}-{}", now, ::getpid(), calls.fetch_add(1));
}

std::string contentKey(const graph::WeightSet& weights) {
    Hasher hasher;
    for (const graph::NamedTensor& weight : weights) {
        hasher.add(weight.name).add(weight.values.rank());
        for (const std::int64_t extent : weight.values.extents()) hasher.add(extent);
        hasher.addFloats(weight.values.values());
    }
    return fmt::format("{:016x}", hasher.result());
}

/// One line of JSON that says what comes, then the numbers.
std::string weightsRecord(const std::string& key, const graph::WeightSet& weights) {
    ValueList arrays;
    std::size_t bytes = 0;
    for (const graph::NamedTensor& weight : weights) {
        arrays.emplace_back(ValueDict{{"name", weight.name}, {"shape", Value::list(weight.values.extents())}});
        bytes += weight.values.values().size_bytes();
    }
    std::string record = jsonText(Value(ValueDict{{"key", key}, {"arrays", std::move(arrays)}})) + "\n";
    record.reserve(record.size() + bytes);
    for (const graph::NamedTensor& weight : weights) {
        const std::span<const float> values = weight.values.values();
        record.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    }
    return record;
}

std::shared_ptr<const graph::WeightSet> weightsFrom(std::string_view record, std::string& key) {
    const std::size_t line = record.find('\n');
    if (line == std::string_view::npos) return nullptr;
    const Result<Value> head = parseJson(record.substr(0, line));
    const Value* arrays = head ? head->find("arrays") : nullptr;
    if (arrays == nullptr || !arrays->isList()) return nullptr;
    key = textMember(*head, "key");
    record.remove_prefix(line + 1);
    auto weights = std::make_shared<graph::WeightSet>();
    for (const Value& array : arrays->asList()) {
        const Value* shape = array.find("shape");
        if (shape == nullptr || !shape->isList()) return nullptr;
        tensor::Extents extents;
        for (const Value& size : shape->asList()) extents.push_back(size.isInteger() ? size.asInteger() : -1);
        const std::int64_t count = tensor::elementCount(extents);
        if (count < 0 || static_cast<std::uint64_t>(count) > record.size() / sizeof(float)) return nullptr;
        tensor::Tensor values(extents);
        const std::size_t bytes = values.values().size_bytes();
        if (bytes > 0) std::memcpy(values.data(), record.data(), bytes);
        record.remove_prefix(bytes);
        weights->push_back({textMember(array, "name"), std::move(values)});
    }
    return weights;
}

/// What the record before, `last`, says already is left out.
Value recordOf(const Kept& state, std::optional<Value> changes, const Kept* last) {
    ValueDict record{{"whole", last == nullptr}, {"edits", state.edits}, {"time", state.time}};
    if (last == nullptr || last->name != state.name) record.emplace_back("name", state.name);
    if (last == nullptr || last->path != state.path) record.emplace_back("path", state.path);
    if (last == nullptr || !(last->stamp == state.stamp)) record.emplace_back("stamp", state.stamp);
    if (last == nullptr || !(last->view == state.view)) record.emplace_back("view", state.view);
    if (!state.replaces.empty()) record.emplace_back("replaces", state.replaces);
    if (changes) record.emplace_back("changes", std::move(*changes));
    return Value(std::move(record));
}

std::int64_t numberMember(const Value& value, std::string_view key) {
    const Value* member = value.find(key);
    return member != nullptr && member->isInteger() ? member->asInteger() : 0;
}

/// Calls back for each record of a journal; fails when it cannot be read at all.
Result<void> replay(const fs::path& path, const std::function<void(const Value&)>& take) {
    bool isBroken = false;  // what follows a change that is missing is no state there ever was
    const Result<bool> done = readRecords(path, kJournalKind, [&](const std::string& text) {
        const Result<Value> record = parseJson(text);
        isBroken = isBroken || !record;
        if (!isBroken) take(*record);
    });
    if (!done) return Unexpected(done.error());
    return {};
}

bool usesAny(const graph::Graph& graph, const std::function<bool(const graph::WeightSet*)>& isKnown) {
    bool found = false;
    graph.forEach([&](const graph::Node& node) {
        found = found || isKnown(node.weights.get()) || (node.body && usesAny(*node.body, isKnown));
    });
    return found;
}

bool saysTheSame(const Kept& a, const Kept& b) {
    return a.name == b.name && a.path == b.path && a.stamp == b.stamp && a.view == b.view;
}

}  // namespace

Journal::Journal(fs::path folder, std::string id, std::unique_ptr<FileLock> lock)
    : folder_(std::move(folder)), id_(std::move(id)), lock_(std::move(lock)) {}

Result<std::unique_ptr<Journal>> Journal::create(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        return failure(fmt::format("the folder {} cannot be made: {}", shownPath(folder), problem.message()),
                       "Check the rights of the folder above it");
    fs::permissions(folder, fs::perms::owner_all, problem);
    constexpr int kTries = 20;  // another program may take a new lock for a forgotten one
    for (int attempt = 0; attempt < kTries; ++attempt) {
        const std::string id = freshId();
        if (std::unique_ptr<FileLock> lock = FileLock::tryTake(folder / (id + std::string(kLock))))
            return std::unique_ptr<Journal>(new Journal(folder, id, std::move(lock)));
    }
    return failure(fmt::format("nothing can be written in {}", shownPath(folder)), "Check the rights of that folder");
}

Journal::~Journal() {
    if (journal_ != nullptr) return;
    removeFile(file(kWeights));
    lock_->remove();
}

void Journal::clear() {
    journal_.reset();
    isWhole_ = false;
    last_ = {};
    removeFile(file(kJournal));
    removeFile(file(kBeginning));
}

std::string Journal::keyOf(const WeightsPtr& weights) {
    const auto [found, isNew] = stored_.try_emplace(weights.get());
    Stored& stored = found->second;
    if (isNew) {
        stored.weights = weights;
        stored.key = contentKey(*weights);
        const bool isTwin = std::any_of(stored_.begin(), stored_.end(), [&](const auto& other) {
            return other.first != weights.get() && other.second.key == stored.key;
        });
        stored.isWritten = isTwin;
        if (!isTwin) due_.push_back(weights.get());
    }
    return stored.key;
}

Result<void> Journal::keepWeights() {
    while (!due_.empty()) {
        if (weightsFile_ == nullptr) {
            Result<std::unique_ptr<RecordFile>> made = RecordFile::create(file(kWeights), kWeightsKind);
            if (!made) return Unexpected(made.error());
            weightsFile_ = std::move(*made);
        }
        Stored& stored = stored_[due_.back()];
        if (Result<void> done = weightsFile_->append(weightsRecord(stored.key, *stored.weights)); !done) return done;
        stored.isWritten = true;
        due_.pop_back();
    }
    return {};
}

/// A file of its own that takes the place of the one before in one step.
Result<void> Journal::begin(const Kept& state) {
    const auto isStored = [this](const graph::WeightSet* weights) { return stored_.contains(weights); };
    if (journal_ == nullptr && !stored_.empty() && !usesAny(state.project.graph, isStored)) {  // another document
        weightsFile_.reset();
        stored_.clear();
        due_.clear();
    }
    Result<std::unique_ptr<RecordFile>> made = RecordFile::create(file(kBeginning), kJournalKind);
    if (!made) return Unexpected(made.error());
    const auto key = [this](const WeightsPtr& weights) { return keyOf(weights); };
    const Value record = recordOf(state, projectChanges(nullptr, state.project, key), nullptr);
    Result<void> done = (*made)->append(jsonText(record));
    if (done) done = (*made)->rename(file(kJournal));
    if (!done) {
        removeFile(file(kBeginning));
        return done;
    }
    journal_ = std::move(*made);
    firstBytes_ = journal_->bytes();
    return {};
}

Result<void> Journal::keep(const Kept& state) {
    const bool isLong = journal_ != nullptr && journal_->bytes() > 2 * firstBytes_ + kSpareBytes;
    if (journal_ == nullptr || !isWhole_ || isLong) {
        if (Result<void> done = begin(state); !done) {
            isWhole_ = false;
            return done;
        }
    } else {
        const auto key = [this](const WeightsPtr& weights) { return keyOf(weights); };
        std::optional<Value> changes = projectChanges(&last_.project, state.project, key);
        if (changes || !saysTheSame(last_, state)) {
            const Value record = recordOf(state, std::move(changes), &last_);
            if (Result<void> done = journal_->append(jsonText(record)); !done) {
                isWhole_ = false;
                return done;
            }
        }
    }
    last_ = state;
    isWhole_ = true;
    return keepWeights();
}

Result<void> Journal::sync() {
    if (weightsFile_ != nullptr)
        if (Result<void> done = weightsFile_->sync(); !done) return done;
    return journal_ != nullptr ? journal_->sync() : Result<void>();
}

LostDocument::LostDocument(fs::path folder, std::string id, std::unique_ptr<FileLock> lock)
    : folder_(std::move(folder)), id_(std::move(id)), lock_(std::move(lock)) {}

LostDocument::~LostDocument() = default;

Result<Opened> LostDocument::read() const {
    ProjectReplay project;
    const Result<void> done = replay(file(kJournal), [&](const Value& record) {
        const Value* whole = record.find("whole");
        if (const Value* changes = record.find("changes"))
            project.take(*changes, whole != nullptr && whole->isBool() && whole->asBool());
    });
    if (!done) return Unexpected(done.error());
    std::map<std::string, WeightsPtr> weights;
    std::error_code ignored;
    if (fs::exists(file(kWeights), ignored)) {
        const Result<bool> read = readRecords(file(kWeights), kWeightsKind, [&](const std::string& record) {
            std::string key;
            if (const WeightsPtr found = weightsFrom(record, key)) weights[key] = found;
        });
        (void)read;  // what is missing is named by the notes
    }
    return project.project([&](const std::string& key) {
        const auto found = weights.find(key);
        return found != weights.end() ? found->second : nullptr;
    });
}

void LostDocument::discard() {
    for (const std::string_view suffix : {kJournal, kBeginning, kWeights}) removeFile(file(suffix));
    lock_->remove();
}

std::vector<std::shared_ptr<LostDocument>> lostDocuments(const fs::path& folder) {
    std::set<std::string> ids;
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
        const fs::path name = entry->path().filename();
        const std::string suffix = name.extension().string();
        for (const std::string_view own : {kJournal, kBeginning, kWeights, kLock})
            if (suffix == own) ids.insert(name.stem().string());
    }
    std::vector<std::shared_ptr<LostDocument>> lost;
    for (const std::string& id : ids) {
        std::unique_ptr<FileLock> lock = FileLock::tryTake(folder / (id + std::string(kLock)));
        if (lock == nullptr) continue;  // its program lives, or another one offers it
        std::shared_ptr<LostDocument> document(new LostDocument(folder, id, std::move(lock)));
        bool holdsState = false;
        std::error_code ignored;
        const bool isThere = fs::exists(document->file(kJournal), ignored);
        const Result<void> read = replay(document->file(kJournal), [&](const Value& record) {
            Kept& state = document->state_;
            if (record.find("name") != nullptr) state.name = textMember(record, "name");
            if (record.find("path") != nullptr) state.path = textMember(record, "path");
            state.edits = numberMember(record, "edits");
            state.time = numberMember(record, "time");
            if (record.find("replaces") != nullptr) state.replaces = textMember(record, "replaces");
            if (const Value* stamp = record.find("stamp")) state.stamp = *stamp;
            if (const Value* view = record.find("view")) state.view = *view;
            holdsState = true;
        });
        if (read && holdsState)
            lost.push_back(std::move(document));
        else if (read || !isThere)
            document->discard();  // the program ended before there was anything to keep
    }
    // Restored, and the program ended before the former journal went.
    std::set<std::string> replaced;
    for (const auto& document : lost) replaced.insert(document->state().replaces);
    std::erase_if(lost, [&](const auto& document) {
        if (!replaced.contains(document->id())) return false;
        document->discard();
        return true;
    });
    std::stable_sort(lost.begin(), lost.end(),
                     [](const auto& a, const auto& b) { return a->state().time > b->state().time; });
    return lost;
}

}  // namespace shapewise::io
