// The same project, seed and data give the same numbers whatever the number of threads, through the real executor with
// the real kernels.

#include "core/exec/run.h"
#include "core/kernels/thread_pool.h"
#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

#include <cstring>

namespace shapewise::exec {
namespace {

class Network {
  public:
    NodeId add(std::string_view className, const ValueDict& settings, const std::vector<NodeId>& from = {}) {
        graph::Graph& graph = request_.project.graph;
        const NodeId id = graph.nextId();
        auto node = layers::makeInitialNode(*layers::findLayer(className), id, "n" + std::to_string(id.value));
        for (const auto& [key, value] : settings) node->set(key, value);
        for (std::size_t index = 0; index < from.size(); ++index)
            node->inputs.push_back(
                {from[index], 0, node->manyPort == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(index)});
        graph.put(node);
        return id;
    }
    RunRequest& request() { return request_; }

  private:
    RunRequest request_;
};

/// Sizes beyond one block of every kernel, so that there is something to divide among threads.
Network everyKind() {
    Network network;
    const NodeId picture = network.add("InputLayer", {{"shape", Value::list({67, 61, 3})}});
    const NodeId conv = network.add(
        "Conv2D", {{"filters", 37}, {"kernel_size", 3}, {"padding", "same"}, {"activation", "gelu"}}, {picture});
    const NodeId strided = network.add("Conv2D", {{"filters", 29}, {"kernel_size", 5}, {"strides", 2}}, {conv});
    const NodeId depthwise = network.add("DepthwiseConv2D", {{"kernel_size", 3}}, {strided});
    const NodeId separable =
        network.add("SeparableConv2D", {{"filters", 33}, {"kernel_size", 3}, {"padding", "same"}}, {depthwise});
    const NodeId normal = network.add("BatchNormalization", {}, {separable});
    const NodeId layerNormal = network.add("LayerNormalization", {}, {normal});
    const NodeId pool = network.add("AveragePooling2D", {{"pool_size", 3}}, {layerNormal});
    const NodeId up = network.add("Conv2DTranspose", {{"filters", 5}, {"kernel_size", 3}, {"strides", 2}}, {pool});
    const NodeId resized = network.add("UpSampling2D", {{"interpolation", "bilinear"}}, {up});
    const NodeId mean = network.add("GlobalAveragePooling2D", {}, {resized});
    const NodeId flat = network.add("Flatten", {}, {pool});
    const NodeId dense = network.add("Dense", {{"units", 301}, {"activation", "softmax"}}, {flat});
    network.add("Concatenate", {}, {mean, dense});

    const NodeId steps = network.add("InputLayer", {{"shape", Value::list({53, 19})}});
    const NodeId lstm = network.add("LSTM", {{"units", 23}, {"return_sequences", true}}, {steps});
    const NodeId gru = network.add("GRU", {{"units", 17}, {"return_sequences", true}}, {lstm});
    const NodeId attention = network.add("MultiHeadAttention", {{"num_heads", 3}, {"key_dim", 7}}, {gru, gru});
    network.add("Add", {}, {gru, attention});
    network.add("EinsumDense", {{"equation", "abc,cd->abd"}, {"output_shape", Value::list({53, 11})}}, {gru});

    const NodeId sound = network.add("InputLayer", {{"shape", Value::list({16000})}});
    network.add("MelSpectrogram", {{"fft_length", 512}, {"sequence_stride", 160}, {"num_mel_bins", 40}}, {sound});
    const NodeId channel = network.add("Reshape", {{"target_shape", Value::list({16000, 1})}}, {sound});
    network.add("STFTSpectrogram", {{"frame_length", 400}, {"frame_step", 160}, {"fft_length", 512}}, {channel});
    network.request().project.run.batchSize = 3;
    return network;
}

RunReport runWith(const RunRequest& request, int threads) {
    kernels::ThreadPool::shared().setThreadCount(threads);
    ActivationStore store;
    Progress progress;
    Result<RunReport> report = run(request, store, {}, progress);
    EXPECT_TRUE(report) << (report ? "" : report.error().text());
    return report ? std::move(*report) : RunReport{};
}

/// Bit by bit: NaN would equal nothing.
bool sameBits(const tensor::Tensor& a, const tensor::Tensor& b) {
    return a.extents() == b.extents() &&
           std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.count()) * sizeof(float)) == 0;
}

TEST(Determinism, SameNumbersOfRealLayersForAnyNumberOfThreads) {
    Network network = everyKind();
    const RunRequest& request = network.request();
    const RunReport one = runWith(request, 1);
    for (const auto& [id, node] : one.nodes)
        ASSERT_EQ(node.problem, "") << request.project.graph.find(id)->type->className;
    for (const int threads : {2, 3, 4, 7}) {
        SCOPED_TRACE(threads);
        const RunReport several = runWith(request, threads);
        for (const auto& [id, node] : one.nodes)
            EXPECT_TRUE(sameBits(*node.outputs.front(), *several.nodes.at(id).outputs.front()))
                << request.project.graph.find(id)->type->className;
    }
    kernels::ThreadPool::shared().setThreadCount(2);
}

TEST(Determinism, SameSeedSameNumbersAndAnotherSeedOthers) {
    Network network = everyKind();
    const RunReport first = runWith(network.request(), 2);
    const RunReport again = runWith(network.request(), 2);
    network.request().project.run.seed = 5;
    const RunReport other = runWith(network.request(), 2);
    for (const auto& [id, node] : first.nodes) {
        const std::string_view name = network.request().project.graph.find(id)->type->className;
        EXPECT_TRUE(sameBits(*node.outputs.front(), *again.nodes.at(id).outputs.front())) << name;
        EXPECT_FALSE(sameBits(*node.outputs.front(), *other.nodes.at(id).outputs.front())) << name;
    }
}

}  // namespace
}  // namespace shapewise::exec
