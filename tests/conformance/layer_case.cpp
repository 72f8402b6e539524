#include "tests/conformance/layer_case.h"

#include "tests/conformance/compare.h"

#include <fmt/format.h>
#include <algorithm>

namespace shapewise::conformance {

namespace {

using Shapes = std::vector<tensor::Shape>;

Shapes shapesIn(const Json& json, const char* key) {
    Shapes shapes;
    if (const auto found = json.find(key); found != json.end() && found->is_array())
        for (const Json& shape : *found) shapes.push_back(shapeFromJson(shape));
    return shapes;
}

std::vector<tensor::TensorType> typesOf(const Shapes& shapes, const std::string& dtype) {
    std::vector<tensor::TensorType> types;
    for (const tensor::Shape& shape : shapes)
        types.push_back({shape, dtype.empty() ? tensor::DType::Float32 : tensor::dtypeFromName(dtype), false, nullptr});
    return types;
}

std::vector<tensor::Tensor> tensorsIn(const Json& json, const char* key) {
    std::vector<tensor::Tensor> tensors;
    if (const auto found = json.find(key); found != json.end())
        for (const Json& entry : *found) tensors.push_back(tensorFromJson(entry));
    return tensors;
}

/// The outputs for the record's inputs, or for `shapes`, against those expected.
Outcome checkShapes(LoneLayer& layer, const Record& record, const Shapes& shapes, const Shapes& expected,
                    const char* check) {
    layer.connect(typesOf(shapes, record.inputDtype), record.inputNames);
    const Result<std::vector<tensor::TensorType>> types = layer.infer();
    if (!types)
        return Outcome::failed(check, shapesText(expected) + " of " + shapesText(shapes), types.error().message);
    Shapes got;
    for (const tensor::TensorType& type : *types) got.push_back(type.shape);
    bool same = got.size() == expected.size();
    for (std::size_t index = 0; same && index < got.size(); ++index) same = sameShape(expected[index], got[index]);
    if (!same) return Outcome::failed(check, shapesText(expected) + " of " + shapesText(shapes), shapesText(got));
    return Outcome::passed();
}

Shapes expectedShapes(const Json& json) {
    Shapes expected = shapesIn(json, "expected_output_shapes");
    if (expected.empty() && json.contains("expected_output_shape") && json["expected_output_shape"].is_array())
        expected.push_back(shapeFromJson(json["expected_output_shape"]));
    return expected;
}

Outcome checkNumber(const Json& json, const char* key, std::int64_t got) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer() || found->get<std::int64_t>() == got)
        return Outcome::passed();
    return Outcome::failed(key, found->dump(), fmt::format("{}", got));
}

std::string weightText(std::string_view name, const tensor::Extents& extents) {
    return std::string(name) + " " + tensor::extentsText(extents);
}

Outcome checkWeightShapes(const Json& json, const std::vector<layers::WeightSpec>& specs) {
    const auto found = json.find("weight_shapes");
    if (found == json.end() || !found->is_array()) return Outcome::passed();
    std::string expected;
    std::string got;
    for (const Json& weight : *found)
        expected += weightText(weight[0].get<std::string>(), weight[1].get<tensor::Extents>()) + "; ";
    for (const layers::WeightSpec& spec : specs) got += weightText(spec.name, spec.extents) + "; ";
    return expected == got ? Outcome::passed() : Outcome::failed("weight_shapes", expected, got);
}

/// Keras' `trainable: false`, which is no parameter of a layer but of its training.
bool isFrozen(const LoneLayer& layer) {
    const ValueDict& extras = layer.node().extras;
    return std::any_of(extras.begin(), extras.end(),
                       [](const auto& entry) { return entry.first == "trainable" && entry.second == Value(false); });
}

/// Numbers of parameters and shapes of weights, as far as the record gives them.
Outcome checkWeights(const LoneLayer& layer, const Json& json) {
    const std::vector<layers::WeightSpec> specs = layer.weights();
    std::int64_t trainableTensors = 0;
    std::int64_t trainable = 0;
    std::int64_t total = 0;
    for (const layers::WeightSpec& spec : specs) {
        total += tensor::elementCount(spec.extents);
        if (!spec.trainable || isFrozen(layer)) continue;
        ++trainableTensors;
        trainable += tensor::elementCount(spec.extents);
    }
    const std::int64_t fixedTensors = static_cast<std::int64_t>(specs.size()) - trainableTensors;
    for (const Outcome& outcome : {checkWeightShapes(json, specs), checkNumber(json, "num_params", total),
                                   checkNumber(json, "num_trainable_params", trainable),
                                   checkNumber(json, "expected_num_trainable_weights", trainableTensors),
                                   checkNumber(json, "expected_num_non_trainable_weights", fixedTensors)})
        if (outcome.verdict != Verdict::Passed) return outcome;
    if (json.contains("num_params")) {
        const auto count = layers::parameterCount(layer.node(), layer.inputs());
        return checkNumber(json, "num_params", count ? count->total : -1);
    }
    return Outcome::passed();
}

