#!/bin/sh
# Installs what is needed to build and test: Debian packages with apt, Python packages in build/venv.
#
#   setup.sh build test     both; says what it installs before it does; quick when all is there
#   setup.sh --check build  installs nothing: fails with the command to type
set -eu
cd "$(dirname "$0")/.."

packages_build='libcurl4-openssl-dev libglib2.0-dev libpsl-dev libsecret-1-dev libsodium-dev pkg-config'
# openssl makes the certificates of the servers in the tests.
packages_test='ca-certificates curl dbus-bin dbus-daemon fish git gnome-keyring libsecret-tools openssl python3-venv zsh'

check=
packages=
with_python=
for word; do
    case $word in
        --check) check=yes ;;
        build) packages="$packages $packages_build" ;;
        test) packages="$packages $packages_test" with_python=yes ;;
        *) echo "setup.sh: what is $word?" >&2; exit 64 ;;
    esac
done

missing_packages() {
    for package in $packages; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf ' %s' "$package"
    done
}

install_packages() {
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root='sudo '
    else
        echo "to be installed by root, there is no sudo here: apt-get install$1" >&2
        exit 1
    fi
    echo "Debian packages that are missing:$1"
    echo "installing them: ${as_root}apt-get install -y --no-install-recommends$1"
    # apt's own user must be able to write to the temporary folder, which ours is not made for.
    unset TMPDIR
    $as_root apt-get update -q
    # shellcheck disable=SC2086  # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $1 </dev/null
}

# In a shell of its own: pip asks every compiler on PATH for its version, and some of them then write to the home folder.
install_python() (
    cmp -s Tests/requirements.txt build/venv/installed.txt && return
    echo 'installing the Python packages of Tests/requirements.txt into build/venv'
    PATH=/usr/bin:/bin
    rm -rf build/venv
    mkdir -p build
    python3 -m venv build/venv
    build/venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -r Tests/requirements.txt </dev/null
    cp Tests/requirements.txt build/venv/installed.txt
)

if ! command -v swift >/dev/null; then
    echo 'swift is not on PATH; Lanyard is built with Swift 6.3: https://www.swift.org/install' >&2
    exit 1
fi
missing=$(missing_packages)
if [ -n "$missing" ]; then
    if [ -n "$check" ]; then
        echo "Debian packages that are missing; to install them: sudo apt-get install$missing" >&2
        exit 1
    fi
    install_packages "$missing"
fi
if [ -n "$with_python" ] && [ -z "$check" ]; then
    install_python
fi
