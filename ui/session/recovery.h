#pragma once
// Recovery: the folder of this user's journals: gives sessions their autosave and finds what programs that ended left.

#include "core/io/project/journal.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <chrono>
#include <vector>

namespace shapewise::ui {

class DocumentSession;

using LostDocuments = std::vector<std::shared_ptr<io::LostDocument>>;

class Recovery : public QObject {
    Q_OBJECT

  public:
    /// `patience`: how long an edit waits at most until it is written.
    explicit Recovery(std::filesystem::path folder, std::chrono::milliseconds patience = kPatience);
    ~Recovery() override;

    /// Beside the data of the program, in the home of the user.
    [[nodiscard]] static std::filesystem::path usualFolder();
    static constexpr std::chrono::milliseconds kPatience{12};

    /// From now on unsaved work of the session is kept.
    void keep(DocumentSession* session);
    /// Looks for lost documents on another thread; found() follows.
    void look();

  Q_SIGNALS:
    /// Perhaps none. Each is held for this program until its last pointer goes.
    void found(const shapewise::ui::LostDocuments& documents);
    /// Unsaved work cannot be kept. Said once.
    void failed(const QString& message, const QString& advice);

  private:
    std::filesystem::path folder_;
    std::chrono::milliseconds patience_;
    QThreadPool pool_;
    bool hasTold_ = false;
};

}  // namespace shapewise::ui
