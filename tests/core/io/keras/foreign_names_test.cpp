// The names and meanings of older Keras, as the layers' tables have them.

#include "core/io/files/files.h"
#include "core/layers/framework/layer.h"

#include <gtest/gtest.h>
#include <set>

namespace shapewise::io {
namespace {

/// The layer 'x' of a file with one layer, as "Class key=value ... (extra=value)", sorted.
std::string read(const std::string& version, const std::string& className, const std::string& config) {
    const Result<Opened> opened = readProject(
        R"({"keras_version": ")" + version + R"(", "class_name": "Sequential", "config": [{"class_name": ")" +
        className + R"(", "config": {"name": "x")" + (config.empty() ? "" : ", ") + config + "}}]}");
    if (!opened) return opened.error().text();
    const graph::Node& node = *opened->project.graph.findByName("x");
    std::set<std::string> words;
    for (const graph::Setting& setting : node.settings) words.insert(" " + setting.key + "=" + setting.value.text());
    for (const auto& [key, value] : node.extras)
        if (!key.starts_with('@')) words.insert(" (" + key + "=" + value.text() + ")");
    std::string text(node.type->className);
    for (const std::string& word : words) text += word;
    return text;
}

TEST(ForeignNames, MergeIsTheLayerItsModeSays) {
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "sum", "concat_axis": -1, "dot_axes": -1, "output_shape": null)"),
              "Add");
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "mul")"), "Multiply");
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "ave")"), "Average");
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "max")"), "Maximum");
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "concat", "concat_axis": 1, "dot_axes": -1)"), "Concatenate axis=1");
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "dot", "dot_axes": [[1], [2]])"), "Dot axes=(1, 2)");
    EXPECT_EQ(read("1.2.2", "Merge", R"("mode": "cos")"), "Dot axes=-1 normalize=True");
}

TEST(ForeignNames, AnAbsentResetAfterMeansWhatItMeantToTheWriter) {
    EXPECT_EQ(read("2.2.4", "GRU", R"("units": 3)"),
              "GRU recurrent_activation='hard_sigmoid_keras2' reset_after=False units=3");
    EXPECT_EQ(read("2.2.4", "CuDNNGRU", R"("units": 3)"), "CuDNNGRU units=3");
    EXPECT_EQ(read("2.2.4", "GRU", R"("units": 3, "reset_after": true)"),
              "GRU recurrent_activation='hard_sigmoid_keras2' units=3");
    EXPECT_EQ(read("3.1.0", "GRU", R"("units": 3)"), "GRU units=3");
}

TEST(ForeignNames, RecurrentSettingsOfKeras1AreRenamed) {
    EXPECT_EQ(read("1.2.2", "LSTM",
                   R"("output_dim": 4, "inner_activation": "tanh", "forget_bias_init": "zero", "consume_less": "cpu")"),
              "LSTM recurrent_activation='tanh' unit_forget_bias=False units=4");
    EXPECT_EQ(read("1.2.2", "LSTM", R"("output_dim": 4, "forget_bias_init": "one", "dropout_W": 0.5)"),
              "LSTM dropout=0.5 recurrent_activation='hard_sigmoid_keras2' units=4");
    EXPECT_EQ(read("2.0.0", "CuDNNLSTM", R"("units": 4)"), "CuDNNLSTM units=4");
}

