#pragma once
// FileChoice: gives nodes a file of data: its path, and what is in it, as one edit. The file is looked at on another
// thread.

#include "core/edit/edit.h"
#include "ui/base/latest_job.h"

#include <vector>

namespace shapewise::ui {

class DocumentModel;

class FileChoice {
  public:
    /// `failed`: a sentence, when the look at the file fails.
    explicit FileChoice(LatestJob::Failed failed) : job_(std::move(failed)) {}

    /// `choice`: sets the path at `nodes`.
    void perform(DocumentModel* document, edit::Edit choice, std::vector<NodeId> nodes);

  private:
    LatestJob job_;
};

}  // namespace shapewise::ui
