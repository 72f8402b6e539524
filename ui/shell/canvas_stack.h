#pragma once
// CanvasStack: the canvas of each session, with the bar of open groups above it; the one of the session shown is in
// front. A canvas keeps its zoom, place and selection while another is shown.

#include <QStackedWidget>

#include <vector>

namespace shapewise::ui {

class Breadcrumbs;
class CanvasView;
class DocumentSession;

class CanvasStack : public QStackedWidget {
    Q_OBJECT

  public:
    using QStackedWidget::QStackedWidget;

    /// Brings the canvas of that session to the front; it is made when there is none.
    void setSession(DocumentSession* session);
    /// The canvas of that session goes, before the session does.
    void remove(const DocumentSession* session);
    [[nodiscard]] CanvasView* canvas() const;
    [[nodiscard]] Breadcrumbs* breadcrumbs() const;

    // What holds for every canvas, those to come included
    void setMinimapVisible(bool visible);
    void setPicturesVisible(bool visible);

  private:
    struct Page {
        DocumentSession* session = nullptr;
        QWidget* widget = nullptr;
        CanvasView* canvas = nullptr;
        Breadcrumbs* breadcrumbs = nullptr;
    };
    [[nodiscard]] Page makePage(DocumentSession* session);
    [[nodiscard]] const Page* current() const;

    std::vector<Page> pages_;
    bool minimapVisible_ = true;
    bool picturesVisible_ = true;
};

}  // namespace shapewise::ui