TEST(ForeignNames, TheOutputShapeOfADeconvolutionOfKeras1IsFollowed) {
    struct Case {
        const char* padding;
        int kernel;
        int size;             ///< behind 12 positions and strides of 2
        const char* setting;  ///< of output_padding; empty: its default gives that size
    };
    for (const Case& example :
         {Case{"valid", 3, 25, ""}, Case{"valid", 3, 26, "1"}, Case{"valid", 2, 24, ""}, Case{"valid", 1, 24, ""},
          Case{"valid", 1, 23, "0"}, Case{"valid", 4, 27, "1"}, Case{"same", 3, 24, ""}, Case{"same", 3, 23, "0"},
          Case{"same", 5, 23, "0"}, Case{"same", 4, 24, ""}, Case{"same", 4, 23, "1"}})
        for (const bool isFirst : {false, true}) {
            const std::string size = std::to_string(example.size);
            const std::string kernel = std::to_string(example.kernel);
            const std::string sizes = size + ", " + size;
            const std::string shape = isFirst ? "null, 5, " + sizes : "null, " + sizes + ", 5";
            const std::string text =
                read("1.2.2", "Deconvolution2D",
                     R"("nb_filter": 5, "subsample": [2, 2], "nb_row": )" + kernel + R"(, "nb_col": )" + kernel +
                         R"(, "border_mode": ")" + example.padding + R"(", "dim_ordering": ")" +
                         (isFirst ? "th" : "tf") + R"(", "output_shape": [)" + shape + "]");
            const std::string setting = example.setting;
            const std::string wanted =
                setting.empty() ? std::string() : " output_padding=(" + setting + ", " + setting + ")";
            SCOPED_TRACE(std::string(example.padding) + " " + kernel + " " + size + ": " + text);
            EXPECT_EQ(text.find("output_padding") == std::string::npos, setting.empty());
            EXPECT_NE(text.find(wanted), std::string::npos);
            EXPECT_EQ(text.find("output_shape"), std::string::npos);
        }
}

TEST(ForeignNames, NumbersOfNumPyAreNumbers) {
    EXPECT_EQ(read("2.2.4", "LeakyReLU", R"("alpha": {"type": "ndarray", "value": 0.5})"),
              "LeakyReLU negative_slope=0.5");
    EXPECT_EQ(read("2.2.4", "ReLU", R"("max_value": {"value": 6.0, "type": "ndarray"})"), "ReLU max_value=6");
    EXPECT_EQ(read("2.2.4", "Dense", R"("units": {"type": "int64", "value": 4})"), "Dense units=4");
    EXPECT_EQ(read("2.2.4-tf", "BatchNormalization", R"("axis": {"class_name": "ListWrapper", "items": [2]})"),
              read("2.2.4-tf", "BatchNormalization", R"("axis": [2])"));
}

TEST(ForeignNames, SoftmaxOfTensorFlow20IsSoftmax) {
    EXPECT_EQ(read("2.2.4-tf", "Activation", R"("activation": "softmax_v2")"), "Activation activation='softmax'");
}

TEST(ForeignNames, ConvolutionsOfKeras1AreRenamed) {
    EXPECT_EQ(read("1.2.2", "AtrousConvolution1D",
                   R"("nb_filter": 2, "filter_length": 3, "atrous_rate": 2, "subsample_length": 1, "bias": false)"),
              "Conv1D dilation_rate=2 filters=2 kernel_size=3 use_bias=False");
    EXPECT_EQ(
        read("1.2.2", "Deconvolution2D",
             R"("nb_filter": 2, "nb_row": 3, "nb_col": 2, "output_shape": [null, 8, 8, 2], "dim_ordering": "th")"),
        "Conv2DTranspose data_format='channels_first' filters=2 kernel_size=(3, 2)");
    EXPECT_EQ(read("1.2.2", "TimeDistributedDense", R"("output_dim": 5, "W_regularizer": {"l2": 0.1})"),
              "Dense (kernel_regularizer={'l2': 0.1}) units=5");
}

TEST(ForeignNames, OthersAreRenamedToo) {
    EXPECT_EQ(read("1.2.2", "Dropout", R"("p": 0.25)"), "Dropout rate=0.25");
    EXPECT_EQ(read("1.2.2", "GaussianNoise", R"("sigma": 0.25)"), "GaussianNoise stddev=0.25");
    EXPECT_EQ(read("2.2.4", "LeakyReLU", R"("alpha": 0.5)"), "LeakyReLU negative_slope=0.5");
    EXPECT_EQ(read("2.2.4", "ThresholdedReLU", R"("theta": 0.5)"), "ThresholdedReLU theta=0.5");
    EXPECT_EQ(read("1.2.2", "BatchNormalization", R"("mode": 0, "gamma_init": "zero")"),
              "BatchNormalization (gamma_initializer='zero')");
    EXPECT_EQ(read("1.2.2", "BatchNormalization", R"("mode": 2)"), "BatchNormalization (mode=2)");
    EXPECT_EQ(read("1.2.2", "MaxPooling1D", R"("pool_length": 4, "stride": 3, "border_mode": "same")"),
              "MaxPooling1D padding='same' pool_size=4 strides=3");
}

}  // namespace
}  // namespace shapewise::io
