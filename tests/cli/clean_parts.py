"""Pieces of the architectures of clean_models_test.py. `g` is a Model, `x` the name of a layer in it."""


def source(g, *sizes, name=None):
    return g.add("InputLayer", [], name, batch_shape=[None, *sizes])


def conv(g, x, f, k=3, s=1, p="same", act="relu", **m):
    return g.add("Conv2D", x, filters=f, kernel_size=[k, k] if isinstance(k, int) else k, strides=[s, s], padding=p, activation=act, **m)


def bn(g, x):
    return g.add("BatchNormalization", x)


def se(g, x, c, r=4, conv1=True):
    s = g.add("GlobalAveragePooling2D", x, keepdims=conv1)
    if conv1:
        s = g.add("Conv2D", s, filters=c // r, kernel_size=[1, 1], activation="relu")
        s = g.add("Conv2D", s, filters=c, kernel_size=[1, 1], activation="sigmoid")
    else:
        s = g.add("Reshape", s, target_shape=[1, 1, c])
        s = g.add("Dense", s, units=c // r, activation="relu")
        s = g.add("Dense", s, units=c, activation="sigmoid")
    return g.add("Multiply", [x, s])
