#pragma once
// Tokens: every colour and size the window is drawn with, in one place, for the dark and the light palette.
// Colours of status and rank were measured for contrast and for colour-blind eyes; tests/ui/theme keeps that true.
// Warm means trouble, cool means data, grey means structure.

#include "core/layers/framework/layer.h"

#include <QColor>

#include <array>

namespace shapewise::ui {

enum class Theme { Dark, Light };

struct Tokens {
    Theme theme = Theme::Dark;

    // Surfaces
    QColor canvas;     ///< behind the nodes
    QColor canvasDot;  ///< the grid
    QColor nodeBody;
    QColor nodeOutline;
    QColor panel;   ///< docks, bars, menus
    QColor raised;  ///< buttons, hovered rows
    QColor field;   ///< line edits, lists
    QColor line;    ///< separators and outlines
    QColor pill;    ///< behind shape labels on edges
    QColor shadow;

    // Text
    QColor text;
    QColor secondaryText;
    QColor textOnColor;  ///< on node headers and accent buttons
    QColor portText;     ///< the rank number inside a port

    // Controls
    QColor accent;      ///< selection, focus, active control
    QColor accentFill;  ///< behind the text of a primary button or selected row
    QColor accentLine;  ///< its outline

    // Status
    QColor error;
    QColor warning;
    QColor ok;
    QColor info;
    QColor unknown;      ///< unknown or blocked
    QColor errorHeader;  ///< header of a node in conflict
    QColor errorFill;    ///< callout of an error
    QColor errorLine;
    QColor errorText;  ///< the message itself
    QColor warningFill;
    QColor warningLine;
    QColor warningText;
    QColor textOnStatus;  ///< on a badge

    QColor curve;  ///< of one series, and bars

    std::array<QColor, 5> ranks;  ///< rank <= 1, 2, 3, 4, >= 5

    /// Colour of tensors of that rank, the batch counted; `unknown` for a negative one.
    [[nodiscard]] const QColor& rank(int rank) const;
    /// Header of a node, square in the palette. White text on it has a contrast of 4.5 at least.
    [[nodiscard]] static QColor category(layers::Category category);
};

[[nodiscard]] const Tokens& tokens(Theme theme);
/// Of the theme in use.
[[nodiscard]] const Tokens& tokens();

/// Width of an edge by rank: 1.5 px for rank 1 or unknown up to 3 px for rank 5.
[[nodiscard]] double edgeWidth(int rank);

// Sizes in device-independent pixels.
inline constexpr int kSpace = 4;  ///< spacing comes in multiples of this
inline constexpr int kFieldRadius = 5;
inline constexpr int kGrid = 8;  ///< canvas grid
inline constexpr double kNodeRadius = 7.0;
inline constexpr double kStackStep = 3.0;  ///< between the cards of a node that holds a graph
inline constexpr double kPortRadius = 7.0;
inline constexpr double kPortTarget = 12.0;  ///< how near the pointer must come to a port
inline constexpr double kEdgeTarget = 12.0;  ///< width in which an edge is hit, at any zoom
inline constexpr double kErrorEdgeWidth = 3.0;

}  // namespace shapewise::ui
