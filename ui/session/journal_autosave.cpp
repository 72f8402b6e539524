#include "ui/session/journal_autosave.h"

#include "ui/base/qt_text.h"
#include "ui/base/threads.h"

#include <mutex>
#include <optional>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kSyncAfterMs = 1000;

}  // namespace

/// What the thread works with: the latest wish, and the journal.
struct JournalAutosave::Writer {
    std::mutex wishes;
    std::optional<io::Kept> wanted;  ///< to be kept; nullopt: nothing
    bool wantsClear = false;
    bool wantsSync = false;
    std::shared_ptr<io::LostDocument> lost;  ///< to be discarded once something is kept

    std::mutex work;  ///< held while the rest is used
    std::filesystem::path folder;
    std::unique_ptr<io::Journal> journal;

    /// With `work` held.
    Result<void> carryOut();

  private:
    Result<void> keep(const io::Kept& state);
};

Result<void> JournalAutosave::Writer::keep(const io::Kept& state) {
    if (journal == nullptr) {
        Result<std::unique_ptr<io::Journal>> made = io::Journal::create(folder);
        if (!made) return Unexpected(made.error());
        journal = std::move(*made);
    }
    return journal->keep(state);
}

Result<void> JournalAutosave::Writer::carryOut() {
    std::optional<io::Kept> state;
    std::shared_ptr<io::LostDocument> former;
    bool clears = false;
    bool syncs = false;
    {
        const std::lock_guard taking(wishes);
        state = std::exchange(wanted, std::nullopt);
        clears = std::exchange(wantsClear, false);
        syncs = std::exchange(wantsSync, false);
        if (state || clears) former = lost;
    }
    try {
        if (clears && journal != nullptr) journal->clear();
        if (state && former != nullptr) state->replaces = former->id();
        if (state)
            if (Result<void> done = keep(*state); !done) return done;
        if (former != nullptr) {
            former->discard();
            const std::lock_guard taking(wishes);
            lost.reset();
        }
        if (syncs && journal != nullptr) return journal->sync();
    } catch (const std::exception& problem) {
        return failure(std::string("Unsaved work could not be kept: ") + problem.what());
    }
    return {};
}

JournalAutosave::JournalAutosave(std::filesystem::path folder, std::function<io::Kept()> describe,
                                 std::chrono::milliseconds patience)
    : describe_(std::move(describe)), patience_(patience), writer_(std::make_shared<Writer>()) {
    writer_->folder = std::move(folder);
    pool_.setMaxThreadCount(1);
    syncTimer_.setSingleShot(true);
    syncTimer_.setInterval(kSyncAfterMs);
    connect(&syncTimer_, &QTimer::timeout, this, [this] { ask([](Writer& writer) { writer.wantsSync = true; }); });
}

JournalAutosave::~JournalAutosave() { pool_.waitForDone(); }

void JournalAutosave::tell(const Result<void>& done) {
    if (!done) Q_EMIT failed(toQString(done.error().message), toQString(done.error().advice));
}

void JournalAutosave::ask(const std::function<void(Writer&)>& request) {
    {
        const std::lock_guard wishing(writer_->wishes);
        request(*writer_);
    }
    runOn(pool_, [this, writer = writer_] {
        const std::lock_guard working(writer->work);
        const Result<void> done = writer->carryOut();
        if (!done) callOn(this, [this, done] { tell(done); });
    });
}

void JournalAutosave::changed(const graph::Project& project) {
    io::Kept state = describe_();
    state.project = project;
    ask([&](Writer& writer) { writer.wanted = std::move(state); });
    syncTimer_.start();
    if (pool_.waitForDone(static_cast<int>(patience_.count()))) return;
    // Not begun: the machine is busy, not the disk.
    const std::unique_lock working(writer_->work, std::try_to_lock);
    if (working.owns_lock()) tell(writer_->carryOut());
}

void JournalAutosave::settled() {
    syncTimer_.stop();
    ask([](Writer& writer) {
        writer.wanted.reset();
        writer.wantsClear = true;
    });
}

void JournalAutosave::takeOver(const std::shared_ptr<io::LostDocument>& lost) {
    const std::lock_guard wishing(writer_->wishes);
    writer_->lost = lost;
}

}  // namespace shapewise::ui
