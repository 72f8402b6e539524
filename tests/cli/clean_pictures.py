"""Architectures for pictures and volumes. `g` is a Model."""
from clean_parts import bn, conv, se, source


def vgg(g):
    x = source(g, 224, 224, 3)
    for n, f in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(n):
            x = conv(g, x, f)
        x = g.add("MaxPooling2D", x, pool_size=[2, 2], strides=[2, 2])
    x = g.add("Flatten", x)
    for u in (4096, 4096):
        x = g.add("Dropout", g.add("Dense", x, units=u, activation="relu"), rate=0.5)
    g.add("Dense", x, units=1000, activation="softmax")


def resnet(g):
    x = source(g, 224, 224, 3)
    x = g.add("ZeroPadding2D", x, padding=[[3, 3], [3, 3]])
    x = g.add("ReLU", bn(g, conv(g, x, 64, 7, 2, "valid", None)))
    x = g.add("MaxPooling2D", g.add("ZeroPadding2D", x, padding=[[1, 1], [1, 1]]), pool_size=[3, 3], strides=[2, 2])
    for i, (n, f) in enumerate(((3, 64), (4, 128), (6, 256), (3, 512))):
        for b in range(n):
            s = 2 if b == 0 and i else 1
            sc = x
            if b == 0:
                sc = bn(g, conv(g, x, 4 * f, 1, s, "valid", None))
            y = g.add("ReLU", bn(g, conv(g, x, f, 1, s, "valid", None)))
            y = g.add("ReLU", bn(g, conv(g, y, f, 3, 1, "same", None)))
            y = bn(g, conv(g, y, 4 * f, 1, 1, "valid", None))
            x = g.add("ReLU", g.add("Add", [sc, y]))
    g.add("Dense", g.add("GlobalAveragePooling2D", x), units=1000, activation="softmax")


def unet(g):
    x = source(g, 256, 256, 3)
    sk = []
    for f in (16, 32, 64, 128):
        x = conv(g, conv(g, x, f), f)
        sk.append(x)
        x = g.add("MaxPooling2D", x)
    x = conv(g, x, 256)
    for f, s in zip((128, 64, 32, 16), reversed(sk)):
        x = g.add("Conv2DTranspose", x, filters=f, kernel_size=[2, 2], strides=[2, 2], padding="same")
        x = conv(g, g.add("Concatenate", [s, x], axis=-1), f)
    conv(g, x, 1, 1, act="sigmoid")


def unet_none(g):
    x = source(g, None, None, 1)
    sk = []
    for f in (16, 32):
        x = conv(g, x, f)
        sk.append(x)
        x = g.add("MaxPooling2D", x)
    for f, s in zip((32, 16), reversed(sk)):
        x = g.add("UpSampling2D", x)
        x = conv(g, g.add("Concatenate", [s, x]), f)
    conv(g, x, 2, 1, act="softmax")


def unet_crop(g):
    x = source(g, 572, 572, 1)
    a = conv(g, conv(g, x, 64, p="valid"), 64, p="valid")
    x = g.add("MaxPooling2D", a)
    b = conv(g, conv(g, x, 128, p="valid"), 128, p="valid")
    u = g.add("Conv2DTranspose", b, filters=64, kernel_size=2, strides=2)
    g.add("Conv2D", g.add("Concatenate", [g.add("Cropping2D", a, cropping=[[4, 4], [4, 4]]), u]), filters=2, kernel_size=1)


def inception(g):
    x = source(g, 299, 299, 3)
    x = conv(g, x, 32, 3, 2, "valid")
    for _ in range(2):
        a = conv(g, x, 64, 1)
        b = conv(g, conv(g, x, 48, 1), 64, 5)
        c = conv(g, conv(g, conv(g, x, 64, 1), 96), 96)
        d = conv(g, g.add("AveragePooling2D", x, pool_size=[3, 3], strides=[1, 1], padding="same"), 32, 1)
        x = g.add("Concatenate", [a, b, c, d], axis=3)
    b = conv(g, x, 64, 3, 2, "valid")
    p = g.add("MaxPooling2D", x, pool_size=[3, 3], strides=[2, 2])
    x = g.add("Concatenate", [b, p])
    x = conv(g, x, 64, (1, 7))
    x = conv(g, x, 64, (7, 1))
    g.add("Dense", g.add("GlobalAveragePooling2D", x), units=10, activation="softmax")


