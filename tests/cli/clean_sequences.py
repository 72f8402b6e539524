"""Architectures for text, sound, tables and video. `g` is a Model."""
from clean_parts import bn, conv, source


def seq2seq(g):
    e = g.add("InputLayer", batch_shape=[None, None, 71], name="enc")
    d = g.add("InputLayer", batch_shape=[None, None, 93], name="dec")
    g.add("LSTM", e, units=256, return_state=True, name="le")
    g.add("LSTM", d, units=256, return_sequences=True, name="ld")
    g.add("Dense", "ld", units=93, activation="softmax")


def repeat_decoder(g):
    x = source(g, 10, 13)
    x = g.add("LSTM", x, units=32)
    x = g.add("RepeatVector", x, n=4)
    x = g.add("LSTM", x, units=32, return_sequences=True)
    g.add("TimeDistributed", x, layer={"class_name": "Dense", "config": {"units": 12, "name": "d", "activation": "softmax"}})


def bilstm_tagger(g):
    x = g.add("InputLayer", batch_shape=[None, 100], dtype="int32")
    x = g.add("Embedding", x, input_dim=5000, output_dim=64, mask_zero=True)
    x = g.add("SpatialDropout1D", x, rate=0.1)
    x = g.add("Bidirectional", x, layer={"class_name": "LSTM", "config": {"units": 64, "return_sequences": True, "name": "l"}})
    x = g.add("Dense", x, units=32, activation="relu")
    g.add("Dense", x, units=17, activation="softmax")


def transformer_encoder(g):
    x = g.add("InputLayer", batch_shape=[None, 200], dtype="int32")
    x = g.add("Embedding", x, input_dim=20000, output_dim=32)
    for _ in range(2):
        a = g.add("MultiHeadAttention", [x, x], num_heads=2, key_dim=32)
        a = g.add("Dropout", a, rate=0.1)
        x = g.add("LayerNormalization", g.add("Add", [x, a]), epsilon=1e-06)
        f = g.add("Dense", x, units=64, activation="relu")
        f = g.add("Dense", f, units=32)
        x = g.add("LayerNormalization", g.add("Add", [x, f]))
    x = g.add("GlobalAveragePooling1D", x)
    g.add("Dense", g.add("Dense", x, units=20, activation="relu"), units=2, activation="softmax")


def transformer_decoder(g):
    e = source(g, None, 64, name="enc")
    d = source(g, None, 64, name="dec")
    a = g.add("MultiHeadAttention", [d, d], num_heads=4, key_dim=16)
    x = g.add("LayerNormalization", g.add("Add", [d, a]))
    a = g.add("MultiHeadAttention", [x, e], num_heads=4, key_dim=16)
    x = g.add("LayerNormalization", g.add("Add", [x, a]))
    g.add("Dense", x, units=8000)


def transformer_timeseries(g):
    x = source(g, 500, 1)
    for _ in range(2):
        n = g.add("LayerNormalization", x)
        a = g.add("MultiHeadAttention", [n, n], num_heads=4, key_dim=256)
        r = g.add("Add", [a, x])
        y = g.add("LayerNormalization", r)
        y = g.add("Conv1D", y, filters=4, kernel_size=1, activation="relu")
        y = g.add("Conv1D", y, filters=1, kernel_size=1)
        x = g.add("Add", [y, r])
    x = g.add("GlobalAveragePooling1D", x, data_format="channels_first")
    g.add("Dense", g.add("Dense", x, units=128, activation="relu"), units=2, activation="softmax")


def wavenet(g):
    x = source(g, 16000, 1)
    x = g.add("Conv1D", x, filters=32, kernel_size=2, padding="causal")
    sk = []
    for d in (1, 2, 4, 8, 16):
        t = g.add("Conv1D", x, filters=32, kernel_size=2, padding="causal", dilation_rate=d, activation="tanh")
        s = g.add("Conv1D", x, filters=32, kernel_size=2, padding="causal", dilation_rate=d, activation="sigmoid")
        z = g.add("Multiply", [t, s])
        z = g.add("Conv1D", z, filters=32, kernel_size=1)
        sk.append(z)
        x = g.add("Add", [x, z])
    x = g.add("ReLU", g.add("Add", sk))
    x = g.add("Conv1D", x, filters=128, kernel_size=1, activation="relu")
    g.add("Conv1D", x, filters=256, kernel_size=1, activation="softmax")


def tcn(g):
    x = source(g, None, 5)
    for d in (1, 2, 4):
        y = g.add("Conv1D", x, filters=16, kernel_size=3, padding="causal", dilation_rate=d, activation="relu")
        r = g.add("Conv1D", x, filters=16, kernel_size=1) if d == 1 else x
        x = g.add("Add", [y, r])
    g.add("Dense", g.add("GlobalMaxPooling1D", x), units=3)


