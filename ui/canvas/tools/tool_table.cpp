#include "ui/canvas/tools/tool_table.h"

#include "ui/canvas/tools/connect.h"
#include "ui/canvas/tools/pan.h"
#include "ui/canvas/tools/rubber_band.h"
#include "ui/canvas/tools/select_move.h"

#include <algorithm>

namespace shapewise::ui {
namespace {

bool isPan(const Press& press) {
    return press.button == Qt::MiddleButton || (press.button == Qt::LeftButton && press.spaceHeld);
}

template <Hit::Kind kind>
bool isLeftOn(const Press& press) {
    return press.button == Qt::LeftButton && press.hit.kind == kind;
}

template <class Made>
std::unique_ptr<Tool> makeAt(ToolCanvas& canvas, const Press& press) {
    return std::make_unique<Made>(canvas, press.at);
}

std::unique_ptr<Tool> drawFromOutput(ToolCanvas& canvas, const Press& press) {
    return std::make_unique<ConnectTool>(canvas, LooseLink{true, press.hit.node, press.hit.port}, press.at);
}

std::unique_ptr<Tool> drawOrPickUp(ToolCanvas& canvas, const Press& press) {
    const graph::Project& project = canvas.project();
    const graph::Node& node = *project.graph.find(press.hit.node);
    // The last link of that port is the one on top.
    for (std::size_t slot = node.inputs.size(); slot-- > 0;)
        if (node.inputs[slot].toPort == press.hit.port)
            return std::make_unique<ConnectTool>(canvas, edits::at(project, {node.id, slot}), press.at);
    return std::make_unique<ConnectTool>(canvas, LooseLink{false, node.id, press.hit.port}, press.at);
}

std::unique_ptr<Tool> selectLink(ToolCanvas& canvas, const Press& press) {
    canvas.selectLink(press.hit.link, selectingOf(press.at.modifiers));
    return nullptr;
}

std::unique_ptr<Tool> moveNode(ToolCanvas& canvas, const Press& press) {
    return std::make_unique<SelectMoveTool>(canvas, press.hit.node, press.at);
}

constexpr ToolRow kTools[] = {
    {"pan", isPan, makeAt<PanTool>},
    {"connect", isLeftOn<Hit::Kind::Output>, drawFromOutput},
    {"connect or pick up", isLeftOn<Hit::Kind::Input>, drawOrPickUp},
    {"select and move", isLeftOn<Hit::Kind::Node>, moveNode},
    {"select a link", isLeftOn<Hit::Kind::Edge>, selectLink},
    {"rubber band", isLeftOn<Hit::Kind::Nothing>, makeAt<RubberBandTool>},
};

}  // namespace

std::span<const ToolRow> toolTable() { return kTools; }

const ToolRow* toolFor(std::span<const ToolRow> table, const Press& press) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const ToolRow& row) { return row.matches(press); });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace shapewise::ui
