#pragma once
// ProblemCallout: which problem is shown beside its node, and where. The problem of the selection, else the first
// error; once closed it stays closed until its node is asked for again.

#include "ui/canvas/canvas_selection.h"
#include "ui/canvas/overlays/callout.h"

#include <string>

namespace shapewise::ui {

class CanvasView;
class DocumentModel;

class ProblemCallout : public QObject {
    Q_OBJECT

  public:
    ProblemCallout(CanvasView& view, DocumentModel& document, const SceneSync& sync, const CanvasSelection& selection);

    /// The problems, the selection or the theme may be others now.
    void choose();
    void selectionChanged();
    /// The view, or what it shows, has moved. Shown only while `isWelcome`: not over a gesture or a field.
    void place(bool isWelcome);
    /// Shows a closed one again.
    void open();
    /// False when none is visible.
    bool close();

    [[nodiscard]] QRect geometry() const { return callout_.geometry(); }
    [[nodiscard]] bool isShown() const { return !callout_.isHidden(); }

  Q_SIGNALS:
    /// Another one was chosen: it wants a place.
    void chosen();

  private:
    [[nodiscard]] const diag::Diagnostic* problemToShow() const;
    /// In the view, where it is seen: it is not covered either.
    [[nodiscard]] QRectF labelOfMistake() const;
    [[nodiscard]] std::vector<Callout::Obstacle> obstacles(const NodeItem& node, const QRectF& anchor) const;

    CanvasView& view_;
    DocumentModel& document_;
    const SceneSync& sync_;
    const CanvasSelection& selection_;
    Callout& callout_;    ///< a child of the viewport
    std::string closed_;  ///< key of the problem whose callout was closed
    std::string shown_;
};

}  // namespace shapewise::ui
