#include "core/layers/parts/attention_ports.h"

#include <algorithm>

namespace shapewise::layers {

namespace {

int indexAtPort(const InferContext& context, int port) {
    for (int index = 0; index < context.inputCount(); ++index)
        if (context.portOf(index) == port) return index;
    return 0;
}

void refuseDifference(InferContext& context, int input, const tensor::Shape& shape, const tensor::Shape& other,
                      int axis, int otherAxis) {
    context.refuse({diag::Code::AxisSizesDiffer,
                    {},
                    input,
                    {{"shape", shape},
                     {"other", other},
                     {"axis", std::int64_t{axis}},
                     {"axis_name", diag::axisOf(shape, axis)},
                     {"size", shape[axis]},
                     {"other_axis", std::int64_t{otherAxis}},
                     {"other_size", other[otherAxis]}}});
}

}  // namespace

std::vector<PortSpec> attentionPorts(int maximumRank) {
    return {{.name = "query", .minimumRank = 3, .maximumRank = maximumRank, .axes = "(batch, time, features)"},
            {.name = "value", .minimumRank = 3, .maximumRank = maximumRank, .axes = "(batch, time, features)"},
            {.name = "key",
             .optional = true,
             .minimumRank = 3,
             .maximumRank = maximumRank,
             .axes = "(batch, time, features)"}};
}

ParamSpec attentionDropoutParam() {
    return {.key = "dropout",
            .kind = ParamKind::Real,
            .fallback = 0.0,
            .help = "Share of the weights dropped while training",
            .minimum = 0.0,
            .maximum = 1.0,
            .affects = Affects::Nothing};
}

ParamSpec causalParam() {
    return {.key = "use_causal_mask",
            .kind = ParamKind::Boolean,
            .fallback = false,
            .help = "A query sees no key after its own place; an argument of the call in Keras",
            .affects = Affects::Values};
}

ParamSpec scoresParam() {
    return {.key = "return_attention_scores",
            .kind = ParamKind::Boolean,
            .fallback = false,
            .help = "Give the weights as a second output; an argument of the call in Keras"};
}

ParamSpec slidingWindowParam() {
    return {.key = "sliding_window",
            .kind = ParamKind::Integer,
            .help = "A query sees only keys less than this many places away; None for all",
            .noneAllowed = true,
            .minimum = 1,
            .affects = Affects::Values};
}

ParamSpec gateParam() {
    return {.key = "use_gate",
            .kind = ParamKind::Boolean,
            .fallback = false,
            .help = "Multiply the heads by a sigmoid gate made from the query",
            .affects = Affects::Weights};
}

ParamSpec flashParam() {
    return {.key = "flash_attention",
            .kind = ParamKind::Boolean,
            .help = "Use the fast kernel of some devices: the same values, but neither dropout nor scores",
            .noneAllowed = true,
            .affects = Affects::Nothing};
}

bool checkKeysFit(InferContext& context, bool comparesUnknown) {
    const tensor::Shape& query = context.inputAtPort(kQueryPort)->shape;
    const tensor::Shape& value = context.inputAtPort(kValuePort)->shape;
    const tensor::TensorType* key = context.inputAtPort(kKeyPort);
    const int valueIndex = indexAtPort(context, kValuePort);
    if (!mayBeEqual(query[0], value[0])) {
        context.refuse({diag::Code::BatchMismatch,
                        {},
                        valueIndex,
                        {{"shape", value}, {"other", query}, {"size", value[0]}, {"other_size", query[0]}}});
        return false;
    }
    if (key == nullptr) return true;
    const int keyIndex = indexAtPort(context, kKeyPort);
    if (key->shape.rank() != value.rank()) {
        context.refuse({diag::Code::MergeRankMismatch,
                        {},
                        keyIndex,
                        {{"shape", key->shape},
                         {"other", value},
                         {"rank", std::int64_t{key->shape.rank()}},
                         {"other_rank", std::int64_t{value.rank()}}}});
        return false;
    }
    for (int axis = 0; axis + 1 < value.rank(); ++axis) {
        const bool isUnknownOnce = axis > 0 && key->shape[axis].isUnknown() != value[axis].isUnknown();
        if (mayBeEqual(key->shape[axis], value[axis]) && !(comparesUnknown && isUnknownOnce)) continue;
        refuseDifference(context, keyIndex, key->shape, value, axis, axis);
        return false;
    }
    return true;
}

bool checkFreeAxes(InferContext& context, std::span<const int> attended) {
    const tensor::Shape& query = context.inputAtPort(kQueryPort)->shape;
    const tensor::Shape& value = context.inputAtPort(kValuePort)->shape;
    const int valueIndex = indexAtPort(context, kValuePort);
    if (query.rank() != value.rank()) {
        context.refuse({diag::Code::MergeRankMismatch,
                        {},
                        valueIndex,
                        {{"shape", value},
                         {"other", query},
                         {"rank", std::int64_t{value.rank()}},
                         {"other_rank", std::int64_t{query.rank()}}}});
        return false;
    }
    for (int axis = 1; axis + 1 < query.rank(); ++axis) {
        const bool isFree = std::find(attended.begin(), attended.end(), axis) == attended.end();
        if (!isFree || mayBeEqual(query[axis], value[axis])) continue;
        refuseDifference(context, valueIndex, value, query, axis, axis);
        return false;
    }
    return true;
}

void refuseDepth(InferContext& context, const tensor::TensorType& key, const tensor::TensorType& query) {
    const int index =
        context.inputAtPort(kKeyPort) == &key ? indexAtPort(context, kKeyPort) : indexAtPort(context, kValuePort);
    refuseDifference(context, index, key.shape, query.shape, key.shape.rank() - 1, query.shape.rank() - 1);
}

}  // namespace shapewise::layers
