#!/usr/bin/env python3
"""Compares the #include lines of core/, ui/ and app/ with the table of allowed directions.

usage: architecture_check.py REPOSITORY | --self-test
"""
import re
import sys
from pathlib import Path

CORE = "base tensor graph edit diag layers kernels infer mistakes session exec io view_math".split()

# folder -> the core folders it may include besides itself
ALLOWED = {
    "core/base": "",
    "core/tensor": "base",
    "core/kernels": "base tensor",
    "core/view_math": "base tensor",
    "core/graph": "base tensor",
    "core/edit": "base tensor graph",
    "core/diag": "base tensor graph edit",
    "core/layers": "base tensor graph edit diag kernels",
    "core/infer": "base tensor graph edit diag layers",
    "core/mistakes": "base tensor graph edit diag layers infer",
    "core/exec": "base tensor graph edit diag layers kernels",
    "core/session": " ".join(f for f in CORE if f not in ("io", "exec")),
    "core/io": " ".join(CORE),
    "app/cli": " ".join(CORE),
}

# folder of ui -> the folders of ui it may include besides itself; each may include all of core
UI_ALLOWED = {
    "theme": "",
    "base": "theme",
    "pictures": "base theme",
    "session": "base theme pictures",
    "palette": "base theme session",
    "viewers": "base theme pictures session",
    "diagnostics": "base theme pictures session viewers",
    "canvas": "base theme pictures session palette diagnostics",
    "inspector": "base theme pictures session viewers",
    "shell": "base theme pictures session palette viewers diagnostics canvas inspector",
}


def allowed_for(folder):
    """The folders that files of `folder` may include; None when the folder is in no table."""
    core = {f"core/{f}" for f in CORE}
    if folder in ALLOWED:
        return {f"core/{f}" for f in ALLOWED[folder].split()} | {folder}
    if folder == "app/gui":
        return core | {f"ui/{f}" for f in UI_ALLOWED} | {folder}
    top, _, name = folder.partition("/")
    if top == "ui" and name in UI_ALLOWED:
        return core | {f"ui/{f}" for f in UI_ALLOWED[name].split()} | {folder}
    return None


INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
QT = re.compile(r"^(Qt[A-Z]\w*/)?Q[A-Z]\w*$|^q[a-z]+\.h$")


def folder_of(path):
    return "/".join(path.split("/")[:2])


def violations(path, text):
    """Yields (line, message) for each include of the file `path` that the table does not allow."""
    folder = folder_of(path)
    allowed = allowed_for(folder)
    if allowed is None:
        yield 1, f"the folder {folder}/ is not in the table of tests/support/architecture_check.py"
        return
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        target = match[2]
        without_qt = folder.startswith("core/") or folder == "app/cli"
        if without_qt and QT.match(target):
            yield line, f"{folder} may not include Qt ({target})"
        if match[1] == '"':
            if target.split("/")[0] not in ("core", "ui", "app"):
                yield line, f'"{target}": write the path from the repository root, e.g. "{folder}/{target}"'
            elif folder_of(target) not in allowed:
                yield line, f"{folder} may not include {folder_of(target)} ({target})"


def unexplained(root):
    """Yields the folders of core and ui that have no row in the DESIGN.md beside them."""
    for top in ("core", "ui"):
        design = (root / top / "DESIGN.md").read_text(encoding="utf-8")
        rows = set(re.findall(r"^\| `?([\w/<>]+)`? \|", design, re.M))
        for folder in sorted((root / top).rglob("*")):
            name = folder.relative_to(root / top).as_posix()
            is_category = folder.parent == root / "core/layers" and "layers/<category>" in rows
            if folder.is_dir() and any(folder.glob("*.cpp")) and name not in rows and not is_category:
                yield f"{top}/DESIGN.md: no row says what belongs in {top}/{name}/"


def check(root):
    found = 0
    for message in unexplained(root):
        print(message)
        found += 1
    for top in ("core", "ui", "app"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            path = file.relative_to(root).as_posix()
            for line, message in violations(path, file.read_text(encoding="utf-8")):
                print(f"{path}:{line}: {message}")
                found += 1
    return found


def self_test():
    good = [
        ("core/io/npy.cpp", '#include "core/exec/plan.h"\n#include <vector>\n'),
        ("core/graph/graph.h", '#include "core/graph/topology.h"\n#include "core/tensor/shape.h"\n'),
        ("ui/canvas/node_item.cpp", '#include "ui/theme/tokens.h"\n#include "core/io/npy.h"\n#include <QObject>\n'),
        ("app/gui/main.cpp", '#include "ui/shell/main_window.h"\n'),
    ]
    bad = [
        ("core/graph/graph.h", '#include "core/layers/framework/layer.h"\n'),
        ("core/exec/plan.cpp", '#include "core/infer/analysis.h"\n'),
        ("core/infer/analysis.cpp", '#include "core/exec/plan.h"\n'),
        ("core/session/document.cpp", '#include "core/io/npy.h"\n'),
        ("core/kernels/conv.cpp", '#include "core/graph/graph.h"\n'),
        ("core/tensor/shape.cpp", "#include <QString>\n"),
        ("core/tensor/shape.cpp", "#include <QtCore/QString>\n"),
        ("core/tensor/shape.cpp", '#include "shape.h"\n'),
        ("core/tensor/shape.cpp", '#include "ui/theme/tokens.h"\n'),
        ("core/odds/ends.cpp", "\n"),
        ("app/cli/main.cpp", '#include "ui/theme/tokens.h"\n'),
        ("ui/canvas/scene/items.cpp", '#include "ui/shell/main_window.h"\n'),
        ("ui/theme/tokens.cpp", '#include "ui/base/qt_text.h"\n'),
        ("ui/odds/ends.cpp", "\n"),
    ]
    wrong = [case for case in good if list(violations(*case))]
    wrong += [case for case in bad if len(list(violations(*case))) != 1]
    for case in wrong:
        print("judged wrongly:", case)
    return len(wrong)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    count = self_test() if sys.argv[1] == "--self-test" else check(Path(sys.argv[1]))
    sys.exit(1 if count else 0)
