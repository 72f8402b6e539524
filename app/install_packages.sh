# Sourced by app/run.sh and tests/run.sh.

# install_missing_packages [PACKAGE…]: installs what resources/packages.txt (and the arguments) name and dpkg does
# not have. Asks for nothing when nothing is missing, so it works offline and without rights then.
install_missing_packages() {
    local list="$root/resources/packages.txt" package missing=() as_root=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This is not a Debian system: install what resources/packages.txt names yourself. Going on." >&2
        return 0
    fi
    for package in $(sed 's/#.*//' "$list") "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    echo "Missing Debian packages: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Installing them needs root, and there is no sudo. As root, run:" >&2
            echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    # An out-of-date or half-reachable package list is worth a try: the install decides.
    "${as_root[@]}" apt-get update || echo "apt-get update failed; trying with the package lists at hand" >&2
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; then
        echo "apt-get could not install: ${missing[*]}" >&2
        echo "Check the network and /etc/apt/sources.list (Debian 12 or later is needed), then run this again." >&2
        return 1
    fi
}

# build PRESET TARGET…: configures and builds, through ccache when there is one.
build() {
    local preset=$1
    shift
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
    fi
    (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset" --target "$@")
}
