#include "core/io/keras/keras_formulas.h"

#include "core/io/keras/keras_entry.h"
#include "core/io/keras/keras_entry_writer.h"
#include "core/io/keras/keras_json.h"
#include "core/io/keras/keras_record.h"
#include "core/io/keras/keras_targets.h"
#include "core/io/keras/layer_node.h"
#include "core/layers/framework/older.h"
#include "core/layers/parts/activation_choice.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace shapewise::io {

using layers::Dialect;

namespace {

/// clip(slope x + 0.5, 0, 1); slope 0: another function.
double hardSigmoidSlope(const Value& activation) {
    constexpr double kKeras2Slope = 0.2;
    constexpr double kKeras3Slope = 1.0 / 6.0;
    const std::string name = layers::activationNameOf(activation);
    if (name == "hard_sigmoid_keras2") return kKeras2Slope;
    return name == "hard_sigmoid" ? kKeras3Slope : 0.0;
}

/// Functions that not all dialects have. Sources: keras/activations.py of 1.2.2, 2.3.1 and 2.15, activations.ts of
/// tfjs-layers 4.22, keras/src/activations of 3.12.
struct FunctionRow {
    std::string_view name;
    layers::Dialects in;
};
constexpr layers::Dialects kTf2AndJs{Dialect::TfKeras2, Dialect::TensorFlowJs, Dialect::Keras3};
constexpr layers::Dialects kTf2{Dialect::TfKeras2, Dialect::Keras3};
constexpr std::array<FunctionRow, 25> kFunctions{
    {{"selu", layers::Dialects{Dialect::Keras2, Dialect::Keras23, Dialect::TfKeras1, Dialect::TfKeras2,
                               Dialect::TensorFlowJs, Dialect::Keras3}},
     {"exponential",
      layers::Dialects{Dialect::Keras2, Dialect::Keras23, Dialect::TfKeras1, Dialect::TfKeras2, Dialect::Keras3}},
     {"swish", kTf2AndJs},
     {"silu", kTf2AndJs},
     {"mish", kTf2AndJs},
     {"gelu", kTf2},
     {"relu6", layers::Dialects{Dialect::TensorFlowJs, Dialect::Keras3}},
     {"leaky_relu", layers::kKeras3},
     {"celu", layers::kKeras3},
     {"glu", layers::kKeras3},
     {"hard_shrink", layers::kKeras3},
     {"hard_silu", layers::kKeras3},
     {"hard_swish", layers::kKeras3},
     {"hard_tanh", layers::kKeras3},
     {"log_sigmoid", layers::kKeras3},
     {"log_softmax", layers::kKeras3},
     {"soft_shrink", layers::kKeras3},
     {"sparse_plus", layers::kKeras3},
     {"sparse_sigmoid", layers::kKeras3},
     {"sparsemax", layers::kKeras3},
     {"squareplus", layers::kKeras3},
     {"tanh_shrink", layers::kKeras3},
     {"threshold", layers::kKeras3},
     {"crelu", layers::kKeras3},
     {"relu_6", layers::kKeras3}}};

class Translator {
  public:
    explicit Translator(Dialect wanted) : wanted_(wanted) {}

    Result<void> translate(graph::Graph& graph, const std::set<NodeId>* only = nullptr);
    /// Names of nodes that are no longer the last of what they stood for, and those that are.
    std::vector<std::pair<std::string, std::string>> moved;

  private:
    Result<bool> translateSettings(graph::Node& node, const graph::Node& place, const graph::Node* read,
                                   double& slope) const;
    void insertBehind(graph::Graph& graph, NodeId id, double slope);
    /// The layer of Keras 3 in the place of one that it dropped; null where there is none or another dialect is wanted.
    [[nodiscard]] std::shared_ptr<graph::Node> newer(const graph::Node& node) const {
        return wanted_ == Dialect::Keras3 ? layers::inKeras3(node) : nullptr;
    }
    [[nodiscard]] Result<void> checkFunction(const graph::Node& place, const Value& activation) const;

