#pragma once
// The journal of one document: its unsaved work, kept in a folder of the program against the end of the program. One
// row of changes a file (ID.journal, see project_changes.h), the weights it names in another (ID.weights, each set
// once), and a lock (ID.lock) that its writer holds as long as it lives: journals whose lock is free are lost
// documents.

#include "core/io/files/files.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace shapewise::io {

class FileLock;
class RecordFile;

/// One state of a document, and what its window needs to show it again.
struct Kept {
    graph::Project project;
    std::string name;        ///< as the title of the window says
    std::string path;        ///< of its file; empty: never saved
    std::int64_t edits = 0;  ///< not in the file
    std::int64_t time = 0;   ///< of the last edit: milliseconds since 1970
    Value stamp;             ///< of its file, when it was opened or saved
    Value view;              ///< of its window
    std::string replaces;    ///< id of the lost document it was restored from, which may go; empty: none
};

class Journal {
  public:
    /// Makes the folder; nothing is kept yet.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> create(const std::filesystem::path& folder);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    /// What is kept stays on the disk; with nothing kept, no file stays.
    ~Journal();

    /// Appends what changed since the last state that was kept. When it fails that one is still there, and the next
    /// call tries to write all anew.
    [[nodiscard]] Result<void> keep(const Kept& state);
    /// To the disk itself.
    [[nodiscard]] Result<void> sync();
    /// There is nothing to keep any more.
    void clear();

    /// A journal is written anew when its changes take more than its first state and this.
    static constexpr std::uint64_t kSpareBytes = 1 << 20;

  private:
    Journal(std::filesystem::path folder, std::string id, std::unique_ptr<FileLock> lock);
    [[nodiscard]] std::filesystem::path file(std::string_view suffix) const {
        return folder_ / (id_ + std::string(suffix));
    }
    [[nodiscard]] std::string keyOf(const std::shared_ptr<const graph::WeightSet>& weights);
    [[nodiscard]] Result<void> begin(const Kept& state);
    [[nodiscard]] Result<void> keepWeights();

    struct Stored {
        std::shared_ptr<const graph::WeightSet> weights;  ///< held, so that its address stays its own
        std::string key;
        bool isWritten = false;
    };

    std::filesystem::path folder_;
    std::string id_;
    std::unique_ptr<FileLock> lock_;
    std::unique_ptr<RecordFile> journal_;  ///< null while nothing is kept
    std::unique_ptr<RecordFile> weightsFile_;
    Kept last_;
    std::uint64_t firstBytes_ = 0;
    bool isWhole_ = false;  ///< last_ is what the file holds
    std::unordered_map<const graph::WeightSet*, Stored> stored_;
    std::vector<const graph::WeightSet*> due_;  ///< named and not written
};

/// What a program that ended left. Its lock is held: no other program offers it meanwhile.
class LostDocument {
  public:
    ~LostDocument();
    LostDocument(const LostDocument&) = delete;
    LostDocument& operator=(const LostDocument&) = delete;

    [[nodiscard]] const std::string& id() const { return id_; }
    /// The last state, without its project.
    [[nodiscard]] const Kept& state() const { return state_; }
    /// Notes tell what is missing.
    [[nodiscard]] Result<Opened> read() const;
    /// It is open again and kept elsewhere, or not wanted.
    void discard();

    friend std::vector<std::shared_ptr<LostDocument>> lostDocuments(const std::filesystem::path& folder);

  private:
    LostDocument(std::filesystem::path folder, std::string id, std::unique_ptr<FileLock> lock);
    [[nodiscard]] std::filesystem::path file(std::string_view suffix) const {
        return folder_ / (id_ + std::string(suffix));
    }

    std::filesystem::path folder_;
    std::string id_;
    std::unique_ptr<FileLock> lock_;
    Kept state_;
};

/// Those of programs that have ended, the latest first. What such programs left that holds nothing is removed.
[[nodiscard]] std::vector<std::shared_ptr<LostDocument>> lostDocuments(const std::filesystem::path& folder);

}  // namespace shapewise::io