def crnn(g):
    x = source(g, 32, 128, 1)
    x = conv(g, x, 64)
    x = g.add("MaxPooling2D", x)
    x = conv(g, x, 128)
    x = g.add("MaxPooling2D", x)
    x = g.add("Permute", x, dims=[2, 1, 3])
    x = g.add("Reshape", x, target_shape=[32, 8 * 128])
    x = g.add("Bidirectional", x, layer={"class_name": "GRU", "config": {"units": 64, "return_sequences": True, "name": "l"}})
    g.add("Dense", x, units=80, activation="softmax")


def crnn_keras_ocr(g):
    x = source(g, 200, 50, 1)
    x = conv(g, x, 32)
    x = g.add("MaxPooling2D", x)
    x = conv(g, x, 64)
    x = g.add("MaxPooling2D", x)
    x = g.add("Reshape", x, target_shape=[50, 12 * 64])
    x = g.add("Dense", x, units=64, activation="relu")
    x = g.add("Dropout", x, rate=0.2)
    x = g.add("Bidirectional", x, layer={"class_name": "LSTM", "config": {"units": 128, "return_sequences": True, "name": "l"}})
    g.add("Dense", x, units=21, activation="softmax")


def spectrogram_cnn(g):
    x = source(g, 16000, 1)
    x = g.add("STFTSpectrogram", x, frame_length=512, frame_step=256, expand_dims=True)
    x = g.add("MaxPooling2D", conv(g, x, 16))
    g.add("Dense", g.add("Flatten", x), units=8, activation="softmax")


def spectrogram_resized(g):
    x = source(g, 124, 129, 1)
    x = g.add("Resizing", x, height=32, width=32)
    x = g.add("Normalization", x)
    x = conv(g, x, 32, p="valid")
    x = conv(g, x, 64, p="valid")
    x = g.add("MaxPooling2D", x)
    x = g.add("Dropout", x, rate=0.25)
    x = g.add("Flatten", x)
    g.add("Dense", x, units=8)


def mel_cnn(g):
    x = source(g, 16000)
    x = g.add("MelSpectrogram", x, num_mel_bins=64, sequence_stride=256)
    x = g.add("Reshape", x, target_shape=[64, 63, 1])
    x = conv(g, x, 16)
    g.add("Dense", g.add("GlobalAveragePooling2D", x), units=4)


def mel_rnn(g):
    x = source(g, 16000)
    x = g.add("MelSpectrogram", x, num_mel_bins=64, sequence_stride=256)
    x = g.add("Permute", x, dims=[2, 1])
    x = bn(g, x)
    x = g.add("GRU", x, units=32)
    g.add("Dense", x, units=4)


def mlp_mixer(g):
    x = source(g, 64, 48)
    x = g.add("Dense", x, units=96)
    y = g.add("LayerNormalization", x)
    y = g.add("Permute", y, dims=[2, 1])
    y = g.add("Dense", y, units=128, activation="gelu")
    y = g.add("Dense", y, units=64)
    y = g.add("Permute", y, dims=[2, 1])
    x = g.add("Add", [x, y])
    g.add("Dense", g.add("GlobalAveragePooling1D", x), units=10)


def video(g):
    x = source(g, 16, 64, 64, 3)
    td = lambda c, **k: {"class_name": c, "config": dict(k, name="i" + c.lower())}
    x = g.add("TimeDistributed", x, layer=td("Conv2D", filters=16, kernel_size=[3, 3], activation="relu"))
    x = g.add("TimeDistributed", x, layer=td("MaxPooling2D", pool_size=[2, 2]))
    x = g.add("TimeDistributed", x, layer=td("Flatten"))
    x = g.add("LSTM", x, units=32)
    g.add("Dense", x, units=5, activation="softmax")


def conv_lstm(g):
    x = source(g, None, 64, 64, 1)
    x = g.add("ConvLSTM2D", x, filters=16, kernel_size=[5, 5], padding="same", return_sequences=True)
    x = bn(g, x)
    x = g.add("ConvLSTM2D", x, filters=16, kernel_size=[3, 3], padding="same", return_sequences=True)
    g.add("Conv3D", x, filters=1, kernel_size=[3, 3, 3], padding="same", activation="sigmoid")


def text_cnn(g):
    x = g.add("InputLayer", batch_shape=[None, 400], dtype="int32")
    x = g.add("Embedding", x, input_dim=5000, output_dim=50)
    o = [g.add("GlobalMaxPooling1D", g.add("Conv1D", x, filters=100, kernel_size=k, activation="relu")) for k in (3, 4, 5)]
    g.add("Dense", g.add("Concatenate", o), units=1, activation="sigmoid")