    Dialect wanted_;
};

Result<void> Translator::checkFunction(const graph::Node& place, const Value& activation) const {
    const std::string name = layers::activationNameOf(activation);
    const auto row = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const auto& f) { return f.name == name; });
    const bool isLayer = activation.isDict();  // a layer in the place of a function: checked where it is read
    const bool isNameless = hardSigmoidSlope(activation) == 0.0 && !layers::activationFor(activation, wanted_);
    if (isNameless)
        return failure(fmt::format("'{}' ({}): {} has no name for the activation {}", place.name, fileClassName(place),
                                   dialectTitle(wanted_), name),
                       "Take another activation");
    if (isLayer || row == kFunctions.end() || row->in.contains(wanted_)) return {};
    std::string others;
    for (const Dialect other : writtenDialects())
        if (row->in.contains(other)) others += (others.empty() ? "" : " or ") + std::string(dialectTitle(other));
    return failure(fmt::format("'{}' ({}): {} has no activation {}", place.name, fileClassName(place),
                               dialectTitle(wanted_), name),
                   "Write the model in " + others + ", or take another activation");
}

/// Changes activations of a node, or of the layer inside `place`. `read`: what a file of this dialect said of the node,
/// which it can say again; may be null. `slope`: of the hard sigmoid that has to follow it.
Result<bool> Translator::translateSettings(graph::Node& node, const graph::Node& place, const graph::Node* read,
                                           double& slope) const {
    bool isChanged = false;
    const bool isWrapped = &node != &place;
    const bool isRecurrent = node.type->role == layers::Role::Recurrent ||
                             node.type->role == layers::Role::ConvRecurrent || node.type->goesStepByStep;
    for (const layers::ParamSpec& spec : node.type->params) {
        const Value* set = node.setting(ParamKey::of(spec.key));
        const Value value = set != nullptr ? *set : spec.fallback;
        if (read != nullptr) {
            const Value* before = read->setting(ParamKey::of(spec.key));
            if ((before != nullptr ? *before : spec.fallback) == value) continue;
        }
        if (spec.kind == layers::ParamKind::Layer && value.isDict() && node.body == nullptr) {
            const Value* className = value.find("class_name");
            const Value* config = value.find("config");
            if (className == nullptr || !className->isText() || config == nullptr || !config->isDict()) continue;
            std::shared_ptr<graph::Node> inner =
                makeLayerNode(className->asText(), config->asDict(), NodeId(), place.name);
            const std::shared_ptr<graph::Node> successor = newer(*inner);
            if (successor) inner = successor;
            Result<bool> done = translateSettings(*inner, place, nullptr, slope);
            if (!done) return done;
            if (!*done && !successor) continue;
            ValueDict settings;
            for (const graph::Setting& setting : inner->settings) settings.emplace_back(setting.key, setting.value);
            for (const auto& member : inner->extras) settings.push_back(member);
            node.set(spec.key,
                     Value(ValueDict{{"class_name", fileClassName(*inner)}, {"config", std::move(settings)}}));
            isChanged = true;
            continue;
        }
        if (spec.kind != layers::ParamKind::Activation) continue;
        if (Result<void> known = checkFunction(place, value); !known) return Unexpected(known.error());
        const double given = hardSigmoidSlope(value);
        if (given == 0.0 || layers::activationFor(value, wanted_)) continue;
        const bool canScale = hasClass(wanted_, "Rescaling");
        if (isRecurrent || !canScale) {
            const bool isFifth = given == hardSigmoidSlope(Value("hard_sigmoid_keras2"));
            return failure(fmt::format("'{}' ({}): {} is the hard sigmoid {}, which {} does not have{}", place.name,
                                       fileClassName(place), spec.key,
                                       isFifth ? "0.2 x + 0.5 of Keras 2" : "x / 6 + 0.5 of Keras 3",
                                       dialectTitle(wanted_), isRecurrent ? " in the gates of a recurrent layer" : ""),
                           isFifth ? "Write the model in tf.keras 2, or set it to sigmoid and train again"
                                   : "Write the model in Keras 3, or set it to sigmoid and train again");
        }
        slope = given;
        if (node.type->className == std::string_view("Activation") && !isWrapped) {
            node.set(spec.key, Value("linear"));
        } else if (spec.fallback.isNone() || spec.fallback == Value("linear")) {
            node.reset(spec.key);
        } else {
            node.set(spec.key, Value("linear"));
        }
        isChanged = true;
    }
    return isChanged;
}

