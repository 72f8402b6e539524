#pragma once
// A catalogue of toys: layers with the simplest rules that show each thing graphs, edits and inference have to get
// right, so that those tests depend on no real layer. GraphMaker builds graphs of them by name.

#include "core/edit/apply.h"
#include "core/layers/framework/layer.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <string>

namespace shapewise::toys {

using layers::InferContext;
using layers::LayerType;

/// What the catalogue does for its own types.
inline LayerType withHashes(LayerType type) {
    for (layers::ParamSpec& spec : type.params) spec.keyHash = hashName(spec.key);
    return type;
}

/// (None, size).
inline const LayerType& source() {
    static const LayerType type = withHashes({
        .className = "ToySource",
        .params = {{.key = "size", .kind = layers::ParamKind::Integer, .fallback = 8, .minimum = 1}},
        .inputs = {},
        .supply = layers::Supply::Given,
        .infer =
            [](InferContext& context) {
                context.output().shape = {tensor::Dim::unknown(), tensor::Dim(context.params().integer("size"))};
            },
    });
    return type;
}

inline void refuseGrowth(InferContext& context, std::int64_t size) {
    const tensor::Shape& shape = context.input().shape;
    const int last = shape.rank() - 1;
    context.refuse({diag::Code::WindowTooLarge,
                    "by",
                    0,
                    {{"what", std::string("window")},
                     {"axis", std::int64_t{last}},
                     {"axis_name", diag::axisOf(shape, last)},
                     {"size", size},
                     {"window", std::int64_t{1}},
                     {"effective", std::int64_t{1}},
                     {"stride", std::int64_t{1}},
                     {"dilation", std::int64_t{1}},
                     {"computed", size},
                     {"shape", shape}}});
}

/// Adds `by` to the last axis; refuses what would be below 1. `note` changes nothing.
inline const LayerType& grow() {
    static const LayerType type = withHashes({
        .className = "ToyGrow",
        .params =
            {{.key = "by", .kind = layers::ParamKind::Integer, .fallback = 0},
             {.key = "note", .kind = layers::ParamKind::Text, .fallback = "", .affects = layers::Affects::Nothing}},
        .infer =
            [](InferContext& context) {
                const tensor::Shape& shape = context.input().shape;
                const std::int64_t size = shape[shape.rank() - 1].size() + context.params().integer("by");
                if (size < 1) return refuseGrowth(context, size);
                context.output() = context.input();
                context.output().shape.setSize(shape.rank() - 1, tensor::Dim(size));
            },
    });
    return type;
}

/// Takes any number of inputs of one size.
inline const LayerType& merge() {
    static const LayerType type = withHashes({
        .className = "ToyMerge",
        .inputs = {{.name = "inputs", .many = true, .minimumLinks = 2}},
        .infer =
            [](InferContext& context) {
                for (int index = 1; index < context.inputCount(); ++index)
                    if (!(context.input(index).shape == context.input().shape))
                        return context.refuse({diag::Code::MergeRankMismatch,
                                               {},
                                               index,
                                               {{"shape", context.input(index).shape},
                                                {"other", context.input().shape},
                                                {"rank", std::int64_t{context.input(index).shape.rank()}},
                                                {"other_rank", std::int64_t{context.input().shape.rank()}}}});
                context.output() = context.input();
            },
    });
    return type;
}

/// Ports "left" and, optional, "right"; two outputs: left unchanged, and (None, `size`), the second only if `both`.
inline const LayerType& pair() {
    static const LayerType type = withHashes({
        .className = "ToyPair",
        .params = {{.key = "both", .kind = layers::ParamKind::Boolean, .fallback = true},
                   {.key = "size", .kind = layers::ParamKind::Integer, .fallback = 3}},
        .inputs = {{.name = "left"}, {.name = "right", .optional = true}},
        .outputs = {"first", "second"},
        .infer =
            [](InferContext& context) {
                context.output() = context.input();
                if (context.params().flag("both"))
                    context.output(1).shape = {tensor::Dim::unknown(), tensor::Dim(context.params().integer("size"))};
            },
    });
    return type;
}

/// Output as declared; nothing is known of it without `size`.
inline const LayerType& declared() {
    static const LayerType type = withHashes({
        .className = "ToyDeclared",
        .params = {{.key = "size", .kind = layers::ParamKind::Integer}},
        .inputs = {{.name = "inputs", .optional = true, .many = true, .minimumLinks = 0}},
        .declaresOutput = true,
        .infer =
            [](InferContext& context) {
                if (context.params().isNone("size")) return;
                context.output().shape = {tensor::Dim::unknown(), tensor::Dim(context.params().integer("size"))};
            },
    });
    return type;
}

/// An end: no output.
inline const LayerType& sink() {
    static const LayerType type = withHashes({.className = "ToySink", .outputs = {}, .infer = [](InferContext&) {}});
    return type;
}

inline std::shared_ptr<graph::Node> node(const LayerType& type, NodeId id, std::string name) {
    auto made = std::make_shared<graph::Node>();
    made->id = id;
    made->type = &type;
    made->name = std::move(name);
    made->inputPortCount = static_cast<std::uint16_t>(type.inputs.size());
    for (std::size_t port = 0; port < type.inputs.size(); ++port)
        if (type.inputs[port].many) made->manyPort = static_cast<std::uint16_t>(port);
    return made;
}

/// Builds a project node by node: maker.add(grow(), "a", {"input"}).
class GraphMaker {
  public:
    using Settings = std::initializer_list<std::pair<const char*, Value>>;