/// Audio layers whose values are logarithms.
double toleranceOf(const LoneLayer& layer) {
    const layers::Params params(layer.node());
    if (layer.type().param("power_to_db") != nullptr && params.flag("power_to_db")) return kLogarithmTolerance;
    const bool spectrogram = layer.type().role == layers::Role::Spectrogram && layer.type().param("mode") != nullptr;
    return spectrogram && params.text("mode") == "log" ? kLogarithmTolerance : kTolerance;
}

/// Weights that follow from the parameters are not recorded.
std::vector<tensor::Tensor> fixedWeights(const LoneLayer& layer) {
    std::vector<tensor::Tensor> weights;
    for (const layers::WeightSpec& spec : layer.weights())
        if (spec.initializer == layers::Initializer::Fixed) spec.fixed(weights.emplace_back(spec.extents).values());
    return weights;
}

/// Weights as recorded, checked against what the layer asks for.
Outcome checkRecordedWeights(const LoneLayer& layer, const std::vector<tensor::Tensor>& weights) {
    std::string expected;
    std::string got;
    for (const tensor::Tensor& weight : weights) expected += tensor::extentsText(weight.extents()) + "; ";
    for (const layers::WeightSpec& spec : layer.weights()) got += tensor::extentsText(spec.extents) + "; ";
    return expected == got ? Outcome::passed() : Outcome::failed("shapes of the recorded weights", expected, got);
}

/// A tensor of the call, or a list of them; null entries stay null.
std::vector<std::optional<tensor::Tensor>> callTensors(const Json& calls, const char* key) {
    std::vector<std::optional<tensor::Tensor>> tensors;
    const auto found = calls.find(key);
    if (found == calls.end() || found->is_null()) return tensors;
    const auto add = [&](const Json& entry) {
        if (entry.is_object() && entry.contains("shape"))
            tensors.emplace_back(tensorFromJson(entry));
        else
            tensors.emplace_back();
    };
    if (found->is_array())
        for (const Json& entry : *found) add(entry);
    else
        add(*found);
    return tensors;
}

/// Tensors that Keras takes as arguments of the call are further inputs here, by the names of their ports.
void appendCallInputs(const Json& calls, std::vector<tensor::Tensor>& inputs, std::vector<std::string>& names) {
    for (const char* key : {"count_weights", "key", "initial_state", "attention_mask"})
        for (const std::optional<tensor::Tensor>& given : callTensors(calls, key)) {
            if (!given) continue;
            names.resize(inputs.size());
            names.emplace_back(std::string_view(key) == "initial_state" ? "" : key);
            inputs.push_back(*given);
        }
}

/// Masks of the inputs: `mask` of the first or of each, and those named after an input of an attention layer.
std::vector<std::optional<tensor::Tensor>> callMasks(const Json& calls, std::size_t inputCount) {
    std::vector<std::optional<tensor::Tensor>> masks = callTensors(calls, "mask");
    masks.resize(inputCount);
    std::size_t input = 0;
    for (const char* key : {"query_mask", "value_mask", "key_mask"}) {
        if (auto given = callTensors(calls, key); !given.empty() && input < inputCount)
            masks[input] = std::move(given[0]);
        ++input;
    }
    return masks;
}

