#!/bin/bash
# usage: app/run.sh [FILE]
# Installs what is missing, builds Shapewise and opens it with FILE or an example.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/app/install_packages.sh"

case "${1-}" in
-h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
esac

extra=()
if [ -z "${DISPLAY-}" ] && [ -n "${WAYLAND_DISPLAY-}" ]; then
    extra+=(qt6-wayland) # otherwise the window comes through XWayland
fi
install_missing_packages "${extra[@]}"
build release shapewise shapewise-cli

example="$root/resources/examples/conv1d-into-conv2d.shapewise"
files=("$@")
if [ $# -eq 0 ] && [ -f "$example" ]; then
    files=("$example")
fi

program="$root/build/release/bin/shapewise"
if [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    echo
    echo "Shapewise is built, but there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are empty)."
    echo "To draw the window into a picture instead:"
    echo
    echo "  QT_QPA_PLATFORM=offscreen '$program' '${files[0]:-FILE}' --screenshot OUT.png"
    exit 0
fi
exec "$program" "${files[@]}"
