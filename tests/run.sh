#!/bin/bash
# usage: tests/run.sh
# Installs what is missing, builds and runs every test. The last line counts them: "N passed, N failed[, N skipped]".
# Recorded Keras results are looked for in SHAPEWISE_SHARED (default: the folder shared next to the repository).
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/app/install_packages.sh"
shared=${SHAPEWISE_SHARED:-$root/../shared}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

finish() {
    local line="$passed passed, $failed failed"
    [ "$skipped" -eq 0 ] || line+=", $skipped skipped"
    echo
    echo "$line"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# step NAME COMMAND…: a step that all later ones need; counted only when it fails.
step() {
    echo "== $1"
    shift
    "$@" && return
    failed=$((failed + 1))
    finish
}

count() { grep -cE "$1" "$log"; }

# google_test NAME PROGRAM: one process for all tests; a crash or a time-out counts as one more failure.
google_test() {
    echo "== $1"
    timeout "${SHAPEWISE_TEST_TIMEOUT:-900}" "$2" --gtest_brief=0 2>&1 | tee "$log" | grep -vE '^\[( RUN   |       OK|-----)'
    local status=${PIPESTATUS[0]}
    local bad skips
    bad=$(count '\[  FAILED  \] .*\([0-9]+ ms\)$')
    skips=$(count '\[  SKIPPED \] .*\([0-9]+ ms\)$')
    passed=$((passed + $(count '\[       OK \] .*\([0-9]+ ms\)$')))
    skipped=$((skipped + skips))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
        echo "$1 ended with status $status in: $(grep -E '^\[ RUN ' "$log" | tail -n 1)"
    fi
    failed=$((failed + bad))
}

# other_tests DIRECTORY: what ctest knows besides the two Google Test programs.
other_tests() {
    echo "== checks and command-line tests"
    ctest --test-dir "$1" -LE gtest --output-on-failure --timeout 600 2>&1 | tee "$log"
    local total bad
    total=$(sed -nE 's/.* tests? failed out of ([0-9]+).*/\1/p' "$log")
    bad=$(sed -nE 's/.*[ ,]([0-9]+) tests? failed out of .*/\1/p' "$log")
    if [ -z "$total" ]; then
        failed=$((failed + 1))
        return
    fi
    failed=$((failed + bad))
    passed=$((passed + total - bad))
}

conformance() {
    local paths=()
    if [ -d "$shared/oracles" ]; then
        while IFS= read -r -d '' path; do paths+=("$path"); done < <(
            find "$shared/oracles" -name '*.jsonl' -print0 | sort -z
            [ ! -d "$shared/oracles/models" ] ||
                find "$shared/oracles/models" -mindepth 1 -maxdepth 1 -type d -print0 | sort -z)
    fi
    [ ! -f "$shared/keras-js-vectors/cases.json" ] || paths+=("$shared/keras-js-vectors/cases.json")
    if [ ${#paths[@]} -eq 0 ]; then
        echo "== conformance: no recorded results in $shared, left out"
        return
    fi
    echo "== conformance with recorded results of Keras"
    timeout 900 "$1" "${paths[@]}" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} good bad unsupported
    if read -r good bad unsupported < <(tail -n 1 "$log" |
        sed -nE 's/^total [0-9]+ passed ([0-9]+) failed ([0-9]+) unsupported ([0-9]+)$/\1 \2 \3/p'); then
        passed=$((passed + good))
        failed=$((failed + bad))
        skipped=$((skipped + unsupported))
        [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || failed=$((failed + 1))
    else
        echo "shapewise-conformance ended with status $status and without its closing line"
        failed=$((failed + 1))
    fi
}

export QT_QPA_PLATFORM=offscreen
export UBSAN_OPTIONS="${UBSAN_OPTIONS-print_stacktrace=1}"

step "packages" install_missing_packages
step "build, warnings are errors" build ci all
bin=$root/build/ci/bin
google_test "core_tests" "$bin/core_tests"
google_test "ui_tests" "$bin/ui_tests"
other_tests "$root/build/ci"
conformance "$bin/shapewise-conformance"
step "build with AddressSanitizer and UndefinedBehaviorSanitizer" build asan core_tests
google_test "core_tests under AddressSanitizer and UndefinedBehaviorSanitizer" "$root/build/asan/bin/core_tests"
finish
