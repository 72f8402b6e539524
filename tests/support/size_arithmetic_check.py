#!/usr/bin/env python3
"""Finds +, - and * on sizes that users type, where the result could leave 64 bits.

usage: size_arithmetic_check.py REPOSITORY | --self-test

Sizes of shapes are Dims, which become too large instead; numbers that are compared, shown or proposed are Amounts
(core/base/amount.h), which stay at the end. What computes with the bare numbers is found by the names sizes go by. A line
whose numbers are surely small, as those of tensors in memory are, says so, in it or above it: `// fits: why`.
"""
import re
import sys
from pathlib import Path

FOLDERS = ("core/layers", "core/mistakes", "core/infer", "core/exec", "core/session", "core/io/report")

SIZE = (
    r"(?:\w+(?:\.|->))*"
    r"(?:strides?|dilations?|dilation_rate|kernel|windows?|pool|reach|extent|effective|needed|covered|cropped|padding|"
    r"margins?|samples|frames|frameLength|frameStep|fftLength|bins|missing|factor|before|after|amount|own|total|room|"
    r"units|filters|channels|depthMultiplier|multiplier|heads|keyDim)"
    r"(?:\[[^\]]*\])*(?:\.(?:size\(\)|value_or\([^)]*\)))?"
)
READ = r"(?:\w+(?:\.|->))*(?:integer|integerOr|sizeOr|numberArgument|integerOf)\([^()]*(?:\([^()]*\)[^()]*)*\)"
DIM = r"(?:\w+(?:\.|->))*\w*(?:shape|Shape|input|output|sizes)\[[^\]]*\]\.(?:size|sizeOr)\([^)]*\)"
OPERAND = rf"(?:{DIM}|{READ}|{SIZE})"
RAW = re.compile(rf"(?<![\w.>\])]){OPERAND} [-+*] (?=[\w(])|(?<=[\w)\]]) [-+*] {OPERAND}(?![\w(.\[]| ?->)|"
                 rf"(?<![\w.>]){OPERAND} [-+*]= ")

CHECKED = re.compile(r"\bAmount\b|\bDim\(|saturating|checked(?:Add|Subtract|Multiply)|static_cast<(?:double|float)>|\bdouble\b|"
                     r"\bfloat\b|std::string|addOffset|// fits: |\bstd::ptrdiff_t\b|\)\.value\(\)")
TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
# Kernels' callers and runs: their numbers are those of tensors in memory.
IN_MEMORY = re.compile(r"\b(?:Result<void> \w+\(ForwardContext|PreparedLayer \w+\(const ForwardContext)")


def lines_with_raw_arithmetic(text):
    """Yields (line number, line) of arithmetic on bare sizes outside functions that compute tensors."""
    inside_run = False
    fits = False
    for number, line in enumerate(text.split("\n"), 1):
        if IN_MEMORY.search(line):
            inside_run = True
        elif line.startswith("}"):
            inside_run = False
        excused = fits or inside_run or CHECKED.search(line)
        fits = line.strip().startswith("// fits: ")
        if excused:
            continue
        code = TEXT.sub('""', line.split("//")[0])
        if '""' in code and " + " in code and "fmt" not in code:
            continue  # words are joined
        if RAW.search(code):
            yield number, line.strip()


def check(root):
    found = 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".cpp", ".h"):
                continue
            for number, line in lines_with_raw_arithmetic(path.read_text(encoding="utf-8")):
                print(f"{path.relative_to(root)}:{number}: {line}")
                found += 1
    if found:
        print(f"{found} lines compute with bare sizes: use Dim, Amount or core/base/checked_math.h, or say '// fits: why'")
    return 1 if found else 0


def self_test():
    raw = ["const std::int64_t a = (needed - 1) * window.stride[place] + 1;", "x += kernel[0] * 2;",
           "total += n;", "return shape[axis].size() * 4;", 'const auto x = params.integer("units") * 2;',
           "const std::int64_t bins = framing.fftLength / 2 + own;"]
    fine = ["const Amount a = (Amount(needed) - 1) * window.stride[place] + 1;",
            "return saturatingMultiply(stride, kernel[0] * 2);", "sizes.end() - 1", "const int last = shape.rank() - 1;",
            "x = stride * 2;  // fits: at most 8", '"Insert " + std::to_string(channels)', "const Dim d = shape[0] * shape[1];"]
    for line in raw:
        assert list(lines_with_raw_arithmetic(line)), line
    for line in fine:
        assert not list(lines_with_raw_arithmetic(line)), line
    run = "Result<void> f(ForwardContext& context) {\n    total += n;\n}\ntotal += n;\n"
    assert [number for number, _ in lines_with_raw_arithmetic(run)] == [4]
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(self_test() if sys.argv[1] == "--self-test" else check(Path(sys.argv[1])))