def mobilenet_v2_v3(g):
    x = source(g, 224, 224, 3)
    x = conv(g, x, 16, 3, 2)
    for f, s, use in ((16, 2, True), (24, 2, False), (24, 1, False), (40, 2, True)):
        e = g.add("Activation", bn(g, conv(g, x, 96, 1, act=None)), activation="hard_silu")
        if s == 2:
            e = g.add("ZeroPadding2D", e, padding=[[0, 1], [0, 1]])
        d = g.add("DepthwiseConv2D", e, kernel_size=[3, 3], strides=[s, s], padding="valid" if s == 2 else "same")
        d = g.add("ReLU", bn(g, d), max_value=6.0)
        if use:
            d = se(g, d, 96)
        y = bn(g, conv(g, d, f, 1, act=None))
        x = g.add("Add", [x, y]) if s == 1 else y
    x = g.add("GlobalAveragePooling2D", x, keepdims=True)
    x = conv(g, x, 128, 1)
    x = g.add("Dropout", x, rate=0.2)
    x = conv(g, x, 10, 1, act=None)
    x = g.add("Flatten", x)
    g.add("Softmax", x)


def mobilenet_v1_head(g):
    x = source(g, 128, 128, 3)
    x = conv(g, x, 32, 3, 2)
    x = g.add("SeparableConv2D", x, filters=64, kernel_size=[3, 3], padding="same")
    x = g.add("GlobalAveragePooling2D", x)
    x = g.add("Reshape", x, target_shape=[1, 1, 64])
    x = g.add("Dropout", x, rate=0.1)
    x = conv(g, x, 1000, 1, act=None)
    x = g.add("Reshape", x, target_shape=[1000])
    g.add("Activation", x, activation="softmax")


def densenet(g):
    x = source(g, 64, 64, 3)
    x = conv(g, x, 24)
    for b in range(3):
        for _ in range(3):
            y = conv(g, g.add("ReLU", bn(g, x)), 12, act=None)
            x = g.add("Concatenate", [x, y])
        x = g.add("AveragePooling2D", conv(g, x, 30, 1), pool_size=[2, 2])
    g.add("Dense", g.add("GlobalAveragePooling2D", x), units=10)


def efficientnet(g):
    x = source(g, 224, 224, 3)
    x = g.add("Rescaling", x, scale=1 / 255)
    x = g.add("Normalization", x)
    x = g.add("Rescaling", x, scale=[1.0, 1.0, 1.0])
    x = conv(g, x, 32, 3, 2, act="silu")
    d = g.add("DepthwiseConv2D", x, kernel_size=[3, 3], padding="same")
    x = se(g, d, 32, conv1=False)
    x = conv(g, x, 16, 1, act=None)
    g.add("Dense", g.add("GlobalAveragePooling2D", x), units=5)


def gan_generator(g):
    x = source(g, 100)
    x = g.add("Dense", x, units=7 * 7 * 256, use_bias=False)
    x = g.add("LeakyReLU", bn(g, x))
    x = g.add("Reshape", x, target_shape=[7, 7, 256])
    for f, s in ((128, 1), (64, 2), (1, 2)):
        x = g.add("Conv2DTranspose", x, filters=f, kernel_size=[5, 5], strides=[s, s], padding="same", use_bias=False)


def gan_discriminator(g):
    x = source(g, 28, 28, 1)
    for f in (64, 128):
        x = g.add("Dropout", g.add("LeakyReLU", conv(g, x, f, 5, 2, act=None)), rate=0.3)
    g.add("Dense", g.add("Flatten", x), units=1)


def conditional_gan(g):
    z = source(g, 100, name="z")
    l = g.add("InputLayer", batch_shape=[None, 1], dtype="int32", name="label")
    e = g.add("Embedding", l, input_dim=10, output_dim=50)
    e = g.add("Dense", e, units=49)
    e = g.add("Reshape", e, target_shape=[7, 7, 1])
    x = g.add("Reshape", g.add("Dense", z, units=6272), target_shape=[7, 7, 128])
    x = g.add("Concatenate", [x, e])
    x = g.add("Conv2DTranspose", x, filters=128, kernel_size=4, strides=2, padding="same")
    conv(g, x, 1, 7, act="tanh")


def autoencoder(g):
    x = source(g, 28, 28, 1)
    x = g.add("MaxPooling2D", conv(g, x, 16), padding="same")
    x = g.add("MaxPooling2D", conv(g, x, 8), padding="same")
    x = g.add("UpSampling2D", conv(g, x, 8))
    x = g.add("UpSampling2D", conv(g, x, 16))
    conv(g, x, 1, act="sigmoid")


def dense_autoencoder(g):
    x = source(g, 28, 28)
    x = g.add("Flatten", x)
    x = g.add("Dense", x, units=32)
    x = g.add("Dense", x, units=784, activation="sigmoid")
    g.add("Reshape", x, target_shape=[28, 28])


def siamese(g):
    a = source(g, 105, 105, 1, name="a")
    b = source(g, 105, 105, 1, name="b")
    o = []
    for t in (a, b):
        o.append(g.add("Dense", g.add("Flatten", g.add("MaxPooling2D", conv(g, t, 64, 10, 1, "valid"))), units=128))
    g.add("Dense", g.add("Subtract", o), units=1, activation="sigmoid")


