#pragma once
// NodeMetrics: how large a node is and where its parts are, from the fonts in use. Node coordinates: (0, 0) is the top
// left corner of the body; one unit is one pixel at 100 %.

#include "ui/canvas/scene/node_view.h"

#include <QFont>
#include <QRectF>

#include <memory>
#include <vector>

namespace shapewise::ui {

/// A line of text on the node, already elided.
struct TextLine {
    enum class Role { Telling, Shape, Count, State };
    Role role = Role::Telling;
    QString text;
    QRectF box;
};

struct NodeLayout {
    QRectF body;
    QRectF header;
    QRectF nameBox;
    QRectF typeBox;
    QString name;      ///< elided
    QString typeName;  ///< elided, may be empty
    std::vector<TextLine> lines;
    QRectF thumbnail;             ///< empty without a picture
    std::vector<QPointF> inputs;  ///< centres of the ports
    std::vector<QPointF> outputs;
    QPointF badge;  ///< its centre

    /// Everything that is painted: body, ports, badge, selection outline.
    [[nodiscard]] QRectF bounds() const;
};

struct CanvasFonts {
    QFont name;
    QFont type;
    QFont text;
    QFont shape;
    QFont port;
    QFont badge;
};
/// Of the theme; made anew when the application font changes.
[[nodiscard]] const CanvasFonts& canvasFonts();
void forgetCanvasFonts();

[[nodiscard]] std::shared_ptr<const NodeLayout> layOut(const NodeView& view, bool withThumbnail);

/// How far the first port is below the top of its node.
[[nodiscard]] double firstPortBelowTop();

/// Width and height of the pill around a shape label.
[[nodiscard]] QSizeF pillSize(const QString& label);

}  // namespace shapewise::ui
