#pragma once
// Plan: writes the edit of a repair: layers put on links, layers replaced, settings changed.

#include "core/edit/edit.h"
#include "core/mistakes/read/reading.h"

#include <initializer_list>
#include <utility>

namespace shapewise::mistakes {

using Settings = std::vector<std::pair<std::string_view, Value>>;

class Plan {
  public:
    Plan(const graph::Project& project, const infer::Analysis& analysis);

    /// A new layer on a link. Several on one link follow one another in the order of the calls.
    NodeId insert(graph::LinkPlace link, std::string_view className, const Settings& settings = {});
    /// A new layer fed by `links` (their toPort is kept), near a node; connect it with feed().
    NodeId add(std::string_view className, const Settings& settings, const std::vector<graph::Link>& links,
               NodeId near);
    /// Lets another output feed a link's place.
    void feed(graph::LinkPlace place, NodeId from, std::uint16_t fromPort = 0);
    void connect(const graph::Link& link, NodeId to);
    void disconnect(graph::LinkPlace place);

    void set(NodeId node, std::string_view key, Value value);
    void reset(NodeId node, std::string_view key);

    /// Another layer type in a node's place: settings both know are taken over, cut or repeated to the new number of
    /// axes; `settings` then overrule. Loaded weights are dropped.
    void replace(const graph::Node& node, const layers::LayerType& type, const Settings& settings = {});
    /// Takes a node away and lets what feeds its first port feed its consumers.
    void bypass(const graph::Node& node);
    void remove(NodeId node);
    void add(edit::Step step) { steps_.push_back(std::move(step)); }

    /// False when a class was not found; such a plan is no candidate.
    [[nodiscard]] bool isPossible() const { return isPossible_; }
    [[nodiscard]] edit::Edit take(std::string label);

  private:
    struct Chain {
        graph::LinkPlace place;
        graph::Link original;
        NodeId last;
        std::vector<std::size_t> steps;  ///< the AddNode steps, in order
    };
    void placeChain(const Chain& chain);
    NodeId make(std::string_view className, const Settings& settings, graph::CanvasPlace place);
    std::string freeName(const std::string& wanted);

    const graph::Project* project_;
    const infer::Analysis* analysis_;
    std::vector<edit::Step> steps_;
    std::vector<Chain> chains_;
    std::vector<std::string> names_;
    std::uint32_t nextId_;
    bool isPossible_ = true;
};

/// Settings of a node as another type takes them.
[[nodiscard]] Settings settingsFor(const graph::Node& node, const layers::LayerType& type);
/// The same as the config of a layer inside a wrapper.
[[nodiscard]] Value layerValue(const graph::Node& node, const layers::LayerType& type, const Settings& overrides = {});
/// The config of the layer inside a wrapper as settings of its type.
[[nodiscard]] Settings innerSettings(const InnerLayer& inner);
/// The `layer` value of a wrapper with one more entry in the inner config.
[[nodiscard]] Value withInnerSetting(const Value& layer, std::string_view key, const Value& value);

}  // namespace shapewise::mistakes
