#!/usr/bin/env python3
"""Tests of shapewise-conformance itself. usage: conformance_test.py PROGRAM"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = ""
RIGHT = {"id": "right", "kind": "shape", "layer": "Conv1D", "config": {"filters": 4, "kernel_size": 3},
         "input_shapes": [[None, 10, 2]], "expected_output_shape": [None, 8, 4], "num_params": 28,
         "weight_shapes": [["kernel", [3, 2, 4]], ["bias", [4]]]}
WRONG = dict(RIGHT, id="wrong", expected_output_shape=[None, 9, 4])
UNKNOWN = dict(RIGHT, id="unknown", layer="NoSuchLayer")
NUMBERS = {"id": "numbers", "kind": "numeric", "layer": "ReLU", "config": {}, "input_shapes": [[1, 2]],
           "expected_output_shapes": [[1, 2]], "weights": [], "inputs": [{"shape": [1, 2], "data": [-1, 2]}],
           "outputs": [{"shape": [1, 2], "data": [0, 2.0003]}]}
REFUSED = {"id": "refused", "kind": "invalid", "stage": "symbolic", "layer": "Conv2D", "config": {"filters": 4, "kernel_size": 3},
           "input_shapes": [[None, 10, 2]], "expected_error": "min_ndim=4"}


class Conformance(unittest.TestCase):
    def run_on(self, records, *options):
        with tempfile.TemporaryDirectory() as folder:
            lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
            Path(folder, "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
            done = subprocess.run([PROGRAM, folder, *options], capture_output=True, timeout=60, check=False, text=True)
        return done.returncode, done.stdout.splitlines()

    def test_right_cases_pass(self):
        code, lines = self.run_on([RIGHT, NUMBERS, REFUSED])
        self.assertEqual((code, lines[-1]), (0, "total 3 passed 3 failed 0 unsupported 0"))

    def test_wrong_cases_fail_with_expected_and_got(self):
        far = dict(NUMBERS, id="far", outputs=[{"shape": [1, 2], "data": [0, 2.1]}])
        accepted = dict(REFUSED, id="accepted", input_shapes=[[None, 10, 10, 2]])
        for record, part in ((WRONG, "(None, 9, 4)"), (dict(RIGHT, id="count", num_params=27), "27"), (far, "2.1"),
                             (accepted, "accepted"), (dict(RIGHT, id="open", expected_output_shape=[None, None, 4]), "(None, None, 4)")):
            code, lines = self.run_on([record])
            self.assertEqual((code, lines[-1]), (1, "total 1 passed 0 failed 1 unsupported 0"), record)
            self.assertIn(record["id"], lines[0])
            self.assertIn(part, "\n".join(lines))

    def test_unknown_layers_fail_only_when_strict(self):
        self.assertEqual(self.run_on([RIGHT, UNKNOWN])[0], 0)
        code, lines = self.run_on([RIGHT, UNKNOWN], "--strict")
        self.assertEqual((code, lines[-1]), (1, "total 2 passed 1 failed 0 unsupported 1"))

    def test_lines_that_are_no_records_fail(self):
        for line in ("{", "[]", "null", "{}", '{"id": "x", "kind": "shape", "input_shapes": [["a"]]}'):
            code, lines = self.run_on([line])
            self.assertEqual((code, lines[-1]), (1, "total 1 passed 0 failed 1 unsupported 0"), line)

    def test_filters_choose(self):
        self.assertEqual(self.run_on([RIGHT, NUMBERS], "--layer", "ReLU")[1][-1], "total 1 passed 1 failed 0 unsupported 0")
        self.assertEqual(self.run_on([RIGHT, NUMBERS], "--filter", "righ")[1][-1], "total 1 passed 1 failed 0 unsupported 0")

    def test_missing_path_fails(self):
        done = subprocess.run([PROGRAM, "/no/such/file.jsonl"], capture_output=True, timeout=60, check=False, text=True)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
