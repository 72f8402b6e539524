#!/usr/bin/env python3
"""Every mistake of the table, broken on purpose: is it found, explained and repaired? usage: mistakes_test.py PROGRAM [TestClass...]

A case is a model and what must be said of it: the consumer, the producer, the severity, the repairs of the table in any
order with the default first, and words that the message must hold. Every repair is applied and the result checked.
"""
import base64
import json
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from keras_model import Model, conv, data, inner

PROGRAM = ""
SEVERITIES = ("error", "warning", "hint")


def zeros(name, *sizes):
    count = 1
    for size in sizes:
        count *= size
    return {"name": name, "shape": list(sizes), "values": base64.b64encode(struct.pack(f"<{count}f", *([0.0] * count))).decode()}


class MistakeCase(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def cli(self, *arguments):
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=60, check=False)

    def check(self, path):
        done = self.cli("check", path, "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr.decode())
        report = json.loads(done.stdout)
        has_errors = any(d["severity"] == "error" for d in report["diagnostics"])
        self.assertEqual(done.returncode, 1 if has_errors else 0)
        return report

    @staticmethod
    def words(report):
        return "\n".join(f"{d['severity']} {d['code']} {d['from']} -> {d['node']}: {d['message']}\n" +
                         "\n".join(f"    {f['title']} => {f['output_shape']}" for f in d["fixes"]) for d in report["diagnostics"])

    def expect(self, model, node, source, fixes, severity="error", says=(), code=None, project=False):
        """`fixes`: regular expressions, each of which the title of a repair must match, the first that of the first."""
        with self.subTest(model=[(layer["class"], layer["config"]) for layer in model.layers], node=node):
            path = self.folder / "model.json"
            path.write_text(json.dumps(model.project() if project else model.keras()), encoding="utf-8")
            report = self.check(path)
            self.assertEqual(report, self.check(path), "two runs differ")
            text = self.words(report)
            found = [d for d in report["diagnostics"] if d["node"] == node and d["severity"] == severity and (code is None or d["code"] == code)]
            self.assertTrue(found, f"nothing said of {node}\n{text}")
            diagnostic = found[0]
            self.assertEqual(diagnostic["from"], source, text)
            self.expect_words(diagnostic, node, source, says)
            ids = [fix["id"] for d in report["diagnostics"] for fix in d["fixes"]]
            self.assertEqual(len(ids), len(set(ids)), ids)
            titles = [fix["title"] for fix in diagnostic["fixes"]]
            self.assertEqual(len(titles), len(set(titles)), f"two repairs are called the same\n{text}")
            for wanted in fixes:
                self.assertTrue(any(re.search(wanted, title) for title in titles), f"no repair {wanted}\n{text}")
            self.assertTrue(re.search(fixes[0], titles[0]), f"the first repair is not {fixes[0]}\n{text}")
            self.expect_same_in_keras_2(model, report)
            for index, fix in enumerate(diagnostic["fixes"]):
                self.expect_repair(model, path, report, diagnostic, fix, index == 0)

    def expect_same_in_keras_2(self, model, report):
        """A Sequential of Keras 2 has the same mistakes; only its Input has another name."""
        if not model.is_chain() or any(layer["class"] in ("Target", "ArrayFile") or layer["build"] or layer["weights"] for layer in model.layers):
            return
        path = self.folder / "keras2.json"
        path.write_text(json.dumps(model.sequential()), encoding="utf-8")
        source = model.layers[0]["name"]
        def told(found):
            return [(d["severity"], d["code"], d["node"], re.sub(r"\w+_input\b", source, d["from"] or ""),
                     [(re.sub(r"\w+_input\b", source, fix["title"]), fix["output_shape"]) for fix in d["fixes"]]) for d in found["diagnostics"]]
        self.assertEqual(told(self.check(path)), told(report))

    def expect_words(self, diagnostic, node, source, says):
        message = diagnostic["message"]
        self.assertNotRegex(message, r"\?|\bnull\b|\binvalid\b|\billegal\b|\boops\b|\bplease\b|  |(?<!\.)\.\.(?!\.)|, \.(?!\.)|: \.")
        self.assertNotRegex(message, r"\b1 (steps|axes|channels|features|filters|layers|rows|samples|numbers)\b")
        self.assertLess(len(message), 420, message)
        self.assertIn(node, message)
        if source is not None:
            self.assertRegex(message, rf"\b{re.escape(source)}\b|its input|{re.escape(node)}")
        if diagnostic["severity"] == "warning":
            self.assertRegex(message, r"\d+ % sure")
        for part in says:
            self.assertRegex(message, part)

    def expect_repair(self, model, path, before, diagnostic, fix, is_first):
        has_target = any(layer["class"] == "Target" for layer in model.layers)  # which Keras does not know
        for ending in ("shapewise",) if has_target else ("json", "shapewise"):
            repaired = self.folder / f"repaired.{ending}"
            done = self.cli("check", path, "--apply", fix["id"], "--output", repaired)
            if ending == "json" and done.returncode == 1 and not repaired.exists():
                continue  # what is still broken cannot always be written as Keras JSON
            self.assertIn(done.returncode, (0, 1), f"{fix['title']}: {done.stderr.decode()}")
            after = self.check(repaired)
            told = f"{fix['title']}\nbefore\n{self.words(before)}\nafter\n{self.words(after)}"
            problems = {(d["code"], d["node"]): d for d in after["diagnostics"] if d["severity"] != "hint"}
            self.assertNotIn((diagnostic["code"], diagnostic["node"]), problems, told)
            nodes = {n["name"]: n for n in after["nodes"]}
            shape = nodes[diagnostic["node"]]["output_shapes"][:1] if diagnostic["node"] in nodes else []
            if ending == "shapewise":
                self.assertEqual(fix["output_shape"], shape[0] if shape else None, told)
            if not re.match(r"(Remove|Delete)", fix["title"]):
                missing = set(model.names()) - set(nodes)
                self.assertFalse(missing, told)
            if is_first:
                old = {(d["code"], d["node"]) for d in before["diagnostics"] if d["severity"] != "hint"}
                self.assertFalse(set(problems) - old, told)
            (repaired).unlink()


class Ranks(MistakeCase):
    def test_01_sequence_into_a_picture_layer(self):
        fixes = ["^Use Conv1D instead", r"Reshape → \(18, 32, 1\)", r"Reshape \(18, 1, 32\), kernel \(3, 1\)"]
        says = [r"\(None, 18, 32\) = \(batch, time, channels\)", r"\(batch, height, width, channels\)"]
        self.expect(Model(data(20, 1), conv(1, 32), conv(2)), "n2", "n1", fixes, says=says)
        far = Model(data(30, 4), conv(1, 16), ("BatchNormalization",), ("ReLU",), ("Dropout", {"rate": 0.2}),
                    ("MaxPooling1D", {"pool_size": 2}), ("Activation", {"activation": "relu"}), conv(2))
        self.expect(far, "n7", "n6", ["^Use Conv1D instead", r"Reshape → \(14, 16, 1\)", "Keep Conv2D"], says=["comes from InputLayer 'n0'"])
        for class_name, one in (("MaxPooling2D", "MaxPooling1D"), ("AveragePooling2D", "AveragePooling1D"), ("UpSampling2D", "UpSampling1D"),
                                ("ZeroPadding2D", "ZeroPadding1D"), ("GlobalAveragePooling2D", "GlobalAveragePooling1D")):
            config = {"pool_size": [2, 2]} if class_name.endswith("gePooling2D") and "Global" not in class_name else {}
            self.expect(Model(data(20, 1), conv(1, 32), (class_name, config)), "n2", "n1", [f"^Use {one} instead", "Reshape → "])
        for class_name in ("Conv2DTranspose", "SeparableConv2D", "DepthwiseConv2D"):
            config = {"kernel_size": [3, 3]} if class_name == "DepthwiseConv2D" else {"kernel_size": [3, 3], "filters": 4}
            self.expect(Model(data(20, 1), conv(1, 32), (class_name, config)), "n2", "n1",
                        ["^Use " + class_name.replace("2D", "1D") + " instead", "Reshape → "])
        branches = Model(data(20, 4))
        a, b = branches.add("Conv1D", ["n0"], filters=8, kernel_size=3), branches.add("Conv1D", ["n0"], filters=8, kernel_size=3)
        joined = branches.add("Concatenate", [a, b])
        wrong = branches.add("Conv2D", filters=4, kernel_size=[3, 3])
        self.expect(branches, wrong, joined, ["^Use Conv1D instead", r"Reshape → \(18, 16, 1\)"])
        self.expect(Model(data(20, 20, 3), conv(2), conv(3)), "n2", "n1", ["^Use Conv2D instead", "Reshape → "])
        self.expect(Model(data(20, 4), ("LSTM", {"units": 8, "return_sequences": True}), conv(2)), "n2", "n1", ["^Use Conv1D instead", "Reshape"])

    def test_01_behind_a_flattening_layer(self):
        self.expect(Model(data(28, 28, 1), conv(2), ("Flatten",), conv(2)), "n3", "n2", ["^Move Conv2D 'n3' before Flatten 'n2'", "Remove Flatten 'n2'"])
        self.expect(Model(data(28, 28, 3), conv(2), ("GlobalAveragePooling2D",), conv(2)), "n3", "n2", ["^Move Conv2D 'n3' before"])
        self.expect(Model(data(28, 28, 8), ("Reshape", {"target_shape": [784, 8]}), conv(2)), "n2", "n1",
                    ["^Use Conv1D", "Move Conv2D 'n2' before Reshape 'n1'"])

    def test_02_picture_without_channels(self):
        for model in (Model(data(28, 28), conv(2)), Model(data(28, 28), ("Rescaling", {"scale": 0.1}), conv(2)),
                      Model(data(64, 80), ("BatchNormalization",), ("Dropout", {"rate": 0.1}), conv(2, 4))):
            sizes = ", ".join(map(str, model.layers[0]["config"]["batch_shape"][1:]))
            names = model.names()
            self.expect(model, names[-1], names[-2], [rf"^Change the shape of InputLayer 'n0' to \({sizes}, 1\)", rf"Reshape → \({sizes}, 1\)"],
                        says=["no axis of channels"])
        self.expect(Model(data(28, 28), conv(2, data_format="channels_first")), "n1", "n0",
                    [r"^Change the shape of InputLayer 'n0' to \(1, 28, 28\)", r"Reshape → \(1, 28, 28\)"])
        self.expect(Model(data(16000), ("MelSpectrogram", {"num_mel_bins": 64, "sequence_stride": 256}), conv(2)), "n2", "n1", [r"^Insert Reshape → \(64, 63, 1\)"])

    def test_03_batch_in_the_shape(self):
        self.expect(Model(data(60000, 28, 28, 1), conv(2, 10, 5)), "n1", "n0", [r"^Drop 60000 from the shape", "Use 60000 as the fixed batch"],
                    says=["may be the batch size.*or frames"])
        self.expect(Model(data(32, 28, 28, 1), conv(2)), "n1", "n0", ["^Drop 32", "32 as the fixed batch", "TimeDistributed"], says=["may be the batch size.*or frames"])
        self.expect(Model(data(16, 64, 64, 3), conv(2), ("MaxPooling2D",), ("Flatten",), ("Dense", {"units": 3})), "n1", "n0",
                    ["^Drop 16", "16 as the fixed batch"], says=["may be the batch size.*or frames"])
        self.expect(Model(data(32, 100, 8), conv(1)), "n1", "n0", ["^Drop 32", "32 as the fixed"])
        self.expect(Model(data(128, 28, 28, 3), ("Rescaling", {"scale": 0.1}), ("MaxPooling2D",)), "n2", "n1", ["^Drop 128", "128 as the fixed"])

    def test_04_sample_without_batch(self):
        picture = Model(("InputLayer", {"batch_shape": [224, 224, 3]}), conv(2))
        self.expect(picture, "n1", "n0", [r"^Take \(224, 224, 3\) as one sample of InputLayer 'n0': add a batch axis"])
        self.expect(Model(data(224, 3), conv(2)), "n1", "n0", ["", r"Change the shape of InputLayer 'n0' to \(224, 224, 3\)"])
        array = Model(("ArrayFile", {"path": "photo.npy", "known_shape": [224, 224, 3]}), conv(2))
        self.expect(array, "n1", "n0", ["^Take ArrayFile 'n0' as one sample: add a batch axis of 1"], project=True)
        far = Model(("ArrayFile", {"path": "photo.npy", "known_shape": [64, 64, 3]}), ("Rescaling", {"scale": 0.5}), conv(2), ("Flatten",))
        self.expect(far, "n2", "n1", ["^Take ArrayFile 'n0' as one sample"], project=True)

    def test_04_run_adds_the_batch_axis(self):
        path = self.folder / "model.json"
        path.write_text(json.dumps(Model(data(6, 5, 3), conv(2)).keras()), encoding="utf-8")
        header = str({"descr": "<f4", "fortran_order": False, "shape": (6, 5, 3)})
        header += " " * (-(len(header) + 11) % 64) + "\n"
        array = self.folder / "x.npy"
        array.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<90f", *range(90)))
        done = self.cli("run", path, "--output-dir", self.folder / "out", "--input", f"n0={array}")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn("a batch axis of 1 was added", done.stderr.decode())

    def test_05_table_into_conv1d(self):
        self.expect(Model(data(30), conv(1)), "n1", "n0", [r"^Insert Reshape → \(30, 1\)", r"Change the shape of InputLayer 'n0' to \(30, 1\)", "Embedding"])
        self.expect(Model(data(30), ("BatchNormalization",), conv(1)), "n2", "n1", [r"^Insert Reshape → \(30, 1\)", r"to \(30, 1\)"])
        self.expect(Model(data(30), ("Dense", {"units": 16}), conv(1)), "n2", "n1", [r"^Insert Reshape → \(16, 1\)"])
        self.expect(Model(data(30), ("MaxPooling1D",)), "n1", "n0", [r"^Insert Reshape → \(30, 1\)"])

    def test_14_stacked_recurrent(self):
        for first in (("LSTM", {"units": 6}), ("GRU", {"units": 6}), ("SimpleRNN", {"units": 6}),
                      ("Bidirectional", {"layer": inner("LSTM", units=6)})):
            self.expect(Model(data(10, 4), first, ("LSTM", {"units": 5})), "n2", "n1", ["^Turn return_sequences on in", r"RepeatVector\(10\)"])
        far = Model(data(10, 4), ("GRU", {"units": 6}), ("Dropout", {"rate": 0.1}), ("BatchNormalization",), ("Dense", {"units": 7}), ("LSTM", {"units": 5}))
        self.expect(far, "n5", "n4", ["^Turn return_sequences on in GRU 'n1'", "RepeatVector"], says=["comes from GRU 'n1'"])
        self.expect(Model(data(10, 4), ("LSTM", {"units": 6}), conv(1)), "n2", "n1", ["^Turn return_sequences on", "RepeatVector"])
        self.expect(Model(data(10, 4), ("LSTM", {"units": 6}), ("TimeDistributed", {"layer": inner("Dense", units=3)})), "n2", "n1",
                    ["^Turn return_sequences on", "RepeatVector"])
        self.expect(Model(data(10, 4), ("LSTM", {"units": 6}), ("Bidirectional", {"layer": inner("LSTM", units=3)})), "n2", "n1",
                    ["^Turn return_sequences on", "RepeatVector"])

    def test_15_table_into_recurrent(self):
        for layer in (("LSTM", {"units": 5}), ("GRU", {"units": 5}), ("Bidirectional", {"layer": inner("GRU", units=5)})):
            self.expect(Model(data(10), layer), "n1", "n0", [r"^Insert Reshape → \(10, 1\)", r"Insert Reshape → \(1, 10\)"])
        self.expect(Model(data(10), ("Dense", {"units": 8}), ("Dropout", {"rate": 0.1}), ("GRU", {"units": 5})), "n3", "n2",
                    [r"^Insert Reshape → \(8, 1\)", r"Insert Reshape → \(1, 8\)"])

    def test_16_map_into_recurrent(self):
        crnn = Model(data(32, 128, 1), conv(2, 8, 3, padding="same"), ("MaxPooling2D",), ("LSTM", {"units": 5}))
        self.expect(crnn, "n3", "n2", [r"^Insert Reshape → \(16, 512\)", r"Permute \(2, 1, 3\) and Reshape → \(64, 128\)", r"TimeDistributed\(Flatten\)"])
        message = self.message(crnn)
        self.assertNotIn("may be the batch", message)
        self.expect(Model(data(None, 128, 1), conv(2, 8, 3, padding="same"), ("GRU", {"units": 5})), "n2", "n1",
                    [r"^Insert Reshape → \(-1, 1024\)", r"TimeDistributed\(Flatten\)"])

    def message(self, model):
        path = self.folder / "words.json"
        path.write_text(json.dumps(model.keras()), encoding="utf-8")
        return self.check(path)["diagnostics"][0]["message"]

    def test_17_video_into_a_picture_layer(self):
        fixes = [r"^Use TimeDistributed\(Conv2D\)", "Use Conv3D instead", "Use ConvLSTM2D instead"]
        self.expect(Model(data(10, 64, 64, 3), conv(2)), "n1", "n0", fixes, says=["frames of a video, or the batch"])
        self.expect(Model(data(10, 64, 64, 3), ("Rescaling", {"scale": 0.1}), conv(2), ("MaxPooling2D",), ("Flatten",), ("Dense", {"units": 3})),
                    "n2", "n1", fixes)
        self.expect(Model(data(10, 64, 64, 3), ("MaxPooling2D",)), "n1", "n0", [r"^Use TimeDistributed\(MaxPooling2D\)", "Use MaxPooling3D"])

    def test_dense_on_a_vector_without_batch(self):
        self.expect(Model(("InputLayer", {"batch_shape": [10]}), ("Dense", {"units": 3})), "n1", "n0",
                    [r"^Take \(10,\) as one sample of InputLayer 'n0': add a batch axis"])
        self.expect(Model(("InputLayer", {"batch_shape": [None]}), ("Dense", {"units": 3})), "n1", "n0", [r"^Insert Reshape → \(1,\)"])

    def test_spectrogram_ports(self):
        stft = ("STFTSpectrogram", {"frame_length": 256})
        mel = ("MelSpectrogram", {"num_mel_bins": 64, "sequence_stride": 256})
        self.expect(Model(data(16000), stft), "n1", "n0", [r"^Insert Reshape → \(16000, 1\)"], says=["samples, channels"])
        self.expect(Model(data(16000), ("GaussianNoise", {"stddev": 0.1}), stft), "n2", "n1", [r"^Insert Reshape → \(16000, 1\)"])
        self.expect(Model(data(16000, 1), mel), "n1", "n0", [r"^Insert Reshape → \(16000,\)"], says=["without an axis of channels"])
        self.expect(Model(data(16000, 2), mel), "n1", "n0", ["^Mix 2 channels"])

    def test_sound_into_a_picture_layer(self):
        self.expect(Model(data(16000, 1), conv(2)), "n1", "n0", ["^Use Conv1D", "Make it a spectrogram first"])


class Orders(MistakeCase):
    def test_06_steps_and_channels_exchanged(self):
        exchange = [r"^Insert Permute \(2, 1\)", r"Change the shape of InputLayer 'n0' to \(101, 1\)"]
        self.expect(Model(data(1, 101), conv(1, 8, 5)), "n1", "n0", exchange)
        self.expect(Model(data(1, 101), ("BatchNormalization",), ("Dropout", {"rate": 0.2}), conv(1, 8, 5)), "n3", "n2", exchange)
        self.expect(Model(data(1, 101), ("MaxPooling1D",)), "n1", "n0", exchange)
        self.expect(Model(data(1, 101), conv(1, 8, 5, padding="same")), "n1", "n0", exchange, "warning")
        self.expect(Model(data(1, 101), conv(1, 8, 3, padding="causal")), "n1", "n0", exchange, "warning")
        self.expect(Model(data(2, 101), ("Rescaling", {"scale": 0.1}), conv(1, 8, 3, padding="same")), "n2", "n1", [r"^Insert Permute \(2, 1\)", r"to \(101, 2\)"], "warning")

    def test_07_channels_first_data(self):
        fixes = [r"^Insert Permute \(2, 3, 1\)", "Set data_format of .* to 'channels_first'", r"Change the shape of InputLayer 'n0' to \(28, 28, 1\)"]
        self.expect(Model(data(1, 28, 28), conv(2, 32, 5)), "n1", "n0", fixes)
        fixes[2] = r"to \(224, 224, 3\)"
        self.expect(Model(data(3, 224, 224), conv(2)), "n1", "n0", fixes, "warning", says=["channels seem to come first"])
        self.expect(Model(data(3, 224, 224), ("BatchNormalization",), ("Rescaling", {"scale": 0.1}), conv(2)), "n3", "n2", fixes, "warning")
        deep = Model(data(3, 64, 64), conv(2, padding="same"), ("BatchNormalization",), ("MaxPooling2D",), ("MaxPooling2D",), ("Flatten",), ("Dense", {"units": 2}))
        fixes[2] = r"to \(64, 64, 3\)"
        self.expect(deep, "n1", "n0", fixes, "warning")
        self.expect(deep, "n4", "n3", [r"^Insert Permute \(2, 3, 1\) behind InputLayer 'n0'"] + fixes[1:])
        self.expect(Model(data(64, 64, 3), conv(2, data_format="channels_first")), "n1", "n0",
                    [r"^Insert Permute \(3, 1, 2\)", "Set data_format of .* to 'channels_last'", r"to \(3, 64, 64\)"], "warning", says=["seem to come last"])
        self.expect(Model(data(1, 32, 32, 32), conv(3)), "n1", "n0", [r"^Insert Permute \(2, 3, 4, 1\)", "channels_first", r"to \(32, 32, 32, 1\)"])

    def test_20_reshape_exchanges_axes(self):
        self.expect(Model(data(64, 128), ("Reshape", {"target_shape": [128, 64]})), "n1", "n0", [r"^Use Permute \(2, 1\) instead"], "warning", says=["order in memory"])
        self.expect(Model(data(40, 101, 1), ("Reshape", {"target_shape": [101, 40, 1]}), conv(2)), "n1", "n0", [r"^Use Permute \(2, 1, 3\)"], "warning")
        self.expect(Model(data(40, 101, 1), ("Reshape", {"target_shape": [101, 40]})), "n1", "n0", [r"^Insert Permute \(2, 1, 3\) before"], "warning")
        self.expect(Model(data(20, 8), conv(1, 6), ("ReLU",), ("Reshape", {"target_shape": [6, -1]})), "n3", "n2", [r"^Use Permute \(2, 1\)"], "warning")
        self.expect(Model(data(16000), ("MelSpectrogram", {"num_mel_bins": 64, "sequence_stride": 256}), ("Reshape", {"target_shape": [63, 64]})),
                    "n2", "n1", [r"^Use Permute \(2, 1\)"], "warning")

    def test_normalisation_axis(self):
        first = {"data_format": "channels_first"}
        self.expect(Model(data(3, 32, 32), conv(2, **first), ("BatchNormalization",)), "n2", "n1", ["^Set axis to 1"], "warning",
                    says=["Conv2D 'n1' puts the channels on axis 1"])
        far = Model(data(3, 32, 32), conv(2, **first), ("ReLU",), ("MaxPooling2D", dict(first)), ("Dropout", {"rate": 0.1}), ("BatchNormalization",))
        self.expect(far, "n5", "n4", ["^Set axis to 1"], "warning")
        self.expect(Model(data(3, 32, 32), conv(2, **first), ("GroupNormalization", {"groups": 4})), "n2", "n1", ["^Set axis to 1"])

    def test_mel_read_as_time(self):
        mel = ("MelSpectrogram", {"num_mel_bins": 64, "sequence_stride": 256})
        for layer in (conv(1), ("LSTM", {"units": 4}), ("GRU", {"units": 4, "return_sequences": True}), ("Bidirectional", {"layer": inner("LSTM", units=4)}),
                      ("MaxPooling1D",), ("GlobalAveragePooling1D",)):
            self.expect(Model(data(16000), mel, layer), "n2", "n1", [r"^Insert Permute \(2, 1\)"], "warning", says=["64 mel bands of MelSpectrogram 'n1'"])
        self.expect(Model(data(16000), mel, ("Rescaling", {"scale": 0.1}), ("Dropout", {"rate": 0.1}), conv(1)), "n4", "n3",
                    [r"^Insert Permute \(2, 1\)"], "warning", says=["64 mel bands of MelSpectrogram 'n1'"])


class Sizes(MistakeCase):
    def test_08_too_many_valid_convolutions(self):
        fixes = ["^Set padding to 'same'", "Set kernel to 1 × 1", "Remove MaxPooling2D 'n6'", r"Change the shape of InputLayer 'n0' to \(38, 38, 1\)"]
        pool = ("MaxPooling2D",)
        self.expect(Model(data(28, 28, 1), conv(2), pool, conv(2), pool, conv(2), pool, conv(2)), "n7", "n6", fixes,
                    says=[r"⌊\(1 − 3\) / 1⌋ \+ 1 = −1", "28 → 26 → 13"])
        self.expect(Model(data(10, 4), conv(1, 8, 7), ("ReLU",), conv(1, 8, 7)), "n3", "n2", ["^Set padding to 'same'", "Set kernel to 4", r"to \(13, 4\)"])
        self.expect(Model(data(4, 4, 4, 1), conv(3), conv(3)), "n2", "n1", ["^Set padding to 'same'", "Set kernel to 2 × 2 × 2", r"to \(5, 5, 5, 1\)"])
        self.expect(Model(data(3, 8, 9), conv(2, data_format="channels_first"), conv(2, 8, 7, data_format="channels_first")), "n2", "n1",
                    ["^Set padding to 'same'", "Set kernel to 6 × 7"])
        self.expect(Model(data(20, 4), conv(1, 8, 3, dilation_rate=16)), "n1", "n0", ["^Set padding to 'same'", "Set kernel to 2", "Set dilation to 9", r"to \(33, 4\)"])

    def test_09_pooling_a_map_of_one(self):
        pool = ("MaxPooling2D",)
        self.expect(Model(data(8, 8, 1), pool, pool, pool, pool), "n4", "n3",
                    ["^Set padding to 'same'", "Remove MaxPooling2D 'n4'", "Use GlobalAveragePooling2D", "Use GlobalMaxPooling2D"])
        self.expect(Model(data(4, 3), ("AveragePooling1D", {"pool_size": 2}), ("AveragePooling1D", {"pool_size": 3})), "n2", "n1",
                    ["^Set padding to 'same'", "Remove AveragePooling1D 'n2'", "Use GlobalAveragePooling1D", "Set pool to 2"])

    def test_10_channels_of_a_declared_build(self):
        def model(given, made, kernel=3):
            return Model(data(32, 32, given), ("Conv2D", {"filters": 4, "kernel_size": [kernel] * 2, "build": [None, 32, 32, made]}))
        self.expect(model(1, 3), "n1", "n0", ["^Repeat the grey channel 3 times", "1 × 1 Conv2D with 3 filters", r"to \(32, 32, 3\)"], says=["made for 3 channels", "gives 1"])
        self.expect(model(4, 3), "n1", "n0", ["^Drop the alpha channel", "1 × 1 Conv2D", r"to \(32, 32, 3\)"])
        self.expect(model(3, 1), "n1", "n0", ["", "1 × 1 Conv2D with 1 filter", r"to \(32, 32, 1\)"])

    def test_10_channels_of_loaded_weights(self):
        for given, first in ((1, "^Repeat the grey channel 3 times"), (4, "^Drop the alpha channel")):
            model = Model(data(32, 32, given))
            model.add("Conv2D", filters=4, kernel_size=[3, 3], weights=[zeros("kernel", 3, 3, 3, 4), zeros("bias", 4)])
            self.expect(model, "n1", "n0", [first, "1 × 1 Conv2D", r"to \(32, 32, 3\)", "Forget the loaded weights"], project=True)

    def test_dense_size_baked_in(self):
        model = Model(data(64, 64, 3))
        model.add("Conv2D", filters=4, kernel_size=[3, 3], padding="same", build=[None, 32, 32, 3])
        model.add("MaxPooling2D", build=[None, 32, 32, 4])
        model.add("Flatten", build=[None, 16, 16, 4])
        model.add("Dense", units=10, build=[None, 1024])
        fixes = ["^Use GlobalAveragePooling2D instead of Flatten 'n3'", r"Change the shape of InputLayer 'n0' to \(32, 32, 3\)", "Make the weights of Dense 'n4' new"]
        self.expect(model, "n4", "n3", fixes, says=["made for 1024 features", "gives 4096"])
        loaded = Model(data(8, 8, 3), ("Flatten",))
        loaded.add("Dense", units=2, weights=[zeros("kernel", 48, 2), zeros("bias", 2)])
        self.expect(loaded, "n2", "n1", ["^Use GlobalAveragePooling2D", r"to \(4, 4, 3\)", "Forget the loaded weights"], project=True)

    def test_11_unknown_size_flattened(self):
        for rank, sizes in ((1, [None, 3]), (2, [None, None, 3]), (3, [None, None, None, 3])):
            self.expect(Model(data(*sizes), conv(rank), ("Flatten",), ("Dropout", {"rate": 0.5}), ("Dense", {"units": 10})), "n4", "n3",
                        [f"^Use GlobalAveragePooling{rank}D", f"Use GlobalMaxPooling{rank}D", f"AdaptiveAveragePooling{rank}D", "Change the shape of InputLayer 'n0'"])

    def test_18_reshape_to_another_number(self):
        self.expect(Model(data(13, 13, 1024), ("Reshape", {"target_shape": [4, 10]})), "n1", "n0",
                    [r"^Set target_shape to \(4, -1\)", r"Set target_shape to \(256, 676\)", r"Flatten and Dense\(40\)"], says=["173,056 is not 4 × 10 = 40"])
        self.expect(Model(data(784), ("Reshape", {"target_shape": [28, 27]})), "n1", "n0", [r"^Set target_shape to \(28, -1\)", r"\(28, 28\)", r"Insert Dense\(756\)"])
        self.expect(Model(data(28, 28, 1), conv(2), ("MaxPooling2D",), ("Reshape", {"target_shape": [28, 28, 1]})), "n3", "n2",
                    ["^Set target_shape", r"Flatten and Dense\(784\)"])

    def test_19_reshape_with_minus_one_or_batch(self):
        self.expect(Model(data(10), ("Reshape", {"target_shape": [-1, 3]})), "n1", "n0", ["^Set target_shape to"], says=["10 / 3 leaves 1"])
        self.expect(Model(data(28, 28, 1), ("Reshape", {"target_shape": [-1, 28, -1]})), "n1", "n0", [r"^Set target_shape to \(28, -1\)"])
        self.expect(Model(data(784), ("Reshape", {"target_shape": [32, 28, 28, 1]})), "n1", "n0", [r"^Set target_shape to \(28, 28, 1\)"])
        self.expect(Model(data(784), ("Reshape", {"target_shape": [-1, 28, 28, -1]})), "n1", "n0", [r"^Set target_shape to \(28, 28, -1\)"])
        self.expect(Model(data(784), ("Reshape", {"target_shape": [-1, 28, 28, 1]}), conv(2)), "n2", "n1", [r"^Set target_shape of Reshape 'n1' to \(28, 28, 1\)"])

    def test_24_groups(self):
        self.expect(Model(data(8, 8, 32), conv(2, 64, 3, groups=3)), "n1", "n0", ["^Set groups to 2"])
        self.expect(Model(data(8, 8, 32), conv(2, 10, 3, groups=4)), "n1", "n0", ["^Set groups to 2", "Set filters to 8"], says=["10 / 4 leaves 2"])
        self.expect(Model(data(8, 8, 32), conv(2, 10, 3, groups=32)), "n1", "n0", ["^Set groups to 2", "Set filters to 32", "Use DepthwiseConv2D instead"])
        self.expect(Model(data(8, 32), conv(1, 9, 3, groups=3)), "n1", "n0", ["^Set groups to 1"])
        far = Model(data(8, 8, 3), conv(2, 10), ("BatchNormalization",), conv(2, 12, 3, groups=4))
        self.expect(far, "n3", "n2", ["^Set groups to 2", "Set filters of Conv2D 'n1' to 8"])
        for channels, fitting in ((16, 16), (48, 24), (30, 30)):
            self.expect(Model(data(8, 8, channels), ("GroupNormalization",)), "n1", "n0", [f"^Set groups to {fitting}"])

    def test_cropping_larger_than_the_input(self):
        self.expect(Model(data(5, 4), ("Cropping1D", {"cropping": [3, 3]})), "n1", "n0", [r"^Set cropping to \(2, 2\)"], says=["5 − 6 = −1"])
        self.expect(Model(data(9, 5, 4), conv(2), ("Cropping2D", {"cropping": [[1, 1], [3, 3]]})), "n2", "n1", ["^Set cropping to"])
        self.expect(Model(data(5, 9, 9, 4), ("Cropping3D", {"cropping": [[3, 3], [0, 0], [0, 0]]})), "n1", "n0", ["^Set cropping to"])

    def test_window_longer_than_the_audio(self):
        self.expect(Model(data(200, 1), ("STFTSpectrogram", {"frame_length": 256})), "n1", "n0",
                    ["^Set frame_length to 128", "Set padding to 'same'", r"Change the shape of InputLayer 'n0' to \(256, 1\)"], says=["200 samples"])
        mel = ("MelSpectrogram", {"num_mel_bins": 32, "sequence_stride": 128})
        self.expect(Model(data(900), ("GaussianNoise", {"stddev": 0.1}), mel), "n2", "n1", ["^Set fft_length to 1024", r"to \(1025,\)"])


class Merges(MistakeCase):
    @staticmethod
    def skip(size, up, depth=1, **config):
        model = Model()
        x = model.add("InputLayer", batch_shape=[None, size, size, 1], name="data")
        skips = []
        for level in range(depth):
            x = model.add("Conv2D", [x], f"down{level}", filters=8, kernel_size=[3, 3], padding="same")
            skips.append(x)
            x = model.add("MaxPooling2D", [x], f"pool{level}")
        for level in reversed(range(depth)):
            x = model.add(up, [x], f"up{level}", **config)
            x = model.add("Concatenate", [skips[level], x], f"join{level}")
            x = model.add("Conv2D", [x], f"out{level}", filters=8, kernel_size=[3, 3], padding="same")
        return model

    def test_21_odd_sizes(self):
        fixes = [r"^Insert ZeroPadding2D \(\(0, 1\), \(0, 1\)\) behind", r"Cropping2D \(\(0, 1\), \(0, 1\)\)", r"to \(226, 226, 1\)", "Resizing → 225 × 225"]
        self.expect(self.skip(225, "UpSampling2D"), "join0", "up0", fixes, says=["height 225 and 224"])
        deep = self.skip(451, "UpSampling2D", 4)
        self.expect(deep, "join1", "up1", [r"^Insert ZeroPadding2D", "Cropping2D", r"to \(464, 464, 1\)", "Resizing → 225 × 225"], says=["225", "224"])

    def test_23_transposed_one_short(self):
        self.expect(self.skip(15, "Conv2DTranspose", filters=8, kernel_size=[2, 2], strides=[2, 2]), "join0", "up0",
                    ["^Set output_padding of .*'up0' to", "ZeroPadding2D", "Cropping2D"])
        for merge in ("Concatenate", "Add"):
            model = Model(data(28, 28, 4))
            down = model.add("Conv2D", ["n0"], filters=8, kernel_size=[3, 3], strides=[2, 2])
            up = model.add("Conv2DTranspose", [down], filters=4, kernel_size=[3, 3], strides=[2, 2])
            joined = model.add(merge, ["n0", up])
            self.expect(model, joined, up, [r"^Set output_padding of Conv2DTranspose 'n2' to \(1, 1\)"])
        line = Model(data(28, 4))
        down = line.add("Conv1D", ["n0"], filters=8, kernel_size=[3], strides=[2])
        up = line.add("Conv1DTranspose", [down], filters=4, kernel_size=[3], strides=[2])
        self.expect(line, line.add("Concatenate", ["n0", up]), up, ["", "Set output_padding of Conv1DTranspose 'n2' to"])
        self.expect(Model(data(14, 14, 4), ("Conv2DTranspose", {"filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "output_padding": 2})),
                    "n1", None, [r"^Set output_padding to \(1, 1\)"], says=["below the stride"])

    @staticmethod
    def residual(before, after, stride=1, padding="same", merge="Add", size=56):
        model = Model(data(size, size, before))
        x = model.add("Conv2D", ["n0"], filters=after, kernel_size=[3, 3], strides=[stride, stride], padding=padding)
        x = model.add("BatchNormalization", [x])
        model.add(merge, [x, "n0"], "sum")
        model.add("ReLU", ["sum"])
        return model

    def test_22_residual_mismatch(self):
        self.expect(self.residual(64, 256), "sum", "n0", ["^Insert a 1 × 1 Conv2D with 256 filters behind InputLayer 'n0'"], says=["channels 256 and 64"])
        self.expect(self.residual(64, 128, 2), "sum", "n0", ["^Insert a 1 × 1 Conv2D with 128 filters and stride 2 × 2"])
        self.expect(self.residual(64, 64, 1, "valid"), "sum", "n0", ["^Set padding of Conv2D 'n1' to 'same'", "Cropping2D"])
        for merge in ("Subtract", "Average", "Maximum", "Minimum", "Multiply"):
            self.expect(self.residual(8, 16, merge=merge), "sum", "n0", ["^Insert a 1 × 1 Conv2D with 16 filters"])
        line = Model(data(50, 8))
        x = line.add("Conv1D", ["n0"], filters=16, kernel_size=[3], padding="same")
        line.add("Add", [x, "n0"], "sum")
        self.expect(line, "sum", "n0", ["^Insert a 1 × 1 Conv1D with 16 filters"])

    def test_22_broadcast(self):
        for merge in ("Add", "Subtract", "Average", "Maximum", "Minimum"):
            model = Model(data(16, 16, 8))
            x = model.add("Conv2D", ["n0"], filters=1, kernel_size=[1, 1])
            model.add(merge, ["n0", x], "sum")
            self.expect(model, "sum", x, ["^Insert a 1 × 1 Conv2D with 8 filters behind Conv2D 'n1'"], "warning", says=["channels 1 becomes 8"])
        model = Model(data(16, 16, 8))
        x = model.add("GlobalAveragePooling2D", ["n0"])
        model.add("Add", ["n0", x], "sum")
        self.expect(model, "sum", x, ["^Insert Reshape → .* and UpSampling2D", "Use Multiply"], "warning", says=["height 1 becomes 16"])

    def test_merge_with_one_input(self):
        for merge in ("Add", "Concatenate", "Multiply", "Average"):
            for project in (False, True):
                self.expect(Model(data(10), ("Dense", {"units": 5}), (merge, {"name": "lone"})), "lone", None, ["^(Remove|Connect)", "Connect", "Remove"], project=project)

    def test_loop(self):
        model = Model(data(10))
        model.add("Dense", ["c"], "a", units=10)
        model.add("Add", ["n0", "a"], "b")
        model.add("Dense", ["b"], "c", units=10)
        model.add("Dense", ["b"], "out", units=2)
        for project in (False, True):
            self.expect(model, "a", "c", ["^Delete the link from Dense 'c' to Dense 'a'"], says=["Dense 'a' → Add 'b' → Dense 'c' → Dense 'a'"], project=project)

    def test_dangling_node(self):
        model = Model(data(10))
        model.add("Dense", [], "lost", units=10)
        model.add("Dense", ["lost"], "next", units=3)
        for project in (False, True):
            self.expect(model, "lost", None, ["^Connect InputLayer 'n0'"], project=project)


class Heads(MistakeCase):
    def test_12_dense_on_a_map(self):
        for rank, sizes in ((2, [28, 28, 1]), (3, [8, 8, 8, 1])):
            for more in ([], [("Softmax",)], [("Dropout", {"rate": 0.5}), ("Dense", {"units": 10})]):
                self.expect(Model(data(*sizes), conv(rank), ("Dense", {"units": 10}), *more), "n2", "n1",
                            ["^Insert Flatten", f"GlobalAveragePooling{rank}D", f"1 × 1 Conv{rank}D"], "warning")

    def test_12_dense_on_steps_is_at_most_a_hint(self):
        path = self.folder / "model.json"
        path.write_text(json.dumps(Model(data(98, 8), conv(1), ("Dense", {"units": 3})).keras()), encoding="utf-8")
        self.assertLessEqual({d["severity"] for d in self.check(path)["diagnostics"]}, {"hint"})

    def target(self, *steps, shape, loss=None):
        settings = {"shape": shape, "loss": loss} if loss else {"shape": shape}
        return Model(*steps, ("Target", dict(settings, name="goal")))

    def test_13_all_steps_against_one_target(self):
        fixes = ["^Turn return_sequences off in LSTM", "GlobalAveragePooling1D", "One target per step"]
        steps = ("LSTM", {"units": 8, "return_sequences": True})
        self.expect(self.target(data(20, 4), steps, ("Dense", {"units": 1}), shape=[1], loss="mse"), "goal", "n2", fixes, project=True)
        deep = self.target(data(20, 4), steps, steps, ("Dropout", {"rate": 0.1}), ("Dense", {"units": 3, "activation": "softmax"}), shape=[3],
                           loss="categorical_crossentropy")
        self.expect(deep, "goal", "n4", ["^Turn return_sequences off in LSTM 'n2'"] + fixes[1:], project=True)
        both = ("Bidirectional", {"layer": inner("LSTM", units=4, return_sequences=True)})
        self.expect(self.target(data(20, 4), both, ("Dense", {"units": 3}), shape=[3]), "goal", "n2", ["^Turn return_sequences off in Bidirectional"] + fixes[1:], project=True)
        sparse = self.target(data(20, 4), steps, ("Dense", {"units": 3, "activation": "softmax"}), shape=[1], loss="sparse_categorical_crossentropy")
        self.expect(sparse, "goal", "n2", fixes, project=True)

    def test_25_class_ids_against_softmax(self):
        head = ("Dense", {"units": 10, "activation": "softmax"})
        self.expect(self.target(data(20), head, shape=[1], loss="categorical_crossentropy"), "goal", "n1",
                    ["^Set loss to sparse_categorical_crossentropy", r"Change the target to \(10,\)", "Set units of Dense 'n1' to 1"], project=True)
        self.expect(self.target(data(20), head, shape=[], loss="categorical_crossentropy"), "goal", "n1", ["^Set loss to sparse", r"target to \(10,\)"], project=True)
        self.expect(self.target(data(20), head, shape=[10], loss="sparse_categorical_crossentropy"), "goal", "n1",
                    ["^Set loss to categorical_crossentropy", r"target to \(1,\)"], project=True)
        self.expect(self.target(data(20), ("Dense", {"units": 9, "activation": "softmax"}), ("Softmax",), shape=[10], loss="categorical_crossentropy"),
                    "goal", "n2", ["^Set units of Dense 'n1' to 10", r"target to \(9,\)"], project=True)

    def test_23_transposed_short_of_the_target(self):
        model = self.target(data(28, 28, 1), conv(2, 8, 3, strides=[2, 2]), ("Conv2DTranspose", {"filters": 1, "kernel_size": [3, 3], "strides": [2, 2]}), shape=[28, 28, 1])
        self.expect(model, "goal", "n2", ["^Set output_padding of Conv2DTranspose 'n2'"], project=True)


class Parameters(MistakeCase):
    def test_tuple_length(self):
        self.expect(Model(data(20, 4), ("Conv1D", {"filters": 8, "kernel_size": [3, 3]})), "n1", None, ["^Set kernel_size to 3", "Use Conv2D instead"], says=[r"\(3, 3\)"])
        self.expect(Model(data(20, 20, 4), ("Conv2D", {"filters": 8, "kernel_size": [3, 3, 3]})), "n1", None, [r"^Set kernel_size to \(3, 3\)", "Use Conv3D instead"])
        self.expect(Model(data(20, 4), ("MaxPooling1D", {"pool_size": [2, 2]})), "n1", None, ["^Set pool_size to 2", "Use MaxPooling2D"])
        self.expect(Model(data(20, 20, 4), ("Conv1D", {"filters": 8, "kernel_size": [3, 3]})), "n1", None, ["^Use Conv2D instead", "Set kernel_size to 3"],
                    code="parameter-tuple-length")

    def test_causal_outside_conv1d(self):
        for rank, pairs in ((2, r"\(\(2, 0\), \(0, 0\)\)"), (3, r"\(\(2, 0\), \(0, 0\), \(0, 0\)\)")):
            self.expect(Model(data(*[12] * rank, 4), conv(rank, padding="causal")), "n1", None,
                        [f"^Insert ZeroPadding{rank}D {pairs} and set padding to 'valid'", "Use Conv1D instead"], says=["Only Conv1D knows causal padding"])

    def test_stride_with_dilation(self):
        for class_name, sizes in (("Conv1D", [20, 4]), ("Conv2D", [20, 20, 4]), ("Conv2DTranspose", [20, 20, 4]), ("ConvLSTM2D", [5, 20, 20, 4])):
            self.expect(Model(data(*sizes), (class_name, {"filters": 8, "kernel_size": 3, "strides": 2, "dilation_rate": 2})), "n1", None,
                        ["^Set dilation_rate to 1", "Set strides to 1"])

    def test_permute_with_zero_or_gaps(self):
        self.expect(Model(data(4, 5, 6), ("Permute", {"dims": [0, 2, 1, 3]})), "n1", "n0", [r"^Set dims to \(2, 1, 3\)"], says=["counts from 1"])
        self.expect(Model(data(4, 5), ("Permute", {"dims": [1, 0]})), "n1", "n0", [r"^Set dims to \(2, 1\)"])
        self.expect(Model(data(4, 5), ("Permute", {"dims": [0, 1]})), "n1", "n0", [r"^Set dims to \(1, 2\)"])
        self.expect(Model(data(4, 5, 6), ("Permute", {"dims": [1, 3, 4]})), "n1", "n0", [r"^Set dims to \(1, 2, 3\)"])
        self.expect(Model(data(4, 5, 6), ("Permute", {"dims": [2, 1]})), "n1", "n0", [r"^Set dims to \(2, 1, 3\)"])


class Dismissal(MistakeCase):
    def test_a_dismissed_warning_stays_dismissed_in_the_project(self):
        path = self.folder / "model.shapewise"
        project = Model(data(64, 128), ("Reshape", {"target_shape": [128, 64]})).project()
        path.write_text(json.dumps(project), encoding="utf-8")
        (warning,) = self.check(path)["diagnostics"]
        project["dismissed"] = [f"{warning['code']}|{warning['node']}|{warning['from']}"]
        path.write_text(json.dumps(project), encoding="utf-8")
        self.assertEqual(self.check(path)["diagnostics"], [])


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=1)


if __name__ == "__main__":
    main()
