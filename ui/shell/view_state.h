#pragma once
// How a document is looked at: zoom and place, selection, open group, panels. A value of names, since a document that
// is opened again has other ids. Kept in the settings by the path of its file, and in the journal of unsaved work.

#include "core/base/value.h"

#include <QString>

class QMainWindow;

namespace shapewise::ui {

class CanvasView;
class DocumentModel;
class PanelDocks;

/// The parts of a window that show one document.
struct ViewParts {
    DocumentModel* document = nullptr;
    CanvasView* canvas = nullptr;
    PanelDocks* panels = nullptr;
    QMainWindow* window = nullptr;
};

[[nodiscard]] Value viewOf(const ViewParts& parts);
/// What is no longer there, such as a removed node, is passed over; anything else than such a value does nothing.
void showView(const ViewParts& parts, const Value& view);

/// Of the documents looked at last; None for any other.
[[nodiscard]] Value storedView(const QString& path);
void storeView(const QString& path, const Value& view);
inline constexpr int kStoredViews = 100;

}  // namespace shapewise::ui
