#include "ui/session/file_choice.h"

#include "core/edit/apply.h"
#include "core/io/data/data_files.h"
#include "ui/session/document_model.h"
#include "ui/session/file_text.h"

#include <QPointer>

#include <utility>

namespace shapewise::ui {

void FileChoice::perform(DocumentModel* document, edit::Edit choice, std::vector<NodeId> nodes) {
    choice.mergeKey.clear();
    job_.start(
        LatestJob::kNeverAtOnce,
        [project = document->project(), choice = std::move(choice), folder = nativePath(document->folder()),
         nodes = std::move(nodes)] {
            edit::Edit whole = choice;
            const Result<edit::Applied> chosen = edit::apply(project, choice);
            if (!chosen) return whole;  // why will be said when it is performed
            for (edit::Step& step : io::refreshDataNodes(chosen->project.graph, folder, nodes))
                whole.steps.push_back(std::move(step));
            return whole;
        },
        [document = QPointer<DocumentModel>(document)](const edit::Edit& whole) {
            if (document != nullptr) document->perform(whole);
        });
}

}  // namespace shapewise::ui
