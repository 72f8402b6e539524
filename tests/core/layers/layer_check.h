#pragma once
// One layer inferred by itself, as tests read best: check("Conv2D", {{"filters", 32}}, {"(None, 28, 28, 1)"}).

#include "core/layers/framework/catalog.h"

#include <string>
#include <vector>

namespace shapewise::layers {

/// A line of an explanation in Keras' notation and English.
struct ExplainedLine {
    std::string quantity;
    std::string arithmetic;
    std::string note;
};
[[nodiscard]] std::vector<ExplainedLine> inWords(const std::vector<ExplanationLine>& lines);

struct Checked {
    std::shared_ptr<graph::Node> node;
    std::vector<tensor::TensorType> inputs;
    std::vector<tensor::TensorType> outputs;
    std::vector<diag::Refusal> refusals;
    std::vector<ExplainedLine> explanation;

    [[nodiscard]] bool isRefused() const { return !refusals.empty(); }
    /// Shape of an output as Keras prints it; "refused" when it was refused.
    [[nodiscard]] std::string shape(std::size_t output = 0) const;
    /// "(batch, time, channels)".
    [[nodiscard]] std::string axes(std::size_t output = 0) const;
    [[nodiscard]] bool refuses(diag::Code code) const;
    [[nodiscard]] const diag::Refusal* refusal(diag::Code code) const;
    /// "kernel (3, 3, 1, 32), bias (32,)".
    [[nodiscard]] std::string weights() const;
    /// A whole number among the arguments of the first refusal; -999 when there is none of that name.
    [[nodiscard]] std::int64_t number(std::string_view argument) const;
    [[nodiscard]] std::vector<const tensor::TensorType*> inputPointers() const;
};

[[nodiscard]] Checked checkTypes(std::string_view className, const ValueDict& settings,
                                 const std::vector<tensor::TensorType>& inputs);
[[nodiscard]] Checked check(std::string_view className, const ValueDict& settings,
                            const std::vector<std::string>& shapes);

/// One run of a layer; the shapes of its weights are the caller's business.
struct Ran {
    std::vector<tensor::Tensor> outputs;
    std::vector<tensor::Tensor> masks;  ///< of the outputs; rank 0: none
    std::string problem;                ///< empty when it ran
};
/// Input i is that of port i. masks: one for each input, rank 0 for none.
[[nodiscard]] Ran run(std::string_view className, const ValueDict& settings, const std::vector<tensor::Tensor>& inputs,
                      const std::vector<tensor::Tensor>& weights = {}, const std::vector<tensor::Tensor>& masks = {});

/// Reads "(None, T, 8)". Aborts the test program when the text is no shape.
[[nodiscard]] tensor::TensorType typeOf(std::string_view shape);

}  // namespace shapewise::layers