def text_cnn2d(g):
    x = g.add("InputLayer", batch_shape=[None, 100], dtype="int32")
    x = g.add("Embedding", x, input_dim=5000, output_dim=300)
    x = g.add("Reshape", x, target_shape=[100, 300, 1])
    o = [g.add("Flatten", g.add("MaxPooling2D", g.add("Conv2D", x, filters=100, kernel_size=[k, 300]), pool_size=[100 - k + 1, 1])) for k in (3, 4, 5)]
    g.add("Dense", g.add("Concatenate", o), units=2)


def lstm_forecast(g):
    x = source(g, 30, 1)
    x = g.add("LSTM", x, units=50, return_sequences=True)
    x = g.add("LSTM", x, units=50)
    g.add("Dense", x, units=1)


def one_step_lstm(g):
    x = source(g, 1, 20)
    g.add("Dense", g.add("LSTM", x, units=50), units=1)


def lstm_per_step(g):
    x = source(g, 30, 8)
    x = g.add("LSTM", x, units=50, return_sequences=True)
    g.add("Dense", x, units=1)


def mlp(g):
    x = source(g, 8)
    x = g.add("Dense", x, units=12)
    g.add("Dense", x, units=1)


def wide_deep(g):
    a = source(g, 5, name="wide")
    b = source(g, 6, name="deep")
    h = g.add("Dense", g.add("Dense", b, units=30), units=30)
    g.add("Dense", g.add("Concatenate", [a, h]), units=1)


def recommender(g):
    u = g.add("InputLayer", batch_shape=[None, 1], dtype="int32", name="u")
    m = g.add("InputLayer", batch_shape=[None, 1], dtype="int32", name="m")
    a = g.add("Flatten", g.add("Embedding", u, input_dim=100, output_dim=8))
    b = g.add("Flatten", g.add("Embedding", m, input_dim=100, output_dim=8))
    d = g.add("Dot", [a, b], axes=1)
    ub = g.add("Flatten", g.add("Embedding", u, input_dim=100, output_dim=1))
    mb = g.add("Flatten", g.add("Embedding", m, input_dim=100, output_dim=1))
    g.add("Activation", g.add("Add", [d, ub, mb]), activation="sigmoid")


def attention_pool(g):
    x = source(g, 50, 64)
    s = g.add("Dense", x, units=1, activation="tanh")
    s = g.add("Softmax", s, axis=1)
    x = g.add("Multiply", [x, s])
    x = g.add("GlobalAveragePooling1D", x)
    g.add("Dense", x, units=2)


def crepe(g):
    x = source(g, 1024)
    x = g.add("Reshape", x, target_shape=[1024, 1, 1])
    for k, s, f in ((512, 4, 32), (64, 1, 16), (64, 1, 32)):
        x = g.add("MaxPooling2D", bn(g, g.add("Conv2D", x, filters=f, kernel_size=[k, 1], strides=[s, 1], padding="same", activation="relu")), pool_size=[2, 1])
    x = g.add("Permute", x, dims=[2, 1, 3])
    x = g.add("Flatten", x)
    g.add("Dense", x, units=360, activation="sigmoid")


def eeg(g):
    x = source(g, 22, 1125, 1)
    x = g.add("Conv2D", x, filters=8, kernel_size=[1, 64], padding="same", use_bias=False)
    x = bn(g, x)
    x = g.add("DepthwiseConv2D", x, kernel_size=[22, 1], depth_multiplier=2, use_bias=False)
    x = bn(g, x)
    x = g.add("AveragePooling2D", x, pool_size=[1, 4])
    x = g.add("SeparableConv2D", x, filters=16, kernel_size=[1, 16], padding="same")
    x = g.add("AveragePooling2D", x, pool_size=[1, 8])
    g.add("Dense", g.add("Flatten", x), units=4)


def eeg_conv1d(g):
    x = source(g, 250, 64)
    x = g.add("Conv1D", x, filters=16, kernel_size=7)
    g.add("Dense", g.add("GlobalAveragePooling1D", x), units=2)


def few_steps_many_features(g):
    x = source(g, 4, 512)
    x = g.add("Conv1D", x, filters=16, kernel_size=3, padding="same")
    g.add("Dense", g.add("GlobalAveragePooling1D", x), units=2)


def dqn(g):
    x = source(g, 84, 84, 4)
    x = conv(g, x, 32, 8, 4, "valid")
    x = conv(g, x, 64, 4, 2, "valid")
    g.add("Dense", g.add("Flatten", x), units=6)


MODELS = [seq2seq, repeat_decoder, bilstm_tagger, transformer_encoder, transformer_decoder, transformer_timeseries,
          wavenet, tcn, crnn, crnn_keras_ocr, spectrogram_cnn, spectrogram_resized,
          mel_cnn, mel_rnn, mlp_mixer, video, conv_lstm, text_cnn,
          text_cnn2d, lstm_forecast, one_step_lstm, lstm_per_step, mlp, wide_deep,
          recommender, attention_pool, crepe, eeg, eeg_conv1d, few_steps_many_features,
          dqn]
