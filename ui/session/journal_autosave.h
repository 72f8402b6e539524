#pragma once
// JournalAutosave: keeps the unsaved work of one session in a journal, written on a thread of its own. An edit is
// finished when it is written, but waits no longer for that than its patience: a disk that is slower gets the latest
// state next.

#include "core/base/result.h"
#include "core/io/project/journal.h"
#include "ui/session/autosave.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <functional>

namespace shapewise::ui {

class JournalAutosave : public QObject, public Autosave {
    Q_OBJECT

  public:
    /// `describe`: what is kept beside the project.
    JournalAutosave(std::filesystem::path folder, std::function<io::Kept()> describe,
                    std::chrono::milliseconds patience);
    ~JournalAutosave() override;  ///< waits until what was asked for is on the disk

    void changed(const graph::Project& project) override;
    void settled() override;
    void takeOver(const std::shared_ptr<io::LostDocument>& lost) override;
  Q_SIGNALS:
    /// Nothing is kept until a later edit can be.
    void failed(const QString& message, const QString& advice);

  private:
    struct Writer;
    void ask(const std::function<void(Writer&)>& request);
    void tell(const Result<void>& done);

    std::function<io::Kept()> describe_;
    std::chrono::milliseconds patience_;
    std::shared_ptr<Writer> writer_;
    QThreadPool pool_;
    QTimer syncTimer_;
};

}  // namespace shapewise::ui