    NodeId add(const LayerType& type, const std::string& name, std::initializer_list<const char*> producers = {},
               Settings settings = {}) {
        auto made = node(type, project.graph.nextId(), name);
        for (const auto& [key, value] : settings) made->set(key, value);
        std::uint16_t port = 0;
        for (const char* producer : producers) {
            made->inputs.push_back({id(producer), 0, port});
            if (port != made->manyPort) ++port;
        }
        project.graph.put(made);
        return made->id;
    }
    /// Also links that apply() would refuse.
    void link(const char* from, const char* to, std::uint16_t fromPort = 0, std::uint16_t toPort = 0) {
        auto changed = std::make_shared<graph::Node>(*project.graph.findByName(to));
        changed->inputs.push_back({id(from), fromPort, toPort});
        project.graph.put(changed);
    }
    [[nodiscard]] NodeId id(std::string_view name) const {
        const graph::Node* found = project.graph.findByName(name);
        EXPECT_NE(found, nullptr) << "no node " << name;
        return found != nullptr ? found->id : NodeId();
    }

    graph::Project project;
};

/// Names of nodes in the order given, separated by spaces.
inline std::string names(const graph::Graph& graph, std::span<const NodeId> ids) {
    std::string text;
    for (const NodeId id : ids) {
        const graph::Node* found = graph.find(id);
        text += (text.empty() ? "" : " ") + (found != nullptr ? found->name : std::string("(removed)"));
    }
    return text;
}

/// "a b" for the producers of a node in the order of its links; "a:1>1" where the ports are not 0.
inline std::string inputsOf(const graph::Graph& graph, NodeId id) {
    std::string text;
    for (const graph::Link& link : graph.find(id)->inputs) {
        text += (text.empty() ? "" : " ") + graph.find(link.from)->name;
        if (link.fromPort != 0) text += ":" + std::to_string(link.fromPort);
        if (link.toPort != 0) text += ">" + std::to_string(link.toPort);
    }
    return text;
}

inline edit::Edit edit(std::initializer_list<edit::Step> steps, std::string label = "Edit", std::string mergeKey = {}) {
    return edit::Edit{std::move(label), std::move(mergeKey), steps};
}

/// Applies an edit that has to work.
inline edit::Applied applied(const graph::Project& project, const edit::Edit& edit) {
    Result<edit::Applied> result = edit::apply(project, edit);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text());
    return result ? std::move(*result) : edit::Applied{project, {}};
}

/// The message of an edit that has to be refused.
inline std::string refusal(const graph::Project& project, const edit::Edit& edit) {
    const Result<edit::Applied> result = edit::apply(project, edit);
    return result ? "was applied" : result.error().message;
}

}  // namespace shapewise::toys
