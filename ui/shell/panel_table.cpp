#include "ui/shell/panel_table.h"

#include "ui/diagnostics/problems_panel.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/palette/palette_panel.h"
#include "ui/viewers/activations_view.h"
#include "ui/viewers/summary_table.h"

#include <QCoreApplication>

namespace shapewise::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("PanelTable", text); }

template <class P>
Panel* make(QWidget* parent) {
    return new P(parent);
}

}  // namespace

const std::vector<PanelSpec>& panelTable() {
    static const std::vector<PanelSpec> kPanels{
        {QStringLiteral("layers"),
         translated("Layers"),
         PanelArea::Left,
         make<PalettePanel>,
         {},
         translated("All layers by category. Type into the filter, go down with the arrow, Enter adds the layer behind "
                    "the selected node; or drag it onto the canvas. Esc leads back to the canvas.")},
        {QStringLiteral("inspector"),
         translated("Inspector"),
         PanelArea::Right,
         make<InspectorPanel>,
         {},
         translated(
             "Everything about the selection: its properties, how its shape comes about, its output, its weights "
             "and the page of its layer. Esc leads back to the canvas.")},
        {QStringLiteral("problems"),
         translated("Problems"),
         PanelArea::Bottom,
         make<ProblemsPanel>,
         {},
         translated("What cannot work or is probably not meant, with repairs. A double click or Enter goes there; F8 "
                    "goes to the next, F1 explains the current one.")},
        {QStringLiteral("activations"),
         translated("Activations"),
         PanelArea::Bottom,
         make<ActivationsView>,
         {},
         translated(
             "What the selected node put out in the last run. A click on one of several maps shows it large; the "
             "wheel with Ctrl zooms.")},
        {QStringLiteral("summary"),
         translated("Summary"),
         PanelArea::Bottom,
         make<SummaryTable>,
         {},
         translated("All layers in the order in which they run, with shapes, parameters and costs. A click selects the "
                    "layer on the canvas.")},
    };
    return kPanels;
}

}  // namespace shapewise::ui
