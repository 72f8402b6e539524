#!/usr/bin/env python3
"""Kills the program again and again, while it edits and while it saves, and looks at what is left.

usage: kill_test.py KILL_DRIVER [--kills N] [--saves N] [--seed N] [--patience MS]

Of each kill while editing: the next start restores the project as it was after the last edit that was done, or after the
one before; the user's file is one that was saved, whole. Of all kills while saving: the file is whole, and after one more
save nothing else lies in its folder.
"""
import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

FIRST = """{"format": "shapewise", "version": 1, "nodes": [
  {"name": "image", "type": "InputLayer", "settings": {"shape": [28, 28, 1]}, "at": [0, 0]},
  {"name": "conv", "type": "Conv2D", "settings": {"filters": 4, "kernel_size": [3, 3]}, "inputs": ["image"], "at": [250, 0]},
  {"name": "flat", "type": "Flatten", "inputs": ["conv"], "at": [500, 0]},
  {"name": "classes", "type": "Dense", "settings": {"units": 10}, "inputs": ["flat"], "at": [750, 0]}]}"""


class Failure(Exception):
    pass


class Program:
    """The driver, its lines as they come."""

    def __init__(self, *words):
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.arrived = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.arrived:
                self.lines.append(line.rstrip("\n"))
                self.arrived.notify_all()
        with self.arrived:
            self.lines.append("end")
            self.arrived.notify_all()

    def wait_for(self, count):
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.lines) >= count or "end" in self.lines, 120):
                raise Failure("the program says nothing")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()
        lines = [line for line in self.lines if line != "end"]
        errors = [line for line in lines if line.startswith("error")]
        if errors:
            raise Failure(errors[0])
        return lines


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise Failure(f"{' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return [line.split() for line in done.stdout.splitlines()]


class Edits:
    """One long session, cut by kills."""

    def __init__(self, driver, folder, choice, patience):
        self.driver, self.choice, self.patience = driver, choice, patience
        self.recovery = str(folder / "recovery")
        self.file = folder / "model.shapewise"
        self.file.write_text(FIRST)
        self.saved = {run(driver, "hash", str(self.file))[0][1]}
        self.lost_edits = self.exact = self.restored = self.clean = 0

    def kill_once(self):
        words = [self.driver, "edit", self.recovery, str(self.file), str(self.choice.randrange(1 << 30)), str(self.patience)]
        program = Program(*words)
        program.wait_for(self.choice.randrange(2, 60))
        time.sleep(self.choice.random() * 0.02)  # anywhere inside an edit
        lines = program.kill()
        said = [line.split() for line in lines]
        states = [line[1] for line in said if line[0] == "did"]
        self.saved |= {line[1] for line in said if line[0] == "saved"}
        if not states:
            raise Failure(f"nothing was done: {lines}")
        self.judge(states, said)

    def judge(self, states, said):
        (on_disk,) = run(self.driver, "hash", str(self.file))
        # Killed between the end of a save and its word: the file holds the last state.
        if on_disk[0] != "is" or on_disk[1] not in self.saved | {states[-1]}:
            raise Failure(f"the file is none that was saved: {on_disk}")
        self.saved.add(on_disk[1])
        found = run(self.driver, "look", self.recovery)
        count = int(found[0][1])
        if count == 0:
            self.clean += 1
            if on_disk[1] not in states[-2:]:
                raise Failure(f"nothing is offered, and the file is behind: {said[-6:]}")
            return
        if count > 1:
            raise Failure(f"{count} documents are offered, of one")
        self.restored += 1
        state = found[1][1]
        if state == states[-1]:
            self.exact += 1
        elif said[-1][0] == "try" and self.is_next(found[1], states, said):
            self.exact += 1  # the edit under way was kept already
        elif len(states) > 1 and state == states[-2]:
            self.lost_edits += 1
        else:
            raise Failure(f"restored {state}, but at the end there were {said[-5:]}")

    @staticmethod
    def is_next(found, states, said):
        """Whether that is what the edit under way led to: a state that was there before is told by its number of edits."""
        edits = [int(line[2]) for line in said if line[0] == "did"][-1]
        return found[1] == said[-1][1] or found[1] not in states or int(found[2]) in (edits, edits + 1)


def kill_edits(driver, folder, kills, choice, patience):
    edits = Edits(driver, folder, choice, patience)
    for number in range(kills):
        try:
            edits.kill_once()
        except Failure as failure:
            raise Failure(f"kill {number}: {failure}") from failure
    print(
        f"{kills} kills while editing: {edits.restored} restored ({edits.exact} with every edit, {edits.lost_edits} without the "
        f"last), {edits.clean} had just been saved; no file broken"
    )


def kill_saves(driver, folder, saves, choice, _):
    file = folder / "model.shapewise"
    file.write_text(FIRST)
    littered = 0
    for number in range(saves):
        program = Program(driver, "save", str(file), str(number))
        program.wait_for(1)
        time.sleep(choice.random() * 0.02)
        program.kill()
        (state,) = run(driver, "hash", str(file))
        if state[0] != "is":
            raise Failure(f"kill {number} while saving: {' '.join(state)}")
        littered += len(os.listdir(folder)) > 1
    run(driver, "sweep", str(file))
    left = sorted(os.listdir(folder))
    if left != [file.name]:
        raise Failure(f"after the next save there lie {left}")
    print(f"{saves} kills while saving: {littered} left a temporary file, none is left after the next save; no file broken")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--saves", type=int, default=12)
    parser.add_argument("--patience", type=int, default=12, help="of an edit with the disk, in milliseconds")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    choice = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        for name, job, count in [("edits", kill_edits, arguments.kills), ("saves", kill_saves, arguments.saves)]:
            place = Path(folder) / name
            place.mkdir()
            try:
                job(arguments.driver, place, count, choice, arguments.patience)
            except Failure as failure:
                print(f"seed {arguments.seed}, {failure}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
