#include "ui/shell/canvas_stack.h"

#include "ui/canvas/canvas_view.h"
#include "ui/canvas/overlays/breadcrumbs.h"
#include "ui/session/document_model.h"
#include "ui/session/document_session.h"
#include "ui/session/run_controller.h"

#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace shapewise::ui {

CanvasStack::Page CanvasStack::makePage(DocumentSession* session) {
    Page page{session, new QWidget(this), nullptr, nullptr};
    page.canvas = new CanvasView(session->document(), page.widget);
    page.breadcrumbs = new Breadcrumbs(session->document(), page.widget);
    auto* column = new QVBoxLayout(page.widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(page.breadcrumbs);
    column->addWidget(page.canvas, 1);
    page.canvas->setMinimapVisible(minimapVisible_);
    page.canvas->setThumbnailsVisible(picturesVisible_);

    CanvasView* canvas = page.canvas;
    RunController* run = session->run();
    connect(canvas, &CanvasView::selectionChanged, session, &DocumentSession::setSelection);
    connect(session, &DocumentSession::selectRequested, canvas, &CanvasView::select);
    connect(run, &RunController::pictureReady, canvas, &CanvasView::setThumbnail);
    connect(run, &RunController::outdated, canvas, [run, canvas] {
        if (run->report() == nullptr) canvas->clearThumbnails();
    });
    connect(session->document(), &DocumentModel::groupChanged, canvas, [canvas](NodeId left) {
        if (left.isValid()) canvas->select({left});
    });
    connect(canvas, &CanvasView::filesDropped, session->files(), &FileController::drop);
    connect(session->files(), &FileController::nodesAdded, canvas, &CanvasView::select);
    const auto showName = [files = session->files(), breadcrumbs = page.breadcrumbs] {
        breadcrumbs->setProjectName(files->displayName());
    };
    connect(session->files(), &FileController::displayNameChanged, page.breadcrumbs, showName);
    showName();
    session->files()->setPlaceForNew([canvas] { return canvas->placeForNew(); });
    addWidget(page.widget);
    return page;
}

void CanvasStack::setSession(DocumentSession* session) {
    auto found = std::find_if(pages_.begin(), pages_.end(), [&](const Page& page) { return page.session == session; });
    if (found == pages_.end()) {
        pages_.push_back(makePage(session));
        found = std::prev(pages_.end());
    }
    setCurrentWidget(found->widget);
}

void CanvasStack::remove(const DocumentSession* session) {
    const auto found =
        std::find_if(pages_.begin(), pages_.end(), [&](const Page& page) { return page.session == session; });
    if (found == pages_.end()) return;
    found->session->files()->setPlaceForNew({});
    removeWidget(found->widget);
    found->widget->deleteLater();  // it may be what asked
    pages_.erase(found);
}

const CanvasStack::Page* CanvasStack::current() const {
    const auto found =
        std::find_if(pages_.begin(), pages_.end(), [this](const Page& page) { return page.widget == currentWidget(); });
    return found == pages_.end() ? nullptr : &*found;
}

CanvasView* CanvasStack::canvas() const { return current() == nullptr ? nullptr : current()->canvas; }

Breadcrumbs* CanvasStack::breadcrumbs() const { return current() == nullptr ? nullptr : current()->breadcrumbs; }

void CanvasStack::setMinimapVisible(bool visible) {
    minimapVisible_ = visible;
    for (const Page& page : pages_) page.canvas->setMinimapVisible(visible);
}

void CanvasStack::setPicturesVisible(bool visible) {
    picturesVisible_ = visible;
    for (const Page& page : pages_) page.canvas->setThumbnailsVisible(visible);
}

}  // namespace shapewise::ui
