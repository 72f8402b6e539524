#!/usr/bin/env python3
"""Tests of shapewise-cli. usage: cli_test.py PROGRAM [TestClass...]"""
import ast
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = ""


def layer(class_name, name=None, **config):
    if name is not None:
        config["name"] = name
    return {"class_name": class_name, "config": config}


def sequential(*layers):
    return {"class_name": "Sequential", "config": {"name": "model", "layers": list(layers)}}


def functional_layer(class_name, name, inputs, **config):
    entry = layer(class_name, name, **config)
    entry["name"] = name
    entry["inbound_nodes"] = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
    return entry


GOOD = sequential(
    layer("InputLayer", "x", batch_shape=[None, 28, 28, 1]),
    layer("Conv2D", "conv", filters=8, kernel_size=[3, 3], activation="relu"),
    layer("Flatten", "flat"),
    layer("Dense", "scores", units=10, activation="softmax"))
CONV1D_INTO_CONV2D = sequential(
    layer("InputLayer", "x", batch_shape=[None, 20, 1]),
    layer("Conv1D", "conv1d", filters=32, kernel_size=3, activation="relu"),
    layer("Conv2D", "conv2d", filters=8, kernel_size=[3, 3]))
TWO_INPUTS = {"class_name": "Functional", "config": {"name": "two", "layers": [
    functional_layer("InputLayer", "a", [], batch_shape=[None, 4]),
    functional_layer("InputLayer", "b", [], batch_shape=[None, 4]),
    functional_layer("Add", "sum", ["a", "b"])],
    "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["sum", 0, 0]]}}


def npy_bytes(shape, values):
    header = str({"descr": "<f4", "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


def read_npy(path):
    data = path.read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:10 + length].decode())
    assert header["descr"] == "<f4" and not header["fortran_order"]
    numbers = struct.unpack(f"<{(len(data) - 10 - length) // 4}f", data[10 + length:])
    return header["shape"], numbers


class CliCase(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def file(self, name, content):
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    def cli(self, *arguments, code=None):
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=60, check=False)
        done.out = done.stdout.decode("utf-8")
        done.err = done.stderr.decode("utf-8")
        if code is not None:
            self.assertEqual(done.returncode, code, f"{arguments}\n{done.out}\n{done.err}")
        return done

    def check_json(self, path, code):
        return json.loads(self.cli("check", path, "--json", code=code).out)


class Arguments(CliCase):
    def test_help_and_version_succeed(self):
        self.assertIn("check", self.cli("--help", code=0).out)
        self.assertIn("shapewise-cli", self.cli("--version", code=0).out)

    def test_wrong_arguments_exit_2_with_a_message(self):
        good = self.file("good.json", GOOD)
        for arguments in ([], ["dance"], ["check"], ["check", good, "--dance"], ["run", good], ["summary"],
                          ["check", good, "--apply", "x"], ["check", good, "--output", "x"], ["check", good, "--explain"],
                          ["run", good, "--output-dir", self.folder / "o", "--memory-limit", "-1"],
                          ["run", good, "--output-dir", self.folder / "o", "--memory-limit", "much"]):
            done = self.cli(*arguments, code=2)
            self.assertTrue(done.err, arguments)
            self.assertEqual(done.out, "", arguments)


class Check(CliCase):
    def test_good_model_exits_0(self):
        self.assertIn("no problems", self.cli("check", self.file("good.json", GOOD), code=0).out)

    def test_json_lists_nodes_in_order(self):
        report = self.check_json(self.file("good.json", GOOD), 0)
        self.assertEqual([n["name"] for n in report["nodes"]], ["x", "conv", "flat", "scores"])
        self.assertEqual([n["type"] for n in report["nodes"]], ["InputLayer", "Conv2D", "Flatten", "Dense"])
        self.assertEqual(report["nodes"][1]["output_shapes"], [[None, 26, 26, 8]])
        self.assertEqual([n["parameters"] for n in report["nodes"]], [0, 80, 0, 26 * 26 * 8 * 10 + 10])
        self.assertEqual(report["diagnostics"], [])

    def test_broken_model_exits_1_with_repairs(self):
        path = self.file("broken.json", CONV1D_INTO_CONV2D)
        report = self.check_json(path, 1)
        (error,) = [d for d in report["diagnostics"] if d["severity"] == "error"]
        self.assertEqual((error["node"], error["from"]), ("conv2d", "conv1d"))
        self.assertTrue(error["code"] and error["message"] and error["fixes"])
        ids = [fix["id"] for d in report["diagnostics"] for fix in d["fixes"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(report, self.check_json(path, 1))
        self.assertEqual(report["nodes"][2]["output_shapes"], [None])
        text = self.cli("check", path, code=1).out
        for part in ("conv1d", "conv2d", "wanted", "got", "repair", error["fixes"][0]["title"], error["fixes"][0]["id"]):
            self.assertIn(part, text)

    def test_the_dialect_is_told_and_another_may_be_chosen(self):
        gru = {"class_name": "Sequential", "keras_version": "2.2.4", "config": [
            {"class_name": "GRU", "config": {"name": "g", "units": 4, "batch_input_shape": [None, 5, 3]}}]}
        path = self.file("gru.json", gru)
        self.assertIn("Read as Keras 2.0 to 2.2 (keras_version 2.2.4)", self.cli("check", path, code=0).out)
        for arguments, dialect, parameters in (((), "keras2", 96), (("--read-as", "keras3"), "keras3", 108),
                                               (("--dialect", "tfjs"), "tfjs", 96)):
            report = json.loads(self.cli("check", path, "--json", *arguments, code=0).out)
            self.assertEqual(report["dialect"]["id"], dialect)
            self.assertFalse(report["dialect"]["guessed"])
            self.assertEqual(report["nodes"][1]["parameters"], parameters)
        self.assertIn("keras2.3", self.cli("check", path, "--read-as", "keras4", code=2).err)
        ambiguous = self.file("either.json", dict(gru, keras_version="2.2.4-tf"))
        done = self.cli("check", ambiguous, "--json", code=0)
        self.assertTrue(json.loads(done.out)["dialect"]["guessed"])
        self.assertIn("guess", done.err)

    def test_format_is_recognised_by_content(self):
        self.cli("check", self.file("model.txt", GOOD), code=0)
        self.cli("check", self.file("model.shapewise", GOOD), code=0)

    def test_control_characters_in_names_are_not_printed(self):
        model = sequential(layer("InputLayer", "x\x1b[31m\x07", batch_shape=[None, 4]), layer("Dense", "y", units=0))
        out = self.cli("check", self.file("m.json", model), code=1).out + self.cli("summary", self.file("m.json", model), code=1).out
        self.assertNotIn("\x1b", out)
        self.assertNotIn("\x07", out)


class Apply(CliCase):
    def fixes(self, path):
        return [fix for d in self.check_json(path, 1)["diagnostics"] for fix in d["fixes"]]

    def test_every_repair_of_the_broken_model_can_be_written(self):
        path = self.file("broken.json", CONV1D_INTO_CONV2D)
        for number, fix in enumerate(self.fixes(path)):
            out = self.folder / f"{number}.shapewise"
            self.cli("check", path, "--apply", fix["id"], "--output", out, code=0)
            nodes = {n["name"]: n for n in self.check_json(out, 0)["nodes"]}
            self.assertTrue({"x", "conv1d", "conv2d"} <= set(nodes), fix)
            if fix["output_shape"] is not None:
                self.assertEqual(nodes["conv2d"]["output_shapes"][0], fix["output_shape"], fix)

    def test_json_ending_writes_keras_json(self):
        path = self.file("broken.json", CONV1D_INTO_CONV2D)
        out = self.folder / "repaired.json"
        self.cli("check", path, "--apply", self.fixes(path)[0]["id"], "--output", out, code=0)
        self.assertIn(json.loads(out.read_text())["class_name"], ("Sequential", "Functional"))
        self.check_json(out, 0)

    def test_unknown_id_exits_2_and_writes_nothing(self):
        out = self.folder / "x.shapewise"
        done = self.cli("check", self.file("broken.json", CONV1D_INTO_CONV2D), "--apply", "magic", "--output", out, code=2)
        self.assertIn("magic", done.err)
        self.assertFalse(out.exists())

    def test_folder_that_is_not_there_exits_2(self):
        path = self.file("broken.json", CONV1D_INTO_CONV2D)
        self.cli("check", path, "--apply", self.fixes(path)[0]["id"], "--output", self.folder / "no" / "x.shapewise", code=2)


class Convert(CliCase):
    KERAS2 = {"class_name": "Sequential", "config": [
        layer("Dense", "d", batch_input_shape=[None, 4], units=3, activation="hard_sigmoid", own_key=[1, 1.0])],
        "keras_version": "2.2.4", "backend": "tensorflow"}

    def test_a_model_comes_back_as_it_was_read(self):
        out = self.folder / "out.json"
        self.cli("convert", self.file("k2.json", self.KERAS2), out, code=0)
        self.assertEqual(json.dumps(json.loads(out.read_text())), json.dumps(self.KERAS2))

    def test_it_comes_back_through_a_project(self):
        project, out = self.folder / "p.shapewise", self.folder / "out.json"
        self.cli("convert", self.file("k2.json", self.KERAS2), project, code=0)
        self.cli("convert", project, out, code=0)
        self.assertEqual(json.dumps(json.loads(out.read_text())), json.dumps(self.KERAS2))

    def test_keras_3_gets_the_formula_of_keras_2(self):
        out = self.folder / "out.json"
        self.cli("convert", self.file("k2.json", self.KERAS2), out, "--dialect", "keras3", code=0)
        written = json.loads(out.read_text())
        classes = [entry["class_name"] for entry in written["config"]["layers"]]
        self.assertEqual(classes, ["InputLayer", "Dense", "Rescaling", "ReLU"])
        self.assertNotIn("hard_sigmoid", out.read_text())

    def test_what_keras_3_cannot_say_is_refused_by_name(self):
        lstm = {"class_name": "Sequential", "keras_version": "2.2.4", "config": [
            layer("LSTM", "gates", batch_input_shape=[None, 5, 4], units=3)]}
        out = self.folder / "out.json"
        done = self.cli("convert", self.file("lstm.json", lstm), out, "--dialect", "keras3", code=1)
        self.assertIn("'gates' (LSTM): recurrent_activation", done.err)
        self.assertFalse(out.exists())

    def test_a_dialect_nobody_knows_is_refused(self):
        done = self.cli("convert", self.file("k2.json", self.KERAS2), self.folder / "o.json", "--dialect", "keras9", code=2)
        self.assertIn("keras9", done.err)
        self.cli("convert", self.file("k2.json", self.KERAS2), self.folder / "o.shapewise", "--dialect", "keras3", code=2)


class Explain(CliCase):
    def test_numbers_are_put_in(self):
        out = self.cli("check", self.file("good.json", GOOD), "--explain", "conv", code=0).out
        self.assertIn("26", out)
        self.assertIn("28", out)
        self.assertIn("kernel", out)

    def test_json(self):
        explained = json.loads(self.cli("check", self.file("good.json", GOOD), "--explain", "conv", "--json", code=0).out)
        self.assertEqual(explained["output_shapes"], [[None, 26, 26, 8]])
        self.assertTrue(explained["lines"])

    def test_unknown_node_exits_2(self):
        self.assertIn("nowhere", self.cli("check", self.file("good.json", GOOD), "--explain", "nowhere", code=2).err)


class Summary(CliCase):
    def test_table_and_totals(self):
        out = self.cli("summary", self.file("good.json", GOOD), code=0).out
        for part in ("conv", "Conv2D", "(None, 26, 26, 8)", "80", "54,170", "trainable", "3 × 3"):
            self.assertIn(part, out)

    def test_json(self):
        summary = json.loads(self.cli("summary", self.file("good.json", GOOD), "--json", code=0).out)
        self.assertEqual(summary["parameters"], 80 + 26 * 26 * 8 * 10 + 10)
        self.assertEqual(summary["nodes"][1]["multiply_adds"], 26 * 26 * 8 * 9)

    def test_broken_model_exits_1(self):
        self.assertIn("1 error", self.cli("summary", self.file("broken.json", CONV1D_INTO_CONV2D), code=1).out)


class Run(CliCase):
    def test_every_output_is_written(self):
        out = self.folder / "deep" / "out"
        self.cli("run", self.file("good.json", GOOD), "--output-dir", out, code=0)
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["conv.npy", "flat.npy", "scores.npy", "x.npy"])
        shape, scores = read_npy(out / "scores.npy")
        self.assertEqual(shape, (1, 10))
        self.assertAlmostEqual(sum(scores), 1.0, places=5)

    def test_same_numbers_every_time(self):
        path = self.file("good.json", GOOD)
        for name in ("one", "two"):
            self.cli("run", path, "--output-dir", self.folder / name, code=0)
        self.assertEqual((self.folder / "one/scores.npy").read_bytes(), (self.folder / "two/scores.npy").read_bytes())

    def test_inputs_are_read(self):
        path = self.file("two.json", TWO_INPUTS)
        a = self.file("a.npy", npy_bytes((2, 4), range(8)))
        b = self.file("b=b.npy", npy_bytes((2, 4), [10] * 8))
        self.cli("run", path, "--input", f"a={a}", "--input", f"b={b}", "--output-dir", self.folder, code=0)
        self.assertEqual(read_npy(self.folder / "sum.npy"), ((2, 4), tuple(float(10 + i) for i in range(8))))

    def test_wrong_inputs_exit_2(self):
        path = self.file("two.json", TWO_INPUTS)
        array = self.file("a.npy", npy_bytes((1, 5), range(5)))
        broken = self.file("broken.npy", b"\x93NUMPY\x01\x00")
        for argument, part in ((f"a={array}", "(1, 5)"), (f"c={array}", "c"), ("a", "="), (f"sum={array}", "sum"),
                               (f"a={self.folder}/none.npy", "none.npy"), (f"a={broken}", "broken.npy")):
            self.assertIn(part, self.cli("run", path, "--input", argument, "--output-dir", self.folder, code=2).err)

    def test_conflict_exits_1_but_runs_what_can_run(self):
        out = self.folder / "out"
        done = self.cli("run", self.file("broken.json", CONV1D_INTO_CONV2D), "--output-dir", out, "--json", code=1)
        nodes = {n["name"]: n for n in json.loads(done.out)["nodes"]}
        self.assertIsNone(nodes["conv1d"]["problem"])
        self.assertTrue(nodes["conv2d"]["problem"])
        self.assertTrue((out / "conv1d.npy").exists())
        self.assertFalse((out / "conv2d.npy").exists())

    def test_memory_limit_refuses_with_numbers(self):
        path = self.file("good.json", GOOD)
        done = self.cli("run", path, "--output-dir", self.folder / "o", "--memory-limit", "0.0001", "--json", code=1)
        self.assertIn("the limit is", done.err)
        self.assertIn("error", json.loads(done.out))
        self.cli("run", path, "--output-dir", self.folder / "o", "--memory-limit", "1", code=0)

    def test_names_become_file_names(self):
        model = sequential(layer("InputLayer", "in/x", batch_shape=[None, 4]), layer("Activation", "../up", activation="relu"),
                           layer("Activation", "n" * 10000, activation="relu"))
        out = self.folder / "out"
        done = self.cli("run", self.file("m.json", model), "--output-dir", out, "--json", code=0)
        files = [output["file"] for node in json.loads(done.out)["nodes"] for output in node["outputs"]]
        self.assertEqual(files[0], "in_x.npy")
        self.assertEqual(sorted(files), sorted(p.name for p in out.iterdir()))

    def test_output_folder_that_is_a_file_exits_2(self):
        self.cli("run", self.file("good.json", GOOD), "--output-dir", self.file("taken", "x"), code=2)


class Layers(CliCase):
    def test_text_and_json(self):
        self.assertIn("Conv2D", self.cli("layers", code=0).out)
        layers = {entry["class_name"]: entry for entry in json.loads(self.cli("layers", "--json", code=0).out)}
        self.assertIn("filters", [p["key"] for p in layers["Conv2D"]["parameters"]])


class HostileFiles(CliCase):
    def test_files_that_are_no_model_exit_2(self):
        text = json.dumps(GOOD)
        contents = {"empty": b"", "truncated": text[:len(text) // 2].encode(), "bytes": bytes(range(256)), "null": b"null",
                    "list": b"[]", "number": b"1", "nested": b"[" * 100000, "wav": b"RIFF\x00\x00\x00\x00WAVE", "zip": b"PK\x03\x04",
                    "nul": b"\x00" * 1000}
        for name, content in contents.items():
            path = self.file(name, content)
            for command in (["check", path], ["check", path, "--json"], ["summary", path],
                            ["run", path, "--output-dir", self.folder / "o"]):
                done = self.cli(*command)
                if name == "list" and done.returncode == 0:
                    continue
                self.assertEqual(done.returncode, 2, (command, done.out))
                self.assertTrue(done.err.strip(), command)
                self.assertEqual(done.out, "", command)

    def test_missing_file_and_folder_exit_2(self):
        self.assertIn("nothing-here", self.cli("check", self.folder / "nothing-here.json", code=2).err)
        self.cli("check", self.folder, code=2)
        if os.geteuid() != 0:
            path = self.file("locked.json", GOOD)
            path.chmod(0)
            self.cli("check", path, code=2)

    def test_wild_numbers_are_errors_in_the_model(self):
        for config in (dict(units=-1), dict(units=0), dict(units="ten"), dict(units=None), dict(units=1.5),
                       dict(units=10 ** 30)):
            model = sequential(layer("InputLayer", "x", batch_shape=[None, 10 ** 6]), layer("Dense", "d", **config))
            path = self.file("m.json", model)
            self.assertTrue(self.check_json(path, 1)["diagnostics"], config)
            self.cli("run", path, "--output-dir", self.folder / "o", code=1)

    def test_sizes_beyond_any_memory_are_refused_before_the_run(self):
        for units in (2 ** 31, 2 ** 50, 2 ** 62):
            model = sequential(layer("InputLayer", "x", batch_shape=[None, 10 ** 6]), layer("Dense", "d", units=units))
            path = self.file("m.json", model)
            self.assertIn(self.cli("check", path, "--json").returncode, (0, 1))
            self.cli("summary", path)
            self.assertTrue(self.cli("run", path, "--output-dir", self.folder / "o", code=1))

    def test_long_names_and_loops(self):
        name = "n" * 10000
        self.cli("check", self.file("m.json", sequential(layer("InputLayer", name, batch_shape=[None, 4]), layer("Dense", "d", units=1))), code=0)
        loop = {"class_name": "Functional", "config": {"name": "loop", "layers": [
            functional_layer("Activation", "a", ["b"], activation="relu"),
            functional_layer("Activation", "b", ["a"], activation="relu")],
            "input_layers": [], "output_layers": [["b", 0, 0]]}}
        done = self.cli("check", self.file("loop.json", loop), "--json")
        self.assertIn(done.returncode, (1, 2))
        self.assertTrue(done.returncode == 2 or json.loads(done.out)["diagnostics"])


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