def vit(g):
    x = source(g, 224, 224, 3)
    x = g.add("Conv2D", x, filters=192, kernel_size=[16, 16], strides=[16, 16])
    x = g.add("Reshape", x, target_shape=[196, 192])
    n = g.add("LayerNormalization", x)
    a = g.add("MultiHeadAttention", [n, n], num_heads=3, key_dim=64)
    x = g.add("Add", [x, a])
    y = g.add("Dense", g.add("LayerNormalization", x), units=768, activation="gelu")
    y = g.add("Dense", y, units=192)
    x = g.add("Add", [x, y])
    g.add("Dense", g.add("GlobalAveragePooling1D", x), units=10)


def vit_patches(g):
    x = source(g, 32, 32, 3)
    x = g.add("Reshape", x, target_shape=[8, 4, 8, 12])
    x = g.add("Permute", x, dims=[1, 3, 2, 4])
    x = g.add("Reshape", x, target_shape=[64, 48])
    x = g.add("Dense", x, units=64)
    n = g.add("LayerNormalization", x)
    a = g.add("MultiHeadAttention", [n, n], num_heads=4, key_dim=16)
    x = g.add("Add", [x, a])
    g.add("Dense", g.add("Flatten", x), units=10)


def conv3d(g):
    x = source(g, 128, 128, 64, 1)
    for f in (64, 64, 128):
        x = bn(g, g.add("MaxPooling3D", g.add("Conv3D", x, filters=f, kernel_size=3, activation="relu"), pool_size=2))
    g.add("Dense", g.add("GlobalAveragePooling3D", x), units=1)


def channels_first(g):
    cf = {"data_format": "channels_first"}
    x = source(g, 3, 32, 32)
    x = conv(g, x, 16, **cf)
    x = g.add("BatchNormalization", x, axis=1)
    x = g.add("MaxPooling2D", x, **cf)
    y = conv(g, x, 16, **cf)
    x = g.add("Concatenate", [x, y], axis=1)
    g.add("Dense", g.add("Flatten", x, **cf), units=10)


def fcn(g):
    x = source(g, None, None, 3)
    x = conv(g, x, 32, 3, 2)
    x = conv(g, x, 64, 3, 2)
    x = g.add("UpSampling2D", x, size=[4, 4], interpolation="bilinear")
    conv(g, x, 21, 1, act="softmax")


def segmentation_dense_head(g):
    x = source(g, 128, 128, 3)
    x = conv(g, x, 32)
    x = conv(g, x, 32)
    x = g.add("Conv2D", x, filters=5, kernel_size=1, activation="softmax")


def cbam(g):
    x = source(g, 32, 32, 64)
    a = conv(g, x, 1, 7, act="sigmoid")
    x = g.add("Multiply", [x, a])
    a = g.add("GlobalAveragePooling2D", x, keepdims=True)
    b = g.add("GlobalMaxPooling2D", x, keepdims=True)
    a = g.add("Dense", a, units=64)
    b = g.add("Dense", b, units=64)
    s = g.add("Activation", g.add("Add", [a, b]), activation="sigmoid")
    g.add("Conv2D", g.add("Multiply", [x, s]), filters=8, kernel_size=3)


def yolo_head(g):
    x = source(g, 416, 416, 3)
    for f in (16, 32, 64, 128, 256):
        x = g.add("MaxPooling2D", conv(g, x, f))
    x = conv(g, x, 255, 1, act=None)
    g.add("Reshape", x, target_shape=[13, 13, 3, 85])


def capsule_like(g):
    x = source(g, 28, 28, 1)
    x = conv(g, x, 256, 9, 1, "valid")
    x = conv(g, x, 256, 9, 2, "valid")
    x = g.add("Reshape", x, target_shape=[6 * 6 * 32, 8])
    g.add("Dense", x, units=16)


def pixel_dense(g):
    x = source(g, 28, 28, 3)
    x = g.add("Dense", x, units=16, activation="relu")
    x = conv(g, x, 8)
    g.add("Dense", g.add("GlobalAveragePooling2D", x), units=2)


def hyperspectral(g):
    x = source(g, 9, 9, 200)
    x = conv(g, x, 32)
    g.add("Dense", g.add("Flatten", x), units=16)


def feature_map_input(g):
    x = source(g, 7, 7, 512)
    x = g.add("GlobalAveragePooling2D", x)
    g.add("Dense", x, units=5)


def instance_norm(g):
    x = source(g, 64, 64, 3)
    x = conv(g, x, 32)
    x = g.add("GroupNormalization", x, groups=-1)
    x = g.add("GroupNormalization", x, groups=8)
    conv(g, x, 3)


MODELS = [vgg, resnet, unet, unet_none, unet_crop, inception,
          mobilenet_v2_v3, mobilenet_v1_head, densenet, efficientnet, gan_generator, gan_discriminator,
          conditional_gan, autoencoder, dense_autoencoder, siamese, vit, vit_patches,
          conv3d, channels_first, fcn, segmentation_dense_head, cbam, yolo_head,
          capsule_like, pixel_dense, hyperspectral, feature_map_input, instance_norm]
