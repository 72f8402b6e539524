#!/bin/bash
# usage: tests/run.sh
# Installs what is missing, builds and runs every test. The last line counts them: "N passed, N failed[, N skipped]".
# Recorded Keras results are looked for in SHAPEWISE_SHARED (default: the folder shared next to the repository).
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/app/install_packages.sh"
shared=${SHAPEWISE_SHARED:-$root/../shared}
logs=$(mktemp -d)
log=$logs/last
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0

finish() {
    local line="$passed passed, $failed failed"
    [ "$skipped" -eq 0 ] || line+=", $skipped skipped"
    echo
    echo "$line"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# title TEXT: what comes next, and when, counted in seconds from the start.
title() { echo "== $1 [${SECONDS} s]"; }

# step NAME COMMAND…: a step that all later ones need; counted only when it fails.
step() {
    title "$1"
    shift
    "$@" && return
    failed=$((failed + 1))
    finish
}

# check NAME COMMAND…: one test more.
check() {
    title "$1"
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

count() { grep -cE "$1" "$log"; }

# start_google_test NAME COMMAND…: one process for all tests, in the background.
start_google_test() {
    local own=$logs/$1
    shift
    {
        timeout "${SHAPEWISE_TEST_TIMEOUT:-900}" "$@" --gtest_brief=0 >"$own" 2>&1
        echo $? >"$own.status"
    } &
}

# count_google_test NAME: waits for it; a crash or a time-out counts as one more failure.
count_google_test() {
    wait
    title "$1"
    log=$logs/$1
    grep -vE '^\[( RUN   |       OK|-----)|propagateSizeHints' "$log"
    local status bad skips
    status=$(cat "$log.status")
    bad=$(count '\[  FAILED  \] .*\([0-9]+ ms\)$')
    skips=$(count '\[  SKIPPED \] .*\([0-9]+ ms\)$')
    passed=$((passed + $(count '\[       OK \] .*\([0-9]+ ms\)$')))
    skipped=$((skipped + skips))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
        echo "$1 ended with status $status in: $(grep -E '^\[ RUN ' "$log" | tail -n 1)"
    fi
    failed=$((failed + bad))
    log=$logs/last
}

# other_tests DIRECTORY: what ctest knows besides the two Google Test programs.
other_tests() {
    title "checks and command-line tests"
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

format_check() { (cd "$root" && git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror); }

# Files changed since they left the main branch, or by the last commits on it; the newest first, at most 12 of them, since
# one takes some seconds. Without precompiled headers, which are of another compiler.
tidy_changed() {
    local base files
    cd "$root" || return
    base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)
    [ "$base" != "$(git rev-parse HEAD)" ] || base=$(git rev-list -1 --skip=8 HEAD)
    files=$(git log --name-only --diff-filter=d --format= "${base:-HEAD}"..HEAD -- 'core/*.cpp' 'ui/*.cpp' 'app/*.cpp' |
        awk '!seen[$0]++' | while read -r file; do [ ! -f "$file" ] || echo "$file"; done | head -n 12)
    [ -n "$files" ] || return 0
    cmake --preset tidy >/dev/null && xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p build/tidy <<<"$files"
}

# compare PROGRAM PATH…: counts what agrees with recorded results; `compared` is the number of cases.
compare() {
    compared=0
    timeout 900 "$@" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} good bad unsupported
    if read -r compared good bad unsupported < <(tail -n 1 "$log" |
        sed -nE 's/^total ([0-9]+) passed ([0-9]+) failed ([0-9]+) unsupported ([0-9]+)$/\1 \2 \3 \4/p'); then
        passed=$((passed + good))
        failed=$((failed + bad))
        skipped=$((skipped + unsupported))
        [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || failed=$((failed + 1))
    else
        echo "shapewise-conformance ended with status $status and without its closing line"
        failed=$((failed + 1))
        compared=0
    fi
}

# conformance PROGRAM: the sample in the repository, and all recorded results where they are. Those that are not there
# are counted as skipped.
conformance() {
    local sample=$root/tests/golden/conformance paths=() compared seen recorded
    title "conformance with a sample of the recorded results of Keras"
    compare "$1" "$sample"
    seen=$compared
    if [ -d "$shared/oracles" ]; then
        while IFS= read -r -d '' path; do paths+=("$path"); done < <(
            find "$shared/oracles" -name '*.jsonl' -print0 | sort -z
            [ ! -d "$shared/oracles/models" ] ||
                find "$shared/oracles/models" -mindepth 1 -maxdepth 1 -type d -print0 | sort -z)
    fi
    [ ! -f "$shared/keras-js-vectors/cases.json" ] || paths+=("$shared/keras-js-vectors/cases.json")
    if [ ${#paths[@]} -gt 0 ]; then
        title "conformance with recorded results of Keras"
        compare "$1" "${paths[@]}"
        [ "$compared" -le "$seen" ] || seen=$compared
    fi
    recorded=$(<"$sample/recorded.txt")
    if [ "$seen" -lt "$recorded" ]; then
        echo "$((recorded - seen)) of $recorded recorded results are not in $shared and are left out"
        skipped=$((skipped + recorded - seen))
    fi
}

export QT_QPA_PLATFORM=offscreen
export UBSAN_OPTIONS="${UBSAN_OPTIONS-print_stacktrace=1}"
# No suppressions. Qt is not instrumented: what happens inside it does not count, what it orders is told in ui/base/threads.cpp.
core_tsan="halt_on_error=0:exitcode=66"
ui_tsan="$core_tsan:ignore_noninstrumented_modules=1"

step "packages" install_missing_packages clang-format clang-tidy
check "clang-format" format_check

step "build with AddressSanitizer and UndefinedBehaviorSanitizer, warnings are errors" build asan \
    core_tests ui_tests shapewise shapewise-bench shapewise-window-bench shapewise-kill-driver
start_google_test "core_tests with AddressSanitizer" "$root/build/asan/bin/core_tests"
start_google_test "ui_tests with AddressSanitizer" "$root/build/asan/bin/ui_tests"
count_google_test "core_tests with AddressSanitizer"
count_google_test "ui_tests with AddressSanitizer"
check "killed while editing and while saving, with AddressSanitizer" python3 -B "$root/tests/kill/kill_test.py" \
    "$root/build/asan/bin/shapewise-kill-driver" --kills 4 --saves 12 --patience 10000

step "build, optimised" build ci all
start_google_test "core_tests, optimised" "$root/build/ci/bin/core_tests"
count_google_test "core_tests, optimised"
other_tests "$root/build/ci"
conformance "$root/build/ci/bin/shapewise-conformance"

step "build with ThreadSanitizer" build tsan core_tests ui_tests
# Its shadow memory does not go with the random places of newer kernels.
start_google_test "core_tests with ThreadSanitizer" \
    env TSAN_OPTIONS="$core_tsan" setarch "$(uname -m)" -R "$root/build/tsan/bin/core_tests"
start_google_test "ui_tests with ThreadSanitizer" \
    env TSAN_OPTIONS="$ui_tsan" setarch "$(uname -m)" -R "$root/build/tsan/bin/ui_tests"
count_google_test "core_tests with ThreadSanitizer"
count_google_test "ui_tests with ThreadSanitizer"

check "clang-tidy on what changed" tidy_changed
finish
