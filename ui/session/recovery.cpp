#include "ui/session/recovery.h"

#include "ui/base/threads.h"
#include "ui/session/document_session.h"
#include "ui/session/file_text.h"
#include "ui/session/journal_autosave.h"

#include <QStandardPaths>

#include <utility>

namespace shapewise::ui {

Recovery::Recovery(std::filesystem::path folder, std::chrono::milliseconds patience)
    : folder_(std::move(folder)), patience_(patience) {
    pool_.setMaxThreadCount(1);
}

Recovery::~Recovery() { pool_.waitForDone(); }

std::filesystem::path Recovery::usualFolder() {
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return nativePath(data) / "recovery";
}

void Recovery::keep(DocumentSession* session) {
    auto autosave = std::make_unique<JournalAutosave>(
        folder_, [session] { return session->kept(); }, patience_);
    connect(autosave.get(), &JournalAutosave::failed, this, [this](const QString& message, const QString& advice) {
        if (std::exchange(hasTold_, true)) return;
        Q_EMIT failed(message, advice);
    });
    session->setAutosave(std::move(autosave));
}

void Recovery::look() {
    runOn(pool_, [this, folder = folder_] {
        auto documents = std::make_shared<LostDocuments>(io::lostDocuments(folder));
        callOn(this, [this, documents] { Q_EMIT found(std::exchange(*documents, {})); });
    });
}

}  // namespace shapewise::ui