/// Rescaling by the slope, then ReLU that ends at 1: clip(slope x + 0.5, 0, 1).
void Translator::insertBehind(graph::Graph& graph, NodeId id, double slope) {
    constexpr double kOffset = 0.5;
    const std::string name = graph.find(id)->name;
    std::vector<graph::NodePtr> consumers;
    graph.forEach([&](const graph::Node& node) {
        if (std::any_of(node.inputs.begin(), node.inputs.end(), [&](const auto& link) { return link.from == id; }))
            consumers.push_back(graph.share(node.id));
    });
    auto scaled = layers::makeNode(*layers::findLayer("Rescaling"), graph.nextId(), graph.freeName(name + "_scaled"));
    scaled->set("scale", Value(slope));
    scaled->set("offset", Value(kOffset));
    scaled->inputs = {{id, 0, 0}};
    const NodeId scaledId = scaled->id;
    graph.put(std::move(scaled));
    auto clipped = layers::makeNode(*layers::findLayer("ReLU"), graph.nextId(), graph.freeName(name + "_clipped"));
    clipped->set("max_value", Value(1.0));
    clipped->inputs = {{scaledId, 0, 0}};
    const NodeId last = clipped->id;
    moved.emplace_back(name, clipped->name);
    graph.put(std::move(clipped));
    for (const graph::NodePtr& consumer : consumers) {
        auto changed = std::make_shared<graph::Node>(*consumer);
        for (graph::Link& link : changed->inputs)
            if (link.from == id && link.fromPort == 0) link.from = last;
        graph.put(std::move(changed));
    }
}

/// Names of ends that have moved, in a list of names or of [name, port].
Value withMoved(Value ends, const std::vector<std::pair<std::string, std::string>>& moved) {
    if (!ends.isList()) return ends;
    for (Value& end : ends.asList()) {
        Value* name = end.isList() && !end.asList().empty() ? &end.asList()[0] : &end;
        for (const auto& [from, to] : moved)
            if (*name == Value(from)) {
                *name = Value(to);
                break;
            }
    }
    return ends;
}

Result<void> Translator::translate(graph::Graph& graph, const std::set<NodeId>* only) {
    std::vector<NodeId> ids;
    graph.forEach([&](const graph::Node& node) {
        if (only == nullptr || only->empty() || only->contains(node.id)) ids.push_back(node.id);
    });
    for (const NodeId id : ids) {
        auto node = std::make_shared<graph::Node>(*graph.find(id));
        const std::shared_ptr<graph::Node> successor = newer(*node);
        if (successor) node = successor;
        double slope = 0.0;
        const std::optional<LayerRecord> kept = recordOf(*node);
        const bool isOfDialect = kept && kept->dialect == dialectName(wanted_);
        const std::shared_ptr<const graph::Node> read = isOfDialect ? asRead(*kept, *node) : nullptr;
        const Result<bool> done = translateSettings(*node, *node, read.get(), slope);
        if (!done) return Unexpected(done.error());
        bool isChanged = *done || successor != nullptr;
        if (node->body) {
            auto body = std::make_shared<graph::Graph>(*node->body);
            Translator inside(wanted_);
            if (Result<void> inner = inside.translate(*body); !inner) return inner;
            if (!body->sharesAllWith(*node->body)) {
                node->body = std::move(body);
                isChanged = true;
                if (const Value* outputs = node->setting("outputs"))
                    node->set("outputs", withMoved(*outputs, inside.moved));
                if (const Value* layer = node->setting("layer"); layer != nullptr && layer->isDict()) {
                    Value wrapped = *layer;
                    Value* config = findMember(wrapped.asDict(), "config");
                    Value* outputs =
                        config != nullptr && config->isDict() ? findMember(config->asDict(), "outputs") : nullptr;
                    if (outputs != nullptr) *outputs = withMoved(*outputs, inside.moved);
                    node->set("layer", std::move(wrapped));
                }
            }
        }
        if (isChanged) graph.put(std::move(node));
        if (slope != 0.0) insertBehind(graph, id, slope);
    }
    return {};
}

}  // namespace

Value spelledActivation(const Value& activation, Dialect dialect) {
    const Value spelled = layers::activationFor(activation, dialect).value_or(activation);
    const bool hasSwishOnly = dialect == Dialect::TfKeras2 || dialect == Dialect::TensorFlowJs;
    return hasSwishOnly && spelled == Value("silu") ? Value("swish") : spelled;
}

Result<graph::Project> inFormulasOf(Dialect dialect, const graph::Project& project, std::set<NodeId>* only) {
    graph::Project written = project;
    const NodeId firstNew = written.graph.nextId();
    Translator translator(dialect);
    if (Result<void> done = translator.translate(written.graph, only); !done) return Unexpected(done.error());
    if (only != nullptr && !only->empty())
        for (NodeId id = firstNew; id.value < written.graph.nextId().value; id = NodeId(id.value + 1)) only->insert(id);
    for (auto& [key, value] : written.properties)
        if (key == kOutputOrder) value = withMoved(std::move(value), translator.moved);
    return written;
}

}  // namespace shapewise::io
