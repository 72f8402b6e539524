"""Models for tests, as Keras 3 writes them and as projects."""


class Model:
    """Layers in order, each fed by the one before unless told otherwise."""

    def __init__(self, *steps):
        self.layers = []
        for step in steps:
            self.add(step[0], **(step[1] if len(step) > 1 else {}))

    def add(self, class_name, inputs=None, name=None, build=None, weights=None, **config):
        name = name or f"n{len(self.layers)}"
        if inputs is None:
            inputs = [self.layers[-1]["name"]] if self.layers and class_name != "InputLayer" else []
        if isinstance(inputs, str):
            inputs = [inputs]
        self.layers.append({"class": class_name, "name": name, "inputs": list(inputs), "config": config, "build": build,
                            "weights": weights})
        return name

    def names(self):
        return [layer["name"] for layer in self.layers]

    @staticmethod
    def tensor(name):
        return {"class_name": "__keras_tensor__", "config": {"shape": None, "dtype": "float32", "keras_history": [name, 0, 0]}}

    def keras(self):
        """As Keras 3 writes it with to_json()."""
        entries = []
        used = {name for layer in self.layers for name in layer["inputs"]}
        for layer in self.layers:
            tensors = [self.tensor(name) for name in layer["inputs"]]
            calls = [{"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}] if tensors else []
            entry = {"module": "keras.layers", "class_name": layer["class"], "config": dict(layer["config"], name=layer["name"]),
                     "registered_name": None, "name": layer["name"], "inbound_nodes": calls}
            if layer["build"]:
                entry["build_config"] = {"input_shape": layer["build"]}
            entries.append(entry)
        ends = [layer["name"] for layer in self.layers if layer["name"] not in used]
        starts = [layer["name"] for layer in self.layers if layer["class"] == "InputLayer"]
        return {"module": "keras", "class_name": "Functional", "registered_name": "Functional",
                "config": {"name": "model", "trainable": True, "layers": entries,
                           "input_layers": [[name, 0, 0] for name in starts], "output_layers": [[name, 0, 0] for name in ends]}}

    def is_chain(self):
        return all(layer["inputs"] == ([before["name"]] if before else []) for before, layer in zip([None, *self.layers], self.layers))

    def sequential(self):
        """The same as Keras 2 writes a Sequential. Precondition: is_chain()."""
        entries = []
        for layer in self.layers[1:]:
            config = dict(layer["config"], name=layer["name"])
            if len(entries) == 0:
                config["batch_input_shape"] = self.layers[0]["config"]["batch_shape"]
            entries.append({"class_name": layer["class"], "config": config})
        return {"class_name": "Sequential", "keras_version": "2.15.0", "backend": "tensorflow",
                "config": {"name": "model", "layers": entries}}

    def project(self):
        nodes = []
        for layer in self.layers:
            settings = dict(layer["config"])
            if layer["class"] == "InputLayer" and "batch_shape" in settings and settings["batch_shape"][0] is None:
                settings["shape"] = settings.pop("batch_shape")[1:]
            node = {"name": layer["name"], "type": layer["class"], "inputs": layer["inputs"], "settings": settings}
            if layer["weights"]:
                node["weights"] = layer["weights"]
            nodes.append(node)
        return {"format": "shapewise", "version": 1, "nodes": nodes}


def data(*sizes, **more):
    return ("InputLayer", dict(more, batch_shape=[None, *sizes]))


def conv(rank, filters=8, kernel=3, **more):
    return (f"Conv{rank}D", dict(more, filters=filters, kernel_size=[kernel] * rank if isinstance(kernel, int) else kernel))


def inner(class_name, **config):
    return {"module": "keras.layers", "class_name": class_name, "config": dict(config, name="inner"), "registered_name": None}
