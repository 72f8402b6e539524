#pragma once
// CanvasDriver: the canvas as a hand uses it. Gestures are real mouse and key events on the view; questions are asked
// of the project, never of item positions.

#include "core/layers/framework/catalog.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/session/document_model.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace shapewise::test {

class CanvasDriver {
  public:
    CanvasDriver() : view(&document) {
        view.resize(1400, 900);
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
        view.setFocus();
        EXPECT_TRUE(QTest::qWaitFor([this] { return view.hasFocus(); }));
    }

    /// Builds, without gestures: a node of that class with settings, fed by `from` when that is valid.
    NodeId addNode(const char* className, const QPointF& place, NodeId from = {},
                   const std::vector<std::pair<const char*, Value>>& settings = {}) {
        const layers::LayerType* type = layers::findLayer(className);
        EXPECT_NE(type, nullptr) << className;
        const NodeId id = document.graph().nextId();
        auto node = layers::makeInitialNode(*type, id, document.graph().freeName(layers::automaticName(*type)));
        for (const auto& [key, value] : settings) node->set(key, value);
        edit::Edit edit;
        edit.label = "Build";
        edit.steps.emplace_back(edit::AddNode{node, {place.x(), place.y(), false}});
        if (from.isValid()) edit.steps.emplace_back(edit::Connect{{from, 0, 0}, id, std::nullopt});
        EXPECT_TRUE(document.perform(edit));
        return id;
    }
    /// A source of rank 3: (100, 20, 1).
    NodeId addSequence(const QPointF& place) {
        return addNode("Sample", place, {}, {{"shape", Value::list({20, 1})}, {"batch_size", 100}});
    }
    /// 100 %, with scene (0, 0) near the upper left corner.
    void settle() {
        view.zoom100();
        view.centerOn(QPointF(500, 300));
    }

    [[nodiscard]] ui::CanvasController& controller() { return *view.findChild<ui::CanvasController*>(); }
    [[nodiscard]] QPoint at(const QPointF& scene) const { return view.mapFromScene(scene); }
    [[nodiscard]] QPoint output(NodeId id, std::uint16_t port = 0) {
        return at(controller().picker().portAt({true, id, port}));
    }
    [[nodiscard]] QPoint input(NodeId id, std::uint16_t port = 0) {
        return at(controller().picker().portAt({false, id, port}));
    }
    [[nodiscard]] QPoint body(NodeId id) { return at(controller().picker().bodyOf(id).center()); }

    void press(const QPoint& where, Qt::KeyboardModifiers modifiers = {}, Qt::MouseButton button = Qt::LeftButton) {
        QTest::mouseMove(view.viewport(), where);
        QTest::mousePress(view.viewport(), button, modifiers, where);
    }
    void moveTo(const QPoint& where, Qt::KeyboardModifiers modifiers = {}, Qt::MouseButton button = Qt::LeftButton) {
        // QTest::mouseMove knows no modifiers.
        QMouseEvent event(QEvent::MouseMove, where, view.viewport()->mapToGlobal(where), Qt::NoButton, button,
                          modifiers);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }
    void release(const QPoint& where, Qt::KeyboardModifiers modifiers = {}, Qt::MouseButton button = Qt::LeftButton) {
        QTest::mouseRelease(view.viewport(), button, modifiers, where);
    }
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {},
              Qt::MouseButton button = Qt::LeftButton) {
        press(from, modifiers, button);
        moveTo(from + (to - from) / 2, modifiers, button);
        moveTo(to, modifiers, button);
        release(to, modifiers, button);
    }
    void click(const QPoint& where, Qt::KeyboardModifiers modifiers = {}) {
        press(where, modifiers);
        release(where, modifiers);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&view, key, modifiers); }

    [[nodiscard]] const graph::Node* node(NodeId id) const { return document.graph().find(id); }
    /// "0>1 1>2": producer and consumer ids of all links.
    [[nodiscard]] std::string links() const {
        std::string text;
        document.graph().forEach([&](const graph::Node& consumer) {
            for (const graph::Link& link : consumer.inputs)
                text += (text.empty() ? "" : " ") + std::to_string(link.from.value) + ">" +
                        std::to_string(consumer.id.value);
        });
        return text;
    }
    [[nodiscard]] QPointF place(NodeId id) const {
        const graph::CanvasPlace at = document.project().canvas.place(id);
        return {at.x, at.y};
    }

    ui::DocumentModel document;
    ui::CanvasView view;
};

}  // namespace shapewise::test
