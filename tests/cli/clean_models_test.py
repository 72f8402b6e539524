#!/usr/bin/env python3
"""Architectures as people build them: none of them may draw an error or a warning. usage: clean_models_test.py PROGRAM"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import clean_pictures
import clean_sequences
from keras_model import Model

MODELS = clean_pictures.MODELS + clean_sequences.MODELS


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    alarms = []
    with tempfile.TemporaryDirectory() as folder:
        for build in MODELS:
            model = Model()
            build(model)
            path = Path(folder) / f"{build.__name__}.json"
            path.write_text(json.dumps(model.keras()), encoding="utf-8")
            done = subprocess.run([sys.argv[1], "check", path, "--json"], capture_output=True, timeout=60, check=False)
            for found in json.loads(done.stdout)["diagnostics"]:
                if found["severity"] != "hint":
                    alarms.append(build.__name__ + ": " + found["severity"] + " " + found["message"])
    print(f"{len(MODELS)} models, {len(alarms)} false alarms")
    sys.exit("\n".join(alarms) or 0)


if __name__ == "__main__":
    main()
