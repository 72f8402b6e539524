#include "core/io/data/run_inputs.h"

#include "core/base/text.h"
#include "core/io/data/data_files.h"
#include "core/layers/framework/layer.h"

#include <fmt/format.h>
#include <utility>

namespace shapewise::io {

namespace {

bool takesData(const graph::Node& node) { return node.type->supply == layers::Supply::Given; }

std::string inputNames(const graph::Graph& graph) {
    std::vector<std::string> names;
    graph.forEach([&](const graph::Node& node) {
        if (takesData(node)) names.push_back(node.name);
    });
    return names.empty() ? "This model has no Input" : "Inputs of this model: " + join(names, ", ");
}

struct Parts {
    const graph::Node* node = nullptr;
    std::string_view file;
};

Parts split(const graph::Graph& graph, std::string_view argument) {
    for (std::size_t at = argument.find('='); at != std::string_view::npos; at = argument.find('=', at + 1))
        if (const graph::Node* node = graph.findByName(argument.substr(0, at))) return {node, argument.substr(at + 1)};
    return {};
}

bool fits(const tensor::Shape& shape, const tensor::Tensor& values) {
    if (shape.rank() != values.rank()) return false;
    for (int axis = 0; axis < shape.rank(); ++axis)
        if (!tensor::mayBeEqual(shape[axis], tensor::Dim(values.size(axis)))) return false;
    return true;
}

/// One sample without its batch axis: (224, 224, 3) for (None, 224, 224, 3).
bool isOneSample(const tensor::Shape& shape, const tensor::Tensor& values) {
    if (shape.rank() != values.rank() + 1 || !tensor::mayBeEqual(shape[0], tensor::Dim(1))) return false;
    for (int axis = 0; axis < values.rank(); ++axis)
        if (!tensor::mayBeEqual(shape[axis + 1], tensor::Dim(values.size(axis)))) return false;
    return true;
}

tensor::Tensor withBatchOfOne(tensor::Tensor sample) {
    tensor::Extents extents = sample.extents();
    extents.insert(extents.begin(), 1);
    return std::move(sample).reshaped(std::move(extents));
}

}  // namespace

Result<RunInput> readRunInput(const graph::Graph& graph, const infer::Analysis& analysis, std::string_view argument) {
    if (argument.find('=') == std::string_view::npos)
        return failure(fmt::format("--input {} has no =", argument), "Write --input NODE=FILE");
    const Parts parts = split(graph, argument);
    if (parts.node == nullptr)
        return failure(fmt::format("There is no node named {}", argument.substr(0, argument.find('='))),
                       inputNames(graph));
    if (!takesData(*parts.node))
        return failure(fmt::format("{} is a {}, which takes no data", parts.node->name, parts.node->type->className),
                       inputNames(graph));
    const Result<std::unique_ptr<DataReader>> file = openDataFile(std::filesystem::path(parts.file));
    if (!file) return Unexpected(file.error());
    if (const DataKind kind = (*file)->probe().kind; kind != DataKind::Array)
        return failure(fmt::format("{} is {}, and --input takes an array", parts.file, wordsFor(kind).noun),
                       "Save its numbers with numpy.save");
    std::vector<std::string> notes = (*file)->probe().notes;
    DataRequest request;
    request.notes = &notes;
    Result<tensor::Tensor> values = (*file)->read(request);
    if (!values) return Unexpected(values.error());
    const std::string remarks = notes.empty() ? std::string() : fmt::format("{}: {}", parts.file, join(notes, "; "));
    const tensor::TensorType* declared = analysis[parts.node->id].outputAt(0);
    if (declared != nullptr && isOneSample(declared->shape, *values)) {
        const std::string added =
            fmt::format("{}: {} has shape {}, which is one sample of {}: a batch axis of 1 was added", parts.node->name,
                        parts.file, tensor::extentsText(values->extents()), declared->shape.text());
        return RunInput{parts.node->id, std::make_shared<const tensor::Tensor>(withBatchOfOne(std::move(*values))),
                        remarks.empty() ? added : added + "; " + remarks};
    }
    if (declared != nullptr && !fits(declared->shape, *values))
        return failure(fmt::format("{} takes {}, but the array in {} has shape {}", parts.node->name,
                                   declared->shape.text(), parts.file, tensor::extentsText(values->extents())),
                       "The batch is the first axis");
    return RunInput{parts.node->id, std::make_shared<const tensor::Tensor>(std::move(*values)), remarks};
}

}  // namespace shapewise::io