Outcome checkValues(LoneLayer& layer, const Record& record) {
    std::vector<tensor::Tensor> inputs = tensorsIn(record.json, "inputs");
    std::vector<tensor::Tensor> weights = tensorsIn(record.json, "weights");
    const std::vector<tensor::Tensor> expected = tensorsIn(record.json, "outputs");
    std::vector<std::string> names = record.inputNames;
    const Json calls = record.json.value("call_kwargs", Json::object());
    const std::vector<std::optional<tensor::Tensor>> masks = callMasks(calls, inputs.size());
    appendCallInputs(calls, inputs, names);
    Shapes shapes;
    for (const tensor::Tensor& input : inputs) shapes.push_back(input.shape());
    std::vector<const tensor::Tensor*> maskPointers(inputs.size(), nullptr);
    for (std::size_t index = 0; index < masks.size(); ++index)
        if (masks[index]) maskPointers[index] = &*masks[index];
    const bool isMasked =
        std::any_of(maskPointers.begin(), maskPointers.end(), [](const auto* mask) { return mask != nullptr; });
    layer.connect(typesOf(shapes, record.inputDtype), names);
    if (weights.empty()) weights = fixedWeights(layer);
    if (Outcome outcome = checkRecordedWeights(layer, weights); outcome.verdict != Verdict::Passed) return outcome;
    const std::span<const tensor::Tensor* const> used(maskPointers.data(), isMasked ? maskPointers.size() : 0);
    const Result<std::vector<tensor::Tensor>> outputs = layer.run(inputs, weights, used);
    if (!outputs) return Outcome::failed("run", "values", outputs.error().text());
    if (outputs->size() != expected.size())
        return Outcome::failed("number of outputs", fmt::format("{}", expected.size()),
                               fmt::format("{}", outputs->size()));
    for (std::size_t index = 0; index < expected.size(); ++index)
        if (const auto mismatch = compareValues(expected[index], (*outputs)[index], toleranceOf(layer)))
            return Outcome::failed(fmt::format("values of output {}", index), mismatch->expected, mismatch->got);
    return Outcome::passed();
}

Outcome checkValid(LoneLayer& layer, const Record& record) {
    const Shapes symbolic = shapesIn(record.json, "symbolic_input_shapes");
    if (!symbolic.empty()) {
        const Shapes expected = shapesIn(record.json, "expected_symbolic_output_shapes");
        if (Outcome outcome = checkShapes(layer, record, symbolic, expected, "symbolic output shape");
            outcome.verdict != Verdict::Passed)
            return outcome;
        if (Outcome outcome = checkWeights(layer, record.json); outcome.verdict != Verdict::Passed) return outcome;
    }
    if (Outcome outcome = checkShapes(layer, record, record.inputShapes, expectedShapes(record.json), "output shape");
        outcome.verdict != Verdict::Passed)
        return outcome;
    if (Outcome outcome = checkWeights(layer, record.json); outcome.verdict != Verdict::Passed) return outcome;
    if (record.kind != "numeric") return Outcome::passed();
    if (layer.type().forward == nullptr) return Outcome::unsupported("the layer has no forward function");
    return checkValues(layer, record);
}

/// Keras says no when it computes: we may say so from the shapes, or when we compute.
bool isRefusedRunning(const LoneLayer& layer, const Record& record) {
    std::vector<tensor::Tensor> inputs;
    for (const tensor::Shape& shape : record.inputShapes) {
        if (!shape.isFullyKnown()) return false;
        tensor::Extents extents;
        for (const tensor::Dim size : shape.sizes()) extents.push_back(size.size());
        inputs.emplace_back(std::move(extents), 1.0f);
    }
    std::vector<tensor::Tensor> weights;
    for (const layers::WeightSpec& spec : layer.weights()) weights.emplace_back(spec.extents, 0.5f);
    return layer.type().forward != nullptr && !layer.run(inputs, weights);
}

Outcome checkInvalid(LoneLayer& layer, const Record& record) {
    if (!layer.refusalOfConfig().empty()) return Outcome::passed();
    const std::string expected = fmt::format("refused when {}: {}",
                                             record.stage == "construct" ? "made"
                                             : record.stage == "run"     ? "run"
                                                                         : "called",
                                             record.json.value("expected_error", ""));
    if (record.inputShapes.empty()) return Outcome::failed("refusal of the parameters", expected, "accepted");
    layer.connect(typesOf(record.inputShapes, record.inputDtype), record.inputNames);
    const Result<std::vector<tensor::TensorType>> types = layer.infer();
    if (!types) return Outcome::passed();
    if (record.stage == "run" && isRefusedRunning(layer, record)) return Outcome::passed();
    Shapes got;
    for (const tensor::TensorType& type : *types) got.push_back(type.shape);
    return Outcome::failed("refusal of " + shapesText(record.inputShapes), expected,
                           "accepted, giving " + shapesText(got));
}

}  // namespace

Outcome checkLayer(const Record& record) {
    std::optional<LoneLayer> layer = LoneLayer::make(record.layer, record.config);
    if (!layer) return Outcome::unsupported("the catalogue has no such layer");
    layer->call(record.callArguments);
    if (record.kind == "invalid") return checkInvalid(*layer, record);
    if (record.kind != "numeric" && record.kind != "shape") return Outcome::unsupported("kind " + record.kind);
    return checkValid(*layer, record);
}

}  // namespace shapewise::conformance
