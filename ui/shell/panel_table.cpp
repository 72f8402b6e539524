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
        {QStringLiteral("layers"), translated("Layers"), PanelArea::Left, make<PalettePanel>},
        {QStringLiteral("inspector"), translated("Inspector"), PanelArea::Right, make<InspectorPanel>},
        {QStringLiteral("problems"), translated("Problems"), PanelArea::Bottom, make<ProblemsPanel>},
        {QStringLiteral("activations"), translated("Activations"), PanelArea::Bottom, make<ActivationsView>},
        {QStringLiteral("summary"), translated("Summary"), PanelArea::Bottom, make<SummaryTable>},
    };
    return kPanels;
}

}  // namespace shapewise::ui
