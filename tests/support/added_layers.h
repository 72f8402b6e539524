#pragma once
// Two layers that the catalogue does not have, each written as a file of core/layers is: one called like attention, one
// whose settings only go together with one another. Nothing outside this file knows them.

#include "core/layers/framework/catalog.h"

#include <algorithm>

namespace shapewise::toys {

using layers::AxisEffect;
using layers::ChannelEffect;
using layers::ForwardContext;
using layers::LayerType;
using layers::ParamKind;
using layers::PortSpec;

inline LayerType added(LayerType type) {
    for (layers::ParamSpec& spec : type.params) spec.keyHash = hashName(spec.key);
    return type;
}

inline Result<void> fillWithOnes(ForwardContext& context) {
    for (tensor::Tensor& output : context.outputs) std::ranges::fill(output.values(), 1.0F);
    return {};
}

/// Question [batch, time, features], memory [batch, steps, depth] -> [batch, time, depth].
inline const LayerType& recall() {
    static const LayerType type = added({
        .className = "ToyRecall",
        .category = layers::Category::Attention,
        .title = "ToyRecall",
        .summary = "Answers each step of a question from a memory",
        .keywords = "toy",
        .doc = "A layer of the tests.\n\nOutput `[batch, time, depth]`.",
        .params =
            {{.key = "heads", .kind = ParamKind::Integer, .fallback = 1, .help = "How many heads look", .minimum = 1},
             {.key = "scale", .kind = ParamKind::Real, .fallback = 1.0, .help = "Factor of the scores"}},
        .inputs = {PortSpec{.name = "question", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, time, features)"},
                   PortSpec{.name = "memory", .minimumRank = 3, .maximumRank = 3, .axes = "(batch, steps, depth)"},
                   PortSpec{.name = "recall mask",
                            .optional = true,
                            .minimumRank = 2,
                            .maximumRank = 2,
                            .axes = "(batch, steps)",
                            .passedAs = layers::PassedAs::Name}},
        .telling = {"heads"},
        .effects = {AxisEffect::SeesAll, ChannelEffect::Makes},
        .takesList = true,
        .infer =
            [](layers::InferContext& context) {
                context.output().shape = context.input(0).shape;
                context.output().shape.setSize(2, context.input(1).shape[2]);
            },
        .forward = fillWithOnes,
        .foreign = {.classes = {{.name = "OldToyRecall",
                                 .in = layers::kKeras1,
                                 .isTranslated = true,
                                 .settings = {{"heads", 4}}}},
                    .keys = {{"nb_heads", "heads"}},
                    .defaults = {{"scale", 0.5, layers::kBeforeKeras3}}},
        .examples = {{{}, {{2, 3, 4}, {2, 5, 6}}}, {{{"heads", 2}}, {{1, 1, 2}, {1, 4, 3}, {1, 4}}}},
    });
    return type;
}

/// Ids [batch, ...] below `spokes` -> [batch, ..., spokes / hubs].
inline const LayerType& wheel() {
    static const LayerType type = added({
        .className = "ToyWheel",
        .category = layers::Category::Core,
        .title = "ToyWheel",
        .summary = "Shares spokes between hubs",
        .keywords = "toy",
        .doc = "A layer of the tests.\n\nOutput `[batch, ..., spokes / hubs]`.",
        .params = {{.key = "spokes",
                    .kind = ParamKind::Integer,
                    .help = "How many spokes there are",
                    .required = true,
                    .initial = 12,
                    .minimum = 1},
                   {.key = "hubs",
                    .kind = ParamKind::Integer,
                    .help = "How many hubs share them; divides spokes",
                    .required = true,
                    .initial = 3,
                    .minimum = 1}},
        .inputs = {PortSpec{.name = "input", .maximumRank = tensor::kMaximumRank - 1, .axes = "(batch, ...)"}},
        .telling = {"spokes", "hubs"},
        .effects = {AxisEffect::Keeps, ChannelEffect::Makes},
        .integersBelow = "spokes",
        .infer =
            [](layers::InferContext& context) {
                const layers::Params& params = context.params();
                context.output().shape = context.input().shape;
                context.output().shape.append(tensor::Dim(params.integer("spokes") / params.integer("hubs")));
            },
        .check =
            [](layers::InferContext& context) {
                const std::int64_t spokes = context.params().integer("spokes");
                const std::int64_t hubs = context.params().integer("hubs");
                if (spokes % hubs != 0)
                    context.refuse({diag::Code::GroupsNotDividing,
                                    "hubs",
                                    -1,
                                    {{"what", std::string("spokes")}, {"value", spokes}, {"groups", hubs}}});
            },
        .forward = fillWithOnes,
        .examples = {{{{"spokes", 6}, {"hubs", 3}}, {{2, 5}}}, {{{"spokes", 11}, {"hubs", 11}}, {{2, 3, 4}}}},
    });
    return type;
}

}  // namespace shapewise::toys
